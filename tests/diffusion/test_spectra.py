"""Edits of pictures whose distribution is Gaussian and has the spectrum of photographs, 1/f².

Every frequency is a Gaussian of its own, and its exact denoiser is linear: what a descent makes of
the guide and of each draw follows without sampling, and with it the distribution of results. How
far two are apart is told by the Fréchet (Wasserstein-2) distance, relative to the results' power.
"""

import math
from functools import cache

import pytest
import torch

from sdedit_desktop.diffusion.noise import Noise
from sdedit_desktop.diffusion.recipes import _least_calls
from sdedit_desktop.diffusion.schedule import VE, VP, DiscreteVP, noise_levels, sigma_of_t0
from sdedit_desktop.diffusion.sdedit import sdedit
from sdedit_desktop.diffusion.solvers import DEFAULT_CALLS, DEFAULT_SOLVER, SOLVERS

SIDE = 256
T0S = (0.05, 0.2, 0.35, 0.5, 0.7, 1.0)
SIMPLER = {
    "heun": "ddim",
    "dpmpp_2m": "ddim",
    "dpmpp_2m_sde": "ddpm",
    "sa_solver": "dpmpp_2m_sde",
}
BANDS = ((1, 4), (4, 16), (16, 64), (64, 1000))
"""Cycles per picture."""


@cache
def spectrum():
    """Some frequencies, how many each stands for, and deviations; pixels have the variance 0.25."""
    sides = torch.fft.fftfreq(SIDE, 1 / SIDE, dtype=torch.float64)
    radii = (sides[:, None] ** 2 + sides**2).sqrt().flatten().sort().values[1:]
    frequencies = torch.logspace(0, math.log10(radii[-1]), 24, dtype=torch.float64)
    between = (frequencies[1:] * frequencies[:-1]).sqrt()
    counts = torch.bucketize(radii, between).bincount().double()
    power = frequencies**-2
    return frequencies, counts, (power * 0.25 * SIDE**2 / (power * counts).sum()).sqrt()


class Impulses(Noise):
    """Draw k is 1 in sample k + 1 of the batch, and 0 in all others."""

    def __init__(self):
        self._drawn = 0

    def like(self, z):
        self._drawn += 1
        draw = torch.zeros_like(z)
        draw[self._drawn] = 1
        return draw


@cache
def made(solver, t0, calls, resamplings=1, strength=1.0):
    """What becomes of one unit of the guide, and the variance of results, per frequency."""
    _, _, deviation = spectrum()
    draws = 2 * calls * resamplings
    guide = torch.zeros(draws + 2, 1, 1, len(deviation), dtype=torch.float64)
    guide[0] = 1
    *_, last = sdedit(
        lambda z, sigma: deviation**2 * z / (deviation**2 + sigma**2),
        guide,
        torch.full((1, 1, 1, len(deviation)), strength, dtype=torch.float64),
        sigmas=noise_levels(VP(), t0, calls),
        solver=SOLVERS[solver],
        noise=Impulses(),
        resamplings=resamplings,
    )
    kept, *moved = last.z[:, 0, 0]
    return kept, torch.stack(moved).square().sum(0)


def ideal(t0, deterministic=False):
    """The same with infinitely many calls."""
    _, _, deviation = spectrum()
    noise, data = sigma_of_t0(t0) ** 2, deviation**2
    share = data / (data + noise)
    if deterministic:
        return share.sqrt(), share * noise
    return share, share**2 * noise + share * noise


def distance(found, wanted, band=(0, 1000)):
    """Of guides that are such pictures themselves; relative to the power of what is wanted."""
    frequencies, counts, deviation = spectrum()
    within = counts * ((frequencies >= band[0]) & (frequencies < band[1]))
    apart = (found[0] - wanted[0]) ** 2 * deviation**2 + (found[1].sqrt() - wanted[1].sqrt()) ** 2
    power = wanted[0] ** 2 * deviation**2 + wanted[1]
    return math.sqrt((apart * within).sum() / (power * within).sum())


def error(solver, t0, calls):
    return distance(made(solver, t0, calls), ideal(t0, solver in ("ddim", "heun", "dpmpp_2m")))


@pytest.mark.parametrize("solver", SOLVERS)
def test_many_calls_reach_the_ideal(solver):
    few, many = (error(solver, 0.35, calls) for calls in (40, 80))
    assert many < 0.6 * few or many < 0.001
    assert many < 0.04


@pytest.mark.parametrize("strength", [1.0, 0.6])
@pytest.mark.parametrize("solver", SOLVERS)
def test_resampling_changes_pictures_and_not_their_distribution(solver, strength):
    """What was such a picture is one afterwards; less of the guide is left in it."""
    _, _, deviation = spectrum()
    once, thrice = (made(solver, 0.35, 60, times, strength) for times in (1, 3))
    for kept, variance in (once, thrice):
        power = kept**2 * deviation**2 + variance
        assert (power.sqrt() / deviation - 1).abs().max() < 0.05
    assert (thrice[0] < once[0]).all()


@pytest.mark.parametrize("t0", T0S)
@pytest.mark.parametrize("calls", [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25])
@pytest.mark.parametrize("solver", SIMPLER)
def test_no_number_of_calls_makes_a_solver_worse_than_a_simpler_one(solver, t0, calls):
    assert error(solver, t0, calls) <= 1.04 * error(SIMPLER[solver], t0, calls) + 0.004


@pytest.mark.parametrize("t0", T0S)
def test_the_default_is_nearer_to_the_ideal_than_a_hundred_calls_of_ddpm(t0):
    assert error(DEFAULT_SOLVER, t0, DEFAULT_CALLS) <= error("ddpm", t0, 100)


@pytest.mark.parametrize("band", [(0, 1000), *BANDS])
@pytest.mark.parametrize("t0", [0.2, 0.35, 0.5, 0.7])
def test_the_default_is_within_a_twentieth_of_500_calls(t0, band):
    assert distance(made(DEFAULT_SOLVER, t0, DEFAULT_CALLS), made("ddpm", t0, 500), band) < 0.05


@pytest.mark.parametrize("schedule", [VP(), VE(), DiscreteVP.linear(), DiscreteVP.cosine()])
def test_the_default_number_of_calls_is_enough_for_every_solver(schedule):
    least = {name: _least_calls(name, schedule, t0) for name in SOLVERS for t0 in T0S}
    assert max(least.values()) <= DEFAULT_CALLS
