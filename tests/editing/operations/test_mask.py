from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pointing import NO_KEYS, drag, move, press, release

from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.gestures.mask_areas import (
    Polygon,
    mark_ellipse,
    mark_lasso,
    mark_rectangle,
)
from sdedit_desktop.editing.operations import mask as masking
from sdedit_desktop.editing.operations.mask_shapes import Combine, Marking, Modifiers, area, marked
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect


@pytest.fixture
def session():
    return Session(Document(120, 90), EditParams("none"))


def mask_of(session):
    return session.document.mask.read(session.document.rect)[..., 0].astype(int)


def square(session, left=40, top=30, right=70, bottom=60, value=255):
    edit = session.document.mask.edit()
    edit.fill(Rect(left, top, right, bottom), value)
    edit.commit()


def test_a_rectangle_marks_exactly_its_pixels(session):
    outlines = drag(session, mark_rectangle, (10, 20), (50, 25), (30, 40))
    mask = mask_of(session)
    assert (mask[20:40, 10:30] == 255).all()
    assert mask.sum() == 255 * 20 * 20
    assert outlines[-1] == [(10, 20), (30, 20), (30, 40), (10, 40)]
    assert session.document.history.labels() == ["Mark rectangle"]


def test_a_rectangle_that_leaves_the_picture_is_clipped(session):
    drag(session, mark_rectangle, (100, 80), (500, 500))
    assert (mask_of(session)[80:, 100:] == 255).all()
    assert session.document.mask.content_rect() == Rect(100, 80, 120, 90)


def test_an_ellipse_has_its_area(session):
    drag(session, mark_ellipse, (10, 10), (90, 70))
    assert mask_of(session).sum() / 255 == pytest.approx(np.pi * 40 * 30, rel=0.01)


def test_a_lasso_marks_the_enclosed_area(session):
    drag(session, mark_lasso, (10, 10), (60, 10), (60, 60))
    mask = mask_of(session)
    assert mask[15, 50] == 255
    assert mask[50, 15] == 0
    assert mask.sum() / 255 == pytest.approx(50 * 50 / 2, rel=0.02)


def test_marking_is_as_strong_as_the_mask_brush(session):
    session.change_mask_brush(replace(session.mask_brush, opacity=0.5))
    drag(session, mark_rectangle, (10, 10), (20, 20))
    assert mask_of(session)[15, 15] == 128


@pytest.mark.parametrize("tool", [mark_rectangle, mark_lasso, mark_ellipse])
def test_a_click_or_a_broken_off_gesture_marks_nothing(session, tool):
    gesture = tool(session, press(5, 5))
    next(gesture)
    gesture.send(move(50, 50))
    gesture.close()
    assert mask_of(session).max() == 0
    drag(session, tool, (300, 300), (310, 320))
    assert session.document.history.labels() == []


@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 20), st.integers(1, 20))
def test_the_area_of_whole_pixels_is_exact(left, top, width, height):
    rect = Rect(0, 0, 45, 45)
    right, bottom = left + width, top + height
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    expected = np.zeros((45, 45), int)
    expected[top:bottom, left:right] = 255
    assert np.array_equal(area(corners, rect), expected)


def test_inverting_twice_is_the_identity(session):
    square(session, value=100)
    before = mask_of(session)
    session.document.push(masking.inverted(session.document))
    assert np.array_equal(mask_of(session), 255 - before)
    session.document.push(masking.inverted(session.document))
    assert np.array_equal(mask_of(session), before)


@pytest.mark.parametrize("pixels", [1, 3, 8])
def test_growing_and_shrinking_move_a_straight_edge(session, pixels):
    square(session)
    session.document.push(masking.enlarged(session.document, pixels))
    assert np.flatnonzero(mask_of(session)[45])[0] == pytest.approx(40 - pixels, abs=1)
    session.document.push(masking.enlarged(session.document, -pixels))
    assert np.flatnonzero(mask_of(session)[45])[0] == pytest.approx(40, abs=1)


def test_feathering_fades_on_both_sides(session):
    square(session)
    session.document.push(masking.feathered(session.document, 8))
    row = mask_of(session)[45]
    assert (np.diff(row[30:50]) >= 0).all()
    assert row[39] < 128 <= row[40]
    assert 0 < row[36] < 128


def test_nothing_can_be_changed_where_nothing_is_marked(session):
    assert masking.cleared(session.document) is None
    assert masking.enlarged(session.document, 3) is None
    assert masking.feathered(session.document, 3) is None
    assert masking.from_strokes(session.document, session.document.layers[-1]) is None


def test_the_mask_from_strokes_covers_them_and_a_margin(session):
    edit = session.document.layers[-1].tiles.edit()
    edit.fill(Rect(50, 40, 60, 50), 255)
    edit.commit()
    session.document.push(masking.from_strokes(session.document, session.document.layers[-1]))
    mask = mask_of(session)
    assert (mask[40:50, 50:60] == 255).all()
    assert mask[45, 47] == 255
    assert mask[45, 40] == 0


values = st.integers(0, 255)


@pytest.mark.parametrize(
    ("combine", "expected", "outside"),
    [
        (Combine.ADD, lambda old, new: max(old, new), 1),
        (Combine.SUBTRACT, lambda old, new: min(old, 255 - new), 1),
        (Combine.REPLACE, lambda _old, new: new, 0),
        (Combine.INTERSECT, lambda old, new: min(old, new), 0),
    ],
)
@given(old=values, new=values)
def test_areas_combine_as_grey_sets(combine, expected, outside, old, new):
    document = Document(60, 50)
    edit = document.mask.edit()
    edit.fill(document.rect, old)
    edit.commit()
    corners = [(10, 10), (40, 10), (40, 40), (10, 40)]
    document.push(marked(document, corners, Marking(combine), new / 255, "Mark"))
    mask = document.mask.read(document.rect)[..., 0]
    assert (mask[10:40, 10:40] == expected(old, new)).all()
    assert (mask[:10] == old * outside).all()
    assert document.history.labels() == ["Mark"]


