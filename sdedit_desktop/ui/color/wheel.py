"""A ring of hues around a square of saturation and brightness."""

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QConicalGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractSlider

from sdedit_desktop.ui.color.square import ColorSquare, draw_mark

_THICKNESS = 14.0
_GAP = 3.0


class ColorWheel(QAbstractSlider):
    """A ring of hues, in degrees against the clock from the right; ``square`` lies inside."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(0, 359)
        self.setPageStep(30)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Hue"))
        self.setToolTip(self.tr("Hue: drag along the ring, or use the arrow keys"))
        self.square = ColorSquare(self)

    def sizeHint(self) -> QSize:
        return QSize(170, 150)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        half = math.floor((self._radius() - _THICKNESS - _GAP) / math.sqrt(2))
        middle = self.rect().center()
        self.square.setGeometry(QRect(middle.x() - half, middle.y() - half, 2 * half, 2 * half))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, outer = QRectF(self.rect()).center(), self._radius()
        hues = QConicalGradient(middle, 0)
        for step in range(13):
            hues.setColorAt(step / 12, QColor.fromHsvF(step / 12 % 1, 1, 1))
        ring = QPainterPath()
        ring.addEllipse(middle, outer, outer)
        ring.addEllipse(middle, outer - _THICKNESS, outer - _THICKNESS)
        painter.fillPath(ring, hues)
        turn = math.radians(self.value())
        far = outer - _THICKNESS / 2
        x, y = middle.x() + far * math.cos(turn), middle.y() - far * math.sin(turn)
        draw_mark(painter, QPointF(x, y))
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), 1.5))
            painter.drawPath(ring)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        away = event.position() - QRectF(self.rect()).center()
        on_ring = self._radius() - _THICKNESS - _GAP <= math.hypot(away.x(), away.y())
        self.setSliderDown(on_ring)
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            away = event.position() - QRectF(self.rect()).center()
            self.setValue(round(math.degrees(math.atan2(-away.y(), away.x()))) % 360)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def _radius(self) -> float:
        return min(self.width(), self.height()) / 2 - 2
