"""The Edit menu: history, colours and settings; the clipboard has its own module."""

from collections.abc import Callable

from sdedit_desktop.document.history import History
from sdedit_desktop.editing import layer_edits
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.translation import marked as _


class EditActions:
    """Undo and redo, filling, colours and settings."""

    def __init__(self, session: Session, ask_settings: Callable[[], object]) -> None:
        self._session = session
        self.ask_settings = ask_settings

    @property
    def history(self) -> History:
        """The history of the open document."""
        return self._session.document.history

    def undo(self) -> None:
        """Undoes the last step."""
        self._session.document.undo()

    def redo(self) -> None:
        """Redoes the step that was undone last."""
        self._session.document.redo()

    def swap_colors(self) -> None:
        """Exchanges foreground and background colour."""
        self._session.swap_colors()

    def reset_colors(self) -> None:
        """Sets black and white."""
        self._session.reset_colors()

    def fill_layer(self) -> None:
        """Fills the active layer with the foreground colour."""
        layer_edits.fill(self._session)


MENU: Entries[EditActions] = (
    Action(
        "undo",
        _("Undo"),
        _("Undo the last step"),
        EditActions.undo,
        keys="Ctrl+Z",
        icon="undo",
        enabled=lambda edit: edit.history.undo_label is not None,
    ),
    Action(
        "redo",
        _("Redo"),
        _("Redo the step that was undone"),
        EditActions.redo,
        keys="Ctrl+Shift+Z Ctrl+Y",
        icon="redo",
        enabled=lambda edit: edit.history.redo_label is not None,
    ),
    "|",
    "cut",
    "copy",
    "copy_seen",
    "paste",
    "paste_in_place",
    "|",
    Action(
        "fill_layer",
        _("Fill with colour"),
        _("Cover the active layer with the foreground colour"),
        EditActions.fill_layer,
        keys="Shift+F5",
    ),
    Action(
        "swap_colors",
        _("Swap colours"),
        _("Exchange foreground and background colour"),
        EditActions.swap_colors,
        keys="X",
        icon="swap",
    ),
    Action(
        "default_colors",
        _("Default colours"),
        _("Black in front, white behind"),
        EditActions.reset_colors,
        keys="D",
        icon="default_colors",
    ),
    "|",
    Action(
        "settings",
        _("Settings…"),
        _("Theme, device, keyboard"),
        lambda edit: edit.ask_settings(),
        keys="Ctrl+,",
        icon="settings",
    ),
)
