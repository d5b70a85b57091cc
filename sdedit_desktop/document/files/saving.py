"""Saving whole files, and sentences for when that fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.files import atomic_write


@contextmanager
def saving(path: Path, *, private: bool = False, backup: bool = False) -> Iterator[Path]:
    """Offers a new file that takes the place of ``path`` once it is complete.

    Args:
        path: What to write.
        private: Whether others may not read a file that was not there.
        backup: Whether the old file stays beside it, with a tilde after its name.

    Raises:
        FileFormatError: The file cannot be written; ``path`` is as it was.
    """
    try:
        with atomic_write(path, private=private, backup=backup) as new:
            yield new
    except OSError as error:
        raise _why_not(path, error) from error


def _why_not(path: Path, error: OSError) -> FileFormatError:
    if not path.parent.is_dir():
        return FileFormatError(
            "{0} cannot be saved: there is no folder {1}.", path.name, path.parent
        )
    if path.is_dir():
        return FileFormatError("{0} cannot be saved: it is the name of a folder.", path.name)
    reason = error.strerror or str(error)
    return FileFormatError(
        "{0} cannot be saved in {1}: {2}. Choose another folder.", path.name, path.parent, reason
    )
