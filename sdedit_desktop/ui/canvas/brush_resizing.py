"""Shift and a horizontal drag change the size of the brush.

Shift and a click keep their meaning for the tool: a line from the end of the last stroke.
"""

from dataclasses import replace

from sdedit_desktop.document.brush.brush import Brush
from sdedit_desktop.editing.operations.brush_presets import LARGEST_RADIUS
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.pointer import Pointer
from sdedit_desktop.ui.canvas.tools import Tool

_CLICK = 4
"""Largest movement of a click, in screen pixels."""


class BrushResizing:
    """Handles a press with Shift until it is known whether it is a drag or a click."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._pressed: Pointer | None = None
        self._tool: Tool | None = None
        self._brush: Brush | None = None
        self._drags = False

    @property
    def is_held(self) -> bool:
        """Whether a press is undecided, or the size is being changed."""
        return self._pressed is not None

    def press(self, pointer: Pointer, tool: Tool) -> bool:
        """Handles a press with Shift while a brush is active; returns whether it did."""
        keys, brush = pointer.event.modifiers, tool.brush_of(self._session)
        if brush is None or not keys.shift or keys.alt or keys.ctrl:
            return False
        self._pressed, self._tool, self._brush, self._drags = pointer, tool, brush, False
        return True

    def move(self, pointer: Pointer) -> None:
        """Enlarges the brush to the right and reduces it to the left."""
        if self._pressed is None or self._brush is None or self._tool is None:
            return
        across = pointer.position.x() - self._pressed.position.x()
        self._drags = self._drags or abs(across) > _CLICK
        if self._drags:
            radius = self._brush.radius + across * pointer.event.unit
            radius = round(2 * min(max(radius, 0.5), LARGEST_RADIUS)) / 2
            self._tool.brush_setter(self._session)(replace(self._brush, radius=radius))

    def release(self) -> Pointer | None:
        """Ends the gesture; returns the press if it was a click."""
        pressed, self._pressed = self._pressed, None
        return None if self._drags else pressed
