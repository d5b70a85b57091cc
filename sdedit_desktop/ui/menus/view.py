"""What the View menu does: it changes what is seen of the picture, never the picture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.actions import Actions
from sdedit_desktop.ui.canvas.rulers import RulerFrame
from sdedit_desktop.ui.canvas.viewport import MOST_SCALE

_ZOOM_STEP = 2**0.5
_TURN_DEGREES = 15.0


class ViewActions:
    """Zoom, turn, mirror, and what of the window is shown."""

    def __init__(
        self,
        session: Session,
        frame: RulerFrame,
        actions: Actions,
        parts: Sequence[QWidget],
    ) -> None:
        """Connects nothing; ``parts`` of the window are hidden for an undisturbed view."""
        self._session = session
        self._frame = frame
        self._canvas = frame.canvas
        self._actions = actions
        self._parts = parts

    def by_id(self) -> Mapping[str, Callable[[], object]]:
        """What each action does."""
        canvas = self._canvas
        return {
            "zoom_in": lambda: canvas.zoom(canvas.viewport.scale * _ZOOM_STEP),
            "zoom_out": lambda: canvas.zoom(canvas.viewport.scale / _ZOOM_STEP),
            "fit": canvas.fit,
            "fit_mask": self._fit_mask,
            "rulers": lambda: self._frame.show_rulers(self._is_on("rulers")),
            "actual_size": lambda: canvas.zoom(1.0),
            "turn_left": lambda: canvas.look(canvas.viewport.turned(-_TURN_DEGREES)),
            "turn_right": lambda: canvas.look(canvas.viewport.turned(_TURN_DEGREES)),
            "mirror": lambda: canvas.look(canvas.viewport.mirrored_view()),
            "upright": lambda: canvas.look(replace(canvas.viewport, angle=0.0, mirrored=False)),
            "full_screen": self._full_screen,
            "hide_docks": self._hide_parts,
        }

    def possible(self) -> Mapping[str, bool]:
        """Which of the actions make sense now."""
        return {"fit_mask": bool(self._session.document.mask.bounds())}

    def show_rulers(self, shown: bool) -> None:
        """Shows or hides the rulers, and says so in the menu."""
        self._actions["rulers"].setChecked(shown)
        self._frame.show_rulers(shown)

    def _fit_mask(self) -> None:
        """Shows what is marked, as large as it fits."""
        document = self._session.document
        marked = document.mask.content_rect() & document.rect
        if marked:
            self._canvas.look(self._canvas.viewport.fitted(marked, most=MOST_SCALE))

    def _full_screen(self) -> None:
        window = self._canvas.window()
        (window.showFullScreen if self._is_on("full_screen") else window.showNormal)()

    def _hide_parts(self) -> None:
        for part in self._parts:
            part.setHidden(self._is_on("hide_docks"))

    def _is_on(self, name: str) -> bool:
        return self._actions[name].isChecked()
