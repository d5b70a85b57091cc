"""Interactive tools and their events.

A tool with one drag is written as a generator, so that press, drag and release are one function;
``DragTool`` runs it. Tools with several presses derive from ``InteractiveTool``.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import Enum
from typing import NamedTuple, TypeAlias

from sdedit_desktop.document.brush.brush import Sample
from sdedit_desktop.editing.operations.mask_shapes import Modifiers
from sdedit_desktop.editing.session import Session
from sdedit_desktop.events import Event
from sdedit_desktop.geometry import Outline

REACH = 9
"""Distance within which the pointer grabs a handle, in screen pixels."""


class Phase(Enum):
    """The kind of a pointer event."""

    PRESS = "press"
    DOUBLE_PRESS = "double press"
    MOVE = "move"
    RELEASE = "release"


class PointerEvent(NamedTuple):
    """An event of mouse, pen or finger on the canvas.

    Attributes:
        sample: Position in document pixels, with pressure and tilt of a pen.
        modifiers: The modifier keys that are down.
        unit: Document pixels per screen pixel.
        is_eraser: Whether it is the eraser end of a pen.
    """

    sample: Sample
    modifiers: Modifiers = Modifiers()
    phase: Phase = Phase.PRESS
    unit: float = 1.0
    is_eraser: bool = False


class InteractiveTool:
    """Base class of all tools but the hand; every handler does nothing by default.

    Attributes:
        changed: Emitted when it looks different, or is done.
        is_movable: Whether the arrow keys move it.
    """

    is_movable = False

    def __init__(self) -> None:
        self.changed = Event[()]()

    @property
    def is_open(self) -> bool:
        """Whether there is something to apply or cancel."""
        return False

    @property
    def is_busy(self) -> bool:
        """Whether it is changing the document now."""
        return False

    @property
    def outline(self) -> Outline:
        """The outline to draw over the picture."""
        return ()

    def handles(self, unit: float) -> Outline:
        """The handles to draw; ``unit`` is that of ``PointerEvent``."""
        return ()

    def part_at(self, sample: Sample, unit: float) -> str | tuple[int, int]:
        """The part under the pointer: "draw", "move", "turn", or a handle by its side."""
        return "draw"

    def enter(self) -> None:
        """Called when it is activated."""

    def leave(self) -> None:
        """Called when another tool is activated."""
        self.drop()

    def press(self, event: PointerEvent) -> None:
        """Handles a press."""

    def move(self, event: PointerEvent) -> None:
        """Handles a move, pressed or not."""

    def release(self, event: PointerEvent) -> None:
        """Handles a release."""

    def change_modifiers(self, event: PointerEvent) -> None:
        """Handles changed modifiers at an unmoved pointer."""
        self.move(event)

    def pointer_left(self) -> None:
        """Called when the pointer leaves the picture."""

    def nudge(self, across: int, down: int) -> None:
        """Moves it by pixels at an arrow key, if ``is_movable``."""

    def step_back(self) -> None:
        """Handles Backspace: removes its last part."""
        self.drop()

    def apply(self) -> None:
        """Handles Enter: applies it as one undo step."""

    def drop(self) -> None:
        """Handles Esc: cancels it."""


Drag: TypeAlias = Generator[Outline | None, PointerEvent, None]
"""A generator for a drag: started with ``next``, then sent events up to the release, when it pushes
its command. It yields an outline to show over the picture, or ``None``. Closing it cancels the
drag."""

DragFunction: TypeAlias = Callable[[Session, PointerEvent], Drag]
"""Creates the generator at a press."""


class DragTool(InteractiveTool):
    """A tool with one drag."""

    def __init__(
        self,
        session: Session,
        drag: DragFunction,
        *,
        erases: bool = False,
        draws_lines: bool = False,
        with_alt: DragFunction | None = None,
    ) -> None:
        """Waits for a press.

        Args:
            session: To work on.
            drag: Creates the generator.
            erases: Whether it supports the eraser end of a pen.
            draws_lines: Whether Shift connects a stroke to the end of the last one.
            with_alt: Creates the generator of a press with Alt.
        """
        super().__init__()
        self._session = session
        self._drag = drag
        self._erases = erases
        self._draws_lines = draws_lines
        self._with_alt = with_alt
        self._running: Drag | None = None
        self._last: PointerEvent | None = None
        self._is_stroke = False
        self._outline: Outline = ()

    @property
    def is_open(self) -> bool:
        """Whether a drag is in progress."""
        return self._running is not None

    @property
    def is_busy(self) -> bool:
        """Whether a drag is in progress."""
        return self._running is not None

    @property
    def outline(self) -> Outline:
        """The outline of the drag, or the line that a press with Shift would draw."""
        return self._outline

    def leave(self) -> None:
        """Ends the drag as a release would, so that no stroke is lost."""
        if self._last is not None:
            self.release(self._last._replace(phase=Phase.RELEASE))
        self._show(None)

    def press(self, event: PointerEvent) -> None:
        """Starts a drag; with Shift, with a straight line from the end of the last stroke."""
        if self._running is not None or (event.is_eraser and not self._erases):
            return
        picks = event.modifiers.alt and self._with_alt is not None
        drag = self._with_alt if picks and self._with_alt is not None else self._drag
        self._is_stroke = self._draws_lines and not picks
        start = self._session.stroke_end if self._is_stroke and event.modifiers.shift else None
        first = event if start is None else event._replace(sample=start)
        running = self._running = drag(self._session, first)
        self._advance(first, lambda: next(running))
        if start is not None:
            self.move(event._replace(phase=Phase.MOVE))

    def move(self, event: PointerEvent) -> None:
        """Continues the drag, or shows the line that a press would draw."""
        running = self._running
        if running is not None:
            self._advance(event, lambda: running.send(event))
            return
        start, sample = self._session.stroke_end, event.sample
        if start is not None and self._draws_lines and event.modifiers.shift:
            self._show([(start.x, start.y), (sample.x, sample.y)])
        else:
            self._show(None)

    def release(self, event: PointerEvent) -> None:
        """Ends the drag."""
        running, self._running = self._running, None
        if running is not None:
            # What it pushes now is announced when it is no longer under way.
            self._advance(event, lambda: running.send(event))

    def change_modifiers(self, event: PointerEvent) -> None:
        """Updates areas; strokes do not depend on modifiers."""
        if self._running is None or not self._is_stroke:
            self.move(event)

    def pointer_left(self) -> None:
        """Hides the line."""
        if self._running is None:
            self._show(None)

    def drop(self) -> None:
        """Cancels the drag."""
        running, self._running = self._running, None
        if running is not None:
            running.close()
        self._show(None)

    def _advance(self, event: PointerEvent, lead: Callable[[], Outline | None]) -> None:
        """Advances the generator, and drops it when it ends."""
        self._last = event
        if self._is_stroke and event.phase is not Phase.RELEASE:
            self._session.stroke_end = event.sample
        try:
            self._show(lead())
        except StopIteration:
            self._running = None
            self._show(None)
        except BaseException:
            self._running = None
            raise

    def _show(self, outline: Outline | None) -> None:
        if outline or self._outline:
            self._outline = outline or ()
            self.changed.emit()
