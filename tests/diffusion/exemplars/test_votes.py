import pytest
import torch
from torch import Tensor

from sdedit_desktop.diffusion.exemplars import Atlases, Exemplar, Search
from sdedit_desktop.diffusion.exemplars.atlas import Atlas
from sdedit_desktop.diffusion.exemplars.search import posterior
from sdedit_desktop.diffusion.exemplars.votes import Plan

SEARCH = Search(core=5)
FREE = torch.zeros(24, 30, dtype=torch.bool)
FREE[6:17, 8:22] = True
FREE[10, 10] = False
PLAN = Plan.of(FREE, torch.ones(16), SEARCH)


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def atlas_of(picture: Tensor) -> Atlas:
    atlas = Atlases([Exemplar(picture, torch.ones(picture.shape[1:], dtype=torch.bool))]).at(1.0)
    assert atlas is not None
    return atlas


def voted_one_by_one(atlas: Atlas, field: Tensor) -> Tensor:
    """What all patches say, site by site."""
    patch = {
        (int(y), int(x)): int(name)
        for y, x, name in zip(PLAN.sites.y, PLAN.sites.x, field, strict=True)
    }
    found = []
    for y, x in patch:
        total, weight = torch.zeros(3), 0.0
        for dy in range(-2, 3):
            for dx in range(-2, 3):
                if (y + dy, x + dx) in patch:
                    share = 2.71828182846 ** (-(dy * dy + dx * dx) / 2)
                    total += share * atlas.pixels[patch[y + dy, x + dx] - dy * 40 - dx]
                    weight += share
        found.append(total / weight)
    return torch.stack(found)


@pytest.mark.parametrize("pieces", ["one", "four", "none"])
def test_every_pixel_is_the_mean_of_the_patches_around_it(pieces: str) -> None:
    """Also where they continue each other, and are not asked one by one."""
    atlas = atlas_of(random(3, 36, 40))
    sites = PLAN.sites
    move = torch.full_like(sites.y, 3 * 40 + 5)
    if pieces == "four":
        move += 2 * (sites.x > 14) + 80 * (sites.y > 12)
    field = (sites.y * 40 + sites.x + move).int()
    if pieces == "none":
        some = torch.randint(len(atlas.valid_patches), (len(field),))
        field = atlas.valid_patches[some].int()
    values = PLAN.values(atlas, field, SEARCH.core)
    torch.testing.assert_close(values, voted_one_by_one(atlas, field), atol=1e-5, rtol=0)
    middle = PLAN.values(atlas, field, 1)
    assert torch.equal(middle, atlas.pixels[field.long()])


def test_means_of_all_patches_are_voted_for_like_single_ones() -> None:
    """Of a posterior that is sure, which it is without noise."""
    atlas = atlas_of(random(3, 36, 40))
    field = atlas.valid_patches[torch.randint(len(atlas.valid_patches), (len(PLAN.sites.y),))]
    rows = 1e3 * atlas.features
    found = posterior(rows[field], rows[atlas.valid_patches], atlas, SEARCH.core, torch.inf)
    assert torch.equal(found.nearest, field.int())
    values = PLAN.values(atlas, found, SEARCH.core)
    torch.testing.assert_close(values, voted_one_by_one(atlas, field), atol=1e-5, rtol=0)


def test_a_step_at_the_border_fades_inside_and_stays_outside() -> None:
    small = torch.zeros(1, 3, *FREE.shape)
    values = torch.full((len(PLAN.sites.y), 3), 0.5)
    joined = PLAN.picture(small, values, joined=True)[0, 0]
    assert not joined[~FREE].any()
    row = joined[12, 15:22].flip(0)
    assert row[0] < 0.3  # next to what is known, which is 0
    assert (row[1:] >= row[:-1]).all()
    assert row[4] == 0.5
    apart = PLAN.picture(small, values, joined=False)[0, 0]
    assert (apart[FREE] == 0.5).all()
