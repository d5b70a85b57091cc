"""Swatches: the user's palette and recently used colours."""

from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.ui.widgets.icons import icon

_COLUMNS = 12
_MOST = 59
_HEIGHT = 18


class Swatches(QWidget):
    """Rows of colours; the last button adds the current one, Del removes one."""

    picked = Signal(QColor)
    adding = Signal()

    def __init__(self, palette: Iterable[str], recent: Iterable[str]) -> None:
        """Shows colours.

        Args:
            palette: The user's own, as in web pages; invalid ones are ignored.
            recent: Recently used ones, the latest first.
        """
        super().__init__()
        self._own = [name for name in palette if QColor.isValidColorName(name)][:_MOST]
        self._recent = deque((n for n in recent if QColor.isValidColorName(n)), _COLUMNS)
        self.add_button = QToolButton()
        self.add_button.setObjectName("add_swatch")
        self.add_button.setFixedHeight(_HEIGHT)
        self.add_button.setMinimumWidth(10)
        self.add_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.add_button.setIconSize(QSize(12, 12))
        self.add_button.setAccessibleName(self.tr("Add swatch"))
        self.add_button.setToolTip(self.tr("Put the colour in use among the swatches"))
        self.add_button.clicked.connect(self.adding)
        self._grid, latest = _grid(), _grid()
        self._recent_buttons = [self._swatch() for _ in range(_COLUMNS)]
        for place, button in enumerate(self._recent_buttons):
            latest.addWidget(button, 0, place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(self._grid)
        column.addLayout(latest)
        self._show_own()
        self._show_recent()
        self.recolor()

    @property
    def own(self) -> tuple[str, ...]:
        """The palette, as in web pages."""
        return tuple(self._own)

    @property
    def recent(self) -> tuple[str, ...]:
        """Recently used colours, the latest first."""
        return tuple(self._recent)

    def add(self, color: QColor) -> None:
        """Appends a colour to the palette unless it is in it."""
        if color.name() not in self._own and len(self._own) < _MOST:
            self._own.append(color.name())
            self._show_own()

    def remove(self, name: str) -> None:
        """Removes a colour from the palette; the next one gets the focus."""
        place = self._own.index(name)
        self._own.remove(name)
        self._show_own()
        follower = self._grid.itemAt(place)
        if follower is not None and (button := follower.widget()) is not None:
            button.setFocus()

    def remember(self, color: QColor) -> None:
        """Puts a colour first among the recent ones."""
        name = color.name()
        if name in self._recent:
            self._recent.remove(name)
        self._recent.appendleft(name)
        self._show_recent()

    def recolor(self) -> None:
        """Redraws the icon in the current colours of the window."""
        self.add_button.setIcon(icon("add", self.palette()))

    def _show_own(self) -> None:
        while taken := self._grid.takeAt(0):
            widget = taken.widget()
            if isinstance(widget, Swatch):
                widget.hide()
                widget.deleteLater()
        for place, name in enumerate(self._own):
            swatch = self._swatch()
            swatch.show_color(name, self.tr("{0}; Del removes it").format(name))
            swatch.let_remove(self.tr("Remove {0}").format(name))
            swatch.removed.connect(lambda name=name: self.remove(name))
            self._grid.addWidget(swatch, *divmod(place, _COLUMNS))
        self._grid.addWidget(self.add_button, *divmod(len(self._own), _COLUMNS))
        self.add_button.setEnabled(len(self._own) < _MOST)

    def _show_recent(self) -> None:
        for place, button in enumerate(self._recent_buttons):
            if place < len(self._recent):
                name = self._recent[place]
                button.show_color(name, self.tr("{0}, painted with before").format(name))
            else:
                button.setAccessibleName(self.tr("Recent colour, none yet"))
                button.setToolTip(self.tr("Colours you painted with appear here"))

    def _swatch(self) -> "Swatch":
        swatch = Swatch()
        swatch.clicked.connect(lambda: self.picked.emit(swatch.color))
        return swatch


class Swatch(QAbstractButton):
    """A button with a colour, or an empty one."""

    removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.color = QColor()
        self.setEnabled(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        self.setMinimumWidth(10)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_color(self, name: str, tip: str) -> None:
        """Sets its colour."""
        self.color = QColor(name)
        self.setEnabled(True)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.update()

    def let_remove(self, text: str) -> None:
        """Offers removal by Del or a context menu with ``text``."""
        remove = QAction(text, self)
        remove.triggered.connect(self.removed)
        self.addAction(remove)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def sizeHint(self) -> QSize:
        return QSize(_HEIGHT, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Delete and self.actions():
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        role, width = QPalette.ColorRole.Dark, 1.0
        if not self.color.isValid():
            role = QPalette.ColorRole.Midlight
        elif self.hasFocus() or self.underMouse():
            role, width = QPalette.ColorRole.Accent, 2.0
        if self.color.isValid():
            painter.setBrush(self.color)
        painter.setPen(QPen(self.palette().color(role), width))
        inset = (width - 1) / 2
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), 3, 3)
        painter.end()


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(2)
    for column in range(_COLUMNS):
        grid.setColumnStretch(column, 1)
    return grid
