"""Returns the keyboard focus to the canvas after text input."""

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
    """Handles Enter and Esc in a field, then returns the focus to the canvas.

    Elsewhere these are shortcuts of the window: Enter accepts, Esc stops. ``escaped`` is emitted if
    Esc was pressed and there was nothing to stop.
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
    """Whether an item of a list is being edited, which handles its own keys."""
    viewport = field.parentWidget()
    return viewport is not None and isinstance(viewport.parentWidget(), QAbstractItemView)
