"""The report of an evaluation: tables and figures, in a section of the model's README."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sdedit_desktop.files import atomic_write
from sdedit_desktop.training.evaluation.cache import Values
from sdedit_desktop.training.evaluation.config import EvaluationConfig
from sdedit_desktop.training.evaluation.distances import detail, l2_each
from sdedit_desktop.training.evaluation.editors import Scene
from sdedit_desktop.training.evaluation.inception import HOW_TO_GET_IT
from sdedit_desktop.training.evaluation.kid import Kid, kid
from sdedit_desktop.training.evaluation.masked_edits import Measured
from sdedit_desktop.training.photographs import Pixels
from sdedit_desktop.training.samples import picture_grid

BEGIN, END = "<!-- evaluation: begin -->", "<!-- evaluation: end -->"
FIGURE_COLUMNS = 8
_QUALITY = 82
_UNKNOWN = "unknown"
_FEWEST = 4
"""KID of fewer pictures means nothing."""


class Mean(NamedTuple):
    """A mean and its standard error."""

    mean: float
    error: float

    def format(self, digits: int) -> str:
        """As in "1.25 ± 0.03"; "unknown" without a value."""
        if math.isnan(self.mean):
            return _UNKNOWN
        error = f" ± {self.error:.{digits}f}" if self.error > 0 else ""
        return f"{self.mean:.{digits}f}{error}"


@dataclass(frozen=True)
class Row:
    """Measurements of a set of whole pictures.

    Attributes:
        count: Number of pictures.
        l2: Distance to the guide: low is faithful.
        kid: Distance to held-out photographs: low is realistic. None if it is not known.
        detail: Fine detail relative to the photographs the guides were made from.
    """

    count: int
    l2: Mean
    kid: Kid | None
    detail: float


class Figure(NamedTuple):
    """A picture of the report and its caption."""

    picture: Image.Image
    caption: str


def figure(names: Sequence[str], rows: Sequence[Sequence[Pixels]]) -> Figure:
    """Rows of pictures, with the names of the rows as the caption."""
    return Figure(picture_grid(rows), f"From top to bottom: {'; '.join(names)}.")


def row(
    pictures: Sequence[Pixels],
    scenes: Sequence[Scene],
    seen: Sequence[Values],
    references: Sequence[Values],
) -> Row:
    """Measures a set of pictures.

    Args:
        pictures: (H, W, 3) each, at least one.
        scenes: What each was made from.
        seen: Features of those pictures whose features are known, (C,) each.
        references: Features of held-out photographs, (C,) each.
    """
    stacked = np.stack(pictures)
    enough = min(len(seen), len(references)) >= _FEWEST
    return Row(
        len(pictures),
        _mean(l2_each(stacked, np.stack([scene.guide for scene in scenes]))),
        kid(np.stack(seen), np.stack(references)) if enough else None,
        detail(stacked, np.stack([scene.photograph for scene in scenes])),
    )


def whole_section(
    rows: Mapping[str, Row], config: EvaluationConfig, photographs: int, network: str | None
) -> str:
    """Edits of whole pictures, as Markdown.

    Args:
        rows: By the name of the row.
        config: What was measured.
        photographs: Number of held-out photographs.
        network: What realism was measured with; None if there was nothing.
    """
    shares = ", ".join(f"{share:g} {name}" for name, share in config.shares.items())
    realism = (
        f"KID is the unbiased squared MMD with the cubic kernel on {network} features against "
        f"{2 * config.crops} other scenes; its error is from random halves of both sets."
        if network
        else HOW_TO_GET_IT
    )
    lines = [
        "## Edits of strokes",
        "",
        f"{config.crops} scenes of {config.size} px out of {photographs} held-out photographs"
        f"{f' (shares: {shares})' if shares else ''}; strokes simulated as in the SDEdit paper. "
        "L2 is the norm of the difference of pictures in [0, 1], scaled to 256 px. Fine detail is "
        "relative to the photographs. ± is a standard error. " + realism,
        "",
        "| | pictures | L2 to guide | KID | fine detail |",
        "|---|---|---|---|---|",
    ]
    for name, each in rows.items():
        realism = Mean(*each.kid).format(4) if each.kid else _UNKNOWN
        lines.append(
            f"| {name} | {each.count} | {each.l2.format(1)} | {realism} | {each.detail:.2f} |"
        )
    return "\n".join(lines) + "\n"


def masked_section(rows: Mapping[str, Sequence[Measured]], size: int, network: str | None) -> str:
    """Edits inside masks, as Markdown; see ``Measured`` for the columns."""
    seen = (
        f"those of {network}, without learned weights" if network else f"unknown. {HOW_TO_GET_IT}"
    )
    lines = [
        "## Edits inside masks",
        "",
        f"Held-out scenes of {size} px; a broad brush stroke of each is edited from simulated "
        "strokes. All figures are of the inside of the mask. Distances are the paper's, in "
        f"proportion to the size of the mask; features are {seen}. Seam is the difference of "
        "neighbours across the border of the mask, relative to the photograph. Copied is the "
        "largest connected piece that is another part of the photograph to the last bit, in "
        "pixels: median and largest. ± is a standard error.",
        "",
        "| | pictures | fine detail | seam | from the guide | from the photograph | features "
        "| copied |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, each in rows.items():
        if each:
            columns = np.array(each).T
            means = [_mean(column) for column in columns[:5]]
            cells = [m.format(digits) for m, digits in zip(means, (2, 2, 1, 1, 3), strict=True)]
            copied = f"{np.median(columns[5]):.0f}, {columns[5].max():.0f}"
            lines.append(f"| {name} | {len(each)} | {' | '.join(cells)} | {copied} |")
    outside = max((one.outside for each in rows.values() for one in each), default=0)
    return "\n".join([*lines, "", f"Largest change outside the masks: {outside:g} of 255.", ""])


def write_card(folder: Path, text: str, figures: Mapping[str, Figure]) -> Path:
    """Writes the figures, and the section of ``README.md`` between the markers; the rest stays.

    Returns:
        The README.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, (picture, caption) in figures.items():
        with atomic_write(folder / f"{name}.webp") as new:
            picture.save(new, quality=_QUALITY)
        text += f"\n![{caption}]({name}.webp)\n\n{caption}\n"
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


def _mean(values: NDArray[np.float64]) -> Mean:
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else float("nan")
    return Mean(float(values.mean()), float(error))
