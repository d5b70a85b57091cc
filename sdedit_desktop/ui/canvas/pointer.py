"""Makes one kind of event from mouse, pen and touch.

Qt also makes mouse events from those of a pen: the mouse is ignored while a pen is down.
"""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPointingDevice, QTabletEvent

from sdedit_desktop.document.brush.brush import Sample
from sdedit_desktop.editing.gestures.interactive import Phase, PointerEvent
from sdedit_desktop.editing.operations.mask_shapes import Modifiers
from sdedit_desktop.ui.canvas.viewport import ViewportWidget

_PHASES = {
    QEvent.Type.MouseButtonPress: Phase.PRESS,
    QEvent.Type.MouseButtonDblClick: Phase.DOUBLE_PRESS,
    QEvent.Type.MouseMove: Phase.MOVE,
    QEvent.Type.MouseButtonRelease: Phase.RELEASE,
    QEvent.Type.TabletPress: Phase.PRESS,
    QEvent.Type.TabletMove: Phase.MOVE,
    QEvent.Type.TabletRelease: Phase.RELEASE,
    QEvent.Type.Enter: Phase.MOVE,
}


class Pointer(NamedTuple):
    """A pointer event, and where it was on the view.

    Attributes:
        event: The event for tools.
        position: In the view's own pixels.
        button: What was pressed or released.
        is_down: Whether any button is down, or the pen is.
    """

    event: PointerEvent
    position: QPointF
    button: Qt.MouseButton
    is_down: bool


class PointerReader:
    """Converts the mouse, pen and touch events of a view.

    Attributes:
        last: The latest pointer.
        pen_is_down: Whether a pen touches the tablet.
    """

    def __init__(self, view: ViewportWidget, pressure: Callable[[float], float]) -> None:
        """Reads nothing yet.

        Args:
            view: Whose events they are.
            pressure: What the program makes of a pen's own pressure, both 0 to 1.
        """
        self.last: Pointer | None = None
        self._view = view
        self._pressure = pressure
        self.pen_is_down = False

    def read(self, raw: QMouseEvent | QTabletEvent | QEnterEvent) -> Pointer | None:
        """Reads a mouse or pen event; ``None`` for mouse events that Qt made from a pen's."""
        phase = _PHASES.get(raw.type())
        is_pen = isinstance(raw, QTabletEvent)
        if phase is None or (self.pen_is_down and not is_pen):
            return None
        if is_pen and phase is not Phase.MOVE:
            self.pen_is_down = phase is Phase.PRESS
        position = raw.position()
        sample, is_eraser = self._sample(position), False
        if isinstance(raw, QTabletEvent):
            pressure = self._pressure(raw.pressure())
            sample = Sample(sample.x, sample.y, pressure, raw.xTilt(), raw.yTilt())
            is_eraser = raw.pointerType() == QPointingDevice.PointerType.Eraser
        event = PointerEvent(sample, modifiers_of(raw.modifiers()), phase, self._unit, is_eraser)
        is_down = raw.buttons() != Qt.MouseButton.NoButton
        self.last = Pointer(event, position, raw.button(), is_down)
        return self.last

    def read_touch(self, position: QPointF, phase: Phase, keys: Qt.KeyboardModifier) -> Pointer:
        """Reads one finger as the left button at full pressure."""
        event = PointerEvent(self._sample(position), modifiers_of(keys), phase, self._unit, False)
        is_down = phase is not Phase.RELEASE
        self.last = Pointer(event, position, Qt.MouseButton.LeftButton, is_down)
        return self.last

    def with_modifiers(self, keys: Qt.KeyboardModifier) -> Pointer | None:
        """The latest pointer with the modifiers that are down now, if they have changed."""
        if self.last is None or modifiers_of(keys) == self.last.event.modifiers:
            return None
        event = self.last.event._replace(modifiers=modifiers_of(keys), phase=Phase.MOVE)
        self.last = self.last._replace(event=event)
        return self.last

    def _sample(self, position: QPointF) -> Sample:
        at = self._view.viewport.to_document(position * self._view.devicePixelRatioF())
        return Sample(at.x(), at.y())

    @property
    def _unit(self) -> float:
        return self._view.devicePixelRatioF() / self._view.viewport.scale


def modifiers_of(keys: Qt.KeyboardModifier) -> Modifiers:
    """The modifier keys that tools use."""
    modifier = Qt.KeyboardModifier
    return Modifiers(
        bool(keys & modifier.ShiftModifier),
        bool(keys & modifier.AltModifier),
        bool(keys & modifier.ControlModifier),
    )
