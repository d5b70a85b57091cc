"""Colours of large areas: closed forms with networks that are given."""

import pytest
import torch
from torch.nn.functional import avg_pool2d

from sdedit_desktop.diffusion.denoiser import GaussianDenoiser, Prediction, predict
from sdedit_desktop.diffusion.low_frequency import AREAS_ALONG, keeping_colours
from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.diffusion.schedule import DiscreteVP, noise_levels
from sdedit_desktop.diffusion.sdedit import sdedit
from sdedit_desktop.diffusion.solvers import SOLVERS

SIDE = 64
AREA = SIDE // AREAS_ALONG
GREEN = GaussianDenoiser(mean=-0.5, std=0.0)
"""Knows one colour only."""


def painted(value=0.5, shape=(SIDE, SIDE)):
    return torch.full((1, 3, *shape), value)


def edited(denoise, guide, t0, strictness, repeats=1):
    sigmas = noise_levels(DiscreteVP.linear(), t0, 6)
    *_, last = sdedit(
        keeping_colours(denoise, guide, sigmas[0].item(), strictness),
        guide,
        torch.ones(1, 1, *guide.shape[2:]),
        sigmas=sigmas,
        solver=SOLVERS["dpmpp_2m_sde"],
        noise=SeededNoise([0]),
        repeats=repeats,
    )
    return last.z, sigmas[0].item()


@pytest.mark.parametrize("t0", [0.2, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("strictness", [0.0, 0.4, 1.0])
def test_an_area_gets_back_what_can_be_told_of_it_under_noise(t0, strictness):
    result, sigma = edited(GREEN, painted(), t0, strictness)
    known = 0.25 / (0.25 + sigma**2 / AREA**2)
    expected = -0.5 + strictness * known * 1.0
    assert torch.allclose(result, torch.full_like(result, expected), atol=1e-5)


def test_little_noise_keeps_all_colours_and_the_most_keeps_none():
    (faithful, _), (free, _) = (edited(GREEN, painted(), t0, 1.0) for t0 in (0.2, 1.0))
    assert faithful.mean() > 0.46
    assert free.mean() < -0.49


def test_every_repeat_keeps_the_colours_that_were_painted():
    once, twice = (edited(GREEN, painted(), 0.5, 0.5, repeats)[0] for repeats in (1, 2))
    assert torch.allclose(once, twice, atol=1e-5)


def test_what_is_finer_than_an_area_is_left_to_the_network():
    texture = torch.ones(1, 3, SIDE, SIDE)
    texture[..., ::2, 1::2] = texture[..., 1::2, ::2] = -1
    keeper = keeping_colours(lambda _z, _sigma: 0.3 * texture, painted(), 0.0, 1.0)
    result = keeper(painted(), torch.tensor(1.0))
    assert torch.allclose(result, 0.5 + 0.3 * texture, atol=1e-6)


def test_areas_differ_and_have_no_borders():
    guide = painted()
    guide[..., SIDE // 2 :] = -0.5
    keeper = keeping_colours(GREEN, guide, 0.0, 1.0)
    result = keeper(guide, torch.tensor(1.0))
    means = avg_pool2d(result, AREA)[0, 0]
    assert torch.allclose(means[:, :3], torch.tensor(0.5), atol=1e-6)
    assert torch.allclose(means[:, 5:], torch.tensor(-0.5), atol=1e-6)
    assert result.diff(dim=3).abs().max() < 1.01 / AREA


@pytest.mark.parametrize("shape", [(64, 160), (48, 32), (16, 16)])
def test_pictures_of_any_shape(shape):
    result, _ = edited(GREEN, painted(0.5, shape), 0.2, 1.0)
    assert result.shape == (1, 3, *shape)
    assert torch.allclose(result, result[0, 0, 0, 0].expand_as(result), atol=1e-5)


def test_a_learned_variance_goes_through():
    class Learned:
        def __call__(self, z, sigma):
            return self.predict(z, sigma).denoised

        def predict(self, z, sigma):
            return Prediction(GREEN(z, sigma), torch.full_like(z, 0.3))

    keeper = keeping_colours(Learned(), painted(), 1.0, 1.0)
    assert (predict(keeper, painted(), torch.tensor(1.0)).variance == 0.3).all()


def test_without_strictness_the_denoiser_is_the_same():
    assert keeping_colours(GREEN, painted(), 1.0, 0.0) is GREEN
