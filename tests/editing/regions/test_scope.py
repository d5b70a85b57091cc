"""Where a picture may change without a mask: around the strokes, or everywhere."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pointing import drag

from sdedit_desktop.document.brush.brush import Brush
from sdedit_desktop.document.commands import ChangeLayer
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.photo import Photo, as_document
from sdedit_desktop.editing.document_requests import request_of
from sdedit_desktop.editing.gestures import painting
from sdedit_desktop.editing.operations import mask as masks
from sdedit_desktop.editing.regions import scope
from sdedit_desktop.editing.regions.scope import Scope, scope_of
from sdedit_desktop.editing.request import Candidate, EditParams
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect

PARAMS = EditParams("fake", seeds=(1,))
WIDTH, HEIGHT = 1200, 800


@pytest.fixture(params=[np.uint8, np.uint16])
def session(request):
    pixels = np.full((HEIGHT, WIDTH, 3), 90, request.param)
    return Session(as_document(Photo(pixels, 8 * pixels.itemsize)), PARAMS)


def stroke(session, *points, radius=20):
    session.change_brush(Brush(radius=radius))
    drag(session, painting.paint, *points)


def strength(session):
    """How strongly each pixel of the document may change."""
    request = request_of(session.document, PARAMS)
    whole = np.zeros((HEIGHT, WIDTH), np.uint8)
    rect = request.rect
    whole[rect.top : rect.bottom, rect.left : rect.right] = request.mask
    return whole


def test_a_stroke_on_a_photograph_changes_only_its_surroundings(session):
    stroke(session, (400, 300), (500, 300))
    assert scope_of(session.document) is Scope.STROKES
    whole = strength(session)
    painted = session.document.layers[-1].tiles.read(session.document.rect)[..., 3] > 0
    assert (whole[painted] == 255).all()
    rows, columns = np.nonzero(whole)
    margin = 12  # a hundredth of the picture
    assert 380 - 2 * margin <= columns.min() <= 380 - margin
    assert 520 + margin <= columns.max() <= 520 + 2 * margin
    assert 280 - 2 * margin <= rows.min() <= 280 - margin
    edge = whole[300, : int(columns.min()) + 2 * margin]
    assert len(np.unique(edge)) > 4  # soft
    assert (np.diff(edge.astype(int)) >= 0).all()
    request = request_of(session.document, PARAMS)
    assert request.rect.width < WIDTH / 2


def test_a_canvas_without_a_photograph_changes_everywhere():
    session = Session(Document(WIDTH, HEIGHT), PARAMS)
    stroke(session, (400, 300))
    assert scope_of(session.document) is Scope.EVERYTHING
    assert strength(session).min() == 255


def test_a_photograph_without_strokes_changes_everywhere(session):
    assert scope_of(session.document) is Scope.EVERYTHING
    assert strength(session).min() == 255
    stroke(session, (400, 300))
    session.document.undo()
    assert strength(session).min() == 255


def test_a_mask_counts_instead_of_the_strokes(session):
    stroke(session, (400, 300))
    edit = session.document.mask.edit()
    edit.fill(Rect(900, 600, 950, 650), 200)
    edit.commit()
    assert scope_of(session.document) is Scope.MASK
    whole = strength(session)
    assert np.count_nonzero(whole) == 50 * 50
    assert whole[620, 920] == 200


def test_clearing_the_mask_leads_back_to_the_strokes_and_marking_all_to_everything(session):
    stroke(session, (400, 300))
    around = strength(session)
    session.document.push(masks.filled(session.document))
    assert strength(session).min() == 255
    assert scope.covers_everything(session.document)
    session.document.push(masks.cleared(session.document))
    assert not scope.covers_everything(session.document)
    assert np.array_equal(strength(session), around)


def test_inverting_without_a_mask_keeps_the_strokes_and_changes_all_else(session):
    stroke(session, (400, 300))
    around = strength(session)
    session.document.push(scope.inverted(session.document))
    assert np.array_equal(strength(session), 255 - around)
    session.document.push(scope.inverted(session.document))
    assert np.array_equal(strength(session), around)


def test_inverting_nothing_marks_everything(session):
    session.document.push(scope.inverted(session.document))
    assert scope.covers_everything(session.document)


def test_the_surroundings_can_be_made_the_mask(session):
    assert scope.masked_around_strokes(session.document) is None
    stroke(session, (400, 300))
    around = strength(session)
    session.document.push(scope.masked_around_strokes(session.document))
    assert scope_of(session.document) is Scope.MASK
    assert np.array_equal(strength(session), around)
    session.document.undo()
    assert scope_of(session.document) is Scope.STROKES


def test_strokes_below_an_accepted_candidate_no_longer_count(session):
    stroke(session, (400, 300))
    request = request_of(session.document, PARAMS)
    session.accept(Candidate(request.guide, request.mask, request.rect, PARAMS, 1))
    assert scope_of(session.document) is Scope.EVERYTHING
    stroke(session, (900, 600))
    whole = strength(session)
    assert whole[600, 900] == 255
    assert whole[300, 400] == 0
    session.document.undo()
    session.document.undo()
    assert strength(session)[300, 400] == 255


def test_strokes_on_hidden_layers_do_not_count(session):
    stroke(session, (400, 300))
    layer = session.document.layers[-1]
    session.document.push(ChangeLayer(layer.id, {"visible": True}, {"visible": False}))
    assert scope_of(session.document) is Scope.EVERYTHING


@pytest.mark.parametrize("radius", [3, 40, 300])
def test_the_outline_is_the_edge_of_the_area_that_may_change(session, radius):
    stroke(session, (600, 400), radius=radius)
    lines = scope.outline(session.document)
    whole = strength(session)
    rows, columns = np.nonzero(whole)
    step = max(1, -(-2 * radius * 2 // scope.OUTLINE_SIDE)) + 2
    across, down = lines[:, [0, 2]], lines[:, [1, 3]]
    ends = across.min(), across.max(), down.min(), down.max()
    edges = columns.min(), columns.max() + 1, rows.min(), rows.max() + 1
    assert ends == pytest.approx(edges, abs=step)


def test_without_strokes_there_is_no_outline(session):
    assert scope.outline(session.document).shape == (0, 4)


@given(
    st.floats(8, 20), st.floats(-3, 3), st.floats(-3, 3), st.integers(40, 60), st.integers(40, 60)
)
def test_contours_of_a_cone_are_circles(radius, dx, dy, width, height):
    """The distance to a point is nearly linear along each side of a cell."""
    x, y = width / 2 + dx, height / 2 + dy
    rows, columns = np.mgrid[:height, :width]
    field = 100 - np.hypot(columns - x, rows - y)
    lines = scope.contour(field, 100 - radius)
    inside = min(x, width - 1 - x, y, height - 1 - y) > radius + 1
    distances = np.hypot(lines[:, [0, 2]] - x, lines[:, [1, 3]] - y)
    assert np.abs(distances - radius).max() < 0.05
    if inside:
        starts = {tuple(point) for point in np.round(lines[:, :2], 9)}
        ends = {tuple(point) for point in np.round(lines[:, 2:], 9)}
        assert starts == ends  # closed
        length = np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]).sum()
        assert length == pytest.approx(2 * np.pi * radius, rel=0.01)


def test_live_previews_ask_for_the_same(session):
    """The model shall see the same part however often it is asked."""
    stroke(session, (400, 300))
    first = request_of(session.document, PARAMS)
    again = request_of(session.document, replace(PARAMS, calls=6))
    assert first.rect == again.rect
    assert np.array_equal(first.mask, again.mask)
