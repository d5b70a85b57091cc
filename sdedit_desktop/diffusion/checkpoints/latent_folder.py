"""Stable Diffusion in diffusers' layout: a folder for each part."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from sdedit_desktop.diffusion import tokens
from sdedit_desktop.diffusion.checkpoints import diffusers, ldm_keys, schedulers
from sdedit_desktop.diffusion.checkpoints.card import Blueprint, Corrections, unwrap
from sdedit_desktop.diffusion.checkpoints.container import read_tree
from sdedit_desktop.diffusion.checkpoints.stable_diffusion import (
    SCALE,
    XL_SCALE,
    Found,
    described,
)
from sdedit_desktop.errors import ModelError
from sdedit_desktop.texts import Text


def blueprint(folder: Path) -> Blueprint:
    """Describes a diffusers folder whose network is a ``UNet2DConditionModel``.

    Raises:
        ModelError: It is of a kind that cannot be used, or without one of its parts.
    """
    names = [name for name in ("text_encoder", "text_encoder_2") if (folder / name).is_dir()]
    if not names:
        raise ModelError("{0} has no text_encoder: copy the whole folder.", folder.name)
    if names == ["text_encoder_2"]:
        raise ModelError(
            "{0} is {1}, which is not supported. Stable Diffusion 1, 2 and XL are, and "
            "their inpainting models.",
            folder.name,
            Text("the refiner of Stable Diffusion XL"),
        )
    descriptions = [diffusers.read_json(folder / name / "config.json") for name in names]
    texts = tuple(ldm_keys.clip(weights_of(folder / name)) for name in names)
    for text in texts[:1]:
        text.pop("text_projection.weight", None)
    words = diffusers.read_json(folder / "unet" / "config.json")
    vae = diffusers.read_json(folder / "vae" / "config.json")
    plan = diffusers.read_json(folder / "scheduler" / "scheduler_config.json")
    heads = words.get("num_attention_heads") or words.get("attention_head_dim", 8)
    scale = vae.get("scaling_factor", XL_SCALE if len(texts) == 2 else SCALE)
    size = words.get("sample_size")
    kind = str(plan.get("_class_name", ""))
    if kind.startswith("EDM") or kind.startswith("FlowMatch"):
        raise ModelError("This model's scheduler, {0}, is not known here.", kind)
    trailing = kind.startswith("Euler") and plan.get("timestep_spacing") == "trailing"
    return described(
        Found(
            folder,
            weights_of(folder / "unet"),
            ldm_keys.autoencoder(weights_of(folder / "vae")),
            texts,
            tuple(text.get("hidden_act", "quick_gelu") == "quick_gelu" for text in descriptions),
            lambda: tokens.of_folder(folder / "tokenizer"),
            Text("diffusers folder"),
            heads=lambda level, _width: int(heads[level] if isinstance(heads, list) else heads),
            scale=float(scale),
            size=int(size) * _factor(vae) if isinstance(size, int) else None,
            schedule=schedulers.discrete_schedule(plan),
            prediction=str(plan.get("prediction_type", "epsilon")),
            zero_snr=bool(plan.get("rescale_betas_zero_snr", False)),
            few_steps="LCM" if kind == "LCMScheduler" else "Turbo" if trailing else "",
        ),
        Corrections.beside(folder),
    )


def _factor(vae: Mapping[str, Any]) -> int:
    return int(2 ** (len(vae.get("block_out_channels", ())) - 1))


def weights_of(folder: Path) -> dict[str, Tensor]:
    """The weights of one part of a folder: one file, one of a variant such as fp16, or several.

    Raises:
        ModelError: There are none, or they are damaged.
    """
    for pattern in _PARTS:
        if files := sorted(folder.glob(pattern)):
            # One variant is enough; several files are parts of one.
            several = [file for file in files if "-of-" in file.name]
            read: dict[str, Tensor] = {}
            for file in several or files[:1]:
                read |= unwrap(read_tree(file)[0])
            return read
    raise ModelError("{0} has no {1}: copy the whole folder.", folder.name, diffusers.WEIGHTS)


_PARTS = (
    "diffusion_pytorch_model.safetensors",
    "model.safetensors",
    "diffusion_pytorch_model*.safetensors",
    "model*.safetensors",
    "diffusion_pytorch_model*.bin",
    "pytorch_model*.bin",
)
