"""Output of the command line: progress and values."""

import json
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sdedit_desktop.editing.request import Progress
from sdedit_desktop.texts import Text
from sdedit_desktop.training import events

if TYPE_CHECKING:
    from sdedit_desktop.training.evaluation.run import Progress as EvaluationProgress

_BAR = 28
_TRAINING_LINE = 500
_JSON_STEP_S = 0.2


def print_values(values: Mapping[str, object], as_json: bool) -> None:
    """Prints names and values, one a line, or as JSON."""
    if as_json:
        print(json.dumps(values, indent=2))
        return
    width = max(map(len, values), default=0)
    for name, value in values.items():
        lines = value if isinstance(value, list) else [value]
        for index, line in enumerate(lines):
            print(f"{'' if index else name:{width}}  {line}")


class ProgressBar:
    """A progress line on stderr that is overwritten; whole lines if it is not a terminal."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()

    def show(self, progress: "Progress | EvaluationProgress") -> None:
        """Draws the progress of an edit or an evaluation."""
        filled = _BAR * progress.done // progress.total
        left = "" if progress.remaining_ms is None else _left(progress.remaining_ms / 1000)
        bar = "█" * filled + "·" * (_BAR - filled)
        self._draw(f"{bar} {progress.done}/{progress.total}{left}")

    def show_training(self, event: events.TrainingEvent) -> None:
        """Draws the progress of a training; regularly as a line of its own."""
        match event:
            case events.Started():
                self.say(
                    f"{event.photographs} photographs, {event.held_out} kept apart; "
                    f"{event.parameters:,} parameters on {event.device}"
                )
            case events.Progress():
                left = "" if event.remaining_s is None else _left(event.remaining_s)
                line = f"step {event.step}  loss {event.loss:.4f}  {event.steps_per_s:.2f} steps/s"
                line += f"{left}{_left(event.next_save_s, 'to the next save')}"
                if event.step % _TRAINING_LINE == 0:
                    self.say(line)
                else:
                    self._draw(line)
            case events.Note():
                self.say(Text(event.sentence, *event.values))

    def say(self, text: str) -> None:
        """Prints a line above the progress line."""
        print(f"\r\x1b[K{text}" if self._live else text, file=sys.stderr)

    def _draw(self, text: str) -> None:
        if self._live:
            print(f"\r{text}\x1b[K", end="", file=sys.stderr)


class JsonLines:
    """Events of a training as lines of JSON, with a limited rate of steps."""

    def __init__(self) -> None:
        self._latest = 0.0

    def print(self, event: events.TrainingEvent) -> None:
        """Prints an event; skips steps that follow one another quickly."""
        now = time.monotonic()
        if not isinstance(event, events.Progress) or now - self._latest > _JSON_STEP_S:
            print(events.to_line(event), flush=True)
            self._latest = now


def _left(seconds: float, until: str = "left") -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"  {minutes}:{rest:02} {until}"
