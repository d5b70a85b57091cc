"""Painting by keyboard: arrow keys move a pointer, Space presses and releases it."""

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from sdedit_desktop.ui.widgets.arrow_keys import ARROWS

STEP, FAR = 5, 50
"""Distance that an arrow key moves the pointer, alone and with Shift, in screen pixels."""

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_SHIFT, _PLAIN = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
_SIZE = 25


class KeyboardPointer(QObject):
    """Sends mouse events to a view, so that every tool can be used by keyboard.

    Attributes:
        is_on: Whether arrow keys and Space are handled.
    """

    switched = Signal()

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.is_on = False
        self._view = view
        self._at: QPointF | None = None
        self._is_down = False
        self._cross = _Cross(view)

    def switch(self, on: bool) -> None:
        """Turns it on, at the centre or the last position, or off, which releases a press."""
        self.lift()
        self.is_on = on
        self._cross.setVisible(on)
        if on:
            self._move_to(self._at or QPointF(self._view.rect().center()))
        else:
            QApplication.sendEvent(self._view, QEvent(QEvent.Type.Leave))
        self.switched.emit()

    def key(self, event: QKeyEvent) -> bool:
        """Moves, presses or releases; returns whether the key was handled."""
        held, key = event.modifiers() & ~_KEYPAD, Qt.Key(event.key())
        if not self.is_on or held not in (_PLAIN, _SHIFT):
            return False
        if key in ARROWS and self._at is not None:
            far = FAR if held == _SHIFT else STEP
            across, down = ARROWS[key]
            self._move_to(self._at + QPointF(far * across, far * down))
        elif key == Qt.Key.Key_Space and held == _PLAIN:
            if not event.isAutoRepeat():
                self._press_or_lift()
        else:
            return False
        return True

    def lift(self) -> None:
        """Releases the button."""
        if self._is_down:
            self._press_or_lift()

    def _press_or_lift(self) -> None:
        kinds = QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease
        kind = kinds[self._is_down]
        self._is_down = not self._is_down
        self._send(kind, _LEFT)

    def _move_to(self, at: QPointF) -> None:
        room = self._view.rect()
        inside = min(max(at.x(), 0), room.right()), min(max(at.y(), 0), room.bottom())
        self._at = QPointF(*inside)
        self._cross.move(self._at.toPoint() - self._cross.rect().center())
        self._send(QEvent.Type.MouseMove, _NONE)

    def _send(self, kind: QEvent.Type, button: Qt.MouseButton) -> None:
        if self._at is not None:
            down = _LEFT if self._is_down else _NONE
            place = QPointF(self._view.mapToGlobal(self._at))
            event = QMouseEvent(kind, self._at, place, button, down, _PLAIN)
            QApplication.sendEvent(self._view, event)


class _Cross(QWidget):
    """Draws the pointer, in light and dark."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(_SIZE, _SIZE)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle, end, gap = _SIZE / 2, _SIZE - 1.0, 4.0
        arms = [
            QRectF(QPointF(*a), QPointF(*b))
            for a, b in (
                ((middle, 1), (middle, middle - gap)),
                ((middle, middle + gap), (middle, end)),
                ((1, middle), (middle - gap, middle)),
                ((middle + gap, middle), (end, middle)),
            )
        ]
        for color, wide in ((QColor(0, 0, 0, 200), 3), (QColor(255, 255, 255), 1)):
            painter.setPen(QPen(color, wide))
            for arm in arms:
                painter.drawLine(arm.topLeft(), arm.bottomRight())
        painter.end()
