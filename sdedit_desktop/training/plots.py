"""Pictures that show how training goes: the curve of the loss, and a sheet of samples."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from sdedit_desktop.training.evaluation import edit, simulate_strokes
from sdedit_desktop.training.photographs import Pixels
from sdedit_desktop.training.state import TrainingState
from sdedit_desktop.training.trainer import autocast

SHEET_T0S = (0.4, 0.5, 0.6)
Floats = NDArray[np.float64]

_MARGIN = 56
_INK, _PAPER, _RULE, _CURVE = "#333333", "#ffffff", "#dddddd", "#1f6fb5"


def sample_sheet(state: TrainingState, photographs: Pixels) -> Image.Image:
    """Edits of simulated strokes with the averaged weights.

    Args:
        state: The model.
        photographs: (N, H, W, 3), not trained on; H and W multiples of what the network wants.

    Returns:
        One column per photograph: itself, its strokes, then one row per ``SHEET_T0S``.
    """
    strokes = np.stack([simulate_strokes(photograph) for photograph in photographs])
    denoise, schedule = state.terms.denoiser(state.average), state.terms.schedule
    with autocast(state.device):
        edits = [
            edit(denoise, strokes, t0=t0, schedule=schedule, device=state.device)
            for t0 in SHEET_T0S
        ]
    rows = [photographs, strokes, *edits]
    return Image.fromarray(np.vstack([np.hstack(list(row)) for row in rows]))


def loss_curve(losses: Sequence[float], size: tuple[int, int] = (960, 480)) -> Image.Image:
    """Draws the loss over the steps, averaged over a hundredth of them, on a logarithmic scale.

    Args:
        losses: One per step from the first; NaN where a step was thrown away.
        size: Width and height of the picture.
    """
    picture = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(picture)
    shares, means = run_means(losses)
    if len(means) < 2:
        draw.text((_MARGIN, _MARGIN), "Too few steps for a curve yet.", fill=_INK)
        return picture
    right, bottom = size[0] - _MARGIN // 2, size[1] - _MARGIN
    low, high = np.log(means.min()), np.log(means.max()) + 1e-6

    def place(share: float, value: float) -> tuple[float, float]:
        height = (np.log(value) - low) / (high - low)
        return _MARGIN + share * (right - _MARGIN), bottom - height * (bottom - _MARGIN / 2)

    for value in np.exp(np.linspace(low, high, 6)):
        start, end = place(0, value), place(1, value)
        draw.line([start, end], fill=_RULE)
        draw.text((4, start[1] - 6), f"{value:.3f}", fill=_INK)
    for share in np.linspace(0, 1, 6):
        left = _MARGIN + share * (right - _MARGIN)
        draw.text((left - 12, bottom + 8), f"{share * len(losses):.0f}", fill=_INK)
    points = [place(*point) for point in zip(shares, means, strict=True)]
    draw.line(points, fill=_CURVE, width=2)
    draw.text((_MARGIN, size[1] - 20), "loss over steps", fill=_INK)
    return picture


def run_means(losses: Sequence[float]) -> tuple[Floats, Floats]:
    """Means over at most 100 runs of neighbouring steps; runs without a loss are left out.

    Returns:
        Where the runs are, from 0 (first step) to 1 (last), and their means.
    """
    runs = np.array_split(np.asarray(losses, np.float64), max(1, min(100, len(losses))))
    places = (np.arange(len(runs)) + 0.5) / len(runs)
    known = [place for place, run in enumerate(runs) if np.isfinite(run).any()]
    return places[known], np.array([np.nanmean(runs[place]) for place in known])
