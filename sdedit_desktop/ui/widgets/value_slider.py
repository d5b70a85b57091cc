"""A slider with its name and value, for mouse and keyboard input."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDoubleValidator,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QAbstractSlider, QLineEdit, QSizePolicy, QWidget

_STEPS = 1000
_RADIUS = 4.0


class ValueSlider(QAbstractSlider):
    """A bar that is filled up to its value.

    Drag or use the arrow keys; press Enter or double-click to type a number. ``value_changed`` is
    emitted with the value in its unit; ``value_settled`` once, at the end of a drag or a key press.
    """

    value_changed = Signal(float)
    value_settled = Signal(float)

    def __init__(
        self,
        name: str,
        low: float,
        high: float,
        *,
        unit: str = "",
        decimals: int = 0,
        curve: float = 1.0,
        parent: QWidget | None = None,
    ) -> None:
        """Makes a slider.

        Args:
            name: What it sets, as shown.
            low: The least value.
            high: The greatest.
            unit: Shown behind the number.
            decimals: Of the number.
            curve: Above 1, small values get a larger part of the bar.
            parent: The widget it belongs to.
        """
        super().__init__(parent)
        self.marks: tuple[float, float] | None = None
        self._name, self._unit, self._decimals = name, unit, decimals
        self._low, self._high, self._curve = low, high, curve
        self._exact = float(low)
        self._editor: QLineEdit | None = None
        self.setRange(0, _STEPS)
        self.setSingleStep(_STEPS // 100)
        self.setPageStep(_STEPS // 10)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.valueChanged.connect(self._follow)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def number(self) -> float:
        """The value in its own unit."""
        return self._exact

    def show_number(self, number: float) -> None:
        """Shows a value without emitting a signal."""
        self._exact = float(min(max(number, self._low), self._high))
        blocked = self.blockSignals(True)
        self.setValue(round(self._share(self._exact) * _STEPS))
        self.blockSignals(blocked)
        self.setAccessibleDescription(self._text())
        self.update()

    def set_number(self, number: float) -> None:
        """Sets a value as user input does."""
        before = self._exact
        self.show_number(number)
        if self._exact != before:
            self.value_changed.emit(self._exact)
        self.value_settled.emit(self._exact)

    def sizeHint(self) -> QSize:
        return QSize(150, self.fontMetrics().height() + 10)

    def minimumSizeHint(self) -> QSize:
        return QSize(
            self.fontMetrics().horizontalAdvance(self._text()) + 16, self.sizeHint().height()
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = self.palette()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(box, _RADIUS, _RADIUS)
        painter.fillPath(path, colors.color(QPalette.ColorRole.Base))
        painter.save()
        painter.setClipPath(path)
        filled = QRectF(box.left(), box.top(), box.width() * self._share(self._exact), box.height())
        color = colors.color(QPalette.ColorRole.Highlight)
        color.setAlphaF(0.75 if self.isEnabled() else 0.25)
        painter.fillRect(filled, color)
        self._draw_marks(painter, box)
        painter.restore()
        rim = QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Light
        painter.setPen(QPen(colors.color(rim), 1))
        painter.drawPath(path)
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(colors.color(group, QPalette.ColorRole.Text))
        inner = self.rect().adjusted(8, 0, -8, 0)
        painter.drawText(
            inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._name
        )
        painter.drawText(
            inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._number_text()
        )
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderDown(False)
            self.value_settled.emit(self._exact)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._edit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter types a number; arrows and page keys move."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._edit()
            return
        before = self._exact
        super().keyPressEvent(event)
        if self._exact != before:
            self.value_settled.emit(self._exact)

    def _go_to(self, x: float) -> None:
        self.setValue(round(min(max(x / max(self.width(), 1), 0.0), 1.0) * _STEPS))

    def _follow(self, position: int) -> None:
        share = (position / _STEPS) ** self._curve
        exact = self._low + share * (self._high - self._low)
        self._exact = float(round(exact, self._decimals))
        self.setAccessibleDescription(self._text())
        self.update()
        self.value_changed.emit(self._exact)

    def _share(self, number: float) -> float:
        """Position of a number on the bar, 0 to 1."""
        share = (number - self._low) / (self._high - self._low)
        inverse: Callable[[float], float] = lambda v: v ** (1 / self._curve)  # noqa: E731
        return inverse(min(max(share, 0.0), 1.0))

    def _draw_marks(self, painter: QPainter, box: QRectF) -> None:
        """Marks the recommended range along the bottom."""
        if self.marks is None:
            return
        left, right = (box.left() + box.width() * self._share(edge) for edge in self.marks)
        color = self.palette().color(QPalette.ColorRole.Accent)
        painter.fillRect(QRectF(left, box.bottom() - 3, right - left, 3), color)

    def _number_text(self) -> str:
        return f"{self.locale().toString(self._exact, 'f', self._decimals)}{self._unit}"

    def _text(self) -> str:
        return f"{self._name}  {self._number_text()}"

    def _edit(self) -> None:
        self.setSliderDown(False)
        editor = QLineEdit(self.locale().toString(self._exact, "f", self._decimals), self)
        editor.setValidator(QDoubleValidator(self._low, self._high, self._decimals, editor))
        editor.setAccessibleName(self._name)
        editor.setToolTip(self._name)
        editor.setGeometry(self.rect())
        editor.selectAll()
        editor.editingFinished.connect(self._take_typed)
        editor.show()
        editor.setFocus()
        self._editor = editor

    def _take_typed(self) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            number, is_number = self.locale().toDouble(editor.text())
            editor.deleteLater()
            self.setFocus()
            if is_number:
                self.set_number(number)
