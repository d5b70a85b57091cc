from fractions import Fraction

import pytest
import torch
from torch.nn import functional

from sdedit_desktop.diffusion.denoiser import Prediction, predict
from sdedit_desktop.diffusion.tiling import TiledDenoiser, in_tiles

SIGMA = torch.tensor(0.7, dtype=torch.float64)


def gaussian(z, sigma):
    """The posterior mean of a Gaussian of variance 1: pixel by pixel."""
    return z / (1 + sigma.item() ** 2)


def blurred(z, _sigma):
    """Each pixel looks at 5 x 5."""
    return functional.avg_pool2d(functional.pad(z, (2, 2, 2, 2), mode="replicate"), 5, stride=1)


@pytest.mark.parametrize(("height", "width"), [(64, 64), (100, 36), (37, 130)])
def test_pixelwise_functions_give_the_same_result_in_tiles(height, width):
    z = torch.randn(2, 3, height, width)
    made = TiledDenoiser(gaussian, 32, 1)(z, SIGMA)
    assert torch.allclose(made, gaussian(z, SIGMA), atol=1e-6)


def test_seams_are_where_a_tile_ends_only_and_fade():
    """What looks at a few pixels differs near the edges of tiles, by less than it does there."""
    z = torch.randn(1, 3, 96, 96)
    whole, tiled = blurred(z, SIGMA), TiledDenoiser(blurred, 48, 8)(z, SIGMA)
    edge = blurred(z[..., :48], SIGMA)[..., -1] - whole[..., 47]
    assert (tiled - whole).abs().max() < 0.5 * edge.abs().max()
    middle = tiled[..., 4:20, 4:20] - whole[..., 4:20, 4:20]
    assert middle.abs().max() < 1e-6


def test_tiles_are_no_larger_than_wanted_and_whole_units():
    seen = []

    def look(z, sigma):
        seen.append(z.shape[2:])
        return gaussian(z, sigma)

    TiledDenoiser(look, 40, 8)(torch.randn(1, 3, 128, 72), SIGMA)
    assert {tuple(size) for size in seen} == {(40, 40)}
    seen.clear()
    TiledDenoiser(look, 128, 8)(torch.randn(1, 3, 128, 72), SIGMA)
    assert seen == [(128, 72)]


def test_a_learned_variance_comes_through():
    class Learned:
        def predict(self, z, sigma):
            return Prediction(gaussian(z, sigma), z * 0 + 0.3)

        __call__ = staticmethod(gaussian)

    z = torch.randn(1, 3, 64, 64)
    found = predict(TiledDenoiser(Learned(), 32, 4), z, SIGMA)
    assert torch.allclose(found.denoised, gaussian(z, SIGMA), atol=1e-6)
    assert torch.allclose(found.variance, torch.full_like(z, 0.3))
    assert predict(TiledDenoiser(gaussian, 32, 4), z, SIGMA).variance is None


@pytest.mark.parametrize("factor", [2, 8])
def test_pictures_get_smaller_and_larger(factor):
    x = torch.randn(1, 2, 12 * factor, 20 * factor)

    def reduce(part):
        return functional.avg_pool2d(part, factor)

    small = in_tiles(x, reduce, tile=7, overlap=2, unit=factor, enlarged=Fraction(1, factor))
    assert torch.allclose(small, reduce(x), atol=1e-6)

    def enlarge(part):
        return functional.interpolate(part, scale_factor=factor)

    assert torch.allclose(
        in_tiles(small, enlarge, tile=7, overlap=2, enlarged=factor), enlarge(small), atol=1e-6
    )
