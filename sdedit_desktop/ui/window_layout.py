"""Where things are in the window: docks, bars and menus."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QMenu,
    QTabWidget,
    QToolBar,
    QToolButton,
    QWidget,
)

from sdedit_desktop.ui.actions import Action, Actions, Entries
from sdedit_desktop.ui.translation import translated

_TOOL_BAR = (
    "brush eraser fill eyedropper | "
    "mask_brush mask_eraser mask_rectangle mask_ellipse mask_lasso mask_polygon | "
    "transform | "
    "hand zoom_in zoom_out fit | undo redo | show_mask"
)
_Area = Qt.DockWidgetArea


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
        inner: Menus inside of others, by name.
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


def add_bars(window: QMainWindow, actions: Actions, options: QWidget) -> tuple[QToolBar, QToolBar]:
    """Puts the tools on the left and their options on top."""
    tools = QToolBar(window.tr("Tools"))
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


def add_docks(window: QMainWindow, panels: Mapping[str, tuple[str, QWidget]]) -> list[QDockWidget]:
    """Docks the panels: "candidates" at the bottom, the others on the right.

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
    window.tabifyDockWidget(docks["layers"], docks["history"])
    docks["layers"].raise_()
    window.addDockWidget(_Area.BottomDockWidgetArea, docks["candidates"])
    column = [docks[name] for name in ("color", "layers", "generation")]
    window.resizeDocks(column, [160, 267, 323], Qt.Orientation.Vertical)
    window.resizeDocks([docks["color"]], [340], Qt.Orientation.Horizontal)
    window.resizeDocks([docks["candidates"]], [216], Qt.Orientation.Vertical)
    return list(docks.values())


def _dock(window: QMainWindow, name: str, title: str, panel: QWidget) -> QDockWidget:
    dock = QDockWidget(title, window)
    dock.setObjectName(name)
    dock.setAccessibleName(title)
    dock.setWidget(panel)
    return dock


class RecentMenu(QMenu):
    """Lists them whenever it is opened, the latest first."""

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
