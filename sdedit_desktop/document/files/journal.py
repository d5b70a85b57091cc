"""Recovery copies: what is not saved yet survives a crash, a power cut and ``kill -9``.

Each running program has a session: a copy ``NAME.ora`` in the state folder, what it is a copy of in
``NAME.json``, and ``NAME.lock``, which the operating system unlocks however the program ends. A
copy whose lock is free was left behind.
"""

from __future__ import annotations

import json
import secrets
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.files.saving import saving


@dataclass(frozen=True)
class Recovery:
    """A copy that a program left behind when it ended without closing its document.

    Attributes:
        path: The copy, an OpenRaster file.
        source: The file the document was opened from or saved to; ``None`` if there is none.
        written: When the copy was made, ISO 8601 in UTC.
    """

    path: Path
    source: Path | None
    written: str

    def load(self) -> Document:
        """Opens the copy; ``FileFormatError`` if it is damaged."""
        return ora_writer.load(self.path)

    def discard(self) -> None:
        """Removes the copy for good."""
        _remove(self.path.with_suffix(""))


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A document at one instant, to be written by ``Journal.write`` on any thread."""

    document: Document
    source: Path | None
    revision: int


class Journal:
    """Keeps the recovery copy of the one document that is open."""

    def __init__(self, folder: Path) -> None:
        """Starts a session; raises ``OSError`` if the folder cannot be written."""
        folder.mkdir(parents=True, exist_ok=True)
        self._stem = folder / f"session-{secrets.token_hex(8)}"
        self._lock = _locked(self._stem.with_suffix(".lock"))
        assert self._lock is not None
        self._noted: tuple[Document, int] | None = None
        self._written: ora_writer.Written | None = None

    def is_behind(self, document: Document) -> bool:
        """Whether the document holds changes that are neither saved nor in the last snapshot."""
        if document.history.is_saved:
            return False
        if self._noted is None:
            return True
        noted, revision = self._noted
        return noted is not document or revision != document.history.revision

    def snapshot(self, document: Document, source: Path | None) -> Snapshot:
        """Takes the document as it is now; quick, for the thread that owns the document."""
        self._noted = document, document.history.revision
        return Snapshot(document.frozen(), source, document.history.revision)

    def write(self, snapshot: Snapshot) -> None:
        """Writes a snapshot, one at a time; layers that have not changed are not encoded again.

        Raises:
            FileFormatError: The copy cannot be written; the one before it is still there.
        """
        note = {
            "source": None if snapshot.source is None else str(snapshot.source),
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        path = self._stem.with_suffix(".ora")
        self._written = ora_writer.save(
            snapshot.document, path, earlier=self._written, previews=False
        )
        with saving(self._stem.with_suffix(".json")) as new:
            new.write_text(json.dumps(note), encoding="utf-8")

    def discard(self) -> None:
        """Removes the copy, because the document has been saved or is not wanted."""
        self._noted = self._written = None
        for suffix in (".ora", ".json"):
            self._stem.with_suffix(suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Ends the session in peace: nothing is left to recover."""
        self.discard()
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        _remove(self._stem)


def recoverable(folder: Path) -> list[Recovery]:
    """The copies that ended programs left behind, the latest first; their remains are cleared."""
    found = []
    for lock_path in folder.glob("session-*.lock"):
        lock = _locked(lock_path)
        if lock is None:
            continue
        with lock:
            stem = lock_path.with_suffix("")
            path = stem.with_suffix(".ora")
            if path.is_file():
                found.append(_described(path))
        if not path.is_file():
            _remove(stem)
    return sorted(found, key=lambda recovery: recovery.written, reverse=True)


def _described(path: Path) -> Recovery:
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    try:
        note = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        source = note.get("source")
    except (OSError, ValueError, AttributeError):
        source = None
    return Recovery(path, Path(source) if isinstance(source, str) else None, modified)


def _remove(stem: Path) -> None:
    for suffix in (".ora", ".json", ".lock"):
        stem.with_suffix(suffix).unlink(missing_ok=True)


def _locked(path: Path) -> BinaryIO | None:
    """The file, locked until it is closed or the program ends; ``None`` if another holds it."""
    file = path.open("a+b")
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
