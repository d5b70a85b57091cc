"""Text over the canvas: a label in a corner, and a hint at the lower edge."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget

_CORNER_DISTANCE, _HINT_DISTANCE = 10, 18
_CORNER_STYLE = """
background: rgba(20, 20, 20, 190); color: #f0f0f0; border-radius: 6px; padding: 3px 9px;
"""
_HINT_STYLE = """
background: rgba(20, 20, 20, 215); color: #f0f0f0; border-radius: 8px; padding: 9px 16px;
"""


class OnResize(QObject):
    """Calls a function whenever a widget was resized, as long as the owner exists."""

    def __init__(self, owner: QObject, widget: QWidget, call: Callable[[], None]) -> None:
        super().__init__(owner)
        self._call = call
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._call()
        return False


class CornerLabel(QLabel):
    """A text over a widget, transparent for the pointer."""

    def __init__(self, over: QWidget, *, right: bool = False) -> None:
        super().__init__(over)
        self._over = over
        self._right = right
        self.setStyleSheet(_CORNER_STYLE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        OnResize(self, over, self._settle)

    def say(self, text: str) -> None:
        """Sets the text; an empty one hides the label."""
        self.setText(text)
        self.setVisible(bool(text))
        self.adjustSize()
        self._settle()

    def _settle(self) -> None:
        right = self._over.width() - self.width() - _CORNER_DISTANCE
        self.move(right if self._right else _CORNER_DISTANCE, _CORNER_DISTANCE)


class HintBar(QLabel):
    """A sentence at the lower edge of a widget; hidden by a click."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setStyleSheet(_HINT_STYLE)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(self.tr("Hint"))
        self.setToolTip(self.tr("Click to hide"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()
        OnResize(self, over, self._settle)

    def say(self, text: str) -> None:
        """Shows a sentence."""
        self.setText(text)
        self.adjustSize()
        self._settle()
        self.show()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.hide()

    def _settle(self) -> None:
        left = (self._over.width() - self.width()) // 2
        self.move(max(left, 0), self._over.height() - self.height() - _HINT_DISTANCE)
