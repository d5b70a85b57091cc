from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop.geometry import NOWHERE, Rect

places = st.integers(-20, 20)
rects = st.builds(Rect, places, places, places, places)


def pixels(rect):
    return {(x, y) for x in range(rect.left, rect.right) for y in range(rect.top, rect.bottom)}


@given(rects, rects)
def test_rectangles_are_sets_of_pixels(a, b):
    assert bool(a) == bool(pixels(a))
    assert pixels(a & b) == pixels(a) & pixels(b)
    assert pixels(a | b) >= pixels(a) | pixels(b)
    assert a.encloses(b) == (pixels(a) >= pixels(b))
    assert (a & b).width >= 0
    assert (a & b).height >= 0


@given(rects, places, places)
def test_a_rectangle_contains_its_pixels(rect, x, y):
    assert rect.contains(x, y) == ((x, y) in pixels(rect))
    assert rect.contains(x + 0.9, y + 0.9) == rect.contains(x, y)
    assert pixels(rect.translated(x, y)) == {(a + x, b + y) for a, b in pixels(rect)}


@given(st.lists(rects))
def test_the_union_is_around_all(many):
    union = Rect.union(many)
    assert all(union.encloses(rect) for rect in many)
    assert bool(union) == any(map(bool, many))
    assert bool(union) or union == NOWHERE


def test_growing_goes_both_ways():
    assert Rect(1, 2, 5, 6).grow(3) == Rect(-2, -1, 8, 9)
    assert Rect(1, 2, 5, 6).grow(3).grow(-3) == Rect(1, 2, 5, 6)
    assert not Rect(1, 2, 5, 6).grow(-2)
