"""Actions: one record for each thing that the user can ask for, and the QActions made of them.

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
    """One thing that the user can ask for, independent of any window.

    The functions take the object that does the work: one for each window, see ``Actions.connect``.

    Attributes:
        id: Names it in settings, menus, tool bars and tests.
        text: What menus and buttons say, in English.
        tip: One sentence more, in English.
        do: Does it. If it can be switched on and off, this switches.
        keys: Its shortcuts, parted by spaces; the first one is shown.
        icon: A file of ``resources/icons`` without its suffix; "" for none.
        enabled: Whether it makes sense now, without side effects; ``None``: always.
        checked: Whether it is switched on, without side effects; ``None``: it is no switch.
        local: The only panel in which its keys work, where widgets have it among their own
            actions; empty: all of the window.
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
"""What a menu holds, from top to bottom: actions; "|" is a line; any other string is the id of an
action that is described elsewhere, or names a menu inside this one."""


def described_in(entries: Iterable[Action[Handler] | str]) -> Iterator[Action[Handler]]:
    """The records among the entries of a menu."""
    return (entry for entry in entries if isinstance(entry, Action))


class Actions(Mapping[str, QAction]):
    """The QActions of one window, by id."""

    def __init__(self, window: QWidget, records: Iterable[Action[Any]]) -> None:
        """Makes them; they do nothing until they are connected."""
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
        """Lets ``handler`` do the actions that are described in ``entries``."""
        for record in described_in(entries):
            self._handlers[record.id] = handler
            self[record.id].triggered.connect(lambda _=False, id_=record.id: self._do(id_))

    def refresh(self) -> None:
        """Enables what makes sense now, and checks what is switched on."""
        for id_, handler in self._handlers.items():
            record, action = self.records[id_], self._actions[id_]
            if record.enabled is not None:
                action.setEnabled(record.enabled(handler))
            if record.checked is not None:
                action.setChecked(record.checked(handler))

    def rebind(self, changed: Mapping[str, str]) -> None:
        """Gives actions the keys that the user chose; all others have their own again."""
        for id_, record in self.records.items():
            _bind(self[id_], record, changed.get(id_, record.keys))

    def recolor(self) -> None:
        """Draws the icons again in the window's present colours."""
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
    """Whether two actions can have the same keys, because they work in different panels."""
    return bool(one.local and other.local) and one.local != other.local


def shown_keys(keys: str) -> str:
    """Keys as they stand on the user's keyboard."""
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
