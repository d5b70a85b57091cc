"""The View menu: how the picture is shown."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.canvas.rulers import RulerFrame
from sdedit_desktop.ui.canvas.viewport import MOST_SCALE
from sdedit_desktop.ui.translation import marked as _

_ZOOM_STEP = 2**0.5
_TURN_DEGREES = 15.0


class ViewActions:
    """Zoom, rotation, mirroring, and the parts of the window that are visible."""

    def __init__(
        self,
        session: Session,
        frame: RulerFrame,
        parts: Sequence[QWidget],
        panels: Sequence[QWidget],
    ) -> None:
        """Connects nothing yet.

        Args:
            session: Whose picture is shown.
            frame: The canvas with its rulers.
            parts: Of the window, which can be hidden.
            panels: In the order of keyboard focus.
        """
        self.frame = frame
        self.hides_parts = False
        self._hidden: list[QWidget] = []
        self._session = session
        self._canvas = frame.canvas
        self._parts = parts
        self._panels = panels

    def zoom_in(self) -> None:
        """Enlarges the view."""
        self._canvas.zoom(self._canvas.viewport.scale * _ZOOM_STEP)

    def zoom_out(self) -> None:
        """Reduces the view."""
        self._canvas.zoom(self._canvas.viewport.scale / _ZOOM_STEP)

    def fit(self) -> None:
        """Shows the whole picture."""
        self._canvas.fit()

    def has_mask(self) -> bool:
        """Whether anything is masked."""
        return bool(self._session.document.mask.bounds())

    def fit_mask(self) -> None:
        """Fits the masked area into the view."""
        document = self._session.document
        marked = document.mask.content_rect() & document.rect
        if marked:
            self._canvas.look(self._canvas.viewport.fitted(marked, most=MOST_SCALE))

    def show_actual_size(self) -> None:
        """Shows one picture pixel per screen pixel."""
        self._canvas.zoom(1.0)

    def turn(self, degrees: float) -> None:
        """Rotates the view clockwise."""
        self._canvas.look(self._canvas.viewport.turned(degrees))

    def mirror(self) -> None:
        """Mirrors the view."""
        self._canvas.look(self._canvas.viewport.mirrored_view())

    def reset(self) -> None:
        """Shows the picture neither rotated nor mirrored."""
        self._canvas.look(replace(self._canvas.viewport, angle=0.0, mirrored=False))

    def toggle_rulers(self) -> None:
        """Shows or hides the rulers."""
        self.frame.show_rulers(not self.frame.has_rulers)

    def toggle_parts(self) -> None:
        """Hides everything but the picture, or shows all again."""
        if not self.hides_parts:
            self._hidden = [part for part in self._parts if not part.isHidden()]
        self.hides_parts = not self.hides_parts
        for part in self._hidden:
            part.setHidden(self.hides_parts)

    def focus_next_panel(self) -> None:
        """Moves the keyboard focus to the next visible panel."""
        seen = [panel for panel in self._panels if panel.isVisible()]
        at = next((i for i, panel in enumerate(seen) if panel.hasFocus()), -1)
        if seen:
            seen[(at + 1) % len(seen)].setFocus(Qt.FocusReason.TabFocusReason)

    def has_keyboard_pointer(self) -> bool:
        """Whether the arrow keys move a pointer."""
        return self._canvas.keyboard.is_on

    def toggle_keyboard_pointer(self) -> None:
        """Switches the arrow keys between moving a pointer and panning."""
        self._canvas.setFocus()
        self._canvas.keyboard.switch(not self._canvas.keyboard.is_on)

    def is_full_screen(self) -> bool:
        """Whether the window is full screen."""
        return self._canvas.window().isFullScreen()

    def toggle_full_screen(self) -> None:
        """Turns full screen on or off."""
        window = self._canvas.window()
        (window.showNormal if window.isFullScreen() else window.showFullScreen)()


MENU: Entries[ViewActions] = (
    Action(
        "zoom_in",
        _("Zoom in"),
        _("Show the picture larger"),
        ViewActions.zoom_in,
        keys="Ctrl++ Ctrl+= Z",
        icon="zoom_in",
    ),
    Action(
        "zoom_out",
        _("Zoom out"),
        _("Show more of the picture, smaller"),
        ViewActions.zoom_out,
        keys="Ctrl+- Shift+Z",
        icon="zoom_out",
    ),
    Action(
        "fit",
        _("Fit in window"),
        _("Show the whole picture"),
        ViewActions.fit,
        keys="Ctrl+0",
        icon="fit",
    ),
    Action(
        "fit_mask",
        _("Fit mask in window"),
        _("Show what is marked, as large as possible"),
        ViewActions.fit_mask,
        keys="Ctrl+2",
        enabled=ViewActions.has_mask,
    ),
    Action(
        "actual_size",
        _("Actual size"),
        _("One pixel of the picture on one of the screen"),
        ViewActions.show_actual_size,
        keys="Ctrl+1",
    ),
    "|",
    Action(
        "turn_left",
        _("Turn view left"),
        _("Turn the view, not the picture"),
        lambda view: view.turn(-_TURN_DEGREES),
        keys="Ctrl+[",
    ),
    Action(
        "turn_right",
        _("Turn view right"),
        _("Turn the view, not the picture"),
        lambda view: view.turn(_TURN_DEGREES),
        keys="Ctrl+]",
    ),
    Action(
        "mirror",
        _("Mirror view"),
        _("See the picture as in a mirror; it is not changed"),
        ViewActions.mirror,
        keys="Shift+H",
    ),
    Action(
        "upright",
        _("Reset view"),
        _("Neither turned nor mirrored"),
        ViewActions.reset,
        keys="Ctrl+Shift+0",
    ),
    "|",
    "show_mask",
    "heat_mask",
    Action(
        "rulers",
        _("Rulers"),
        _("Measure in pixels of the picture along the edges"),
        ViewActions.toggle_rulers,
        keys="Ctrl+R",
        checked=lambda view: view.frame.has_rulers,
    ),
    "panels",
    Action(
        "hide_docks",
        _("Hide panels"),
        _("Nothing but the picture; Tab brings the panels back"),
        ViewActions.toggle_parts,
        keys="Tab",
        checked=lambda view: view.hides_parts,
        local="canvas",
    ),
    Action(
        "next_panel",
        _("Next panel"),
        _("Move the keyboard to the next panel"),
        ViewActions.focus_next_panel,
        keys="F6",
    ),
    Action(
        "keyboard_pointer",
        _("Pointer by keyboard"),
        _("Arrow keys move a pointer over the picture, Space presses and lifts it"),
        ViewActions.toggle_keyboard_pointer,
        keys="F7",
        checked=ViewActions.has_keyboard_pointer,
    ),
    Action(
        "full_screen",
        _("Full screen"),
        _("Nothing but this window"),
        ViewActions.toggle_full_screen,
        keys="F11",
        checked=ViewActions.is_full_screen,
    ),
)
