"""Presets on disk: small JSON files, bundled with the program or saved by the user."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Generic, Protocol, TypeVar

from sdedit_desktop import files
from sdedit_desktop.errors import AppError, FileFormatError
from sdedit_desktop.texts import Text

_MOST_BYTES: Final = 1 << 20


class StoredPreset(Protocol):
    """A preset in a file: its name, its path, and whether it is the user's own."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def path(self) -> Path | None: ...  # noqa: D102
    @property
    def is_own(self) -> bool: ...  # noqa: D102


P = TypeVar("P", bound=StoredPreset)


class PresetStore(Generic[P]):
    """The presets of two folders: the program's and the user's.

    Attributes:
        bundled: The program's folder.
        own: The user's folder; it need not exist.
    """

    def __init__(self, bundled: Path, own: Path, load: Callable[[Path, bool], P]) -> None:
        """Reads nothing yet.

        Args:
            bundled: The program's folder.
            own: The user's folder.
            load: Reads a preset from a file, given whether it is the user's own; raises
                ``AppError`` if the file cannot be used.
        """
        self.bundled, self.own, self._load = bundled, own, load

    def read(self) -> tuple[list[P], list[AppError]]:
        """Reads all presets, the bundled ones first, and the errors of files that were skipped."""
        presets, errors = [], []
        for folder in (self.bundled, self.own):
            for path in sorted(folder.glob("*.json")):
                try:
                    presets.append(self._load(path, folder == self.own))
                except AppError as error:
                    errors.append(error)
        return presets, errors

    def save(self, name: str, values: Mapping[str, object]) -> Path:
        """Writes a preset of the user's own; one of the same name is replaced.

        Raises:
            FileFormatError: The folder cannot be written.
        """
        same = (each.path for each in self.read()[0] if each.is_own and each.name == name)
        path = next(same, None) or self.own / f"my-{_file_stem(name)}.json"
        try:
            self.own.mkdir(parents=True, exist_ok=True)
            with files.atomic_write(path) as new:
                text = json.dumps({"name": name, **values}, indent=2)
                new.write_text(f"{text}\n", "utf-8")
        except OSError as error:
            raise FileFormatError("The preset cannot be saved: {0}.", error.strerror) from error
        return path

    def delete(self, preset: P) -> None:
        """Removes a preset of the user's own.

        Raises:
            FileFormatError: It cannot be removed.
        """
        assert preset.is_own
        try:
            if preset.path is not None:
                preset.path.unlink(missing_ok=True)
        except OSError as error:
            raise FileFormatError(
                "The preset {0} cannot be deleted: {1}.", preset.name, error.strerror
            ) from error


def read_json(path: Path) -> dict[str, Any]:
    """Reads a JSON object.

    Raises:
        ValueError: It is too large, or no JSON object; the argument is a reason for the user.
    """
    try:
        values = json.loads(files.read_regular(path, _MOST_BYTES).decode("utf-8"))
    except OSError as error:
        raise ValueError(error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise ValueError(Text("it is damaged")) from error
    if not isinstance(values, dict):
        raise ValueError(Text("it is damaged"))
    return values


def _file_stem(name: str) -> str:
    """Letters, digits and hyphens, which every file system accepts."""
    return re.sub(r"[^\w-]+", "-", name.casefold()).strip("-") or "own"
