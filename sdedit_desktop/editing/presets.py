"""Presets: named sets of parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sdedit_desktop import paths
from sdedit_desktop.editing import models
from sdedit_desktop.editing.preset_store import PresetStore, read_json
from sdedit_desktop.editing.request import FEW_STEP_SOLVERS, PUBLISHED_SOLVERS, SOLVERS, EditParams
from sdedit_desktop.errors import AppError, FileFormatError
from sdedit_desktop.texts import Text

MOST_CANDIDATES = 64
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
"""The fields a preset sets: not the model and the device, which differ between computers, and not
the prompt, which differs between pictures."""


_PHOTOGRAPHS: Final = "photographs"
"""Key of the values for models made of photographs."""

PHOTOGRAPH_DEFAULTS: Final[Mapping[str, object]] = MappingProxyType(
    {"t0": 0.35, "calls": 12, "solver": "ddpm"}
)
"""Defaults for models made of photographs; others use those of ``EditParams``."""


@dataclass(frozen=True)
class Preset:
    """A named set of parameters; those it does not contain stay as they are.

    Attributes:
        name: As the user sees it.
        values: Fields of ``EditParams``.
        candidates: Number of candidates; None leaves it as it is.
        description: A sentence on its purpose.
        path: Its file.
        is_own: Whether it is the user's own, and may be deleted.
        of_photographs: Other values of fields for models made of photographs.
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
    """A preset for networks distilled for few steps; see ``Card.few_steps``."""
    solver = FEW_STEP_SOLVERS[0 if made_for == "LCM" else 1]
    values = {"calls": 4, "repeats": 1, "resamplings": 1, "solver": solver, "guidance": 1.0}
    return Preset("", MappingProxyType(values))


def with_model(params: EditParams, model: str, known: Sequence[Preset] = ()) -> EditParams:
    """Changes the model, and the parameters to suit it if it is of another kind.

    Args:
        params: The present parameters.
        model: Id or path of the new model.
        known: A preset among these that is in use stays in use.
    """
    changed = replace(params, model=model)
    if models.is_of_photographs(model) == models.is_of_photographs(params.model):
        return changed
    for preset in known:
        if preset.is_in(params) and preset.suits(model):
            return preset.applied(changed)
    return replace(changed, **defaults(model))


def defaults(model: str) -> dict[str, Any]:
    """Default t0, calls and solver of a model."""
    if models.is_of_photographs(model):
        return dict(PHOTOGRAPH_DEFAULTS)
    return {"t0": EditParams.t0, "calls": EditParams.calls, "solver": SOLVERS[0]}


def of(name: str, params: EditParams) -> Preset:
    """A preset of the user's own with the present parameters."""
    values = {field: getattr(params, field) for field in _PARAMS}
    return Preset(name, MappingProxyType(values), len(params.seeds), is_own=True)


def store(bundled: Path | None = None, own: Path | None = None) -> PresetStore[Preset]:
    """The presets on disk.

    Args:
        bundled: Another folder for the bundled ones.
        own: Another folder for the user's.
    """
    return PresetStore(bundled or paths.resources() / "presets", own or paths.user_presets(), load)


def load(path: Path, is_own: bool = False) -> Preset:
    """Reads a preset; keys of later versions are ignored.

    Raises:
        FileFormatError: The file cannot be used, and why.
    """
    try:
        data = read_json(path)
        name, candidates = data.get("name"), data.get("candidates")
        description = data.get("description", "")
        if not (isinstance(name, str) and name.strip() and isinstance(description, str)):
            raise ValueError(Text("it has no name"))
        if candidates is not None and not (
            type(candidates) is int and 1 <= candidates <= MOST_CANDIDATES
        ):
            raise ValueError(Text("{0} cannot be {1!r}", "candidates", candidates))
        if not is_own:
            name, description = Text(name), Text(description)
        others = data.get(_PHOTOGRAPHS, {})
        if not isinstance(others, dict):
            raise ValueError(Text("it is damaged"))
        preset = Preset(
            name, _checked(data), candidates, description, path, is_own, _checked(others)
        )
        for model in ("", models.THIS_PHOTO):
            preset.applied(EditParams(model)).check()
    except ValueError as error:
        reason = error.args[0]
        raise FileFormatError("The preset {0} was left out: {1}.", path.name, reason) from error
    except AppError as error:
        raise FileFormatError("The preset {0} was left out: {1}", path.name, error.text) from error
    return preset


def save(preset: Preset, to: PresetStore[Preset]) -> Path:
    """Writes a preset of the user's own; one of the same name is replaced.

    Raises:
        FileFormatError: The folder cannot be written.
    """
    values = {"description": preset.description, **preset.values}
    if preset.of_photographs:
        values[_PHOTOGRAPHS] = dict(preset.of_photographs)
    return to.save(preset.name, values | {"candidates": preset.candidates})


_TYPES: Final = {field.name: type(field.default) for field in fields(EditParams)}


def _checked(data: Mapping[str, object]) -> Mapping[str, object]:
    return MappingProxyType(
        {field: _checked_value(field, data[field]) for field in _PARAMS if field in data}
    )


def _checked_value(field: str, value: object) -> object:
    """The value if it has the field's type; an integer is accepted for a float."""
    kind = _TYPES[field]
    if kind is float and type(value) is int and abs(value) < _LARGEST:
        return float(value)
    if type(value) is not kind:
        raise ValueError(Text("{0} cannot be {1!r}", field, value))
    return value
