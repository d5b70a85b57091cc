"""A few words in an upper corner of a picture, such as which candidate it shows."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

_DISTANCE = 10
_STYLE = """
background: rgba(20, 20, 20, 190); color: #f0f0f0; border-radius: 6px; padding: 3px 9px;
"""


class CornerLabel(QLabel):
    """Words over a widget, which gets all pointer events as if they were not there."""

    def __init__(self, over: QWidget, *, right: bool = False) -> None:
        super().__init__(over)
        self._over = over
        self._right = right
        self.setStyleSheet(_STYLE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        over.installEventFilter(self)

    def say(self, text: str) -> None:
        """Shows the words; none hide it."""
        self.setText(text)
        self.setVisible(bool(text))
        self.adjustSize()
        self._settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays in its corner."""
        if event.type() == QEvent.Type.Resize:
            self._settle()
        return False

    def _settle(self) -> None:
        left = self._over.width() - self.width() - _DISTANCE if self._right else _DISTANCE
        self.move(left, _DISTANCE)
