"""Brush presets."""

import io
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from PIL import Image

from sdedit_desktop import files, paths
from sdedit_desktop.document.brush.brush import Brush, Sample, Smoothing
from sdedit_desktop.document.brush.stroke import Stroke
from sdedit_desktop.document.brush.tips import Tip, square
from sdedit_desktop.document.layers import Json
from sdedit_desktop.document.modes import BlendMode
from sdedit_desktop.document.tiles import Pixels, Tiles
from sdedit_desktop.editing.preset_store import PresetStore, read_json
from sdedit_desktop.errors import AppError, FileFormatError
from sdedit_desktop.events import Event
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

LARGEST_RADIUS: Final = 500.0
MODES: Final = (BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.SCREEN, BlendMode.COLOR)
"""Blend modes that a brush may have."""

_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "radius": (0.5, LARGEST_RADIUS),
    "opacity": (0, 1),
    "flow": (0.01, 1),
    "hardness": (0, 1),
    "spacing": (0.05, 10),
    "steadiness": (0, 1),
    "grain": (0, 1),
    "tilt": (0, 1),
    "turn": (0, 1),
}
_CHOICES: Final[Mapping[str, type[Enum]]] = {"mode": BlendMode, "smoothing": Smoothing}
_SWITCHES: Final = ("pressure_size", "pressure_opacity")
_KEPT: Final = (*_RANGES, *_CHOICES, *_SWITCHES, "tip")
_MOST_TIP_BYTES = 64 << 20
_MOST_TIP_PIXELS = 4096 * 4096
_LONGEST_NAME = 60

_Values: TypeAlias = dict[str, Any]
"""Attributes of a brush, checked."""


@dataclass(frozen=True, eq=False)
class Preset:
    """A brush with a name.

    Attributes:
        name: As it is shown.
        brush: The brush; its colour is not part of the preset.
        path: Its file.
        is_own: Whether it is the user's own, and may be deleted.
    """

    name: str
    brush: Brush
    path: Path
    is_own: bool

    def applied(self, brush: Brush) -> Brush:
        """The brush after applying the preset; its colour stays."""
        return replace(brush, **{name: getattr(self.brush, name) for name in _KEPT})


class BrushLibrary:
    """All brush presets, read from their files when they are first needed.

    Emits ``changed`` after one was saved or deleted.
    """

    def __init__(self, own: Path | None = None, bundled: Path | None = None) -> None:
        """Reads nothing yet.

        Args:
            own: Another folder for the user's presets.
            bundled: Another folder for the bundled ones.
        """
        self.changed = Event[()]()
        self._store = PresetStore[Preset](
            bundled or paths.resources() / "brushes", own or paths.user_brushes(), self._load
        )
        self._read: tuple[list[Preset], list[AppError]] | None = None

    @property
    def presets(self) -> list[Preset]:
        """The bundled ones first, then the user's own, each in order of name."""
        return self._all()[0]

    @property
    def errors(self) -> list[Text]:
        """Sentences about files that could not be read."""
        return [error.text for error in self._all()[1]]

    def save(self, name: str, brush: Brush) -> Preset:
        """Saves a brush; one of the user's of the same name is replaced.

        Raises:
            FileFormatError: The folder cannot be written.
        """
        path = self._store.save(" ".join(name.split())[:_LONGEST_NAME], _values(brush))
        self._reload()
        return next(preset for preset in self.presets if preset.path == path)

    def delete(self, preset: Preset) -> None:
        """Removes a brush of the user's own; does nothing for a bundled one.

        Raises:
            FileFormatError: The file cannot be removed.
        """
        if preset.is_own:
            self._store.delete(preset)
            self._reload()

    def like(self, brush: Brush) -> Preset | None:
        """The preset that a brush is equal to but for its colour, or None."""
        return next((one for one in self.presets if one.applied(brush) == brush), None)

    def beside(self, brush: Brush, step: int) -> Preset:
        """The preset ``step`` positions after that of a brush; wraps around."""
        like = self.like(brush)
        at = self.presets.index(like) if like else (-1 if step > 0 else 0)
        return self.presets[(at + step) % len(self.presets)]

    def _all(self) -> tuple[list[Preset], list[AppError]]:
        if self._read is None:
            presets, errors = self._store.read()
            presets.sort(key=lambda preset: (preset.is_own, preset.name.casefold()))
            self._read = presets, errors
        return self._read

    def _reload(self) -> None:
        self._read = None
        self.changed.emit()

    def _load(self, path: Path, is_own: bool) -> Preset:
        name, values, tip = read(path)
        if tip:
            beside = path.parent / tip
            values["tip"] = read_tip(beside if beside.is_file() else self._store.bundled / tip)
        return Preset(name if is_own else Text(name), replace(Brush(), **values), path, is_own)


