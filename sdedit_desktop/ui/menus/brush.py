"""What the Brush menu does, and the colours' keys."""

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from sdedit_desktop.editing.operations.brush_presets import BrushLibrary
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.tool_options.bar import ToolOptions
from sdedit_desktop.ui.translation import localized
from sdedit_desktop.ui.translation import marked as _


class BrushActions:
    """Changes of the brush in hand by a key; digits set its opacity."""

    def __init__(
        self, session: Session, shelf: BrushLibrary, options: ToolOptions, window: QWidget
    ) -> None:
        self._session = session
        self._shelf = shelf
        self.options = options
        for digit in range(10):
            shortcut = QShortcut(QKeySequence(str(digit)), window)
            share = (digit or 10) / 10
            shortcut.activated.connect(lambda share=share: options.change_opacity(share))

    def take(self, step: int) -> None:
        """Takes the saved brush that is so many places further in the list."""
        brush = self._session.brush
        preset = self._shelf.beside(brush, step)
        self._session.change_brush(preset.taken_up(brush))
        self._session.noticed.emit(localized(preset.name))


MENU: Entries[BrushActions] = (
    Action(
        "smaller",
        _("Smaller brush"),
        _("Make the brush smaller"),
        lambda brushes: brushes.options.resize_brush(-1),
        keys="[",
    ),
    Action(
        "larger",
        _("Larger brush"),
        _("Make the brush larger"),
        lambda brushes: brushes.options.resize_brush(1),
        keys="]",
    ),
    Action(
        "softer",
        _("Softer brush"),
        _("Make the brush's edge softer"),
        lambda brushes: brushes.options.harden_brush(-1),
        keys="Shift+[ {",
    ),
    Action(
        "harder",
        _("Harder brush"),
        _("Make the brush's edge harder"),
        lambda brushes: brushes.options.harden_brush(1),
        keys="Shift+] }",
    ),
    "|",
    Action(
        "erase_mode",
        _("Erase with this brush"),
        _("The brush takes paint away, or protects from the mask, until this is switched off"),
        lambda brushes: brushes.options.toggle_erasing(),
        keys="Shift+E",
        icon="eraser",
        checked=lambda brushes: brushes.options.is_erasing,
    ),
    "|",
    Action(
        "previous_brush",
        _("Previous brush"),
        _("Take the saved brush before"),
        lambda brushes: brushes.take(-1),
        keys=",",
    ),
    Action(
        "next_brush",
        _("Next brush"),
        _("Take the next saved brush"),
        lambda brushes: brushes.take(1),
        keys=".",
    ),
)
