"""Sheets of samples that show how a training progresses."""

import numpy as np
import torch
from PIL import Image

from sdedit_desktop.diffusion.denoiser import Denoiser
from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.diffusion.schedule import Schedule, noise_levels
from sdedit_desktop.diffusion.sdedit import sdedit
from sdedit_desktop.diffusion.solvers import DEFAULT_CALLS, DEFAULT_SOLVER, SOLVERS
from sdedit_desktop.training.evaluation.dataset import simulate_strokes
from sdedit_desktop.training.photographs import Pixels
from sdedit_desktop.training.plots import picture_grid
from sdedit_desktop.training.recipe import SCHEDULE, to_pixels, to_tensor
from sdedit_desktop.training.state import TrainingState
from sdedit_desktop.training.trainer import autocast

SHEET_T0S = (0.4, 0.5, 0.6)


def sample_sheet(state: TrainingState, photographs: Pixels) -> Image.Image:
    """Edits simulated strokes with the averaged weights.

    Args:
        state: Of the training.
        photographs: (N, H, H, 3), held out; H is a multiple of what the network needs.

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
    return picture_grid([list(row) for row in (photographs, strokes, *edits)], photographs.shape[1])


def edit(
    denoise: Denoiser,
    guides: Pixels,
    *,
    t0: float,
    calls: int = DEFAULT_CALLS,
    schedule: Schedule = SCHEDULE,
    seed: int = 0,
    device: torch.device | None = None,
) -> Pixels:
    """SDEdit of whole pictures, one after another to save memory.

    Args:
        denoise: The model.
        guides: (N, H, W, 3) pictures with strokes.
        t0: Strength in (0, 1].
        calls: Network calls for each.
        schedule: The model's.
        seed: Of the first picture; each further one has the next.
        device: Of the model; None for the CPU.

    Returns:
        (N, H, W, 3).
    """
    sigmas = noise_levels(schedule, t0, calls)
    results = []
    for offset, guide in enumerate(to_tensor(guides).to(device or "cpu")):
        *_, last = sdedit(
            denoise,
            guide[None],
            torch.ones(1, 1, *guide.shape[1:], device=device),
            sigmas=sigmas,
            solver=SOLVERS[DEFAULT_SOLVER],
            noise=SeededNoise([seed + offset]),
        )
        results.append(to_pixels(last.z)[0])
    return np.stack(results)
