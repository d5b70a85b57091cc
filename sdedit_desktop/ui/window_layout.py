"""The layout of the window: docks, bars and menus."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QMenu,
    QScrollArea,
    QTabWidget,
    QToolBar,
    QToolButton,
    QWidget,
)

from sdedit_desktop.editing.session import Session
from sdedit_desktop.settings import KeepSettings
from sdedit_desktop.ui.actions import Action, Actions, Entries
from sdedit_desktop.ui.translation import translated

_TOOL_BAR = (
    "brush eraser fill eyedropper | "
    "mask_brush mask_eraser mask_rectangle mask_ellipse mask_lasso mask_polygon | "
    "transform | "
    "hand zoom_in zoom_out fit | undo redo | show_mask"
)
_Area = Qt.DockWidgetArea
_USUAL_SIZE = QSize(1440, 900)
_FRAME = QSize(12, 44)
"""Largest size of a window frame, which is unknown before the window is shown."""
_PANELS = QSize(0, 44)
"""Size of the desktop's panels, which Wayland does not report."""
_HIGH_ENOUGH = 820
"""Minimum height of the window at which colour and layers are both visible."""
_ROUNDING = 2
"""How far Qt may stay below a height that it is asked for, in pixels."""
_CASCADE, _CASCADED = 32, 6
_TOOL_ICONS = (24, 20, 18, 16)


def first_size(available: QSize) -> QSize:
    """The size of the window at the first start.

    Args:
        available: The available area of the screen.
    """
    without_panels = not QGuiApplication.platformName().startswith("wayland")
    return _USUAL_SIZE.boundedTo(available - _FRAME - (QSize(0, 0) if without_panels else _PANELS))


def add_menus(
    window: QMainWindow,
    menus: Sequence[tuple[str, Entries[Any]]],
    actions: Actions,
    inner: Mapping[str, QMenu],
) -> None:
    """Fills the menu bar.

    Args:
        window: Whose menu bar.
        menus: Title and entries of each menu.
        actions: What the entries do.
        inner: Submenus by name.
    """
    for title, entries in menus:
        menu = window.menuBar().addMenu(translated(title))
        for entry in entries:
            if isinstance(entry, Action):
                menu.addAction(actions[entry.id])
            elif entry == "|":
                menu.addSeparator()
            elif entry in inner:
                menu.addMenu(inner[entry])
            else:
                menu.addAction(actions[entry])


def cascade(window: QWidget, others: int) -> None:
    """Moves a window so that it does not cover other windows exactly.

    Starts again at the top left where it would leave the screen.
    """
    if others == 0 or window.isMaximized() or window.isFullScreen():
        return
    room = window.screen().availableGeometry()
    step = _CASCADE * (1 + (others - 1) % _CASCADED)
    moved = window.geometry().translated(step, step)
    moved.setRight(min(moved.right(), room.right()))
    moved.setBottom(min(moved.bottom(), room.bottom()))
    window.setGeometry(moved)


class ToolsBar(QToolBar):
    """The tool bar: small icons in a low window, and a menu for tools that do not fit."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Chooses the largest icons at which all tools fit."""
        super().resizeEvent(event)
        upright = self.orientation() == Qt.Orientation.Vertical
        room = self.height() if upright else self.width()
        now = self.iconSize().width()
        needed = self.sizeHint().height() if upright else self.sizeHint().width()
        count = sum(not action.isSeparator() for action in self.actions())
        fitting = (side for side in _TOOL_ICONS if needed + (side - now) * count <= room)
        side = next(fitting, _TOOL_ICONS[-1])
        if side != now:
            self.setIconSize(QSize(side, side))


class StripDock(QObject):
    """Shows the candidates dock as soon as there are any, unless the user closed it."""

    def __init__(
        self, dock: QDockWidget, session: Session, keep: KeepSettings, *, wanted: bool
    ) -> None:
        """Shows or hides the dock at once; ``wanted``: the user did not close it."""
        super().__init__(dock)
        self._dock = dock
        self._session = session
        self._keep = keep
        self._wanted = wanted
        dock.toggleViewAction().triggered.connect(self._choose)
        session.strip.reset.connect(self._follow)
        self._follow()

    def _choose(self, shown: bool) -> None:
        self._wanted = shown
        self._keep(shows_candidates=shown)

    def _follow(self) -> None:
        shown = self._wanted and bool(self._session.slots)
        if shown or not self._session.slots:
            self._dock.setVisible(shown)


