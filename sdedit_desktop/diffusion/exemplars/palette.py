"""Painted colours that the exemplars do not have."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from sdedit_desktop.diffusion.exemplars.atlas import Exemplar
from sdedit_desktop.diffusion.exemplars.scaling import reduced_size, resized

_SIDE = 128
_COLOURS = 20_000
_NEAR = 0.05


def missing_colours(
    guide: Tensor, exemplars: Sequence[Exemplar], free: Tensor, most: float = 1.0
) -> Tensor:
    """What must be added to exemplars' colours to have what was painted.

    That is each painted colour less the most similar one that the exemplars have, 0 where they
    have it. A denoiser of ``x_0 - missing`` paints exemplars' textures in the painted colours.

    Args:
        guide: (N, 3, H, W) in [-1, 1].
        exemplars: What there is.
        free: Where it was painted, booleans (1, 1, H, W).
        most: How much of it to add, in [0, 1].

    Returns:
        (N, 3, H, W), 0 where nothing is free.
    """
    factor = max(1.0, min(guide.shape[2:]) / _SIDE)
    size = reduced_size(guide.shape[2:], factor, 1)
    palette = torch.cat([_palette(each) for each in exemplars])
    if not len(palette):
        return torch.zeros_like(guide)
    palette = palette[:: max(1, len(palette) // _COLOURS)]
    colours = resized(guide.float(), size).permute(0, 2, 3, 1).reshape(-1, 3)
    found = []
    for each in torch.split(colours, 1024):
        distance, nearest = torch.cdist(each, palette).min(1)
        share = ((distance - _NEAR) / distance.clamp_min(1e-6)).clamp_min(0)[:, None]
        found.append(share * (each - palette[nearest]))
    missing = torch.cat(found).view(len(guide), *size, 3).permute(0, 3, 1, 2)
    missing = functional.interpolate(missing, guide.shape[2:], mode="bilinear", align_corners=False)
    return most * missing * free.to(missing)


def _palette(exemplar: Exemplar) -> Tensor:
    """Colours of an exemplar, reduced so that no single pixel's noise counts: (n, 3)."""
    shape = exemplar.valid.shape
    picture, valid = exemplar.at(reduced_size(shape, max(1.0, min(shape) / _SIDE), 1))
    return picture[0, :, valid[0, 0]].T
