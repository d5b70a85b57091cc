"""Picking a colour from the picture."""

from dataclasses import dataclass

import numpy as np

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.layers import Layer
from sdedit_desktop.geometry import Rect

SIZES = (1, 3, 5)
"""Sides of the squares that can be averaged."""


@dataclass(frozen=True)
class PickOptions:
    """Where the eyedropper takes its colour from.

    Attributes:
        size: Side of the averaged square, in pixels; one of ``SIZES``.
        of_layer: Whether to sample only the active layer.
    """

    size: int = 1
    of_layer: bool = False


def color_at(
    document: Document, layer: Layer, x: float, y: float, options: PickOptions
) -> tuple[int, int, int] | None:
    """The colour around a point, 0 to 255 per channel; ``None`` if there is none.

    Pixels are weighted by opacity; the paper under all layers is white.
    """
    if not document.rect.contains(x, y):
        return None
    reach = options.size // 2
    middle = Rect(int(x), int(y), int(x) + 1, int(y) + 1)
    rect = middle.grow(reach) & document.rect
    pixels = (layer.tiles.read(rect) if options.of_layer else document.composite(rect)).astype(
        float
    )
    full = float(np.iinfo(document.dtype).max)
    color = pixels[..., :3].mean(axis=(0, 1), dtype=np.float64)
    alpha = float(pixels[..., 3].mean(dtype=np.float64))
    if not options.of_layer:
        color += full - alpha
        alpha = full
    if alpha == 0:
        return None
    red, green, blue = (round(255 * min(float(value) / alpha, 1.0)) for value in color)
    return red, green, blue
