import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sdedit_desktop.editing.regions.feather import _distance, _running_max, bounds, feather
from sdedit_desktop.geometry import Rect

masks = arrays.arrays(
    np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40)), elements=st.integers(0, 255)
)


def disc(side, radius):
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    return ((x * x + y * y) < radius * radius) * np.uint8(255)


@given(masks)
def test_the_feather_is_zero_exactly_outside_the_mask(mask):
    assert np.array_equal(feather(mask) == 0, mask == 0)


@pytest.mark.parametrize(("side", "radius"), [(101, 40), (801, 350), (1601, 750)])
def test_a_disc_fades_at_its_edge_and_is_full_inside(side, radius):
    alpha = feather(disc(side, radius)).astype(int)
    middle = side // 2
    row = alpha[middle, middle - radius : middle + 1]
    assert row[0] < 32
    assert row[-1] == 255
    assert (np.diff(row) >= -2).all()
    assert 0.03 * radius < np.count_nonzero(row < 250) < 0.3 * radius


@pytest.mark.parametrize(("side", "radius"), [(401, 150), (2001, 900)])
def test_the_thinnest_part_is_full_in_its_middle(side, radius):
    mask = disc(side, radius)
    mask[10:15] = 255
    assert feather(mask)[12, 50:350].min() > 250


@pytest.mark.parametrize("side", [64, 1400])
def test_the_border_of_the_picture_is_no_edge(side):
    mask = np.zeros((side, side), np.uint8)
    mask[:, : side // 2] = 255
    alpha = feather(mask)
    assert alpha[:, 0].min() == 255
    assert alpha[:, side // 2 - 1].max() < 128


def test_a_mask_of_everything_is_full_everywhere():
    assert feather(np.full((5, 7), 3, np.uint8)).min() == 255


@given(
    arrays.arrays(np.bool_, st.tuples(st.integers(2, 14), st.integers(2, 14))), st.integers(1, 8)
)
def test_distances_are_euclidean(support, reach):
    if support.all():
        support[0, 0] = False
    ys, xs = np.nonzero(~support)
    exact = [
        [min(reach, np.hypot(ys - y, xs - x).min()) for x in range(support.shape[1])]
        for y in range(support.shape[0])
    ]
    np.testing.assert_allclose(_distance(support, reach), exact, atol=1e-5)


@given(st.integers(1, 12), st.integers(1, 30))
def test_the_running_maximum_reaches_as_far_as_asked(reach, length):
    values = np.random.default_rng(length).random((length, 3)).astype(np.float32)
    exact = [values[max(0, i - reach) : i + reach + 1].max(axis=0) for i in range(length)]
    assert np.array_equal(_running_max(values, reach), exact)


def test_the_bounds_of_a_mask_are_found():
    mask = np.zeros((20, 30), np.uint8)
    assert not bounds(mask)
    mask[4, 7] = mask[9, 11] = 1
    assert bounds(mask) == Rect(7, 4, 12, 10)


@pytest.mark.parametrize("side", [40, 900])
def test_a_fade_can_be_kept_narrow(side):
    mask = np.zeros((side + 20, side + 20), np.uint8)
    mask[10:-10, 10:-10] = 255
    narrow = feather(mask, widest=2.0)
    assert (narrow[10, 20:-20] < 255).all()
    assert (narrow[13:-13, 13:-13] == 255).all()
    assert (narrow[mask == 0] == 0).all()
