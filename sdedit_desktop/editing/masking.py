"""Changes to the whole mask, each as one command. 255 = may change."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from sdedit_desktop.document.commands import PaintMask
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.layers import Layer
from sdedit_desktop.document.tiles import keys_in, rect_of, within
from sdedit_desktop.geometry import Rect

_GROWTH = 0.03
_LEAST_GROWTH = 4
_SEEN = 8


def cleared(document: Document) -> PaintMask | None:
    """Marks nothing; ``None`` if nothing was marked."""
    edit = document.mask.edit()
    edit.fill(document.mask.bounds(), 0)
    change = edit.commit()
    return PaintMask("Clear mask", change) if change.after else None


def inverted(document: Document) -> PaintMask:
    """Exchanges what may change and what is kept, grey values included."""
    edit = document.mask.edit()
    for key in keys_in(document.rect):
        inner = within(rect_of(key) & document.rect, rect_of(key))
        np.subtract(255, edit.before(key)[inner], out=edit.pixels(key)[inner])
    return PaintMask("Invert mask", edit.commit())


def from_strokes(document: Document, layer: Layer) -> PaintMask | None:
    """Marks what is painted on a layer, grown a little; ``None`` if nothing is painted.

    The margin grows with the painting, for the model needs room to blend.
    """
    painted = layer.tiles.content_rect() & document.rect
    if not painted:
        return None
    margin = max(_LEAST_GROWTH, round(_GROWTH * max(painted.width, painted.height)))
    rect = painted.grow(3 * margin) & document.rect
    top = np.iinfo(document.dtype).max
    alpha = layer.tiles.read(rect)[..., 3] > top // _SEEN
    return replaced(document, rect, grown(alpha, margin), "Mask from strokes")


def replaced(document: Document, rect: Rect, mask: NDArray[np.uint8], label: str) -> PaintMask:
    """Makes ``mask``, (height, width) of ``rect``, all that is marked."""
    edit = document.mask.edit()
    edit.fill(document.mask.bounds(), 0)
    edit.write(rect, mask[..., None])
    return PaintMask(label, edit.commit())


def grown(marked: NDArray[np.bool_], margin: int) -> NDArray[np.uint8]:
    """255 within about ``margin`` pixels of what is marked, 0 elsewhere."""
    blurred = Image.fromarray(marked.astype(np.uint8) * 255).filter(
        ImageFilter.GaussianBlur(margin / 1.5)
    )
    near = (np.asarray(blurred) > _SEEN) | marked
    return near.astype(np.uint8) * np.uint8(255)
