"""Presets: named sets of parameters, bundled or the user's own, one JSON file each."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sdedit_desktop import files, paths
from sdedit_desktop.editing import models
from sdedit_desktop.editing.request import FEW_STEP_SOLVERS, PUBLISHED_SOLVERS, SOLVERS, EditParams
from sdedit_desktop.errors import AppError, FileFormatError
from sdedit_desktop.texts import Text

MOST_CANDIDATES = 64
_MOST_BYTES = 1 << 20
_LARGEST = 10**9
"""A whole number that stands for a fraction is smaller; some are beyond all floats."""

_PARAMS: Final = (
    "t0",
    "calls",
    "repeats",
    "resamplings",
    "colours_kept",
    "solver",
    "precision",
    "clip",
    "scale",
    "detail",
    "negative_prompt",
    "guidance",
)
"""What a preset may set. Not the model and the device, which differ from computer to computer, and
not the prompt, which differs from picture to picture."""


_PHOTOGRAPHS: Final = "photographs"
"""The key of what a preset sets instead where photographs are the model."""

USUAL_OF_PHOTOGRAPHS: Final[Mapping[str, object]] = MappingProxyType(
    {"t0": 0.35, "calls": 12, "solver": "ddpm"}
)
"""What suits models that take patches of photographs; others have the defaults of the fields."""


@dataclass(frozen=True)
class Preset:
    """Some parameters under a name; those that it does not tell stay as they are.

    Attributes:
        name: As the user sees it.
        values: Fields of ``EditParams``.
        candidates: How many; ``None`` if it does not tell.
        description: What it is good for, a sentence.
        path: The file that it came from.
        is_own: Whether it is the user's, who may delete it.
        of_photographs: Fields that are other ones where photographs are the model.
    """

    name: str
    values: Mapping[str, object]
    candidates: int | None = None
    description: str = ""
    path: Path | None = None
    is_own: bool = False
    of_photographs: Mapping[str, object] = field(default_factory=dict)

    def applied(self, params: EditParams) -> EditParams:
        """The parameters after applying the preset; the first seed stays."""
        seeds = params.seeds
        if self.candidates is not None:
            seeds = tuple(range(seeds[0], seeds[0] + self.candidates))
        values = dict[str, Any](self.values)
        if models.is_of_photographs(params.model):
            values |= self.of_photographs
        return replace(params, seeds=seeds, **values)

    def is_in(self, params: EditParams) -> bool:
        """Whether these parameters are as the preset sets them."""
        return self.applied(params) == params

    def suits(self, model: str) -> bool:
        """Whether it can be used with a model."""
        of_networks = self.values.get("solver") in (*PUBLISHED_SOLVERS, *FEW_STEP_SOLVERS)
        return not (of_networks and models.is_of_photographs(model))


def few_steps(made_for: str) -> Preset:
    """What suits networks that were made for few steps: see ``Card.few_steps``."""
    solver = FEW_STEP_SOLVERS[0 if made_for == "LCM" else 1]
    values = {"calls": 4, "repeats": 1, "resamplings": 1, "solver": solver, "guidance": 1.0}
    return Preset("", MappingProxyType(values))


def with_model(params: EditParams, model: str, known: Sequence[Preset] = ()) -> EditParams:
    """These parameters with another model, and with what suits its kind if that is another one.

    Args:
        params: Those of now.
        model: Id or path of the other model.
        known: If the parameters are as one of these sets them, they are so afterwards.
    """
    changed = replace(params, model=model)
    if models.is_of_photographs(model) == models.is_of_photographs(params.model):
        return changed
    for preset in known:
        if preset.is_in(params) and preset.suits(model):
            return preset.applied(changed)
    return replace(changed, **usual(model))


def usual(model: str) -> dict[str, Any]:
    """What fields a model should have that nobody chose: t0, calls and solver."""
    if models.is_of_photographs(model):
        return dict(USUAL_OF_PHOTOGRAPHS)
    return {"t0": EditParams.t0, "calls": EditParams.calls, "solver": SOLVERS[0]}


def of(name: str, params: EditParams) -> Preset:
    """A preset of the user's own that sets everything as it is now."""
    values = {field: getattr(params, field) for field in _PARAMS}
    return Preset(name, MappingProxyType(values), len(params.seeds), is_own=True)


