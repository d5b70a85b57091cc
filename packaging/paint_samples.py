"""Makes resources/samples from full-size photographs: reduces them, paints strokes and masks.

    python packaging/paint_samples.py FOLDER

FOLDER holds the photographs under their original names, as listed in ``SAMPLES``. Painting is
done by the program's own brush, on a document, as a user would do it.
"""

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from sdedit_desktop.document.blending import straightened
from sdedit_desktop.document.brush.brush import Brush, Sample
from sdedit_desktop.document.brush.stroke import Stroke
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.codec import to_png
from sdedit_desktop.document.files.photo import as_document, open_photo
from sdedit_desktop.document.tiles import Tiles

OUTPUT = Path(__file__).parents[1] / "resources" / "samples"
QUALITY = 88
UNIT = 1000
"""Places and radii are in thousandths of the picture's width."""

Path2 = Sequence[tuple[float, float]]
Color = tuple[int, int, int]


@dataclass(frozen=True)
class Line:
    """A stroke along a path.

    Attributes:
        color: Of the paint.
        radius: Of the brush.
        path: Where it goes.
        spread: How far the same stroke is repeated beside itself in slightly other colours.
    """

    color: Color
    radius: float
    path: Path2
    spread: int = 1


@dataclass(frozen=True)
class Painting:
    """A photograph and what is painted on it.

    Attributes:
        name: How the sample is called.
        title: Shown to the user.
        author: Of the photograph.
        licence: Of the photograph.
        original: Name of the photograph's file.
        width: To which it is reduced, in pixels.
        lines: Strokes, first to last.
        mask: Strokes of the mask brush: where the picture may change.
    """

    name: str
    title: str
    author: str
    licence: str
    original: str
    width: int
    lines: Sequence[Line]
    mask: Sequence[tuple[float, Path2]]


def fir(x: float, top: float, foot: float) -> Sequence[Line]:
    """A fir from its top down to its foot: rows of branches, wider and wider."""
    height, rows = foot - top, 9
    return tuple(
        Line(
            ((36, 52, 40), (44, 62, 46), (30, 44, 34))[row % 3],
            height * 0.07,
            [
                (x - height * 0.028 * row, top + height * (row + 0.6) / rows),
                (x + height * 0.028 * row, top + height * (row + 0.6) / rows),
            ],
        )
        for row in range(rows)
    )


PEAKS = Painting(
    name="peaks",
    title="Bushes on the slope",
    author="Aitzol Berasategi",
    licence="CC-BY-4.0",
    original="picosdeeuropa_by_Aitzol_Berasategi.jpg",
    width=1280,
    lines=(
        # Bushes on the slope.
        Line((48, 66, 30), 34, [(90, 392), (160, 372), (230, 392), (290, 424)], 3),
        Line((72, 92, 40), 24, [(100, 366), (150, 344), (200, 360)], 3),
        Line((88, 108, 48), 16, [(220, 374), (260, 372), (292, 396)], 2),
    ),
    mask=((70, [(90, 380), (160, 356), (230, 376), (300, 420)]),),
)

MEADOW = Painting(
    name="meadow",
    title="Autumn trees and firs on a meadow",
    author="Aitzol Berasategi",
    licence="CC-BY-4.0",
    original="aitzgorri_by_Aitzol_Berasategi.jpg",
    width=1280,
    lines=(
        # The shadow on the grass, then trees as the forest behind has them.
        Line((38, 66, 22), 14, [(120, 506), (260, 512), (400, 512), (560, 516)], 2),
        Line((128, 78, 34), 40, [(170, 456), (260, 446), (350, 460)], 3),
        Line((186, 116, 44), 34, [(160, 420), (210, 396), (270, 404), (330, 420)], 3),
        Line((206, 140, 62), 20, [(190, 384), (230, 372), (290, 388)], 3),
        Line((150, 92, 38), 30, [(380, 470), (420, 452), (440, 474)], 2),
        *fir(490, 336, 506),
        *fir(560, 376, 512),
    ),
    mask=(
        (84, [(150, 470), (260, 440), (400, 450)]),
        (80, [(190, 400), (300, 400)]),
        (70, [(490, 380), (500, 480), (560, 470)]),
        (36, [(110, 510), (570, 520)]),
    ),
)

