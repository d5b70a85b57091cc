"""The report of an evaluation: tables in Markdown, and sheets of pictures."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from sdedit_desktop.training.evaluation.cache import Array
from sdedit_desktop.training.evaluation.config import EvaluationConfig
from sdedit_desktop.training.evaluation.dataset import Scene
from sdedit_desktop.training.evaluation.editors import Editor
from sdedit_desktop.training.evaluation.kid import kid
from sdedit_desktop.training.evaluation.measures import Measured
from sdedit_desktop.training.photographs import Pixels
from sdedit_desktop.training.samples import picture_grid

NAME = "report.md"
_COLUMNS = 8
_MOST_HEIGHT = 12_000  # pixels; WebP has 16,383 at most
_QUALITY = 82
_UNKNOWN = "unknown"
_FEWEST = 4
"""KID of fewer pictures means nothing."""
_WITHOUT_NETWORK = (
    "KID and features need the Inception network of an extra: "
    "pip install 'sdedit-desktop[evaluation]'."
)
_FEATURES = "Features are the distance of those of {0}, without learned weights."
_WHOLE = (
    "KID is the unbiased squared MMD with the cubic kernel on these features, against other held-"
    "out scenes; its error is from random halves of both sets."
)
_MASKED = (
    "A broad brush stroke of each scene is edited. All figures are of the inside of the mask. Seam "
    "is the difference of neighbours across the border of the mask, relative to the photograph. "
    "Copied is the largest connected piece that is another part of the photograph to the last bit, "
    "in pixels: median and largest."
)


@dataclass(eq=False)
class Row:
    """A row of the report: one way to edit, on a sequence of scenes.

    Attributes:
        name: Of the row.
        masked: Whether strokes are painted inside a mask, or everywhere.
        count: Pictures wanted.
        editor: What edits; None for the photographs themselves, or their strokes.
        t0: Strength.
        calls: Network calls.
        made: The pictures that were made, (H, W, 3), by the number of their scene.
        measured: Their measurements.
    """

    name: str
    masked: bool
    count: int
    editor: Editor | None = None
    t0: float = 0.0
    calls: int = 0
    made: dict[int, Pixels] = field(default_factory=dict)
    measured: dict[int, Measured] = field(default_factory=dict)


def write(
    config: EvaluationConfig,
    rows: Sequence[Row],
    scene: Callable[[bool, int], Scene],
    references: Sequence[Array],
    network: str | None,
) -> Path:
    """Writes tables and sheets of what was made.

    Args:
        config: What was measured.
        rows: All rows.
        scene: The scene of a row's ``masked`` and a number.
        references: Features of held-out photographs, (C,) each.
        network: Name of the feature network; None if there was none.

    Returns:
        The report's path.
    """
    shares = ", ".join(f"{share:g} {name}" for name, share in config.shares.items())
    text = (
        f"# {config.model.name}\n\nHeld-out scenes of {config.size} px"
        f"{f' (shares: {shares})' if shares else ''}; strokes simulated as in the SDEdit paper. "
        "Distances are the norm of the difference of pictures in [0, 1], scaled to 256 px, in "
        "proportion to the size of the mask. Fine detail is relative to the photograph. "
        f"± is a standard error. {_FEATURES.format(network) if network else _WITHOUT_NETWORK}\n"
    )
    common: _Cells = {
        "pictures": lambda row: str(len(row.made)),
        "fine detail": _mean("detail", 2),
        "from the guide": _mean("guide", 1),
        "from the photograph": _mean("photograph", 1),
        "features": _mean("perceptual", 3),
    }
    whole: _Cells = {**common, "KID": lambda row: _kid(row, references)}
    masked: _Cells = {**common, "seam": _mean("seam", 2), "copied": _copied}
    for title, about, is_masked, cells in (
        ("Edits of strokes", _WHOLE, False, whole),
        ("Edits inside masks", _MASKED, True, masked),
    ):
        shown = [row for row in rows if row.masked == is_masked and row.made]
        if shown:
            text += f"\n## {title}\n\n{about}\n\n{_table(shown, cells)}"
            text += _sheet(shown, scene, config.output)
    changes = [each.outside for row in rows for each in row.measured.values()]
    text += f"\nLargest change outside the masks: {max(changes, default=0):g} of 255.\n"
    path = config.output / NAME
    path.write_text(text, "utf-8", newline="\n")
    return path


_Cells = Mapping[str, Callable[[Row], str]]


def _table(rows: Sequence[Row], cells: _Cells) -> str:
    head = f"| | {' | '.join(cells)} |\n|{'---|' * (len(cells) + 1)}\n"
    lines = [[row.name, *(cell(row) for cell in cells.values())] for row in rows]
    return head + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _sheet(rows: Sequence[Row], scene: Callable[[bool, int], Scene], folder: Path) -> str:
    """Draws scenes that all rows have, in bands of some; returns the link to it."""
    common = sorted(set.intersection(*(set(row.made) for row in rows)))
    if not common:
        return ""
    edited = [row for row in rows if row.editor]
    scenes = [scene(rows[0].masked, index) for index in common]
    kinds = [[each.photograph for each in scenes], [each.guide for each in scenes]]
    kinds += [[row.made[index] for index in common] for row in edited]
    columns = min(_COLUMNS, len(common))
    most = max(1, _MOST_HEIGHT // (len(kinds) * len(scenes[0].mask)))
    starts = range(0, len(common) - columns + 1, columns)[:most]
    pictures = [kind[start : start + columns] for start in starts for kind in kinds]
    name = "masked.webp" if rows[0].masked else "strengths.webp"
    picture_grid(pictures).save(folder / name, quality=_QUALITY)
    names = "; ".join(("photographs", "strokes", *(row.name for row in edited)))
    caption = f"In each band, from the top: {names}."
    return f"\n![{caption}]({name})\n\n{caption}\n"


def _kid(row: Row, references: Sequence[Array]) -> str:
    seen = [each.features for each in row.measured.values() if len(each.features)]
    if min(len(seen), len(references)) < _FEWEST:
        return _UNKNOWN
    found = kid(np.stack(seen), np.stack(references))
    return f"{found.mean:.4f} ± {found.spread:.4f}"


def _copied(row: Row) -> str:
    copied = [each.copied for each in row.measured.values()]
    return f"{np.median(copied):.0f}, {max(copied):.0f}"


def _mean(name: str, digits: int) -> Callable[[Row], str]:
    """A cell with the mean of a measurement, as in "1.25 ± 0.03"; "unknown" without a value."""

    def cell(row: Row) -> str:
        values = np.array([getattr(each, name) for each in row.measured.values()])
        if math.isnan(values.mean()):
            return _UNKNOWN
        error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
        return f"{values.mean():.{digits}f}" + (f" ± {error:.{digits}f}" if error else "")

    return cell
