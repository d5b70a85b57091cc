"""How long one pointer event takes to become pixels, on a 6000 x 4000 document.

Run as a program; prints a table of medians and 99th percentiles in milliseconds of processor time.
"""

import gc
import itertools
import math
import sys
import time

import numpy as np

from sdedit_desktop import paths
from sdedit_desktop.document.blending import premultiplied
from sdedit_desktop.document.brush.brush import Brush, Sample
from sdedit_desktop.document.brush.stroke import Stroke
from sdedit_desktop.document.commands import AddLayer
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.photo import Photo, as_document
from sdedit_desktop.document.layers import BlendMode
from sdedit_desktop.editing.operations.brush_presets import read_tip
from sdedit_desktop.geometry import NOWHERE

EVENTS = 400
TARGETS_MS = {20: (1, 4), 100: (3, 8), 300: (10, 20)}
SPONGE = read_tip(paths.resources() / "brushes" / "sponge.png")
BRUSHES = {
    "hard": {"hardness": 1.0},
    "soft": {"hardness": 0.3},
    "soft, flow 0.3": {"hardness": 0.3, "flow": 0.3},
    "multiply": {"hardness": 0.8, "mode": BlendMode.MULTIPLY},
    "screen": {"hardness": 0.8, "mode": BlendMode.SCREEN},
    "colour": {"hardness": 0.8, "mode": BlendMode.COLOR},
    "tilted": {"hardness": 0.8, "tilt": 1.0},
    "pressure": {"hardness": 0.8, "pressure_opacity": True},
    "stamp": {
        "spacing": 0.6,
        "tip": read_tip(paths.resources() / "brushes" / "sponge.png"),
        "turn": 1.0,
    },
}


def painted_document(depth: int) -> Document:
    """A photo and four layers with paint on them."""
    dtype = np.uint8 if depth == 8 else np.uint16
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, np.iinfo(dtype).max + 1, (4000, 6000, 3), dtype)
    document = as_document(Photo(pixels, depth))
    for number in range(3):
        document.push(AddLayer(document.new_layer(f"Layer {number}"), len(document.layers)))
    for layer in document.layers[1:]:
        patch = rng.integers(0, np.iinfo(dtype).max + 1, (3000, 4000, 4), dtype)
        edit = layer.tiles.edit()
        edit.write(document.rect._replace(right=4000, bottom=3000), premultiplied(patch))
        edit.commit()
    return document


def events(radius: float, step: float):
    """A hand that moves in wide loops: ``step`` pixels per event, pressure going up and down."""
    x, y = 1500.0, 1500.0
    for i in itertools.count():
        angle = 2 * math.pi * i * step / (8 * radius + 1500)
        x, y = x + step * math.cos(angle), y + step * math.sin(angle)
        lean = math.sin(i / 30)
        yield Sample(x, y, 0.6 + 0.4 * math.sin(i / 20), 40 * lean, 30 * lean)


def measure(document: Document, brush: Brush, composite: bool) -> tuple[float, float]:
    """Median and 99th percentile of an event in ms; with or without flattening what it changed."""
    edit = document.layers[-1].tiles.edit()
    stroke = Stroke(brush, edit, clip=document.rect)
    times = []
    hand = events(brush.radius, max(8.0, brush.radius * 0.25))
    for sample in itertools.islice(hand, EVENTS):
        begin = time.process_time()
        dirty = stroke.add(sample)
        if composite and dirty != NOWHERE:
            document.composite(dirty & document.rect)
        times.append(1000 * (time.process_time() - begin))
    edit.rollback()
    return float(np.median(times)), float(np.percentile(times, 99))


def main() -> None:
    """Prints the table."""
    gc.collect()
    out = sys.stdout.write
    for depth in (8, 16):
        document = painted_document(depth)
        out(f"\n{depth} bits\n")
        out(f"{'brush':16}{'radius':>7}{'stroke':>16}{'+ composite':>16}{'goal':>10}\n")
        for (name, options), (radius, goal) in itertools.product(
            BRUSHES.items(), TARGETS_MS.items()
        ):
            brush = Brush(radius=radius, color=(200, 30, 30), opacity=0.9, **options)
            columns = (
                f"{median:8.2f}{slow:8.2f}"
                for median, slow in (measure(document, brush, flat) for flat in (False, True))
            )
            out(f"{name:16}{radius:7}{''.join(columns)}{goal[0]:6} /{goal[1]:3}\n")


if __name__ == "__main__":
    main()
