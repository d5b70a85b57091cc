"""The published modes on the paper's own terms, and where ours differs from them on purpose."""

import math

import pytest
import torch
from exact import GaussianDenoiser

from sdedit_desktop.diffusion.checkpoints.card import Card
from sdedit_desktop.diffusion.checkpoints.model import Model
from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.diffusion.published import (
    paper,
    paper_noise_levels,
    reference,
    reference_noise_levels,
)
from sdedit_desktop.diffusion.recipes import RECIPES, edit
from sdedit_desktop.diffusion.schedule import VE, DiscreteVP, sigma_of_t0
from sdedit_desktop.diffusion.sdedit import sdedit
from sdedit_desktop.diffusion.solvers import SOLVERS
from sdedit_desktop.errors import ModelError

denoise = GaussianDenoiser(0.3, 0.5)
GUIDE = torch.rand(1, 3, 6, 6, generator=torch.Generator().manual_seed(5)).double() * 2 - 1
MASK = torch.zeros(1, 1, 6, 6).index_fill(3, torch.tensor([0, 1, 2]), 1.0)


def test_paper_mode_is_algorithm_5_for_variance_preserving_models():
    """The algorithm as printed, in its own variable x = alpha * z, against ours."""
    t0, steps, noise = 0.5, 12, SeededNoise([3])
    width = t0 / steps

    def beta(n):
        return 0.1 + n * width * 19.9

    def alpha(n):
        return math.prod(1 - beta(i) * width for i in range(1, n + 1))

    def score(x, n):
        sigma = torch.tensor(math.sqrt((1 - alpha(n)) / alpha(n)), dtype=torch.float64)
        clean = denoise(x / math.sqrt(alpha(n)), sigma)
        return (math.sqrt(alpha(n)) * clean - x) / (1 - alpha(n))

    x0 = GUIDE
    for _ in range(2):
        x = math.sqrt(alpha(steps)) * x0 + math.sqrt(1 - alpha(steps)) * noise.like(x0)
        for n in range(steps, 0, -1):
            z, loss = noise.like(x), beta(n) * width
            known = math.sqrt(alpha(n)) * x0 + math.sqrt(1 - alpha(n)) * z
            moved = (x + loss * score(x, n)) / math.sqrt(1 - loss) + math.sqrt(loss) * z
            x = (1 - MASK) * known + MASK * moved
        x0 = (1 - MASK) * x0 + MASK * x
    sigmas = paper_noise_levels(DiscreteVP.linear(), t0, steps)
    *_, last = paper(
        denoise, GUIDE, MASK, sigmas=sigmas, preserving=True, noise=SeededNoise([3]), repeats=2
    )
    torch.testing.assert_close(last.z, x)


def test_levels_of_the_paper_begin_where_t0_means():
    for schedule, tolerance in ((VE(), 1e-12), (DiscreteVP.linear(), 0.03)):
        sigmas = paper_noise_levels(schedule, 0.5, 500)
        assert sigmas.shape == (501,)
        assert (sigmas.diff() < 0).all()
        assert sigmas[0].item() == pytest.approx(sigma_of_t0(0.5), rel=tolerance)
    assert paper_noise_levels(VE(), 0.5, 5)[-1].item() == VE().sigma_min


def test_ours_puts_kept_pixels_back_at_the_level_reached_theirs_at_the_level_left():
    sigmas = reference_noise_levels(DiscreteVP.linear(steps=20, start=5e-3, end=0.3), 0.5)
    anchor = SeededNoise([1]).like(GUIDE)
    kept = (MASK == 0).expand_as(GUIDE)
    theirs = next(iter(reference(denoise, GUIDE, MASK, sigmas=sigmas, noise=SeededNoise([1])))).z
    ours = next(
        iter(
            sdedit(
                denoise, GUIDE, MASK, solver=SOLVERS["ddpm"], sigmas=sigmas, noise=SeededNoise([1])
            )
        )
    ).z
    torch.testing.assert_close(ours[kept], (GUIDE + sigmas[1] * anchor)[kept])
    late = (GUIDE + sigmas[0] * anchor) * ((1 + sigmas[1] ** 2) / (1 + sigmas[0] ** 2)).sqrt()
    torch.testing.assert_close(theirs[kept], late[kept])
    torch.testing.assert_close(ours[~kept], theirs[~kept])  # and only there


def test_theirs_ends_with_noise_in_kept_pixels_ours_without():
    model = model_of(DiscreteVP.linear(steps=50, start=2e-3, end=0.3))
    ends = {}
    for recipe in ("reference", "paper", "ddpm"):
        *_, last = edit(model, GUIDE, MASK, recipe=recipe, t0=0.4, calls=10, noise=SeededNoise([1]))
        ends[recipe] = (last.z - GUIDE)[(MASK == 0).expand_as(GUIDE)].abs().max()
    assert ends["ddpm"] == 0 < ends["reference"] < 0.3
    assert ends["paper"] > 0


def model_of(schedule):
    class Exact(torch.nn.Module):
        def forward(self, x, labels):
            sigma = schedule.sigma((labels[0].double() + 1) / len(schedule.betas))
            z = x.double() * (1 + sigma**2).sqrt()
            return (z - denoise(z, sigma)) / sigma

    card = Card(
        name="exact",
        family="DDPM",
        format="none",
        size=6,
        multiple=1,
        parameters=0,
        prediction="epsilon",
        ema=None,
        sigma_min=schedule.sigma_min,
        sigma_max=schedule.sigma_max,
        learned_variance=False,
        path=None,
    )
    return Model(Exact(), schedule, card, torch.float32)


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_runs_and_counts_its_calls(recipe):
    model = model_of(DiscreteVP.linear(steps=50, start=2e-3, end=0.3))
    states = [
        *edit(
            model,
            GUIDE,
            MASK,
            recipe=recipe,
            t0=0.4,
            calls=7,
            noise=SeededNoise([1]),
            repeats=2,
        )
    ]
    calls = 20 if recipe == "reference" else 7
    assert [state.done for state in states] == list(range(1, 2 * calls + 1))
    assert states[0].total == 2 * calls


def test_the_published_program_refuses_other_families():
    with pytest.raises(ModelError, match="trained in steps"):
        reference_noise_levels(VE(), 0.5)
