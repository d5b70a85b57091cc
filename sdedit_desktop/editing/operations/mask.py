"""Changes to the whole mask, each as one command. 255 = may change."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from sdedit_desktop.document.commands import PaintTiles
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.layers import MASK, Layer
from sdedit_desktop.document.tiles import keys_in, rect_of, within
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

_GROWTH = 0.03
_LEAST_GROWTH = 4
_SEEN = 8
_REACH = 1.86
"""A blurred edge falls below ``_SEEN`` of 255 this many standard deviations outside."""

Mask: TypeAlias = NDArray[np.uint8]


def cleared(document: Document) -> PaintTiles | None:
    """Clears the mask; ``None`` if it is empty."""
    edit = document.mask.edit()
    edit.fill(document.mask.bounds(), 0)
    change = edit.commit()
    return PaintTiles(Text("Clear mask"), MASK, change) if change.keys else None


def inverted(document: Document) -> PaintTiles:
    """Inverts the mask, grey values included."""
    edit = document.mask.edit()
    for key in keys_in(document.rect):
        inner = within(rect_of(key) & document.rect, rect_of(key))
        np.subtract(255, edit.before(key)[inner], out=edit.pixels(key)[inner])
    return PaintTiles(Text("Invert mask"), MASK, edit.commit())


def usual_margin(document: Document, layer: Layer) -> int:
    """Default margin of a mask around the paint on a layer, in pixels.

    It grows with the painting, because the model needs room to blend.
    """
    painted = layer.tiles.content_rect() & document.rect
    return max(_LEAST_GROWTH, round(_GROWTH * max(painted.width, painted.height)))


def from_strokes(
    document: Document, layer: Layer, margin: int | None = None, feather: int = 0
) -> PaintTiles | None:
    """Masks the paint on a layer; ``None`` if there is none.

    Args:
        document: Whose mask is made.
        layer: With the paint.
        margin: Pixels beyond the paint; ``None`` is ``usual_margin``.
        feather: Width of the fade in pixels, on both sides of the edge.
    """
    painted = layer.tiles.content_rect() & document.rect
    if not painted:
        return None
    margin = usual_margin(document, layer) if margin is None else margin
    rect = painted.grow(3 * margin + 2 * feather + 1) & document.rect
    top = np.iinfo(document.dtype).max
    alpha = layer.tiles.read(rect)[..., 3] > top // _SEEN
    mask = grown(alpha, margin) if margin else alpha.astype(np.uint8) * np.uint8(255)
    return replaced(document, rect, _blurred(mask, feather), Text("Mask from strokes"))


def filled(document: Document) -> PaintTiles:
    """Masks the whole picture."""
    edit = document.mask.edit()
    edit.fill(document.rect, 255)
    return PaintTiles(Text("Mark everything"), MASK, edit.commit())


def enlarged(document: Document, pixels: int) -> PaintTiles | None:
    """Grows the mask, or shrinks it if ``pixels`` is negative. Corners become round."""
    label = Text("Grow mask") if pixels > 0 else Text("Shrink mask")
    if pixels < 0:
        return _filtered(document, label, lambda mask: 255 - grown(mask < 128, -pixels))
    return _filtered(
        document, label, lambda mask: np.maximum(grown(mask >= 128, pixels), mask), 2 * pixels
    )


def feathered(document: Document, pixels: int) -> PaintTiles | None:
    """Blurs the mask's edge over about ``pixels`` on both sides."""
    return _filtered(document, Text("Feather mask"), lambda m: _blurred(m, pixels), 2 * pixels)


def _blurred(mask: Mask, pixels: int) -> Mask:
    return np.asarray(Image.fromarray(mask).filter(ImageFilter.GaussianBlur(pixels / 2)))


def _filtered(
    document: Document, label: Text, change: Callable[[Mask], Mask], reach: int = 0
) -> PaintTiles | None:
    """Filters the mask within ``reach`` of it; ``None`` if it is empty."""
    marked = document.mask.content_rect() & document.rect
    if not marked:
        return None
    rect = marked.grow(reach + 1) & document.rect
    return replaced(document, rect, change(document.mask.read(rect)[..., 0]), label)


def replaced(document: Document, rect: Rect, mask: Mask, label: Text) -> PaintTiles:
    """Replaces the whole mask by ``mask``, (height, width) of ``rect``."""
    edit = document.mask.edit()
    edit.fill(document.mask.bounds(), 0)
    edit.write(rect, mask[..., None])
    return PaintTiles(label, MASK, edit.commit())


def grown(marked: NDArray[np.bool_], margin: int) -> Mask:
    """255 within ``margin`` pixels of the mask, 0 elsewhere."""
    blurred = Image.fromarray(marked.astype(np.uint8) * 255).filter(
        ImageFilter.GaussianBlur(margin / _REACH)
    )
    near = (np.asarray(blurred) > _SEEN) | marked
    return near.astype(np.uint8) * np.uint8(255)
