"""A training in a process of its own: started, monitored and stopped.

The window never imports torch, and a training that crashes does not affect it.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

from sdedit_desktop.errors import AppError
from sdedit_desktop.training.events import Failed, of_line

_STOPPED = 130
_WITH_CONSOLE = "sdedit-desktop.exe"
Command = tuple[str, list[str]]


def command(words: Sequence[str]) -> Command:
    """The command that starts this program again with these arguments.

    A package for Windows has two programs. That of the window has no console, and so no output; a
    training, whose output is read, is run by the other one, whose console Qt hides.
    """
    program = sys.executable
    if not getattr(sys, "frozen", False):
        return program, ["-m", "sdedit_desktop", *words]
    if sys.platform == "win32" and words[:1] == ["train"]:
        program = str(Path(program).with_name(_WITH_CONSOLE))
    return program, list(words)


class TrainingProcess(QObject):
    """At most one training at a time.

    If the window ends in any way, standard input of the training is closed, and it saves and stops.
    """

    reported = Signal(object)
    """Emitted with each ``TrainingEvent``."""
    ended = Signal(object)
    """Emitted with None if the training ended and was saved, else with an ``AppError``."""

    def __init__(
        self, parent: QObject, make_command: Callable[[Sequence[str]], Command] = command
    ) -> None:
        super().__init__(parent)
        self.make_command = make_command
        self._failed: AppError | None = None
        self._process = QProcess(self)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail_to_start)

    @property
    def is_running(self) -> bool:
        """Whether a training is running."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self, words: Sequence[str]) -> None:
        """Starts ``train`` with these arguments."""
        self._failed = None
        self._process.start(
            *self.make_command(["train", *words, "--json-progress", "--background"])
        )

    def stop(self) -> None:
        """Asks it to save and stop; ``ended`` follows."""
        self._process.closeWriteChannel()

    def _read(self) -> None:
        while self._process.canReadLine():
            line = bytes(self._process.readLine().data()).decode("utf-8", "replace")
            event = of_line(line)
            if isinstance(event, Failed):
                self._failed = AppError(event.sentence, *event.values)
            elif event is not None:
                self.reported.emit(event)

    def _finish(self, code: int) -> None:
        self._read()
        errors = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        if self._failed is None and code not in (0, _STOPPED):
            last = (errors.strip().splitlines() or [str(code)])[-1]
            self._failed = AppError(
                "The training has ended unexpectedly ({0}). What was saved is safe.", last
            )
        self.ended.emit(self._failed)

    def _fail_to_start(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.ended.emit(
                AppError("The training could not be started: {0}.", self._process.errorString())
            )
