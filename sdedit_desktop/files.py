"""Atomic and safe file access."""

import errno
import io
import logging
import os
import re
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sdedit_desktop import in_place
from sdedit_desktop.texts import Text

logger = logging.getLogger(__name__)

_LONGEST_NAME_BYTES = 255
_TEMPORARY = re.compile(r"\..*\.[0-9a-f]{8}(\.[^.]*)?")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEVICE = re.compile(r"CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9\xb9\xb2\xb3]")
_list: Path | None = None
"""The file that lists temporary files, so that they can be removed after the program was killed."""


@contextmanager
def atomic_write(path: Path, *, private: bool = False, backup: bool = False) -> Iterator[Path]:
    """Offers a new file in the same folder, to be written in place of ``path``.

    The block writes the file by its name, which ends as ``path`` ends, so that libraries that
    choose a format by suffix choose the same. If the block succeeds, the file is forced to the
    disk and takes the place of ``path``; if not, it is removed and ``path`` stays as it was.
    A file that was there keeps its mode, its other names (links, symbolic or hard), and its owner
    and attributes, where that is possible.

    Args:
        path: What to write.
        private: Whether others may not read a file that was not there.
        backup: Whether the old file stays beside it, with a tilde after its name.

    Raises:
        OSError: The folder cannot be written.
    """
    path = Path(os.path.realpath(path))
    new = _temporary(path)
    _note(new)
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600 if private else 0o666))
    try:
        yield new
        _sync(new)
        if not (in_place.has_other_names(path) and _overwrite(path, new, backup=backup)):
            _keep_status(path, new)
            if backup and path.is_file():
                _back_up(path)
            new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _overwrite(path: Path, new: Path, *, backup: bool) -> bool:
    """Overwrites a file in place; returns False if it must be replaced and thus loses its links.

    If the program is killed meanwhile, ``sweep_temporaries`` puts the old content back.
    """
    old, whole = _temporary(path), _temporary(path)
    _note(old)
    _note(whole)
    try:
        shutil.copy2(path, old)
        _sync(old)
    except OSError as error:
        logger.warning("%s loses its other names: %s", path, error)
        old.unlink(missing_ok=True)
        return False
    new.rename(whole)
    _note(old, whole, path)
    if not in_place.overwrite(path, old, whole):
        logger.warning("%s loses its other names: it cannot be overwritten", path)
        whole.rename(new)
        old.unlink()
        return False
    if backup:
        with suppress(OSError):
            old.replace(_backup_of(path))
    old.unlink(missing_ok=True)
    whole.unlink()
    return True


def _sync(path: Path) -> None:
    with path.open("r+b") as written:
        os.fsync(written.fileno())


def _temporary(path: Path) -> Path:
    """A hidden name beside a file, shortened to the limit of file systems."""
    ending = f".{secrets.token_hex(4)}{path.suffix}"
    room = _LONGEST_NAME_BYTES - 1 - len(os.fsencode(ending))
    stem = os.fsencode(path.stem)
    if len(stem) > room:
        stem = stem[:room].decode("utf-8", "ignore").encode()
    return path.with_name(f".{os.fsdecode(stem)}{ending}")


def _back_up(path: Path) -> None:
    """Gives the old file a second name, replacing the previous backup."""
    kept = _backup_of(path)
    link = _temporary(kept)
    with suppress(OSError):  # a failed backup does not prevent saving
        try:
            os.link(path, link)
        except OSError:
            shutil.copy2(path, link)
        link.replace(kept)
    link.unlink(missing_ok=True)


def _backup_of(path: Path) -> Path:
    name = os.fsencode(path.name)[: _LONGEST_NAME_BYTES - 1]
    return path.with_name(os.fsdecode(name) + "~")


def _keep_status(path: Path, new: Path) -> None:
    try:
        old = path.stat()
    except OSError:
        return
    with suppress(OSError):  # times are not wanted, but attributes and access lists come with them
        shutil.copystat(path, new)
        os.utime(new)
    if sys.platform != "win32":
        with suppress(OSError):
            if (old.st_uid, old.st_gid) != (os.getuid(), os.getgid()):
                os.chown(new, old.st_uid, old.st_gid)


def is_portable_name(name: str) -> bool:
    """Whether a file or folder name is valid on every system; Windows has the most rules."""
    device = name.partition(".")[0].rstrip(" ").upper()
    return (
        0 < len(os.fsencode(name)) <= _LONGEST_NAME_BYTES
        and not _FORBIDDEN.search(name)
        and name[-1] not in " ."
        and not _DEVICE.fullmatch(device)
    )


def list_temporaries(path: Path | None) -> None:
    """Lists the names of temporary files in a file from now on; ``None`` stops that."""
    global _list
    _list = path


def sweep_temporaries(path: Path) -> None:
    """Removes the temporary files of a dead process, and its list.

    A file that the process was overwriting gets its old content back first.
    """
    try:
        lines = path.read_text("utf-8", "surrogateescape").split("\n")
    except OSError:
        return
    noted = [[Path(name) for name in line.split("\0")] for line in lines]
    needed = set[Path]()
    for old, new, overwritten in (line for line in noted if len(line) == 3):
        if old.is_file() and new.is_file() and _is_temporary(old) and _is_temporary(new):
            try:
                in_place.repair(overwritten, old, new)
            except OSError:
                logger.exception("%s was half overwritten; %s is as it was", overwritten, old)
                needed |= {old, new}
    for left in {line[0] for line in noted if len(line) == 1} - needed:
        if _is_temporary(left):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    if not needed:
        path.unlink(missing_ok=True)


def _is_temporary(path: Path) -> bool:
    return _TEMPORARY.fullmatch(path.name) is not None


def _note(*paths: Path) -> None:
    """Lists a temporary file; or copies of the old and the new content, and what is overwritten."""
    if _list is not None:
        with suppress(OSError):
            flags = os.O_CREAT | os.O_APPEND | os.O_WRONLY
            with os.fdopen(
                os.open(_list, flags, 0o600), "a", encoding="utf-8", errors="surrogateescape"
            ) as file:
                file.write("\0".join(str(path.absolute()) for path in paths) + "\n")
                if len(paths) > 1:
                    file.flush()
                    os.fsync(file.fileno())


def open_regular(path: Path) -> io.FileIO:
    """Opens a regular file for reading, without blocking on named pipes.

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
    """Reads a small file.

    Raises:
        OSError: As for ``open_regular``, or it is larger than the limit.
    """
    with open_regular(path) as file:
        data = file.read(limit_bytes + 1)
    if len(data) > limit_bytes:
        raise OSError(errno.EFBIG, Text("it is too large"), str(path))
    return data


def stamp_of(path: Path) -> tuple[int, int]:
    """Size and modification time of a file, which identify its state.

    Raises:
        OSError: There is no such file.
    """
    status = path.stat()
    return status.st_size, status.st_mtime_ns
