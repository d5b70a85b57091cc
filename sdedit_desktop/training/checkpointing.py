"""Saves, samples and progress events of a running training."""

import contextlib
import csv
import math
import re
import shutil
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from safetensors import SafetensorError

from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.files import atomic_write
from sdedit_desktop.texts import Text
from sdedit_desktop.training.config import TrainingConfig
from sdedit_desktop.training.events import Note, Progress, Saved, Shown, TrainingEvent
from sdedit_desktop.training.photographs import Pixels
from sdedit_desktop.training.resume import LOSSES, STATE
from sdedit_desktop.training.samples import sample_sheet
from sdedit_desktop.training.state import TrainingState

SHEET = STATE.with_name("samples.png")
_RECENT_STEPS = 100


class Checkpointer:
    """Decides when to save and to sample, and does both; keeps the losses of all steps."""

    def __init__(
        self, config: TrainingConfig, state: TrainingState, sample_size: int, held_out: Pixels
    ) -> None:
        """Starts a training, or continues it with the losses that were saved.

        Args:
            config: What the user asks for.
            state: Of the training.
            sample_size: Size of pictures the model is used at, in pixels.
            held_out: (N, H, W, 3) crops that the sheet of samples is made of.
        """
        self._config = config
        self._state = state
        self._sample_size = sample_size
        self._held_out = held_out
        self._losses = _read_losses(config.output, state.step)
        self._recent: deque[float] = deque(maxlen=_RECENT_STEPS)
        self._began = time.monotonic()
        self._ends = deque([self._began], maxlen=_RECENT_STEPS)
        self._next_save = self._began + config.save_every_s
        self._next_sheet = self._began + config.sheet_every_s

    def record(self, loss: float) -> Progress:
        """Records the loss of a step; NaN if the step was thrown away."""
        self._losses.append(loss)
        if math.isfinite(loss):
            self._recent.append(loss)
        now = time.monotonic()
        self._ends.append(now)
        elapsed, minutes = now - self._began, self._config.minutes
        return Progress(
            step=self._state.step,
            loss=sum(self._recent) / len(self._recent) if self._recent else math.nan,
            elapsed_s=elapsed,
            remaining_s=None if minutes is None else max(0.0, 60 * minutes - elapsed),
            steps_per_s=(len(self._ends) - 1) / max(now - self._ends[0], 1e-9),
            next_save_s=max(0.0, self._next_save - now),
        )

    def save_if_due(self) -> Generator[TrainingEvent]:
        """Saves and samples when it is time to. If that fails, it is tried again the next time."""
        if time.monotonic() > self._next_save:
            yield _or_note(self.save)
            self._next_save = time.monotonic() + self._config.save_every_s
        if time.monotonic() > self._next_sheet:
            yield _or_note(self.draw)
            self._next_sheet = time.monotonic() + self._config.sheet_every_s

    def save(self) -> Saved:
        """Writes losses, state and model.

        The losses come first: if the program ends before the state is written, resuming ignores
        those of steps that are repeated.

        Raises:
            FileFormatError: It cannot be written; what was saved before is as it was.
        """
        output = self._config.output
        with _writing(output):
            (output / STATE).parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(output / LOSSES) as new, new.open("w", encoding="utf-8") as file:
                file.write("step,loss\n")
                file.writelines(f"{at},{value!r}\n" for at, value in enumerate(self._losses, 1))
            self._state.save(output)
            self._state.export(output, self._sample_size)
        return Saved(self._state.step, str(output))

    def draw(self) -> Shown:
        """Writes a sheet of samples.

        Raises:
            FileFormatError: It cannot be written.
        """
        path = self._config.output / SHEET
        sheet = sample_sheet(self._state, self._held_out)
        with _writing(self._config.output), atomic_write(path) as new:
            sheet.save(new)
        return Shown(str(path))


def remove_partial_files(output: Path) -> None:
    """Removes files that a program that was killed while saving has left half written."""
    for path in output.glob(".new-*"):
        shutil.rmtree(path, ignore_errors=True)
    for name in (STATE, LOSSES, SHEET):
        for path in (output / name).parent.glob(f".{name.stem}.*{name.suffix}"):
            path.unlink(missing_ok=True)


def _or_note(save: Callable[[], TrainingEvent]) -> TrainingEvent:
    try:
        return save()
    except FileFormatError as error:
        return Note.of(Text("{0} What was saved before is safe, and training goes on.", error))


@contextlib.contextmanager
def _writing(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileFormatError("{0} cannot be written: {1}.", output, error.strerror) from error
    except SafetensorError as error:
        reason = re.sub(r".*I/O error: | \(os error \d+\)", "", str(error))
        raise FileFormatError("{0} cannot be written: {1}.", output, reason) from error


def _read_losses(output: Path, steps: int) -> list[float]:
    """The losses of the steps made so far; NaN where they are not known."""
    path = output / LOSSES
    if not steps or not path.exists():
        return [math.nan] * steps
    with path.open(encoding="utf-8", newline="") as file:
        losses = [float(row["loss"]) for row in csv.DictReader(file)]
    return losses[:steps] + [math.nan] * (steps - len(losses))
