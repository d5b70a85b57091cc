"""Moving, scaling, rotating and mirroring a layer by a box with handles."""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

from sdedit_desktop.document import transforms
from sdedit_desktop.document.brush.brush import Sample
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.codec import MAX_PIXELS
from sdedit_desktop.document.history import Change, Command
from sdedit_desktop.document.layers import Layer
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.editing.gestures.interactive import REACH, InteractiveTool, PointerEvent
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import NOWHERE, Outline, Rect
from sdedit_desktop.texts import Text

_STEM = 26
"""Distance of the rotation handle from the box, in screen pixels."""
_SNAP_DEGREES = 15
_SIDES = [(-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0)]


@dataclass(frozen=True)
class Placement:
    """The placement of a box: centre, scales along its sides, rotation.

    Attributes:
        x: Of the centre, in document pixels.
        y: Of the centre, downwards.
        across: Horizontal scale; negative is mirrored.
        down: Vertical scale; negative is mirrored.
        degrees: Clockwise.
    """

    x: float
    y: float
    across: float = 1.0
    down: float = 1.0
    degrees: float = 0.0

    @staticmethod
    def of(box: Rect) -> "Placement":
        """The original placement of a box."""
        return Placement((box.left + box.right) / 2, (box.top + box.bottom) / 2)

    def matrix(self, box: Rect) -> Matrix:
        """Maps points of a box; quarter turns and mirroring are exact in pixels."""
        cos, sin = _cos_sin(self.degrees)
        xx, xy, yx, yy = cos * self.across, -sin * self.down, sin * self.across, cos * self.down
        old = Placement.of(box)
        dx = self.x - xx * old.x - xy * old.y
        dy = self.y - yx * old.x - yy * old.y
        if sorted(abs(value) for value in (xx, xy, yx, yy)) == [0, 0, 1, 1]:
            dx, dy = math.floor(dx + 0.5), math.floor(dy + 0.5)
        return Matrix(xx, xy, yx, yy, dx, dy)

    def inward(self, x: float, y: float) -> tuple[float, float]:
        """A document point in coordinates along the box's sides, from its centre."""
        cos, sin = _cos_sin(self.degrees)
        x, y = x - self.x, y - self.y
        return cos * x + sin * y, cos * y - sin * x

    def outward(self, u: float, v: float) -> tuple[float, float]:
        """The inverse of ``inward``."""
        cos, sin = _cos_sin(self.degrees)
        return self.x + cos * u - sin * v, self.y + sin * u + cos * v


def turned_over(
    document: Document, layer: Layer, *, across: int = 1, down: int = 1, degrees: int = 0
) -> Command | None:
    """Mirrors a layer or rotates it by quarter turns, exactly; ``None`` if it is empty."""
    box = layer.tiles.content_rect()
    if not box:
        return None
    place = replace(Placement.of(box), across=across, down=down, degrees=degrees)
    label = Text("Rotate layer") if degrees else Text("Flip layer")
    return transforms.layer_transformed(document, layer.id, place.matrix(box), label)


class _Grip(NamedTuple):
    """What is dragged: "move", "turn", or a handle by its side; where, and the placement then."""

    part: str | tuple[int, int]
    x: float
    y: float
    then: Placement


