"""Feathering: a result is opaque well inside the mask and fades to nothing at its edge."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sdedit_desktop.geometry import Rect

_WIDTH = 0.06
"""Width of the fade, as a fraction of the side of a square with the mask's area."""

_FINEST = 12
"""Wider fades are computed on a reduced picture, where they are about this many pixels wide."""


def feather(mask: NDArray[np.uint8], widest: float = math.inf) -> NDArray[np.uint8]:
    """The opacity of a result at each pixel.

    It grows from the mask's edge inwards, and reaches 255 in the middle of even the thinnest part.
    Edges of the array do not count: a mask at the border of the picture is not faded there.

    Args:
        mask: (height, width), 0 = must not change; any other value may.
        widest: Largest width of the fade, in pixels.

    Returns:
        (height, width); 0 exactly where ``mask`` is 0, at least 1 elsewhere.
    """
    support = mask > 0
    if support.all() or not support.any():
        return support * np.uint8(255)
    width = max(1.0, min(widest, _WIDTH * math.sqrt(np.count_nonzero(support))))
    factor = max(1, round(width / _FINEST))
    fade = _fade(support, width) if factor == 1 else _fade_reduced(support, width, factor)
    return np.where(support, np.clip(np.rint(fade * 255), 1, 255), 0).astype(np.uint8)


def bounds(mask: NDArray[np.uint8]) -> Rect:
    """The smallest rectangle around all of a mask that is not 0; empty if there is none."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return Rect(0, 0, 0, 0)
    return Rect(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def _fade_reduced(support: NDArray[np.bool_], width: float, factor: int) -> NDArray[np.float32]:
    """``_fade`` at ``1 / factor`` of the size; the mask's own pixels keep their exact outline."""
    height, length = support.shape
    small = (max(1, length // factor), max(1, height // factor))
    cover = _resized(support.astype(np.float32), small, Image.Resampling.BOX)
    fade = _fade(cover > 0, width * small[0] / length) * cover
    up = Image.Resampling.BILINEAR
    weight = np.maximum(_resized(cover, (length, height), up), np.float32(1e-3))
    result: NDArray[np.float32] = (_resized(fade, (length, height), up) / weight).astype(np.float32)
    return result


def _fade(support: NDArray[np.bool_], width: float) -> NDArray[np.float32]:
    """0 to 1 over ``width`` pixels, or over half the local thickness where that is less."""
    reach = math.ceil(width)
    distance = _distance(support, reach)
    thickness = distance
    for _ in range(2):
        thickness = _running_max(thickness, reach).T
    ramp = distance / np.minimum(np.maximum(thickness, 1e-3), width)
    ramp = np.clip(ramp, 0, 1)
    return (ramp * ramp * (3 - 2 * ramp)).astype(np.float32)


def _distance(support: NDArray[np.bool_], reach: int) -> NDArray[np.float32]:
    """Euclidean distance to the nearest pixel outside, at most ``reach``; exact up to there.

    By rows first, then the lower envelope over columns (Saito and Toriwaki 1994).
    """
    height, width = support.shape
    column = np.arange(width)
    left = column - np.maximum.accumulate(np.where(support, -reach, column), axis=1)
    right_most = np.where(support, width + reach, column)[:, ::-1]
    right = np.minimum.accumulate(right_most, axis=1)[:, ::-1] - column
    squared = np.minimum(np.minimum(left, right), reach).astype(np.int32) ** 2
    nearest = squared.copy()
    for step in range(1, min(reach, height)):
        np.minimum(nearest[step:], squared[:-step] + step * step, out=nearest[step:])
        np.minimum(nearest[:-step], squared[step:] + step * step, out=nearest[:-step])
    return np.sqrt(nearest, dtype=np.float32)


def _running_max(values: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """The largest value within ``reach`` rows above and below each pixel."""
    result = values.copy()
    done = 0
    while done < reach:
        step = min(done + 1, reach - done)
        if step >= len(values):
            break
        wider = result.copy()
        np.maximum(wider[step:], result[:-step], out=wider[step:])
        np.maximum(wider[:-step], result[step:], out=wider[:-step])
        result, done = wider, done + step
    return result


def _resized(
    values: NDArray[np.float32], size: tuple[int, int], how: Image.Resampling
) -> NDArray[np.float32]:
    return np.asarray(Image.fromarray(values).resize(size, how))