def found(
    bundled: Path | None = None, own: Path | None = None
) -> tuple[Sequence[Preset], Sequence[AppError]]:
    """All presets, the bundled ones first, and an error for each file that is none.

    Args:
        bundled: Folder of those that come with the program.
        own: Folder of the user's; it need not exist.
    """
    bundled, own = bundled or paths.resources() / "presets", own or paths.user_presets()
    presets, complaints = [], []
    for folder in (bundled, own):
        for path in sorted(folder.glob("*.json")):
            try:
                presets.append(load(path, is_own=folder == own))
            except AppError as error:
                complaints.append(error)
    return presets, complaints


def load(path: Path, *, is_own: bool = False) -> Preset:
    """Reads a preset; keys of later versions are passed over.

    Raises:
        FileFormatError: With a sentence that says what is wrong with it.
    """
    try:
        text = json.loads(files.read_regular(path, _MOST_BYTES).decode("utf-8"))
        name, candidates = text["name"], text.get("candidates")
        description = text.get("description", "")
        if not (isinstance(name, str) and name.strip() and isinstance(description, str)):
            raise ValueError(Text("it has no name"))
        if candidates is not None and not (
            type(candidates) is int and 1 <= candidates <= MOST_CANDIDATES
        ):
            raise ValueError(Text("{0} cannot be {1!r}", "candidates", candidates))
        if not is_own:
            name, description = Text(name), Text(description)
        values, others = (
            MappingProxyType(
                {field: _sound(field, part[field]) for field in _PARAMS if field in part}
            )
            for part in (text, text.get(_PHOTOGRAPHS, {}))
        )
        preset = Preset(name, values, candidates, description, path, is_own, others)
        for model in ("", models.THIS_PHOTO):
            preset.applied(EditParams(model)).check()
    except (OSError, KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        reason = Text("it has no name") if isinstance(error, KeyError) else _reason(error)
        raise FileFormatError("The preset {0} was left out: {1}.", path.name, reason) from error
    except AppError as error:
        raise FileFormatError("The preset {0} was left out: {1}", path.name, error.text) from error
    return preset


def save(preset: Preset, folder: Path | None = None) -> Path:
    """Writes a preset of the user's own; one of the same name is replaced.

    Raises:
        FileFormatError: The folder cannot be written.
    """
    folder = folder or paths.user_presets()
    path = folder / f"my-{_file_name(preset.name)}.json"
    values = {"name": preset.name, "description": preset.description, **preset.values}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with files.atomic_write(path) as new:
            if preset.of_photographs:
                values[_PHOTOGRAPHS] = dict(preset.of_photographs)
            text = json.dumps(values | {"candidates": preset.candidates}, indent=2)
            new.write_text(f"{text}\n", "utf-8")
    except OSError as error:
        raise FileFormatError("The preset cannot be saved: {0}.", _reason(error)) from error
    return path


def delete(preset: Preset) -> None:
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
            "The preset {0} cannot be deleted: {1}.", preset.name, _reason(error)
        ) from error


_TYPES: Final = {field.name: type(field.default) for field in fields(EditParams)}


def _sound(field: str, value: object) -> object:
    """The value if it has the field's type; an integer is accepted for a float."""
    kind = _TYPES[field]
    if kind is float and type(value) is int and abs(value) < _LARGEST:
        return float(value)
    if type(value) is not kind:
        raise ValueError(Text("{0} cannot be {1!r}", field, value))
    return value


def _file_name(name: str) -> str:
    """A name that every file system takes, with something before it."""
    return re.sub(r"[^\w-]+", "-", name.casefold()).strip("-") or "own"


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, ValueError) and not isinstance(error, json.JSONDecodeError | UnicodeError):
        said: str = error.args[0]
        return said
    return Text("it is damaged")
