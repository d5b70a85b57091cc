"""Actions: one record per command of the user interface, and the QActions made from them.

Menus, tool bars, buttons, context menus and the page of shortcuts all read the same records.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget

from sdedit_desktop.ui.translation import translated
from sdedit_desktop.ui.widgets.icons import icon

Handler = TypeVar("Handler")


@dataclass(frozen=True)
class Action(Generic[Handler]):
    """A command of the user interface, independent of any window.

    The functions take the object that does the work, one per window; see ``Actions.connect``.

    Attributes:
        id: Identifies it in settings, menus, tool bars and tests.
        text: Label in menus and on buttons, in English.
        tip: Tooltip, a sentence in English.
        do: Performs it; toggles it if it can be checked.
        keys: Shortcuts, separated by spaces; the first one is displayed.
        icon: A file of ``resources/icons`` without its suffix; "" for none.
        enabled: Whether it is available now, without side effects; ``None``: always.
        checked: Whether it is checked, without side effects; ``None``: it cannot be checked.
        local: The only panel in which its keys work, where widgets have it among their own
            actions; empty: the whole window.
    """

    id: str
    text: str
    tip: str
    do: Callable[[Handler], object]
    keys: str = ""
    icon: str = ""
    enabled: Callable[[Handler], bool] | None = None
    checked: Callable[[Handler], bool] | None = None
    local: str = ""


Entries = tuple[Action[Handler] | str, ...]
"""Entries of a menu from top to bottom: actions; "|" for a separator; or the id of an action
that is defined elsewhere, or of a submenu."""


def described_in(entries: Iterable[Action[Handler] | str]) -> Iterator[Action[Handler]]:
    """The action records among the entries of a menu."""
    return (entry for entry in entries if isinstance(entry, Action))


class Actions(Mapping[str, QAction]):
    """The QActions of one window, by id."""

    def __init__(self, window: QWidget, records: Iterable[Action[Any]]) -> None:
        """Creates the QActions; they do nothing until they are connected."""
        self.records = {record.id: record for record in records}
        self._window = window
        self._actions = {id_: _made(record, window) for id_, record in self.records.items()}
        self._handlers: dict[str, Any] = {}
        self.recolor()

    def __getitem__(self, id_: str) -> QAction:
        return self._actions[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def __len__(self) -> int:
        return len(self._actions)

    def connect(self, entries: Iterable[Action[Handler] | str], handler: Handler) -> None:
        """Connects the actions of ``entries`` to ``handler``."""
        for record in described_in(entries):
            self._handlers[record.id] = handler
            self[record.id].triggered.connect(lambda _=False, id_=record.id: self._do(id_))

    def refresh(self) -> None:
        """Updates the enabled and checked states."""
        for id_, handler in self._handlers.items():
            record, action = self.records[id_], self._actions[id_]
            if record.enabled is not None:
                action.setEnabled(record.enabled(handler))
            if record.checked is not None:
                action.setChecked(record.checked(handler))

    def rebind(self, changed: Mapping[str, str]) -> None:
        """Sets the user's shortcuts; all other actions get their defaults."""
        for id_, record in self.records.items():
            _bind(self[id_], record, changed.get(id_, record.keys))

    def recolor(self) -> None:
        """Redraws the icons in the current colours of the window."""
        for id_, record in self.records.items():
            if record.icon:
                self[id_].setIcon(icon(record.icon, self._window.palette()))

    def _do(self, id_: str) -> None:
        self.records[id_].do(self._handlers[id_])
        self.refresh()


def button_for(action: QAction) -> QToolButton:
    """A button that does an action, and can be read out."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setAccessibleName(action.text())
    return button


def may_share_keys(one: Action[Any], other: Action[Any]) -> bool:
    """Whether two actions may have the same keys because they work in different panels."""
    return bool(one.local and other.local) and one.local != other.local


def shown_keys(keys: str) -> str:
    """Shortcuts as text, with the names of keys on the user's system."""
    native = QKeySequence.SequenceFormat.NativeText
    return " ".join(QKeySequence(key).toString(native) for key in keys.split())


def _made(record: Action[Any], window: QWidget) -> QAction:
    action = QAction(translated(record.text), window)
    action.setObjectName(record.id)
    action.setCheckable(record.checked is not None)
    action.setStatusTip(translated(record.tip))
    if record.local:
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    _bind(action, record, record.keys)
    return action


def _bind(action: QAction, record: Action[Any], keys: str) -> None:
    sequences = [QKeySequence(key) for key in keys.split()]
    action.setShortcuts(sequences)
    shown = sequences[0].toString(QKeySequence.SequenceFormat.NativeText) if sequences else ""
    action.setToolTip(f"<b>{translated(record.text)}</b> {shown}<br>{translated(record.tip)}")