@pytest.mark.parametrize(
    ("keys", "combine"),
    [
        (Modifiers(shift=True), Combine.ADD),
        (Modifiers(alt=True), Combine.SUBTRACT),
        (Modifiers(ctrl=True), Combine.REPLACE),
        (Modifiers(shift=True, alt=True), Combine.INTERSECT),
        (Modifiers(), Combine.INTERSECT),
    ],
)
def test_keys_at_the_press_choose_how_areas_combine(session, keys, combine):
    square(session, value=200)
    expected = Session(Document(120, 90), EditParams("none"))
    square(expected, value=200)
    session.change_marking(Marking(Combine.INTERSECT))
    drag(session, mark_rectangle, (50, 40), (90, 80), keys=keys)
    expected.change_marking(Marking(combine))
    drag(expected, mark_rectangle, (50, 40), (90, 80))
    assert np.array_equal(mask_of(session), mask_of(expected))
    assert mask_of(session).sum() != 200 * 30 * 30


def test_the_other_end_of_the_pen_protects_again(session):
    square(session)
    drag(session, mark_rectangle, (40, 30), (70, 45), is_eraser=True)
    assert session.document.mask.content_rect() == Rect(40, 45, 70, 60)


def test_keys_pressed_while_dragging_make_squares_and_draw_from_the_middle(session):
    alt = Modifiers(alt=True)
    square(session, 0, 0, 120, 90)
    gesture = mark_rectangle(session, press(60, 45, alt))  # subtracts
    next(gesture)
    assert gesture.send(move(80, 50, alt)) == [(60, 45), (80, 45), (80, 50), (60, 50)]
    both = Modifiers(alt=True, shift=True)
    assert gesture.send(move(80, 50, both)) == [(60, 45), (80, 45), (80, 65), (60, 65)]
    gesture.send(move(80, 50))
    # Let go and pressed again: from the middle.
    assert gesture.send(move(80, 50, alt)) == [(40, 40), (80, 40), (80, 50), (40, 50)]
    gesture.close()


@pytest.mark.parametrize("hardness", [0.0, 0.5, 0.9])
def test_a_soft_area_fades_from_its_edge_to_the_middle_and_stays_inside(hardness):
    document = Document(300, 300)
    corners = [(50, 50), (250, 50), (250, 250), (50, 250)]
    document.push(marked(document, corners, Marking(hardness=hardness), 1.0, "Mark"))
    row = document.mask.read(document.rect)[150, :, 0].astype(int)
    assert row[:50].max() == 0
    half = row[50:150]
    assert (np.diff(half) >= 0).all()
    reach = (1 - hardness) * 100
    assert half[round(reach / 2)] == pytest.approx(128, abs=25)
    assert half[0] < 40
    assert half[-1] == 255 or hardness == 0


def test_the_border_of_the_picture_is_no_edge_of_an_area():
    document = Document(100, 100)
    corners = [(-500, -500), (600, -500), (600, 600), (-500, 600)]
    document.push(marked(document, corners, Marking(hardness=0.8), 1.0, "Mark"))
    assert (document.mask.read(document.rect) == 255).all()


# --- polygon ------------------------------------------------------------------------------------


def clicked(session, *points, keys=NO_KEYS):
    polygon = Polygon(session)
    for point in points:
        polygon.move(move(*point, keys))
        polygon.press(press(*point, keys))
        polygon.release(release(*point, keys))
    return polygon


TRIANGLE = (10, 10), (60, 10), (60, 60)


def test_a_polygon_is_marked_when_it_is_closed(session):
    polygon = clicked(session, *TRIANGLE)
    assert polygon.is_open
    assert mask_of(session).max() == 0
    polygon.apply()
    assert mask_of(session).sum() / 255 == pytest.approx(50 * 50 / 2, rel=0.02)
    assert session.document.history.labels() == ["Mark polygon"]
    assert not polygon.is_open


def test_a_click_on_the_first_corner_closes_a_polygon(session):
    polygon = clicked(session, *TRIANGLE, (13, 12))
    assert not polygon.is_open
    assert session.document.history.labels() == ["Mark polygon"]


def test_the_last_corner_is_taken_back(session):
    polygon = clicked(session, *TRIANGLE, (100, 80))
    polygon.step_back()
    assert polygon.corners == list(TRIANGLE)
    for _ in range(5):
        polygon.step_back()
    assert not polygon.is_open


def test_a_dropped_or_flat_polygon_marks_nothing(session):
    clicked(session, *TRIANGLE).drop()
    clicked(session, *TRIANGLE[:2]).apply()
    assert session.document.history.labels() == []


def test_the_keys_at_the_first_corner_count_and_shift_draws_straight(session):
    square(session)
    polygon = clicked(session, (40, 30), keys=Modifiers(alt=True))
    polygon.press(press(80, 32, Modifiers(shift=True)))
    assert polygon.corners[-1] == pytest.approx((40 + np.hypot(40, 2), 30))
    polygon.press(press(80, 45))
    polygon.press(press(40, 45))
    polygon.apply()
    assert session.document.mask.content_rect() == Rect(40, 45, 70, 60)
