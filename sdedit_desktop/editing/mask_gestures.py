"""Marking areas of the mask by their outline: rectangle, ellipse, lasso, polygon.

The edge is smooth: of a pixel that is half inside, half is marked.
"""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.document.brush import Sample
from sdedit_desktop.document.commands import PaintMask
from sdedit_desktop.editing.gestures import Gesture, Outline
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect

Shape: TypeAlias = Callable[[Outline], Outline]
"""From the pointer's path to the corners of what it marks."""

_FINE = 4
"""Lines per row of pixels on which it is decided what is inside."""

_ELLIPSE_CORNERS = 180


def mark_rectangle(session: Session, sample: Sample) -> Gesture:
    """Marks the rectangle between press and release."""
    return _mark(session, sample, _rectangle, "Mark rectangle")


def mark_ellipse(session: Session, sample: Sample) -> Gesture:
    """Marks the ellipse between press and release."""
    return _mark(session, sample, _ellipse, "Mark ellipse")


def mark_lasso(session: Session, sample: Sample) -> Gesture:
    """Marks what the pointer goes around."""
    return _mark(session, sample, lambda path: path, "Mark by lasso")


def _mark(session: Session, sample: Sample, outline: Shape, label: str) -> Gesture:
    """Follows the pointer; how strongly it marks is as the mask brush is set."""
    path = [(sample.x, sample.y)]
    at: Sample | None = sample
    while at is not None:
        path.append((at.x, at.y))
        at = yield outline(path)
    document, brush = session.document, session.mask_brush
    corners = outline(path)
    rect = bounds(corners) & document.rect
    if not rect:
        return None
    before = document.mask.read(rect)[..., 0].astype(np.uint16)
    value = 0 if brush.erase else round(brush.strength * brush.opacity)
    inside = area(corners, rect).astype(np.uint16)
    mixed = (before * (255 - inside) + value * inside + 127) // 255
    edit = document.mask.edit()
    edit.write(rect, mixed.astype(np.uint8)[..., None])
    return PaintMask(label, edit.commit())


def area(corners: Outline, rect: Rect) -> NDArray[np.uint8]:
    """How much of each pixel of a rectangle lies inside of a polygon, 0 to 255.

    Exact along rows, sampled ``_FINE`` times per row; what is gone around twice is inside.
    """
    steps = np.zeros((rect.height, rect.width + 2), np.float32)
    for (x0, y0), (x1, y1) in pairwise([*corners, corners[0]]):
        if y0 == y1:
            continue
        top, bottom = (min(max(y, rect.top), rect.bottom) - rect.top for y in sorted((y0, y1)))
        rows = np.arange(math.ceil(top * _FINE - 0.5), math.ceil(bottom * _FINE - 0.5))
        y = rect.top + (rows + 0.5) / _FINE
        x = np.clip(x0 + (y - y0) * (x1 - x0) / (y1 - y0) - rect.left, 0, rect.width)
        column = x.astype(int)
        turn = math.copysign(1 / _FINE, y1 - y0)
        np.add.at(steps, (rows // _FINE, column), turn * (1 - (x - column)))
        np.add.at(steps, (rows // _FINE, column + 1), turn * (x - column))
    inside = np.abs(np.cumsum(steps, axis=1, out=steps))[:, : rect.width]
    covered: NDArray[np.uint8] = np.rint(np.minimum(inside, 1) * 255).astype(np.uint8)
    return covered


def bounds(corners: Outline) -> Rect:
    """The smallest rectangle of whole pixels around corners."""
    array = np.array(corners)
    left, top = np.floor(array.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(array.max(axis=0)).astype(int).tolist()
    return Rect(left, top, right, bottom)


def _rectangle(path: Outline) -> Outline:
    (left, top), (right, bottom) = path[0], path[-1]
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _ellipse(path: Outline) -> Outline:
    (left, top), (right, bottom) = path[0], path[-1]
    turn = np.linspace(0, 2 * np.pi, _ELLIPSE_CORNERS, endpoint=False)
    xs = (left + right) / 2 + (right - left) / 2 * np.cos(turn)
    ys = (top + bottom) / 2 + (bottom - top) / 2 * np.sin(turn)
    return list(zip(xs.tolist(), ys.tolist(), strict=True))
