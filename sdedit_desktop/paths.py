"""Locations of files: bundled resources, the user's settings, models and state."""

import hashlib
from pathlib import Path

from platformdirs import PlatformDirs

_DIRS = PlatformDirs("SDEdit Desktop", appauthor=False, roaming=True)
_PACKAGE = Path(__file__).parent


def resources() -> Path:
    """The folder of bundled files: in the wheel beside the code, in a checkout at the top."""
    packaged = _PACKAGE / "_resources"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "resources"


def user_models() -> Path:
    """The folder of the user's models; it need not exist."""
    return _DIRS.user_data_path / "models"


def corrections(model: Path) -> tuple[Path, Path]:
    """Where a model is corrected: a file beside it, and one of the user's own, which comes first.

    They need not exist. The second is for models in folders that cannot be written.
    """
    place = hashlib.sha256(str(model.absolute()).encode("utf-8", "surrogateescape")).hexdigest()
    own = _DIRS.user_config_path / "corrections" / f"{model.name[:80]}-{place[:16]}.json"
    return model.with_name(f"{model.name}.json"), own


def trainings() -> Path:
    """The folder of trainings started in the window; it need not exist."""
    return _DIRS.user_data_path / "trainings"


def user_brushes() -> Path:
    """The folder of the user's brush presets; it need not exist."""
    return _DIRS.user_data_path / "brushes"


def user_presets() -> Path:
    """The folder of the user's presets; it need not exist."""
    return _DIRS.user_config_path / "presets"


def settings_file() -> Path:
    """The user's settings; it need not exist."""
    return _DIRS.user_config_path / "settings.json"


def used_models() -> Path:
    """The list of models that were used by path; it need not exist."""
    return _DIRS.user_state_path / "models.json"


def state() -> Path:
    """The folder of logs and recovery journals; it need not exist."""
    return _DIRS.user_state_path
