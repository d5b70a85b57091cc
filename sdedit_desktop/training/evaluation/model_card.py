"""The model's card: tables, what they say, and pictures, in a section of its README."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from sdedit_desktop.files import atomic_write
from sdedit_desktop.training.evaluation.config import Case, Cases, EvaluationConfig
from sdedit_desktop.training.evaluation.inception import HOW_TO_GET_IT
from sdedit_desktop.training.evaluation.memorisation import verdict
from sdedit_desktop.training.evaluation.metrics import (
    CopyCheck,
    MaskRow,
    Mean,
    Results,
    Row,
)

BEGIN, END = "<!-- evaluation: begin -->", "<!-- evaluation: end -->"
CHURCHES_L2, CHURCHES_KID = 37.67, 0.0156
"""The paper's own figures at t0 0.5, of a model of 126,000 churches (table 1)."""
_QUALITY = 82
_NOTHING = "not seen"


@dataclass(frozen=True)
class Facts:
    """What is to be said about how it was measured.

    Attributes:
        photographs: Held-out photographs that scenes were cut from.
        size: Of the scenes, in pixels.
        network: What realism was seen with; None if nothing could.
        dtype: What the model computed in.
        solver: The usual solver.
    """

    photographs: int
    size: int
    network: str | None
    dtype: str
    solver: str


