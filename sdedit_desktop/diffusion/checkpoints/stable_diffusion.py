"""Stable Diffusion 1, 2 and XL: configurations derived from keys and shapes.

For single files (``ldm``) and diffusers' folders (``latent_folder``). What neither contains is
guessed, noted on the card and can be corrected (see ``card.Corrections``).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from sdedit_desktop.diffusion.checkpoints.card import Blueprint, Card, Corrections, LatentParts
from sdedit_desktop.diffusion.checkpoints.ldm_keys import Weights, count
from sdedit_desktop.diffusion.networks.autoencoder import AutoencoderConfig
from sdedit_desktop.diffusion.networks.conditional import ConditionalUNetConfig
from sdedit_desktop.diffusion.networks.text import TextEncoderConfig
from sdedit_desktop.diffusion.schedule import LATENT_FACTOR, DiscreteVP
from sdedit_desktop.diffusion.tokens import Tokenizer
from sdedit_desktop.errors import ModelError
from sdedit_desktop.texts import Text

SCALE, XL_SCALE = 0.18215, 0.13025
"""Factor of latents, unless a description has another."""
_SIZE, _V_SIZE, _XL_SIZE = 512, 768, 1024
LATENT = 4
"""Channels of the latents."""
INPAINTING = 2 * LATENT + 1
"""Input channels of an inpainting network: noisy latents, mask, masked latents."""
_MOST_LAYERS, _WIDEST = 128, 8192


@dataclass(frozen=True, eq=False)
class Found:
    """The contents of a file or folder, with the keys of our networks.

    Attributes:
        path: The file or folder.
        unet: The network's weights.
        autoencoder: The autoencoder's.
        texts: The text encoders'.
        quick: Whether each of them has OpenAI's quick GELU.
        tokenizer: Reads the vocabulary.
        format: How it is stored, for people.
        heads: Attention heads of a level of this number and width.
        scale: Latents are multiplied by this.
        size: Height and width in pixels of the pictures it was trained on, if it says so.
        schedule: Its levels of noise, if it says so.
        prediction: What it predicts, if the file says so or implies it.
        prediction_guessed: Whether that was inferred from its weights, or assumed.
        zero_snr: Whether its highest level leaves no signal, if it says so.
        few_steps: See ``card.Card``.
    """

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
    prediction_guessed: bool = False
    zero_snr: bool | None = None
    few_steps: str = ""

    @property
    def is_xl(self) -> bool:
        """Whether it is SDXL."""
        return len(self.texts) == 2

    @property
    def family(self) -> str:
        """Its published name."""
        if self.is_xl:
            return "Stable Diffusion XL"
        return "Stable Diffusion 1" if self.quick[0] else "Stable Diffusion 2"


def described(found: Found, corrections: Corrections) -> Blueprint:
    """Derives the configurations of the networks.

    Raises:
        ModelError: They are of a kind that cannot be used, or do not belong together.
    """
    config = _unet_config(found)
    if config.in_channels not in (LATENT, INPAINTING) or config.out_channels != LATENT:
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
    schedule = replace(schedule, t0_factor=LATENT_FACTOR)
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
        inpaints=config.in_channels == INPAINTING,
        few_steps=found.few_steps,
        prediction_guessed=found.prediction_guessed,
        zero_snr=bool(zero_snr),
    )
    return Blueprint(corrections.apply(card), schedule, config, lambda: found.unet, parts)


def _constant(weights: Weights) -> Callable[[], Weights]:
    return lambda: weights


def _notes(
    found: Found, corrections: Corrections, prediction: str, zero_snr: bool
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


def _check_fit(found: Found, config: ConditionalUNetConfig, parts: LatentParts) -> None:
    """Compares the widths of the parts.

    Raises:
        ModelError: They are of different models.
    """
    if parts.autoencoder.latent != LATENT:
        raise ModelError(
            "The autoencoder of {0} makes latents with {1} channels, but its network takes {2}.",
            found.path.name,
            parts.autoencoder.latent,
            LATENT,
        )
    width = sum(text.width for text in parts.texts)
    if width != config.context:
        raise ModelError(
            "The text encoder of {0} is {1} wide, but its network takes {2}.",
            found.path.name,
            width,
            config.context,
        )


def _unet_config(found: Found) -> ConditionalUNetConfig:
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
