"""Tablet events, and the paint that they leave."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QPointingDeviceUniqueId, QTabletEvent
from PySide6.QtWidgets import QApplication

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier
PEN = QPointingDevice(
    "pen",
    1,
    QInputDevice.DeviceType.Stylus,
    QPointingDevice.PointerType.Pen,
    QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
    1,
    1,
    "",
    QPointingDeviceUniqueId(),
)


def pen(view, kind, x, y, pressure):
    at = QPointF(x, y)
    down = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else LEFT
    event = QTabletEvent(kind, PEN, at, at, pressure, 0, 0, 0, 0, 0, PLAIN, LEFT, down)
    QApplication.sendEvent(view, event)


def strokes(session):
    """Alpha of the topmost layer, where the strokes are."""
    return session.document.layers[-1].tiles.read(session.document.rect)[..., 3]
