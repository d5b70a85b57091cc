"""A quick look at a model in training: a few strokes, edited and compared without a network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from sdedit_desktop.diffusion.denoiser import Denoiser, Network, VPDenoiser
from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.diffusion.schedule import Schedule, noise_levels
from sdedit_desktop.diffusion.sdedit import sdedit
from sdedit_desktop.diffusion.solvers import DEFAULT_CALLS, DEFAULT_SOLVER, SOLVERS
from sdedit_desktop.training.evaluation.dataset import simulate_strokes
from sdedit_desktop.training.evaluation.distances import detail, l2
from sdedit_desktop.training.photographs import Photographs, Pixels
from sdedit_desktop.training.recipe import PREDICTION, SCHEDULE, to_pixels, to_tensor

_CPU = torch.device("cpu")
T0S = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


@dataclass(frozen=True)
class Score:
    """What a set of pictures measures; see ``l2`` and ``detail``.

    Attributes:
        name: What the pictures are, for a table.
        l2_to_guide: Mean distance to the strokes: low is faithful.
        l2_to_photograph: Mean distance to the photograph that the strokes were made from.
        detail: Fine detail relative to the photographs': 1 is right, strokes have little.
    """

    name: str
    l2_to_guide: float
    l2_to_photograph: float
    detail: float


def held_out_crops(photographs: Photographs, count: int, size: int) -> Pixels:
    """The same few scenes every time: the middle square of photographs, evenly chosen.

    Returns:
        (count or fewer, size, size, 3), one per photograph.
    """
    indices = np.linspace(0, len(photographs.paths) - 1, count).round().astype(int)
    return np.stack([_middle(photographs.photograph(int(i)), size) for i in np.unique(indices)])


def model_denoiser(network: Network, dtype: torch.dtype = torch.float32) -> Denoiser:
    """What a network trained here denoises like."""
    return VPDenoiser(network, SCHEDULE, PREDICTION, clip=True, dtype=dtype)


def edit(
    denoise: Denoiser,
    guides: Pixels,
    *,
    t0: float,
    calls: int = DEFAULT_CALLS,
    solver: str = DEFAULT_SOLVER,
    schedule: Schedule = SCHEDULE,
    seed: int = 0,
    device: torch.device = _CPU,
) -> Pixels:
    """SDEdit of whole pictures, one after another so that memory stays small.

    Args:
        denoise: The model.
        guides: (N, H, W, 3) pictures with strokes.
        t0: Strength in (0, 1].
        calls: Network calls for each.
        solver: One of ``SOLVERS``.
        schedule: The model's.
        seed: The first picture's; each further one has the next.
        device: Where the model is.

    Returns:
        (N, H, W, 3).
    """
    sigmas = noise_levels(schedule, t0, calls)
    results = []
    for offset, guide in enumerate(to_tensor(guides).to(device)):
        states = sdedit(
            denoise,
            guide[None],
            torch.ones(1, 1, *guide.shape[1:], device=device),
            sigmas=sigmas,
            solver=SOLVERS[solver],
            noise=SeededNoise([seed + offset]),
        )
        *_, last = states
        results.append(to_pixels(last.z)[0])
    return np.stack(results)


def evaluate(
    run: Callable[[Pixels, float], Pixels], photographs: Pixels, t0s: Sequence[float] = T0S
) -> list[Score]:
    """Measures a model on strokes simulated from photographs.

    Args:
        run: Edits guides (N, H, W, 3) at a t0.
        photographs: (N, H, W, 3), held out.
        t0s: Strengths to try.

    Returns:
        The strokes' own score, then one per ``t0``.
    """
    strokes = np.stack([simulate_strokes(photograph) for photograph in photographs])
    scores = [_score("strokes", strokes, strokes, photographs)]
    for t0 in t0s:
        scores.append(_score(f"t0 {t0:g}", run(strokes, t0), strokes, photographs))
    return scores


def table(scores: Sequence[Score]) -> str:
    """Scores as a Markdown table."""
    lines = ["| | L2 to strokes | L2 to photograph | fine detail |", "|---|---|---|---|"]
    lines += [
        f"| {score.name} | {score.l2_to_guide:.1f} | {score.l2_to_photograph:.1f} "
        f"| {score.detail:.2f} |"
        for score in scores
    ]
    return "\n".join(lines) + "\n"


def _score(name: str, pictures: Pixels, strokes: Pixels, photographs: Pixels) -> Score:
    return Score(
        name, l2(pictures, strokes), l2(pictures, photographs), detail(pictures, photographs)
    )


def _middle(picture: Image.Image, size: int) -> Pixels:
    side = min(picture.size)
    left, top = (picture.width - side) / 2, (picture.height - side) / 2
    scene = picture.resize(
        (size, size), Image.Resampling.LANCZOS, box=(left, top, left + side, top + side)
    )
    return np.asarray(scene)
