"""The user's settings: one immutable value, read from JSON and written back.

Settings are passed to what needs them; there is no global.
"""

import base64
import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final, Protocol

from filelock import FileLock

from sdedit_desktop import files
from sdedit_desktop.texts import Text

logger = logging.getLogger(__name__)

Values = dict[str, Any]
"""The JSON object of a settings file, by key."""

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "language": ("", "en", "de"),
    "theme": ("system", "light", "dark"),
    "device": ("auto", "cpu", "cuda", "mps"),
    "precision": ("auto", "fp32", "bf16", "fp16"),
    "color_page": ("square", "wheel", "sliders"),
    "log_level": ("DEBUG", "INFO", "WARNING", "ERROR"),
    "candidate_order": ("age", "faithfulness", "closeness"),
}
"""The values of settings with a fixed list of choices."""

RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "history_bytes": (1 << 20, 1 << 40),
    "mask_opacity": (0, 100),
    "strokes_grow": (0, 1000),
    "strokes_feather": (0, 1000),
    "thumbnail_size": (32, 512),
}
"""The minimum and maximum of integer settings."""

RECENT_FILES: Final = 12

_COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}").fullmatch
_POINT = r"[\d.e+-]{1,24},[\d.e+-]{1,24}"
_MOST_BYTES = 4 << 20
_LOCK_SECONDS = 5.0


def _is_path(text: str) -> bool:
    parts = text.replace("\\", "/").split("/")
    return "\0" not in text and len(text) <= 4096 and all(len(part) <= 255 for part in parts)


def _is_base64(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) <= 1 << 16
    except ValueError:
        return False


FORMATS: Final[Mapping[str, Callable[[str], object]]] = {
    "model": _is_path,
    "model_folders": _is_path,
    "recent_files": _is_path,
    "last_folder": _is_path,
    "photographs_folder": _is_path,
    "prompts": re.compile(r"[^\0]{1,20000}").fullmatch,
    "step_costs": re.compile(r"[^=\0]{1,4400}=[\d.e+-]{1,24}").fullmatch,
    "window_geometry": _is_base64,
    "window_state": _is_base64,
    "mask_color": _COLOR,
    "swatches": _COLOR,
    "recent_colors": _COLOR,
    "pressure_curve": re.compile(rf"{_POINT}( {_POINT}){{0,31}}").fullmatch,
    "shortcuts": re.compile(r"\w{1,64}=.{0,200}").fullmatch,
}
"""Checks the format of a text setting, or of each of several."""

LENGTHS: Final = {"prompts": 100, "model_folders": 100, "recent_files": 100, "shortcuts": 1000}
"""Largest number of texts where that is not 1,000."""

MIGRATIONS: Sequence[Callable[[Values], Values]] = ()
"""Step number i turns the values of version i + 1 into those of version i + 2."""


