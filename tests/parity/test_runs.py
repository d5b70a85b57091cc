"""Whole runs of other projects' code, replayed with our schedules, solvers and networks."""

from itertools import pairwise

import pytest
import torch

from sdedit_desktop.diffusion.published import (
    paper,
    paper_noise_levels,
    reference,
    reference_noise_levels,
)
from sdedit_desktop.diffusion.schedule import sigma_of_t0
from sdedit_desktop.diffusion.sdedit import sdedit
from sdedit_desktop.diffusion.solvers import SOLVERS, Ask

SDEDIT = "sdedit/tiny_celeba_hq.ckpt"
SCORE_SDE = "score_sde/ve_celebahq_tiny_checkpoint_48.pth"
FIXED = ("guided_diffusion/fixedsigma_plain.pt", {"heads": 4, "new_attention_order": True})
LEARNED = ("guided_diffusion/learnsigma_updown.pt", {"head_channels": 16})


def error(found, wanted):
    return (found - wanted).abs().max().item()


def levels(model, steps):
    """Noise levels of these steps of the training, from the last to the first, then 0."""
    sigmas = model.schedule.sigmas[torch.as_tensor(steps).sort(descending=True).values]
    return torch.cat([sigmas, torch.zeros(1, dtype=torch.float64)])


# The published SDEdit


@pytest.mark.parametrize("run", ["stroke_unmasked_t500_k1", "masked_t500_k3"])
def test_reference_mode_is_the_published_program_step_for_step(recording, opened, run):
    recorded, model = recording(f"sdedit/{run}.npz"), opened(SDEDIT)
    noise, repeats = recorded.tape, len(recorded.init_pm1)
    states = reference(
        model.denoiser(clip=False),
        recorded.guide,
        (recorded.mask != 1)[None],  # theirs: 1 keeps
        sigmas=reference_noise_levels(model.schedule, 0.5),
        noise=noise,
        repeats=repeats,
    )
    places = zip(recorded.step_k.tolist(), recorded.step_i.tolist(), strict=True)
    entering = dict(zip(places, recorded.step_x_in, strict=True))
    finals, compared = [], 0
    for state in states:
        repeat, taken = divmod(state.done, 500)
        if taken == 0:
            finals.append(state.z)
        elif (repeat, 499 - taken) in entering:
            x = state.z / (1 + model.schedule.sigmas[499 - taken] ** 2).sqrt()
            assert error(x, entering[repeat, 499 - taken]) < 1e-4
            compared += 1
    assert compared >= 2
    assert noise.played == recorded.meta["draws"]
    assert error(torch.stack(finals), recorded.samples_pm1) < 1e-4


def test_the_published_program_leaves_noise_where_nothing_may_change(recording):
    """The reason for a mode of our own: rms 0.01 in [-1, 1], 1.3 of 255 grey levels."""
    recorded = recording("sdedit/masked_t500_k3.npz")
    kept = (recorded.mask == 1).expand_as(recorded.guide)
    left = recorded.samples_pm1[-1][kept] - recorded.guide[kept]
    assert left.square().mean().sqrt().item() == pytest.approx(0.0103, abs=0.0005)


def test_our_own_mode_leaves_none(recording, opened):
    recorded, model = recording("sdedit/masked_t500_k3.npz"), opened(SDEDIT)
    mask = (recorded.mask[:1] != 1).float()[None]
    *_, last = sdedit(
        model.denoiser(),
        recorded.guide,
        mask,
        sigmas=levels(model, range(0, 500, 20)),
        solver=SOLVERS["ddpm"],
        noise=recorded.tape,
    )
    kept = (mask == 0).expand_as(recorded.guide)
    assert torch.equal(last.z[kept], recorded.guide[kept])


# Other samplers of variance preserving models


