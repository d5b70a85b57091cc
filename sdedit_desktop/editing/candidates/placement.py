"""Moves candidates with the document when it is cropped, rotated, mirrored or scaled."""

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.document.files import codec
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.editing.request import Raster
from sdedit_desktop.geometry import Rect


def placed(
    pixels: Raster, alpha: NDArray[np.uint8], rect: Rect, moved: Matrix
) -> tuple[Raster, NDArray[np.uint8], Rect]:
    """Transforms a picture and its mask.

    Exact for crops, flips and quarter turns; scaled with Lanczos' filter otherwise.

    Args:
        pixels: Straight RGB (height, width, 3), uint8 or uint16.
        alpha: Its opacity, (height, width).
        rect: Its rectangle in the document.
        moved: The transform; axis-aligned.
    """
    if moved == Matrix():
        return pixels, alpha, rect
    there = moved.bounds(rect)
    return (
        _fitted(arranged(pixels, moved), there),
        _fitted(arranged(alpha[..., None], moved), there)[..., 0].astype(np.uint8),
        there,
    )


def arranged(pixels: Raster, moved: Matrix) -> Raster:
    """A picture mirrored and rotated by quarter turns as the matrix says, in the old size."""
    upright = pixels if moved.xx else pixels.transpose(1, 0, 2)
    down, across = np.sign(moved.yy + moved.yx), np.sign(moved.xx + moved.xy)
    return upright[:: int(down), :: int(across)]


def _fitted(pixels: Raster, rect: Rect) -> Raster:
    height, width, channels = pixels.shape
    if (width, height) == (rect.width, rect.height):
        return np.ascontiguousarray(pixels)
    image = codec.to_vips(pixels).resize(rect.width / width, vscale=rect.height / height)
    # libvips rounds the size, which differs by at most a pixel.
    image = image.embed(0, 0, rect.width, rect.height, extend="copy")
    image = image.cast("ushort" if pixels.dtype == np.uint16 else "uchar")
    data: Raster = np.frombuffer(image.write_to_memory(), pixels.dtype)
    return data.reshape(rect.height, rect.width, channels)
