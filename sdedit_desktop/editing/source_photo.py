"""The photograph below the strokes, of which patches may be taken.

Masked or painted pixels are excluded at every resolution.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.layers import Layer, LayerKind, composite, hiding_tile
from sdedit_desktop.document.tiles import TILE, Tiles, alpha_of, keys_in, rect_of, within
from sdedit_desktop.editing.request import PhotoPart, Raster, no_photo
from sdedit_desktop.geometry import Rect

NEAR_PIXELS = 1_000_000
"""Number of pixels of the surroundings that are copied at full resolution. With half as many again
results were as near to the photographs, and took a tenth longer."""

WHOLE_PIXELS = 1_000_000
"""Largest number of pixels of the reduced whole photograph."""

Source: TypeAlias = Callable[[Rect], tuple[Raster, "NDArray[np.bool_]"]]
"""Reads straight RGB and its validity, (height, width, 3) and (height, width)."""


def has_photo(document: Document) -> bool:
    """Whether a photograph is visible in a document."""
    return any(layer.kind is LayerKind.PHOTO for layer in _visible(document))


def of_document(
    document: Document, rect: Rect, mask: NDArray[np.uint8] | None = None
) -> Callable[[Rect], Sequence[PhotoPart]]:
    """Returns a function that copies the photograph as it is now, on any thread.

    Only pixels of photo layers and of accepted results count, where no paint layer above them
    covers them, however thinly.

    Args:
        document: Where the photograph is.
        rect: The part that is edited.
        mask: Where that part may change, (height, width), if the document's own mask does not
            tell: an edit that is made again has the mask that it had.
    """
    if not has_photo(document):
        return no_photo
    frozen = document.frozen()

    def read(part: Rect) -> tuple[Raster, NDArray[np.bool_]]:
        pixels, valid = _read(frozen, part)
        common = part & rect
        if mask is not None and common and not mask.all():
            here, there = within(common, part), within(common, rect)
            valid[here] &= mask[there] == 0
        return pixels, valid

    return lambda part: parts(read, frozen.rect, part, frozen.icc)


def parts(read: Source, bounds: Rect, rect: Rect, icc: bytes | None = None) -> Sequence[PhotoPart]:
    """The surroundings of ``rect`` as they are, then the whole picture reduced if it is larger."""
    near = grown(rect, bounds, NEAR_PIXELS)
    found = [_part(*read(near), near, icc)]
    if near != bounds:
        factor = math.ceil(math.sqrt(bounds.width * bounds.height / WHOLE_PIXELS))
        found.append(_reduced(read, bounds, max(1, factor), icc))
    return found


def grown(rect: Rect, bounds: Rect, pixels: int) -> Rect:
    """``rect`` with an equal margin on all sides, up to a number of pixels within ``bounds``."""
    low, high = 0, max(bounds.width, bounds.height)
    while low < high:
        margin = (low + high + 1) // 2
        larger = rect.grow(margin) & bounds
        if larger.width * larger.height <= pixels:
            low = margin
        else:
            high = margin - 1
    return rect.grow(low) & bounds


def _part(pixels: Raster, valid: NDArray[np.bool_], rect: Rect, icc: bytes | None) -> PhotoPart:
    return PhotoPart(np.where(valid[..., None], pixels, pixels.dtype.type(0)), valid, rect, icc)


def _reduced(read: Source, bounds: Rect, factor: int, icc: bytes | None) -> PhotoPart:
    """The whole picture reduced by averaging; a pixel is valid if all of its source pixels are."""
    width, height = bounds.width // factor, bounds.height // factor
    shown = Rect(0, 0, width * factor, height * factor).translated(bounds.left, bounds.top)
    pixels: Raster | None = None
    valid = np.zeros((height, width), np.bool_)
    side = math.lcm(factor, TILE)  # each tile is read once
    for top, left in product(
        range(shown.top, shown.bottom, side), range(shown.left, shown.right, side)
    ):
        block = Rect(left, top, left + side, top + side) & shown
        read_pixels, read_valid = read(block)
        rows_added = np.zeros_like(read_pixels[::factor], np.uint32)
        for y in range(factor):
            rows_added += read_pixels[y::factor]
        total = np.zeros_like(rows_added[:, ::factor])
        for x in range(factor):
            total += rows_added[:, x::factor]
        mean = (total + factor**2 // 2) // factor**2
        if pixels is None:
            pixels = np.zeros((height, width, 3), read_pixels.dtype)
        y, x = (top - shown.top) // factor, (left - shown.left) // factor
        here = np.s_[y : y + mean.shape[0], x : x + mean.shape[1]]
        pixels[here] = mean
        whole_rows = np.logical_and.reduce([read_valid[y::factor] for y in range(factor)])
        valid[here] = np.logical_and.reduce([whole_rows[:, x::factor] for x in range(factor)])
    assert pixels is not None
    return _part(pixels, valid, shown, icc)


def _read(document: Document, rect: Rect) -> tuple[Raster, NDArray[np.bool_]]:
    layers = _visible(document)
    lowest = next(i for i, layer in enumerate(layers) if layer.kind is LayerKind.PHOTO)
    sources = [layer for layer in layers if layer.kind is not LayerKind.PAINT]
    pixels = np.empty((rect.height, rect.width, 3), document.dtype)
    valid = np.empty((rect.height, rect.width), np.bool_)
    for key in keys_in(rect):
        part = rect & rect_of(key)
        here, tile = within(part, rect), hiding_tile(sources, key)
        if tile is not None:
            pixels[here], valid[here] = tile[within(part, rect_of(key))], True
        else:
            seen = composite(sources, part, document.dtype)
            pixels[here], valid[here] = seen[..., :3], seen[..., 3] == np.iinfo(seen.dtype).max
    _exclude(valid, rect, document.mask)
    for layer in layers[lowest:]:
        if layer.kind is LayerKind.PAINT:
            _exclude(valid, rect, layer.tiles, layer.mask)
    return pixels, valid


def _exclude(valid: NDArray[np.bool_], rect: Rect, tiles: Tiles, mask: Tiles | None = None) -> None:
    """Makes pixels of ``rect`` invalid where a raster is not 0, nor its mask if it has one."""
    stored = tiles.snapshot()
    for key in keys_in(rect) if stored else ():
        if key in stored:
            part = rect & rect_of(key)
            inner = within(part, rect_of(key))
            covered = alpha_of(stored[key][inner]) > 0
            if mask is not None:
                covered &= mask[key][inner][..., 0] > 0
            valid[within(part, rect)] &= ~covered


def _visible(document: Document) -> list[Layer]:
    return [layer for layer in document.layers if layer.visible and layer.opacity > 0]
