"""Painted colours that nearly match what lies beside them."""

import math

import torch
from torch import Tensor
from torch.nn import functional

_SIMILAR = 0.15
"""Larger steps between colours, in [-1, 1], are taken to be meant."""

_LENGTH = 8.0
"""Standard deviation in pixels of the Gaussian by which steps are averaged and spread."""

_SAMPLES = math.sqrt(math.pi) * _LENGTH
"""Independent ones among the weighted pixels of a straight edge: every second pixel counts."""

_FAINT = 0.2
"""Of the weight beside a straight edge: where there is less, the change fades."""


def matched_to_surroundings(guide: Tensor, free: Tensor) -> Tensor:
    """Moves painted colours towards those across the mask's edge where they are similar.

    A sky that is painted a shade too light up to the mask's edge would keep that edge. The mean
    step across the edge is added inside, fading with the distance, as far as it exceeds what
    texture explains (two variances of the mean) and is too small to be meant.

    Args:
        guide: The picture with strokes, (N, 3, H, W) in [-1, 1].
        free: What may change, booleans (1, 1, H, W).

    Returns:
        The same picture with other colours where it is free.
    """
    known = (~free).to(guide)
    edge = free & (functional.max_pool2d(known, 3, 1, 1) > 0)
    if not edge.any():
        return guide
    beside = functional.avg_pool2d(guide * known, 3, 1, 1)
    beside /= functional.avg_pool2d(known, 3, 1, 1).clamp_min(1e-6)
    steps = (beside - guide) * edge
    squares = steps.square().sum(1, keepdim=True)
    weight = _blurred(edge.to(guide))
    mean, square = (_blurred(each) / weight.clamp_min(1e-6) for each in (steps, squares))
    size = mean.square().sum(1, keepdim=True)
    doubt = 2 / _SAMPLES * (square - size) / size.clamp_min(1e-9)
    share = (1 - doubt).clamp_(0, 1) * torch.exp(-size / _SIMILAR**2)
    straight = 1 / (math.sqrt(2 * math.pi) * _LENGTH)
    fade = (weight / (_FAINT * straight)).clamp_(max=1)
    return torch.where(free, guide + mean * share * fade, guide).clamp(-1, 1)


def _blurred(pictures: Tensor) -> Tensor:
    """Pictures (N, C, H, W) convolved with a Gaussian."""
    reach = math.ceil(3 * _LENGTH)
    steps = torch.arange(-reach, reach + 1).to(pictures)
    kernel = torch.exp(-(steps**2) / (2 * _LENGTH**2))
    kernel = (kernel / kernel.sum())[None, None, :, None]
    flat = pictures.flatten(0, 1)[:, None]
    down = functional.conv2d(flat, kernel, padding=(reach, 0))
    return functional.conv2d(down, kernel.mT, padding=(0, reach)).view_as(pictures)
