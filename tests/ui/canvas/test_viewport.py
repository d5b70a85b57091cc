import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.canvas.viewport import LEAST_SCALE, MOST_SCALE, Viewport

places = st.floats(-5000, 5000)
viewports = st.builds(
    Viewport,
    width=st.floats(50, 4000),
    height=st.floats(50, 4000),
    scale=st.floats(LEAST_SCALE, MOST_SCALE),
    x=places,
    y=places,
    angle=st.sampled_from([0.0, 15.0, 90.0, 215.0]),
    mirrored=st.booleans(),
)


@given(viewports, st.floats(0, 800), st.floats(0, 600), st.floats(0.001, 100))
def test_zooming_keeps_the_point_under_the_pointer(viewport, x, y, scale):
    at = QPointF(x, y)
    before = viewport.to_document(at)
    after = viewport.zoomed(scale, at)
    assert LEAST_SCALE <= after.scale <= MOST_SCALE
    moved = after.transform.map(before) - at
    # The document lies on whole device pixels: half a pixel before, magnified, and half after.
    slack = 0.75 * (1 + after.scale / viewport.scale)
    assert math.hypot(moved.x(), moved.y()) <= slack


@given(viewports, st.floats(0, 800), st.floats(0, 600))
def test_there_and_back_is_the_same_point(viewport, x, y):
    back = viewport.transform.map(viewport.to_document(QPointF(x, y)))
    assert (back.x(), back.y()) == (pytest.approx(x, abs=0.01), pytest.approx(y, abs=0.01))


@given(viewports, st.floats(-300, 300), st.floats(-300, 300))
def test_panning_moves_by_screen_pixels_at_any_scale_and_angle(viewport, dx, dy):
    point = QPointF(10, 20)
    moved = viewport.panned(dx, dy).transform.map(point) - viewport.transform.map(point)
    assert math.hypot(moved.x() - dx, moved.y() - dy) <= 1.5


@given(viewports)
def test_the_visible_area_covers_the_window(viewport):
    seen = viewport.visible(QRectF(0, 0, viewport.width, viewport.height))
    for corner in (QPointF(0, 0), QPointF(viewport.width, viewport.height)):
        point = viewport.to_document(corner)
        assert seen.left <= point.x() <= seen.right
        assert seen.top <= point.y() <= seen.bottom


@pytest.mark.parametrize("size", [(6000, 4000), (40, 30), (10, 3000)])
def test_a_fitted_picture_lies_inside_the_window(size):
    viewport = Viewport(900, 700).fitted(Rect(0, 0, *size))
    box = viewport.to_view(Rect(0, 0, *size))
    assert QRectF(0, 0, 900, 700).contains(box)
    assert viewport.scale <= 1


def test_the_middle_stays_when_the_window_grows():
    viewport = Viewport(800, 600, scale=2.0, x=-40, y=10)
    middle = viewport.to_document(QPointF(400, 300))
    grown = viewport.resized(1000, 900)
    assert grown.to_document(QPointF(500, 450)) == middle
