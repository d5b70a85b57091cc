"""The automatic choice of the numeric precision."""

import logging
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from sdedit_desktop.diffusion import devices
from sdedit_desktop.diffusion.checkpoints.model import Model
from sdedit_desktop.diffusion.interruption import Check, between_layers, never
from sdedit_desktop.diffusion.schedule import sigma_of_t0

logger = logging.getLogger(__name__)

LARGEST_ERROR = 0.02
"""Largest relative error of the predicted noise at which half precision is used."""

_STRENGTHS = (0.2, 0.5)
"""Values of t0 at which the precisions are compared."""


def open_automatic(
    open_in: Callable[[torch.dtype], Model], device: torch.device, check: Check = never
) -> Model:
    """Opens a model in bfloat16 if the device is fast in it and the error is small.

    The two calls on a small picture warm the network up as well.

    Args:
        open_in: Opens the model in a type.
        device: Where it runs.
        check: Polled during these calls.
    """
    if not devices.computes_in_bfloat16(device):
        return open_in(torch.float32)
    # The first is freed before the other is read.
    expected = predicted_noise(open_in(torch.float32), check)
    half = open_in(torch.bfloat16)
    error = relative_error(predicted_noise(half, check), expected)
    logger.info("%s errs by %.2g in bfloat16", half.card.name, error)
    return half if error < LARGEST_ERROR else open_in(torch.float32)


@torch.inference_mode()
def predicted_noise(model: Model, check: Check = never) -> Tensor:
    """The noise that a model finds in a smooth picture of half its size: (2, C, H, W).

    ``check`` is polled before each layer.
    """
    shape, conditioning = model.trial()
    device = next(model.network.parameters()).device
    draw = torch.Generator().manual_seed(0)
    coarse = torch.randn(1, shape[1], 4, 4, generator=draw).clamp(-1, 1) / 2
    picture = functional.interpolate(coarse, shape[2:], mode="bicubic").to(device)
    noise = torch.randn(shape, generator=draw).to(device)
    denoise = model.denoiser(clip=False, conditioning=conditioning)
    schedule = model.schedule
    found = []
    for t0 in _STRENGTHS:
        sigma = torch.tensor(sigma_of_t0(t0, schedule.t0_factor), dtype=torch.float64)
        sigma = sigma.clamp(schedule.sigma_min, schedule.sigma_max)
        z = picture + sigma.item() * noise
        with between_layers(model.network, check):
            found.append((z - denoise(z, sigma)) / sigma.item())
    return torch.cat(found)


def relative_error(found: Tensor, expected: Tensor) -> float:
    """Root mean square error, as a share of the expected values' root mean square."""
    return float((found - expected).norm() / expected.norm())
