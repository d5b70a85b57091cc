"""What is known about a model before it runs."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from torch import Tensor

from sdedit_desktop.diffusion.checkpoints.container import Tree
from sdedit_desktop.diffusion.networks.ncsnpp import NCSNpp, NCSNppConfig
from sdedit_desktop.diffusion.networks.unet import UNet, UNetConfig
from sdedit_desktop.diffusion.schedule import Schedule
from sdedit_desktop.errors import ModelError


@dataclass(frozen=True)
class Card:
    """What a checkpoint is, read from the file itself.

    Attributes:
        name: For people: the file's or folder's name, or the published one where it is known.
        family: "DDPM", "guided-diffusion", "NCSN++" and the like.
        format: How it is stored, for people.
        size: Height and width in pixels of the pictures it was trained on.
        multiple: Heights and widths must be multiples of this many pixels.
        parameters: Number of trained values.
        prediction: "epsilon", "v_prediction", "sample" or "score".
        ema: Whether the weights are averaged over training; None where the file cannot tell.
        sigma_min: Lowest noise level it knows, for pictures in [-1, 1].
        sigma_max: Highest noise level it knows.
        learned_variance: Whether it has learned how random its steps should be.
        path: Where it was found.
        notes: Sentences on what was guessed or is out of the ordinary.
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

    def as_json(self) -> dict[str, Any]:
        """Plain values that ``json`` can write."""
        return asdict(self) | {"path": str(self.path), "notes": list(self.notes)}


@dataclass(frozen=True, eq=False)
class Blueprint:
    """All that is needed to build a model; weights are read only on demand.

    Attributes:
        card: Shown to the user.
        schedule: The model's.
        config: What the network is made of.
        weights: Reads the network's ``state_dict``; its tensors may be mapped from the file.
    """

    card: Card
    schedule: Schedule
    config: UNetConfig | NCSNppConfig
    weights: Callable[[], Mapping[str, Tensor]] = field(repr=False)

    def build(self) -> UNet | NCSNpp:
        """Makes the network, without values if called under ``torch.device("meta")``.

        Raises:
            ModelError: It cannot be built, or is of no sensible size.
        """
        config = self.config
        sizes = (len(config.channels), config.blocks, *config.channels)
        largest = (_MOST_LEVELS, _MOST_BLOCKS, *[_WIDEST] * len(config.channels))
        try:
            if not all(1 <= size <= most for size, most in zip(sizes, largest, strict=True)):
                raise ValueError(f"{sizes} are no sensible sizes")
            return UNet(config) if isinstance(config, UNetConfig) else NCSNpp(config)
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
            raise ModelError(
                "{0} describes a network that cannot be built: {1}.", self.card.name, error
            ) from error


_MOST_LEVELS, _MOST_BLOCKS, _WIDEST = 12, 16, 8192


@dataclass(frozen=True)
class Corrections:
    """What the user knows better than the file: a small JSON object in ``<file name>.json``.

    Attributes:
        name: What the model is called.
        size: Height and width in pixels of the pictures it was trained on.
        heads: Number of attention heads.
        head_channels: Channels per attention head, instead of ``heads``.
        new_attention_order: Whether guided-diffusion's "new attention order" was used.
        noise_schedule: "linear" or "cosine".
        steps: Number of steps of the schedule.
    """

    name: str | None = None
    size: int | None = None
    heads: int | None = None
    head_channels: int | None = None
    new_attention_order: bool | None = None
    noise_schedule: Literal["linear", "cosine"] | None = None
    steps: int | None = None

    def __post_init__(self) -> None:
        for name in ("size", "heads", "head_channels", "steps"):
            value = getattr(self, name)
            if value is not None and (type(value) is not int or not 1 <= value <= 10_000):
                raise ValueError(f"'{name}' cannot be {value!r}")
        for name, kind in (("name", str), ("new_attention_order", bool)):
            if not isinstance(getattr(self, name), kind | None):
                raise ValueError(f"'{name}' cannot be {getattr(self, name)!r}")
        if self.noise_schedule not in (None, "linear", "cosine"):
            raise ValueError(f"'noise_schedule' cannot be {self.noise_schedule!r}")

    @classmethod
    def beside(cls, path: Path) -> "Corrections":
        """Reads the corrections that lie beside a checkpoint; none if there is no such file.

        Raises:
            ModelError: The file is there but cannot be understood.
        """
        file = path.with_name(path.name + ".json")
        if not file.is_file():
            return cls()
        try:
            return cls(**json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            known = ", ".join(entry.name for entry in fields(cls))
            raise ModelError(
                "{0} cannot be understood ({1}). It may hold: {2}.", file.name, error, known
            ) from error

    def apply(self, card: Card) -> Card:
        """The card with the user's name and size."""
        return replace(card, name=self.name or card.name, size=self.size or card.size)


def unwrap(tree: Tree) -> dict[str, Tensor]:
    """A ``state_dict`` without what saving wraps around it; empty if it is none."""
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
