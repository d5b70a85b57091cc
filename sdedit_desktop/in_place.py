"""Overwriting files that have several names (hard links), which replacing them would separate.

There is no moment at which the content is in no file: complete copies of the old and of the new
lie beside it until what was written is on the disk.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_CHUNK_BYTES = 1 << 20
_BLOCK_BYTES = 512
"""Systems write whole blocks: in a file that was being overwritten, each is old, new or empty."""


def has_other_names(path: Path) -> bool:
    """Whether a regular file is known by other names too."""
    try:
        status = path.stat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_nlink > 1


def overwrite(path: Path, old: Path, new: Path) -> bool:
    """Writes ``new`` into the file ``path``, which keeps all that is not content.

    Args:
        path: The file.
        old: A complete copy of it.
        new: What it is to contain.

    Returns:
        Whether that succeeded; if not, it is as it was.

    Raises:
        OSError: It failed, and the old content could not be put back either. Keep both copies.
    """
    try:
        file = path.open("r+b", buffering=0)
    except OSError:
        return False
    with file:
        try:
            _reserve(file, old.stat().st_size, new.stat().st_size)
            _write(file, new)
        except OSError:
            _put_back(file, old, file.tell())
            return False
    return True


def repair(path: Path, old: Path, new: Path) -> None:
    """Puts back the old content of a file whose overwriting was interrupted.

    A file that is entirely the new one, or that another program has written since, stays.

    Args:
        path: The file.
        old: A complete copy of it.
        new: What it was to contain.

    Raises:
        OSError: One of them is missing or cannot be read or written.
    """
    if _is_mixture(path, old, new):
        with path.open("r+b", buffering=0) as file:
            _put_back(file, old, old.stat().st_size)


def _reserve(file: BinaryIO, old_bytes: int, new_bytes: int) -> None:
    """Takes the space from the disk before anything is overwritten."""
    if hasattr(os, "posix_fallocate") and new_bytes > old_bytes:
        os.posix_fallocate(file.fileno(), old_bytes, new_bytes - old_bytes)


def _write(file: BinaryIO, source: Path, size_bytes: int | None = None) -> None:
    """Writes a file, or its beginning, over another, and gives that one its size."""
    file.seek(0)
    for chunk in _chunks(source, size_bytes):
        rest = memoryview(chunk)
        while rest:
            rest = rest[file.write(rest) :]
    file.truncate(source.stat().st_size)
    os.fsync(file.fileno())


def _put_back(file: BinaryIO, old: Path, size_bytes: int) -> None:
    """Writes the old content over the beginning, and restores the time it was written."""
    _write(file, old, size_bytes)
    status = old.stat()
    os.utime(file.name, ns=(status.st_atime_ns, status.st_mtime_ns))


def _chunks(path: Path, size_bytes: int | None = None) -> Iterator[bytes]:
    left = path.stat().st_size if size_bytes is None else size_bytes
    with path.open("rb") as file:
        while chunk := file.read(min(_CHUNK_BYTES, left)):
            left -= len(chunk)
            yield chunk


def _is_mixture(path: Path, old: Path, new: Path) -> bool:
    """Whether each block of a file is as in one of two others or empty, but not all in one."""
    size_bytes = path.stat().st_size
    least, most = sorted((old.stat().st_size, new.stat().st_size))
    if not least <= size_bytes <= most:
        return False
    is_old = is_new = True
    with path.open("rb") as file, old.open("rb") as before, new.open("rb") as wanted:
        for _ in range(0, size_bytes, _BLOCK_BYTES):
            now, was, will = (one.read(_BLOCK_BYTES) for one in (file, before, wanted))
            is_old, is_new = is_old and now == was, is_new and now == will
            over = will + was[len(will) :]
            if any(now) and now not in (_sized(was, now), _sized(over, now)):
                return False
        is_old = is_old and not before.read(1)
        is_new = is_new and not wanted.read(1)
    return not (is_old or is_new)


def _sized(block: bytes, like: bytes) -> bytes:
    return block[: len(like)].ljust(len(like), b"\0")