def test_ddpm_is_that_of_pessers_program(recording, opened, solved):
    recorded, model = recording("pesser/clipped_fixedsmall_t80.npz"), opened(SDEDIT)
    noise = recorded.tape
    noise.played = 1  # the first made the start
    start, sigmas = recorded.x_init, levels(model, range(80))
    x = solved(SOLVERS["ddpm"], model.denoiser(), start, sigmas, noise)
    assert error(x, recorded.sample) < 1e-4


@pytest.mark.parametrize(
    ("run", "model", "solver", "clip"),
    [
        ("fixedsigma_plain.respace50_i25", FIXED, "ddpm_large", True),
        ("fixedsigma_plain.respace50_i25_noclip", FIXED, "ddpm_large", False),
        ("fixedsigma_plain.respace50_i25_sigmasmall", FIXED, "ddpm", True),
        ("fixedsigma_plain.ddim50_i25", FIXED, "ddim", True),
        ("learnsigma_updown.ddim50_i25", LEARNED, "ddim", True),
    ],
)
def test_respaced_samplers_are_those_of_guided_diffusion(
    recording, opened, solved, run, model, solver, clip
):
    recorded = recording(f"guided_diffusion/{run}.npz")
    model = opened(model[0], **model[1])
    noise = recorded.tape
    noise.played = 1
    sigmas = levels(model, recorded.timestep_map[:25])
    denoise = model.denoiser(clip=clip)
    x = solved(SOLVERS[solver], denoise, recorded.x_init, sigmas, noise)
    assert error(x, recorded.sample) < 1e-4


def test_ddpm_is_that_of_diffusers(recording, opened, solved):
    recorded = recording("diffusers/ddpm_tiny.ddpm1000_t80.npz")
    model = opened("diffusers/ddpm_tiny_safetensors")
    noise = recorded.tape
    noise.played = 1
    sigmas = levels(model, recorded.timesteps)
    x = solved(SOLVERS["ddpm"], model.denoiser(), recorded.x_init, sigmas, noise)
    assert error(x, recorded.sample) < 1e-4


def test_ddim_is_that_of_diffusers(recording, opened, solved):
    recorded = recording("diffusers/ddpm_tiny.ddim50_from500_eta0.npz")
    model = opened("diffusers/ddpm_tiny_safetensors")

    def ddim_with_the_networks_own_noise(z, sigmas, _noise):
        """Theirs clips the picture but goes on with the noise from before; ours is consistent."""
        for sigma, sigma_next in pairwise(sigmas):
            z, _, denoised, _ = yield Ask(z, sigma, sigma_next)
            z = denoised.clamp(-1, 1) + sigma_next / sigma * (z - denoised)
        return z

    sigmas = levels(model, recorded.timesteps)
    denoise = model.denoiser(clip=False)
    x = solved(ddim_with_the_networks_own_noise, denoise, recorded.x_init, sigmas, None)
    assert error(x, recorded.sample) < 1e-4


# Variance exploding models; recorded in [0, 1]


@pytest.mark.parametrize(
    ("run", "repeats"), [("paper_ve_t0.5_N60_k1", 1), ("paper_ve_masked_t0.5_N40_k3", 3)]
)
def test_paper_mode_is_the_papers_algorithm(recording, opened, run, repeats):
    recorded = recording(f"score_sde/ve_celebahq_tiny.{run}.npz")
    model, calls = opened(SCORE_SDE), recorded.meta["N"]
    noise = recorded.tape
    mask = recorded.arrays.get("omega_edit", torch.ones(1, 32, 32))[None]
    half = torch.linspace(0.5, 0, calls + 1, dtype=torch.float64)
    states = paper(
        model.denoiser(clip=False),
        recorded.guide,
        mask,
        sigmas=model.schedule.sigma(half),
        preserving=False,
        noise=noise,
        repeats=repeats,
    )
    finals = [state.z for state in states if state.done % calls == 0]
    assert noise.played == recorded.meta["draws"]
    assert error((torch.stack(finals) + 1) / 2, recorded.sample) < 1e-4


