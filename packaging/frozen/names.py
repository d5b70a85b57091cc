"""Names in the frozen folder: the same spec builds on Windows, which forbids the most."""

from collections import Counter
from pathlib import Path

from build_environment import BrokenPackageError

from sdedit_desktop import files

LONGEST_PATH = 200
"""Characters below the program's folder, whose own path takes up to 60 of the 260 there are."""


def require_portable(folder: Path) -> None:
    """Refuses names and paths that Windows does not take: the same spec builds there.

    Raises:
        BrokenPackageError: There is one.
    """
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    counts = Counter(name.casefold() for name in names)
    wrong = [
        name
        for name in names
        if not files.is_portable_name(name.rpartition("/")[2])
        or len(name) > LONGEST_PATH
        or counts[name.casefold()] > 1
    ]
    if wrong:
        raise BrokenPackageError(f"Windows does not take the name {wrong[0]}.")