@dataclass(frozen=True)
class Settings:
    """All settings with their defaults."""

    language: str = ""
    """Language code of the user interface; empty for the system's."""
    theme: str = "system"
    device: str = "auto"
    """Device of the model."""
    precision: str = "auto"
    """Numeric precision of networks, see ``editing.request.PRECISIONS``."""
    model: str = ""
    """Id or path of the model last used; empty: the default one."""
    model_folders: tuple[str, ...] = ()
    """Further folders that are searched for models."""
    history_bytes: int = 1 << 30
    """Memory limit of undo."""
    last_folder: str = ""
    """Folder of the last opened or saved file; empty if there is none."""
    photographs_folder: str = ""
    """Folder of the last photographs for a model; empty if there is none."""
    recent_files: tuple[str, ...] = ()
    """Paths, the latest first."""
    step_costs: tuple[str, ...] = ()
    """Measured durations of steps on this computer, see ``editing.cost``."""
    window_geometry: str = ""
    """Place and size of the window, as Qt saves them, in base64."""
    window_state: str = ""
    """Docks and toolbars, as Qt saves them, in base64."""
    rulers: bool = False
    """Whether the canvas has rulers."""
    provenance: bool = True
    """Whether exported pictures record that, and how, a model took part."""
    keeps_backup: bool = True
    """Whether saving keeps the previous file as a backup."""
    keeps_words: bool = True
    """Whether prompts are stored in documents, exported pictures and settings."""
    prompts: tuple[str, ...] = ()
    """Recent prompts, the latest first."""
    live: bool = False
    """Whether live mode is on."""
    mask_color: str = "#e8266e"
    """Colour of the mask overlay, as in web pages."""
    mask_opacity: int = 45
    """Opacity of the mask overlay, in percent."""
    strokes_grow: int = 0
    """Margin of a mask made from strokes, in pixels; 0: by their size."""
    strokes_feather: int = 0
    """Width of the fade of such a mask, in pixels."""
    touch_paints: bool = False
    """Whether one finger paints on a touch screen; otherwise it pans."""
    pressure_curve: str = "0,0 1,1"
    """Pressure curve of the pen, see ``editing.pressure``."""
    color_page: str = "square"
    """The page of the colour panel."""
    swatches: tuple[str, ...] = (
        "#000000", "#4a4a4a", "#8f8f8f", "#d0d0d0", "#ffffff", "#f2e3c6", "#c9a26b", "#8a5a34",
        "#4b2e1d", "#b5322b", "#e2672f", "#f0b43c", "#f3e37a", "#9dbb4e", "#4f8a3c", "#2a5632",
        "#2f7f79", "#78b7c9", "#b9dcec", "#4c86c6", "#274f8f", "#23264f", "#6d4a8f",
    )  # fmt: skip
    """The user's palette, as in web pages."""
    recent_colors: tuple[str, ...] = ()
    """Recently used colours, the latest first."""
    shortcuts: tuple[str, ...] = ()
    """The user's shortcuts as "action=keys", several keys separated by spaces."""
    thumbnail_size: int = 132
    """Side of the candidates' thumbnails, in pixels."""
    shows_candidates: bool = True
    """Whether the candidates panel opens when there are candidates."""
    candidates_in_grid: bool = True
    """Whether candidates are shown in a grid."""
    candidate_order: str = "age"
    candidate_details: bool = False
    """Whether the details of candidates are shown."""
    log_level: str = "INFO"
    unknown: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the file that this version does not know; they are written back unchanged."""
    complaints: tuple[Text, ...] = field(default=(), compare=False)
    """Sentences about values that could not be read."""

    def with_recent_file(self, path: Path) -> "Settings":
        """These settings with ``path`` first among the recent files."""
        name = str(path)
        others = tuple(other for other in self.recent_files if other != name)
        return replace(self, recent_files=(name, *others)[:RECENT_FILES])


_KNOWN: Final = {
    one.name: one for one in fields(Settings) if one.name not in ("unknown", "complaints")
}


class SettingsFile:
    """The settings on disk, which several windows share: each is a process of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = Settings()

    def load(self) -> Settings:
        """Reads the settings; see ``load``."""
        self._seen = load(self._path)
        return self._seen

    def save(self, settings: Settings) -> None:
        """Writes what has changed since this window last read or wrote, and nothing else.

        What other windows have changed meanwhile stays; lists are joined.

        Raises:
            OSError: The folder cannot be written, or another window holds the lock for long; the
                old file is as it was.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self._path}.lock", timeout=_LOCK_SECONDS):
            save(merged(self._seen, settings, load(self._path)), self._path)
        self._seen = settings


def merged(before: Settings, mine: Settings, theirs: Settings) -> Settings:
    """``theirs`` with what was changed from ``before`` to ``mine``."""
    changes: Values = {}
    for name in _KNOWN:
        old, new, other = (getattr(one, name) for one in (before, mine, theirs))
        if new != old:
            is_list = isinstance(new, tuple)
            changes[name] = _joined(name, old, new, other) if is_list else new
    return replace(theirs, **changes)


def _joined(
    name: str, old: tuple[str, ...], new: tuple[str, ...], other: tuple[str, ...]
) -> tuple[str, ...]:
    """A list that two windows have changed: what either added, without what either removed."""
    if other == old or name == "shortcuts":
        return new
    removed = set(old) - set(new)
    foreign = [text for text in other if text not in old and text not in new]
    gone = set(old) - set(other)
    kept = [text for text in new if text not in gone or text not in old]
    both = [text for text in (*kept, *foreign) if text not in removed]
    return tuple(both[:RECENT_FILES] if name == "recent_files" else both)


class KeepSettings(Protocol):
    """Changes settings by name and keeps them for good."""

    def __call__(self, **values: object) -> None:
        """Sets each of the named settings."""


def load(path: Path) -> Settings:
    """Reads the settings; whatever cannot be read is as if the user had never chosen.

    A file with anything wrong in it is kept beside, with ``.bad`` added to its name, and
    ``complaints`` say so.
    """
    try:
        values = json.loads(files.read_regular(path, _MOST_BYTES).decode("utf-8"))
        if not isinstance(values, dict):
            raise ValueError("not a JSON object")
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        logger.warning("The settings cannot be read, defaults are used: %s", error)
        reason = error.strerror or str(error)
        sentence = Text("The settings cannot be read, so the usual ones are used: {0}.", reason)
        return Settings(complaints=(sentence,))
    except (ValueError, RecursionError) as error:
        logger.warning("%s is damaged (%s); it is kept as .bad, defaults are used", path, error)
        _put_aside(path, path.replace)
        sentence = Text("The settings were damaged; they are kept in {0}.", f"{path.name}.bad")
        return Settings(complaints=(sentence,))
    loaded = from_values(migrate(values))
    if loaded.complaints:
        _put_aside(path, lambda beside: beside.write_bytes(path.read_bytes()))
    return loaded


def save(settings: Settings, path: Path) -> None:
    """Writes the settings.

    Raises:
        OSError: The folder cannot be written; the old file is as it was.
    """
    values = {"version": len(MIGRATIONS) + 1, **settings.unknown}
    values |= {name: getattr(settings, name) for name in _KNOWN}
    path.parent.mkdir(parents=True, exist_ok=True)
    with files.atomic_write(path, private=True) as new:
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
    """Settings of the present version from a JSON object; wrong values fall back to the usual."""
    chosen: Values = {}
    complaints: list[Text] = []
    for name in _KNOWN.keys() & values.keys():
        value = tuple(values[name]) if isinstance(values[name], list) else values[name]
        if is_sound(name, value):
            chosen[name] = value
        else:
            logger.warning("The setting %s has no value that can be used", name)
            complaints.append(
                Text("The setting {0} could not be used; the usual one is, instead.", name)
            )
    unknown = {name: value for name, value in values.items() if name not in _KNOWN}
    return Settings(**chosen, unknown=unknown, complaints=tuple(complaints))


def is_sound(name: str, value: object) -> bool:
    """Whether a value is of its default's kind, and what such a setting may be."""
    if type(value) is not type(_KNOWN[name].default):
        return False
    if isinstance(value, tuple):
        few = len(value) <= LENGTHS.get(name, 1000)
        return few and all(isinstance(text, str) and _fits(name, text) for text in value)
    if isinstance(value, str):
        return _fits(name, value)
    if isinstance(value, int) and not isinstance(value, bool):
        least, most = RANGES[name]
        return least <= value <= most
    return True


def _fits(name: str, text: str) -> bool:
    if name in CHOICES:
        return text in CHOICES[name]
    return bool(FORMATS[name](text))


def _put_aside(path: Path, put: Callable[[Path], object]) -> None:
    try:
        put(path.with_name(f"{path.name}.bad"))
    except OSError as error:
        logger.warning("%s cannot be put aside: %s", path, error)
