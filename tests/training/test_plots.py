import numpy as np
import pytest

from sdedit_desktop.training.plots import loss_curve, run_means


def test_runs_are_averaged_and_unknown_ones_leave_a_gap():
    losses = [float("nan")] * 500 + [2.0, 4.0] * 250
    places, means = run_means(losses)
    assert len(places) == 50
    assert places[0] == pytest.approx(0.505)
    assert means == pytest.approx(np.full(50, 3.0))


@pytest.mark.parametrize("losses", [[], [0.5], [float("nan")] * 3, [0.5, 0.5, 0.5]])
def test_a_curve_is_drawn_of_anything(losses):
    assert loss_curve(losses, (320, 200)).size == (320, 200)


def test_a_falling_loss_falls_in_the_picture():
    pixels = np.asarray(loss_curve(list(np.linspace(1.0, 0.1, 200)), (400, 300)).convert("RGB"))
    curve = np.argwhere((pixels == (0x1F, 0x6F, 0xB5)).all(axis=2))
    left, right = curve[curve[:, 1].argmin()], curve[curve[:, 1].argmax()]
    assert left[0] < right[0] - 100
