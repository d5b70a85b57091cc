"""Latents: masks, previews, and large pictures in tiles."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from sdedit_desktop.diffusion.networks.autoencoder import AutoencoderConfig
from sdedit_desktop.diffusion.space import Latents, Pixels


class Blocks(nn.Module):
    """An autoencoder whose latents are the means of 8 x 8 pixels, and their brightness."""

    def __init__(self):
        super().__init__()
        self.config = AutoencoderConfig((1, 1, 1, 1))
        self.largest = 0

    def encode(self, pictures):
        self.largest = max(self.largest, pictures[0, 0].numel() // 64)
        means = functional.avg_pool2d(pictures, 8)
        return torch.cat([means, means.mean(1, keepdim=True)], dim=1), None

    def decode(self, latents):
        self.largest = max(self.largest, latents[0, 0].numel())
        return functional.interpolate(latents[:, :3], scale_factor=8)


def picture(height, width):
    generator = torch.Generator().manual_seed(height)
    blocks = torch.rand(1, 3, height // 8, width // 8, generator=generator) * 2 - 1
    return functional.interpolate(blocks, scale_factor=8)


@pytest.mark.parametrize("size", [(64, 64), (1024, 1024), (2048, 768), (1640, 1576)])
def test_pictures_of_all_sizes_come_back_through_tiles_without_seams(size):
    blocks = Blocks()
    space, there = Latents(blocks, 0.18215), picture(*size)
    z = space.encode(there)
    assert z.shape == (1, 4, size[0] // 8, size[1] // 8)
    torch.testing.assert_close(space.decode(z), there)
    assert blocks.largest <= 2 * 96**2


def test_pictures_come_back_through_smaller_tiles_where_memory_is_short():
    blocks = Blocks()
    space, there = Latents(blocks, 0.18215, tile=256), picture(512, 768)
    torch.testing.assert_close(space.decode(space.encode(there)), there)
    assert blocks.largest == (256 // 8) ** 2


def test_tiles_fade_into_each_other():
    """Tiles that disagree are joined gradually: no step is larger than their overlap allows."""

    class Moody(Blocks):
        def decode(self, latents):
            self.calls = getattr(self, "calls", 0) + 1
            size = (1, 3, latents.shape[2] * 8, latents.shape[3] * 8)
            return torch.full(size, float(self.calls % 2))

    space = Latents(Moody(), 1.0)
    found = space.decode(torch.zeros(1, 4, 64, 400))
    assert found.unique().numel() > 10
    assert found.diff(dim=3).abs().max() <= 1.01 / (16 * 8)


def test_previews_are_fitted_to_the_guide():
    space, there = Latents(Blocks(), 0.5), picture(64, 128)
    z = space.encode(there)
    preview = space.previewer(there, z)
    small = functional.avg_pool2d(preview(z), 8)
    assert preview(z).shape == there.shape
    wanted = functional.avg_pool2d(
        functional.interpolate(functional.avg_pool2d(there, 8), scale_factor=8, mode="bilinear"), 8
    )
    torch.testing.assert_close(small, wanted, rtol=1e-3, atol=1e-3)


def test_previews_of_an_empty_canvas_are_finite():
    space, empty = Latents(Blocks(), 0.5), torch.ones(1, 3, 64, 64)
    z = space.encode(empty)
    assert space.previewer(empty, z)(z + 1).isfinite().all()


def test_a_latent_may_change_as_much_as_its_freest_pixel():
    mask = torch.zeros(1, 1, 16, 16)
    mask[0, 0, 3, 12], mask[0, 0, 2, 2] = 0.7, 0.2
    reduced = Latents(Blocks(), 1.0).reduce(mask)
    assert reduced.tolist() == [[[[pytest.approx(0.2), pytest.approx(0.7)], [0, 0]]]]


def test_pixels_are_left_alone():
    there = picture(16, 16)
    assert Pixels().decode(Pixels().encode(there)) is there
    assert Pixels().previewer(there, there)(there) is there
