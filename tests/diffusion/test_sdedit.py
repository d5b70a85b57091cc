"""The recipe: what is held, what is let go, what is reproducible."""

import pytest
import torch
from exact import GaussianDenoiser
from hypothesis import given, settings
from hypothesis import strategies as st

from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.diffusion.schedule import VP, noise_levels
from sdedit_desktop.diffusion.sdedit import sdedit
from sdedit_desktop.diffusion.solvers import DEFAULT_SOLVER, SOLVERS

denoise = GaussianDenoiser(0.3, 0.5)
each_solver = pytest.mark.parametrize("name", SOLVERS)


def run(guide, mask, *, name=DEFAULT_SOLVER, t0=0.5, calls=10, seeds=None, model=denoise, **more):
    return [
        *sdedit(
            model,
            guide,
            mask,
            sigmas=noise_levels(VP(), t0, calls),
            solver=SOLVERS[name],
            noise=SeededNoise(seeds or range(len(guide))),
            **more,
        )
    ]


def picture(n=1, size=8):
    return torch.rand(n, 3, size, size, generator=torch.Generator().manual_seed(5)) * 2 - 1


@each_solver
@pytest.mark.parametrize("repeats", [1, 2])
def test_pixels_that_may_not_change_come_out_exactly(name, repeats):
    guide, mask = picture(2), torch.ones(1, 1, 8, 8)
    mask[..., :4] = 0
    states = run(guide, mask, name=name, repeats=repeats)
    assert torch.equal(states[-1].z[..., :4], guide[..., :4])
    assert not torch.isclose(states[-1].z[..., 4:], guide[..., 4:]).any(dim=(0, 1)).all()
    total = repeats * 10
    assert [(s.done, s.total) for s in states] == [(k + 1, total) for k in range(total)]


@each_solver
def test_a_sample_depends_on_its_seed_not_on_its_batch(name):
    guide, mask = torch.zeros(3, 1, 4, 4), torch.ones(1, 1, 4, 4)
    batch = run(guide, mask, name=name, seeds=[5, 6, 7])[-1].z
    alone = run(guide[:1], mask, name=name, seeds=[6])[-1].z
    torch.testing.assert_close(batch[1:2], alone)
    assert torch.equal(run(guide[:1], mask, name=name, seeds=[6])[-1].z, alone)


@each_solver
def test_stopping_early_stops_before_the_next_network_call(name):
    calls = []

    def counting(z, sigma):
        calls.append(sigma)
        return denoise(z, sigma)

    states = sdedit(
        counting,
        torch.zeros(1, 1, 2, 2),
        torch.ones(1, 1, 2, 2),
        sigmas=noise_levels(VP(), 0.5, 100),
        solver=SOLVERS[name],
        noise=SeededNoise([0]),
    )
    for state in states:
        if state.done == 3:
            break
    assert len(calls) == 3


def test_held_pixels_carry_the_noise_of_the_level_just_reached():
    guide, mask = picture(), torch.zeros(1, 1, 8, 8)
    sigmas = noise_levels(VP(), 0.5, 10)
    anchor = SeededNoise([0]).like(guide)
    for state in run(guide, mask):
        torch.testing.assert_close(state.z, guide + sigmas[state.done] * anchor)


@each_solver
def test_a_hard_mask_is_a_strength_map_bit_for_bit(name):
    """The simplest reading of a hard mask, written out, gives the very same numbers."""
    guide = picture()
    mask = (torch.rand(1, 1, 8, 8, generator=torch.Generator().manual_seed(2)) > 0.5).float()
    sigmas, noise = noise_levels(VP(), 0.5, 9), SeededNoise([0])
    anchor = noise.like(guide)
    descent = SOLVERS[name](guide + sigmas[0] * anchor, sigmas, noise)
    z, sigma, _ = next(descent)
    while sigma > 0:
        try:
            z, sigma, _ = descent.send((z, sigma, denoise(z, sigma), None))
        except StopIteration as end:
            z, sigma = end.value, sigmas[-1]
        z = torch.where(mask.bool(), z, guide + sigma * anchor)
    assert torch.equal(run(guide, mask, name=name, calls=9)[-1].z, z)


def test_a_grey_pixel_is_held_until_the_level_of_its_own_strength():
    guide, sigmas = picture(), noise_levels(VP(), 0.5, 20)
    anchor = SeededNoise([0]).like(guide)
    own = VP().sigma(torch.tensor(0.6 * 0.5, dtype=torch.float64))
    for state in run(guide, torch.full((1, 1, 8, 8), 0.6), calls=20):
        held = torch.equal(state.z, guide + sigmas[state.done] * anchor)
        assert held == bool(sigmas[state.done] >= own)


class Silence:
    """Noise that is 0: through a linear denoiser it leads to the mean of all pictures."""

    def like(self, z):
        return torch.zeros_like(z)


