from itertools import pairwise

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from sdedit_desktop.diffusion.exemplars import (
    Atlases,
    Exemplar,
    Preparation,
    edit_in_levels,
    first_size,
    level_sizes,
    refine_in_levels,
)
from sdedit_desktop.diffusion.exemplars.levels import UPPER_CALLS
from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.diffusion.sdedit import State

SIZE = 80, 96


def photograph(seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    octaves = [
        functional.interpolate(
            torch.randn(1, 3, SIZE[0] // grain + 2, SIZE[1] // grain + 2, generator=generator),
            SIZE,
            mode="bilinear",
        )
        * share
        for grain, share in ((30, 0.4), (12, 0.2), (2, 0.2))
    ]
    return torch.stack(octaves).sum(0).clamp(-1, 1)


PHOTO = photograph()
MASK = torch.zeros(1, 1, *SIZE)
MASK[..., 25:60, 30:70] = 1
GUIDE = torch.where(MASK > 0, torch.tensor([0.1, 0.0, -0.1])[:, None, None], PHOTO)
SIZES = [(40, 48), SIZE]


def atlases() -> Atlases:
    return Atlases([Exemplar(PHOTO[0], MASK[0, 0] == 0)])


PREPARED = Preparation.of(GUIDE, MASK, atlases())


def edit(seeds: list[int], mask: Tensor = MASK, t0: float = 0.4) -> list[State]:
    prepared = Preparation.of(GUIDE, mask, atlases())
    return list(edit_in_levels(prepared, SIZES, t0=t0, calls=4, noise=SeededNoise(seeds)))


def test_levels_double_at_most_up_to_the_whole_region() -> None:
    sizes = level_sizes((3000, 2000), atlases())
    assert sizes[-1] == (3000, 2000)
    assert sizes[0] == (314, 209)
    assert all(b[0] <= 2 * a[0] + 1 for a, b in pairwise(sizes))
    assert len(sizes) == 5


@pytest.mark.parametrize("side", [600, 1999, 2600, 6001])
def test_the_first_level_of_a_region_is_the_same_at_any_detail(side: int) -> None:
    first = first_size((side, side * 3 // 2))
    sizes = level_sizes((side, side * 3 // 2), atlases(), 0.5)
    assert sizes[0] == first
    assert level_sizes((side, side * 3 // 2), atlases())[0] == first


def test_no_level_is_finer_than_the_exemplars() -> None:
    coarse = Atlases([Exemplar(PHOTO[0], MASK[0, 0] == 0, scale=0.25)])
    assert level_sizes((3000, 2000), coarse)[-1] == (750, 500)


def test_a_small_region_is_one_level() -> None:
    assert level_sizes((100, 150), atlases()) == [(100, 150)]


def test_calls_are_counted_over_all_levels() -> None:
    states = edit([1])
    assert [state.done for state in states] == list(range(1, states[-1].total + 1))
    assert {state.total for state in states} == {4 + UPPER_CALLS}
    small, large = SIZES
    assert [tuple(state.z.shape[2:]) for state in states] == [small] * 4 + [large] * UPPER_CALLS


def test_outside_the_mask_the_result_is_the_guide() -> None:
    result = edit([1])[-1].z
    assert torch.equal(torch.where(MASK > 0, 0, result), torch.where(MASK > 0, 0, GUIDE))


def test_a_seed_is_a_picture_alone_or_in_a_batch() -> None:
    together = edit([5, 6])[-1].z
    assert torch.equal(together[:1], edit([5])[-1].z)
    assert torch.equal(together[1:], edit([6])[-1].z)
    assert not torch.equal(together[0], together[1])


def test_reusing_a_preparation_changes_nothing() -> None:
    prepared = Preparation.of(GUIDE, MASK, atlases())
    results = [
        list(edit_in_levels(prepared, SIZES, t0=0.4, calls=4, noise=SeededNoise([3])))[-1].z
        for _ in range(2)
    ]
    assert torch.equal(*results)
    assert torch.equal(results[0], edit([3])[-1].z)


def test_a_colour_that_only_the_mask_hides_never_shows() -> None:
    """Whatever is under the mask, the result is the same bit for bit."""
    results = []
    for hidden in (-1.0, 1.0):
        photo = torch.where(MASK > 0, hidden, PHOTO)
        exemplars = Atlases([Exemplar(photo[0], MASK[0, 0] == 0)])
        prepared = Preparation.of(GUIDE, MASK, exemplars)
        states = edit_in_levels(prepared, SIZES, t0=0.5, calls=4, noise=SeededNoise([1]))
        results.append(torch.stack([state.denoised.mean((2, 3)) for state in states]))
    assert torch.equal(*results)


def test_a_result_of_another_size_gets_the_exemplars_detail() -> None:
    soft = functional.interpolate(PHOTO, (40, 48), mode="bilinear", antialias=True)
    states = list(refine_in_levels(soft, PREPARED, SIZES, noise=SeededNoise([1])))
    assert states[-1].z.shape == PHOTO.shape
    assert states[-1].done == states[-1].total == UPPER_CALLS

    def detail(picture: Tensor) -> float:
        return float((picture[..., 1:] - picture[..., :-1])[..., 28:57, 33:67].std())

    enlarged = functional.interpolate(soft, SIZE, mode="bicubic")
    assert detail(enlarged) < 0.7 * detail(PHOTO)
    assert 0.75 < detail(states[-1].z) / detail(PHOTO) < 1.35
    # It is the result that was refined, not what was painted.
    wanted, painted, refined = (
        functional.avg_pool2d(each[..., 28:56, 34:66], 4) for each in (PHOTO, GUIDE, states[-1].z)
    )
    assert (refined - wanted).abs().mean() < 0.5 * (painted - wanted).abs().mean()


def test_a_result_as_large_as_the_region_is_left_alone() -> None:
    assert not list(refine_in_levels(PHOTO, PREPARED, [SIZE], noise=SeededNoise([1])))


def test_a_sky_painted_a_shade_too_light_has_no_edge() -> None:
    sky = torch.linspace(-0.2, 0.2, SIZE[0])[None, None, :, None].expand(1, 3, *SIZE)
    sky = sky + 0.005 * torch.randn(1, 3, *SIZE, generator=torch.Generator().manual_seed(0))
    guide = torch.where(MASK > 0, sky + 0.05, sky)
    prepared = Preparation.of(guide, MASK, Atlases([Exemplar(sky[0], MASK[0, 0] == 0)]))
    *_, last = edit_in_levels(prepared, [SIZE], t0=0.35, noise=SeededNoise([0]))
    for columns in (slice(30, 35), slice(65, 70)):
        assert (last.z - sky)[..., 30:55, columns].mean().abs() < 0.02
