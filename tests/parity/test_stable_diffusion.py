"""Stable Diffusion against diffusers and transformers: see ``data/README.md``."""

import json
from functools import partial

import pytest
import torch
from latent_models import NAMES, RECORDED, single_file, write_folder

from sdedit_desktop.diffusion import tokens
from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.diffusion.checkpoints.latent import embedded
from sdedit_desktop.diffusion.denoiser import VPDenoiser
from sdedit_desktop.diffusion.networks.conditional import added_vector
from sdedit_desktop.diffusion.prompt import Conditioning, GuidedNetwork
from sdedit_desktop.diffusion.schedule import DiscreteVP
from sdedit_desktop.diffusion.sdedit import sdedit
from sdedit_desktop.diffusion.solvers import SOLVERS, consistency

RUNS = sorted(p.stem for p in RECORDED.glob("*.npz") if not p.stem.endswith(".forward"))
SIZE_WAVES = 32  # of the tiny XL model; 256 of the real one
END = 529


@pytest.fixture(scope="module", params=[(n, how) for n in NAMES for how in ("file", "folder")])
def either(request, tmp_path_factory):
    """The name of every tiny model, and the model from a single file and from a folder."""
    name, how = request.param
    if how == "file":
        return name, open_model(single_file(name))
    # Half of them as older versions of transformers wrote them.
    wrapped = name in ("sd1_tiny", "sd2_v_tiny")
    return name, open_model(write_folder(name, tmp_path_factory.mktemp(name), wrapped=wrapped))


def encoders(model):
    return [model.texts.encoder(index) for index in range(len(model.texts.parts.texts))]


def near(found, wanted, tolerance=1e-5):
    return (found - wanted).abs().max() < tolerance * wanted.abs().max()


@torch.inference_mode()
def test_networks_answer_as_recorded(recording, either):
    name, model = either
    recorded = recording(f"stable_diffusion/{name}.forward.npz")
    texts = encoders(model)
    context, pooled = embedded(texts, [recorded.ids] * len(texts))
    assert near(context, recorded.context)
    added = None
    if pooled is not None:
        assert near(pooled, recorded.text2_pooled)
        added = added_vector(pooled, recorded.time_ids, SIZE_WAVES)
    label = recorded.timestep.expand(1)
    assert near(model.network(recorded.x, label, context, added), recorded.unet)
    mean, log_variance = model.latents.autoencoder.encode(recorded.pixels)
    assert near(mean, recorded.vae_mean)
    assert near(log_variance, recorded.vae_logvar)
    assert near(model.latents.autoencoder.decode(recorded.x[:, :4]), recorded.decoded)


@torch.inference_mode()
def test_every_state_of_the_text_encoders_is_the_recorded_one(recording):
    recorded = recording("stable_diffusion/sdxl_tiny.forward.npz")
    small, large = (
        encoder(recorded.ids) for encoder in encoders(open_model(single_file("sdxl_tiny")))
    )
    assert near(small.last, recorded.text_last)
    assert near(small.before_last, recorded.text_hidden_m2)
    assert near(large.before_last, recorded.text2_hidden_m2)


def test_tokens_are_those_of_transformers():
    tokenizer = tokens.bundled()
    prompts = json.loads((RECORDED / "clip_tokens.json").read_text())
    assert len(prompts) > 15
    for entry in prompts:
        ids = [tokenizer.start, *tokenizer.encode(entry["prompt"])[:75], tokenizer.end]
        padded = ids + [tokenizer.end] * (77 - len(ids))
        assert padded == entry["ids"], entry["prompt"]


def test_a_folders_own_vocabulary_is_used(recording, tmp_path):
    recorded = recording("stable_diffusion/sd1_tiny.ddim10_s0.5_g1.npz")
    tokenizer = tokens.of_folder(write_folder("sd1_tiny", tmp_path) / "tokenizer")
    ids = tokenizer.encode(recorded.meta["prompt"])
    assert ids == recorded.ids[0, 1 : len(ids) + 1].tolist()
    assert tokenizer.decode(ids) == recorded.meta["prompt"]


class Tape:
    """Recorded draws, played back in order; some runs begin with draws for the autoencoder."""

    def __init__(self, recorded):
        count = recorded.meta["draws"]
        self.draws = [recorded.arrays[f"noise_{i}"].float() / 2 for i in range(count)]
        self.played = 0

    def like(self, z):
        self.played += 1
        return self.draws[self.played - 1].to(z)


