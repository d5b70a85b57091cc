"""Options of an evaluation: model, photographs, strengths and numbers of pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

T0S = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
CALLS = (8, 12, 25, 50)
SIZE = 256
CROPS = 128
QUICK_T0S = (0.3, 0.5, 0.7)
QUICK_CALLS = (8, 25)
QUICK_CROPS = 16


@dataclass(frozen=True)
class EvaluationConfig:
    """Options of an evaluation.

    Attributes:
        model: The model's file or folder.
        photographs: Folder of photographs, searched recursively.
        output: Folder of the report, and of the pictures and measurements that were made.
        against: A network to measure on the same masks; for models made of photographs.
        listing: Which photographs there are; see ``find_photographs``.
        shares: How often to draw from which subfolder; see ``shares_of_folders``.
        size: Height and width of the pictures, in pixels.
        crops: Number of scenes; KID compares with twice as many others.
        t0s: Strengths.
        calls: Numbers of network calls to compare, at the t0 nearest to 0.5.
        minutes: When to stop; None for never.
        seed: Decides scenes, masks and noise.
        device: Where the network runs.
    """

    model: Path
    photographs: Path
    output: Path
    against: Path | None = None
    listing: Path | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    size: int = SIZE
    crops: int = CROPS
    t0s: tuple[float, ...] = T0S
    calls: tuple[int, ...] = CALLS
    minutes: float | None = None
    seed: int = 0
    device: str = "cpu"
