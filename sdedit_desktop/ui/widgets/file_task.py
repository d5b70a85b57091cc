"""Work on files that takes a while: on another thread, with a bar and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event as Flag
from threading import Thread
from typing import TypeAlias

from PySide6.QtCore import QEventLoop, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

_SHOWN_AFTER_MS = 300
_STEPS = 1000

Report: TypeAlias = Callable[[float], None]
"""Takes how much is done, 0 to 1; raises ``StoppedError`` if the rest is not wanted."""


class StoppedError(Exception):
    """The user has pressed Cancel."""


class FileTask(QWidget):
    """Runs one thing at a time. Belongs into the status bar; it is seen only when that pays."""

    _progressed = Signal(float)
    _ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._stop = Flag()
        self._loop: QEventLoop | None = None
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
        """Whether something is under way."""
        return self._loop is not None

    def run(self, text: str, work: Callable[[Report], object]) -> None:
        """Does the work on another thread and comes back when it is done; the window goes on.

        Raises:
            StoppedError: The user did not want it any more.
            Exception: Whatever the work raised.
        """
        assert self._loop is None, "one thing at a time"
        self._stop.clear()
        self._error = None
        self._label.setText(text)
        self.bar.setValue(0)
        self._loop = QEventLoop()
        self._soon.start()
        thread = Thread(target=self._work, args=(work,), name="files")
        thread.start()
        self._loop.exec()
        thread.join()
        self._loop = None
        self._soon.stop()
        self.hide()
        error, self._error = self._error, None
        if error is not None:
            raise error

    def stop(self) -> None:
        """Gives up what is under way; the file stays as it was."""
        self._stop.set()

    def _work(self, work: Callable[[Report], object]) -> None:
        try:
            work(self._report)
        except BaseException as error:  # noqa: BLE001 - raised again where it was asked for
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
        if self._loop is not None:
            self._loop.quit()
