import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from sdedit_desktop.diffusion.exemplars import Atlases, Exemplar, ExemplarDenoiser, Search
from sdedit_desktop.diffusion.exemplars.atlas import CORE, DIMS
from sdedit_desktop.diffusion.exemplars.search import _UNLIKELY, Comparison, Sites, posterior

WHITE, DARK = 0.6, -0.8


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def specks(every: int, seed: int) -> Tensor:
    """A white picture (3, 60, 72) with a faint texture, and dark specks."""
    picture = WHITE + 0.02 * noise(3, 60, 72, seed=seed)
    for down in range(2):
        picture[:, 3 + down :: every, 3::every] = DARK
        picture[:, 3 + down :: every, 4::every] = DARK
    return picture


def exemplar(picture: Tensor) -> Exemplar:
    return Exemplar(picture, torch.ones(picture.shape[1:], dtype=torch.bool))


def test_patches_outside_the_expected_bounds_cost_like_unlikely_noise() -> None:
    atlas = Atlases([exemplar(0.3 * noise(3, 20, 24).clamp(-3, 3))]).at(1.0)
    assert atlas is not None
    patches = atlas.valid_patches[::17]
    query = noise(len(patches), DIMS)
    free = Comparison(query, torch.ones(DIMS), atlas)
    bounds = torch.tensor([-0.4, -0.5, -0.3, 0.5, 0.2, 0.4]).expand(len(patches), 6)
    bound = Comparison(query, torch.ones(DIMS), atlas, bounds=bounds)
    picture = atlas.pixels.view(20, 24, 3)
    for i, patch in enumerate(patches.tolist()):
        y, x = divmod(patch, 24)
        reach = CORE // 2
        around = picture[y - reach : y + reach + 1, x - reach : x + reach + 1].flatten(0, 1)
        low = (bounds[i, :3] - around.amin(0)).clamp(min=0)
        high = (around.amax(0) - bounds[i, 3:]).clamp(min=0)
        further = (torch.maximum(low, high) / _UNLIKELY).square().sum()
        rows = torch.tensor([i])
        without, within = (
            each.at(rows).distances(patches[i : i + 1], None) for each in (free, bound)
        )
        torch.testing.assert_close(within - without, further[None], rtol=1e-4, atol=1e-2)


@pytest.mark.parametrize("penalty", [1.0, 1.5])
def test_penalties_multiply_squared_distances(penalty: float) -> None:
    pictures = [noise(3, 12, 12, seed=seed) for seed in (1, 2)]
    exemplars = [exemplar(pictures[0]), replace(exemplar(pictures[1]), penalty=penalty)]
    atlas = Atlases(exemplars).at(1.0)
    assert atlas is not None
    query, patches = noise(5, DIMS, seed=3), atlas.valid_patches
    squares = torch.cdist(query, atlas.features[patches]).square()
    squares[:, patches >= 12 * 12] *= penalty
    each = torch.stack([query] * len(patches), 1).flatten(0, 1)
    compared = Comparison(each, torch.ones(DIMS), atlas)
    distances = compared.distances(patches.repeat(5), None).view_as(squares)
    torch.testing.assert_close(distances, squares, atol=1e-3, rtol=1e-4)
    found = posterior(query, atlas.features[patches], atlas, 1, math.inf)
    expected = (-squares / 2).softmax(1) @ atlas.pixels[patches]
    torch.testing.assert_close(found.values[0], expected, atol=1e-4, rtol=0)


def test_local_means_are_of_the_sites_in_a_square() -> None:
    inside = noise(14, 19) > 0
    sites = Sites.of(inside)
    values = noise(len(sites.y), seed=1)
    picture = torch.zeros(14, 19)
    picture[inside] = values
    wanted = []
    for y, x in zip(sites.y.tolist(), sites.x.tolist(), strict=True):
        around = slice(max(0, y - 3), y + 4), slice(max(0, x - 3), x + 4)
        wanted.append(picture[around][inside[around]].mean())
    torch.testing.assert_close(sites.local_means(values, 3), torch.stack(wanted))


def dark_share(every: int, outlier: float) -> float:
    """The share of dark pixels where white was painted, when the noise looks like ``specks``."""
    picture = specks(every, seed=0)
    z = specks(every, seed=1)[None] + 0.12 * noise(1, 3, 60, 72, seed=2)
    search = Search(shift=0, height=math.inf, repeats=math.inf, tolerance=1.0, outlier=outlier)
    denoise = ExemplarDenoiser(
        Atlases([exemplar(picture)]), guide=torch.full_like(z, WHITE), search=search
    )
    for _ in range(8):
        denoised = denoise(z, torch.tensor(0.12, dtype=torch.float64))
    return float((denoised.mean(1) < 0).float().mean())


@pytest.mark.parametrize(("outlier", "shows"), [(math.inf, True), (6.0, False)])
def test_rare_exemplar_pixels_of_unpainted_colours_do_not_show(
    outlier: float, *, shows: bool
) -> None:
    """Even if the noise looks like them."""
    assert (dark_share(24, outlier) > 0.002) is shows


def test_flat_strokes_on_rough_textures_stay_rough() -> None:
    """However evenly it was painted: flat strokes stand for rough textures as well."""
    assert dark_share(6, 6.0) == pytest.approx(dark_share(6, math.inf), rel=0.05)
    assert dark_share(6, 6.0) > 0.08
