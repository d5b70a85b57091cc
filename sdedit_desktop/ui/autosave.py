"""Writes the journal while the program runs, and offers recovery after a crash."""

import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.journal import Journal, Recovery, Snapshot, Work, recoverable
from sdedit_desktop.document.history import Change
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.dialogs.recovery import RecoveryDialog
from sdedit_desktop.ui.main_window import MainWindow
from sdedit_desktop.ui.translation import localized

logger = logging.getLogger(__name__)

_EVERY_MS = 500


class Autosave(QObject):
    """Keeps unsaved changes in a journal that is at most two seconds old.

    Snapshots are taken on the GUI thread, which is fast: after each step, and regularly during a
    stroke. The journal writes them on a thread of its own.
    """

    _reported = Signal(object)

    def __init__(self, window: MainWindow, folder: Path) -> None:
        """Starts a journal in a folder; raises ``OSError`` if it cannot be written."""
        super().__init__(window)
        self._window = window
        self._is_failing = False
        self._kept_candidates: object = ()
        self._document: Document | None = None
        self._reported.connect(self._show)
        self._journal = Journal(folder, self._reported.emit)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.record)
        self._timer.start(_EVERY_MS)
        window.files.renamed.connect(self._follow)
        window.session.document_changed.connect(self._record_step)
        window.files.reports.bug_found.connect(self.flush)
        window.closing.connect(self.close)
        self._follow()

    def record(self, *, anyway: bool = False) -> None:
        """Takes a snapshot if anything has changed, or if ``anyway`` is set."""
        document = self._window.session.document
        if anyway or self._journal.is_behind(document) or self._window.canvas.is_busy:
            self._journal.record(self._snapshot(document), document)

    def flush(self) -> bool:
        """Writes unsaved changes now; returns whether that succeeded."""
        self.record()
        return self._journal.flush()

    def resume(self, recovery: Recovery, document: Document) -> None:
        """Continues the journal of a crashed program for the document recovered from it."""
        self._document = document
        self._journal.resume(recovery, document)
        self.record(anyway=True)

    def close(self) -> None:
        """Removes the journal: nothing needs to be recovered."""
        self._timer.stop()
        self._journal.close()

    def _snapshot(self, document: Document) -> Snapshot:
        session, files = self._window.session, self._window.files
        finished = [(slot.made, slot.starred) for slot in session.slots if slot.made]
        work = Work(
            files.title,
            files.path,
            document.history.position,
            len(finished),
            document.history.is_saved,
        )
        candidates = tuple(finished), document.attachments
        packing = None if candidates == self._kept_candidates else session.packing()
        self._kept_candidates = candidates
        return Snapshot.of(document, work, packing)

    def _record_step(self, change: Change) -> None:
        document = self._window.session.document
        if change.is_step and document is self._document:
            self._journal.record(self._snapshot(document), document)

    def _follow(self) -> None:
        """Restarts after a document was opened; records that one was saved."""
        document = self._window.session.document
        if document is self._document:
            self.record(anyway=True)
        elif document.history.is_saved:
            self._document, self._kept_candidates = document, ()
            self._journal.begin(document, self._window.files.origin)

    @Slot(object)
    def _show(self, sentence: Text | None) -> None:
        if sentence is not None:
            self._window.statusBar().showMessage(localized(sentence))
        elif self._is_failing:
            self._window.statusBar().clearMessage()
        self._is_failing = sentence is not None


def offer_recovery(window: MainWindow, autosave: Autosave, folder: Path) -> bool:
    """Offers the journals of crashed programs; returns whether any was opened.

    A journal is removed only after its content is in this window's own, or after the user has
    confirmed twice.
    """
    found = recoverable(folder)
    if not found:
        return False
    dialog = RecoveryDialog(window, found)
    dialog.exec()
    chosen = dialog.chosen
    for recovery in dialog.left:
        recovery.leave()
    if chosen is None:
        return False
    if not window.files.reports.attempt(partial(_adopt, window, autosave, chosen)):
        chosen.leave()
        return False
    return True


def _adopt(window: MainWindow, autosave: Autosave, recovery: Recovery) -> None:
    document = recovery.load()
    window.files.adopt(document, recovery.title or window.tr("Recovered"), recovery.source)
    autosave.resume(recovery, document)
