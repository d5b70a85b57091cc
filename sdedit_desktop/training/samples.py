"""Sheets of samples that show how a training progresses."""

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image

from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.diffusion.schedule import noise_levels
from sdedit_desktop.diffusion.sdedit import sdedit
from sdedit_desktop.diffusion.solvers import DEFAULT_CALLS, DEFAULT_SOLVER, SOLVERS
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.training.evaluation.dataset import simulate_strokes
from sdedit_desktop.training.photographs import Photographs, Pixels, Split, resized
from sdedit_desktop.training.recipe import to_pixels, to_tensor
from sdedit_desktop.training.state import TrainingState
from sdedit_desktop.training.trainer import autocast

SHEET_T0S = (0.4, 0.5, 0.6)
SHEET_PHOTOGRAPHS = 8


def sample_sheet(state: TrainingState, photographs: Pixels) -> Image.Image:
    """Edits simulated strokes with the averaged weights.

    Args:
        state: Of the training.
        photographs: (N, H, H, 3), held out; H is a multiple of what the network needs.

    Returns:
        One column per photograph: itself, its strokes, then one row per ``SHEET_T0S``.
    """
    strokes = [simulate_strokes(photograph) for photograph in photographs]
    with autocast(state.device):
        edits = [
            [_edit(state, guide, t0, seed) for seed, guide in enumerate(strokes)]
            for t0 in SHEET_T0S
        ]
    return picture_grid([list(photographs), strokes, *edits])


def held_out_crops(split: Split, size: int) -> Pixels:
    """Crops for the samples, of held-out photographs if any can be read; always the same.

    Returns:
        (at most ``SHEET_PHOTOGRAPHS``, size, size, 3): the middle squares of photographs that are
        evenly spread over the list.

    Raises:
        FileFormatError: None of the photographs can be read.
    """
    for paths in (split.held_out, split.train):
        photographs = Photographs(paths)
        spread = np.linspace(0, len(paths) - 1, SHEET_PHOTOGRAPHS).round().astype(int)
        readable = [index for index in np.unique(spread) if photographs.readable(index)]
        if readable:
            return np.stack([_middle(photographs.pixels(index), size) for index in readable])
    raise FileFormatError("None of the photographs can be read.")


def picture_grid(rows: Sequence[Sequence[Pixels]]) -> Image.Image:
    """Rows of pictures, (H, W, 3) each and all of one size, in one picture."""
    return Image.fromarray(np.concatenate([np.concatenate(row, axis=1) for row in rows]))


def _edit(state: TrainingState, guide: Pixels, t0: float, seed: int) -> Pixels:
    schedule = state.terms.schedule
    *_, last = sdedit(
        state.terms.denoiser(state.average),
        to_tensor(guide[None]).to(state.device),
        torch.ones(1, 1, *guide.shape[:2], device=state.device),
        sigmas=noise_levels(schedule, t0, DEFAULT_CALLS),
        solver=SOLVERS[DEFAULT_SOLVER],
        noise=SeededNoise([seed]),
    )
    pixels: Pixels = to_pixels(last.z)[0]
    return pixels


def _middle(picture: Pixels, size: int) -> Pixels:
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return resized(picture[top : top + side, left : left + side], size)
