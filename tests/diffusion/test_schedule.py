"""Schedules, the calibration of t0, and noise levels."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sdedit_desktop import paths
from sdedit_desktop.diffusion.schedule import (
    LATENT_FACTOR,
    VE,
    VP,
    DiscreteVP,
    noise_levels,
    sigma_of_t0,
    t0_of_sigma,
    trailing_levels,
)

SCHEDULES = {
    "vp": VP(),
    "ddpm": DiscreteVP.linear(),
    "ddpm 4000": DiscreteVP.linear(2.5e-5, 5e-3, 4000),
    "cosine": DiscreteVP.cosine(),
    "scaled linear": DiscreteVP.scaled_linear(),
    "ve": VE(),
}
each_schedule = pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)


def scalar(value):
    return torch.tensor(value, dtype=torch.float64)


@each_schedule
def test_time_inverts_sigma(schedule):
    t = torch.linspace(0.01, 1, 50, dtype=torch.float64)
    torch.testing.assert_close(schedule.time(schedule.sigma(t)), t)


@each_schedule
@pytest.mark.parametrize("t0", [0.2, 0.35, 0.5, 0.6])
def test_t0_means_the_same_noise_to_signal_ratio_on_every_model(schedule, t0):
    start = noise_levels(schedule, t0, 10)[0]
    assert start.item() == pytest.approx(sigma_of_t0(t0), rel=1e-12)
    # The time the model is run at has, by the model's own schedule, that noise level.
    assert schedule.sigma(schedule.time(start)).item() == pytest.approx(sigma_of_t0(t0), rel=1e-6)


def test_t0_is_calibrated_by_the_schedule_of_the_paper():
    published = {0.1: 0.339, 0.3: 1.23, 0.4: 2.03, 0.5: 3.42, 0.6: 6.14}
    for t0, sigma in published.items():
        assert sigma_of_t0(t0) == pytest.approx(sigma, rel=0.01)
        assert t0_of_sigma(sigma_of_t0(t0)) == pytest.approx(t0, abs=1e-12)


def test_the_models_own_times_of_half_strength():
    half = scalar(sigma_of_t0(0.5))
    assert DiscreteVP.linear().index(half).item() == pytest.approx(499, abs=0.6)
    assert VE().time(half).item() == pytest.approx(0.488, abs=0.001)


def test_a_sigma_of_the_training_finds_its_own_step():
    schedule = DiscreteVP.linear()
    found = torch.stack([schedule.index(sigma) for sigma in schedule.sigmas])
    torch.testing.assert_close(found, torch.arange(1000, dtype=torch.float64), rtol=0, atol=1e-8)


def test_discrete_and_continuous_schedule_of_ddpm_agree():
    t = torch.linspace(0.05, 1, 20, dtype=torch.float64)
    torch.testing.assert_close(DiscreteVP.linear().sigma(t), VP().sigma(t), rtol=0.04, atol=0)


@each_schedule
def test_labels_never_leave_the_range_of_the_training(schedule):
    beyond = schedule.label(scalar(1e-9)), schedule.label(scalar(1e9))
    ends = schedule.label(scalar(schedule.sigma_min)), schedule.label(scalar(schedule.sigma_max))
    torch.testing.assert_close(beyond, ends)


def test_networks_trained_on_0_to_1_get_half_the_noise_level():
    assert VE().label(scalar(2.0)).item() == 1.0


@given(
    st.sampled_from(sorted(SCHEDULES)),
    st.floats(1e-4, 1),
    st.integers(1, 200),
)
def test_there_are_as_many_descending_levels_as_calls(name, t0, calls):
    schedule = SCHEDULES[name]
    levels = noise_levels(schedule, t0, calls)
    assert levels.shape == (calls + 1,)
    assert levels.dtype == torch.float64
    assert (levels.diff() < 0).all()
    assert levels[0].item() == min(sigma_of_t0(t0), schedule.sigma_max)
    assert levels[-1].item() == 0


@pytest.mark.parametrize(("t0", "calls"), [(0.0, 10), (1.1, 10), (0.5, 0)])
def test_levels_that_lead_nowhere_are_refused(t0, calls):
    with pytest.raises(ValueError, match="must be"):
        noise_levels(VP(), t0, calls)


# Latents


def test_t0_of_latents_is_the_strength_that_people_use():
    schedule = DiscreteVP.scaled_linear()
    for t0, strength in ((0.4, 0.36), (0.5, 0.52), (0.6, 0.68)):
        sigma = torch.tensor(sigma_of_t0(t0, LATENT_FACTOR), dtype=torch.float64)
        assert schedule.time(sigma).item() == pytest.approx(strength, abs=0.005)
        assert t0_of_sigma(sigma.item(), LATENT_FACTOR) == pytest.approx(t0)


def test_latents_begin_lower_than_pixels_do():
    pixels = DiscreteVP.scaled_linear()
    latents = replace(pixels, t0_factor=LATENT_FACTOR)
    ratio = noise_levels(latents, 0.5, 10)[0] / noise_levels(pixels, 0.5, 10)[0]
    assert ratio.item() == pytest.approx(LATENT_FACTOR)


def test_colours_of_areas_bear_about_twice_as_much_noise_in_pixels_as_in_latents():
    """The measurement behind the factor, on the bundled photographs: see ``LATENT_FACTOR``."""
    found = []
    for path in sorted((paths.resources() / "samples").glob("*.jpg")):
        with Image.open(path) as image:
            shrunk = max(1, round(min(image.size) / 512))
            size = [length // shrunk // 8 * 8 for length in image.size]
            small = image.convert("RGB").resize(size, Image.Resampling.BOX)
        pixels = torch.from_numpy(np.asarray(small) / 127.5 - 1)
        blocks = pixels.unfold(0, 8, 8).unfold(1, 8, 8).permute(0, 1, 3, 4, 2).reshape(-1, 192)
        blocks = blocks - blocks.mean(0)
        components = torch.linalg.eigh(blocks.T @ blocks).eigenvectors[:, -4:]
        scale = (blocks @ components).square().mean().sqrt()
        means = torch.eye(3, dtype=torch.float64).repeat(64, 1) / 64
        noise = scale * (components.T @ means).square().sum(0).sqrt().mean()
        found.append((1 / 8 / noise).item())
    assert found == [pytest.approx(ratio, abs=0.02) for ratio in (0.30, 0.43, 0.71)]
    assert sum(found) / 3 == pytest.approx(LATENT_FACTOR, abs=0.05)


def test_trailing_levels_are_those_of_distilled_models(schedule_of_latents):
    """Four calls from the noisiest step: 999, 749, 499 and 249, as Turbo and LCM were trained."""
    schedule = schedule_of_latents
    levels = trailing_levels(schedule, t0_of_sigma(schedule.sigma_max, LATENT_FACTOR), 4)
    steps = [schedule.index(level).item() for level in levels[:-1]]
    assert steps == [pytest.approx(step, abs=0.01) for step in (999, 749, 499, 249)]
    assert levels[-1] == 0


@each_schedule
@pytest.mark.parametrize("levels_of", [noise_levels, trailing_levels])
@given(st.floats(1e-4, 1), st.integers(1, 400))
def test_levels_always_descend_to_nothing(schedule, levels_of, t0, calls):
    """Also where the model knows fewer levels below t0 than there are calls, or none."""
    levels = levels_of(schedule, t0, calls)
    assert len(levels) == calls + 1
    assert (levels.diff() < 0).all()
    assert levels[-1] == 0
    assert levels[0] == min(sigma_of_t0(t0), schedule.sigma_max)


@pytest.fixture
def schedule_of_latents():
    return replace(DiscreteVP.scaled_linear(), t0_factor=LATENT_FACTOR)
