"""Navigation of the view by dragging, wheel, touch pad and arrow keys."""

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent, QNativeGestureEvent, QWheelEvent

from sdedit_desktop.editing.operations.mask_shapes import Modifiers
from sdedit_desktop.ui.canvas.viewport import Viewport, ViewportWidget
from sdedit_desktop.ui.widgets.arrow_keys import ARROWS

_NOTCH = 120
_ZOOM_PER_NOTCH = 2**0.25
_SNAP_DEGREES = 15.0
_KEY_SHARE = 0.1


class Navigation:
    """Pans, zooms and rotates the viewport of a view; positions are those of events."""

    def __init__(self, view: ViewportWidget) -> None:
        self._view = view
        self._from: QPointF | None = None
        self._turned_from: Viewport | None = None

    @property
    def is_dragging(self) -> bool:
        """Whether the view is being dragged."""
        return self._from is not None

    def press(self, position: QPointF, keys: Modifiers) -> None:
        """Starts panning, or with Shift rotating about the centre."""
        self._from = position
        self._turned_from = self._view.viewport if keys.shift else None

    def drag(self, position: QPointF, keys: Modifiers) -> None:
        """Pans or rotates; with Ctrl, rotation snaps to steps of 15 degrees."""
        if self._from is None:
            return
        if self._turned_from is None:
            self._pan(position - self._from)
            self._from = position
            return
        angle = self._turned_from.angle + self._bearing(position) - self._bearing(self._from)
        if keys.ctrl:
            angle = _SNAP_DEGREES * round(angle / _SNAP_DEGREES)
        self._view.look(self._turned_from.turned(angle - self._turned_from.angle))

    def release(self) -> None:
        """Ends panning or rotating."""
        self._from = self._turned_from = None

    def wheel(self, event: QWheelEvent) -> None:
        """Zooms at the pointer; two fingers on a touch pad pan, and zoom with Ctrl."""
        zooms = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if _is_touch_pad(event) and not zooms and not event.pixelDelta().isNull():
            self._pan(QPointF(event.pixelDelta()))
        else:
            notches = event.angleDelta().y() / _NOTCH
            scale = self._view.viewport.scale * _ZOOM_PER_NOTCH**notches
            self._view.look(self._view.viewport.zoomed(scale, self._device(event.position())))
        event.accept()

    def pinch(self, event: QNativeGestureEvent) -> bool:
        """Zooms, rotates and pans with two fingers; returns whether the event was handled."""
        viewport, at = self._view.viewport, self._device(event.position())
        match event.gestureType():
            case Qt.NativeGestureType.ZoomNativeGesture:
                self._view.look(viewport.zoomed(viewport.scale * (1 + event.value()), at))
            case Qt.NativeGestureType.RotateNativeGesture:
                self._view.look(viewport.turned(event.value(), at))
            case Qt.NativeGestureType.PanNativeGesture:
                self._pan(event.delta())
            case Qt.NativeGestureType.SmartZoomNativeGesture:
                self._view.look(viewport.zoomed(1.0, at)) if self._view.fits else self._view.fit()
            case _:
                return False
        return True

    def follow(self, before: QPointF, after: QPointF, factor: float) -> None:
        """Pans from one position to another, and zooms by a factor there."""
        self._pan(after - before)
        viewport = self._view.viewport
        self._view.look(viewport.zoomed(viewport.scale * factor, self._device(after)))

    def key(self, event: QKeyEvent) -> bool:
        """Pans by a tenth of the view at an arrow key; returns whether it was one."""
        direction = ARROWS.get(Qt.Key(event.key()))
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if direction is None or modifiers != Qt.KeyboardModifier.NoModifier:
            return False
        self._pan(
            QPointF(
                round(-direction[0] * _KEY_SHARE * self._view.width()),
                round(-direction[1] * _KEY_SHARE * self._view.height()),
            )
        )
        return True

    def _pan(self, shift: QPointF) -> None:
        device = self._device(shift)
        self._view.look(self._view.viewport.panned(device.x(), device.y()))

    def _device(self, point: QPointF) -> QPointF:
        return point * self._view.devicePixelRatioF()

    def _bearing(self, position: QPointF) -> float:
        """Direction of a point from the centre of the view, clockwise, in degrees."""
        across = position.x() - self._view.width() / 2
        down = position.y() - self._view.height() / 2
        return math.degrees(math.atan2(down, across))


def _is_touch_pad(event: QWheelEvent) -> bool:
    """Recognised by the device or, on some systems, only by scroll phases."""
    named = event.device().type() == QInputDevice.DeviceType.TouchPad
    return named or event.phase() != Qt.ScrollPhase.NoScrollPhase
