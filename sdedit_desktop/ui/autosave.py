"""The journal while the program runs, and what a crashed one left behind."""

import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.journal import Journal, Recovery, Snapshot, Work, recoverable
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.dialogs.recovery import RecoveryDialog
from sdedit_desktop.ui.main_window import MainWindow
from sdedit_desktop.ui.translation import localized

logger = logging.getLogger(__name__)

_EVERY_MS = 500


class Autosave(QObject):
    """Keeps what is not saved in a journal that is at most two seconds behind.

    A snapshot is taken here, on the GUI thread, which is quick; the journal writes it on its own.
    """

    _reported = Signal(object)

    def __init__(self, window: MainWindow, folder: Path) -> None:
        """Starts a journal in a folder; raises ``OSError`` if it cannot be written."""
        super().__init__(window)
        self._window = window
        self._is_failing = False
        self._kept_candidates: object = ()
        self._reported.connect(self._show)
        self._journal = Journal(folder, self._reported.emit)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.record)
        self._timer.start(_EVERY_MS)
        window.files.renamed.connect(self._begin_if_saved)
        window.files.bug_found.connect(self.flush)
        window.closing.connect(self.close)
        self._begin_if_saved()

    def record(self, *, anyway: bool = False) -> None:
        """Takes a snapshot if anything has changed, or ``anyway``."""
        document = self._window.session.document
        if anyway or self._journal.is_behind(document) or self._window.canvas.is_busy:
            self._journal.record(self._snapshot(document), document)

    def flush(self) -> bool:
        """Writes what is not saved now, before anything else can go wrong; tells if it could."""
        self.record()
        return self._journal.flush()

    def keep_all(self, document: Document) -> bool:
        """Writes all of a document that is in no file; tells whether it could be."""
        self._journal.begin(document)
        self._kept_candidates = ()
        self.record(anyway=True)
        return self._journal.flush()

    def close(self) -> None:
        """Ends in peace: nothing is left to recover."""
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

    def _begin_if_saved(self) -> None:
        document = self._window.session.document
        if document.history.is_saved:
            self._journal.begin(document, self._window.files.origin)
            self._kept_candidates = ()

    @Slot(object)
    def _show(self, sentence: Text | None) -> None:
        if sentence is not None:
            self._window.statusBar().showMessage(localized(sentence))
        elif self._is_failing:
            self._window.statusBar().clearMessage()
        self._is_failing = sentence is not None


def offer_recovery(window: MainWindow, autosave: Autosave, folder: Path) -> bool:
    """Shows what crashed programs left behind; tells whether some of it was opened.

    Nothing is removed before it is in this window's own journal, or the user has said so twice.
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
    if not window.files.attempt(partial(_adopt, window, chosen)):
        chosen.leave()
        return False
    if autosave.keep_all(window.session.document):
        chosen.delete()
    else:
        chosen.leave()
    return True


def _adopt(window: MainWindow, recovery: Recovery) -> None:
    document = recovery.load()
    document.history.mark_unsaved()
    window.files.adopt(document, recovery.title or window.tr("Recovered"), recovery.source)