def reverse_diffusion(denoise, z, labels, lost, noise, corrector=None):
    """score_sde's predictor: its network gets another level than that of its own step."""
    for label, variance in zip(labels, lost, strict=True):
        if corrector is not None:
            z = corrector(denoise, z, label, noise)
        drift = variance / label**2 * (denoise(z, label) - z)
        yield z + drift
        z = z + drift + variance.sqrt() * noise.like(z)
    yield z


def langevin(snr):
    def correct(denoise, z, label, noise):
        score = (denoise(z, label) - z) / label**2
        draw = noise.like(z)
        step = 2 * (snr * draw.norm() / score.norm()) ** 2
        return z + step * score + (2 * step).sqrt() * draw

    return correct


def predictor_levels(model, times, scales):
    """Levels given to the network, and variances lost, at these times of the predictor."""
    table = torch.logspace(
        torch.tensor(model.schedule.sigma_min).log10(),
        torch.tensor(model.schedule.sigma_max).log10(),
        scales,
        dtype=torch.float64,
    )
    places = (times.double() * (scales - 1)).long()
    before = torch.where(places > 0, table[places - 1], 0.0)
    return model.schedule.sigma(times.double()), table[places] ** 2 - before**2


@pytest.mark.parametrize(("run", "snr"), [("pc_rd_none_N100", None), ("pc_rd_langevin_N40", 0.075)])
def test_networks_and_levels_follow_score_sdes_own_sampler(recording, opened, run, snr):
    recorded, model = recording(f"score_sde/ve_celebahq_tiny.{run}.npz"), opened(SCORE_SDE)
    noise, scales = recorded.tape, len(recorded.discrete_sigmas)
    times = torch.linspace(1, 1e-5, scales)
    start = 2 * 348 * noise.like(torch.zeros(1, 3, 32, 32)) - 1  # theirs starts around 0 in [0, 1]
    corrector = None if snr is None else langevin(snr)
    with torch.inference_mode():
        *_, mean, _ = reverse_diffusion(
            model.denoiser(clip=False),
            start,
            *predictor_levels(model, times, scales),
            noise,
            corrector,
        )
    assert error((mean + 1) / 2, recorded.sample) < 1e-5 * 348


def test_networks_and_levels_follow_score_sdes_predictor_from_a_guide(recording, opened):
    recorded = recording("score_sde/ve_celebahq_tiny.sdedit_rdpredictor_t0.5_N100.npz")
    model, noise = opened(SCORE_SDE), recorded.tape
    noise.played = 1
    with torch.inference_mode():
        *_, mean, last = reverse_diffusion(
            model.denoiser(clip=False),
            recorded.x_init * 2 - 1,
            *predictor_levels(model, recorded.timesteps, 100),
            noise,
        )
    assert error((mean + 1) / 2, recorded.x_mean) < 1e-4
    assert error((last + 1) / 2, recorded.sample) < 1e-4


def test_networks_and_levels_follow_diffusers_predictor(recording, opened):
    recorded = recording("diffusers/ncsnpp_tiny.ve_sdedit_pred_only_N60.npz")
    model = opened("diffusers/ncsnpp_tiny_safetensors")
    noise, first = recorded.tape, recorded.meta["start_index"]
    noise.played = 1
    _, lost = predictor_levels(model, recorded.timesteps[first:], 60)
    with torch.inference_mode():
        *_, mean, last = reverse_diffusion(
            model.denoiser(clip=False),
            recorded.x_init * 2 - 1,
            2 * recorded.sigmas[first:].double(),
            lost,
            noise,
        )
    assert error((mean + 1) / 2, recorded.x_mean) < 1e-4
    assert error((last + 1) / 2, recorded.sample) < 1e-4


# What calibration means for the published settings


def test_half_strength_is_the_published_five_hundred_steps(opened):
    model = opened(SDEDIT)
    sigmas = reference_noise_levels(model.schedule, 0.5)
    assert len(sigmas) == 501
    assert sigmas[0].item() == pytest.approx(sigma_of_t0(0.5), rel=6e-3)
    assert len(paper_noise_levels(model.schedule, 0.5, 500)) == 501
