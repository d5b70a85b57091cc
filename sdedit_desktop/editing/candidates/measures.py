"""Distances between pictures, used to sort candidates."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sdedit_desktop.editing.request import Raster

_BAND = 256
"""Rows that are processed at a time, to bound memory."""

_SIDE = 24
"""Side to which pictures are reduced for comparison."""


def faithfulness(image: Raster, guide: Raster, mask: NDArray[np.uint8]) -> float:
    """How far a candidate is from its guide where it may change: L2, 0 (equal) to 1.

    The root of the mean squared difference over pixels and channels, each pixel weighted by its
    mask (255 = may change); 0 if nothing may change.

    Args:
        image: Straight RGB, (height, width, 3) in either depth.
        guide: In the shape and type of ``image``.
        mask: (height, width).
    """
    most = np.float32(np.iinfo(guide.dtype).max)
    total = 0.0
    for top in range(0, len(mask), _BAND):
        rows = slice(top, top + _BAND)
        change = (image[rows].astype(np.float32) - guide[rows]) / most
        total += float(np.einsum("hwc,hwc,hw->", change, change, mask[rows].astype(np.float32)))
    weight = 3 * int(mask.sum(dtype=np.int64))
    return math.sqrt(total / weight) if weight else 0.0


def signature(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A coarse feature vector of a picture (height, width, 3), for distances."""
    small = Image.fromarray(image).resize((_SIDE, _SIDE), Image.Resampling.BOX)
    return np.asarray(small, np.float32).ravel() / np.float32(255)


def chain(signatures: Sequence[NDArray[np.float32]], first: int = 0) -> list[int]:
    """A greedy order: each is followed by the nearest one left."""
    if not signatures:
        return []
    rows = np.stack(signatures)
    products = rows @ rows.T
    away = np.diag(products)[None] + np.diag(products)[:, None] - 2 * products
    order = [first]
    for _ in rows[1:]:
        away[:, order[-1]] = np.inf  # not chosen again
        order.append(int(away[order[-1]].argmin()))
    return order
