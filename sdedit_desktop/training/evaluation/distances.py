"""Distances between pictures, and how much fine detail they have.

Pictures are (H, W, 3), and ``inside`` tells which of their pixels count, (H, W).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own idiom

from sdedit_desktop.training.evaluation.dataset import Mask
from sdedit_desktop.training.photographs import Pixels

Inside = NDArray[np.bool_]


def l2(picture: Pixels, other: Pixels, inside: Inside) -> float:
    """The paper's distance: the norm of the difference of pictures in [0, 1], at 256 px.

    Pictures of another size, or parts of them, count as if enlarged to 256 px. 37.67 (the paper's
    churches) is a root mean square of 0.085.
    """
    change = (picture.astype(np.float64) - other)[inside] / 255
    return float(np.sqrt((change**2).mean() * 256 * 256 * 3))


def detail(picture: Pixels, photograph: Pixels, inside: Inside) -> float:
    """Finest detail (pixel against the mean of its neighbours), relative to the photograph's."""
    energy, usual = (_fine_energy(each, inside) for each in (picture, photograph))
    return float(np.sqrt(energy / max(usual, 1e-9)))


def seam(picture: Pixels, photograph: Pixels, inside: Inside) -> float:
    """Differences of neighbours across the border of the mask, relative to the photograph's.

    Args:
        picture: Edited inside the mask.
        photograph: What it was.
        inside: The mask: where it might change at all.

    Returns:
        1 if neighbours across the border differ as they did, more if there is an edge.
    """
    return _steps(picture, inside) / max(_steps(photograph, inside), 1e-9)


def perceptual(maps: Sequence[Tensor], others: Sequence[Tensor], mask: Mask) -> float:
    """A distance in the manner of LPIPS (Zhang et al. 2018), without its learned weights.

    Feature maps of one picture each are scaled to length 1 over their channels; squared
    differences are added over channels, averaged over the mask, then over the depths. LPIPS itself
    weighs channels by what people said, on a network whose weights no package brings.

    Args:
        maps: (1, C, h, w) at each depth.
        others: Like ``maps``.
        mask: (H, W): where to look, and how much it counts.
    """
    weights = Tensor(mask.astype(np.float32))[None, None]
    total = 0.0
    for one, other in zip(maps, others, strict=True):
        change = (F.normalize(one, dim=1) - F.normalize(other, dim=1)).square().sum(1, keepdim=True)
        height, width = change.shape[2:]
        share = F.adaptive_avg_pool2d(weights, (height, width)).to(change)
        total += float((change * share).sum() / share.sum())
    return total / len(maps)


def _fine_energy(picture: Pixels, inside: Inside) -> float:
    """Mean squared difference of pixels from the mean of their four neighbours."""
    values = picture.astype(np.float64)
    around = values[:-2, 1:-1] + values[2:, 1:-1] + values[1:-1, :-2] + values[1:-1, 2:]
    difference = (values[1:-1, 1:-1] - around / 4) ** 2
    return float(difference[inside[1:-1, 1:-1]].mean())


def _steps(picture: Pixels, inside: Inside) -> float:
    values = picture.astype(np.float64)
    across = np.abs(np.diff(values, axis=1)).mean(2)[inside[:, 1:] != inside[:, :-1]]
    down = np.abs(np.diff(values, axis=0)).mean(2)[inside[1:] != inside[:-1]]
    steps = np.concatenate([across, down])
    return float(steps.mean()) if steps.size else 0.0
