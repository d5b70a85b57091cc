"""What the Brush menu does, and the colours' keys."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from sdedit_desktop.editing.operations.brush_presets import BrushLibrary
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.actions import Actions
from sdedit_desktop.ui.tool_options.bar import ToolOptions
from sdedit_desktop.ui.translation import localized


class BrushActions:
    """Changes of the brush in hand by a key; digits set its opacity."""

    def __init__(
        self,
        session: Session,
        shelf: BrushLibrary,
        options: ToolOptions,
        actions: Actions,
        window: QWidget,
    ) -> None:
        self._session = session
        self._shelf = shelf
        self._options = options
        self._erases = actions["erase_mode"]
        for digit in range(10):
            shortcut = QShortcut(QKeySequence(str(digit)), window)
            share = (digit or 10) / 10
            shortcut.activated.connect(lambda share=share: options.change_opacity(share))
        session.brush_changed.connect(self._show)
        self._show()

    def by_id(self) -> Mapping[str, Callable[[], object]]:
        """What each action does."""
        return {
            "smaller": lambda: self._options.resize_brush(-1),
            "larger": lambda: self._options.resize_brush(1),
            "softer": lambda: self._options.harden_brush(-1),
            "harder": lambda: self._options.harden_brush(1),
            "erase_mode": self._options.toggle_erasing,
            "next_brush": lambda: self._take(1),
            "previous_brush": lambda: self._take(-1),
            "default_colors": self._session.reset_colors,
        }

    def possible(self) -> Mapping[str, bool]:
        """All of them, always."""
        return {}

    def _take(self, step: int) -> None:
        brush = self._session.brush
        preset = self._shelf.beside(brush, step)
        self._session.change_brush(preset.taken_up(brush))
        self._session.noticed.emit(localized(preset.name))

    def _show(self) -> None:
        self._erases.setChecked(self._options.is_erasing)
