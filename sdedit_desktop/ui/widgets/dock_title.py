"""The title bar of a panel, with a help button."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QStyle, QToolButton, QWidget

_ICON = QSize(12, 12)


class DockTitle(QWidget):
    """Title, help, float and close.

    Attributes:
        help_wanted: The user asked for help on this panel.
    """

    help_wanted = Signal()

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.setObjectName("dock_title")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        label = QLabel(dock.windowTitle())
        font = label.font()
        font.setBold(True)
        label.setFont(font)
        title = dock.windowTitle()
        self.help = self._button(self.tr("Help on {0}").format(title))
        self.help.setText("?")
        self.float = self._button(self.tr("Detach {0}").format(title))
        self.close_ = self._button(self.tr("Close {0}").format(title))
        self.help.clicked.connect(self.help_wanted)
        self._dock = dock
        self.float.clicked.connect(self._detach)
        self.close_.clicked.connect(dock.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 3, 0)
        row.setSpacing(1)
        row.addWidget(label, 1)
        for button in (self.help, self.float, self.close_):
            row.addWidget(button)
        self._draw()

    def _detach(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())

    def changeEvent(self, event: QEvent) -> None:
        """Redraws the icons when the theme changes."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        pixmap = QStyle.StandardPixmap
        self.float.setIcon(self.style().standardIcon(pixmap.SP_TitleBarNormalButton))
        self.close_.setIcon(self.style().standardIcon(pixmap.SP_TitleBarCloseButton))

    def _button(self, text: str) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(text)
        button.setToolTip(text)
        button.setIconSize(_ICON)
        button.setFixedHeight(18)
        return button