class RoomForContent(QObject):
    """Resizes a dock vertically when its content grows or shrinks.

    A size set by the user stays until the content changes.
    """

    def __init__(self, dock: QDockWidget, window: QMainWindow) -> None:
        """Watches the content of the dock and the other docks of its column."""
        super().__init__(dock)
        self._dock, self._window = dock, window
        self._area = next(iter(dock.widget().findChildren(QScrollArea)))
        self._needed = self._spare = self._taken = 0
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._fit)
        dock.widget().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._soon.start()
        return False

    def _fit(self) -> None:
        if self._dock.isFloating() or not self._area.isVisible():
            return
        content = self._area.widget()
        assert content is not None
        room, seen = self._dock.widget().height(), self._area.viewport().height()
        needed = room - seen + content.minimumSizeHint().height()
        grown, spare = needed - (self._needed or needed), room - needed
        self._taken += max(0, grown - self._spare)  # Qt may have made room for it already
        given_back = min(self._taken, max(0, -grown), max(0, spare))
        self._taken -= given_back
        change = max(0, -spare) - given_back
        if change:
            height = self._dock.height() + change + (_ROUNDING if change > 0 else 0)
            self._window.resizeDocks([self._dock], [height], Qt.Orientation.Vertical)
        self._needed, self._spare = needed, max(0, spare - given_back)


def panels_menu(window: QMainWindow, docks: Mapping[str, QDockWidget]) -> QMenu:
    """A menu to show and hide panels."""
    menu = QMenu(window.tr("Panels"), window)
    for dock in docks.values():
        menu.addAction(dock.toggleViewAction())
    return menu


def add_bars(window: QMainWindow, actions: Actions, options: QWidget) -> tuple[QToolBar, QToolBar]:
    """Adds the tool bar on the left and the options bar on top."""
    tools = ToolsBar(window.tr("Tools"))
    tools.setObjectName("tools")
    tools.setIconSize(QSize(24, 24))
    for name in _TOOL_BAR.split():
        if name == "|":
            tools.addSeparator()
        else:
            tools.addAction(actions[name])
    for button in tools.findChildren(QToolButton):
        action = button.defaultAction()
        name = action.text() if action else window.tr("More tools")
        button.setAccessibleName(name)
        if action is None:
            button.setToolTip(name)
    window.addToolBar(Qt.ToolBarArea.LeftToolBarArea, tools)
    top = QToolBar(window.tr("Tool options"))
    top.setObjectName("options")
    top.setMovable(False)
    top.addWidget(options)
    for button in top.findChildren(QToolButton):
        button.setAccessibleName(window.tr("More options"))
        button.setToolTip(window.tr("More options"))
    window.addToolBar(Qt.ToolBarArea.TopToolBarArea, top)
    return tools, top


def add_docks(
    window: QMainWindow, panels: Mapping[str, tuple[str, QWidget]]
) -> dict[str, QDockWidget]:
    """Docks the panels: "candidates" at the bottom, the others on the right.

    In a low window colour, layers and history lie behind one another, so that *Generation* has
    room.

    Args:
        window: Whose docks they become.
        panels: Title and content of each by its name: color, layers, history, generation,
            candidates.
    """
    docks = {name: _dock(window, name, *panel) for name, panel in panels.items()}
    window.setCorner(Qt.Corner.BottomRightCorner, _Area.RightDockWidgetArea)
    window.setTabPosition(_Area.AllDockWidgetAreas, QTabWidget.TabPosition.North)
    for name in ("color", "layers", "generation"):
        window.addDockWidget(_Area.RightDockWidgetArea, docks[name])
    window.addDockWidget(_Area.BottomDockWidgetArea, docks["candidates"])
    if window.height() < _HIGH_ENOUGH:
        for name in ("layers", "history"):
            window.tabifyDockWidget(docks["color"], docks[name])
        docks["color"].raise_()
        column, heights = ["color", "generation"], [300, 300]
    else:
        window.tabifyDockWidget(docks["layers"], docks["history"])
        docks["layers"].raise_()
        column, heights = ["color", "layers", "generation"], [196, 276, 322]
    window.resizeDocks([docks[name] for name in column], heights, Qt.Orientation.Vertical)
    RoomForContent(docks["generation"], window)
    window.resizeDocks([docks["color"]], [356], Qt.Orientation.Horizontal)
    window.resizeDocks([docks["candidates"]], [216], Qt.Orientation.Vertical)
    return docks


def _dock(window: QMainWindow, name: str, title: str, panel: QWidget) -> QDockWidget:
    dock = QDockWidget(title, window)
    dock.setObjectName(name)
    dock.setAccessibleName(title)
    dock.setWidget(panel)
    return dock


class RecentMenu(QMenu):
    """Lists recent files when it opens, the latest first."""

    def __init__(
        self,
        parent: QWidget,
        names: Callable[[], Sequence[str]],
        open_path: Callable[[Path], object],
    ) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Open recent"))
        self._names = names
        self._open_path = open_path
        self.aboutToShow.connect(self._list)

    def _list(self) -> None:
        self.clear()
        for name in self._names():
            action = self.addAction(name)
            action.triggered.connect(lambda _=False, name=name: self._open_path(Path(name)))
        if self.isEmpty():
            self.addAction(self.tr("None yet")).setEnabled(False)