@pytest.mark.parametrize(("calls", "tolerance"), [(6, 0.25), (10, 0.08), (25, 0.025)])
@pytest.mark.parametrize("name", ["ddim", "ddpm", "euler_maruyama", "dpmpp_2m", "dpmpp_2m_sde"])
def test_a_grey_pixel_starts_at_its_own_level(calls, tolerance, name):
    """However few the levels: as if each strength had been given the whole descent."""
    guide, strengths = 1.3, torch.linspace(0.05, 1, 100, dtype=torch.float64)
    picture = torch.full((1, 1, 1, 100), guide, dtype=torch.float64)
    sigmas = noise_levels(VP(), 0.5, calls)
    mask, solver = strengths.view(1, 1, 1, 100), SOLVERS[name]
    *_, last = sdedit(denoise, picture, mask, sigmas=sigmas, solver=solver, noise=Silence())
    own = VP().sigma(strengths * 0.5)
    kept = denoise.std**2 / (denoise.std**2 + own**2)
    if name in ("ddim", "dpmpp_2m"):  # the ODE moves the mean less
        kept = kept.sqrt()
    wanted = denoise.mean + (guide - denoise.mean) * kept
    assert (last.z.flatten() - wanted).abs().max() < tolerance


@settings(max_examples=20)
@given(st.sampled_from(["ddpm", DEFAULT_SOLVER, "ddim"]), st.floats(0.2, 0.8), st.integers(0, 99))
def test_more_strength_never_brings_pixels_closer_to_the_guide_on_average(name, t0, seed):
    strengths = torch.linspace(0, 1, 6).repeat_interleave(8192)
    guide = torch.full((1, 1, 1, len(strengths)), 0.9)
    edited = run(guide, strengths.view(1, 1, 1, -1), name=name, t0=t0, calls=30, seeds=[seed])[-1].z
    distance = (edited - guide).square().view(6, 8192).mean(1)
    spread = 0.15 * distance.max()  # more than six standard errors
    assert (distance.diff() > -spread).all()
    assert distance[0] == 0 < distance[-1]


def test_the_whole_picture_changes_where_no_mask_holds_it():
    edited = run(picture(), torch.ones(1, 1, 8, 8))[-1].z
    assert not torch.isclose(edited, picture()).all()


def test_repeats_move_further_from_the_guide():
    guide, mask = torch.full((1, 1, 32, 32), 4.0), torch.ones(1, 1, 32, 32)
    once, thrice = (run(guide, mask, t0=0.2, repeats=k)[-1].z for k in (1, 3))
    assert (thrice - 0.3).abs().mean() < (once - 0.3).abs().mean()


@each_solver
def test_resampling_costs_calls_and_keeps_held_pixels(name):
    guide, mask = picture(), torch.ones(1, 1, 8, 8)
    mask[..., :4] = 0
    asked = []

    def listening(z, sigma):
        asked.append(sigma.item())
        return denoise(z, sigma)

    states = run(guide, mask, name=name, model=listening, resamplings=2)
    assert len(asked) == states[-1].total == len(states) == 20
    levels = noise_levels(VP(), 0.5, 10).tolist()
    assert asked[4] == levels[0]  # back to where the first stretch began
    assert torch.equal(states[-1].z[..., :4], guide[..., :4])


@pytest.mark.parametrize(("resamplings", "starts"), [(1, [10]), (2, [4, 8, 6, 2])])
def test_a_solver_starts_anew_only_where_it_goes_back_up(resamplings, starts):
    """Multistep solvers lose their history by it."""
    begun = []

    def listening(z, sigmas, noise):
        begun.append(sigmas.tolist())
        return SOLVERS[DEFAULT_SOLVER](z, sigmas, noise)

    sigmas, mask = noise_levels(VP(), 0.5, 10), torch.ones(1, 1, 8, 8)
    *_, last = sdedit(
        denoise,
        picture(),
        mask,
        sigmas=sigmas,
        solver=listening,
        noise=SeededNoise([0]),
        resamplings=resamplings,
    )
    assert [len(levels) - 1 for levels in begun] == starts
    assert last.total == sum(starts)


def test_resampling_keeps_the_distribution():
    guide, mask = torch.full((1, 1, 64, 64), 0.3), torch.ones(1, 1, 64, 64)
    edited = run(guide, mask, name="ddpm", t0=0.9, calls=240, resamplings=3)[-1].z
    assert edited.mean().item() == pytest.approx(0.3, abs=0.03)
    assert edited.std().item() == pytest.approx(0.5, abs=0.03)


def test_latents_of_half_the_noise_are_edited_as_pixels_are():
    """The same picture in units twice as small, with all levels halved: grey masks too."""
    guide, mask = picture(), torch.linspace(0, 1, 64).view(1, 1, 8, 8)
    sigmas = noise_levels(VP(), 0.5, 10)

    def last(scale):
        denoise = GaussianDenoiser(0.1 * scale, 0.5 * scale)
        *_, state = sdedit(
            denoise,
            guide * scale,
            mask,
            sigmas=sigmas * scale,
            solver=SOLVERS["ddim"],
            noise=SeededNoise([4]),
            t0_factor=scale,
        )
        return state.z

    torch.testing.assert_close(last(0.5) * 2, last(1.0))
