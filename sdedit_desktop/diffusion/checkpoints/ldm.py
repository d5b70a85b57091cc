"""Single files of Stable Diffusion, in the LDM layout of CompVis.

Such a file has no description: keys and shapes show what it is.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from sdedit_desktop.diffusion import tokens
from sdedit_desktop.diffusion.checkpoints import ldm_keys
from sdedit_desktop.diffusion.checkpoints.card import Blueprint, Corrections, unwrap
from sdedit_desktop.diffusion.checkpoints.container import Tree, read_tree
from sdedit_desktop.diffusion.checkpoints.ldm_keys import Weights, count, part
from sdedit_desktop.diffusion.checkpoints.stable_diffusion import (
    INPAINTING,
    LATENT,
    SCALE,
    XL_SCALE,
    Found,
    described,
)
from sdedit_desktop.errors import ModelError
from sdedit_desktop.texts import Text

_V_DEVIATION = 0.09
"""Of the bias of SD 2's last transformer: networks that predict v are above, others below."""
_V_BIAS = "output_blocks.11.1.transformer_blocks.0.norm1.bias"
_DISTILLED = re.compile(r"\b(LCM|Turbo|Lightning)\b", re.IGNORECASE)


def recognise(
    path: Path, tree: Tree, metadata: Mapping[str, str], corrections: Corrections
) -> Blueprint | None:
    """Describes a single file; None if it is none.

    Raises:
        ModelError: It is one of a kind that cannot be used, or without one of its parts.
    """
    found = unwrap(tree)
    old = part(found, "model.diffusion_model.")
    has_text = any(".attn2.to_k." in name for name in old)
    if not has_text or "input_blocks.0.0.weight" not in old:
        return None
    _refuse(path, found, old)
    text_parts, quick = _single_file_texts(found)
    if not text_parts:
        raise ModelError(
            "{0} has no text encoder: only the network was saved. Ask for the whole checkpoint.",
            path.name,
        )
    linear = old["middle_block.1.proj_in.weight"].dim() == 2
    description = " ".join(
        value for name, value in metadata.items() if name.startswith("modelspec.")
    )
    distilled = _DISTILLED.search(description)
    return described(
        Found(
            path,
            ldm_keys.unet(old),
            _autoencoder(path, found, corrections),
            text_parts,
            quick,
            tokens.bundled,
            Text("single file"),
            heads=lambda _level, width: width // 64 if linear else 8,
            scale=XL_SCALE if len(text_parts) == 2 else SCALE,
            prediction=prediction_of(found, old, metadata, quick),
            prediction_guessed=_stated_prediction(found, metadata) is None,
            zero_snr="ztsnr" in found or None,
            few_steps=distilled[1] if distilled else "",
        ),
        corrections,
    )


def _refuse(path: Path, found: Mapping[str, Tensor], old: Mapping[str, Tensor]) -> None:
    """Raises an error that names related but unsupported models.

    Raises:
        ModelError: It is one of them.
    """
    inputs = old["input_blocks.0.0.weight"].shape[1]
    for what, applies in (
        (Text("a ControlNet"), any(name.startswith("control_model.") for name in found)),
        (
            Text("the refiner of Stable Diffusion XL"),
            any(name.startswith("conditioner.embedders.0.model.") for name in found),
        ),
        (Text("Playground"), "edm_mean" in found or "edm_std" in found),
        (Text("a model of videos"), any(".time_stack." in name for name in old)),
        (
            Text("a model of latents with {0} channels", inputs),
            inputs not in (LATENT, INPAINTING),
        ),
    ):
        if applies:
            raise ModelError(
                "{0} is {1}, which is not supported. Stable Diffusion 1, 2 and XL are, and "
                "their inpainting models.",
                path.name,
                what,
            )


def _single_file_texts(
    found: Mapping[str, Tensor],
) -> tuple[tuple[Weights, ...], tuple[bool, ...]]:
    """The text encoders of a single file, and whether each has OpenAI's quick GELU."""
    if first := part(found, "cond_stage_model.transformer."):
        text = ldm_keys.clip(first)
        text.pop("text_projection.weight", None)
        return (text,), (True,)
    if second := part(found, "cond_stage_model.model."):
        text = ldm_keys.open_clip(second)
        text.pop("text_projection.weight", None)
        # SD 2 takes the states before the last layer: it is in the file, but never run.
        layers = count(text, r"encoder\.layers\.(\d+)\.")
        last = f"encoder.layers.{layers - 1}."
        return ({name: w for name, w in text.items() if not name.startswith(last)},), (False,)
    small = ldm_keys.clip(part(found, "conditioner.embedders.0.transformer."))
    large = ldm_keys.open_clip(part(found, "conditioner.embedders.1.model."))
    small.pop("text_projection.weight", None)
    return ((small, large), (True, False)) if small and large else ((), ())


def _autoencoder(path: Path, found: Mapping[str, Tensor], corrections: Corrections) -> Weights:
    """The autoencoder of the corrections, else the one beside the file, else the one in it."""
    chosen = path.with_name(corrections.vae) if corrections.vae else None
    beside = [path.with_name(f"{path.stem}.vae{suffix}") for suffix in (".safetensors", ".pt")]
    for file in [chosen] if chosen else [one for one in beside if one.is_file()]:
        if not file.is_file():
            raise ModelError("There is no autoencoder {0} beside {1}.", file.name, path.name)
        tree = unwrap(read_tree(file)[0])
        weights = ldm_keys.autoencoder(part(tree, "first_stage_model.") or tree)
        if "post_quant_conv.weight" not in weights:
            raise ModelError("{0} is no autoencoder (VAE) of Stable Diffusion.", file.name)
        return weights
    weights = ldm_keys.autoencoder(part(found, "first_stage_model."))
    if not weights:
        raise ModelError(
            "{0} has no autoencoder. Put its VAE beside it, as {1}.", path.name, beside[0].name
        )
    return weights


def prediction_of(
    found: Mapping[str, Tensor],
    old: Mapping[str, Tensor],
    metadata: Mapping[str, str],
    quick: tuple[bool, ...],
) -> str | None:
    """The prediction type, from metadata or from the weights."""
    if stated := _stated_prediction(found, metadata):
        return stated
    if quick == (True,):  # all of SD 1
        return "epsilon"
    if quick == (False,) and _V_BIAS in old:
        return "v_prediction" if old[_V_BIAS].float().std() > _V_DEVIATION else "epsilon"
    return None


def _stated_prediction(found: Mapping[str, Tensor], metadata: Mapping[str, str]) -> str | None:
    stated = metadata.get("modelspec.prediction_type", "").lower()
    if stated.startswith("v") or "v_pred" in found:
        return "v_prediction"
    return "epsilon" if stated.startswith("eps") else None
