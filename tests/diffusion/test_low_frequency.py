"""Colours of large areas: exact denoisers, whose colours drift for known reasons."""

import pytest
import torch
from exact import GaussianDenoiser
from torch.nn.functional import avg_pool2d

from sdedit_desktop.diffusion.denoiser import Prediction, predict
from sdedit_desktop.diffusion.low_frequency import (
    AREAS_ALONG,
    LowFrequencyGuidance,
    low_frequencies,
)
from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.diffusion.schedule import VP, noise_levels
from sdedit_desktop.diffusion.sdedit import sdedit
from sdedit_desktop.diffusion.solvers import SOLVERS

SIDE, SEEDS = 64, 12
AREA = SIDE // AREAS_ALONG
GREEN = GaussianDenoiser(mean=-0.5, std=0.0)
"""Knows one colour only."""


class PinkDenoiser:
    """The exact denoiser of Gaussian pictures with a spectrum of 1 / f**2, as photographs have.

    Frequencies are independent, so each has a Wiener filter of its own.
    """

    def __init__(self, mean, std):
        f = torch.fft.fftfreq(SIDE) * SIDE
        spectrum = 1 / (f[:, None] ** 2 + f**2).clamp(min=1)
        self.power = std**2 * spectrum / spectrum.mean()
        self.mean = mean

    def __call__(self, z, sigma):
        noisy = torch.fft.fft2(z - self.mean, norm="ortho")
        clean = noisy * self.power / (self.power + sigma.float() ** 2)
        return self.mean + torch.fft.ifft2(clean, norm="ortho").real


def painted(count=1):
    guide = torch.full((count, 1, SIDE, SIDE), 0.5)
    guide[..., SIDE // 2 :] = -0.2
    return guide


class Silence:
    """Noise that is 0: through a linear denoiser it leads to the mean of all candidates."""

    def like(self, z):
        return torch.zeros_like(z)


def areas(denoise, share, calls, solver, noise, count):
    """How far areas are off the painted colours, in ``count`` candidates."""
    sigmas, guide = noise_levels(VP(), 0.3, calls), painted(count)
    *_, last = sdedit(
        LowFrequencyGuidance(denoise, guide, sigmas[0].item(), share),
        guide,
        torch.ones(1, 1, SIDE, SIDE),
        sigmas=sigmas,
        solver=SOLVERS[solver],
        noise=noise,
    )
    return avg_pool2d(last.z - guide, AREA)


def drift(*how):
    return areas(*how, Silence(), 1).square().mean().sqrt().item()


def spread(*how):
    candidates = areas(*how, SeededNoise(range(SEEDS)), SEEDS)
    return candidates.var(0).mean().sqrt().item()


@pytest.mark.parametrize("share", [0.25, 0.75])
@pytest.mark.parametrize("calls", [6, 15])
@pytest.mark.parametrize("solver", ["dpmpp_2m_sde", "ddim"])
def test_all_calls_together_take_the_share_of_the_drift_back(solver, calls, share):
    """And candidates go on to differ: their variance falls by the share, not to nothing."""
    denoise = PinkDenoiser(-0.5, 0.5)
    left = drift(denoise, share, calls, solver) / drift(denoise, 0.0, calls, solver)
    assert left == pytest.approx(1 - share, abs=0.15)
    left = spread(denoise, share, calls, solver) / spread(denoise, 0.0, calls, solver)
    assert 0.95 * (1 - share) < left < 1.15 * (1 - share) ** 0.5


def test_all_of_it_gives_all_candidates_the_colours_that_were_painted():
    how = PinkDenoiser(-0.5, 0.5), 1.0, 6, "dpmpp_2m_sde"
    assert drift(*how) < 0.001
    assert spread(*how) < 0.001


def test_without_a_share_it_is_the_denoiser_itself():
    z = painted()
    guided = LowFrequencyGuidance(PinkDenoiser(0.0, 0.5), z, 3.0, 0.0)
    sigma = torch.tensor(3.0)
    assert torch.equal(guided(-z, sigma), PinkDenoiser(0.0, 0.5)(-z, sigma))


def test_every_repeat_keeps_the_colours_that_were_painted():
    sigmas, guide = noise_levels(VP(), 0.5, 6), torch.full((1, 3, SIDE, SIDE), 0.5)
    *_, last = sdedit(
        LowFrequencyGuidance(GREEN, guide, sigmas[0].item(), 1.0),
        guide,
        torch.ones(1, 1, SIDE, SIDE),
        sigmas=sigmas,
        solver=SOLVERS["dpmpp_2m_sde"],
        noise=SeededNoise([0]),
        repeats=2,
    )
    assert torch.allclose(last.z, guide, atol=1e-5)


def test_details_finer_than_an_area_are_left_to_the_network():
    texture = torch.ones(1, 3, SIDE, SIDE)
    texture[..., ::2, 1::2] = texture[..., 1::2, ::2] = -1
    guide = torch.full((1, 3, SIDE, SIDE), 0.5)
    guided = LowFrequencyGuidance(lambda _z, _sigma: 0.3 * texture, guide, 1.0, 1.0)
    result = guided(guide, torch.tensor(1.0))
    assert torch.allclose(result, 0.5 + 0.3 * texture, atol=1e-5)


@pytest.mark.parametrize("shape", [(64, 64), (64, 160), (48, 32), (50, 37), (16, 16), (7, 10)])
def test_low_frequencies_have_the_means_of_areas(shape):
    picture = torch.rand(2, 3, *shape, generator=torch.Generator().manual_seed(1))
    smooth = low_frequencies(picture)
    assert torch.allclose(low_frequencies(smooth), smooth, atol=1e-5)
    if shape == (64, 64):
        assert torch.allclose(avg_pool2d(smooth, AREA), avg_pool2d(picture, AREA), atol=1e-5)
    assert torch.allclose(low_frequencies(torch.ones_like(picture)), torch.ones(()), atol=1e-5)


def test_a_learned_variance_goes_through():
    class Learned:
        def __call__(self, z, sigma):
            return self.predict(z, sigma).denoised

        def predict(self, z, sigma):
            return Prediction(GREEN(z, sigma), torch.full_like(z, 0.3))

    guide = painted()
    guided = LowFrequencyGuidance(Learned(), guide, 1.0, 1.0)
    assert (predict(guided, guide, torch.tensor(1.0)).variance == 0.3).all()
