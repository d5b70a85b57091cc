"""Tools that are led by pointer and keys, and what they are told.

A tool of one drag is written as a generator, so that press, drag and release read as one story;
``DragTool`` runs it. Tools of several presses derive from ``InteractiveTool``.
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
"""How near the pointer must come to a handle to hold it, in pixels of the screen."""


class Phase(Enum):
    """What the pointer did."""

    PRESS = "press"
    DOUBLE_PRESS = "double press"
    MOVE = "move"
    RELEASE = "release"


class PointerEvent(NamedTuple):
    """What mouse, pen or finger did on the canvas.

    Attributes:
        sample: Where, in document pixels, and how a pen was held.
        modifiers: The modifier keys that are down.
        unit: How many document pixels one pixel of the screen shows.
        is_eraser: It is the other end of a pen.
    """

    sample: Sample
    modifiers: Modifiers = Modifiers()
    phase: Phase = Phase.PRESS
    unit: float = 1.0
    is_eraser: bool = False


class InteractiveTool:
    """What every tool but the hand is told; by default nothing comes of it.

    Attributes:
        changed: It looks different now, or is done.
        is_movable: The arrow keys move it.
    """

    is_movable = False

    def __init__(self) -> None:
        self.changed = Event[()]()

    @property
    def is_open(self) -> bool:
        """Whether there is something to be applied or dropped."""
        return False

    @property
    def is_busy(self) -> bool:
        """Whether it is changing the document right now."""
        return False

    @property
    def outline(self) -> Outline:
        """What is seen of it over the picture."""
        return ()

    def handles(self, unit: float) -> Outline:
        """Where it can be held; ``unit`` is that of ``PointerEvent``."""
        return ()

    def part_at(self, sample: Sample, unit: float) -> str | tuple[int, int]:
        """What the pointer would hold: "draw", "move", "turn", or a handle by its side."""
        return "draw"

    def enter(self) -> None:
        """It has been chosen."""

    def leave(self) -> None:
        """Another tool has been chosen."""
        self.drop()

    def press(self, event: PointerEvent) -> None:
        """The pointer goes down."""

    def move(self, event: PointerEvent) -> None:
        """The pointer moves, down or not."""

    def release(self, event: PointerEvent) -> None:
        """The pointer goes up."""

    def change_modifiers(self, event: PointerEvent) -> None:
        """Other modifier keys are down, while the pointer is where it was."""
        self.move(event)

    def pointer_left(self) -> None:
        """The pointer is somewhere else than over the picture."""

    def nudge(self, across: int, down: int) -> None:
        """An arrow key moves it by pixels, if ``is_movable``."""

    def step_back(self) -> None:
        """Backspace takes the last part of it back."""
        self.drop()

    def apply(self) -> None:
        """Enter makes of it one undo step."""

    def drop(self) -> None:
        """Esc leaves no trace of it."""


Drag: TypeAlias = Generator[Outline | None, PointerEvent, None]
"""Started with ``next``, then sent events up to that of the release, when it pushes what was done.

It yields an outline to be seen over the picture until the next event, or none. Closing it breaks
it off and leaves no trace.
"""

DragFunction: TypeAlias = Callable[[Session, PointerEvent], Drag]
"""Makes the generator for a press."""


class DragTool(InteractiveTool):
    """A tool of one drag, from press to release."""

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
            session: What it works on.
            drag: What a press begins.
            erases: Whether the other end of a pen does something, too.
            draws_lines: Whether Shift joins a stroke to the end of the last one.
            with_alt: What a press with Alt begins instead.
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
        """Whether the pointer is down and something comes of it."""
        return self._running is not None

    @property
    def is_busy(self) -> bool:
        """The same."""
        return self._running is not None

    @property
    def outline(self) -> Outline:
        """What the drag marks, or the line that a press with Shift would draw."""
        return self._outline

    def leave(self) -> None:
        """Ends where it is: a stroke is not lost because a key chose another tool."""
        if self._last is not None:
            self.release(self._last._replace(phase=Phase.RELEASE))
        self._show(None)

    def press(self, event: PointerEvent) -> None:
        """Begins, with a straight line from the end of the last stroke if Shift is down."""
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
        """Goes on, or shows the line that a press would draw."""
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
        """Ends it."""
        running, self._running = self._running, None
        if running is not None:
            # What it pushes now is announced when it is no longer under way.
            self._advance(event, lambda: running.send(event))

    def change_modifiers(self, event: PointerEvent) -> None:
        """Goes on as areas do; a stroke has nothing new to paint."""
        if self._running is None or not self._is_stroke:
            self.move(event)

    def pointer_left(self) -> None:
        """Shows no line any more."""
        if self._running is None:
            self._show(None)

    def drop(self) -> None:
        """Breaks it off."""
        running, self._running = self._running, None
        if running is not None:
            running.close()
        self._show(None)

    def _advance(self, event: PointerEvent, lead: Callable[[], Outline | None]) -> None:
        """Leads the generator on, and forgets it when it ends."""
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
