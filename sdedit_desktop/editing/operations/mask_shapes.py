"""Masking an area: strength, softness, and combination with the mask."""

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from math import ceil, copysign
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from sdedit_desktop.document.commands import PaintTiles
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.layers import MASK
from sdedit_desktop.document.tiles import TILE, Pixels, within
from sdedit_desktop.editing.operations.mask import grown
from sdedit_desktop.geometry import Outline, Rect
from sdedit_desktop.texts import Text

_FINE = 4
"""Sampling lines per row of pixels."""

Mask = NDArray[np.uint8]


class Modifiers(NamedTuple):
    """The modifier keys that are down."""

    shift: bool = False
    alt: bool = False
    ctrl: bool = False

    def kept(self, later: "Modifiers") -> "Modifiers":
        """The keys of both: those that are still down ``later``."""
        return Modifiers(*(a and b for a, b in zip(self, later, strict=True)))

    def without(self, others: "Modifiers") -> "Modifiers":
        """The keys that are not among ``others``."""
        return Modifiers(*(a and not b for a, b in zip(self, others, strict=True)))


class Combine(Enum):
    """How an area is combined with the mask.

    For grey values "or" and "and" are the maximum and the minimum.
    """

    ADD = "Add"
    SUBTRACT = "Subtract"
    REPLACE = "Replace"
    INTERSECT = "Intersect"

    def under(self, keys: Modifiers) -> "Combine":
        """The mode while keys are down: Shift adds, Alt subtracts, both intersect, Ctrl replaces.

        Krita's keys; Photoshop's, too, except that there plain dragging replaces.
        """
        if keys.shift and keys.alt:
            return Combine.INTERSECT
        if keys.alt:
            return Combine.SUBTRACT
        if keys.ctrl:
            return Combine.REPLACE
        return Combine.ADD if keys.shift else self


@dataclass(frozen=True)
class Marking:
    """How areas are masked.

    Attributes:
        combine: How they are combined with the mask.
        hardness: Fraction from the edge to the middle that is masked fully, 0 to 1.
    """

    combine: Combine = Combine.ADD
    hardness: float = 1.0


def marked(
    document: Document, outline: Outline, marking: Marking, strength: float, label: Text
) -> PaintTiles | None:
    """Masks the inside of an outline; ``None`` if it is empty.

    Args:
        document: It is not changed; push the command.
        outline: In document pixels.
        marking: Softness and combination.
        strength: Of the inside, 0 to 1.
        label: The name of the undo step.
    """
    rect = bounds(outline) & document.rect
    if not rect:
        return None
    before, edit = document.mask.copy(), document.mask.edit()
    if marking.combine in (Combine.REPLACE, Combine.INTERSECT):
        edit.fill(document.mask.bounds(), 0)
    for part in _parts(outline, rect, marking.hardness):
        inside = _inside(outline, part, marking.hardness).astype(np.uint16)
        inside = (inside * round(255 * strength) + 127) // 255
        after = _combined(before.read(part)[..., 0], inside, marking.combine)
        edit.write(part, after.astype(np.uint8)[..., None])
    return PaintTiles(label, MASK, edit.commit())


def _parts(outline: Outline, rect: Rect, hardness: float) -> list[Rect]:
    """Bands that fit into the processor's cache; a soft area is processed in one piece."""
    if _reach(outline, hardness) >= 1:
        return [rect]
    tops = range(rect.top - rect.top % TILE, rect.bottom, TILE)
    return [rect & Rect(rect.left, top, rect.right, top + TILE) for top in tops]


def _combined(before: Pixels, inside: Pixels, combine: Combine) -> Pixels:
    match combine:
        case Combine.ADD:
            return np.maximum(before, inside)
        case Combine.SUBTRACT:
            return np.minimum(before, 255 - inside)
        case Combine.REPLACE:
            return inside
        case Combine.INTERSECT:
            return np.minimum(before, inside)


def softened(inside: Mask, reach: float) -> Mask:
    """Fades an area inwards over about ``reach`` pixels; the outside stays unmasked."""
    margin = ceil(reach)
    outside = np.pad(inside < 128, margin, constant_values=True)
    kept = 255 - grown(outside, ceil(reach / 2))
    faded = Image.fromarray(kept).filter(ImageFilter.GaussianBlur(reach / 4))
    within_edge: Mask = np.asarray(faded)[margin:-margin, margin:-margin]
    return np.minimum(within_edge, inside)


def area(corners: Outline, rect: Rect) -> Mask:
    """Coverage of each pixel of a rectangle by a polygon, 0 to 255.

    Exact along rows, sampled ``_FINE`` times per row; nonzero winding is inside.
    """
    steps = np.zeros((rect.height, rect.width + 2), np.float32)
    for (x0, y0), (x1, y1) in pairwise([*corners, corners[0]]):
        if y0 == y1 or max(y0, y1) <= rect.top or min(y0, y1) >= rect.bottom:
            continue
        top, bottom = (min(max(y, rect.top), rect.bottom) - rect.top for y in sorted((y0, y1)))
        rows = np.arange(ceil(top * _FINE - 0.5), ceil(bottom * _FINE - 0.5))
        y = rect.top + (rows + 0.5) / _FINE
        x = np.clip(x0 + (y - y0) * (x1 - x0) / (y1 - y0) - rect.left, 0, rect.width)
        column = x.astype(int)
        turn = copysign(1 / _FINE, y1 - y0)
        np.add.at(steps, (rows // _FINE, column), turn * (1 - (x - column)))
        np.add.at(steps, (rows // _FINE, column + 1), turn * (x - column))
    inside = np.abs(np.cumsum(steps, axis=1, out=steps))[:, : rect.width]
    covered: Mask = np.rint(np.minimum(inside, 1) * 255).astype(np.uint8)
    return covered


def bounds(corners: Outline) -> Rect:
    """The bounding box of corners, in whole pixels."""
    array = np.array(corners)
    left, top = np.floor(array.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(array.max(axis=0)).astype(int).tolist()
    return Rect(left, top, right, bottom)


def _inside(outline: Outline, rect: Rect, hardness: float) -> Mask:
    """Coverage of each pixel of ``rect``; the edges of ``rect`` are not edges of the area."""
    reach = _reach(outline, hardness)
    if reach < 1:
        return area(outline, rect)
    wider = bounds(outline) & rect.grow(ceil(1.5 * reach))
    return softened(area(outline, wider), reach)[within(rect, wider)]


def _reach(outline: Outline, hardness: float) -> float:
    """Width of the fade, in pixels."""
    around = bounds(outline)
    return (1 - hardness) * min(around.width, around.height) / 2
