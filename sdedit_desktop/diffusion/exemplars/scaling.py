"""Resizing of pictures, and its effect on noise."""

import math
from collections.abc import Sequence
from functools import reduce

import torch
from torch import Tensor
from torch.nn import functional

STEP = 2**0.5
"""Factor between the scales of neighbouring levels."""


def reduced_size(shape: Sequence[int], factor: float, least: int) -> tuple[int, int]:
    """Height and width divided by a factor; neither falls below ``least`` nor grows."""
    height, width = (min(length, max(least, round(length / factor))) for length in shape)
    return height, width


def resized(pictures: Tensor, size: Sequence[int]) -> Tensor:
    """Pictures (N, C, H, W) at another size, antialiased."""
    if tuple(pictures.shape[2:]) == tuple(size):
        return pictures
    return functional.interpolate(
        pictures, tuple(size), mode="bilinear", antialias=True, align_corners=False
    )


def enlarged(pictures: Tensor, size: Sequence[int]) -> Tensor:
    """Pictures (N, C, H, W) at a larger size, within [-1, 1]."""
    if tuple(pictures.shape[2:]) == tuple(size):
        return pictures
    return functional.interpolate(
        pictures, tuple(size), mode="bicubic", align_corners=False
    ).clamp_(-1, 1)


def padded(pictures: Tensor, reach: int) -> Tensor:
    """Pictures (N, C, H, W) padded by reflection."""
    mode = "reflect" if min(pictures.shape[2:]) > reach else "replicate"
    return functional.pad(pictures, (reach,) * 4, mode=mode)


def extremes(pictures: Tensor, width: int) -> Tensor:
    """The lowest and then the highest values around each pixel.

    Args:
        pictures: (N, C, H, W).
        width: Of the squares around them, in pixels; odd.

    Returns:
        (N, 2 C, H, W).
    """
    found, reach = torch.cat([-pictures, pictures], 1), width // 2
    for axis, around in ((2, (0, 0, reach, reach)), (3, (reach, reach))):
        wider = functional.pad(found, around, value=-math.inf)  # pooling is many times slower
        parts = (wider.narrow(axis, i, pictures.shape[axis]) for i in range(width))
        found = reduce(torch.maximum, parts)
    found[:, : pictures.shape[1]].neg_()
    return found


def noise_gain(basis: Tensor, old: Sequence[int], new: Sequence[int]) -> Tensor:
    """Standard deviation of filtered white noise after it was resized with the picture.

    Reducing a picture averages its noise and correlates what is left. Distances of patches are
    likelihoods only if every feature is divided by its own noise.

    Args:
        basis: Orthonormal filters, (features, C, patch, patch).
        old: Height and width at which the noise is white and its deviation is 1.
        new: Height and width that it is resized to.

    Returns:
        (features,).
    """
    if tuple(old) == tuple(new):
        return basis.new_ones(len(basis))
    width = basis.shape[-1]
    lag = (torch.arange(width)[:, None] - torch.arange(width)[None]).abs()
    rows, columns = (
        _correlation(length, target, width)[lag].to(basis)
        for length, target in zip(old, new, strict=True)
    )
    mixed = torch.einsum("dcyx,yv,xw->dcvw", basis, rows, columns)
    return (mixed * basis).sum((1, 2, 3)).clamp_min(1e-4).sqrt()


def _correlation(old: int, new: int, lags: int) -> Tensor:
    """Covariance of resized white noise along one axis at distances below ``lags``: (lags,)."""
    middle = min(old, 64 * max(1, old // new))  # the middle of a long axis is representative
    target = max(1, round(middle * new / old))
    if middle == old:
        target = new
    matrix = resized(torch.eye(middle)[None, None], (middle, target))[0, 0].T
    return torch.stack(
        [
            (matrix[: target - lag] * matrix[lag:]).sum(1).mean()
            if lag < target
            else matrix.new_zeros(())
            for lag in range(lags)
        ]
    )
