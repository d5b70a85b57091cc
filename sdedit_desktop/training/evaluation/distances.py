"""Distances between pictures, and how much fine detail they have."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own idiom

from sdedit_desktop.training.evaluation.dataset import Mask
from sdedit_desktop.training.photographs import Pixels


def l2(pictures: Pixels, others: Pixels) -> float:
    """The mean of ``l2_each``. 37.67 (the paper's churches) is a root mean square of 0.085."""
    return float(l2_each(pictures, others).mean())


def l2_each(pictures: Pixels, others: Pixels) -> NDArray[np.float64]:
    """The paper's distance: the norm of the difference of pictures in [0, 1], at 256 px.

    Pictures of another size count as if enlarged to 256 px.

    Args:
        pictures: (N, H, W, 3).
        others: (N, H, W, 3).

    Returns:
        (N,).
    """
    change = (pictures.astype(np.float64) - others) / 255
    rms = np.sqrt((change**2).mean(axis=(1, 2, 3)))
    distances: NDArray[np.float64] = rms * np.sqrt(256 * 256 * 3)
    return distances


def detail(pictures: Pixels, photographs: Pixels) -> float:
    """Finest detail (pixel against the mean of its neighbours), relative to photographs.

    Args:
        pictures: (N, H, W, 3).
        photographs: (M, H, W, 3).
    """
    return float(np.sqrt(fine_energy(pictures) / fine_energy(photographs)))


def seam(picture: Pixels, photograph: Pixels, mask: Mask) -> float:
    """Differences of neighbours across the border of the mask, relative to the photograph's.

    Args:
        picture: (H, W, 3), edited inside the mask.
        photograph: (H, W, 3), what it was.
        mask: Where it might change at all: more than 0.

    Returns:
        1 if neighbours across the border differ as they did, more if there is an edge.
    """
    return _steps(picture, mask > 0) / max(_steps(photograph, mask > 0), 1e-9)


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


def fine_energy(pictures: Pixels, inside: NDArray[np.bool_] | None = None) -> float:
    """Mean squared difference of pixels from the mean of their four neighbours.

    Args:
        pictures: (N, H, W, 3).
        inside: (H, W), which pixels count; None for all. Those at the border never do.
    """
    values = pictures.astype(np.float64)
    around = values[:, :-2, 1:-1] + values[:, 2:, 1:-1] + values[:, 1:-1, :-2] + values[:, 1:-1, 2:]
    difference = (values[:, 1:-1, 1:-1] - around / 4) ** 2
    if inside is not None:
        difference = difference[:, inside[1:-1, 1:-1]]
    return float(difference.mean())


def _steps(picture: Pixels, inside: NDArray[np.bool_]) -> float:
    values = picture.astype(np.float64)
    across = np.abs(np.diff(values, axis=1)).mean(2)[inside[:, 1:] != inside[:, :-1]]
    down = np.abs(np.diff(values, axis=0)).mean(2)[inside[1:] != inside[:-1]]
    steps = np.concatenate([across, down])
    return float(steps.mean()) if steps.size else 0.0
