"""The journal of the open document, and its writer thread."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from sdedit_desktop import files
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.journal.recovery import Recovery, folder_lock
from sdedit_desktop.document.files.journal.snapshot import Snapshot, Work
from sdedit_desktop.document.files.journal.writer import AbandonedError, Base, Resumed, Writer
from sdedit_desktop.files import stamp_of
from sdedit_desktop.texts import Text

logger = logging.getLogger(__name__)

SYNC_SECONDS = 1.0
"""Minimum interval between syncs to the disk."""
RETRY_SECONDS = 2.0
_MOST_WAITING = 256
"""Largest number of snapshots that wait while the disk cannot be written."""


class Journal:
    """Takes snapshots on the document's thread, and writes them on its own.

    A newer snapshot replaces a waiting one of the same state. Failed writes are repeated.
    """

    def __init__(
        self, folder: Path, report: Callable[[Text | None], None] = lambda _sentence: None
    ) -> None:
        """Starts a session.

        Args:
            folder: Where journals are kept.
            report: Called on the journal's own thread with a sentence when something cannot be
                written, and with ``None`` when it can again.

        Raises:
            OSError: The folder cannot be written.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        self._stem = folder / f"session-{secrets.token_hex(8)}"
        self._lock = FileLock(self._stem.with_suffix(".lock"), mode=0o600)
        self._folder_lock = folder_lock(folder)
        with self._folder_lock:
            self._lock.acquire(timeout=0)
        files.list_temporaries(self._stem.with_suffix(".temporary"))
        self._report = report
        self._state = threading.Condition()
        self._next_base: Base | Resumed | None = Base()
        self._waiting = deque[Snapshot]()
        self._is_busy = self._is_closing = self._is_failing = False
        self._writer: Writer | None = None
        self._seen: tuple[int, int] = (0, 0)
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def begin(self, document: Document, path: Path | None = None) -> None:
        """Starts a new journal; the document is in a file, or need not be recovered.

        Args:
            document: The open document.
            path: The file that contains its present state; ``None`` if there is none.
        """
        start = Snapshot.of(document, Work(path.name if path else "", path, is_saved=True))
        base = Base(start=start)
        if path is not None:
            layers = tuple(layer.id for layer in document.layers)
            try:
                base = Base(path, stamp_of(path), layers, start.rasters, start)
            except OSError as error:
                logger.warning("The journal does without %s: %s", path, error)
        self._start_from(base, document)

    def resume(self, recovery: Recovery, document: Document) -> None:
        """Continues a journal that was left behind, without writing everything again.

        Args:
            recovery: Owned by this journal from now on, and deleted with it.
            document: What its ``load`` returned.
        """
        self._start_from(recovery.resumed(document), document)

    def _start_from(self, base: Base | Resumed, document: Document) -> None:
        with self._state:
            self._waiting.clear()
            self._next_base = base
            self._abandon()
            self._seen = id(document), document.history.revision
            self._state.notify_all()

    def is_behind(self, document: Document) -> bool:
        """Whether the document has changed since it was last recorded, or since ``begin``."""
        return self._seen != (id(document), document.history.revision)

    def record(self, snapshot: Snapshot, document: Document) -> None:
        """Queues a snapshot of the document; returns at once."""
        with self._state:
            if self._is_closing:
                return
            self._seen = id(document), document.history.revision
            if self._waiting and self._waiting[-1].states[1] == snapshot.states[1]:
                snapshot = snapshot.after(self._waiting.pop())
            self._waiting.append(snapshot)
            if len(self._waiting) > _MOST_WAITING:
                dropped, later = self._waiting.popleft(), self._waiting.popleft()
                self._waiting.appendleft(later.after(dropped))
            self._state.notify_all()

    def flush(self, timeout_s: float = 10.0) -> bool:
        """Waits until everything is written; returns whether it is."""
        with self._state:
            return self._state.wait_for(lambda: self._is_idle or self._is_failing, timeout_s) and (
                not self._is_failing
            )

    def close(self) -> None:
        """Removes the journal: nothing needs to be recovered."""
        with self._state:
            self._is_closing = True
            self._waiting.clear()
            self._abandon()
            self._state.notify_all()
        self._thread.join()
        files.list_temporaries(None)
        with self._folder_lock:
            self._lock.release()
            for suffix in (".temporary", ".lock"):
                self._stem.with_suffix(suffix).unlink(missing_ok=True)

    @property
    def _is_idle(self) -> bool:
        return not self._waiting and self._next_base is None and not self._is_busy

    def _abandon(self) -> None:
        if self._writer is not None:
            self._writer.is_abandoned = True

    def _run(self) -> None:
        """The writer thread: snapshots in order, then the base file, then a sync."""
        base: Base | Resumed = Base()
        synced_at, is_dirty = 0.0, False
        while True:
            with self._state:
                self._is_busy = False
                self._state.notify_all()
                self._state.wait_for(self._has_work, self._patience(is_dirty, synced_at))
                if self._is_closing:
                    break
                snapshot = self._waiting.popleft() if self._waiting else None
                new_base, self._next_base = self._next_base, None
                self._is_busy = True
            if new_base is not None:
                self._drop_writer()
                base, is_dirty = new_base, False
            try:
                if snapshot is not None:
                    self._write(snapshot, base)
                    is_dirty = True
                elif self._writer is not None and self._writer.needs_copy:
                    self._writer.copy_some()
                    is_dirty = True
                if is_dirty and self._writer and time.monotonic() >= synced_at + SYNC_SECONDS:
                    self._writer.sync()
                    synced_at, is_dirty = time.monotonic(), False
                self._tell(None)
            except AbandonedError:
                logger.debug("A snapshot is not wanted any more")
            except Exception as error:
                logger.exception("The journal cannot be written")
                self._try_again(snapshot, error)
        self._drop_writer()

    def _has_work(self) -> bool:
        return self._is_closing or (
            not self._is_failing and (bool(self._waiting) or self._next_base is not None)
        )

    def _patience(self, is_dirty: bool, synced_at: float) -> float | None:
        if self._is_failing:
            return RETRY_SECONDS
        if self._writer is not None and self._writer.needs_copy:
            return 0.05
        return max(0.0, synced_at + SYNC_SECONDS - time.monotonic()) if is_dirty else None

    def _write(self, snapshot: Snapshot, base: Base | Resumed) -> None:
        if self._writer is None:
            stem = base.stem if isinstance(base, Resumed) else self._stem
            self._writer = Writer(stem, base)
        self._writer.write(snapshot)

    def _try_again(self, snapshot: Snapshot | None, error: Exception) -> None:
        reason = getattr(error, "strerror", None) or str(error)
        with self._state:
            if snapshot is not None and self._next_base is None and not self._is_closing:
                if self._waiting and self._waiting[0].states[1] == snapshot.states[1]:
                    snapshot = self._waiting.popleft().after(snapshot)
                self._waiting.appendleft(snapshot)
        self._tell(
            Text("What is not saved cannot be kept for recovery: {0}. It is tried again.", reason)
        )

    def _tell(self, sentence: Text | None) -> None:
        was_failing = self._is_failing
        with self._state:
            self._is_failing = sentence is not None
            self._state.notify_all()
        if sentence is not None or was_failing:
            self._report(sentence)

    def _drop_writer(self) -> None:
        if self._writer is not None:
            self._writer.close(remove=True)
            self._writer = None
