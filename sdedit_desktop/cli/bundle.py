"""The diagnostics bundle: no picture, no user name, no home folder."""

import json
import zipfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from sdedit_desktop import log, paths, settings
from sdedit_desktop.document.files.saving import saving

_PERSONAL = {"recent_files", "model_folders", "model", "window_geometry", "window_state"}
"""Settings whose values are replaced by their number."""
_LIBRARIES = ("numpy", "pillow", "PySide6-Essentials", "pyvips", "safetensors", "torch")


def write(path: Path, report: Mapping[str, str]) -> None:
    """Writes a zip archive of texts.

    Args:
        path: Where to.
        report: What ``selfcheck`` found.

    Raises:
        FileFormatError: It cannot be written.
    """
    texts = {"report.json": json.dumps(dict(report), indent=2), "settings.json": _settings()}
    texts["libraries.json"] = json.dumps(_versions(), indent=2)
    for file in sorted(paths.state().glob(f"{log.FILE_NAME}*")):
        texts[file.name] = file.read_text("utf-8", "replace")
    sizes = {
        str(file.relative_to(paths.state())): file.stat().st_size
        for file in sorted(paths.state().rglob("*"))
        if file.is_file()
    }
    texts["files.json"] = json.dumps(sizes, indent=2)
    with (
        saving(path, private=True) as new,
        zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, text in texts.items():
            archive.writestr(name, log.anonymous(text))


def _settings() -> str:
    chosen = settings.load(paths.settings_file())
    values = {}
    for name in settings.Settings.__dataclass_fields__:
        value = getattr(chosen, name)
        if name in _PERSONAL:
            value = f"{len(value)} left out"
        if name not in ("unknown", "complaints"):
            values[name] = value
    return json.dumps(values, indent=2)


def _versions() -> Mapping[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "missing"
    return found
