"""Adapters: an exact network of any kind gives the exact picture."""

import pytest
import torch

from sdedit_desktop.diffusion.denoiser import VEDenoiser, VPDenoiser, predict
from sdedit_desktop.diffusion.schedule import VE, VP, DiscreteVP

GENERATOR = torch.Generator().manual_seed(0)
IMAGE = torch.rand(2, 3, 4, 4, generator=GENERATOR) * 2 - 1
NOISE = torch.randn(2, 3, 4, 4, generator=GENERATOR)
SIGMA = torch.tensor(2.0, dtype=torch.float64)
ALPHA = (1 + SIGMA**2).rsqrt()
TARGETS = {
    "epsilon": NOISE,
    "v_prediction": ALPHA * NOISE - SIGMA * ALPHA * IMAGE,
    "sample": IMAGE,
}


class Exact:
    """Answers with what it was given, and remembers what it was asked."""

    def __init__(self, output):
        self.output = output

    def __call__(self, x, labels):
        self.x, self.labels = x, labels
        return self.output.to(x)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("schedule", [VP(), DiscreteVP.linear()], ids=["vp", "ddpm"])
def test_a_variance_preserving_network_sees_unit_variance_and_its_own_label(target, schedule):
    network = Exact(TARGETS[target])
    denoised = VPDenoiser(network, schedule, target)(IMAGE + SIGMA * NOISE, SIGMA)
    torch.testing.assert_close(denoised, IMAGE)
    torch.testing.assert_close(network.x, ALPHA * IMAGE + (1 - ALPHA**2).sqrt() * NOISE)
    torch.testing.assert_close(network.labels, schedule.label(SIGMA).float().expand(2))


@pytest.mark.parametrize("unit_range", [True, False])
def test_a_score_network_works_in_its_own_range(unit_range):
    scale = 2.0 if unit_range else 1.0
    network = Exact(-NOISE / (SIGMA / scale))
    schedule = VE(scale=scale)
    denoised = VEDenoiser(network, schedule, unit_range)(IMAGE + SIGMA * NOISE, SIGMA)
    torch.testing.assert_close(denoised, IMAGE)
    seen = (IMAGE + 1) / 2 + SIGMA / 2 * NOISE if unit_range else IMAGE + SIGMA * NOISE
    torch.testing.assert_close(network.x, seen)
    assert network.labels.tolist() == [2 / scale] * 2


def test_a_learned_variance_is_split_off():
    network = Exact(torch.cat([NOISE, torch.full_like(NOISE, -1)], dim=1))
    denoise = VPDenoiser(network, VP(), learned_variance=True)
    prediction = predict(denoise, IMAGE + SIGMA * NOISE, SIGMA)
    torch.testing.assert_close(prediction.denoised, IMAGE)
    assert torch.equal(prediction.variance, torch.zeros_like(NOISE))


def test_clipping_is_a_choice():
    network = Exact(2 * IMAGE)
    z = IMAGE + SIGMA * NOISE
    assert VPDenoiser(network, VP(), "sample")(z, SIGMA).abs().max() > 1
    assert VPDenoiser(network, VP(), "sample", clip=True)(z, SIGMA).abs().max() <= 1


def test_the_network_computes_in_its_own_type_and_layout():
    network = Exact(IMAGE)
    denoised = VPDenoiser(network, VP(), "sample", dtype=torch.bfloat16)(IMAGE, SIGMA)
    assert (network.x.dtype, denoised.dtype) == (torch.bfloat16, torch.float32)
    assert network.x.is_contiguous(memory_format=torch.channels_last)
