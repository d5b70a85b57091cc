import math

import pytest
import torch
from torch import Tensor

from sdedit_desktop.diffusion.exemplars import Atlases, Exemplar
from sdedit_desktop.diffusion.exemplars import atlas as atlas_module
from sdedit_desktop.diffusion.exemplars.atlas import DIMS, PATCH
from sdedit_desktop.diffusion.exemplars.scaling import noise_gain, resized
from sdedit_desktop.diffusion.exemplars.search import (
    Comparison,
    Sites,
    patch_match,
    random_field,
    valid_field,
)


def exemplar(height: int, width: int, seed: int = 0, scale: float = 1.0) -> Exemplar:
    generator = torch.Generator().manual_seed(seed)
    picture = torch.rand(3, height, width, generator=generator) * 2 - 1
    return Exemplar(picture, torch.ones(height, width, dtype=torch.bool), scale)


@pytest.mark.parametrize("size", [(128, 96), (45, 64), (33, 90)])
def test_the_noise_gain_is_the_deviation_of_reduced_noise(size: tuple[int, int]) -> None:
    atlas = Atlases([exemplar(60, 70)]).at(1.0)
    assert atlas is not None
    generator = torch.Generator().manual_seed(1)
    noise = torch.randn(24, 3, 128, 128, generator=generator)
    seen = torch.nn.functional.conv2d(resized(noise, size), atlas.basis)
    expected = noise_gain(atlas.basis, (128, 128), size)
    torch.testing.assert_close(seen.std((0, 2, 3)), expected, rtol=0.06, atol=0.005)


def test_features_keep_distances() -> None:
    """They are orthonormal projections: never longer than the patches' own distance."""
    atlas = Atlases([exemplar(40, 40)]).at(1.0)
    assert atlas is not None
    filters = atlas.basis.flatten(1)
    torch.testing.assert_close(filters @ filters.T, torch.eye(len(filters)), atol=1e-4, rtol=0)


def test_patches_lie_inside_one_exemplar_and_on_valid_pixels() -> None:
    first, second = exemplar(20, 30), exemplar(25, 18, 1)
    first.valid[8, 12] = False
    atlas = Atlases([first, second]).at(1.0)
    assert atlas is not None
    expected = (20 - 6) * (30 - 6) - PATCH**2 + (25 - 6) * (18 - 6)
    assert len(atlas.valid_patches) == expected
    lonely = torch.where(atlas.valid.view(-1, 30)[:, 18:], 1, 0)
    assert not lonely[20:].any()  # beside the second, which is narrower


def test_memory_is_bounded_and_the_share_that_fits_is_known() -> None:
    whole = exemplar(200, 300)
    assert Atlases([whole]).share == 1
    bounded = Atlases([whole], most_bytes=1_000_000)
    atlas = bounded.at(1.0)
    assert atlas is not None
    size = atlas.features.nbytes + atlas.pixels.nbytes + atlas.extremes.nbytes
    assert size < 1_000_000
    assert bounded.share < 0.5
    assert bounded.finest == pytest.approx(math.sqrt(bounded.share))


def test_atlases_kept_stay_within_the_bound() -> None:
    atlases = Atlases([exemplar(200, 300)], most_bytes=12_000_000)
    for reduced in (1.0, 1.2, 1.4, 1.7, 2.0, 2.4, 2.8):
        atlases.at(1.0, reduced)
    kept = [each for each in atlases._atlases.values() if each is not None]
    assert sum(a.features.nbytes + a.pixels.nbytes + a.extremes.nbytes for a in kept) < 12_000_000


def test_an_atlas_is_built_once() -> None:
    atlases = Atlases([exemplar(60, 70)])
    assert atlases.at(1.0, 2.0) is atlases.at(1.0, 2.0)


def test_exemplars_that_would_have_to_be_enlarged_are_left_out() -> None:
    atlases = Atlases([exemplar(40, 40), exemplar(30, 30, 1, scale=0.5)])
    fine, coarse = atlases.at(1.0), atlases.at(1.0, 2.0)
    assert fine is not None
    assert fine.numbers.tolist() == [0]
    assert coarse is not None
    assert coarse.numbers.tolist() == [0, 1]
    assert coarse.sizes.tolist() == [[20, 20], [30, 30]]


def test_patch_match_is_nearly_as_good_as_brute_force() -> None:
    generator = torch.Generator().manual_seed(0)
    coarse = torch.randn(1, 3, 16, 16, generator=generator)
    smooth = torch.nn.functional.interpolate(coarse, (60, 60), mode="bicubic")[0]
    atlas = Atlases([Exemplar(smooth, torch.ones(60, 60, dtype=torch.bool))]).at(1.0)
    assert atlas is not None
    sites = Sites.of(torch.ones(30, 30, dtype=torch.bool))
    query: Tensor = atlas.features.view(60, 60, -1)[12:42, 9:39].flatten(0, 1)
    query = query + 0.05 * torch.randn(query.shape, generator=generator)
    field = patch_match(
        Comparison(query, torch.ones(DIMS), atlas),
        sites,
        random_field(atlas, len(query), generator),
        rounds=10,
        coherence=0.0,
        generator=generator,
    )
    found = (atlas.features[field] - query).norm(dim=1)
    best = torch.cdist(query, atlas.features[atlas.valid_patches]).min(1).values
    assert (found <= 1.001 * best + 1e-4).float().mean() > 0.9
    assert atlas.valid[field].all()


def test_a_field_never_keeps_a_patch_that_is_not_valid() -> None:
    picture = exemplar(30, 40)
    picture.valid[:, 20:] = False
    atlas = Atlases([picture]).at(1.0)
    assert atlas is not None
    field = torch.arange(len(atlas.valid), dtype=torch.int32)
    kept = valid_field(field, atlas, torch.Generator().manual_seed(0))
    assert atlas.valid[kept].all()
    assert torch.equal(kept[atlas.valid_patches], field[atlas.valid_patches])


@pytest.mark.parametrize("rows", [1, 3, 7, 50])
def test_bands_change_nothing(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    whole = Atlases([exemplar(40, 50)]).at(1.0)
    monkeypatch.setattr(atlas_module, "_BAND_PIXELS", rows * 50)
    banded = Atlases([exemplar(40, 50)]).at(1.0)
    assert whole is not None
    assert banded is not None
    assert torch.equal(banded.extremes, whole.extremes)
    torch.testing.assert_close(banded.features, whole.features)
