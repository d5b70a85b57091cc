"""Facts about a model that are known before it is opened."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from torch import Tensor

from sdedit_desktop import paths
from sdedit_desktop.diffusion.checkpoints.container import Tree
from sdedit_desktop.diffusion.networks.autoencoder import AutoencoderConfig
from sdedit_desktop.diffusion.networks.conditional import ConditionalUNet, ConditionalUNetConfig
from sdedit_desktop.diffusion.networks.ncsnpp import NCSNpp, NCSNppConfig
from sdedit_desktop.diffusion.networks.text import TextEncoderConfig
from sdedit_desktop.diffusion.networks.unet import UNet, UNetConfig
from sdedit_desktop.diffusion.schedule import Schedule
from sdedit_desktop.diffusion.tokens import Tokenizer
from sdedit_desktop.errors import ModelError
from sdedit_desktop.files import read_regular


@dataclass(frozen=True)
class Card:
    """Description of a checkpoint, read from the file itself.

    Attributes:
        name: The file's or folder's name, or the published one where it is known.
        family: "DDPM", "guided-diffusion", "NCSN++" and the like.
        format: The storage format, for display.
        size: Height and width in pixels of the pictures it was trained on.
        multiple: Heights and widths must be multiples of this number of pixels.
        parameters: Number of trained parameters.
        prediction: "epsilon", "v_prediction", "sample" or "score".
        ema: Whether the weights are averaged over training; None if unknown.
        sigma_min: Lowest noise level it knows, for pictures in [-1, 1].
        sigma_max: Highest noise level it knows.
        learned_variance: Whether the variance of its steps is learned.
        path: Its file or folder.
        notes: Sentences on what was guessed or is unusual.
        takes_words: Whether it is conditioned on text.
        inpaints: Whether mask and surroundings are inputs of the network.
        few_steps: "LCM", "Turbo" or "Lightning" where it was distilled for few steps; else empty.
        prediction_guessed: Whether the file does not say what the network predicts: users may know
            better.
        zero_snr: Whether its highest noise level leaves no signal.
    """

    name: str
    family: str
    format: str
    size: int
    multiple: int
    parameters: int
    prediction: str
    ema: bool | None
    sigma_min: float
    sigma_max: float
    learned_variance: bool
    path: Path
    notes: tuple[str, ...] = ()
    takes_words: bool = False
    inpaints: bool = False
    few_steps: str = ""
    prediction_guessed: bool = False
    zero_snr: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values that ``json`` can write."""
        return asdict(self) | {"path": str(self.path), "notes": list(self.notes)}


@dataclass(frozen=True, eq=False)
class LatentParts:
    """The parts of a latent model besides its network.

    Attributes:
        autoencoder: Configuration of the autoencoder.
        scale: Latents are multiplied by this.
        texts: Configurations of the text encoders.
        autoencoder_weights: Reads the autoencoder's ``state_dict``.
        text_weights: Read the text encoders' ``state_dict``s.
        tokenizer: Reads the vocabulary.
    """

    autoencoder: AutoencoderConfig
    scale: float
    texts: tuple[TextEncoderConfig, ...]
    autoencoder_weights: Callable[[], Mapping[str, Tensor]] = field(repr=False)
    text_weights: tuple[Callable[[], Mapping[str, Tensor]], ...] = field(repr=False)
    tokenizer: Callable[[], Tokenizer] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Blueprint:
    """All that is needed to build a model; weights are read only on demand.

    Attributes:
        card: Shown to the user.
        schedule: The model's.
        config: Of the network.
        weights: Reads the network's ``state_dict``; its tensors may be mapped from the file.
        latent: The other parts of a latent model.
    """

    card: Card
    schedule: Schedule
    config: UNetConfig | NCSNppConfig | ConditionalUNetConfig
    weights: Callable[[], Mapping[str, Tensor]] = field(repr=False)
    latent: LatentParts | None = None

    def __post_init__(self) -> None:
        """Checks the numbers of the file before anything is computed from them.

        Raises:
            ModelError: They are not those of a network, or what it predicts is not known here.
        """
        config, card = self.config, self.card
        if not 0 <= card.size <= _LARGEST_SAMPLE:
            shown = min(card.size, 10**15)  # it may have thousands of digits
            raise ModelError("{0} claims to make pictures of {1} pixels.", card.name, shown)
        if card.prediction not in _PREDICTIONS:
            raise ModelError(
                "{0} predicts '{1}', which is not known here.", card.name, card.prediction
            )
        if self.latent is not None and not 0 < self.latent.scale < math.inf:
            raise ModelError(
                "{0} claims to scale latents by {1}.", card.name, f"{self.latent.scale:.6g}"
            )
        try:
            if len(config.channels) > _MOST_LEVELS:
                raise ValueError(f"{len(config.channels)} levels are too many")
            sizes = (len(config.channels), config.blocks, *config.channels)
            largest = (_MOST_LEVELS, _MOST_BLOCKS, *[_WIDEST] * len(config.channels))
            if isinstance(config, ConditionalUNetConfig):
                sizes = (*sizes, max(config.depth), max(config.heads), config.context)
                largest = (*largest, _MOST_LAYERS, _WIDEST, _WIDEST)
            if not all(1 <= size <= most for size, most in zip(sizes, largest, strict=True)):
                raise ValueError(f"{sizes} are no sensible sizes")
        except (TypeError, ValueError) as error:
            raise self._unbuildable(error) from error

    def build(self) -> UNet | NCSNpp | ConditionalUNet:
        """Creates the network; without values under ``torch.device("meta")``.

        Raises:
            ModelError: It cannot be built.
        """
        config = self.config
        try:
            if isinstance(config, UNetConfig):
                return UNet(config)
            if isinstance(config, ConditionalUNetConfig):
                return ConditionalUNet(config)
            return NCSNpp(config)
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
            raise self._unbuildable(error) from error

    def _unbuildable(self, error: Exception) -> ModelError:
        return ModelError(
            "{0} describes a network that cannot be built: {1}.", self.card.name, error
        )


