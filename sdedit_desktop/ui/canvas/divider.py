"""The line between before and after on the canvas."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractSlider, QWidget

from sdedit_desktop.ui.canvas.overlays import OnResize

_WIDTH = 32
_STEPS = 1000
_KNOB = 13.0


class Divider(QAbstractSlider):
    """Moved by dragging or by arrow keys; its value is a fraction of the width below it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(0, _STEPS)
        self.setSingleStep(_STEPS // 100)
        self.setPageStep(_STEPS // 10)
        self.setValue(_STEPS // 2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAccessibleName(self.tr("Before and after"))
        self.setToolTip(self.tr("Drag, or use the arrow keys: left is before, right is after"))
        self.valueChanged.connect(self._settle)
        self.hide()
        OnResize(self, over, self._settle)

    @property
    def x_below(self) -> float:
        """Position of the line, in pixels of the widget below."""
        return self.value() / _STEPS * self._over.width()

    def go_to(self, x: float) -> None:
        """Moves the line, clamped to the widget."""
        self.setValue(round(x / max(self._over.width(), 1) * _STEPS))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.go_to(self.mapToParent(event.position()).x())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws a line that is visible on any picture, and a handle with two arrows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = self.x_below - self.x()
        for color, width in ((QColor(0, 0, 0, 150), 4.0), (QColor(255, 255, 255), 2.0)):
            painter.setPen(QPen(color, width))
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        middle = QPointF(x, self.height() / 2)
        rim = self.palette().color(self.palette().ColorRole.Accent)
        painter.setPen(QPen(rim if self.hasFocus() else QColor(0, 0, 0, 150), 2))
        painter.setBrush(QColor(255, 255, 255))
        painter.drawEllipse(QRectF(middle.x() - _KNOB, middle.y() - _KNOB, 2 * _KNOB, 2 * _KNOB))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(60, 60, 60))
        for side in (-1, 1):
            tip = QPointF(middle.x() + side * 9, middle.y())
            base = middle.x() + side * 3
            arrow = [tip, QPointF(base, middle.y() - 5), QPointF(base, middle.y() + 5)]
            painter.drawPolygon(QPolygonF(arrow))
        painter.end()

    def _settle(self) -> None:
        self.setGeometry(round(self.x_below - _WIDTH / 2), 0, _WIDTH, self._over.height())
        self.update()
