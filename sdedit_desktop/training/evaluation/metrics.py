"""Metrics of the pictures made so far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.training.evaluation.cache import Values
from sdedit_desktop.training.evaluation.config import Case, Cases, EvaluationConfig, Guide
from sdedit_desktop.training.evaluation.dataset import Scenes, blurred
from sdedit_desktop.training.evaluation.distances import detail, l2_each
from sdedit_desktop.training.evaluation.kid import Kid, kid
from sdedit_desktop.training.evaluation.memorisation import Nearest, nearest
from sdedit_desktop.training.evaluation.runner import EvaluationRunner, MaskedEdit
from sdedit_desktop.training.evaluation.tasks import COPIES
from sdedit_desktop.training.photographs import Pixels

_FEWEST = 4
"""KID of fewer pictures means nothing."""


class Mean(NamedTuple):
    """A mean and its standard error."""

    mean: float
    error: float


@dataclass(frozen=True)
class Row:
    """What a set of pictures measures.

    Attributes:
        count: How many pictures.
        seen: How many of them realism is known of.
        l2: Distance to the guide: low is faithful.
        kid: Distance to held-out photographs: low is realistic. None if nothing can see it.
        detail: Fine detail relative to the photographs the guides were made from.
    """

    count: int
    seen: int
    l2: Mean
    kid: Kid | None
    detail: float


@dataclass(frozen=True)
class MaskRow:
    """What edits inside masks measure; see ``runner.MaskedEdit``."""

    count: int
    painted: Mean
    edited: Mean
    outside: float
    seam: Mean


@dataclass(frozen=True, eq=False)
class Copies:
    """Pictures that a model made, and the training scenes nearest to each.

    Attributes:
        pictures: (H, W, 3) each.
        nearest: Which scenes, and how near.
    """

    pictures: Sequence[Pixels]
    nearest: Nearest


@dataclass(frozen=True, eq=False)
class CopyCheck:
    """Near copies, and what to compare them with.

    Attributes:
        scenes: Training scenes looked at.
        held_out: Nearest distances of held-out photographs.
        known: Nearest distances of known copies.
        edits: Of edits of strokes.
        free: Of pictures made from nothing; None if there are none.
    """

    scenes: int
    held_out: NDArray[np.float64]
    known: NDArray[np.float64]
    edits: Copies
    free: Copies | None


@dataclass(frozen=True, eq=False)
class Results:
    """All that was measured; cases without pictures are left out.

    Attributes:
        held_out: Scenes that realism was measured against.
        photographs: The scenes themselves, as if they were results.
        strokes: The strokes, unedited.
        blurred: The strokes, blurred.
        edits: Everything made of strokes or of photographs.
        alike: The usual edits of those pictures only that the reference was run on.
        masks: Edits inside masks.
        copies: Near copies; None if nothing can see them, or too little was looked at.
    """

    held_out: int
    photographs: Row | None
    strokes: Row
    blurred: Row
    edits: dict[Case, Row]
    alike: Row | None
    masks: dict[Case, MaskRow]
    copies: CopyCheck | None


def measure(config: EvaluationConfig, cases: Cases, runner: EvaluationRunner) -> Results:
    """Measures everything there is."""
    held_out = list(_scenes_seen(runner, runner.held_out, config.held_out_scenes).values())
    made = {case: made_of(case, runner) for case in cases.all()}
    row = _Rows(runner, held_out)
    guides = {index: runner.material("strokes", index) for index in range(config.crops)}
    alike = None
    if cases.reference is not None and made[cases.reference]:
        same = made[cases.usual].keys() & made[cases.reference].keys()
        alike = row("strokes", {index: made[cases.usual][index] for index in sorted(same)})
    plain = (*cases.strengths, *cases.calls, cases.kept, cases.photograph, cases.estimate)
    slow = () if cases.reference is None else (cases.reference,)
    edits = {case: row(case.guide, made[case]) for case in dict.fromkeys((*plain, *slow))}
    masks = {case: _masked(case, runner, made[case]) for case in cases.masks if made[case]}
    strokes = row("strokes", {index: each.guide for index, each in guides.items()})
    soft = row("strokes", {index: blurred(each.guide) for index, each in guides.items()})
    assert strokes
    assert soft
    return Results(
        held_out=len(held_out),
        photographs=row("strokes", {index: each.photograph for index, each in guides.items()}),
        strokes=strokes,
        blurred=soft,
        edits={case: found for case, found in edits.items() if found},
        alike=alike,
        masks=masks,
        copies=_copies(config, cases, runner, made),
    )


def made_of(case: Case, runner: EvaluationRunner) -> dict[int, Pixels]:
    """The pictures of a case that were made, by their index."""
    found = {index: runner.find_edited(case, index) for index in range(case.count)}
    return {index: pixels for index, pixels in found.items() if pixels is not None}


class _Rows:
    """Measures sets of pictures against the same photographs."""

    def __init__(self, runner: EvaluationRunner, held_out: list[Values]) -> None:
        self._bench, self._held_out = runner, held_out

    def __call__(self, guide: Guide, pictures: dict[int, Pixels]) -> Row | None:
        if not pictures:
            return None
        materials = [self._bench.material(guide, index) for index in pictures]
        stacked = np.stack(list(pictures.values()))
        distances = l2_each(stacked, np.stack([each.guide for each in materials]))
        seen = _seen(self._bench, pictures.values())
        enough = len(seen) >= _FEWEST and len(self._held_out) >= _FEWEST
        return Row(
            len(pictures),
            len(seen),
            _mean(distances),
            kid(_stacked(seen), _stacked(self._held_out)) if enough else None,
            detail(stacked, np.stack([each.photograph for each in materials])),
        )


def _masked(case: Case, runner: EvaluationRunner, made: dict[int, Pixels]) -> MaskRow:
    measured: list[MaskedEdit] = [
        runner.measure_mask(case, index, pixels) for index, pixels in made.items()
    ]
    painted, edited, outside, seam = map(np.array, zip(*measured, strict=True))
    return MaskRow(len(measured), _mean(painted), _mean(edited), float(outside.max()), _mean(seam))


def _copies(
    config: EvaluationConfig,
    cases: Cases,
    runner: EvaluationRunner,
    made: dict[Case, dict[int, Pixels]],
) -> CopyCheck | None:
    training = _scenes_seen(runner, runner.training, config.training_scenes)
    held_out = _scenes_seen(runner, runner.held_out, config.held_out_scenes)
    known = _seen(runner, [runner.copied(index) for index in range(COPIES) if index in training])
    if not (training and held_out and known):
        return None
    edits = _copies_of(runner, made[cases.usual], training)
    if edits is None:
        return None
    scenes = _stacked(training.values())
    return CopyCheck(
        len(training),
        nearest(_stacked(held_out.values()), scenes).distances,
        nearest(_stacked(known), scenes).distances,
        edits,
        _copies_of(runner, made[cases.free], training),
    )


def _copies_of(
    runner: EvaluationRunner, made: dict[int, Pixels], training: Mapping[int, Values]
) -> Copies | None:
    pictures = list(made.values())[:COPIES]
    seen = _seen(runner, pictures)
    if not pictures or len(seen) < len(pictures):
        return None
    found = nearest(_stacked(seen), _stacked(training.values()))
    names = np.array(list(training))
    return Copies(pictures, Nearest(names[found.indices], found.distances))


def _scenes_seen(runner: EvaluationRunner, scenes: Scenes, count: int) -> dict[int, Values]:
    found = {index: runner.find_look_at_scene(scenes, index) for index in range(count)}
    return {index: features for index, features in found.items() if features is not None}


def _seen(runner: EvaluationRunner, pictures: Iterable[Pixels]) -> list[Values]:
    found = (runner.find_look(pixels) for pixels in pictures)
    return [features for features in found if features is not None]


def _stacked(features: Iterable[Values]) -> Values:
    return np.stack(list(features))


def _mean(values: NDArray[np.float64]) -> Mean:
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else float("nan")
    return Mean(float(values.mean()), float(error))
