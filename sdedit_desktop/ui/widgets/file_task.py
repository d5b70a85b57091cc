"""File operations in the background, with a progress bar and a cancel button."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event as Flag
from threading import Thread
from typing import TypeAlias

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

_SHOWN_AFTER_MS = 300
_STEPS = 1000

Report: TypeAlias = Callable[[float], None]
"""Called with the progress, 0 to 1; raises ``StoppedError`` if the user cancelled."""
Ended: TypeAlias = Callable[[BaseException | None], object]
"""Called on the GUI thread with what the operation raised, or ``None``."""


class StoppedError(Exception):
    """The user pressed Cancel."""


class FileTask(QWidget):
    """Runs one operation at a time. A widget of the status bar, shown for long operations."""

    _progressed = Signal(float)
    _ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._stop = Flag()
        self._thread: Thread | None = None
        self._ended_with: Ended | None = None
        self._error: BaseException | None = None
        self._label = QLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setMaximumWidth(160)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.cancel = QToolButton()
        self.cancel.setText(self.tr("Cancel"))
        self.cancel.setAccessibleName(self.cancel.text())
        self.cancel.setToolTip(self.tr("Leave the file as it was"))
        self.cancel.clicked.connect(self.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        for part in (self._label, self.bar, self.cancel):
            row.addWidget(part)
        self._soon = QTimer(self, singleShot=True, interval=_SHOWN_AFTER_MS)
        self._soon.timeout.connect(self.show)
        self._progressed.connect(self._show_progress)
        self._ended.connect(self._end)
        self.hide()

    @property
    def is_running(self) -> bool:
        """Whether an operation is running."""
        return self._thread is not None

    def start(self, text: str, work: Callable[[Report], object], ended: Ended) -> None:
        """Starts an operation on another thread, and returns at once.

        Args:
            text: What is done, for the user.
            work: The operation.
            ended: Called when it has ended; ``StoppedError`` if the user cancelled.
        """
        assert self._thread is None, "one thing at a time"
        self._stop.clear()
        self._error, self._ended_with = None, ended
        self._label.setText(text)
        self.bar.setValue(0)
        self._soon.start()
        self._thread = Thread(target=self._work, args=(work,), name="files")
        self._thread.start()

    def stop(self) -> None:
        """Cancels the operation; the file is unchanged."""
        self._stop.set()

    def _work(self, work: Callable[[Report], object]) -> None:
        try:
            work(self._report)
        except BaseException as error:  # noqa: BLE001 - raised again where the task was started
            self._error = error
        self._ended.emit()

    def _report(self, share: float) -> None:
        if self._stop.is_set():
            raise StoppedError
        self._progressed.emit(share)

    @Slot(float)
    def _show_progress(self, share: float) -> None:
        self.bar.setValue(round(_STEPS * share))

    @Slot()
    def _end(self) -> None:
        assert self._thread is not None
        assert self._ended_with is not None
        self._thread.join()
        self._thread = None
        self._soon.stop()
        self.hide()
        error, self._error = self._error, None
        ended, self._ended_with = self._ended_with, None
        ended(error)
