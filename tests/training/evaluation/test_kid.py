import numpy as np
import pytest

from sdedit_desktop.training.evaluation.kid import kid, polynomial_kernel, squared_mmd

RNG = np.random.default_rng(0)


def estimate(x, y):
    return squared_mmd(polynomial_kernel(x, x), polynomial_kernel(y, y), polynomial_kernel(x, y))


def moments(mean, std):
    """First three of a Gaussian."""
    return np.array([mean, mean**2 + std**2, mean**3 + 3 * mean * std**2])


def closed_form(mean, std, other_mean, other_std):
    """(x y + 1)^3 = 1 + 3 x y + 3 x^2 y^2 + x^3 y^3: a weighted distance between moments."""
    change = moments(mean, std) - moments(other_mean, other_std)
    return float(np.array([3, 3, 1]) @ change**2)


def test_the_kernel_is_cubic_and_knows_the_dimension():
    kernel = polynomial_kernel(np.array([[1.0, 2], [0, 0]]), np.array([[3.0, 4]]))
    assert kernel.tolist() == [[(11 / 2 + 1) ** 3], [1]]


@pytest.mark.parametrize("other", [(0.2, 0.6), (0.7, 0.6), (0.2, 1.1)])
def test_the_estimate_is_unbiased_for_any_number_of_pictures(other):
    """Of few samples, unequally many: the mean over many is the closed form between Gaussians."""
    here = (0.2, 0.6)
    values = [estimate(RNG.normal(*here, (6, 1)), RNG.normal(*other, (9, 1))) for _ in range(6000)]
    error = np.std(values) / np.sqrt(len(values))
    assert np.mean(values) == pytest.approx(closed_form(*here, *other), abs=4 * error)
    if other == here:
        assert min(values) < 0


@pytest.mark.parametrize("counts", [(30, 200), (200, 30)])
def test_the_spread_is_how_much_the_estimate_varies(counts):
    sets = [
        (
            RNG.normal(0, 1, (counts[0], 8)).astype("f"),
            RNG.normal(0.4, 1, (counts[1], 8)).astype("f"),
        )
        for _ in range(60)
    ]
    found = [kid(*pair) for pair in sets]
    truth = np.std([each.mean for each in found])
    assert np.mean([each.spread for each in found]) == pytest.approx(truth, rel=0.35)


def test_kid_is_reproducible_and_independent_of_the_order():
    x, y = RNG.normal(size=(12, 5)).astype("f"), RNG.normal(size=(20, 5)).astype("f")
    assert kid(x, y) == kid(x, y)
    assert kid(x[::-1], y[::-1]).mean == pytest.approx(kid(x, y).mean)
