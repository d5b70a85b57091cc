"""Events of a running training: values here, one line of JSON each for other programs.

Nothing here knows torch: the window reads these lines from a process of its own.
"""

import json
from typing import NamedTuple

from sdedit_desktop.texts import Text


class Started(NamedTuple):
    """The first step is about to start.

    Attributes:
        photographs: Number trained on.
        held_out: Number held out for the samples.
        parameters: Of the network.
        step: Steps made in earlier runs.
        device: That it trains on.
    """

    photographs: int
    held_out: int
    parameters: int
    step: int
    device: str


class Progress(NamedTuple):
    """Progress of a training; one after every step.

    Attributes:
        step: Steps made since the very first.
        loss: Mean of the latest steps.
        elapsed_s: Seconds since this run began.
        remaining_s: Seconds left; None if there is no limit.
        steps_per_s: Of the latest steps.
        next_save_s: Seconds until the next save.
    """

    step: int
    loss: float
    elapsed_s: float
    remaining_s: float | None
    steps_per_s: float
    next_save_s: float


class Saved(NamedTuple):
    """Everything up to a step is on the disk, and the model can be used.

    Attributes:
        step: Steps made.
        model: The model's folder.
    """

    step: int
    model: str


class Shown(NamedTuple):
    """A sheet of samples was written.

    Attributes:
        sheet: Its path; see ``samples.sample_sheet``.
    """

    sheet: str


class Note(NamedTuple):
    """A sentence for the user, and the values in it; training continues."""

    sentence: str
    values: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: Text) -> "Note":
        """A note with this text."""
        return cls(text.sentence, tuple(map(str, text.values)))


class Failed(NamedTuple):
    """The training has failed, and why, as in a ``Note``."""

    sentence: str
    values: tuple[str, ...] = ()


TrainingEvent = Started | Progress | Saved | Shown | Note | Failed
_KINDS = {kind.__name__.lower(): kind for kind in (Started, Progress, Saved, Shown, Note, Failed)}


def to_line(event: TrainingEvent) -> str:
    """One line of JSON; numbers that are not finite become null."""
    values = {
        name: None if isinstance(value, float) and value - value != 0 else value
        for name, value in event._asdict().items()
    }
    return json.dumps({"event": type(event).__name__.lower(), **values})


def of_line(line: str) -> TrainingEvent | None:
    """Reads what ``to_line`` wrote; None for any other line."""
    try:
        values = json.loads(line)
        kind = _KINDS[values.pop("event")]
        if "values" in values:
            values["values"] = tuple(values["values"])
        return kind(**values)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
