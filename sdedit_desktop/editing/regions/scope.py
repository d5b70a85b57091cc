"""Where a picture may change: the mask, the surroundings of the strokes, or everything.

Without a mask, only the surroundings of paint on a photograph may change; a canvas without a
photograph, or one without strokes, may change everywhere.
"""

from collections.abc import Sequence
from enum import Enum, auto
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from sdedit_desktop.document.commands import PaintTiles
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.layers import Layer, LayerKind, composite
from sdedit_desktop.editing.operations import mask as masks
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

_PAINTED = 1 / 32
"""Paint with less coverage is invisible and ignored."""

_OF_PAINTING, _OF_PICTURE, _LEAST = 0.04, 0.01, 8
"""The margin around strokes: fraction of their longer side, of the picture's, and least pixels."""

_SOFTNESS = 0.25
"""Standard deviation of the soft edge, as a fraction of the margin."""

_FAINTEST = 8
"""Values of the soft edge below this, of 255, are set to 0."""

OUTLINE_SIDE = 640
"""Longer side of the reduced picture in which outlines are found, with interpolation."""


class Scope(Enum):
    """The rule that decides where the picture may change."""

    MASK = auto()
    STROKES = auto()
    EVERYTHING = auto()


class Surroundings(NamedTuple):
    """The area around strokes that may change.

    Attributes:
        rect: The part of the document that contains all of it.
        mask: (height, width) of ``rect``, uint8: 255 may change fully, 0 not at all.
    """

    rect: Rect
    mask: NDArray[np.uint8]


def scope_of(document: Document) -> Scope:
    """The rule that applies to a document now."""
    if document.mask.content_rect() & document.rect:
        return Scope.MASK
    return Scope.STROKES if painted_rect(document) else Scope.EVERYTHING


def covers_everything(document: Document) -> bool:
    """Whether the mask is full everywhere."""
    rect = document.rect
    tops = range(rect.top, rect.bottom, _BAND)
    bands = (Rect(rect.left, top, rect.right, min(top + _BAND, rect.bottom)) for top in tops)
    return all(document.mask.read(band).min() == 255 for band in bands)


def painted_rect(document: Document) -> Rect:
    """The bounds of paint on the photograph, or on the result accepted last."""
    return Rect.union(each.tiles.content_rect() for each in strokes(document)) & document.rect


def around_strokes(document: Document) -> Surroundings | None:
    """The area around the strokes; ``None`` without a photograph or without strokes."""
    painted = painted_rect(document)
    if not painted:
        return None
    margin = _margin(document, painted)
    rect = painted.grow(2 * margin) & document.rect
    alpha = composite(strokes(document), rect, document.dtype)[..., 3]
    mask = _softened(alpha > _PAINTED * np.iinfo(document.dtype).max, margin)
    return Surroundings(rect, mask) if mask.any() else None


def masked_around_strokes(document: Document) -> PaintTiles | None:
    """The command that turns the surroundings of the strokes into the mask, for editing."""
    around = around_strokes(document)
    return around and masks.replaced(document, *around, Text("Mask from strokes"))


def inverted(document: Document) -> PaintTiles:
    """The command that inverts the mask.

    Without a mask, that of the surroundings of the strokes is inverted. The inverse of everything
    would be an empty mask, which is never meant: it becomes a full one.
    """
    around = None if document.mask.content_rect() & document.rect else around_strokes(document)
    if around is None:
        return masks.inverted(document)
    kept = np.full((document.rect.height, document.rect.width), 255, np.uint8)
    rows = slice(around.rect.top - document.rect.top, around.rect.bottom - document.rect.top)
    columns = slice(around.rect.left - document.rect.left, around.rect.right - document.rect.left)
    kept[rows, columns] = 255 - around.mask
    return masks.replaced(document, document.rect, kept, Text("Invert mask"))


