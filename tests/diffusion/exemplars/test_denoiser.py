import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from sdedit_desktop.diffusion.exemplars import (
    Atlases,
    Exemplar,
    ExemplarDenoiser,
    ExemplarError,
    Search,
)

FREE = torch.zeros(1, 1, 64, 64, dtype=torch.bool)
FREE[..., 10:40, 20:50] = True


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def smooth(height: int, width: int, seed: int = 0, grain: int = 4) -> Tensor:
    """A picture (3, height, width) in which neighbours are alike, as in photographs."""
    coarse = noise(1, 3, height // grain + 2, width // grain + 2, seed=seed) * 0.4
    return functional.interpolate(coarse, (height, width), mode="bicubic")[0].clamp(-1, 1)


def whole(picture: Tensor) -> Exemplar:
    return Exemplar(picture, torch.ones(picture.shape[1:], dtype=torch.bool))


def plain(**others: float) -> Search:
    """Every patch is as likely wherever it is and however often it was used, in its own colours."""
    return Search(shift=0, height=math.inf, repeats=math.inf, **others)


def level(sigma: float) -> Tensor:
    return torch.tensor(sigma, dtype=torch.float64)


def test_the_only_patch_there_is_is_the_answer_everywhere() -> None:
    picture = noise(3, 7, 7).clamp(-1, 1)
    denoise = ExemplarDenoiser(Atlases([whole(picture)]), search=plain(core=1))
    for sigma in (3.0, 0.3, 0.01):
        denoised = denoise(noise(1, 3, 20, 20, seed=1), level(sigma))
        torch.testing.assert_close(denoised, picture[None, :, 3:4, 3:4].expand_as(denoised))


def test_without_noise_the_picture_itself_is_found() -> None:
    exemplar = smooth(60, 70)
    wanted = exemplar[None, :, 10:40, 20:60]
    denoise = ExemplarDenoiser(Atlases([whole(exemplar)]), search=plain(first_rounds=12))
    denoised = denoise(wanted + 0.005 * noise(*wanted.shape), level(0.005))
    found = (denoised - wanted).abs().amax(1)[:, 3:-3, 3:-3] < 1e-6
    assert found.float().mean() > 0.97


def test_the_border_of_a_perfect_match_is_not_moved() -> None:
    """Patches at the mask's border are voted for by fewer others, but by no wrong ones."""
    picture = smooth(64, 64)
    denoise = ExemplarDenoiser(
        Atlases([whole(picture)]),
        FREE,
        picture[None],
        search=plain(sharpest=0.0, first_rounds=16),
    )
    for _ in range(3):
        denoised = denoise(picture[None] + 0.003 * noise(1, 3, 64, 64), level(0.003))
    assert (denoised - picture).abs().amax(1)[FREE[0]].quantile(0.9) < 0.01


def test_under_much_noise_all_patches_count_alike() -> None:
    denoise = ExemplarDenoiser(Atlases([whole(smooth(40, 50))]), search=plain())
    denoised = denoise(1e4 * noise(1, 3, 24, 24), level(1e4))
    assert denoised.std((2, 3)).max() < 0.01


def posterior_by_brute_force(z: Tensor, exemplar: Tensor, sigma: float) -> Tensor:
    """The mean of the middle pixel over all patches, without features or scales."""
    patches = functional.unfold(exemplar[None].double(), 7)[0].T
    queries = functional.unfold(z.double(), 7)[0].T
    weights = (-torch.cdist(queries, patches).square() / (2 * sigma**2)).softmax(1)
    middles = exemplar[:, 3:-3, 3:-3].flatten(1).T.double()
    height, width = (length - 6 for length in z.shape[2:])
    return (weights @ middles).T.reshape(1, 3, height, width)


def test_the_posterior_mean_is_exact() -> None:
    """Of smooth pictures 16 features of a patch hold nearly everything."""
    exemplar = smooth(24, 30, grain=20)
    clean = exemplar[None, :, 4:20, 5:25]
    sigma = 0.45
    z = clean + sigma * noise(*clean.shape, seed=3)
    atlases = Atlases([whole(exemplar)])
    denoise = ExemplarDenoiser(atlases, search=plain(core=1, exact_from=0))
    denoised = denoise(z, level(sigma))[..., 3:-3, 3:-3]
    expected = posterior_by_brute_force(z, exemplar, sigma)
    torch.testing.assert_close(denoised.double(), expected, rtol=0, atol=0.01)


@pytest.mark.parametrize(("penalty", "wanted"), [(1.0, 0), (4.0, 1)])
def test_patches_of_exemplars_with_a_penalty_are_used_for_what_others_lack(
    penalty: float, wanted: int
) -> None:
    exact = smooth(60, 70)
    similar, lacking = exact + 0.005 * noise(*exact.shape, seed=5), smooth(60, 70, seed=6)
    z = exact[None, :, 10:40, 20:60] + 0.005 * noise(1, 3, 30, 40)
    for other, expected in ((similar, (exact, similar)[wanted]), (lacking, exact)):
        exemplars = [whole(other), replace(whole(exact), penalty=penalty)]
        denoise = ExemplarDenoiser(Atlases(exemplars), search=plain(first_rounds=16))
        denoised = denoise(z, level(0.005))
        found = (denoised - expected[None, :, 10:40, 20:60]).abs().amax(1)[:, 3:-3, 3:-3] < 1e-6
        assert found.float().mean() > 0.8, found.float().mean()


def test_a_penalty_that_all_exemplars_have_changes_nothing() -> None:
    z = noise(1, 3, 30, 40)
    results = [
        ExemplarDenoiser(Atlases([replace(whole(smooth(60, 50)), penalty=penalty)]))(z, level(0.3))
        for penalty in (1.0, 1.5)
    ]
    assert torch.equal(*results)


def descent(z: Tensor, exemplar: Exemplar, known: Tensor) -> Tensor:
    denoise = ExemplarDenoiser(Atlases([exemplar]), FREE, known)
    levels = (2.0, 1.0, 0.5, 0.2, 0.05, 1.5, 0.1)  # up again, as resampling does
    return torch.stack([denoise(z, level(sigma)) for sigma in levels], 1)


def test_a_sample_is_the_same_alone_in_a_batch_and_again() -> None:
    exemplar, known = whole(smooth(60, 50)), smooth(64, 64, seed=1)[None]
    z = noise(3, 3, 64, 64)
    together = descent(z, exemplar, known)
    alone = torch.cat([descent(z[i : i + 1], exemplar, known) for i in range(3)])
    assert torch.equal(together, alone)
    assert torch.equal(together, descent(z, exemplar, known))


def test_known_pixels_are_returned_unchanged() -> None:
    known = smooth(64, 64, seed=1)[None]
    denoised = descent(noise(1, 3, 64, 64), whole(smooth(60, 50)), known)
    kept = ~FREE[0, 0]
    assert torch.equal(denoised[0, ..., kept], known[0, :, kept].expand(7, -1, -1))


def test_a_pixel_that_is_not_valid_never_shows() -> None:
    """Neither do patches that hold one: it is NaN here."""
    picture = smooth(60, 50)
    valid = torch.ones(60, 50, dtype=torch.bool)
    valid[:, 30:] = False
    poisoned = torch.where(valid, picture, torch.nan)
    known, z = smooth(64, 64, seed=1)[None], noise(1, 3, 64, 64)
    denoised = descent(z, Exemplar(poisoned, valid), known)
    assert denoised.isfinite().all()
    alone = descent(z, Exemplar(picture[:, :, :30], valid[:, :30]), known)
    assert (denoised[:, -2] <= picture[:, :, :30].max() + 0.1).all()
    assert alone.isfinite().all()


@pytest.mark.parametrize("sigma", [3.0, 0.2])
def test_a_mask_of_one_pixel(sigma: float) -> None:
    picture = smooth(40, 40)
    free = torch.zeros(1, 1, 40, 40, dtype=torch.bool)
    free[..., 20, 20] = True
    denoise = ExemplarDenoiser(Atlases([Exemplar(picture, ~free[0, 0])]), free, picture[None])
    denoised = denoise(picture[None] + sigma * noise(1, 3, 40, 40), level(sigma))
    assert denoised.isfinite().all()
    assert (denoised != picture).any(1).sum() == 1


@pytest.mark.parametrize("size", [(40, 50), (6, 50), (50, 6), (1, 1)])
def test_exemplars_without_a_valid_patch_are_an_error(size: tuple[int, int]) -> None:
    valid = torch.ones(size, dtype=torch.bool)
    valid[::3] = min(size) < 7
    with pytest.raises(ExemplarError, match="too little outside the mask"):
        Atlases([Exemplar(torch.zeros(3, *size), valid)])


def test_pictures_of_one_colour() -> None:
    colour = torch.tensor([0.5, -0.25, 1.0])[:, None, None]
    denoise = ExemplarDenoiser(Atlases([whole(colour.expand(3, 30, 30))]), search=plain())
    for sigma in (math.pi, 0.3, 0.05):
        denoised = denoise(noise(1, 3, 24, 24), level(sigma))
        torch.testing.assert_close(denoised, colour[None].expand_as(denoised), atol=1e-5, rtol=0)
