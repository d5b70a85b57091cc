"""An append-only file of checksummed records.

SQLite was tried and rejected: after truncation, a database whose log had been merged is lost as a
whole (``tests/reliability/README.md`` has the figures). Here everything before that is read.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

_MAGIC = b"SDEdit journal 1\n"
_HEAD = struct.Struct("<c16sII")
"""Kind, key, length and checksum of the payload."""

KEY_BYTES = 16
NO_KEY = bytes(KEY_BYTES)


class Record(NamedTuple):
    """A valid record.

    Attributes:
        kind: One byte.
        key: Its name, often the hash of its content.
        offset: Position of its payload in the file.
        payload: Its bytes.
    """

    kind: bytes
    key: bytes
    offset: int
    payload: bytes

    @property
    def end(self) -> int:
        """Position of the next record."""
        return self.offset + len(self.payload)


class RecordLog:
    """The file being written, by one thread."""

    def __init__(self, path: Path, size_bytes: int = 0) -> None:
        """Makes the file, for the user's eyes only, or goes on with one.

        Args:
            path: Where it is.
            size_bytes: How much of a file that is there is kept.

        Raises:
            OSError: It cannot be written.
        """
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        self._file: BinaryIO = os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0)
        self.path = path
        self.size_bytes = size_bytes
        self._is_synced = True
        try:
            self._file.truncate(size_bytes)
            if not size_bytes:
                self._write(_MAGIC)
        except OSError:
            self._file.close()
            raise

    def append(self, kind: bytes, key: bytes, payload: bytes) -> Record:
        """Appends a record; raises ``OSError`` without space, and leaves the file as it was."""
        head = _HEAD.pack(kind, key, len(payload), zlib.crc32(payload, zlib.crc32(kind + key)))
        offset = self.size_bytes + _HEAD.size
        self._write(head + payload)
        return Record(kind, key, offset, payload)

    def payload(self, offset: int, length: int) -> bytes:
        """Reads a payload that was appended."""
        self._file.seek(offset)
        return self._file.read(length)

    def sync(self) -> bool:
        """Syncs the file to the disk; returns whether that was necessary."""
        if self._is_synced:
            return False
        os.fsync(self._file.fileno())
        self._is_synced = True
        return True

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def _write(self, data: bytes) -> None:
        self._is_synced = False
        self._file.seek(self.size_bytes)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            self._file.truncate(self.size_bytes)
            raise
        self.size_bytes += len(data)


def read(path: Path) -> Iterator[Record]:
    """Reads the records of a file up to the first invalid one; raises ``OSError``."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if file.read(len(_MAGIC)) != _MAGIC:
            return
        while len(head := file.read(_HEAD.size)) == _HEAD.size:
            kind, key, length, check = _HEAD.unpack(head)
            offset = file.tell()
            if offset + length > size:
                return
            payload = file.read(length)
            if zlib.crc32(payload, zlib.crc32(kind + key)) != check:
                return
            yield Record(kind, key, offset, payload)
