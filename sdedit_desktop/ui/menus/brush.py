"""The Brush menu, and shortcuts for colours."""

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QColor, QCursor, QIcon, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QMenu

from sdedit_desktop.editing.operations.brush_presets import Preset
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.color.panel import ColorPanel
from sdedit_desktop.ui.tool_options.bar import ToolOptions
from sdedit_desktop.ui.translation import localized
from sdedit_desktop.ui.translation import marked as _


class BrushActions(QObject):
    """Changes the active brush by shortcuts; digits set its opacity."""

    def __init__(
        self, session: Session, options: ToolOptions, canvas: CanvasView, colors: ColorPanel
    ) -> None:
        super().__init__(canvas)
        self._session = session
        self._library = options.picker.library
        self._colors = colors
        self.menu = QMenu(canvas)
        self.menu.setObjectName("brush_menu")
        self.menu.setAccessibleName(self.tr("Brushes and colours"))
        canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._canvas = canvas
        canvas.customContextMenuRequested.connect(self._show_menu_at)
        window = canvas.window()
        self.options = options
        for digit in range(10):
            shortcut = QShortcut(QKeySequence(str(digit)), window)
            share = (digit or 10) / 10
            shortcut.activated.connect(lambda share=share: options.change_opacity(share))

    def _show_menu_at(self, at: QPoint) -> None:
        self.show_menu(self._canvas.mapToGlobal(at))

    def show_menu(self, at: QPoint | None = None) -> None:
        """Offers brush presets and recent colours at the pointer."""
        self.menu.clear()
        for name in self._colors.swatches.recent:
            picture = QPixmap(16, 16)
            picture.fill(QColor(name))
            color = self.menu.addAction(QIcon(picture), name)
            color.triggered.connect(
                lambda _=False, name=name: self._colors.swatches.picked.emit(QColor(name))
            )
        self.menu.addSeparator()
        for preset in self._library.presets:
            action = self.menu.addAction(localized(preset.name))
            action.triggered.connect(lambda _=False, preset=preset: self._apply(preset))
        self.menu.popup(at or QCursor.pos())

    def _apply(self, preset: Preset) -> None:
        self._session.change_brush(preset.applied(self._session.brush))

    def take(self, step: int) -> None:
        """Selects the brush preset ``step`` positions further in the list."""
        brush = self._session.brush
        preset = self._library.beside(brush, step)
        self._session.change_brush(preset.applied(brush))
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
    Action(
        "brush_menu",
        _("Brushes and colours"),
        _("Saved brushes and the last colours, where the pointer is; so does a right click"),
        BrushActions.show_menu,
        keys="Shift+B",
    ),
)
