"""Gives the keyboard back to the canvas when a field has been filled in."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

_TEXT = (QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class FocusReturn(QObject):
    """Keeps Enter and Esc for the field in which they are pressed, then leads to the canvas.

    Anywhere else they are shortcuts of the window: Enter accepts, Esc stops. ``escaped``: Esc was
    pressed, and there was nothing to stop.
    """

    escaped = Signal()

    def __init__(self, window: QWidget, canvas: QWidget) -> None:
        super().__init__(window)
        self._canvas = canvas
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            if not isinstance(QApplication.focusWidget(), _TEXT):
                self.escaped.emit()
            return False
        if event.type() != QEvent.Type.ShortcutOverride:
            return False
        field = QApplication.focusWidget()
        if event.key() not in _ENDS or not isinstance(field, _TEXT):
            return False
        event.accept()  # it is pressed next, and ends what is typed
        if not _is_in_list(field):
            QTimer.singleShot(0, self._canvas, self._canvas.setFocus)
        return True


def _is_in_list(field: QWidget) -> bool:
    """Whether a row of a list is being edited: the list closes its field, and has the keyboard."""
    viewport = field.parentWidget()
    return viewport is not None and isinstance(viewport.parentWidget(), QAbstractItemView)
