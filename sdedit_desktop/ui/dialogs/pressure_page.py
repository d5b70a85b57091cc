"""The page of the settings with the pressure curve of the pen."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QTabletEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sdedit_desktop.editing.operations.pressure import PressureCurve
from sdedit_desktop.ui.widgets.arrow_keys import ARROWS

_MARGIN = 12.0
_GRASP = 12.0
_STEPS = 100


class CurveEditor(QWidget):
    """A pressure curve whose points are dragged, added by a click and removed with Del.

    By keyboard: Page Up and Page Down select a point, arrow keys move it, Ins adds one.
    """

    changed = Signal()

    def __init__(self, curve: PressureCurve) -> None:
        super().__init__()
        self._curve = curve
        self._chosen = len(curve.points) - 1
        self._pressure: float | None = None
        self._is_dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(220, 220)
        self.setAccessibleName(self.tr("Pressure curve"))
        self.setToolTip(
            self.tr(
                "How hard the pen is pressed to the right, what brushes feel of it upwards.<br>"
                "Drag points; click to add one, Del removes it. Keys: Page Up, Page Down, "
                "arrows, Ins. Press with the pen to see where you are."
            )
        )

    @property
    def curve(self) -> PressureCurve:
        """The current curve."""
        return self._curve

    def set_curve(self, curve: PressureCurve) -> None:
        """Sets the curve."""
        self._curve = curve
        self._chosen = min(self._chosen, len(curve.points) - 1)
        described = ", ".join(f"{x:.0%} {y:.0%}" for x, y in curve.points)
        self.setAccessibleDescription(described)
        self.update()
        self.changed.emit()

    def sizeHint(self) -> QSize:
        return QSize(280, 280)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the field, the curve and its points."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors, roles, box = self.palette(), QPalette.ColorRole, self._box()
        painter.fillRect(box, colors.color(roles.Base))
        painter.setPen(QPen(colors.color(roles.Midlight), 1))
        for part in range(5):
            share = part / 4
            painter.drawLine(self._place(share, 0), self._place(share, 1))
            painter.drawLine(self._place(0, share), self._place(1, share))
        painter.setPen(QPen(colors.color(roles.Mid), 1, Qt.PenStyle.DashLine))
        painter.drawLine(self._place(0, 0), self._place(1, 1))
        path = QPainterPath(self._place(0, self._curve(0.0)))
        for step in range(1, _STEPS + 1):
            path.lineTo(self._place(step / _STEPS, self._curve(step / _STEPS)))
        painter.setPen(QPen(colors.color(roles.Accent), 2))
        painter.drawPath(path)
        for number, (x, y) in enumerate(self._curve.points):
            chosen = number == self._chosen and self.hasFocus()
            painter.setBrush(colors.color(roles.Accent if chosen else roles.Base))
            painter.setPen(QPen(colors.color(roles.Text), 1.5))
            painter.drawEllipse(self._place(x, y), 5, 5)
        if self._pressure is not None:
            painter.setPen(QPen(colors.color(roles.Text), 1, Qt.PenStyle.DotLine))
            felt = self._curve(self._pressure)
            corner = self._place(self._pressure, felt)
            painter.drawLine(self._place(self._pressure, 0), corner)
            painter.drawLine(corner, self._place(0, felt))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colors.color(roles.Accent), 1))
            painter.drawRect(box)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        near = [(self._place(*point) - at).manhattanLength() for point in self._curve.points]
        if min(near) > _GRASP:
            self._add(*self._shares(at))
            near = [(self._place(*point) - at).manhattanLength() for point in self._curve.points]
        self._chosen = near.index(min(near))
        self._is_dragged = min(near) <= 2 * _GRASP
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._is_dragged:
            self.set_curve(self._curve.moved(self._chosen, *self._shares(event.position())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._is_dragged = False

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Shows the pressure of the pen; dragging uses the mouse events that follow."""
        lifted = event.type() == QEvent.Type.TabletRelease
        self._pressure = None if lifted else event.pressure()
        self.update()
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        x, y = self._curve.points[self._chosen]
        step = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0.02
        key = Qt.Key
        if (direction := ARROWS.get(Qt.Key(event.key()))) is not None:
            across, down = direction
            moved = self._curve.moved(self._chosen, x + step * across, y - step * down)
            self.set_curve(moved)
        elif event.key() in (key.Key_PageUp, key.Key_PageDown):
            self._chosen += 1 if event.key() == key.Key_PageUp else -1
            self._chosen %= len(self._curve.points)
            self.update()
        elif event.key() == key.Key_Insert:
            last = max(self._chosen, 1)
            middle = (self._curve.points[last - 1][0] + self._curve.points[last][0]) / 2
            self._chosen = last
            self._add(middle, self._curve(middle))
        elif event.key() in (key.Key_Delete, key.Key_Backspace):
            self.set_curve(self._curve.without_point(self._chosen))
        else:
            super().keyPressEvent(event)

    def _add(self, x: float, y: float) -> None:
        self.set_curve(self._curve.with_point(x, y))

    def _box(self) -> QRectF:
        side = min(self.width(), self.height()) - 2 * _MARGIN
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def _place(self, x: float, y: float) -> QPointF:
        box = self._box()
        return QPointF(box.left() + x * box.width(), box.bottom() - y * box.height())

    def _shares(self, at: QPointF) -> tuple[float, float]:
        box = self._box()
        x, y = (at.x() - box.left()) / box.width(), (box.bottom() - at.y()) / box.height()
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)


class PressurePage(QWidget):
    """The curve, and three presets."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.editor = CurveEditor(PressureCurve.from_text(text))
        says = QLabel(
            self.tr(
                "How hard a pen must be pressed, for the size and the opacity of all brushes. "
                "The mouse is not concerned."
            )
        )
        says.setWordWrap(True)
        row = QHBoxLayout()
        curves = (
            (self.tr("Softer"), self.tr("Little pressure does much"), (0.3, 0.62)),
            (self.tr("Straight"), self.tr("Brushes feel what the pen reports"), None),
            (self.tr("Firmer"), self.tr("Only much pressure does much"), (0.6, 0.3)),
        )
        for name, tip, middle in curves:
            button = QPushButton(name)
            button.setAccessibleName(name)
            button.setToolTip(tip)
            curve = PressureCurve().with_point(*middle) if middle else PressureCurve()
            button.clicked.connect(lambda _=False, curve=curve: self.editor.set_curve(curve))
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.addWidget(says)
        column.addWidget(self.editor, 1)
        column.addLayout(row)

    @property
    def text(self) -> str:
        """The curve, as stored in the settings."""
        return str(self.editor.curve)
