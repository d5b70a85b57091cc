"""What the user has chosen, kept between starts: one frozen value, read from JSON and written back.

Nothing looks settings up: whoever needs one is given it.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final, Protocol

from sdedit_desktop import files

logger = logging.getLogger(__name__)

Values = dict[str, Any]
"""The JSON object of a settings file, by key."""

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "language": ("", "en", "de"),
    "theme": ("system", "light", "dark"),
    "device": ("auto", "cpu", "cuda", "mps"),
    "color_page": ("square", "wheel", "sliders"),
    "log_level": ("DEBUG", "INFO", "WARNING", "ERROR"),
    "candidate_order": ("age", "faithfulness", "closeness"),
}
"""What the settings that are chosen from a list may be."""

RECENT_FILES: Final = 12

MIGRATIONS: Sequence[Callable[[Values], Values]] = ()
"""Step number i turns the values of version i + 1 into those of version i + 2."""


@dataclass(frozen=True)
class Settings:
    """All settings, each with what it is for those who never chose."""

    language: str = ""
    """Language code of the user interface; empty: as the system."""
    theme: str = "system"
    device: str = "auto"
    """Where the model runs."""
    model: str = ""
    """Id or path of the model last used; empty: the bundled one."""
    model_folders: tuple[str, ...] = ()
    """Further folders in which models are looked for."""
    history_bytes: int = 1 << 30
    """What undo may hold."""
    recent_files: tuple[str, ...] = ()
    """Paths, the latest first."""
    window_geometry: str = ""
    """Place and size of the window, as Qt saves them, in base64."""
    window_state: str = ""
    """Docks and toolbars, as Qt saves them, in base64."""
    rulers: bool = False
    """Whether the canvas has rulers."""
    provenance: bool = True
    """Whether exported pictures say that, and how, a model took part in them."""
    live: bool = False
    """Whether the model glances at the picture whenever the brush rests."""
    mask_color: str = "#e8266e"
    """Of the veil over what may change, as in web pages."""
    mask_opacity: int = 45
    """How much that veil covers, in percent."""
    strokes_grow: int = 0
    """How far a mask made from strokes reaches beyond them, in pixels; 0: by their size."""
    strokes_feather: int = 0
    """Over how many pixels such a mask fades."""
    pressure_curve: str = "0,0 1,1"
    """How hard a pen must be pressed, see ``editing.pressure``."""
    color_page: str = "square"
    """In what colours are chosen."""
    swatches: tuple[str, ...] = (
        "#000000", "#4a4a4a", "#8f8f8f", "#d0d0d0", "#ffffff", "#f2e3c6", "#c9a26b", "#8a5a34",
        "#4b2e1d", "#b5322b", "#e2672f", "#f0b43c", "#f3e37a", "#9dbb4e", "#4f8a3c", "#2a5632",
        "#2f7f79", "#78b7c9", "#b9dcec", "#4c86c6", "#274f8f", "#23264f", "#6d4a8f",
    )  # fmt: skip
    """The user's palette, as in web pages."""
    recent_colors: tuple[str, ...] = ()
    """Painted with before, the latest first."""
    shortcuts: tuple[str, ...] = ()
    """Those that were changed, as "action=keys", several keys parted by spaces."""
    thumbnail_size: int = 132
    """Side of the candidates' thumbnails, in pixels."""
    candidates_in_grid: bool = True
    """Whether the candidates are shown in several lines."""
    candidate_order: str = "age"
    candidate_details: bool = False
    """Whether it is shown how the chosen candidate was made."""
    log_level: str = "INFO"
    unknown: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the file that this version does not know; they are written back as they were."""

    def with_recent_file(self, path: Path) -> "Settings":
        """These settings with ``path`` first among the recent files."""
        name = str(path)
        others = tuple(other for other in self.recent_files if other != name)
        return replace(self, recent_files=(name, *others)[:RECENT_FILES])


_KNOWN: Final = {one.name: one for one in fields(Settings) if one.name != "unknown"}


class KeepSettings(Protocol):
    """Changes settings by name and keeps them for good."""

    def __call__(self, **values: object) -> None:
        """Sets each of the named settings."""


def load(path: Path) -> Settings:
    """Reads the settings; whatever cannot be read is as if the user had never chosen.

    A file that is no settings file at all is kept beside, with ``.bad`` added to its name.
    """
    try:
        values = json.loads(path.read_text("utf-8"))
        if not isinstance(values, dict):
            raise ValueError("not a JSON object")
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        logger.warning("The settings cannot be read, defaults are used: %s", error)
        return Settings()
    except (ValueError, RecursionError) as error:
        logger.warning("%s is damaged (%s); it is kept as .bad, defaults are used", path, error)
        _put_aside(path)
        return Settings()
    return from_values(migrate(values))


def save(settings: Settings, path: Path) -> None:
    """Writes the settings.

    Raises:
        OSError: The folder cannot be written; the old file is as it was.
    """
    values = {"version": len(MIGRATIONS) + 1, **settings.unknown}
    values |= {name: getattr(settings, name) for name in _KNOWN}
    path.parent.mkdir(parents=True, exist_ok=True)
    with files.atomic_write(path) as new:
        new.write_text(json.dumps(values, indent=2) + "\n", "utf-8")


def migrate(
    values: Values, migrations: Sequence[Callable[[Values], Values]] = MIGRATIONS
) -> Values:
    """Brings values of any earlier version to the present one; later versions stay as they are."""
    version = values.get("version")
    if type(version) is not int or version < 1:
        version = 1
    for step in migrations[version - 1 :]:
        values = step(values)
    return values | {"version": max(version, len(migrations) + 1)}


def from_values(values: Values) -> Settings:
    """Settings of the present version from a JSON object; values of a wrong kind are left out."""
    chosen: Values = {}
    for name in _KNOWN.keys() & values.keys():
        value = tuple(values[name]) if isinstance(values[name], list) else values[name]
        if _is_sound(name, value):
            chosen[name] = value
        else:
            logger.warning("The setting %s cannot be %r; its default is used", name, value)
    unknown = {name: value for name, value in values.items() if name not in _KNOWN}
    return Settings(**chosen, unknown=unknown)


def _is_sound(name: str, value: object) -> bool:
    """Whether a value is of its default's kind, and among the choices if there are any."""
    if type(value) is not type(_KNOWN[name].default):
        return False
    if isinstance(value, tuple):
        return all(isinstance(item, str) for item in value)
    if isinstance(value, int):
        return value >= 0
    return value in CHOICES.get(name, (value,))


def _put_aside(path: Path) -> None:
    try:
        path.replace(path.with_name(f"{path.name}.bad"))
    except OSError as error:
        logger.warning("%s cannot be renamed: %s", path, error)
