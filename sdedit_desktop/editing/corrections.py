"""Corrections by the user of what a model's file says about itself."""

import json
from pathlib import Path

from sdedit_desktop import files, paths
from sdedit_desktop.errors import FileFormatError

_MOST_BYTES = 1 << 20


def correct(model: Path, **values: object) -> Path:
    """Adds corrections of a model; ``None`` removes one.

    Args:
        model: The file or folder.
        values: Fields of ``diffusion.checkpoints.card.Corrections``.

    Returns:
        The file that was written: beside the model, or in the user's folder if that is not
        possible.

    Raises:
        FileFormatError: Neither can be written.
    """
    beside, own = paths.corrections(model)
    corrected = {**_read(beside), **_read(own), **values}
    kept = {name: value for name, value in corrected.items() if value is not None}
    try:
        _write(beside, kept)
        own.unlink(missing_ok=True)
        return beside
    except OSError:
        try:
            own.parent.mkdir(parents=True, exist_ok=True)
            _write(own, kept)
            return own
        except OSError as error:
            reason = error.strerror or str(error)
            raise FileFormatError("{0} cannot be written: {1}.", own, reason) from error


def _read(file: Path) -> dict[str, object]:
    try:
        found = json.loads(files.read_regular(file, _MOST_BYTES).decode("utf-8"))
    except (OSError, ValueError, RecursionError):  # an unreadable file is replaced
        return {}
    return found if isinstance(found, dict) else {}


def _write(file: Path, values: dict[str, object]) -> None:
    with files.atomic_write(file) as new:
        new.write_text(json.dumps(values, indent=2) + "\n", "utf-8")
