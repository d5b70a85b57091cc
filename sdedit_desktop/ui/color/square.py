"""A square of saturation and brightness, and a strip of hues."""

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QAbstractSlider, QWidget

from sdedit_desktop.ui.widgets.arrow_keys import ARROWS
from sdedit_desktop.ui.widgets.qimages import rgb_to_qimage


class ColorSquare(QWidget):
    """Saturation to the right, brightness upwards, for one hue."""

    picked = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hue, self._saturation, self._value = 0.0, 0.0, 0.0
        self._field: QImage | None = None
        self.setMinimumSize(60, 54)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Saturation and brightness"))
        self.setToolTip(
            self.tr("Drag, or use the arrow keys: saturation to the right, brightness up")
        )

    def sizeHint(self) -> QSize:
        return QSize(190, 96)

    def show_color(self, hue: float, saturation: float, value: float) -> None:
        """Shows a colour, each part 0 to 1."""
        if hue != self._hue:
            self._field = None
        self._hue, self._saturation, self._value = hue, saturation, value
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._field is None:
            self._field = _field(self._hue)
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing
        )
        painter.drawImage(self.rect(), self._field)
        at = QPointF(self._saturation * self.width(), (1 - self._value) * self.height())
        draw_mark(painter, at)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self._pick(at.x() / max(self.width(), 1), 1 - at.y() / max(self.height(), 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0.01
        direction = ARROWS.get(Qt.Key(event.key()))
        if direction is None:
            super().keyPressEvent(event)
        else:
            across, down = direction
            self._pick(self._saturation + step * across, self._value - step * down)

    def _pick(self, saturation: float, value: float) -> None:
        self.picked.emit(min(max(saturation, 0.0), 1.0), min(max(value, 0.0), 1.0))


class HueStrip(QAbstractSlider):
    """A strip of all hues."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(0, 359)
        self.setPageStep(30)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(18)
        self.setAccessibleName(self.tr("Hue"))
        self.setToolTip(self.tr("Hue: drag, or use the arrow keys"))
        hues = [rgb_of(QColor.fromHsvF(x / 180, 1, 1)) for x in range(180)]
        self._strip = rgb_to_qimage(np.array([hues], np.uint8))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(self.rect(), self._strip)
        x = round(self.value() / 359 * (self.width() - 1))
        painter.setPen(QColor(0, 0, 0, 160))
        painter.drawRect(x - 3, 0, 6, self.height() - 1)
        painter.setPen(QColor(255, 255, 255))
        painter.drawRect(x - 2, 1, 4, self.height() - 3)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.setValue(round(event.position().x() / max(self.width() - 1, 1) * 359))


def draw_mark(painter: QPainter, at: QPointF) -> None:
    """Draws a ring that is visible on any colour."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, radius in ((QColor(0, 0, 0, 160), 6.0), (QColor(255, 255, 255), 5.0)):
        painter.setPen(QPen(color, 1.5))
        painter.drawEllipse(at, radius, radius)


def rgb_of(color: QColor) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255 each."""
    return color.red(), color.green(), color.blue()


def _field(hue: float) -> QImage:
    """Saturation by brightness, 64 x 64, for a hue."""
    pure = np.array(rgb_of(QColor.fromHsvF(hue, 1, 1)), np.float32)
    saturation = np.linspace(0, 1, 64, dtype=np.float32)[None, :, None]
    value = np.linspace(1, 0, 64, dtype=np.float32)[:, None, None]
    colors = value * (255 + saturation * (pure - 255))
    return rgb_to_qimage(np.rint(colors).astype(np.uint8))
