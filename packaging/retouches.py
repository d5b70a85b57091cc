"""Makes the manual's three retouches: before, with what is painted, and the first candidate.

    python packaging/retouches.py PHOTO

PHOTO is *Picos de Europa* by Aitzol Berasategi at its full size; places below are its pixels.
"""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from before_after import SEED, composite, edited
from PIL import Image, ImageChops, ImageDraw

from sdedit_desktop.document.files.opening import open_painted
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.request import EditParams

FOLDER = Path(__file__).parents[1] / "resources" / "manual" / "pictures"
CELL, GAP, QUALITY = (230, 300), 10, 88
SCALE = 4
"""Shapes are drawn so many times larger, for smooth edges."""

Points = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Stroke:
    """A line of a colour, as broad as a brush; a dot if it has one point."""

    color: tuple[int, int, int]
    width: int
    points: Points


@dataclass(frozen=True)
class Pasted:
    """A piece of the photo inside an outline, moved."""

    outline: Points
    moved: tuple[int, int]


@dataclass(frozen=True)
class Retouch:
    """What is painted, and where the manual's crop is."""

    name: str
    corner: tuple[int, int]
    painted: Sequence[Stroke | Pasted]
    t0: float = 0.35


ROCK = [
    (1588, 1668),
    (1600, 1625),
    (1622, 1578),
    (1654, 1580),
    (1676, 1615),
    (1676, 1678),
    (1625, 1682),
]
RETOUCHES = (
    Retouch(
        "removed",
        (1515, 1480),
        [
            Stroke((102, 96, 54), 56, [(1563, 1603), (1715, 1603)]),
            Stroke((106, 92, 52), 56, [(1563, 1655), (1715, 1655)]),
        ],
    ),
    Retouch(
        "repainted",
        (625, 2020),
        [
            Stroke((134, 108, 91), 110, [(705, 2215), (790, 2135)]),
            Stroke((42, 37, 17), 66, [(715, 2200), (765, 2200)]),
            Stroke((66, 56, 28), 40, [(720, 2178), (758, 2178)]),
        ],
    ),
    Retouch("composite", (1135, 1790), [Pasted(ROCK, (-390, 315))], t0=0.15),
)


def painting(photo: Image.Image, painted: Sequence[Stroke | Pasted]) -> Image.Image:
    """The layer that is painted, RGBA, transparent elsewhere."""
    colors, alpha = photo.copy(), Image.new("L", photo.size)
    for each in painted:
        if isinstance(each, Stroke):
            ink = Image.new("RGB", photo.size, each.color)
        else:
            ink = ImageChops.offset(photo, *each.moved)
        shape = _shape(each, photo.size)
        colors.paste(ink, mask=shape)
        alpha = ImageChops.lighter(alpha, shape)
    colors.putalpha(alpha)
    return colors


def _shape(each: Stroke | Pasted, size: tuple[int, int]) -> Image.Image:
    """Where it covers the photo, greys of ``size``."""
    if isinstance(each, Pasted):
        points = [(x + each.moved[0], y + each.moved[1]) for x, y in each.outline]
        reach = 0
    else:
        points, reach = list(each.points), each.width // 2 + 1
    left, top = (min(axis) - reach for axis in zip(*points, strict=True))
    right, bottom = (max(axis) + reach for axis in zip(*points, strict=True))
    part = Image.new("L", ((right - left) * SCALE, (bottom - top) * SCALE))
    draw = ImageDraw.Draw(part)
    inside = [((x - left) * SCALE, (y - top) * SCALE) for x, y in points]
    if isinstance(each, Pasted):
        draw.polygon(inside, fill=255)
    else:
        draw.line(inside, fill=255, width=each.width * SCALE)
        for point in inside:
            draw.circle(point, each.width * SCALE / 2, fill=255)
    whole = Image.new("L", size)
    whole.paste(part.reduce(SCALE), (left, top))
    return whole


def main() -> None:
    """Makes them."""
    path = Path(sys.argv[1])
    engine = TorchEngine()
    with Image.open(path) as opened, tempfile.TemporaryDirectory() as folder:
        photo = opened.convert("RGB")
        for retouch in RETOUCHES:
            strokes = Path(folder) / f"{retouch.name}.png"
            painting(photo, retouch.painted).save(strokes)
            document = open_painted(path, strokes)
            params = EditParams("this-photo", t0=retouch.t0, calls=12, solver="ddpm", seeds=(SEED,))
            states = [photo, composite(document), edited(engine, document, params)]
            sheet = Image.new("RGB", (3 * CELL[0] + 2 * GAP, CELL[1]), "white")
            left, top = retouch.corner
            for column, state in enumerate(states):
                crop = np.asarray(state)[top : top + CELL[1], left : left + CELL[0]]
                sheet.paste(Image.fromarray(crop.astype(np.uint8)), (column * (CELL[0] + GAP), 0))
            sheet.save(FOLDER / f"retouch-{retouch.name}.webp", "WEBP", quality=QUALITY)


if __name__ == "__main__":
    main()