STREAM = Painting(
    name="stream",
    title="Mossy boulders in a stream",
    author="Aitzol Berasategi",
    licence="CC-BY-4.0",
    original="life_by_Aitzol_Berasategi.jpg",
    width=1280,
    lines=(
        # Boulders with moss on top, and the shadow below them.
        Line((40, 42, 36), 22, [(340, 606), (420, 618), (520, 612)], 1),
        Line((138, 134, 120), 36, [(380, 560), (430, 544), (490, 562)], 3),
        Line((104, 102, 90), 22, [(390, 590), (450, 594), (510, 586)], 2),
        Line((86, 106, 46), 20, [(376, 532), (430, 512), (486, 526)], 2),
        Line((48, 50, 42), 14, [(530, 516), (570, 522), (620, 516)], 1),
        Line((150, 146, 134), 24, [(550, 492), (576, 482), (604, 494)], 2),
        Line((96, 118, 52), 12, [(546, 470), (576, 460), (606, 470)], 2),
    ),
    mask=(
        (84, [(380, 560), (440, 550), (500, 565)]),
        (60, [(540, 490), (580, 484), (620, 496)]),
        (40, [(340, 610), (520, 620)]),
    ),
)

SAMPLES = (MEADOW, PEAKS, STREAM)


def main() -> None:
    """Writes everything."""
    folder = Path(sys.argv[1])
    OUTPUT.mkdir(parents=True, exist_ok=True)
    entries = [make(painting, folder / painting.original) for painting in SAMPLES]
    listing = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    (OUTPUT / "samples.json").write_text(listing, encoding="utf-8")


def make(painting: Painting, original: Path) -> dict[str, str]:
    """Writes the photograph, the strokes and the mask; returns the entry for the list."""
    names = {
        "photo": f"{painting.name}.jpg",
        "strokes": f"{painting.name}.strokes.png",
        "mask": f"{painting.name}.mask.png",
    }
    with Image.open(original) as picture:
        height = round(picture.height * painting.width / picture.width)
        reduced = picture.convert("RGB").resize((painting.width, height), Image.Resampling.LANCZOS)
    reduced.save(OUTPUT / names["photo"], quality=QUALITY, optimize=True)
    document = as_document(open_photo(OUTPUT / names["photo"]))
    paint(document, painting)
    strokes = straightened(document.layers[-1].tiles.read(document.rect))
    (OUTPUT / names["strokes"]).write_bytes(to_png(strokes))
    (OUTPUT / names["mask"]).write_bytes(to_png(document.mask.read(document.rect)))
    return {
        "name": painting.name,
        "title": painting.title,
        "author": painting.author,
        "licence": painting.licence,
        **names,
    }


def paint(document: Document, painting: Painting) -> None:
    """Paints the strokes on the top layer, and the mask."""
    scale = document.rect.width / UNIT
    hand = random.Random(painting.name)
    tiles = document.layers[-1].tiles
    for line in painting.lines:
        for _ in range(line.spread):
            brush = Brush(line.radius * scale, mixed(line.color, hand), hardness=0.6)
            shake = line.radius * 0.6 * (line.spread - 1)
            dx, dy = hand.uniform(-shake, shake) / 2, hand.uniform(-shake, shake) / 2
            follow(tiles, brush, [(x + dx, y + dy) for x, y in line.path], scale)
    for radius, path in painting.mask:
        follow(document.mask, Brush(radius=radius * scale, hardness=0.8), path, scale)


def mixed(color: Color, hand: random.Random) -> Color:
    """A colour as it comes off a palette: a little lighter or darker each time."""
    light = hand.gauss(0, 8)
    red, green, blue = (min(255, max(0, round(part + light + hand.gauss(0, 2)))) for part in color)
    return red, green, blue


def follow(tiles: Tiles, brush: Brush, path: Path2, scale: float) -> None:
    """Draws one stroke."""
    edit = tiles.edit()
    stroke = Stroke(brush, edit)
    for x, y in path:
        stroke.add(Sample(x * scale, y * scale))
    stroke.finish()
    edit.commit()


if __name__ == "__main__":
    main()
