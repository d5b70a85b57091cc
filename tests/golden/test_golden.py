"""Brushes against pictures that were computed by formula, not by this program."""

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sdedit_desktop.document.brush.brush import Brush, Sample
from sdedit_desktop.document.brush.stroke import Stroke
from sdedit_desktop.document.layers import BlendMode
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.geometry import Rect

FOLDER = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("oracles", FOLDER / "oracles.py")
oracles = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(oracles)

CELL = Rect(0, 0, oracles.CELL, oracles.CELL)
PAINT = (230, 120, 20)
TILT = math.degrees(math.atan(math.tan(math.radians(60)) * math.cos(math.radians(30))))
TILT_DOWN = math.degrees(math.atan(math.tan(math.radians(60)) * math.sin(math.radians(30))))
STROKES = {
    "disc": (Brush(radius=15.25), [(23.625, 24.25)]),
    "small disc": (Brush(radius=2.25), [(24.5, 23.75)]),
    "soft disc": (Brush(radius=18, hardness=0.3), [(24.25, 23.5)]),
    "ellipse": (Brush(radius=8, tilt=1.0), [(24, 24, 1.0, TILT, TILT_DOWN)]),
    "line": (Brush(radius=7), [(12, 14), (24, 23.5), (36, 33)]),
}
# A rim is a straight ramp one pixel wide, which is not quite the area of a pixel inside a disc,
# and consists of dabs in the case of a line.
FARTHEST = {"disc": 16, "small disc": 20, "soft disc": 6, "ellipse": 16, "line": 32}
MODES = {
    "normal": BlendMode.NORMAL,
    "multiply": BlendMode.MULTIPLY,
    "screen": BlendMode.SCREEN,
    "colour": BlendMode.COLOR,
}


def cell(picture, names, name):
    """One part of a golden picture, as integers."""
    pixels = np.asarray(Image.open(FOLDER / picture)).astype(int)
    left = list(names).index(name) * oracles.CELL
    return pixels[:, left : left + oracles.CELL]


def painted(brush, points, tiles):
    edit = tiles.edit()
    stroke = Stroke(brush, edit, clip=CELL)
    for point in points:
        stroke.add(Sample(*point))
    stroke.finish()
    edit.commit()
    return tiles.read(CELL)


@pytest.mark.parametrize("name", STROKES)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_edges_are_those_of_the_exact_shape(name, dtype):
    brush, points = STROKES[name]
    alpha = painted(brush, points, Tiles(dtype=dtype))[..., 3] / np.iinfo(dtype).max * 255
    apart = alpha - cell("edges.png", STROKES, name)
    assert np.abs(apart).max() <= FARTHEST[name]
    # Neither fatter nor thinner: within a tenth of a pixel of the rim all around.
    assert abs(apart.sum()) <= 255 * 0.1 * np.sqrt(4 * np.pi * (alpha > 127).sum())


@pytest.mark.parametrize("name", MODES)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_modes_are_those_of_the_standard(name, dtype):
    one = np.iinfo(dtype).max // 255
    tiles = Tiles(dtype=dtype)
    below = np.full((oracles.CELL, oracles.CELL, 4), 255 * one, dtype)
    below[..., :3] = np.rint(oracles.backdrop() * 255).astype(dtype) * one
    edit = tiles.edit()
    edit.write(CELL, below)
    edit.commit()
    brush, points = STROKES["soft disc"]
    brush = Brush(radius=18, hardness=0.3, color=PAINT, opacity=0.7, mode=MODES[name])
    result = painted(brush, points, tiles)
    assert (result[..., 3] == 255 * one).all()
    apart = result[..., :3] / one - cell("modes.png", MODES, name)
    assert np.abs(apart).max() <= 5
    assert np.abs(apart).mean() <= 0.5


def test_golden_pictures_agree_with_the_formulas():
    for picture, expected in (
        ("edges.png", oracles.in_a_row(make() for make in oracles.EDGES.values())),
        ("modes.png", oracles.in_a_row(map(oracles.painted, oracles.MODES))),
    ):
        kept = np.asarray(Image.open(FOLDER / picture)).astype(int)
        assert np.abs(kept - expected).max() <= 1
