"""Schedules, the calibration of t0, and noise levels."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop.diffusion.schedule import (
    VE,
    VP,
    DiscreteVP,
    noise_levels,
    sigma_of_t0,
    t0_of_sigma,
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


def test_a_network_of_unit_range_is_told_half_the_level():
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