def outline(document: Document) -> NDArray[np.float64]:
    """The outline of what may change around the strokes.

    Returns:
        Lines, (count, 4): x and y of both ends in document pixels; none without strokes.
    """
    painted = painted_rect(document)
    if not painted:
        return np.empty((0, 4))
    margin = _margin(document, painted)
    rect = painted.grow(2 * margin)
    step = max(1, -(-max(rect.width, rect.height) // OUTLINE_SIDE))
    alpha = _reduced_alpha(document, rect, step)
    mask = _softened(alpha > _PAINTED * np.iinfo(document.dtype).max, max(1, margin // step))
    lines = contour(np.pad(mask, 1).astype(np.float64), _FAINTEST - 0.5)
    lines = (lines - 0.5) * step  # the middle of the first pixel, behind one of padding
    lines += np.array([rect.left, rect.top, rect.left, rect.top])
    return lines


def contour(field: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """The level line of a field (height, width): marching squares with linear interpolation.

    Returns:
        Lines, (count, 4): x and y of both ends; the sample in row i and column j is at (j, i).
    """
    inside = field > level
    a, b, c, d = inside[:-1, :-1], inside[:-1, 1:], inside[1:, 1:], inside[1:, :-1]
    kind = a + 2 * b + 4 * c + 8 * d
    rows, columns = np.nonzero((kind != 0) & (kind != 15))
    kind = kind[rows, columns]
    points = _crossings(field, level, rows, columns)
    found = []
    for case, pairs in _LINES.items():
        here = kind == case
        found += [np.hstack([points[first][here], points[second][here]]) for first, second in pairs]
    return np.concatenate(found) if found else np.empty((0, 4))


_BAND = 256
_LOOKS = 4
_TOP, _RIGHT, _BOTTOM, _LEFT = range(4)
_LINES = {
    1: [(_LEFT, _TOP)], 2: [(_TOP, _RIGHT)], 3: [(_LEFT, _RIGHT)], 4: [(_RIGHT, _BOTTOM)],
    5: [(_LEFT, _TOP), (_RIGHT, _BOTTOM)], 6: [(_TOP, _BOTTOM)], 7: [(_LEFT, _BOTTOM)],
    8: [(_BOTTOM, _LEFT)], 9: [(_BOTTOM, _TOP)], 10: [(_TOP, _RIGHT), (_BOTTOM, _LEFT)],
    11: [(_BOTTOM, _RIGHT)], 12: [(_RIGHT, _LEFT)], 13: [(_RIGHT, _TOP)], 14: [(_TOP, _LEFT)],
}  # fmt: skip
"""The sides of a cell that its lines connect, by which of its corners are inside."""


def _crossings(
    field: NDArray[np.float64], level: float, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> list[NDArray[np.float64]]:
    """Positions of the level on the top, right, bottom and left side of cells, (count, 2)."""
    corners = {(y, x): field[rows + y, columns + x] for y in (0, 1) for x in (0, 1)}

    def along(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
        way = end - start
        return np.clip((level - start) / np.where(way == 0, 1, way), 0, 1)

    top, bottom = along(corners[0, 0], corners[0, 1]), along(corners[1, 0], corners[1, 1])
    left, right = along(corners[0, 0], corners[1, 0]), along(corners[0, 1], corners[1, 1])
    return [
        np.stack([columns + top, rows + 0.0], axis=1),
        np.stack([columns + 1.0, rows + right], axis=1),
        np.stack([columns + bottom, rows + 1.0], axis=1),
        np.stack([columns + 0.0, rows + left], axis=1),
    ]


def strokes(document: Document) -> Sequence[Layer]:
    """The visible paint above the topmost photograph or result; none without such a layer."""
    seen = [layer for layer in document.layers if layer.visible and layer.opacity > 0]
    grounds = [row for row, layer in enumerate(seen) if layer.kind is not LayerKind.PAINT]
    return seen[grounds[-1] + 1 :] if grounds else ()


def _margin(document: Document, painted: Rect) -> int:
    """The margin around the strokes: the model needs room to blend."""
    whole = max(document.rect.width, document.rect.height)
    own = max(painted.width, painted.height)
    return max(_LEAST, round(_OF_PAINTING * own), round(_OF_PICTURE * whole))


def _softened(painted: NDArray[np.bool_], margin: int) -> NDArray[np.uint8]:
    """255 where there is paint and near it, fading to 0 further out."""
    if not painted.any():
        return np.zeros(painted.shape, np.uint8)
    near = Image.fromarray(masks.grown(painted, margin))
    soft = np.asarray(near.filter(ImageFilter.GaussianBlur(_SOFTNESS * margin)))
    kept: NDArray[np.uint8] = np.where(soft < _FAINTEST, 0, soft).astype(np.uint8)
    kept[painted] = 255
    return kept


def _reduced_alpha(document: Document, rect: Rect, step: int) -> NDArray[np.unsignedinteger]:
    """Coverage of the strokes in squares of ``step`` pixels: the maximum of some samples."""
    bands: list[NDArray[np.unsignedinteger]] = []
    offsets = range(0, step, max(1, step // _LOOKS))
    height = max(step, _BAND // step * step)
    right = rect.left + -(-rect.width // step) * step
    for top in range(rect.top, rect.bottom, height):
        bottom = top + -(-(min(top + height, rect.bottom) - top) // step) * step
        alpha = composite(strokes(document), Rect(rect.left, top, right, bottom), document.dtype)
        looks = (alpha[y::step, x::step, 3] for y in offsets for x in offsets)
        bands.append(reduce(np.maximum, looks))
    return np.concatenate(bands) if bands else np.empty((0, 0), document.dtype)
