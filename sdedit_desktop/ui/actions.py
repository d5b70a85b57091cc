"""The actions of one window, made from the table."""

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from sdedit_desktop.ui.action_spec import ActionSpec
from sdedit_desktop.ui.menus.menu_bar import SPECS
from sdedit_desktop.ui.translation import translated
from sdedit_desktop.ui.widgets.icons import icon


class ActionGroup(Protocol):
    """What some of the actions do; the window connects every group alike."""

    def by_id(self) -> Mapping[str, Callable[[], object]]:
        """What each action does."""

    def possible(self) -> Mapping[str, bool]:
        """Which of the actions make sense now; those not named always do."""


class Actions(Mapping[str, QAction]):
    """All actions by name, made for one window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._icons = {spec.name: spec.icon for spec in SPECS if spec.icon}
        self._actions = {spec.name: _made(spec, window) for spec in SPECS}
        self.tools = QActionGroup(window)
        for spec in SPECS:
            if spec.group == "tool":
                self.tools.addAction(self[spec.name])
        self.recolor()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def __len__(self) -> int:
        return len(self._actions)

    def rebind(self, changed: Mapping[str, str]) -> None:
        """Gives actions the keys that the user chose; all others have their own again."""
        for spec in SPECS:
            own = spec.shortcuts.replace(";", " ")
            _bind(self[spec.name], spec, changed.get(spec.name, own))

    def recolor(self) -> None:
        """Draws the icons again in the window's present colours."""
        for name, picture in self._icons.items():
            self[name].setIcon(icon(picture, self._window.palette()))


def keys_of(action: QAction) -> str:
    """An action's keys as text, parted by spaces; "" if it has none."""
    return " ".join(key.toString() for key in action.shortcuts())


def shown_keys(keys: str) -> str:
    """Keys as they stand on the user's keyboard."""
    native = QKeySequence.SequenceFormat.NativeText
    return " ".join(QKeySequence(key).toString(native) for key in keys.split())


def _made(spec: ActionSpec, window: QWidget) -> QAction:
    action = QAction(translated(spec.text), window)
    action.setObjectName(spec.name)
    action.setCheckable(spec.checkable)
    action.setStatusTip(translated(spec.tip))
    if spec.here_only:
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    _bind(action, spec, spec.shortcuts.replace(";", " "))
    return action


def _bind(action: QAction, spec: ActionSpec, keys: str) -> None:
    sequences = [QKeySequence(key) for key in keys.split()]
    action.setShortcuts(sequences)
    shown = sequences[0].toString(QKeySequence.SequenceFormat.NativeText) if sequences else ""
    action.setToolTip(f"<b>{translated(spec.text)}</b> {shown}<br>{translated(spec.tip)}")
