"""Gestures of several presses, led by pointer and keys until they are applied or dropped."""

from sdedit_desktop.document.brush.brush import Sample
from sdedit_desktop.events import Event
from sdedit_desktop.geometry import Outline

REACH = 9
"""How near the pointer must come to a knob to hold it, in pixels of the screen."""


class LongGesture:
    """What all of them are told. ``unit`` is how many document pixels one of the screen shows.

    Attributes:
        changed: It looks different now, or is done.
    """

    def __init__(self) -> None:
        self.changed = Event[()]()

    @property
    def is_open(self) -> bool:
        """Whether there is something to be applied or dropped."""
        return False

    @property
    def outline(self) -> Outline:
        """What is seen of it over the picture."""
        return ()

    def knobs(self, unit: float) -> Outline:
        """Where it can be held."""
        return ()

    def part_at(self, sample: Sample, unit: float) -> str | tuple[int, int]:
        """What the pointer would hold: "draw", "move", "turn", or a knob by its side."""
        return "draw"

    def enter(self) -> None:
        """Its tool has been chosen."""

    def leave(self) -> None:
        """Another tool has been chosen."""
        self.drop()

    def press(self, sample: Sample, unit: float) -> None:
        """The pointer goes down."""

    def move(self, sample: Sample) -> None:
        """The pointer moves, down or not."""

    def release(self) -> None:
        """The pointer goes up."""

    def nudge(self, across: int, down: int) -> bool:
        """An arrow key moves it by pixels; False if that means nothing to it."""
        return False

    def step_back(self) -> None:
        """Backspace takes the last part of it back."""

    def apply(self) -> None:
        """Enter makes of it one undo step."""

    def drop(self) -> None:
        """Esc leaves no trace of it."""
