"""The engine on tiny Stable Diffusion models: words, latents and what may not change."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Event

import numpy as np
import pytest
import torch
from edits import masked_request, run
from latent_models import NAMES, single_file, write_folder
from safetensors.torch import load_file, save_file

from sdedit_desktop.diffusion import estimate
from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.diffusion.denoiser import VPDenoiser
from sdedit_desktop.diffusion.networks.autoencoder import Autoencoder
from sdedit_desktop.document.document import Document
from sdedit_desktop.editing import models
from sdedit_desktop.editing.document_requests import result_layer
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.regions.region import paste
from sdedit_desktop.editing.request import (
    CancelToken,
    Candidate,
    EditParams,
    ModelFacts,
    Note,
    Preview,
)
from sdedit_desktop.editing.sampling import memory
from sdedit_desktop.editing.sampling.latents import prepare
from sdedit_desktop.errors import ModelError, ParameterError
from sdedit_desktop.geometry import Rect

RECT = Rect(5, 7, 101, 87)
FACTOR = 8


@pytest.fixture(scope="module", params=NAMES)
def model(request, tmp_path_factory):
    """The folder of each tiny model."""
    return str(write_folder(request.param, tmp_path_factory.mktemp(request.param)))


@pytest.fixture(scope="module")
def sd1(tmp_path_factory):
    return str(write_folder("sd1_tiny", tmp_path_factory.mktemp("sd1")))


@pytest.fixture(scope="module")
def engine():
    return TorchEngine(device="cpu", leave_a_core=True)


def request(model, dtype=np.uint8, **changes):
    changes = {"calls": 3, "seeds": (1, 2), "prompt": "a red tree", "detail": "off"} | changes
    return masked_request(EditParams(model, **changes), RECT, dtype, (60, 200))


def candidates(engine, wanted):
    return [message for message in run(engine, wanted) if isinstance(message, Candidate)]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_nothing_changes_outside_the_mask_in_any_depth(engine, model, dtype):
    wanted = request(model, dtype)
    for made in candidates(engine, wanted):
        assert made.image.dtype == dtype
        after = paste(wanted.guide, made.image, made.alpha)
        kept = wanted.mask == 0
        assert np.array_equal(after[kept], wanted.guide[kept])
        assert not np.array_equal(after, wanted.guide)


def test_a_seed_is_a_picture(engine, model):
    together = candidates(engine, request(model))
    (again,) = candidates(engine, request(model, seeds=(2,)))
    assert np.array_equal(together[1].image, again.image)
    assert not np.array_equal(together[0].image, together[1].image)


def test_words_and_guidance_change_the_picture(engine, sd1):
    def made(**changes):
        return candidates(engine, request(sd1, seeds=(1,), **changes))[0].image

    plain = made()
    assert np.array_equal(made(), plain)
    for changes in ({"prompt": "sky"}, {"negative_prompt": "sky"}, {"guidance": 2.0}):
        assert not np.array_equal(made(**changes), plain), changes


def test_facts_say_that_t0_is_half_as_noisy_and_that_words_are_taken(engine, sd1):
    facts = engine.inspect(sd1)
    sigma, own_time = facts.at(0.5)
    assert facts.card["takes_words"]
    assert sigma == pytest.approx(1.706, abs=0.01)
    assert own_time == pytest.approx(0.517, abs=0.005)
    json.dumps(facts.card)


def test_a_job_begins_with_facts_and_shows_previews(engine, sd1):
    messages = run(engine, request(sd1, calls=6, seeds=(3,)))
    assert any(isinstance(message, ModelFacts) for message in messages)
    previews = [message for message in messages if isinstance(message, Preview)]
    assert previews
    assert previews[0].image.dtype == np.uint8


def test_the_autoencoders_loss_is_undone_where_nothing_changed(sd1):
    model = open_model(Path(sd1))
    guide = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1)) * 2 - 1
    job = prepare(model, EditParams(sd1), guide, torch.ones(1, 1, 64, 64))
    lost = (job.decoded - guide).abs().max()
    assert lost > 0.1  # the tiny one loses much
    torch.testing.assert_close(job.without_loss(job.decoded), guide)
    # And fades where something did.
    other = job.decoded + 1.0
    torch.testing.assert_close(job.without_loss(other), other)


def test_latents_outside_the_mask_are_the_guides_to_the_end(engine, sd1):
    """At full strength inside: all that is seen of the surroundings comes from the guide."""
    wanted = request(sd1, seeds=(1,), t0=0.9)
    (made,) = candidates(engine, wanted)
    far = np.zeros_like(wanted.mask)
    far[:8] = far[-8:] = 1
    assert np.array_equal(made.image[far > 0], wanted.guide[far > 0])


def test_small_regions_are_enlarged_to_the_models_own_size(tmp_path, engine):
    folder = write_folder("sd1_tiny", tmp_path)
    described = json.loads((folder / "unet" / "config.json").read_text())
    (folder / "unet" / "config.json").write_text(json.dumps(described | {"sample_size": 24}))
    wanted = request(str(folder), seeds=(1,), calls=1)
    messages = run(engine, wanted)
    preview = next(message for message in messages if isinstance(message, Preview))
    assert preview.image.shape[0] * preview.image.shape[1] == pytest.approx(192**2, rel=0.02)
    (made,) = (message for message in messages if isinstance(message, Candidate))
    assert made.image.shape == wanted.guide.shape


def test_a_grey_mask_changes_less(engine, sd1):
    def change(strength):
        wanted = request(sd1, seeds=(1, 2, 3), calls=8)
        wanted = replace(wanted, mask=(wanted.mask * strength).astype(np.uint8))
        made = candidates(engine, wanted)
        return np.mean([np.abs(m.image.astype(int) - wanted.guide).mean() for m in made])

    assert change(0.3) < change(1.0)


@pytest.mark.parametrize("solver", ["consistency", "euler_trailing"])
def test_few_steps_are_enough_without_guidance(engine, sd1, solver):
    wanted = request(sd1, seeds=(1,), calls=4, guidance=1.0, solver=solver)
    assert len(candidates(engine, wanted)) == 1


def test_words_beyond_the_prompts_limit_are_reported(engine, sd1):
    messages = run(engine, request(sd1, seeds=(1,), calls=1, prompt="tree " * 10_000))
    said = [message.text for message in messages if isinstance(message, Note)]
    assert any("too many for the model" in text and len(text) < 200 for text in said)


@pytest.mark.parametrize("guidance", [0.0, -1.0, float("nan"), 1000.0])
def test_guidance_that_makes_no_sense_gets_a_sentence(guidance):
    with pytest.raises(ParameterError, match="Guidance must be above 0"):
        EditParams("m", guidance=guidance).check()


def test_a_vocabulary_of_another_size_gets_a_sentence(engine):
    with pytest.raises(ModelError, match="do not belong together"):
        run(engine, request(str(single_file("sd1_tiny"))))


def test_loras_are_found_by_name_beside_the_model(engine, tmp_path):
    folder = str(write_folder("sd1_tiny", tmp_path / "model"))
    layer = "down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q"
    weights = {
        f"lora_unet_{layer}.lora_up.weight": torch.ones(32, 1),
        f"lora_unet_{layer}.lora_down.weight": torch.ones(1, 32),
    }
    (tmp_path / "loras").mkdir()
    save_file(weights, tmp_path / "loras" / "style.safetensors")

    def candidate(prompt):
        return candidates(engine, request(folder, seeds=(1,), prompt=prompt))[0]

    def made(prompt):
        return candidate(prompt).image

    plain = made("a tree")
    recorded = candidate("a tree <lora:style:0.7>")
    styled, hashes = recorded.image, recorded.origin.loras
    assert hashes == (models.fingerprint(tmp_path / "loras" / "style.safetensors"),)
    assert candidate("a tree").origin.loras == ()
    assert result_layer(Document(200, 200), recorded).parameters["loras"] == list(hashes)
    assert not np.array_equal(styled, plain)
    assert not np.array_equal(made("a tree <lora:style:0.2>"), styled)
    assert np.array_equal(made("a tree"), plain)
    with pytest.raises(ModelError, match="no LoRA 'missing'"):
        run(engine, request(folder, prompt="a tree <lora:missing:1>"))


@pytest.mark.parametrize(
    ("overflows", "tried"),
    [
        ({torch.float16}, ["fp16", "bf16"]),
        ({torch.bfloat16}, ["bf16", "fp32"]),
        ({torch.float16, torch.bfloat16}, ["fp16", "bf16", "fp32"]),
    ],
)
def test_infinities_in_half_precision_are_made_again_with_more_range(
    engine, sd1, monkeypatch, overflows, tried
):
    """bf16 has the range of fp32; only then comes full precision."""
    from sdedit_desktop.diffusion.networks import conditional

    real = conditional.ConditionalUNet.forward

    def overflowing(self, x, *arguments):
        found = real(self, x, *arguments)
        return found / 0 if x.dtype in overflows else found

    monkeypatch.setattr(conditional.ConditionalUNet, "forward", overflowing)
    messages = run(engine, request(sd1, seeds=(1,), calls=1, precision=tried[0]))
    said = [message.text for message in messages if isinstance(message, Note)]
    for before, after in pairwise(tried):
        assert f"{before} was not precise enough; using {after}." in said
    (made,) = (message for message in messages if isinstance(message, Candidate))
    assert made.params.precision == tried[-1]


def test_a_large_file_is_read_beside_the_work_and_small_ones_at_once(sd1, monkeypatch):
    path = Path(sd1)
    assert models.fingerprint_if_ready(path) == models.fingerprint(path)
    gate, real = Event(), models._fingerprint
    monkeypatch.setattr(models, "_LARGE_BYTES", 1)
    monkeypatch.setattr(models, "_fingerprint", lambda *args: gate.wait(60) and real(*args))
    models._read_beside.cache_clear()
    assert models.fingerprint_if_ready(path) == ""
    gate.set()
    reading = models._read_beside(path, models.stamp(path))
    assert reading.result(60) == models.fingerprint_if_ready(path) == real(path, models.stamp(path))
    models._read_beside.cache_clear()


def test_an_autoencoder_beside_a_file_belongs_to_it(tmp_path):
    weights = load_file(single_file("sd1_tiny"))
    file = tmp_path / "model.safetensors"
    save_file(weights, file)
    before = models.stamp(file), models.fingerprint(file)
    vae = {n: v for n, v in weights.items() if n.startswith("first_stage_model.")}
    save_file(vae, tmp_path / "model.vae.safetensors")
    assert models.stamp(file) != before[0]
    assert models.fingerprint(file) != before[1]
    assert list(models.found([tmp_path]))[-1] == "model"


@pytest.fixture
def small_parts(monkeypatch):
    """Autoencoders of tiny models may work in tiny parts."""
    monkeypatch.setattr(memory, "_LEAST_DECODED", 16)


@pytest.mark.parametrize("where", ["encode", "decode"])
def test_a_shortage_in_the_autoencoder_is_met_by_tiles_and_the_network_sees_all(
    model, small_parts, monkeypatch, where
):
    """Given an autoencoder that takes half the sides at most, only it works in tiles."""
    engine, largest, seen = TorchEngine(device="cpu"), [], []
    change, predict = getattr(Autoencoder, where), VPDenoiser.predict
    wanted = request(model, seeds=(1,))
    sampler, _ = engine._open(wanted, CancelToken())
    height, width = sampler.view(wanted).size
    unit, tile = FACTOR if where == "decode" else 1, sampler.smaller_tile(wanted)

    def short(self, x):
        largest.append(max(x.shape[2:]) * unit)
        if largest[-1] > tile:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return change(self, x)

    monkeypatch.setattr(Autoencoder, where, short)
    monkeypatch.setattr(
        VPDenoiser, "predict", lambda self, z, s: seen.append(z.shape[2:]) or predict(self, z, s)
    )
    messages = run(engine, wanted)
    (made,) = [message for message in messages if isinstance(message, Candidate)]
    notes = [message.text for message in messages if isinstance(message, Note)]
    assert made.params.tile == tile < max(height, width)
    assert notes == [f"Not enough memory for the whole at once; working in parts of {tile} px."]
    assert len(set(seen)) == 1
    assert max(seen[0]) * FACTOR >= max(height, width)
    kept = wanted.mask == 0
    assert np.array_equal(paste(wanted.guide, made.image, made.alpha)[kept], wanted.guide[kept])
    again = candidates(engine, replace(wanted, params=made.params))[0]
    assert np.array_equal(again.image, made.image)


def test_tiles_that_would_not_help_are_not_tried(sd1, small_parts, monkeypatch):
    """Given a network that takes far more than its autoencoder, that is left whole."""
    wanted = request(sd1)
    sampler, _ = TorchEngine(device="cpu")._open(wanted, CancelToken())
    assert sampler.smaller_tile(wanted)
    monkeypatch.setattr(estimate, "_network_cost", lambda *_: (0, 0, 1 << 40))
    memory._activations.cache_clear()
    assert sampler.smaller_tile(wanted) == 0
    memory._activations.cache_clear()
