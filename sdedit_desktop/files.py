"""Files that are either old or new, never half of each."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
