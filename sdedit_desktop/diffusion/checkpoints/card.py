"""What is known about a model before it runs."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from sdedit_desktop.diffusion.schedule import Schedule


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
        build: Makes the network, without values if called under ``torch.device("meta")``.
        weights: Reads the network's ``state_dict``; its tensors may be mapped from the file.
    """

    card: Card
    schedule: Schedule
    build: Callable[[], nn.Module] = field(repr=False)
    weights: Callable[[], Mapping[str, Tensor]] = field(repr=False)
