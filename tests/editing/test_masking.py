import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop.document.brush import Sample
from sdedit_desktop.document.document import Document
from sdedit_desktop.editing import masking
from sdedit_desktop.editing.mask_gestures import area, mark_ellipse, mark_lasso, mark_rectangle
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect


@pytest.fixture
def session():
    return Session(Document(120, 90), EditParams("none"))


def mask_of(session):
    return session.document.mask.read(session.document.rect)[..., 0].astype(int)


def mark(session, tool, *points):
    gesture = tool(session, Sample(*points[0]))
    outlines = [next(gesture)]
    outlines += [gesture.send(Sample(*point)) for point in points[1:]]
    with pytest.raises(StopIteration) as end:
        gesture.send(None)
    if end.value.value is not None:
        session.document.push(end.value.value)
    return outlines


def square(session, left=40, top=30, right=70, bottom=60, value=255):
    edit = session.document.mask.edit()
    edit.fill(Rect(left, top, right, bottom), value)
    edit.commit()


def test_a_rectangle_marks_exactly_its_pixels(session):
    outlines = mark(session, mark_rectangle, (10, 20), (50, 25), (30, 40))
    mask = mask_of(session)
    assert (mask[20:40, 10:30] == 255).all()
    assert mask.sum() == 255 * 20 * 20
    assert outlines[-1] == [(10, 20), (30, 20), (30, 40), (10, 40)]
    assert session.document.history.labels() == ["Mark rectangle"]


def test_a_rectangle_that_leaves_the_picture_is_clipped(session):
    mark(session, mark_rectangle, (100, 80), (500, 500))
    assert (mask_of(session)[80:, 100:] == 255).all()
    assert session.document.mask.content_rect() == Rect(100, 80, 120, 90)


def test_an_ellipse_has_its_area(session):
    mark(session, mark_ellipse, (10, 10), (90, 70))
    assert mask_of(session).sum() / 255 == pytest.approx(np.pi * 40 * 30, rel=0.01)


def test_a_lasso_marks_what_it_goes_around(session):
    mark(session, mark_lasso, (10, 10), (60, 10), (60, 60))
    mask = mask_of(session)
    assert mask[15, 50] == 255
    assert mask[50, 15] == 0
    assert mask.sum() / 255 == pytest.approx(50 * 50 / 2, rel=0.02)


def test_marking_is_as_strong_as_the_mask_brush(session):
    from dataclasses import replace

    session.change_mask_brush(replace(session.mask_brush, opacity=0.5))
    mark(session, mark_rectangle, (10, 10), (20, 20))
    assert mask_of(session)[15, 15] == 128


@pytest.mark.parametrize("tool", [mark_rectangle, mark_lasso, mark_ellipse])
def test_a_click_or_a_broken_off_gesture_marks_nothing(session, tool):
    gesture = tool(session, Sample(5, 5))
    next(gesture)
    gesture.send(Sample(50, 50))
    gesture.close()
    assert mask_of(session).max() == 0
    mark(session, tool, (300, 300), (310, 320))
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
