"""What is below strokes: a request holds it, as results fade to it at the mask's edge."""

import numpy as np
import pytest

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.photo import Photo, as_document
from sdedit_desktop.document.layers import Layer, LayerKind
from sdedit_desktop.editing.document_requests import request_of, result_layer
from sdedit_desktop.editing.regions.islands import split
from sdedit_desktop.editing.regions.region import Region
from sdedit_desktop.editing.request import Candidate, EditParams
from sdedit_desktop.geometry import Rect

PARAMS = EditParams("m")
SIDE = 600
MASK, STROKES = Rect(200, 200, 400, 400), Rect(200, 200, 400, 300)
RED = (255, 0, 0, 255)


def photo(depth: int = 8, channels: int = 3) -> Document:
    most = 2**depth
    pixels = np.random.default_rng(0).integers(0, most, (SIDE, SIDE, channels))
    return as_document(Photo(pixels.astype(f"uint{depth}"), depth))


def paint(layer: Layer, rect: Rect, color=RED) -> None:
    factor = 257 if layer.tiles.dtype is np.uint16 else 1
    edit = layer.tiles.edit()
    edit.fill(rect, tuple(factor * value for value in color))
    edit.commit()


def mask(document: Document, *rects: Rect) -> None:
    edit = document.mask.edit()
    for rect in rects:
        edit.fill(rect, 255)
    edit.commit()


@pytest.mark.parametrize("depth", [8, 16])
def test_it_is_the_picture_without_the_paint_on_it(depth):
    document = photo(depth)
    mask(document, MASK)
    assert request_of(document, PARAMS).below is None
    paint(document.layers[-1], STROKES)
    asked = request_of(document, PARAMS)
    assert asked.below.dtype == document.dtype
    assert np.array_equal(asked.below, document.layers[0].tiles.read(asked.rect)[..., :3])
    assert not np.array_equal(asked.below, asked.guide)


def test_a_result_belongs_to_it_and_the_strokes_below_that_do_not_count():
    document = photo()
    mask(document, MASK)
    paint(document.layers[-1], STROKES)
    result = document.new_layer("Result", LayerKind.RESULT)
    paint(result, MASK, (0, 0, 255, 255))
    document.layers += [result, document.new_layer("Strokes")]
    assert request_of(document, PARAMS).below is None
    paint(document.layers[-1], STROKES)
    asked = request_of(document, PARAMS)
    inside = asked.below[asked.mask > 0]
    assert (inside == (0, 0, 255)).all()


def test_a_canvas_has_nothing_below_its_paint():
    document = Document(SIDE, SIDE)
    mask(document, MASK)
    paint(document.layers[-1], STROKES)
    assert request_of(document, PARAMS).below is None


def test_where_a_photo_is_transparent_strokes_stay():
    document = photo(channels=4)
    mask(document, MASK)
    paint(document.layers[-1], STROKES)
    asked = request_of(document, PARAMS)
    opaque = document.layers[0].tiles.read(asked.rect)[..., 3] == 255
    assert np.array_equal(asked.below[~opaque], asked.guide[~opaque])


def test_distant_regions_have_their_own():
    document = as_document(Photo(np.full((2000, 3000, 3), 90, np.uint8), 8))
    spots = Rect(100, 100, 140, 140), Rect(2700, 1700, 2740, 1740)
    mask(document, *spots)
    paint(document.layers[-1], spots[1])
    first, second = split(request_of(document, PARAMS))
    for part in (first, second):
        assert (part.below == 90).all()
    assert np.array_equal(first.guide, first.below)
    assert not np.array_equal(second.guide, second.below)


@pytest.mark.parametrize("depth", [8, 16])
def test_an_accepted_result_hides_the_paint_below_it_and_changes_nothing_outside(depth):
    document = photo(depth)
    before = document.composite(document.rect)
    mask(document, MASK)
    paint(document.layers[-1], STROKES)
    asked = request_of(document, PARAMS)
    region = Region.plan(asked, 256, 8)
    image, alpha = region.to_document(np.full_like(region.guide, 0.5))
    made = Candidate(image, alpha, asked.rect, PARAMS, 1)
    document.layers.append(result_layer(document, made))
    after = document.composite(document.rect)
    outside = document.mask.read(document.rect)[..., 0] == 0
    assert np.array_equal(after[outside], before[outside])
    red, green = (after[..., channel].astype(int) for channel in (0, 1))
    # Paint is red: at the edge there is the photo instead, whose mean is grey.
    edge = np.s_[200:202, 220:380]
    assert abs(red[edge].mean() - green[edge].mean()) < 0.1 * np.iinfo(document.dtype).max
    assert np.abs(red[edge] - before[edge][..., 0]).max() < 0.1 * np.iinfo(document.dtype).max
