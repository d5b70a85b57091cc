"""The course of a training beside its steps: what it tells, when it saves, what it draws."""

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
from sdedit_desktop.training.plots import loss_curve, sample_sheet
from sdedit_desktop.training.resume import LOSSES, STATE
from sdedit_desktop.training.state import TrainingState
from sdedit_desktop.training.trainer import Step

CURVE, SHEET = STATE.with_name("loss.png"), STATE.with_name("samples.png")
_RECENT_STEPS = 100


class Checkpointer:
    """What is remembered from step to step, besides the state of the training itself."""

    def __init__(
        self, config: TrainingConfig, state: TrainingState, sample_size: int, judged: Pixels
    ) -> None:
        """Begins, or goes on.

        Args:
            config: What the user asks for.
            state: Where the training is.
            sample_size: Size of pictures the model is used at, in pixels.
            judged: (N, H, W, 3) crops that the sheet of samples is made of.
        """
        self._config = config
        self._state = state
        self._sample_size = sample_size
        self._judged = judged
        self._losses = _read_losses(config.output, state.step)
        self._recent: deque[float] = deque(maxlen=_RECENT_STEPS)
        self._began = time.monotonic()
        self._ends = deque([self._began], maxlen=_RECENT_STEPS)
        self._next_save = self._began + config.save_every_s
        self._next_sheet = self._began + config.sheet_every_s

    def follow(self, step: Step) -> Progress:
        """Takes note of a step."""
        self._losses.append(step.loss)
        if math.isfinite(step.loss):
            self._recent.append(step.loss)
        now = time.monotonic()
        self._ends.append(now)
        elapsed, minutes = now - self._began, self._config.minutes
        return Progress(
            step=step.step,
            loss=sum(self._recent) / len(self._recent) if self._recent else math.nan,
            elapsed_s=elapsed,
            remaining_s=None if minutes is None else max(0.0, 60 * minutes - elapsed),
            steps_per_s=(len(self._ends) - 1) / max(now - self._ends[0], 1e-9),
            next_save_s=max(0.0, self._next_save - now),
        )

    def keep_if_time(self) -> Generator[TrainingEvent]:
        """Saves and draws when it is time to. Where that fails, it is tried again the next time."""
        if time.monotonic() > self._next_save:
            yield _tried(self.save)
            self._next_save = time.monotonic() + self._config.save_every_s
        if time.monotonic() > self._next_sheet:
            yield _tried(self.draw)
            self._next_sheet = time.monotonic() + self._config.sheet_every_s

    def save(self) -> Saved:
        """Writes everything: at any moment, the files on the disk are those of one save.

        The losses come first. If the program ends before the state is written, those of steps
        that have to be made again are left out.

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
        """Draws the curve of the loss and a sheet of samples.

        Raises:
            FileFormatError: They cannot be written.
        """
        output = self._config.output
        with _writing(output):
            for name, picture in (
                (CURVE, loss_curve(self._losses)),
                (SHEET, sample_sheet(self._state, self._judged)),
            ):
                with atomic_write(output / name) as new:
                    picture.save(new)
        return Shown(str(output / CURVE), str(output / SHEET))


def sweep(output: Path) -> None:
    """Removes what a program that was killed while it saved has left half written."""
    for path in output.glob(".new-*"):
        shutil.rmtree(path, ignore_errors=True)
    for name in (STATE, LOSSES, CURVE, SHEET):
        for path in (output / name).parent.glob(f".{name.stem}.*{name.suffix}"):
            path.unlink(missing_ok=True)


def _tried(act: Callable[[], TrainingEvent]) -> TrainingEvent:
    try:
        return act()
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
    """The losses of the steps made so far; those after the last save are made again."""
    path = output / LOSSES
    if not steps or not path.exists():
        return [math.nan] * steps
    with path.open(encoding="utf-8", newline="") as file:
        losses = [float(row["loss"]) for row in csv.DictReader(file)]
    return losses[:steps] + [math.nan] * (steps - len(losses))
