"""Any solver with any mask, batch, number of calls and of resamplings, at any strength."""

from typing import NamedTuple

import torch
from exact import GaussianDenoiser
from hypothesis import given, settings
from hypothesis import strategies as st

from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.diffusion.recipes import _least_calls
from sdedit_desktop.diffusion.schedule import VE, VP, noise_levels, trailing_levels
from sdedit_desktop.diffusion.sdedit import sdedit
from sdedit_desktop.diffusion.solvers import FEW_STEPS, SOLVERS

SIZE = 6
ALL = SOLVERS | FEW_STEPS


class Edit(NamedTuple):
    """Arguments of an edit; masks are (N or 1, 1, SIZE, SIZE)."""

    solver: str
    schedule: VP | VE
    t0: float
    calls: int
    resamplings: int
    repeats: int
    guide: torch.Tensor
    mask: torch.Tensor

    def states(self, mask=None, samples=slice(None)):
        levels = trailing_levels if self.solver in FEW_STEPS else noise_levels
        mask = self.mask if mask is None else mask
        guide = self.guide[samples]
        seeds = range(len(self.guide))[samples]
        return list(
            sdedit(
                GaussianDenoiser(0.1, 0.5),
                guide,
                mask if len(mask) == 1 else mask[samples],
                sigmas=levels(self.schedule, self.t0, self.calls),
                solver=ALL[self.solver],
                noise=SeededNoise(seeds),
                resamplings=self.resamplings,
                repeats=self.repeats,
            )
        )


@st.composite
def edits(draw):
    solver = draw(st.sampled_from(sorted(ALL)))
    schedule = draw(st.sampled_from([VP(), VE()]))
    t0 = draw(st.floats(0.05, 1))
    least = 1 if solver in FEW_STEPS else _least_calls(solver, schedule, t0)
    calls = max(least, draw(st.integers(1, 50)))
    count = draw(st.integers(1, 3))
    rng = torch.Generator().manual_seed(draw(st.integers(0, 2**31)))
    shape = draw(st.sampled_from([1, count])), 1, SIZE, SIZE
    grey = torch.rand(shape, generator=rng)
    kinds = torch.randint(0, 4, shape, generator=rng)  # 0, 1, faint or any
    mask = torch.stack([torch.zeros(shape), torch.ones(shape), grey / 255, grey])
    mask = mask.gather(0, kinds[None])[0]
    if draw(st.booleans()):
        mask = mask.round()
    guide = 2 * torch.rand(count, 3, SIZE, SIZE, generator=rng) - 1
    return Edit(
        solver, schedule, t0, calls, draw(st.integers(1, 3)), draw(st.integers(1, 2)), guide, mask
    )


@settings(max_examples=150)
@given(edits())
def test_what_may_not_change_does_not_and_the_rest_stays_sane(edit):
    states = edit.states()
    assert [state.done for state in states] == [*range(1, states[-1].total + 1)]
    assert states[-1].total == edit.calls * edit.resamplings * edit.repeats
    held = (edit.mask == 0).expand_as(edit.guide)
    assert torch.equal(states[-1].z[held], edit.guide[held])
    assert all(state.z.isfinite().all() and state.denoised.isfinite().all() for state in states)
    assert states[-1].z.abs().max() < 6  # 12 deviations of the data


@settings(max_examples=100)
@given(edits(), st.data())
def test_a_sample_with_its_own_mask_is_the_same_alone(edit, data):
    one = data.draw(st.integers(0, len(edit.guide) - 1))
    together, alone = edit.states()[-1].z, edit.states(samples=slice(one, one + 1))[-1].z
    torch.testing.assert_close(together[one : one + 1], alone, rtol=1e-4, atol=1e-5)


@settings(max_examples=100)
@given(edits(), st.integers(0, 2**31))
def test_the_strength_of_a_pixel_is_its_own(edit, seed):
    """The denoiser looks at each pixel alone: other pixels' masks are none of its business."""
    rng = torch.Generator().manual_seed(seed)
    same = torch.rand(edit.mask.shape, generator=rng) < 0.5
    other = torch.where(same, edit.mask, torch.rand(edit.mask.shape, generator=rng))
    here, there = (edit.states(mask)[-1].z for mask in (edit.mask, other))
    same = same.expand_as(here)
    torch.testing.assert_close(here[same], there[same], rtol=1e-3, atol=1e-4)


@settings(max_examples=100)
@given(edits())
def test_a_faint_mask_changes_little_and_an_almost_full_one_all(edit):
    """Where the strength goes to 0 or 1, nothing jumps; one step has no earlier one to go by."""
    edit = edit._replace(calls=max(edit.calls, 2))
    if edit.solver not in FEW_STEPS:
        edit = edit._replace(calls=max(edit.calls, 4))
    whole, almost = (edit.states(torch.full_like(edit.mask, each))[-1].z for each in (1, 1 - 1e-6))
    torch.testing.assert_close(almost, whole, rtol=1e-2, atol=2e-2)
    faint = edit.states(torch.full_like(edit.mask, 1e-6))[-1].z
    assert (faint - edit.guide).abs().max() < 0.2