_LONGEST_BYTES = 1 << 20
_LARGEST_SAMPLE = 4096
_PREDICTIONS = ("epsilon", "v_prediction", "sample", "score")
_MOST_LEVELS, _MOST_BLOCKS, _MOST_LAYERS, _WIDEST = 12, 16, 128, 8192


@dataclass(frozen=True)
class Corrections:
    """The user's corrections of a card: a small JSON object, see ``paths.corrections``.

    Attributes:
        name: What the model is called.
        size: Height and width in pixels of the pictures it was trained on.
        heads: Number of attention heads.
        head_channels: Channels per attention head, instead of ``heads``.
        new_attention_order: Whether guided-diffusion's "new attention order" was used.
        noise_schedule: "linear" or "cosine".
        steps: Number of steps of the schedule.
        prediction: "epsilon" or "v_prediction" (Stable Diffusion).
        zero_snr: Whether its highest noise level leaves no signal (Stable Diffusion).
        vae: File of the autoencoder to use, beside the checkpoint (Stable Diffusion).
    """

    name: str | None = None
    size: int | None = None
    heads: int | None = None
    head_channels: int | None = None
    new_attention_order: bool | None = None
    noise_schedule: Literal["linear", "cosine"] | None = None
    steps: int | None = None
    prediction: Literal["epsilon", "v_prediction"] | None = None
    zero_snr: bool | None = None
    vae: str | None = None

    def __post_init__(self) -> None:
        for name in ("size", "heads", "head_channels", "steps"):
            value = getattr(self, name)
            if value is not None and (type(value) is not int or not 1 <= value <= 10_000):
                raise ValueError(f"'{name}' cannot be {value!r}")
        for name, kind in (
            ("name", str),
            ("new_attention_order", bool),
            ("zero_snr", bool),
            ("vae", str),
        ):
            if not isinstance(getattr(self, name), kind | None):
                raise ValueError(f"'{name}' cannot be {getattr(self, name)!r}")
        if self.noise_schedule not in (None, "linear", "cosine"):
            raise ValueError(f"'noise_schedule' cannot be {self.noise_schedule!r}")
        if self.prediction not in (None, "epsilon", "v_prediction"):
            raise ValueError(f"'prediction' cannot be {self.prediction!r}")

    @classmethod
    def beside(cls, path: Path) -> "Corrections":
        """Reads the corrections of a checkpoint; none if there is no such file.

        Raises:
            ModelError: The file is there but cannot be understood.
        """
        beside, own = paths.corrections(path)
        file = own if own.is_file() else beside
        if not file.is_file():
            return cls()
        try:
            return cls(**json.loads(read_regular(file, _LONGEST_BYTES).decode("utf-8")))
        except (OSError, ValueError, TypeError, RecursionError) as error:
            known = ", ".join(entry.name for entry in fields(cls))
            raise ModelError(
                "{0} cannot be understood ({1}). It may hold: {2}.", file.name, error, known
            ) from error

    def apply(self, card: Card) -> Card:
        """The card with the user's name and size."""
        return replace(card, name=self.name or card.name, size=self.size or card.size)


def unwrap(tree: Tree) -> dict[str, Tensor]:
    """The ``state_dict`` without wrappers; empty if there is none."""
    for outer in ("state_dict", "model_state_dict", "ema_state_dict"):
        if isinstance(tree, Mapping) and isinstance(tree.get(outer), Mapping):
            tree = tree[outer]
    if not isinstance(tree, Mapping):
        return {}
    found = {str(name): value for name, value in tree.items() if isinstance(value, Tensor)}
    for prefix in ("module.", "model.", "ema."):
        if found and all(name.startswith(prefix) for name in found):
            found = {name.removeprefix(prefix): value for name, value in found.items()}
    return found