def write_card(folder: Path, text: str, pictures: Mapping[str, Image.Image]) -> Path:
    """Writes pictures and the section of ``README.md`` between the markers; the rest stays.

    Returns:
        The README.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        with atomic_write(folder / f"{name}.webp") as new:
            picture.save(new, quality=_QUALITY)
    readme = folder / "README.md"
    old = readme.read_text("utf-8") if readme.exists() else ""
    with atomic_write(readme) as new:
        new.write_text(with_section(old, text), "utf-8", newline="\n")
    return readme


def with_section(old: str, section: str) -> str:
    """The text with the section between its markers replaced, or added at the end."""
    new = f"{BEGIN}\n{section.strip()}\n{END}"
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if pattern.search(old):
        return pattern.sub(lambda _: new, old, count=1)
    return f"{old.rstrip()}\n\n{new}\n".lstrip()


def section(config: EvaluationConfig, cases: Cases, results: Results, facts: Facts) -> str:
    """What was measured, as Markdown."""
    parts = ["## Measured", _how(config, facts, results), _edits(cases, results)]
    parts.append("\n".join(f"- {line}" for line in _findings(cases, results)))
    if results.masks:
        parts.append(_masks(results.masks, facts))
    if results.copies:
        parts.append(_copies(results.copies))
    return "\n\n".join(part for part in parts if part) + "\n"


def _how(config: EvaluationConfig, facts: Facts, results: Results) -> str:
    shares = ", ".join(f"{share:g} {name}" for name, share in config.shares.items())
    text = (
        f"With `sdedit-desktop evaluate`: {config.crops} scenes of {facts.size} px out of "
        f"{facts.photographs} held-out photographs{f' (shares: {shares})' if shares else ''}, from "
        "close up to the whole short side; strokes simulated as in the SDEdit paper (median "
        f"filter, then six colours); `{facts.solver}`, {facts.dtype}. Where fewer pictures are "
        "named, they are the first of the same scenes, with the same noise. L2 is the norm of the "
        "difference of pictures in [0, 1], scaled to 256 px. Fine detail is each pixel's "
        "difference from the mean of its neighbours, relative to the photographs: 1 is right. "
        "± is a standard error."
    )
    if facts.network is None:
        return f"{text}\n\n{HOW_TO_GET_IT}"
    return (
        f"{text} KID is the unbiased squared MMD with the cubic kernel on {facts.network} features "
        f"against {results.held_out} other scenes out of the same photographs; its error is the "
        "standard deviation over 200 blocks, random halves of both sets."
    )


def _edits(cases: Cases, results: Results) -> str:
    lines = ["| | pictures | L2 to guide | KID | KID / strokes' | fine detail |"]
    lines.append("|---|---|---|---|---|---|")
    lines += [_line(name, row, results.strokes) for name, row in _rows(cases, results)]
    return "\n".join(lines)


def _rows(cases: Cases, results: Results) -> Iterator[tuple[str, Row]]:
    if results.photographs:
        yield "the photographs themselves", results.photographs
    yield "strokes", results.strokes
    yield "strokes, blurred", results.blurred
    for case in cases.strengths:
        if case in results.edits:
            yield _at(case), results.edits[case]
    for case in cases.calls:
        if case in results.edits and case not in cases.strengths:
            yield _at(case), results.edits[case]
    if cases.kept in results.edits:
        yield f"{_at(cases.kept)}, colours kept", results.edits[cases.kept]
    if cases.reference in results.edits and cases.reference is not None:
        case = cases.reference
        yield f"t0 {case.t0:g}, published solver, {case.calls} calls", results.edits[case]
        if results.alike:
            yield f"{_at(cases.usual)}, the same pictures", results.alike
    for case in (cases.photograph, cases.estimate):
        if case in results.edits:
            calls = "the best estimate" if case is cases.estimate else f"{case.calls} calls"
            yield f"a photograph at t0 {case.t0:g}, {calls}", results.edits[case]


def _at(case: Case) -> str:
    return f"t0 {case.t0:g}, {case.calls} calls"


def _line(name: str, row: Row, strokes: Row) -> str:
    realism = share = _NOTHING
    if row.kid:
        realism = f"{row.kid.mean:.4f} ± {row.kid.spread:.4f}"
        if row.seen < row.count:
            realism += f" (of {row.seen})"
        if strokes.kid:
            share = f"{row.kid.mean / strokes.kid.mean:.2f}"
    return f"| {name} | {row.count} | {_mean(row.l2, 1)} | {realism} | {share} | {row.detail:.2f} |"


def _findings(cases: Cases, results: Results) -> Iterator[str]:
    usual = results.edits.get(cases.usual)
    if usual:
        at = f"At t0 {cases.usual.t0:g} with {cases.usual.calls} calls"
        yield (
            f"{at} L2 is {usual.l2.mean:.1f} ({_whether(usual.l2.mean <= 38)}: no more than 38). "
            f"The paper has {CHURCHES_L2} at KID {CHURCHES_KID}, with a model of 126,000 churches."
        )
        if usual.kid and results.strokes.kid:
            share = usual.kid.mean / results.strokes.kid.mean
            yield (
                f"{at} KID is {share:.2f} of the strokes' own "
                f"({_whether(share <= 0.25)}: no more than a quarter)."
            )
    kept = results.edits.get(cases.kept)
    if kept:
        yield (
            "With half the drift of colours taken back, as the program does unless told otherwise, "
            f"L2 is {kept.l2.mean:.1f} ({_whether(kept.l2.mean <= 38)}: no more than 38)."
        )
    reference = results.edits.get(cases.reference) if cases.reference else None
    if reference and reference.kid and results.alike and results.alike.kid:
        ratio = results.alike.kid.mean / reference.kid.mean
        yield (
            f"On the same {results.alike.count} pictures the usual solver's KID is {ratio:.2f} of "
            f"the published one's with {cases.reference.calls if cases.reference else 0} calls "
            f"({_whether(ratio <= 1.1)}: no more than 1.10; so few pictures tell little)."
        )
    photograph = results.edits.get(cases.photograph)
    if photograph:
        yield (
            f"A photograph at t0 {cases.photograph.t0:g} changes by an L2 of "
            f"{photograph.l2.mean:.1f} ({_whether(photograph.l2.mean < 12)}: under 12)."
        )
    estimate = results.edits.get(cases.estimate)
    if estimate:
        least = math.sqrt(2) * estimate.l2.mean
        yield (
            f"What this network can see of a photograph under that noise, in one call, is off by "
            f"{estimate.l2.mean:.1f}. A sample of everything that it may have been differs by √2 "
            f"times as much, {least:.1f}, if the sampler is perfect."
        )


def _whether(reached: bool) -> str:
    return "the aim is reached" if reached else "the aim is not reached"


def _masks(masks: Mapping[Case, MaskRow], facts: Facts) -> str:
    lines = [
        "Edits inside a random mask, strokes painted inside it. The distance is one in the manner "
        f"of LPIPS, but on {facts.network or 'no'} features and without learned weights, so it "
        "compares with no published LPIPS: lower is nearer to the photograph. The seam is how much "
        "neighbours differ across the mask's border, relative to the photograph, before the "
        "program's own feathering: 1 is invisible.",
        "",
        "| | pictures | distance inside: painted | edited | largest change outside | seam |",
        "|---|---|---|---|---|---|",
    ]
    for case, row in masks.items():
        lines.append(
            f"| {case.guide} | {row.count} | {_mean(row.painted, 3)} "
            f"| {_mean(row.edited, 3)} | {row.outside:.0f} of 255 | {_mean(row.seam, 2)} |"
        )
    return "\n".join(lines)


def _mean(value: Mean, digits: int) -> str:
    if math.isnan(value.mean):
        return _NOTHING
    error = f" ± {value.error:.{digits}f}" if value.error > 0 else ""
    return f"{value.mean:.{digits}f}{error}"


def _copies(check: CopyCheck) -> str:
    groups = {"edits of strokes": check.edits}
    if check.free:
        groups["made from nothing"] = check.free
    lines = [
        f"Near copies: the nearest of {check.scenes} training scenes to each picture, by cosine "
        "distance of features. Pictures are *suspicious* if they are nearer than all but 1 % of "
        f"{len(check.held_out)} held-out photographs are, and *copies* if they are as near as 90 % "
        f"of {len(check.known)} training scenes that were mirrored and recoloured as in training.",
        "",
        "| | pictures | nearest | median | suspicious | copies |",
        "|---|---|---|---|---|---|",
        _plain_copies("held-out photographs", check.held_out.tolist()),
        _plain_copies("known copies", check.known.tolist()),
    ]
    near = certain = 0
    for name, copies in groups.items():
        found = verdict(copies.nearest.distances, check.held_out, check.known)
        near, certain = near + found.suspicious, certain + found.copies
        lines.append(
            f"| {name} | {len(copies.pictures)} | {found.closest:.3f} | {found.median:.3f} "
            f"| {found.suspicious} | {found.copies} |"
        )
    total = sum(len(copies.pictures) for copies in groups.values())
    if near or certain:
        lines += ["", f"Of {total} pictures {near} are suspicious and {certain} are copies: look."]
    else:
        lines += ["", f"None of {total} pictures is a copy, and none is suspicious."]
    return "\n".join(lines)


def _plain_copies(name: str, distances: list[float]) -> str:
    ordered = sorted(distances)
    return f"| {name} | {len(ordered)} | {ordered[0]:.3f} | {ordered[len(ordered) // 2]:.3f} | | |"
