"""What is to be measured: which pictures, edited how, how many of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from sdedit_desktop.diffusion.checkpoints import Model
from sdedit_desktop.diffusion.schedule import DiscreteVP
from sdedit_desktop.diffusion.solvers import DEFAULT_CALLS, DEFAULT_SOLVER

T0S = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
CALLS = (10, 15, 25, 50)
SIZE = 256
CROPS = 128
QUICK_CROPS = 16
QUICK_T0S = (0.3, 0.5, 0.7)
QUICK_CALLS = (10, 25)
PHOTOGRAPH_T0 = 0.3
REFERENCE_CALLS = 500

Guide = Literal["strokes", "photograph", "hard mask", "soft mask", "nothing"]
"""What a model starts from: "nothing" is grey, under so much noise that it does not matter."""


@dataclass(frozen=True)
class EvaluationConfig:
    """What a user asks for.

    Attributes:
        model: The model's file or folder.
        photographs: Folder of photographs; folders below it count.
        output: Folder of everything that is made, found again the next time.
        card: Folder whose README.md gets the report.
        listing: Which photographs there are; see ``find_photographs``.
        shares: How often to draw from which subfolder; see ``shares_of_folders``.
        size: Height and width of the pictures, in pixels.
        crops: Strokes that the usual settings are tried on; the rest takes a share of them.
        t0s: Strengths.
        calls: Network calls to compare, at the usual t0.
        reference: Whether to compare with the published solver, which is slow.
        minutes: When to stop and to report on what there is; None for never.
        seed: Decides scenes, masks and noise.
        device: Where the network runs.
    """

    model: Path
    photographs: Path
    output: Path
    card: Path
    listing: Path | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    size: int = SIZE
    crops: int = CROPS
    t0s: tuple[float, ...] = T0S
    calls: tuple[int, ...] = CALLS
    reference: bool = True
    minutes: float | None = None
    seed: int = 0
    device: str = "cpu"

    @property
    def usual_t0(self) -> float:
        """The strength at which most is measured: the one nearest to 0.5."""
        return min(self.t0s, key=lambda t0: abs(t0 - 0.5))

    @property
    def held_out_scenes(self) -> int:
        """Scenes that realism is measured against."""
        return 2 * self.crops

    @property
    def training_scenes(self) -> int:
        """Scenes among which copies are looked for."""
        return 16 * self.crops


KEPT = 0.5
"""The share of the drift of colours that the program takes back unless told otherwise."""


@dataclass(frozen=True)
class Case:
    """One way to edit, measured on a row of pictures.

    Attributes:
        guide: What it starts from.
        t0: Strength.
        calls: Network calls.
        recipe: Name of the solver; see ``recipes.edit``.
        count: Pictures wanted.
        urgency: How early they are made: half as much is twice as early.
        colours_kept: See ``recipes.edit``.
    """

    guide: Guide
    t0: float
    calls: int
    recipe: str
    count: int
    urgency: float = 1.0
    colours_kept: float = 0.0


@dataclass(frozen=True)
class Cases:
    """All there is to edit, by the question it answers.

    Attributes:
        strengths: One case for each t0, ascending.
        calls: One for each number of calls, ascending; the usual one is among ``strengths`` too.
        reference: The published solver; None if it is not wanted or not possible.
        masks: A hard and a soft mask.
        photograph: Photographs themselves, barely changed.
        estimate: The same in one call: the network's best guess under that noise.
        free: Made from nothing.
        usual: The one that most pictures are made of.
        kept: The usual one with colours kept, as the program does unless told otherwise.
    """

    strengths: tuple[Case, ...]
    calls: tuple[Case, ...]
    reference: Case | None
    masks: tuple[Case, Case]
    photograph: Case
    estimate: Case
    free: Case
    usual: Case
    kept: Case

    def all(self) -> tuple[Case, ...]:
        """Each case once."""
        slow = () if self.reference is None else (self.reference,)
        rest = (self.kept, *slow, *self.masks, self.photograph, self.estimate, self.free)
        return tuple(dict.fromkeys((*self.strengths, *self.calls, *rest)))


def cases(config: EvaluationConfig, model: Model) -> Cases:
    """What is edited, and how."""
    half, quarter = max(4, config.crops // 2), max(4, config.crops // 4)
    t0, calls = config.usual_t0, DEFAULT_CALLS
    usual = Case("strokes", t0, calls, DEFAULT_SOLVER, config.crops, 0.5)

    def like(guide: Guide, t0: float, calls: int, count: int, urgency: float = 1.0) -> Case:
        return Case(guide, t0, calls, DEFAULT_SOLVER, count, urgency)

    in_steps = config.reference and isinstance(model.schedule, DiscreteVP)
    steps = round(t0 * 2 * REFERENCE_CALLS)
    reference = Case("strokes", t0, steps, "reference", max(1, config.crops // 16))
    return Cases(
        strengths=tuple(
            usual if each == t0 else like("strokes", each, calls, half)
            for each in sorted(config.t0s)
        ),
        calls=tuple(
            usual if each == calls else like("strokes", t0, each, half)
            for each in sorted({*config.calls, calls})
        ),
        reference=reference if in_steps else None,
        masks=(
            like("hard mask", t0, calls, quarter),
            like("soft mask", t0, calls, quarter),
        ),
        photograph=like("photograph", PHOTOGRAPH_T0, calls, quarter),
        estimate=like("photograph", PHOTOGRAPH_T0, 1, quarter),
        free=like("nothing", 1.0, calls, half, 0.6),
        usual=usual,
        kept=replace(usual, count=half, urgency=1.0, colours_kept=KEPT),
    )
