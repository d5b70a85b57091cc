"""A popup below a button."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QFrame, QToolButton


class Popup(QFrame):
    """Opens under its button; Esc or a click elsewhere closes it."""

    def __init__(self, button: QToolButton) -> None:
        super().__init__(button, Qt.WindowType.Popup)
        self._button = button
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(button.accessibleName())
        button.clicked.connect(self.open)

    def open(self) -> None:
        """Shows it, fully on the screen."""
        self.adjustSize()
        at = self._button.mapToGlobal(QPoint(0, self._button.height() + 2))
        screen = self._button.screen().availableGeometry()
        at.setX(max(min(at.x(), screen.right() - self.width()), screen.left()))
        at.setY(max(min(at.y(), screen.bottom() - self.height()), screen.top()))
        self.move(at)
        self.show()
        self.focusNextChild()

    def changeEvent(self, event: QEvent) -> None:
        self.setAccessibleName(self._button.accessibleName())
        super().changeEvent(event)