def read(path: Path) -> tuple[str, _Values, str]:
    """Reads the name of a brush, the attributes it sets, and the file name of its tip.

    The name of a round tip is empty. Unknown keys are ignored.

    Raises:
        FileFormatError: The file is no brush, and why.
    """
    try:
        data = read_json(path)
        name = data.get("name", path.stem)
        if not isinstance(name, str) or not 0 < len(name.strip()) <= _LONGEST_NAME:
            raise ValueError(Text("its name cannot be used"))
        tip = data.get("tip") or ""
        if not isinstance(tip, str) or Path(tip).name != tip or "\\" in tip:
            raise ValueError(Text("its tip is not a file beside it"))
        known = data.keys() & set(_KEPT) - {"tip"}
        values: _Values = {key: _checked(key, data[key]) for key in known}
    except ValueError as error:
        raise FileFormatError("{0} is not a brush: {1}.", path.name, error.args[0]) from error
    return name.strip(), values, tip


def read_tip(path: Path) -> Tip:
    """Reads the tip of a brush: black pixels cover, white and transparent ones do not.

    Raises:
        FileFormatError: The file is no PNG, or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            data = files.read_regular(path, _MOST_TIP_BYTES)
            opened = Image.open(io.BytesIO(data), formats=("PNG",))
        with opened as picture:
            if picture.width * picture.height > _MOST_TIP_PIXELS:
                raise ValueError("too large")
            grey, alpha = picture.convert("RGBA").convert("LA").split()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise FileFormatError("{0} cannot be used as the tip of a brush.", path.name) from error
    ink = (255 - np.asarray(grey, np.float32)) * np.asarray(alpha, np.float32) / np.float32(65025)
    return Tip(path.name, square(ink))


def preview(brush: Brush, width: int, height: int, color: tuple[int, int, int]) -> Pixels:
    """Paints a wave of rising and falling pressure: RGBA (height, width, 4)."""
    reach = 0.28 * height
    small = replace(
        brush,
        color=color,
        radius=min(max(brush.radius, 1.5), reach),
        mode=BlendMode.NORMAL,
        smoothing=Smoothing.OFF,
        erase=False,
    )
    tiles = Tiles()
    edit = tiles.edit()
    rect = Rect(0, 0, width, height)
    stroke = Stroke(small, edit, clip=rect)
    for step in range(41):
        t = step / 40
        x = 1.2 * reach + t * (width - 2.4 * reach)
        y = height / 2 - 0.17 * height * math.sin(2 * math.pi * t)
        stroke.add(Sample(x, y, 0.15 + 0.85 * math.sin(math.pi * t)))
    edit.commit()
    return tiles.read(rect)


def _checked(key: str, value: object) -> float | bool | Enum:
    if key in _SWITCHES:
        if not isinstance(value, bool):
            raise ValueError(Text("{0} is on or off", key))
        return value
    if key in _CHOICES:
        try:
            return _CHOICES[key](value)
        except ValueError as error:
            raise ValueError(Text("{0} cannot be {1!r}", key, value)) from error
    low, high = _RANGES[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(Text("{0} is {1:g} to {2:g}", key, low, high))
    return float(value)


def _values(brush: Brush) -> Mapping[str, Json]:
    values: dict[str, Json] = {"version": 1}
    for field in fields(brush):
        value = getattr(brush, field.name)
        if field.name in _KEPT and value != field.default:
            values[field.name] = _plain(value)
    return values


def _plain(value: float | bool | Enum | Tip) -> Json:
    if isinstance(value, Tip):
        return value.name
    return str(value.value) if isinstance(value, Enum) else value