class TransformBox(InteractiveTool):
    """A box around the paint on the active layer. Nothing changes until it is applied.

    Attributes:
        box: Around the layer's paint; empty if there is none.
        placement: Where it is moved to.
    """

    is_movable = True

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.box = NOWHERE
        self.placement = Placement(0, 0)
        self._session = session
        self._grip: _Grip | None = None
        self._is_entered = False
        self._layer_id = 0
        session.document_changed.connect(self._hear)
        session.document_replaced.connect(self._follow)

    @property
    def layer(self) -> Layer:
        """The layer it transforms."""
        return self._session.document.layer(self._layer_id)

    @property
    def matrix(self) -> Matrix:
        """Maps the layer's points."""
        return self.placement.matrix(self.box)

    @property
    def is_open(self) -> bool:
        """Whether it differs from the original placement."""
        return bool(self.box) and self.placement != Placement.of(self.box)

    @property
    def outline(self) -> Outline:
        """The corners of the box."""
        return [self._handle(side) for side in _SIDES[::2]] if self.box else ()

    def handles(self, unit: float) -> Outline:
        """Corners, middles of the sides, and the rotation handle."""
        if not self.box:
            return ()
        return [*(self._handle(side) for side in _SIDES), self._turner(unit)]

    def part_at(self, sample: Sample, unit: float) -> str | tuple[int, int]:
        """The part under the pointer: a handle by its side, "move" inside, "turn" outside."""
        if math.dist(self._turner(unit), sample[:2]) <= REACH * unit:
            return "turn"
        near = min(_SIDES, key=lambda side: math.dist(self._handle(side), sample[:2]))
        if math.dist(self._handle(near), sample[:2]) <= REACH * unit:
            return near
        u, v = self.placement.inward(sample.x, sample.y)
        across, down = self._half
        return "move" if abs(u) <= abs(across) and abs(v) <= abs(down) else "turn"

    # --- events -----------------------------------------------------------------------------

    def enter(self) -> None:
        """Starts at the active layer."""
        self._is_entered = True
        self._follow()

    def leave(self) -> None:
        """Applies the transform."""
        self.apply()
        self._is_entered = False
        self.box = NOWHERE
        self.changed.emit()

    def press(self, event: PointerEvent) -> None:
        """Starts dragging a part, or says why that is not possible."""
        if self._may_move():
            sample = event.sample
            part = self.part_at(sample, event.unit)
            x, y = sample[:2] if isinstance(part, str) else self._handle(part)
            self._grip = _Grip(part, sample.x, sample.y, self.placement)
            self._slip = sample.x - x, sample.y - y

    def move(self, event: PointerEvent) -> None:
        """Moves, rotates or scales the box."""
        if self._grip is None:
            return
        if self._grip.part == "move":
            self.placement = self._moved(self._grip, event)
        elif self._grip.part == "turn":
            self.placement = self._turned(self._grip, event)
        else:
            self.placement = self._scaled(self._grip, event)
        self.changed.emit()

    def release(self, event: PointerEvent) -> None:
        """Ends the drag."""
        self._grip = None

    def nudge(self, across: int, down: int) -> None:
        """Moves by pixels."""
        if self._may_move():
            now = self.placement
            self.place(replace(now, x=now.x + across, y=now.y + down))

    def place(self, placement: Placement) -> None:
        """Sets the placement, as by numbers."""
        across = _at_least(placement.across, 1 / max(self.box.width, 1))
        down = _at_least(placement.down, 1 / max(self.box.height, 1))
        self.placement = replace(placement, across=across, down=down)
        self.changed.emit()

    def apply(self) -> None:
        """Transforms the layer, resampled once; one undo step."""
        if not self.is_open:
            return
        document, matrix = self._session.document, self.matrix
        there = matrix.bounds(self.box)
        if there.width * there.height > MAX_PIXELS:
            self._session.noticed.emit(Text("The layer would become too large."))
            return
        self.placement = Placement.of(self.box)
        self._grip = None
        document.push(transforms.layer_transformed(document, self._layer_id, matrix))
        self._follow()

    def drop(self) -> None:
        """Cancels the transform."""
        self._grip = None
        self.placement = Placement.of(self.box)
        self.changed.emit()

    # --- details ----------------------------------------------------------------------------

    def _hear(self, change: Change) -> None:
        if change.is_step or change.activated:
            self._follow()

    def _follow(self) -> None:
        """Follows the paint of the active layer; keeps the placement if that is the same."""
        if not self._is_entered:
            return
        old = self._layer_id, self.box
        layers = {layer.id: layer for layer in self._session.document.layers}
        layer = layers.get(self._session.active_layer)
        self._layer_id = self._session.active_layer
        self.box = layer.tiles.content_rect() if layer else NOWHERE
        if (self._layer_id, self.box) != old or not self.is_open:
            self.drop()

    def _may_move(self) -> bool:
        layer = self.layer
        if layer.locked:
            self._session.noticed.emit(Text("The layer {0} is locked.", layer.name))
        elif not layer.visible:
            self._session.noticed.emit(Text("The layer {0} is hidden.", layer.name))
        elif not self.box:
            self._session.noticed.emit(Text("There is nothing on the layer {0}.", layer.name))
        else:
            return True
        return False

    @property
    def _half(self) -> tuple[float, float]:
        """Half of the box's sides as placed; negative if mirrored."""
        across, down = self.placement.across, self.placement.down
        return across * self.box.width / 2, down * self.box.height / 2

    def _handle(self, side: tuple[int, int]) -> tuple[float, float]:
        across, down = self._half
        return self.placement.outward(side[0] * across, side[1] * down)

    def _turner(self, unit: float) -> tuple[float, float]:
        _, down = self._half
        return self.placement.outward(0, -abs(down) - _STEM * unit)

    def _moved(self, grip: _Grip, event: PointerEvent) -> Placement:
        dx, dy = round(event.sample.x - grip.x), round(event.sample.y - grip.y)
        if event.modifiers.shift:
            dx, dy = (dx, 0) if abs(dx) >= abs(dy) else (0, dy)
        return replace(grip.then, x=grip.then.x + dx, y=grip.then.y + dy)

    def _turned(self, grip: _Grip, event: PointerEvent) -> Placement:
        then, sample = grip.then, event.sample
        start = math.atan2(grip.y - then.y, grip.x - then.x)
        now = math.atan2(sample.y - then.y, sample.x - then.x)
        degrees = then.degrees + math.degrees(now - start)
        if event.modifiers.shift:
            degrees = round(degrees / _SNAP_DEGREES) * _SNAP_DEGREES
        return replace(then, degrees=(degrees + 180) % 360 - 180)

    def _scaled(self, grip: _Grip, event: PointerEvent) -> Placement:
        """Moves the handle to the pointer; the opposite one stays, or with Alt the centre."""
        then, side, sample = grip.then, grip.part, event.sample
        assert not isinstance(side, str)
        fixed = (0, 0) if event.modifiers.alt else (-side[0], -side[1])
        size = self.box.width, self.box.height
        before = then.across, then.down
        pointer = then.inward(sample.x - self._slip[0], sample.y - self._slip[1])
        anchor = [f * b * s / 2 for f, b, s in zip(fixed, before, size, strict=True)]
        reach = [(k - f) * s / 2 for k, f, s in zip(side, fixed, size, strict=True)]
        ways = list(zip(pointer, anchor, reach, strict=True))
        after = [(p - a) / r if r else b for (p, a, r), b in zip(ways, before, strict=True)]
        if event.modifiers.shift:
            old = [r * b for r, b in zip(reach, before, strict=True)]
            along = sum(o * (p - a) for o, (p, a, _) in zip(old, ways, strict=True))
            factor = along / sum(o * o for o in old)
            after = [b * factor for b in before]
        after = [_at_least(a, 1 / s) for a, s in zip(after, size, strict=True)]
        middle = [a - f * n * s / 2 for a, f, n, s in zip(anchor, fixed, after, size, strict=True)]
        x, y = then.outward(*middle)
        return replace(then, x=x, y=y, across=after[0], down=after[1])


def _at_least(scale: float, least: float) -> float:
    """Limits a scale so that something is visible."""
    return math.copysign(max(abs(scale), least), scale)


def _cos_sin(degrees: float) -> tuple[float, float]:
    """Exact at quarter turns."""
    quarters = degrees / 90
    if quarters == int(quarters):
        return [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)][int(quarters) % 4]
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
