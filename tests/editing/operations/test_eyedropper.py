"""Taking colours from the picture, and filling with them."""

from dataclasses import replace

import numpy as np
import pytest
from pointing import drag

from sdedit_desktop.document.brush.brush import Brush
from sdedit_desktop.document.commands import PaintTiles
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.layers import BlendMode, LayerKind
from sdedit_desktop.document.tiles import TILE, Tiles
from sdedit_desktop.editing.gestures import painting
from sdedit_desktop.editing.operations.eyedropper import PickOptions, color_at
from sdedit_desktop.editing.operations.fill import FillOptions, filled
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect


def put(layer, rect, *value):
    edit = layer.tiles.edit()
    edit.fill(rect, value)
    edit.commit()


@pytest.fixture(params=[8, 16])
def document(request):
    return Document(300, 200, request.param)


def scale(document):
    return 257 if document.depth == 16 else 1


# --- the eyedropper -----------------------------------------------------------------------------


def test_the_mean_of_a_square_is_taken(document):
    one = scale(document)
    layer = document.layers[-1]
    put(layer, Rect(10, 10, 11, 11), 90 * one, 0, 0, 255 * one)
    put(layer, Rect(9, 9, 10, 10), 0, 0, 0, 255 * one)
    expected = {1: (90, 0, 0), 3: tuple(round(v / 9) for v in (90 + 7 * 255, 7 * 255, 7 * 255))}
    expected[5] = tuple(round(v / 25) for v in (90 + 23 * 255, 23 * 255, 23 * 255))
    for size, color in expected.items():
        assert color_at(document, layer, 10.7, 10.2, PickOptions(size)) == color


def test_a_see_through_colour_is_seen_mixed_and_taken_pure_from_its_layer(document):
    one = scale(document)
    layer = document.layers[-1]
    put(layer, Rect(0, 0, 20, 20), 51 * one, 0, 0, 51 * one)
    assert color_at(document, layer, 5, 5, PickOptions()) == (255, 204, 204)
    assert color_at(document, layer, 5, 5, PickOptions(of_layer=True)) == (255, 0, 0)
    # At its rim transparent pixels do not make the colour darker.
    assert color_at(document, layer, 19, 19, PickOptions(5, of_layer=True)) == (255, 0, 0)


def test_where_there_is_no_colour_none_is_taken(document):
    layer = document.layers[-1]
    assert color_at(document, layer, 50, 50, PickOptions(of_layer=True)) is None
    for x, y in [(-1, 5), (300, 5), (5, 200)]:
        assert color_at(document, layer, x, y, PickOptions(5)) is None


# --- the fill -----------------------------------------------------------------------------------


@pytest.fixture
def session(document):
    """A black frame around (20..279, 30..169) on the layer that is painted on."""
    session = Session(document, EditParams("m"))
    put(document.layers[-1], Rect(20, 30, 280, 170), 0, 0, 0, 255 * scale(document))
    hole = document.layers[-1].tiles.edit()
    hole.fill(Rect(25, 35, 275, 165), 0)
    hole.commit()
    session.change_brush(replace(session.brush, color=(200, 10, 10)))
    return session


def press(session, x, y):
    drag(session, painting.fill, (x, y))


def push_fill(document, brush, at, options):
    layer = document.layers[-1]
    change = filled(document, layer.tiles, brush, at, options, alpha_locked=layer.alpha_locked)
    document.push(PaintTiles("Fill", ("layer", layer.id), change))


def seen(document):
    return document.composite(document.rect)[..., :3] // scale(document)


@pytest.mark.parametrize("of_layer", [False, True])
def test_a_fill_stays_within_the_outline_and_is_one_step(session, document, of_layer):
    session.fill_options = FillOptions(of_layer=of_layer)
    before, repainted = seen(document), []
    document.changed.connect(lambda change: repainted.extend(change.damage.picture))
    press(session, 150, 100)
    after = seen(document)
    inside = np.zeros((200, 300), bool)
    inside[35:165, 25:275] = True
    assert (after[inside] == (200, 10, 10)).all()
    assert np.array_equal(after[~inside], before[~inside])
    assert Rect.union(repainted).encloses(Rect(25, 35, 275, 165))
    assert document.history.labels() == ["Fill"]
    document.undo()
    assert np.array_equal(seen(document), before)
    document.redo()
    assert np.array_equal(seen(document), after)


def test_growing_goes_under_the_outline(session, document):
    session.fill_options = FillOptions(grow=2)
    press(session, 150, 100)
    after = seen(document)
    assert (after[33:167, 23:277][2:-2, 60] == (200, 10, 10)).all()
    assert (after[100, 23] == (200, 10, 10)).all()
    assert (after[100, 21] == 0).all()


def test_alike_pixels_elsewhere_are_filled_only_if_asked(session, document):
    session.fill_options = FillOptions(joined=False)
    press(session, 150, 100)
    after = seen(document)
    assert (after[5, 5] == after[100, 150]).all()
    assert (after[100, 22] == 0).all()


def test_opacity_mode_and_locked_alpha_hold_for_fills(session, document):
    layer, options = document.layers[-1], FillOptions(of_layer=True)
    brush = Brush(color=(255, 0, 0), opacity=0.4)
    push_fill(document, brush, (150, 100), options)
    assert layer.tiles.read(Rect(150, 100, 151, 101))[0, 0, 3] == round(0.4 * 255) * scale(document)
    document.undo()
    layer.alpha_locked = True
    push_fill(document, brush, (150, 100), options)
    assert not layer.tiles.read(Rect(150, 100, 151, 101)).any()
    push_fill(document, replace(brush, opacity=1.0), (22, 100), options)
    assert (seen(document)[100, 22] == (255, 0, 0)).all()
    multiply = replace(brush, color=(0, 255, 0), opacity=1.0, mode=BlendMode.MULTIPLY)
    push_fill(document, multiply, (22, 100), options)
    assert (seen(document)[100, 22] == 0).all()


def test_a_locked_layer_is_not_filled_and_a_result_is_kept(session, document):
    said = []
    session.noticed.connect(said.append)
    layer = document.layers[-1]
    layer.locked = True
    press(session, 150, 100)
    assert said
    assert document.history.labels() == []
    layer.locked, layer.kind = False, LayerKind.RESULT
    press(session, 150, 100)
    assert document.history.labels() == ["Add layer", "Fill"]
    assert not layer.tiles.read(Rect(150, 100, 151, 101)).any()


def test_a_large_fill_takes_little_memory():
    document = Document(20 * TILE, 20 * TILE)
    tiles = document.layers[-1].tiles
    change = filled(document, tiles, Brush(), (5, 5), FillOptions())
    assert len(change.keys) == 400
    assert (document.composite(Rect(0, 0, 300, 300))[..., :3] == 0).all()
    assert tiles.size_bytes <= 20 * TILE * TILE * 4


def test_a_layers_mask_is_filled_with_light(session, document):
    layer = document.layers[-1]
    layer.mask = Tiles(channels=1)
    session.activate_layer(layer.id, mask=True)
    session.change_brush(Brush(color=(255, 255, 255)))
    press(session, 150, 100)
    assert document.history.labels() == ["Fill layer mask"]
    assert layer.mask.read(Rect(150, 100, 151, 101))[0, 0, 0] == 255
    assert layer.tiles.read(Rect(150, 100, 151, 101))[0, 0, 3] == 0
