import numpy as np
import pytest

from sdedit_desktop.training import plots
from sdedit_desktop.training.plots import Point, binned, loss_curve, picture_grid, scatter


def test_bins_are_averaged_and_unknown_ones_leave_a_gap():
    losses = [float("nan")] * 500 + [2.0, 4.0] * 250
    steps, means = binned(losses)
    assert len(steps) == 50
    assert steps[0] == 505.5
    assert means == pytest.approx(np.full(50, 3.0))


@pytest.mark.parametrize("losses", [[], [0.5], [float("nan")] * 3, [0.5, 0.5, 0.5]])
def test_a_curve_is_drawn_of_anything(losses):
    pytest.importorskip("matplotlib")
    assert loss_curve(losses).size == (880, 550)


def curve_of(picture):
    """Rows and columns of the pixels in matplotlib's first colour."""
    pixels = np.asarray(picture.convert("RGB")).astype(int)
    return np.argwhere((np.abs(pixels - (0x1F, 0x77, 0xB4)) < 8).all(axis=2))


def test_a_falling_loss_falls_in_the_picture():
    pytest.importorskip("matplotlib")
    curve = curve_of(loss_curve(list(np.linspace(1.0, 0.1, 200))))
    left, right = curve[curve[:, 1].argmin()], curve[curve[:, 1].argmax()]
    assert left[0] < right[0] - 100


def test_points_are_where_the_numbers_are():
    pytest.importorskip("matplotlib")
    points = [Point("more faithful", 10.0, 0.1, 0.01), Point("more realistic", 40.0, 0.02, 0.0)]
    marks = curve_of(scatter(points, "x", "y"))
    left, right = marks[marks[:, 1].argmin()], marks[marks[:, 1].argmax()]
    assert right[0] > left[0] + 80


def test_a_plot_of_one_point_or_of_nothing_but_zeros_is_drawn():
    pytest.importorskip("matplotlib")
    for point in (Point("zero", 0.0, 0.0, 0.0), Point("below", 3.0, -0.01, 0.02)):
        assert scatter([point], "x", "y").size == (880, 550)


def test_without_matplotlib_or_without_points_there_is_no_plot(monkeypatch):
    assert scatter([], "x", "y") is None
    monkeypatch.setattr(plots.importlib.util, "find_spec", lambda name: None)
    assert loss_curve([1.0, 2.0]) is None
    assert scatter([Point("one", 1.0, 1.0, 0.0)], "x", "y") is None


def test_a_grid_has_each_picture_at_its_row_and_column():
    red, blue = np.full((2, 40, 40, 3), 255, np.uint8)
    red[..., 1:], blue[..., :2] = 0, 0
    pixels = np.asarray(picture_grid([[red, blue], [blue, red], [red, red]], 20))
    assert pixels.shape == (60, 40, 3)
    assert (pixels[10, [10, 30]] == [(255, 0, 0), (0, 0, 255)]).all()
    assert (pixels[30, [10, 30]] == [(0, 0, 255), (255, 0, 0)]).all()
