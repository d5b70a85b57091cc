"""Recovery copies while the program runs, and what a crashed one left behind."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, QTimer
from PySide6.QtWidgets import QMessageBox

from sdedit_desktop.document.files.journal import Journal, Recovery, Snapshot, recoverable
from sdedit_desktop.errors import AppError
from sdedit_desktop.ui.main_window import MainWindow

logger = logging.getLogger(__name__)

_EVERY_MS = 10_000
_Packing = Callable[[], dict[str, bytes]]


class Autosave(QObject):
    """Keeps a copy of unsaved work that is at most some seconds old.

    A snapshot is taken on the GUI thread, which is quick, and written on another, with the
    candidates that there are.
    """

    def __init__(self, window: MainWindow, journal: Journal) -> None:
        super().__init__(window)
        self._window = window
        self._journal = journal
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.write_soon)
        self._timer.start(_EVERY_MS)
        window.files.renamed.connect(self._forget_if_saved)
        window.files.bug_found.connect(self.flush)
        window.closing.connect(self.close)

    def write_soon(self) -> None:
        """Writes what is not saved on another thread, unless it is still busy or all is kept."""
        session = self._window.session
        idle = self._pool.activeThreadCount() == 0 and not self._window.canvas.is_busy
        if idle and self._journal.is_behind(session.document):
            snapshot, packing = self._snapshot()
            self._pool.start(lambda: self._write(snapshot, packing))

    def flush(self) -> None:
        """Writes what is not saved now, before anything else can go wrong."""
        self._pool.waitForDone()
        if self._journal.is_behind(self._window.session.document):
            self._write(*self._snapshot())

    def close(self) -> None:
        """Ends in peace: nothing is left to recover."""
        self._timer.stop()
        self._pool.waitForDone()
        self._journal.close()

    def _snapshot(self) -> tuple[Snapshot, _Packing]:
        session = self._window.session
        return self._journal.snapshot(session.document, self._window.files.path), session.packing()

    def _write(self, snapshot: Snapshot, packing: _Packing) -> None:
        try:
            snapshot.document.attachments = packing()
            self._journal.write(snapshot)
        except AppError as error:
            logger.warning("There is no recovery copy: %s", error)

    def _forget_if_saved(self) -> None:
        if self._window.session.document.history.is_saved:
            self._pool.waitForDone()
            self._journal.discard()


def offer_recovery(window: MainWindow, autosave: Autosave, folder: Path) -> bool:
    """Asks whether to open what a crashed program left behind; tells whether it was opened."""
    for recovery in recoverable(folder):
        name = recovery.source.name if recovery.source else window.tr("a picture without a name")
        answer = QMessageBox.question(
            window,
            window.tr("Unsaved work was found"),
            window.tr(
                "The program ended without saving {0}, last kept at {1}. Open it again?"
            ).format(name, recovery.written.replace("T", " ")),
        )
        if answer != QMessageBox.StandardButton.Yes:
            recovery.discard()
        elif window.files.attempt(partial(_adopt, window, recovery)):
            autosave.flush()
            recovery.discard()
            return True
    return False


def _adopt(window: MainWindow, recovery: Recovery) -> None:
    document = recovery.load()
    document.history.mark_unsaved()
    title = recovery.source.stem if recovery.source else window.tr("Recovered")
    window.files.adopt(document, title, recovery.source)
