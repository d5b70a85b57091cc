"""Stable Diffusion 1, 2 and XL: single files in the LDM layout, and diffusers' folders.

A single file does not say what it is: that is read off names and shapes, and what they do not
tell is guessed, said on the card and can be corrected (see ``card.Corrections``).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from sdedit_desktop.diffusion import tokens
from sdedit_desktop.diffusion.checkpoints import diffusers, ldm_keys
from sdedit_desktop.diffusion.checkpoints.card import (
    Blueprint,
    Card,
    Corrections,
    LatentParts,
    unwrap,
)
from sdedit_desktop.diffusion.checkpoints.container import Tree, read_tree
from sdedit_desktop.diffusion.checkpoints.ldm_keys import Weights, count, part
from sdedit_desktop.diffusion.networks.autoencoder import AutoencoderConfig
from sdedit_desktop.diffusion.networks.conditional import ConditionalUNetConfig
from sdedit_desktop.diffusion.networks.text import TextEncoderConfig
from sdedit_desktop.diffusion.schedule import DiscreteVP
from sdedit_desktop.diffusion.tokens import Tokenizer
from sdedit_desktop.errors import ModelError
from sdedit_desktop.texts import Text

_SCALE, _XL_SCALE = 0.18215, 0.13025
_SIZE, _V_SIZE, _XL_SIZE = 512, 768, 1024
_LATENT = 4
_INPAINTING = 2 * _LATENT + 1
_MOST_LAYERS, _WIDEST = 128, 8192
_V_DEVIATION = 0.09
"""Of the bias of SD 2's last transformer: networks that predict v are above, others below."""
_V_BIAS = "output_blocks.11.1.transformer_blocks.0.norm1.bias"
_DISTILLED = re.compile(r"\b(LCM|Turbo|Lightning)\b", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class _Found:
    """What a file or folder holds, in our networks' names, and what it says of itself."""

    path: Path
    unet: Weights
    autoencoder: Weights
    texts: tuple[Weights, ...]
    quick: tuple[bool, ...]
    tokenizer: Callable[[], Tokenizer]
    format: str
    heads: Callable[[int, int], int]
    scale: float
    size: int | None = None
    schedule: DiscreteVP | None = None
    prediction: str | None = None
    zero_snr: bool | None = None
    few_steps: str = ""

    @property
    def is_xl(self) -> bool:
        return len(self.texts) == 2

    @property
    def family(self) -> str:
        if self.is_xl:
            return "Stable Diffusion XL"
        return "Stable Diffusion 1" if self.quick[0] else "Stable Diffusion 2"


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
    said = " ".join(value for name, value in metadata.items() if name.startswith("modelspec."))
    distilled = _DISTILLED.search(said)
    return _blueprint(
        _Found(
            path,
            ldm_keys.unet(old),
            _autoencoder(path, found, corrections),
            text_parts,
            quick,
            tokens.bundled,
            Text("single file"),
            heads=lambda _level, width: width // 64 if linear else 8,
            scale=_XL_SCALE if len(text_parts) == 2 else _SCALE,
            prediction=prediction_of(found, old, metadata, quick),
            zero_snr="ztsnr" in found or None,
            few_steps=distilled[1] if distilled else "",
        ),
        corrections,
    )


def _refuse(path: Path, found: Mapping[str, Tensor], old: Mapping[str, Tensor]) -> None:
    """Names the relatives that are something else.

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
            inputs not in (_LATENT, _INPAINTING),
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
    """The autoencoder that was chosen, else the one beside the file, else the one in it."""
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
    """What the network predicts, if the file gives it away."""
    said = metadata.get("modelspec.prediction_type", "").lower()
    if said.startswith("v") or "v_pred" in found:
        return "v_prediction"
    if said.startswith("eps"):
        return "epsilon"
    if quick == (True,):  # all of SD 1
        return "epsilon"
    if quick == (False,) and _V_BIAS in old:
        return "v_prediction" if old[_V_BIAS].float().std() > _V_DEVIATION else "epsilon"
    return None


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
    described = [diffusers.read_json(folder / name / "config.json") for name in names]
    texts = tuple(ldm_keys.clip(diffusers.weights_of(folder / name)) for name in names)
    for text in texts[:1]:
        text.pop("text_projection.weight", None)
    words = diffusers.read_json(folder / "unet" / "config.json")
    vae = diffusers.read_json(folder / "vae" / "config.json")
    plan = diffusers.read_json(folder / "scheduler" / "scheduler_config.json")
    heads = words.get("num_attention_heads") or words.get("attention_head_dim", 8)
    scale = vae.get("scaling_factor", _XL_SCALE if len(texts) == 2 else _SCALE)
    size = words.get("sample_size")
    kind = str(plan.get("_class_name", ""))
    if kind.startswith("EDM") or kind.startswith("FlowMatch"):
        raise ModelError("This model's scheduler, {0}, is not known here.", kind)
    trailing = kind.startswith("Euler") and plan.get("timestep_spacing") == "trailing"
    return _blueprint(
        _Found(
            folder,
            diffusers.weights_of(folder / "unet"),
            ldm_keys.autoencoder(diffusers.weights_of(folder / "vae")),
            texts,
            tuple(text.get("hidden_act", "quick_gelu") == "quick_gelu" for text in described),
            lambda: tokens.of_folder(folder / "tokenizer"),
            Text("diffusers folder"),
            heads=lambda level, _width: int(heads[level] if isinstance(heads, list) else heads),
            scale=float(scale),
            size=int(size) * _factor(vae) if isinstance(size, int) else None,
            schedule=diffusers.discrete_schedule(plan),
            prediction=str(plan.get("prediction_type", "epsilon")),
            zero_snr=bool(plan.get("rescale_betas_zero_snr", False)),
            few_steps="LCM" if kind == "LCMScheduler" else "Turbo" if trailing else "",
        ),
        Corrections.beside(folder),
    )


def _factor(vae: Mapping[str, Any]) -> int:
    return int(2 ** (len(vae.get("block_out_channels", ())) - 1))


def _blueprint(found: _Found, corrections: Corrections) -> Blueprint:
    config = _unet_config(found)
    if config.in_channels not in (_LATENT, _INPAINTING) or config.out_channels != _LATENT:
        raise ModelError(
            "{0} is {1}, which is not supported. Stable Diffusion 1, 2 and XL are, and "
            "their inpainting models.",
            found.path.name,
            Text("a model of latents with {0} channels", config.in_channels),
        )
    parts = LatentParts(
        _autoencoder_config(found.autoencoder),
        found.scale,
        tuple(_text_config(*pair) for pair in zip(found.texts, found.quick, strict=True)),
        lambda: found.autoencoder,
        tuple(_constant(text) for text in found.texts),
        found.tokenizer,
    )
    _check_fit(found, config, parts)
    prediction = corrections.prediction or found.prediction or "epsilon"
    zero_snr = found.zero_snr if corrections.zero_snr is None else corrections.zero_snr
    schedule = found.schedule or DiscreteVP.scaled_linear()
    schedule = schedule.without_signal() if zero_snr else schedule
    size = _XL_SIZE if found.is_xl else _SIZE
    if prediction == "v_prediction" and found.family.endswith("2"):
        size = _V_SIZE
    every = (found.unet, found.autoencoder, *found.texts)
    card = Card(
        name=found.path.stem if found.path.is_file() else found.path.name,
        family=found.family,
        format=found.format,
        size=found.size or size,
        multiple=parts.autoencoder.factor * config.multiple,
        parameters=sum(value.numel() for weights in every for value in weights.values()),
        prediction=prediction,
        ema=None,
        sigma_min=schedule.sigma_min,
        sigma_max=schedule.sigma_max,
        learned_variance=False,
        path=found.path,
        notes=_notes(found, corrections, prediction, bool(zero_snr)),
        takes_words=True,
        inpaints=config.in_channels == _INPAINTING,
        few_steps=found.few_steps,
    )
    return Blueprint(corrections.apply(card), schedule, config, lambda: found.unet, parts)


def _constant(weights: Weights) -> Callable[[], Weights]:
    return lambda: weights


def _notes(
    found: _Found, corrections: Corrections, prediction: str, zero_snr: bool
) -> tuple[Text, ...]:
    notes = []
    if corrections.prediction is None and found.prediction is None:
        notes.append(
            Text("The file does not say what the network predicts: {0} was assumed.", prediction)
        )
    if zero_snr:
        notes.append(Text("Its highest noise level leaves no signal (zero terminal SNR)."))
    if found.few_steps:
        notes.append(Text("It was distilled to need few steps ({0}).", found.few_steps))
    return tuple(notes)


def _check_fit(found: _Found, config: ConditionalUNetConfig, parts: LatentParts) -> None:
    """Compares the widths of the parts.

    Raises:
        ModelError: They are of different models.
    """
    if parts.autoencoder.latent != _LATENT:
        raise ModelError(
            "The autoencoder of {0} makes latents with {1} channels, but its network takes {2}.",
            found.path.name,
            parts.autoencoder.latent,
            _LATENT,
        )
    width = sum(text.width for text in parts.texts)
    if width != config.context:
        raise ModelError(
            "The text encoder of {0} is {1} wide, but its network takes {2}.",
            found.path.name,
            width,
            config.context,
        )


def _unet_config(found: _Found) -> ConditionalUNetConfig:
    weights = found.unet
    levels = count(weights, r"down_blocks\.(\d+)\.")
    channels = tuple(
        int(weights[f"down_blocks.{level}.resnets.0.conv2.weight"].shape[0])
        for level in range(levels)
    )
    middle = "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight"
    added = weights.get("add_embedding.linear_1.weight")
    return ConditionalUNetConfig(
        channels=channels,
        depth=tuple(
            count(weights, rf"down_blocks\.{level}\.attentions\.0\.transformer_blocks\.(\d+)\.")
            for level in range(levels)
        ),
        heads=tuple(found.heads(level, width) for level, width in enumerate(channels)),
        context=int(weights[middle].shape[1]),
        blocks=count(weights, r"down_blocks\.0\.resnets\.(\d+)\."),
        in_channels=int(weights["conv_in.weight"].shape[1]),
        out_channels=int(weights["conv_out.weight"].shape[0]),
        linear=weights["mid_block.attentions.0.proj_in.weight"].dim() == 2,
        added=None if added is None else int(added.shape[1]),
    )


def _autoencoder_config(weights: Weights) -> AutoencoderConfig:
    levels = count(weights, r"encoder\.down_blocks\.(\d+)\.")
    blocks = count(weights, r"encoder\.down_blocks\.0\.resnets\.(\d+)\.")
    if not 1 <= blocks <= _MOST_LAYERS:
        raise ValueError(f"an autoencoder of {blocks} blocks")
    return AutoencoderConfig(
        tuple(
            int(weights[f"encoder.down_blocks.{level}.resnets.0.conv2.weight"].shape[0])
            for level in range(levels)
        ),
        blocks,
        int(weights["post_quant_conv.weight"].shape[0]),
    )


def _text_config(weights: Weights, quick: bool) -> TextEncoderConfig:
    vocabulary, width = weights["embeddings.token_embedding.weight"].shape
    layers = count(weights, r"encoder\.layers\.(\d+)\.")
    if not (1 <= layers <= _MOST_LAYERS and width % 64 == 0 and width <= _WIDEST):
        raise ValueError(f"a text encoder of {layers} layers, {width} wide")
    projection = weights.get("text_projection.weight")
    return TextEncoderConfig(
        int(vocabulary),
        int(width),
        layers,
        int(weights["encoder.layers.0.mlp.fc1.weight"].shape[0]),
        length=int(weights["embeddings.position_embedding.weight"].shape[0]),
        quick=quick,
        projection=None if projection is None else int(projection.shape[0]),
    )
