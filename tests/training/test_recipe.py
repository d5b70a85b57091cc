import math

import numpy as np
import pytest
import torch

from sdedit_desktop.training.recipe import SCHEDULE, Recipe, loss, to_pixels, to_tensor


def test_times_are_mostly_where_sdedit_samples_and_reach_everywhere():
    recipe = Recipe()
    times = torch.cat([recipe.times(8, recipe.rng(step)) for step in range(500)])
    assert times.min() >= 0
    assert 950 < times.max() <= 999
    assert (times < 750).double().mean().item() == pytest.approx(0.9, abs=0.01)


def test_a_batch_covers_the_times_evenly():
    times = Recipe(beyond_share=0.1, t0_usual=0.9).times(10, np.random.default_rng(0))
    assert (times // 100).tolist() == list(range(10))


def test_the_exact_answer_costs_nothing_and_the_loss_is_of_v():
    clean, noise = torch.randn(2, 4, 3, 8, 8).unbind()
    times = torch.tensor([5, 200, 500, 999])
    sigma = SCHEDULE.sigmas[times].float()[:, None, None, None]
    alpha = (1 + sigma**2).rsqrt()
    v = alpha * noise - alpha * sigma * clean
    assert loss(lambda _x, _t: v, clean, times, noise, 25.0).item() < 1e-9
    snr = SCHEDULE.sigmas[times] ** -2
    expected = ((snr + 4) / (snr + 1)).mean().item()
    assert loss(lambda _x, _t: v + 1, clean, times, noise, 1e9).item() == pytest.approx(expected)


def test_an_error_of_a_whole_sky_counts_more_than_one_of_grain():
    nothing = torch.zeros(1, 3, 128, 128)
    rows, columns = torch.meshgrid(torch.arange(128), torch.arange(128), indexing="ij")

    def cost(side):
        squares = 1 - 2 * ((rows // side + columns // side) % 2)
        wrong = squares.expand_as(nothing).float()
        return loss(lambda _x, _t: wrong, nothing, torch.tensor([500]), nothing, 25.0).item()

    even = cost(128)
    assert [cost(side) / even for side in (1, 4, 16, 64)] == pytest.approx(
        [1 / 15, 3 / 15, 7 / 15, 1], rel=1e-4
    )


def test_the_networks_input_has_the_variance_of_the_schedule():
    seen = []
    clean, noise = torch.randn(2, 4, 3, 32, 32).unbind()
    loss(lambda x, _t: seen.append(x) or x, clean, torch.tensor([0, 300, 600, 999]), noise, 25.0)
    assert torch.allclose(seen[0].std(dim=(1, 2, 3)), torch.ones(4), atol=0.1)


def test_invisible_noise_counts_less():
    ones = torch.ones(1, 3, 4, 4)

    def far_off(x, _t):
        return torch.full_like(x, 1000.0)

    faint, strong = (loss(far_off, ones, torch.tensor([t]), ones, 25.0).item() for t in (0, 500))
    assert faint < strong / 100


def test_learning_rate_rises_stays_and_falls():
    recipe = Recipe(learning_rate=1.0, warmup=10, plateau=100)
    rates = [recipe.learning_rate_at(step) for step in (0, 9, 50, 100, 400)]
    assert rates == pytest.approx([0.1, 1, 1, 1, 0.5])


def test_the_average_spans_the_asked_share_of_the_training():
    """The width of a power function's profile, against its definition by the standard deviation."""
    recipe = Recipe(averaging=0.1)
    steps = 4000
    weights = np.zeros(steps)
    for step in range(steps):
        decay = recipe.average_decay_at(step)
        weights *= decay
        weights[step] = 1 - decay
    places = np.arange(steps) / steps
    mean = (weights * places).sum()
    assert weights.sum() == pytest.approx(1)
    assert math.sqrt((weights * (places - mean) ** 2).sum()) == pytest.approx(0.1, rel=0.02)


def test_pixels_survive_the_way_to_tensors_and_back():
    pixels = np.arange(256 * 3, dtype=np.uint8).reshape(1, 16, 16, 3)
    tensor = to_tensor(pixels)
    assert tensor.min() == -1
    assert tensor.max() == 1
    assert (to_pixels(tensor) == pixels).all()
