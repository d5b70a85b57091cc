"""Files that are either old or new, never half of each."""

import errno
import io
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sdedit_desktop.texts import Text


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Offers a new file in the same folder, to be written in place of ``path``.

    The block writes the file by its name, which ends as ``path`` ends, so that libraries that
    choose a format by suffix choose the same. If the block succeeds, the file is forced to the
    disk and takes the place of ``path``; if not, it is removed and ``path`` stays as it was.

    Raises:
        OSError: The folder cannot be written.
    """
    new = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        yield new
        with new.open("r+b") as written:
            os.fsync(written.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def open_regular(path: Path) -> io.FileIO:
    """Opens a file to be read, without waiting for anybody to write it.

    Raises:
        OSError: It is missing, cannot be read, or is a folder, named pipe or device.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    file = io.FileIO(os.open(path, flags), "rb") if path.is_file() else None
    if file is None or not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        if file is not None:
            file.close()
        path.stat()  # says what is missing, if something is
        number = errno.EISDIR if path.is_dir() else errno.EINVAL
        raise OSError(number, Text("it is not a file that holds data"), str(path))
    return file


def read_regular(path: Path, limit_bytes: int) -> bytes:
    """All of a file that should be small.

    Raises:
        OSError: As for ``open_regular``, or it is larger than the limit.
    """
    with open_regular(path) as file:
        data = file.read(limit_bytes + 1)
    if len(data) > limit_bytes:
        raise OSError(errno.EFBIG, Text("it is too large"), str(path))
    return data
