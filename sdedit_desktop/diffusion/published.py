"""SDEdit as published, for comparison: the authors' program and the paper's algorithms.

Both treat masks otherwise than ``sdedit.sdedit``: pixels that may not change are reset to the noise
level just left, not to the one just reached, so that some noise remains in them at the end; and
masks are hard.
"""

import math
from collections.abc import Iterator
from itertools import pairwise

import torch
from torch import Tensor

from sdedit_desktop.diffusion.denoiser import Denoiser
from sdedit_desktop.diffusion.noise import Noise
from sdedit_desktop.diffusion.schedule import REFERENCE, VE, DiscreteVP, Schedule, sigma_of_t0
from sdedit_desktop.diffusion.sdedit import State
from sdedit_desktop.errors import ModelError, ParameterError


def reference_noise_levels(schedule: Schedule, t0: float) -> Tensor:
    """Noise levels of all training steps from ``t0`` down, then 0: (steps + 1,) float64.

    Here ``t0`` is the model's own time, as in the program: 0.5 are 500 of 1000 steps.

    Raises:
        ModelError: The model was not trained in steps.
    """
    if not isinstance(schedule, DiscreteVP):
        raise ModelError("The published program knows only models trained in steps, like DDPM.")
    steps = max(1, round(t0 * len(schedule.betas)))
    return torch.cat([schedule.sigmas[:steps].flip(0), torch.zeros(1, dtype=torch.float64)])


@torch.inference_mode()
def reference(
    denoise: Denoiser,
    guide: Tensor,
    mask: Tensor,
    *,
    sigmas: Tensor,
    noise: Noise,
    repeats: int = 1,
) -> Iterator[State]:
    """The loop of the authors' program, step for step, with its order of random numbers.

    Arguments and states are those of ``sdedit.sdedit``, but grey counts as white and the last
    ``z`` still carries noise where ``mask == 0``. The authors did not clip denoised pictures.
    """
    done, total = 0, repeats * (len(sigmas) - 1)
    for _ in range(repeats):
        anchor = noise.like(guide)
        z = guide + sigmas[0] * anchor
        for sigma, sigma_next in pairwise(sigmas):
            denoised = denoise(z, sigma)
            ratio = (sigma_next / sigma) ** 2
            stepped = denoised + ratio * (z - denoised)
            stepped = stepped + sigma_next * (1 - ratio).sqrt() * noise.like(z)
            # Their state is variance preserving: one level late, its signal is also scaled too low.
            late = ((1 + sigma_next**2) / (1 + sigma**2)).sqrt() * (guide + sigma * anchor)
            z = torch.where(mask > 0, stepped, late)
            done += 1
            yield State(z, denoised, done, total)
        guide = torch.where(mask > 0, z, guide)


def paper_noise_levels(schedule: Schedule, t0: float, calls: int) -> Tensor:
    """Noise levels of the paper's algorithms, even in the model's time: (calls + 1,) float64.

    Ends at ``sigma_min`` for variance exploding models, as theirs does, else at 0.

    Raises:
        ParameterError: A step would add more noise than there is room for.
    """
    steps = torch.linspace(1, 0, calls + 1, dtype=torch.float64)
    start = torch.tensor(sigma_of_t0(t0), dtype=torch.float64)
    if isinstance(schedule, VE):
        return schedule.sigma(schedule.time(start) * steps)
    t = t0 * steps[:-1].flip(0)
    beta = REFERENCE.beta_min + t * (REFERENCE.beta_max - REFERENCE.beta_min)
    least = math.floor(t0 * beta[-1].item()) + 1
    if calls < least:
        raise ParameterError("At this t0 the paper's algorithm needs at least {0} steps.", least)
    signal = torch.log1p(-beta * t0 / calls).cumsum(0)
    levels = schedule.t0_factor * torch.expm1(-signal).sqrt().flip(0)
    return torch.cat([levels, torch.zeros(1, dtype=torch.float64)])


@torch.inference_mode()
def paper(
    denoise: Denoiser,
    guide: Tensor,
    mask: Tensor,
    *,
    sigmas: Tensor,
    preserving: bool,
    noise: Noise,
    repeats: int = 1,
) -> Iterator[State]:
    """Algorithms 2 to 5 of the paper: Euler-Maruyama with one draw per step for all pixels.

    Arguments and states are those of ``sdedit.sdedit``, but grey counts as white and the last
    ``z`` still carries noise.

    Args:
        denoise: See there.
        guide: See there.
        mask: See there.
        sigmas: See ``paper_noise_levels``.
        preserving: Whether the model is variance preserving (algorithms 4 and 5).
        noise: See there.
        repeats: See there.
    """
    done, total = 0, repeats * (len(sigmas) - 1)
    for _ in range(repeats):
        z = guide + sigmas[0] * noise.like(guide)
        for sigma, sigma_next in pairwise(sigmas):
            denoised = denoise(z, sigma)
            draw = noise.like(z)
            lost = sigma**2 - sigma_next**2
            # Squared ratio of the signal scales of the two levels: 1 for variance exploding models.
            scale = (1 + sigma_next**2) / (1 + sigma**2) if preserving else torch.ones(())
            stepped = z + lost / sigma**2 * (denoised - z) + (lost * scale).sqrt() * draw
            late = scale.sqrt() * (guide + sigma * draw)
            z = torch.where(mask > 0, stepped, late)
            done += 1
            yield State(z, denoised, done, total)
        guide = torch.where(mask > 0, z, guide)
