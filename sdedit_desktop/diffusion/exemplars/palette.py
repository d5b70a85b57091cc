"""Painted colours that the exemplars lack."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from sdedit_desktop.diffusion.exemplars.atlas import Exemplar
from sdedit_desktop.diffusion.exemplars.scaling import reduced_size, resized

_SIDE = 128
_FINE = 0.01
_WIDTH = 3
_WHOLE = 0.999
_NEAR = 0.05


def missing_colours(
    guide: Tensor, exemplars: Sequence[Exemplar], free: Tensor, most: float = 1.0
) -> Tensor:
    """The offset from exemplars' colours to the painted ones.

    It is each painted colour minus the most similar one of the exemplars, and 0 where they have it.
    A denoiser of ``x_0 - missing`` paints exemplars' textures in the painted colours.

    Args:
        guide: (N, 3, H, W) in [-1, 1].
        exemplars: The exemplars.
        free: What was painted, booleans (1, 1, H, W).
        most: Share of the offset to return, in [0, 1].

    Returns:
        (N, 3, H, W), 0 where nothing is free.
    """
    factor = max(1.0, min(guide.shape[2:]) / _SIDE)
    size = reduced_size(guide.shape[2:], factor, 1)
    inside = resized(free.float(), size)[0, 0] > 0
    palette = _distinct(torch.cat([_palette(each) for each in exemplars]))
    colours = resized(guide.float(), size)[:, :, inside].transpose(1, 2)  # (N, n, 3)
    missing = guide.new_zeros(len(guide), 3, *size, dtype=torch.float32)
    if len(palette):
        for found, each in zip(missing, colours, strict=True):
            found[:, inside] = _lacking(each, palette).T
        missing = functional.avg_pool2d(missing, 3, 1, 1, count_include_pad=False)
        missing = functional.avg_pool2d(missing, 3, 1, 1, count_include_pad=False)
    missing = functional.interpolate(missing, guide.shape[2:], mode="bilinear", align_corners=False)
    return most * missing * free.to(missing)


def _lacking(colours: Tensor, palette: Tensor) -> Tensor:
    """Colours (n, 3) minus the most similar ones of a palette (m, 3)."""
    kinds, which = torch.unique((colours / _FINE).round(), dim=0, return_inverse=True)
    distance, nearest = torch.cdist(kinds * _FINE, palette).min(1)
    share = ((distance - _NEAR) / distance.clamp_min(1e-6)).clamp_min(0)
    return share[which, None] * (colours - palette[nearest[which]])


def _distinct(colours: Tensor) -> Tensor:
    """One representative of each similar colour, (n, 3)."""
    if not len(colours):
        return colours
    _, which = torch.unique((colours / _NEAR).round(), dim=0, return_inverse=True)
    kinds = int(which.max()) + 1
    total = colours.new_zeros(kinds, 3).index_add_(0, which, colours)
    return total / torch.bincount(which, minlength=kinds)[:, None]


def _palette(exemplar: Exemplar) -> Tensor:
    """Mean colours of an exemplar's patches: what single pixels have cannot be painted: (n, 3)."""
    shape = exemplar.valid.shape
    picture, valid = exemplar.at(reduced_size(shape, max(1.0, min(shape) / _SIDE), 1))
    if min(picture.shape[2:]) < _WIDTH:
        return picture[0, :, valid[0, 0]].T
    means = functional.avg_pool2d(torch.nan_to_num(picture), _WIDTH, 1)[0]
    whole = functional.avg_pool2d(valid.float(), _WIDTH, 1)[0, 0] > _WHOLE
    return means[:, whole].T
