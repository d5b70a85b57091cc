"""File operations in the background, with a progress bar and a cancel button."""

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
"""Called with the progress, 0 to 1; raises ``StoppedError`` if the user cancelled."""


class StoppedError(Exception):
    """The user pressed Cancel."""


class FileTask(QWidget):
    """Runs one operation at a time. A widget of the status bar, shown for long operations."""

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
        """Whether an operation is running."""
        return self._loop is not None

    def run(self, text: str, work: Callable[[Report], object]) -> None:
        """Runs an operation on another thread and returns its result; the window stays responsive.

        Raises:
            StoppedError: The user cancelled.
            Exception: Whatever the operation raised.
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
        """Cancels the operation; the file is unchanged."""
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
