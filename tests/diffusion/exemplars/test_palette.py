import torch

from sdedit_desktop.diffusion.exemplars import Exemplar, missing_colours

RED, GREEN = torch.tensor([0.8, -0.8, -0.8]), torch.tensor([-0.6, 0.4, -0.6])
FREE = torch.zeros(1, 1, 40, 40, dtype=torch.bool)
FREE[..., 10:30, 10:30] = True


def flat(*colours: torch.Tensor) -> Exemplar:
    """Stripes of colours, 12 pixels each."""
    picture = torch.cat([colour[:, None, None].expand(3, 12, 40) for colour in colours], 1)
    return Exemplar(picture, torch.ones(picture.shape[1:], dtype=torch.bool))


def painted(colour: torch.Tensor) -> torch.Tensor:
    return torch.where(FREE, colour[:, None, None], GREEN[:, None, None])


def test_nothing_is_missing_where_the_colour_is_there() -> None:
    assert not missing_colours(painted(RED), [flat(GREEN, RED)], FREE).any()
    assert not missing_colours(painted(RED), [flat(GREEN), flat(RED)], FREE).any()


def test_a_colour_that_is_nearly_there_is_not_missing() -> None:
    assert not missing_colours(painted(RED + 0.02), [flat(GREEN, RED)], FREE).any()


def test_missing_colour_is_the_difference_to_the_nearest_exemplar_colour() -> None:
    missing = missing_colours(painted(RED), [flat(GREEN)], FREE)[0, :, 20, 20]
    assert (GREEN + missing - RED).norm() < 0.06  # all but what counts as being there
    assert (missing @ (RED - GREEN)) / missing.norm() / (RED - GREEN).norm() > 0.999


def test_nothing_is_missing_where_nothing_is_free() -> None:
    missing = missing_colours(painted(RED), [flat(GREEN)], FREE)
    assert not missing.masked_select(~FREE.expand_as(missing)).any()


def test_a_colour_that_may_not_be_used_is_missing() -> None:
    exemplar = flat(GREEN, RED)
    exemplar.valid[9:] = False
    assert missing_colours(painted(RED), [exemplar], FREE).abs().max() > 0.5


def test_a_share_of_the_missing_colour_can_be_requested() -> None:
    whole = missing_colours(painted(RED), [flat(GREEN)], FREE)
    torch.testing.assert_close(missing_colours(painted(RED), [flat(GREEN)], FREE, 0.5), whole / 2)


def test_samples_may_be_painted_differently() -> None:
    both = torch.cat([painted(RED), painted(GREEN)])
    missing = missing_colours(both, [flat(GREEN)], FREE)
    torch.testing.assert_close(missing[:1], missing_colours(both[:1], [flat(GREEN)], FREE))
    assert not missing[1].any()
