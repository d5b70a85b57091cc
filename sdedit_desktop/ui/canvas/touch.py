"""Touch screens: one finger paints or pans, two fingers pan and zoom."""

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QEventPoint, QInputDevice, QTouchEvent

from sdedit_desktop.editing.gestures.interactive import Phase
from sdedit_desktop.ui.canvas.navigation import Navigation
from sdedit_desktop.ui.canvas.pointer import Pointer, PointerReader


class TouchInput:
    """Handles the touch events of the canvas.

    Attributes:
        paints: Whether one finger uses the active tool; otherwise it pans.
    """

    def __init__(
        self,
        reader: PointerReader,
        navigation: Navigation,
        lead: Callable[[Pointer], None],
        cancel: Callable[[], None],
    ) -> None:
        """Handles nothing yet.

        Args:
            reader: Makes pointer events.
            navigation: Pans and zooms.
            lead: Passes a pointer event to the canvas.
            cancel: Cancels the drag that was begun with the first finger.
        """
        self.paints = False
        self._reader, self._navigation = reader, navigation
        self._lead, self._cancel = lead, cancel
        self._fingers: dict[int, QPointF] = {}
        self._is_dragging = False

    def handle(self, event: QTouchEvent) -> bool:
        """Handles an event of a touch screen; returns False for those of touch pads."""
        if event.device().type() != QInputDevice.DeviceType.TouchScreen:
            return False
        state = QEventPoint.State
        fingers = {
            point.id(): self._fingers.get(point.id(), point.position())
            if point.state() == state.Stationary
            else point.position()
            for point in event.points()
            if point.state() != state.Released
        }
        if event.type() == QEvent.Type.TouchCancel:
            self._cancel_drag()
            fingers = {}
        elif event.type() == QEvent.Type.TouchBegin and len(fingers) == 1 and self.paints:
            self._is_dragging = not self._reader.pen_is_down
        if self._is_dragging and len(fingers) > 1:
            self._cancel_drag()
        if self._is_dragging:
            position = event.points()[0].position()
            phase = Phase.MOVE if fingers else Phase.RELEASE
            phase = phase if self._fingers else Phase.PRESS
            self._lead(self._reader.read_touch(position, phase, event.modifiers()))
            self._is_dragging = bool(fingers)
        elif not self._reader.pen_is_down:
            self._navigate(fingers)
        self._fingers = fingers
        return True

    def _cancel_drag(self) -> None:
        if self._is_dragging:
            self._is_dragging = False
            self._cancel()

    def _navigate(self, fingers: dict[int, QPointF]) -> None:
        """Pans with the centre of the fingers, and zooms with their distance from it."""
        common = fingers.keys() & self._fingers.keys()
        if not common:
            return
        before, after = ([each[finger] for finger in common] for each in (self._fingers, fingers))
        (start, old), (end, new) = _spread(before), _spread(after)
        self._navigation.follow(start, end, new / old if old and new else 1.0)


def _spread(points: list[QPointF]) -> tuple[QPointF, float]:
    """The centre of points, and their mean distance from it."""
    x = sum(point.x() for point in points) / len(points)
    y = sum(point.y() for point in points) / len(points)
    distances = [math.hypot(point.x() - x, point.y() - y) for point in points]
    return QPointF(x, y), sum(distances) / len(points)
