"""Journals left behind by programs that ended without closing their document."""

from __future__ import annotations

import logging
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from sdedit_desktop import files
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.journal import record_log
from sdedit_desktop.document.files.journal.contents import Contents
from sdedit_desktop.document.files.journal.restoration import Restoration, base_of
from sdedit_desktop.document.files.journal.snapshot import Snapshot, Work
from sdedit_desktop.document.files.journal.writer import Base, Resumed
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.texts import Text

logger = logging.getLogger(__name__)

_SUFFIXES = (".journal", ".base", ".new")


FOLDER_LOCK = "folder.lock"
"""Held while a session is created and while those of dead processes are searched."""
_LOCK_SECONDS = 20.0


def folder_lock(folder: Path) -> FileLock:
    """The lock under which sessions come and go."""
    return FileLock(folder / FOLDER_LOCK, timeout=_LOCK_SECONDS, mode=0o600)


@dataclass(eq=False)
class Recovery:
    """A journal that a program left behind. As long as this value lives, nobody else is offered it.

    Attributes:
        title: What the document was called.
        source: The file it was saved to, or opened from if that was a document; ``None`` if there
            is none.
        written: When it was last written, ISO 8601 in UTC.
        steps: How many steps had been taken.
        candidates: How many finished candidates there were.
        thumbnail: A small PNG of how it looked; empty if there is none.
        stem: The journal's file, without its suffix.
    """

    title: str
    source: Path | None
    written: str
    steps: int
    candidates: int
    thumbnail: bytes
    stem: Path
    _lock: FileLock
    _contents: Contents
    _size_bytes: int
    _base: Base = field(default_factory=Base)

    def load(self) -> Document:
        """The document as last written; missing parts are named in its ``warnings``.

        Its history is that of the program that ended.

        Raises:
            FileFormatError: The journal is damaged at its very beginning, or cannot be read.
        """
        warnings = list[Text]()
        try:
            self._contents.settle(Text("Unfinished step"))
            self._base = base_of(self.stem, self._contents.base, warnings)
            with self.stem.with_suffix(".journal").open("rb") as file:
                document = Restoration(self._contents, self._base.rasters, file).document()
        except (OSError, LookupError, TypeError, ValueError, zlib.error) as error:
            raise FileFormatError("What was kept of {0} is damaged.", self.title) from error
        document.warnings = warnings
        return document

    def resumed(self, document: Document) -> Resumed:
        """The state that a journal resumes from, for the document that ``load`` returned."""
        rasters = Snapshot.of(document, Work(self.title)).rasters
        return Resumed(
            self.stem, self._contents, self._size_bytes, rasters, self._base, self.delete
        )

    def leave(self) -> None:
        """Keeps it for a later start."""
        self._lock.release()

    def delete(self) -> None:
        """Deletes it."""
        with folder_lock(self.stem.parent):
            _remove(self.stem)
            self._lock.release()
            self.stem.with_suffix(".lock").unlink(missing_ok=True)


def recoverable(folder: Path) -> list[Recovery]:
    """The journals of ended programs, the latest first; useless files are deleted."""
    if not folder.is_dir():
        return []
    found = []
    with folder_lock(folder):
        stems = {path.with_suffix("") for path in folder.glob("session-*.*")}
        for stem in stems:
            lock = FileLock(stem.with_suffix(".lock"), mode=0o600)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            files.sweep_temporaries(stem.with_suffix(".temporary"))
            recovery = _described(stem, lock)
            if recovery is not None:
                found.append(recovery)
                continue
            _remove(stem)
            lock.release()
            stem.with_suffix(".lock").unlink(missing_ok=True)
        _remove_old_kinds(folder)
    return sorted(found, key=lambda one: one.written, reverse=True)


def _remove_old_kinds(folder: Path) -> None:
    """Temporary files of recovery copies as earlier versions wrote them."""
    for path in folder.glob(".session-*"):
        if path.name != FOLDER_LOCK:
            path.unlink(missing_ok=True)


def _described(stem: Path, lock: FileLock) -> Recovery | None:
    """A summary of a journal; ``None`` if there is nothing to recover."""
    contents, size_bytes = Contents(), 0
    try:
        for record in record_log.read(stem.with_suffix(".journal")):
            contents.apply(record)
            size_bytes = record.end
    except OSError:
        return None
    except (LookupError, TypeError, ValueError, zlib.error):
        logger.exception("The journal %s cannot be read to its end", stem.name)
    about = contents.about
    if not about or about.get("is_saved"):
        return None
    source = about.get("source")
    return Recovery(
        str(about.get("title", "")),
        Path(source) if isinstance(source, str) else None,
        str(about.get("time", "")),
        int(about.get("steps", 0)),
        int(about.get("candidates", 0)),
        contents.thumbnail,
        stem,
        lock,
        contents,
        size_bytes,
    )


def _remove(stem: Path) -> None:
    for suffix in _SUFFIXES:
        stem.with_suffix(suffix).unlink(missing_ok=True)
