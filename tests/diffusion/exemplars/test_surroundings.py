import pytest
import torch

from sdedit_desktop.diffusion.exemplars.surroundings import matched_to_surroundings

FREE = torch.zeros(1, 1, 160, 160, dtype=torch.bool)
FREE[..., 20:140, 20:140] = True
SKY = torch.linspace(0.2, 0.5, 160)[None, None, :, None].expand(1, 3, 160, 160)
EDGE = (..., slice(20, 140), 20)
MIDDLE = (..., 80, 80)


def texture(deviation: float, seed: int = 0) -> torch.Tensor:
    return deviation * torch.randn(1, 3, 160, 160, generator=torch.Generator().manual_seed(seed))


def painted(picture: torch.Tensor, step: float) -> torch.Tensor:
    return picture + step * FREE


def test_a_shade_that_differs_slightly_continues_what_is_beside_it() -> None:
    matched = matched_to_surroundings(painted(SKY, 0.04), FREE)
    assert (matched - SKY)[EDGE].abs().max() < 0.01
    assert (matched - SKY)[MIDDLE].max() == pytest.approx(0.04, abs=1e-4)  # far from the edge


def test_a_different_colour_stays() -> None:
    guide = painted(SKY, -0.4)
    torch.testing.assert_close(matched_to_surroundings(guide, FREE), guide, atol=1e-4, rtol=0)


@pytest.mark.parametrize("picture", [SKY, SKY + texture(0.1)], ids=["smooth", "rough"])
def test_what_was_not_painted_stays(picture: torch.Tensor) -> None:
    change = (matched_to_surroundings(picture, FREE) - picture).abs()
    assert change.max() < 0.03
    assert change[FREE.expand_as(change)].mean() < 0.003


def test_a_flat_shade_within_texture_is_matched_to_its_mean() -> None:
    rough = SKY + texture(0.05)
    guide = torch.where(FREE, SKY + 0.06, rough)
    before, after = (
        (each - SKY)[EDGE].mean() for each in (guide, matched_to_surroundings(guide, FREE))
    )
    assert after.abs() < before.abs() / 2


def test_nothing_changes_where_nothing_is_free() -> None:
    guide = painted(SKY, 0.04)
    matched = matched_to_surroundings(guide, FREE)
    assert torch.equal(matched.where(~FREE, 0), guide.where(~FREE, 0))
    everywhere, nowhere = torch.ones_like(FREE), torch.zeros_like(FREE)
    assert torch.equal(matched_to_surroundings(guide, everywhere), guide)
    assert torch.equal(matched_to_surroundings(guide, nowhere), guide)


def test_a_picture_does_not_depend_on_its_batch() -> None:
    guides = torch.cat([painted(SKY, 0.04), painted(SKY + texture(0.05), -0.03)])
    alone = torch.cat([matched_to_surroundings(each[None], FREE) for each in guides])
    assert torch.equal(matched_to_surroundings(guides, FREE), alone)


def test_the_change_fades_with_the_distance_from_the_edge() -> None:
    change = (matched_to_surroundings(painted(SKY, 0.04), FREE) - painted(SKY, 0.04)).abs()
    row = change[0, 0, 80, 20:80]
    assert (row[1:] <= row[:-1] + 1e-6).all()
    assert 0.002 < row[18] < row[0] / 2
