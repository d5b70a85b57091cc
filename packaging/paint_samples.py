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
    """A fir from its top down to its foot, darker inside than at the tips of the branches."""
    height = foot - top
    third, half = top + height * 0.35, top + height * 0.6
    return (
        Line((44, 64, 40), height * 0.06, [(x, top), (x, third)]),
        Line((56, 80, 46), height * 0.13, [(x - height * 0.05, third), (x + height * 0.05, third)]),
        Line((50, 74, 42), height * 0.18, [(x - height * 0.1, half), (x + height * 0.1, half)]),
        Line((46, 68, 40), height * 0.2, [(x - height * 0.16, foot), (x + height * 0.16, foot)]),
        Line((98, 124, 64), height * 0.05, [(x - height * 0.16, half), (x - height * 0.04, third)]),
    )


PEAKS = Painting(
    name="peaks",
    title="Clouds, and firs on the slope",
    author="Aitzol Berasategi",
    licence="CC-BY-4.0",
    original="picosdeeuropa_by_Aitzol_Berasategi.jpg",
    width=1280,
    lines=(
        Line((176, 190, 214), 30, [(450, 120), (560, 126), (680, 116), (800, 104)], 3),
        Line((224, 231, 242), 34, [(480, 84), (570, 74), (660, 82), (760, 76)], 3),
        Line((248, 250, 253), 26, [(510, 54), (580, 40), (640, 50)], 2),
        Line((244, 247, 251), 22, [(680, 54), (740, 44), (790, 60)], 2),
        *fir(300, 262, 430),
        *fir(70, 236, 372),
        *fir(240, 226, 420),
        *fir(125, 196, 392),
        *fir(185, 214, 406),
    ),
    mask=(
        (84, [(440, 90), (560, 76), (700, 76), (810, 84)]),
        (90, [(70, 280), (125, 250), (185, 262), (240, 276), (300, 320)]),
        (70, [(70, 370), (180, 400), (300, 420)]),
        (60, [(330, 200), (420, 130)]),
    ),
)

MEADOW = Painting(
    name="meadow",
    title="A pond and bushes on a meadow",
    author="Aitzol Berasategi",
    licence="CC-BY-4.0",
    original="aitzgorri_by_Aitzol_Berasategi.jpg",
    width=1280,
    lines=(
        # The bank, then water: light where it mirrors the sky, dark below the bushes.
        Line((86, 84, 52), 24, [(470, 556), (560, 524), (700, 514), (840, 526), (930, 560)], 2),
        Line((74, 92, 44), 22, [(470, 570), (600, 626), (760, 636), (900, 606)], 2),
        Line((150, 170, 190), 26, [(520, 562), (620, 548), (760, 546), (880, 562)], 2),
        Line((122, 146, 170), 28, [(540, 590), (660, 596), (780, 598), (870, 584)], 2),
        Line((176, 192, 208), 12, [(600, 572), (700, 568), (800, 574)], 1),
        # Bushes behind it, in autumn and in green.
        Line((150, 96, 36), 30, [(500, 480), (540, 450), (590, 470)], 3),
        Line((186, 126, 44), 22, [(520, 440), (560, 424), (596, 446)], 2),
        Line((58, 78, 36), 28, [(640, 484), (690, 462), (740, 484)], 3),
        Line((84, 106, 48), 18, [(660, 452), (700, 440), (736, 456)], 2),
        Line((132, 78, 32), 26, [(800, 494), (846, 468), (890, 490)], 3),
        Line((44, 50, 28), 12, [(500, 512), (600, 506), (740, 508), (900, 520)], 1),
    ),
    mask=(
        (90, [(470, 480), (560, 440), (680, 450), (870, 480)]),
        (96, [(480, 560), (620, 560), (760, 570), (900, 560)]),
        (60, [(540, 610), (860, 610)]),
    ),
)

STREAM = Painting(
    name="stream",
    title="A waterfall and mossy boulders in a stream",
    author="Aitzol Berasategi",
    licence="CC-BY-4.0",
    original="life_by_Aitzol_Berasategi.jpg",
    width=1280,
    lines=(
        # A waterfall over the rocks on the left.
        Line((52, 54, 46), 26, [(150, 300), (156, 380), (166, 470), (180, 560)], 2),
        Line((196, 206, 214), 20, [(200, 290), (206, 360), (214, 440), (222, 520)], 3),
        Line((228, 234, 240), 12, [(190, 300), (198, 380), (208, 470), (216, 540)], 2),
        Line((240, 244, 246), 10, [(226, 310), (232, 400), (238, 480), (244, 550)], 1),
        Line((210, 218, 224), 22, [(190, 570), (240, 586), (300, 590)], 2),
        # Boulders with moss on top, and the shadow below them.
        Line((40, 42, 36), 22, [(330, 612), (400, 628), (500, 626)], 1),
        Line((112, 112, 100), 36, [(360, 572), (420, 556), (480, 576)], 3),
        Line((84, 104, 48), 20, [(356, 540), (410, 522), (466, 534)], 2),
        Line((136, 134, 122), 28, [(330, 500), (350, 488), (372, 500)], 2),
        Line((94, 116, 54), 14, [(330, 474), (352, 464), (376, 474)], 1),
    ),
    mask=(
        (84, [(180, 300), (196, 400), (210, 500), (230, 570)]),
        (80, [(240, 320), (256, 440), (280, 540)]),
        (90, [(300, 580), (400, 570), (490, 580)]),
        (80, [(330, 480), (420, 500)]),
    ),
)

SAMPLES = (MEADOW, STREAM, PEAKS)


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
