"""The log: one rotating file in the user's state folder, read when something went wrong.

It holds no picture, and neither the user's name nor the home folder.

Modules write with ``logging.getLogger(__name__)``; of libraries only warnings and worse are kept.
"""

import faulthandler
import getpass
import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from sdedit_desktop import paths

FILE_NAME: Final = "sdedit-desktop.log"
FILE_BYTES: Final = 1 << 20
KEPT_FILES: Final = 3

QT_LEVELS: Final = {
    "QtDebugMsg": logging.DEBUG,
    "QtInfoMsg": logging.INFO,
    "QtWarningMsg": logging.WARNING,
    "QtCriticalMsg": logging.ERROR,
    "QtFatalMsg": logging.CRITICAL,
}
"""From the names of Qt's message types to levels; the message handler itself lives in ``app``."""

_FORMAT: Final = "%(asctime)s %(levelname)-8s %(threadName)s %(name)s: %(message)s"
_OWN: Final = "sdedit_desktop"

logger = logging.getLogger(__name__)


def install(level: str = "INFO", folder: Path | None = None) -> Path | None:
    """Sends the log of this process to a file, in place of wherever it went before.

    Python's own warnings go there too.

    Args:
        level: The least that the program's own modules write: DEBUG, INFO, WARNING or ERROR.
        folder: Where the file goes; the user's state folder if none is given.

    Returns:
        The file, or None if the folder cannot be written: the program then works without a log.
    """
    folder = folder or paths.state()
    uninstall()
    logging.getLogger(_OWN).setLevel(level)
    logging.captureWarnings(True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / FILE_NAME, maxBytes=FILE_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
        )
    except OSError as error:
        logger.warning("There will be no log file: %s", error)
        return None
    handler.set_name(_OWN)
    handler.setFormatter(_PrivateFormatter(_FORMAT))
    logging.getLogger().addHandler(handler)
    return folder / FILE_NAME


class _PrivateFormatter(logging.Formatter):
    """Writes neither the home folder nor the user's name."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with its traceback."""
        return anonymous(super().format(record))


def anonymous(text: str) -> str:
    """A text without the user's home folder and name, as it may be sent to others."""
    for pattern, instead in _personal():
        text = pattern.sub(instead, text)
    return text


@cache
def _personal() -> Sequence[tuple[re.Pattern[str], str]]:
    found = []
    with suppress(OSError, RuntimeError):
        home = Path.home()
        places = {str(home), home.as_posix(), str(home.resolve()), str(home).replace("\\", "\\\\")}
        spelled = sorted(places - {"/", "."}, key=len, reverse=True)
        if spelled:
            whole = "|".join(map(re.escape, spelled))
            found.append((re.compile(rf"(?:{whole})(?![\w.-])"), "~"))
    with suppress(OSError, KeyError, ImportError):
        name = getpass.getuser()
        found.append((re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE), "USER"))
    return found


def catch_crashes(file: Path) -> None:
    """Has Python's stack written into the log when the process dies of a signal."""
    faulthandler.enable(file.open("a", encoding="utf-8"))


def uninstall() -> None:
    """Undoes :func:`install`: closes its file and gives warnings back to Python."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if handler.get_name() == _OWN]:
        root.removeHandler(handler)
        handler.close()
    logging.getLogger(_OWN).setLevel(logging.NOTSET)
    logging.captureWarnings(False)
