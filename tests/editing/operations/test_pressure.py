import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop.editing.operations.pressure import MOST_POINTS, PressureCurve

shares = st.floats(0, 1)
curves = st.lists(st.tuples(st.integers(1, 99), shares), max_size=6, unique_by=lambda p: p[0])


def curve_of(inner, first=0.0, last=1.0):
    middle = [(x / 100, y) for x, y in sorted(inner)]
    return PressureCurve(((0.0, first), *middle, (1.0, last)))


def test_the_straight_curve_changes_nothing():
    assert [PressureCurve()(p) for p in (0.0, 0.1, 1 / 3, 1.0)] == [0.0, 0.1, 1 / 3, 1.0]


@given(curves, shares, shares)
def test_a_curve_goes_through_its_points_and_never_beyond_them(inner, first, last):
    curve = curve_of(inner, first, last)
    for x, y in curve.points:
        assert curve(x) == pytest.approx(y)
    for (x0, y0), (x1, y1) in zip(curve.points, curve.points[1:], strict=False):
        heights = [curve(x) for x in np.linspace(x0, x1, 20)]
        assert min(y0, y1) - 1e-9 <= min(heights)
        assert max(heights) <= max(y0, y1) + 1e-9
        steps = np.diff(heights) * (1 if y1 >= y0 else -1)
        assert (steps >= -1e-9).all()


@given(curves, st.floats(-2, 3))
def test_whatever_a_pen_reports_a_brush_feels_0_to_1(inner, pressure):
    curve = curve_of(inner)
    if curve.points != PressureCurve().points:
        assert 0 <= curve(pressure) <= 1


@given(curves, shares)
def test_a_curve_is_kept_as_text(inner, first):
    curve = curve_of([(x, round(y, 3)) for x, y in inner], round(first, 3))
    assert PressureCurve.from_text(str(curve)) == curve


@pytest.mark.parametrize(
    "text", ["", "0,0", "0,0 1", "0,0 0.5,nan 1,1", "0,0 2,2", "a,b c,d", "0,0 0.5,1 0.5,0 1,1"]
)
def test_a_damaged_curve_is_straight(text):
    assert PressureCurve.from_text(text) == PressureCurve()


@given(curves, st.integers(0, 7), st.floats(-1, 2), st.floats(-1, 2))
def test_a_point_can_be_dragged_anywhere_and_the_curve_stays_one(inner, index, x, y):
    curve = curve_of(
        [(3 * (a // 3), y) for a, y in {p[0] // 3: p for p in inner}.values() if a > 2]
    )
    moved = curve.moved(index % len(curve.points), x, y)
    assert len(moved.points) == len(curve.points)
    assert moved.points[0][0] == 0
    assert moved.points[-1][0] == 1


def test_points_come_and_go():
    curve = PressureCurve()
    for i in range(1, 20):
        curve = curve.with_point(i / 20, 0.5)
    assert len(curve.points) == MOST_POINTS
    assert curve.with_point(0.99, 0.5) == curve
    assert curve.without_point(0) == curve.without_point(MOST_POINTS - 1) == curve
    for _ in range(MOST_POINTS - 2):
        curve = curve.without_point(1)
    assert curve == PressureCurve()
