"""The card's pictures: what the numbers are about, to be looked at with a critical eye."""

from collections.abc import Iterator, Mapping

from PIL import Image

from sdedit_desktop.training.evaluation.charts import Point, pairs, plot, sheet
from sdedit_desktop.training.evaluation.config import Case, Cases
from sdedit_desktop.training.evaluation.metrics import Copies, Results, Row, made_of
from sdedit_desktop.training.evaluation.runner import EvaluationRunner
from sdedit_desktop.training.photographs import Pixels

_ACROSS = 8
CAPTIONS = {
    "realism": "Realism over faithfulness: KID to held-out photographs, L2 to the strokes.",
    "strengths": "Held-out scenes, their strokes, and edits at each t0.",
    "calls": "The same strokes with fewer and with more network calls.",
    "masks": "Photographs, strokes painted inside a mask, edits with a hard and a soft one.",
    "photographs": "Photographs, and what is made of them without any strokes.",
    "copies": "Edits of strokes, each with the nearest training scene on its right, nearest first.",
    "copies-free": "Pictures made from nothing, each with the nearest training scene.",
}


def figures(cases: Cases, results: Results, runner: EvaluationRunner) -> dict[str, Image.Image]:
    """All pictures there is something for, by name."""
    drawn = {
        "realism": _plot(cases, results),
        "strengths": _columns({case: f"t0 {case.t0:g}" for case in cases.strengths}, runner),
        "calls": _columns(_by_calls(cases), runner),
        "masks": _masks(cases, runner),
        "photographs": _columns({cases.photograph: f"t0 {cases.photograph.t0:g}"}, runner),
    }
    if results.copies:
        drawn["copies"] = _pairs(results.copies.edits, runner)
        if results.copies.free:
            drawn["copies-free"] = _pairs(results.copies.free, runner)
    return {name: picture for name, picture in drawn.items() if picture is not None}


def _plot(cases: Cases, results: Results) -> Image.Image | None:
    points = [
        Point(f"t0 {case.t0:g}", row.l2.mean, row.kid.mean, row.kid.spread, True)
        for case in cases.strengths
        if (row := results.edits.get(case)) and row.kid
    ]
    if not points:
        return None
    points += _others(cases, results)
    return plot(points, ("L2 to the strokes: less is more faithful", "KID: less is more realistic"))


def _others(cases: Cases, results: Results) -> Iterator[Point]:
    rows: list[tuple[str, Row | None]] = [
        ("strokes", results.strokes),
        ("blurred", results.blurred),
        ("photographs", results.photographs),
        ("colours kept", results.edits.get(cases.kept)),
    ]
    if cases.reference:
        name = f"published solver, {cases.reference.calls} calls"
        rows.append((name, results.edits.get(cases.reference)))
    for name, row in rows:
        if row and row.kid:
            yield Point(name, row.l2.mean, row.kid.mean, row.kid.spread, False)


def _by_calls(cases: Cases) -> dict[Case, str]:
    names = {case: f"{case.calls} calls" for case in cases.calls}
    if cases.reference:
        names[cases.reference] = f"published, {cases.reference.calls}"
    return names


def _columns(names: Mapping[Case, str], runner: EvaluationRunner) -> Image.Image | None:
    """One row per case below photographs and guides; as many columns as all cases have."""
    made = {case: pictures for case in names if (pictures := made_of(case, runner))}
    if len(made) < min(2, len(names)):  # nothing to compare
        return None
    common = [index for index in range(_ACROSS) if all(index in each for each in made.values())]
    if not common:
        return None
    columns = []
    for index in common:
        photograph, guide, _ = runner.material(next(iter(made)).guide, index)
        first: list[Pixels] = [photograph] if guide is photograph else [photograph, guide]
        columns.append([*first, *(pictures[index] for pictures in made.values())])
    above = ["photograph", "guide"][: len(columns[0]) - len(made)]
    return sheet(columns, [*above, *(names[case] for case in made)])


def _masks(cases: Cases, runner: EvaluationRunner) -> Image.Image | None:
    hard, soft = (made_of(case, runner) for case in cases.masks)
    columns = []
    for index in sorted(hard.keys() & soft.keys())[:_ACROSS]:
        photograph, guide, _ = runner.material(cases.masks[0].guide, index)
        columns.append([photograph, guide, hard[index], soft[index]])
    return sheet(columns, ["photograph", "guide", "hard mask", "soft mask"]) if columns else None


def _pairs(copies: Copies, runner: EvaluationRunner) -> Image.Image:
    order = copies.nearest.distances.argsort()
    return pairs(
        [copies.pictures[place] for place in order],
        [runner.training.scene(int(copies.nearest.indices[place])) for place in order],
        [f"{copies.nearest.distances[place]:.3f}" for place in order],
    )