def levels(recorded):
    """The noise levels of the recorded scheduler."""
    config, scheduler = recorded.meta["config"], recorded.meta["scheduler"]
    steps = recorded.timesteps
    if scheduler in ("DPMSolverMultistepScheduler", "EulerDiscreteScheduler"):
        return recorded.scheduler_sigmas.double()[-len(steps) - 1 :]
    sigmas = schedule_of(recorded).sigmas
    ends_clean = config.get("set_alpha_to_one", True) or scheduler == "LCMScheduler"
    last = torch.zeros(1, dtype=torch.float64) if ends_clean else sigmas[:1]
    return torch.cat([sigmas[steps.long()], last])


def schedule_of(recorded):
    schedule = DiscreteVP.scaled_linear()
    is_zero = recorded.meta["config"].get("rescale_betas_zero_snr", False)
    return schedule.without_signal() if is_zero else schedule


def conditioning_of(model, recorded, seen):
    """The recorded words, embedded as the pipelines do: with zeros for no negative prompt."""
    meta = recorded.meta

    def read(ids):
        rows = [ids]
        if len(model.texts.parts.texts) == 2:  # the second pads with 0 behind the end mark
            behind = (ids == END) & ((ids == END).cumsum(1) > 1)
            rows.append(torch.where(behind, 0, ids))
        return embedded(encoders(model), rows)

    with torch.inference_mode():
        context, pooled = read(recorded.ids)
        if meta["guidance"] > 1:
            unwanted, unwanted_pooled = read(recorded.negative_ids)
            if meta["negative"] is None:
                unwanted = torch.zeros_like(unwanted)
                unwanted_pooled = torch.zeros_like(unwanted_pooled)
            context = torch.cat([unwanted, context])
            pooled = None if pooled is None else torch.cat([unwanted_pooled, pooled])
    return Conditioning(context, pooled, meta["guidance"], seen=seen)


@torch.inference_mode()
def start(model, recorded, noise):
    """The latents a run starts from, its mask, and what an inpainting network sees."""
    init, scale = recorded.init, model.latents.scale

    def sampled(pictures, draw):
        mean, log_variance = model.latents.autoencoder.encode(pictures)
        return (mean + (log_variance / 2).exp() * draw) * scale

    latents = init if init.shape[1] == 4 else sampled(init * 2 - 1, noise.like(init))
    mask, seen = torch.ones(1, 1, *latents.shape[2:]), None
    if "mask" in recorded.arrays:
        reduced = model.latents.reduce(recorded.mask)
        if model.card.inpaints:  # it keeps by itself: the pipeline holds nothing
            surroundings = (init * 2 - 1) * (recorded.mask < 0.5)
            seen = torch.cat([reduced, sampled(surroundings, noise.draws[2])], dim=1)
        else:
            mask = reduced
    return latents, mask, seen


def test_all_sixteen_runs_are_here():
    assert len(RUNS) == 16


@pytest.mark.parametrize("run", RUNS)
def test_runs_of_diffusers_pipelines_are_replayed(recording, run):
    recorded = recording(f"stable_diffusion/{run}.npz")
    model = open_model(single_file(recorded.meta["model"]))
    noise, sigmas = Tape(recorded), levels(recorded)
    latents, mask, seen = start(model, recorded, noise)
    guided = GuidedNetwork(
        model.network, conditioning_of(model, recorded, seen), size_waves=SIZE_WAVES
    )
    labels = iter(recorded.timesteps.tolist())

    def network(x, label):
        """Schedulers round the label between two steps; ours does not."""
        rounded = next(labels)
        assert abs(label.item() - rounded) < 0.51
        return guided(x, torch.full_like(label, rounded))

    denoise = VPDenoiser(network, schedule_of(recorded), recorded.meta["config"]["prediction_type"])
    solver = {
        "DDIMScheduler": partial(SOLVERS["ddim"], eta=float(recorded.meta.get("eta", 0))),
        "DPMSolverMultistepScheduler": SOLVERS["dpmpp_2m_sde"],
        "EulerDiscreteScheduler": SOLVERS["ddim"],
        "LCMScheduler": consistency,
    }[recorded.meta["scheduler"]]
    *_, last = sdedit(denoise, latents, mask, sigmas=sigmas, solver=solver, noise=noise)
    found = last.z / (1 + sigmas[-1] ** 2).sqrt()
    if recorded.out.shape[1] == 3:
        with torch.inference_mode():
            found = (model.latents.decode(found) / 2 + 0.5).clamp(0, 1)
    # From sigma 4519 on float32 keeps fewer digits.
    assert (found - recorded.out).abs().max() < (5e-3 if sigmas[0] > 1000 else 1e-4)
