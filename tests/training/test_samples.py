import numpy as np

from sdedit_desktop.diffusion.denoiser import GaussianDenoiser
from sdedit_desktop.training.evaluation.distances import l2
from sdedit_desktop.training.samples import edit

RNG = np.random.default_rng(0)


def noisy(height=64, width=64):
    return RNG.integers(0, 256, (height, width, 3), np.uint8)


def test_editing_is_repeatable_and_one_stream_per_picture():
    guides = np.stack([noisy(16, 16), noisy(16, 16)])
    both = edit(GaussianDenoiser(), guides, t0=0.5, calls=3, seed=4)
    alone = edit(GaussianDenoiser(), guides[1:], t0=0.5, calls=3, seed=5)
    assert both.shape == guides.shape
    assert (both[1] == alone[0]).all()
    little = edit(GaussianDenoiser(), guides, t0=0.05, calls=3)
    assert l2(little, guides) < l2(both, guides)
