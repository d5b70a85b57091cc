"""Masking areas by rectangle, ellipse, lasso or polygon.

Edges are antialiased. Modifiers at the press decide whether the area is added, subtracted or
replaces the mask; the eraser end of a pen subtracts. Modifiers pressed later keep proportions
(Shift) or draw from the centre (Alt).
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from sdedit_desktop.editing.gestures.interactive import (
    REACH,
    Drag,
    InteractiveTool,
    Phase,
    PointerEvent,
)
from sdedit_desktop.editing.operations.mask_shapes import Combine, Modifiers, marked
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Outline
from sdedit_desktop.texts import Text

Shape: TypeAlias = Callable[[Outline], Outline]
"""From the pointer's path to the corners of the area."""

_ELLIPSE_CORNERS = 180


def mark_rectangle(session: Session, event: PointerEvent) -> Drag:
    """Masks the rectangle between press and release."""
    return _mark(session, event, _rectangle, Text("Mark rectangle"))


def mark_ellipse(session: Session, event: PointerEvent) -> Drag:
    """Masks the ellipse between press and release."""
    return _mark(session, event, _ellipse, Text("Mark ellipse"))


def mark_lasso(session: Session, event: PointerEvent) -> Drag:
    """Masks a freehand area."""
    return _mark(session, event, lambda path: path, Text("Mark by lasso"))


def _mark(session: Session, event: PointerEvent, shape: Shape, label: Text) -> Drag:
    """Tracks the pointer; the strength is that of the mask brush."""
    under = session.marking.combine.under(event.modifiers)
    chosen = Combine.SUBTRACT if event.is_eraser else under
    old = event.modifiers
    path = [(event.sample.x, event.sample.y)]
    outline: Outline = path
    while event.phase is not Phase.RELEASE:
        path.append((event.sample.x, event.sample.y))
        old = old.kept(event.modifiers)
        is_box = shape in (_rectangle, _ellipse)
        outline = shape(_spanned(path, event.modifiers, old) if is_box else path)
        event = yield outline
    marking = replace(session.marking, combine=chosen)
    command = marked(session.document, outline, marking, _strength(session), label)
    if command is not None:
        session.document.push(command)


class Polygon(InteractiveTool):
    """An outline that is set corner by corner, until it is closed or cancelled.

    Attributes:
        corners: The corners so far, in document pixels.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.corners: list[tuple[float, float]] = []
        self._session = session
        self._pointer: tuple[float, float] | None = None
        self._combine = session.marking.combine

    @property
    def is_open(self) -> bool:
        """Whether there is an outline to close or cancel."""
        return bool(self.corners)

    @property
    def outline(self) -> Outline:
        """The corners, and the pointer as the next one."""
        ends = [] if self._pointer is None or not self.corners else [self._pointer]
        return [*self.corners, *ends]

    def handles(self, unit: float) -> Outline:
        """The corners."""
        return self.corners

    def press(self, event: PointerEvent) -> None:
        """Adds a corner; on the first one, closes the outline."""
        reach = REACH * event.unit
        if not self.corners:
            self._combine = self._session.marking.combine.under(event.modifiers)
        elif math.dist(self.corners[0], event.sample[:2]) <= reach and len(self.corners) > 2:
            self.apply()
            return
        self.corners.append(self._straight(event))
        self.changed.emit()

    def move(self, event: PointerEvent) -> None:
        """Shows the side that a click would add."""
        self._pointer = self._straight(event)
        if self.corners:
            self.changed.emit()

    def apply(self) -> None:
        """Masks the inside; one undo step."""
        session, corners = self._session, self.corners
        marking = replace(session.marking, combine=self._combine)
        if len(corners) > 2:
            strength = _strength(session)
            command = marked(session.document, corners, marking, strength, Text("Mark polygon"))
            if command is not None:
                session.document.push(command)
        self.drop()

    def step_back(self) -> None:
        """Removes the last corner."""
        if self.corners:
            self.corners.pop()
            self.changed.emit()

    def drop(self) -> None:
        """Cancels the outline."""
        self.corners = []
        self.changed.emit()

    def _straight(self, event: PointerEvent) -> tuple[float, float]:
        """The next corner; with Shift, at a multiple of 45 degrees from the last one."""
        x, y = event.sample.x, event.sample.y
        if not (event.modifiers.shift and self.corners):
            return x, y
        from_x, from_y = self.corners[-1]
        length, angle = math.hypot(x - from_x, y - from_y), math.atan2(y - from_y, x - from_x)
        turn = round(angle / (math.pi / 4)) * (math.pi / 4)
        return from_x + length * math.cos(turn), from_y + length * math.sin(turn)


def _strength(session: Session) -> float:
    return session.mask_brush.opacity * session.mask_brush.strength / 255


def _spanned(path: Outline, keys: Modifiers, old: Modifiers) -> Outline:
    """Opposite corners of the box of a drag, with modifiers that were not down at the press."""
    (x, y), (to_x, to_y) = path[0], path[-1]
    fresh = keys.without(old)
    across, down = to_x - x, to_y - y
    if fresh.shift:
        side = max(abs(across), abs(down))
        across, down = math.copysign(side, across), math.copysign(side, down)
    start = (x - across, y - down) if fresh.alt else (x, y)
    return [start, (x + across, y + down)]


def _rectangle(path: Outline) -> Outline:
    (left, top), (right, bottom) = path[0], path[-1]
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _ellipse(path: Outline) -> Outline:
    (left, top), (right, bottom) = path[0], path[-1]
    turn = np.linspace(0, 2 * np.pi, _ELLIPSE_CORNERS, endpoint=False)
    xs = (left + right) / 2 + (right - left) / 2 * np.cos(turn)
    ys = (top + bottom) / 2 + (bottom - top) / 2 * np.sin(turn)
    return list(zip(xs.tolist(), ys.tolist(), strict=True))
