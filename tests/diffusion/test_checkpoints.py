"""What is recognised, under which wrappings, and what is refused with which words."""

import dataclasses
import hashlib
import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from sdedit_desktop.diffusion.checkpoints import ddpm as ddpm_format
from sdedit_desktop.diffusion.checkpoints import (
    identify,
    inspect,
    known,
    open_model,
)
from sdedit_desktop.diffusion.checkpoints.card import Corrections
from sdedit_desktop.diffusion.checkpoints.diffusers import save_unet, unet_config, unet_json
from sdedit_desktop.diffusion.checkpoints.model import check_weights
from sdedit_desktop.diffusion.estimate import estimate
from sdedit_desktop.diffusion.networks.unet import UNet, UNetConfig
from sdedit_desktop.diffusion.schedule import DiscreteVP
from sdedit_desktop.errors import ModelError

DATA = Path(__file__).parents[1] / "parity" / "data"
SDEDIT = DATA / "sdedit" / "tiny_celeba_hq.ckpt"
GUIDED = DATA / "guided_diffusion" / "learnsigma_updown.pt"
SCORE_SDE = DATA / "score_sde" / "ve_celebahq_tiny_checkpoint_48.pth"
FOLDER = DATA / "diffusers" / "ddpm_tiny_safetensors"
SMALL = UNetConfig(channels=(32, 64), attention=(False, True), blocks=1)


def weights(path):
    return torch.load(path, weights_only=True)  # noqa: TID251


def answer(path, **options):
    """What a model makes of the same picture."""
    model = open_model(path, **options)
    picture = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(1)) * 4 - 2
    return model.denoiser()(picture, torch.tensor(1.5, dtype=torch.float64))


# Recognised


@pytest.mark.parametrize(
    ("path", "card"),
    [
        (SDEDIT, {"family": "DDPM", "parameters": 702_499, "ema": None, "size": 32}),
        (GUIDED, {"family": "guided-diffusion", "parameters": 354_822, "learned_variance": True}),
        (SCORE_SDE, {"family": "NCSN++", "prediction": "score", "ema": True, "size": 32}),
        (FOLDER, {"family": "DDPM", "parameters": 45_259, "multiple": 2, "prediction": "epsilon"}),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else "",
)
def test_the_card_has_the_values_of_the_file(path, card):
    found = inspect(path)
    assert {name: getattr(found, name) for name in card} == card
    assert json.loads(json.dumps(found.as_json()))["path"] == str(path)


def test_levels_of_a_variance_exploding_model_are_read_from_the_file():
    card = inspect(SCORE_SDE)
    assert (card.sigma_min, card.sigma_max) == pytest.approx((0.02, 696))


def test_recognised_by_keys_whatever_the_name(tmp_path):
    copy = tmp_path / "holiday.bin"
    shutil.copy(SDEDIT, copy)
    assert torch.equal(answer(copy), answer(SDEDIT))


def prefixed(prefix):
    return {prefix + name: value for name, value in weights(SDEDIT).items()}


def spoilt():
    return {name: value + 1 for name, value in weights(SDEDIT).items()}


@pytest.mark.parametrize(
    ("wrapped", "ema"),
    [
        (lambda: prefixed("module."), None),
        (lambda: {"state_dict": prefixed("model.")}, None),
        (lambda: [prefixed("module."), {"state": {}, "param_groups": []}, 3, 1000], False),
        (lambda: [spoilt(), {"state": {}, "param_groups": []}, 3, 1000, weights(SDEDIT)], True),
    ],
    ids=["parallel", "state_dict", "DDIM without average", "DDIM with average"],
)
@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
def test_wrappings_are_taken_off(tmp_path, wrapped, ema, zipped):
    path = tmp_path / "wrapped.ckpt"
    torch.save(wrapped(), path, _use_new_zipfile_serialization=zipped)
    assert torch.equal(answer(path), answer(SDEDIT))
    assert inspect(path).ema is ema


def test_the_same_weights_as_safetensors(tmp_path):
    path = tmp_path / "model.safetensors"
    save_file(weights(SDEDIT), path)
    assert torch.equal(answer(path), answer(SDEDIT))


def test_attention_weights_by_their_old_diffusers_names_are_read(tmp_path):
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "unet" / "diffusion_pytorch_model.safetensors"
    new = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
    old = {}
    for name, value in open_model(FOLDER).network.state_dict().items():
        for today, first in new.items():
            name = name.replace(f".{today}.", f".{first}.")
        old[name] = value
    assert any(".query." in name for name in old)
    save_file(old, file)
    assert torch.equal(answer(tmp_path), answer(FOLDER))


def test_a_flat_folder_and_the_file_inside_are_the_model_too(tmp_path):
    for file in [*FOLDER.glob("unet/*"), *FOLDER.glob("scheduler/*")]:
        shutil.copy(file, tmp_path)
    assert torch.equal(answer(tmp_path), answer(FOLDER))
    inside = "diffusion_pytorch_model.safetensors"
    assert torch.equal(answer(tmp_path / inside), answer(FOLDER))
    assert torch.equal(answer(FOLDER / "unet" / inside), answer(FOLDER))


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction", "sample"])
def test_trained_models_are_read_as_folder_and_as_single_file(tmp_path, prediction):
    network = UNet(SMALL).eval()
    options = {"sample_size": 64, "prediction": prediction, "dtype": torch.float32}
    save_unet(tmp_path / "folder", network, **options)
    model = open_model(tmp_path / "folder")
    assert (model.card.size, model.card.prediction) == (64, prediction)
    assert model.network.config == SMALL
    for name, value in network.state_dict().items():
        assert torch.equal(model.network.state_dict()[name], value), name


@pytest.mark.parametrize("path", [FOLDER, GUIDED, SCORE_SDE], ids=lambda path: path.stem)
def test_half_precision_is_close(path):
    exact, half = answer(path), answer(path, dtype=torch.bfloat16)
    assert half.dtype == torch.float32
    assert 0 < (half - exact).abs().max() < 0.2


def test_corrections_beside_a_file_override_detected_values(tmp_path):
    copy = tmp_path / GUIDED.name
    shutil.copy(GUIDED, copy)
    guessed = inspect(copy)
    assert any("heads" in note for note in guessed.notes)
    words = {"name": "Faces", "size": 64, "head_channels": 16, "noise_schedule": "cosine"}
    (tmp_path / f"{GUIDED.name}.json").write_text(json.dumps(words))
    card = inspect(copy)
    assert (card.name, card.size, card.notes) == ("Faces", 64, ())
    assert card.sigma_max > guessed.sigma_max


@pytest.mark.parametrize("words", ['{"sise": 64}', '{"size": "64"}', '{"size": -1}', "[]", "{"])
def test_corrections_that_mean_nothing_are_refused(tmp_path, words):
    copy = tmp_path / GUIDED.name
    shutil.copy(GUIDED, copy)
    (tmp_path / f"{GUIDED.name}.json").write_text(words)
    with pytest.raises(ModelError, match="head_channels"):
        inspect(copy)


@pytest.mark.parametrize("schedule", ["linear", "scaled_linear", "squaredcos_cap_v2"])
def test_schedules_of_diffusers(tmp_path, schedule):
    from diffusers import DDPMScheduler  # slow to import

    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    theirs = DDPMScheduler(num_train_timesteps=500, beta_schedule=schedule)
    theirs.save_pretrained(tmp_path / "scheduler")
    ours = open_model(tmp_path).schedule
    assert isinstance(ours, DiscreteVP)
    torch.testing.assert_close(
        1 / (1 + ours.sigmas**2), theirs.alphas_cumprod.double(), rtol=1e-4, atol=1e-8
    )


@pytest.mark.parametrize(
    "words", [{"trained_betas": [0.1, float("nan")]}, {"beta_end": 1.0}, {"beta_start": -1.0}]
)
def test_schedules_that_make_no_sense_are_refused(tmp_path, words):
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    plan = tmp_path / "scheduler" / "scheduler_config.json"
    plan.write_text(json.dumps(json.loads(plan.read_text()) | words))
    with pytest.raises(ModelError, match="makes no sense"):
        inspect(tmp_path)


# Known, and what they cost


def test_a_published_file_gets_its_name(tmp_path, monkeypatch):
    card = inspect(SDEDIT)
    assert identify(card) == card
    assert identify(inspect(FOLDER)) == inspect(FOLDER)
    checksum = hashlib.md5(SDEDIT.read_bytes(), usedforsecurity=False).hexdigest()
    monkeypatch.setattr(known, "PUBLISHED", {checksum: ("DDPM, faces", True)})
    assert (identify(card).name, identify(card).ema) == ("DDPM, faces, averaged", True)


@pytest.mark.parametrize("path", [SDEDIT, GUIDED, SCORE_SDE, FOLDER], ids=lambda path: path.stem)
def test_the_cost_of_a_call_is_known_before_it_is_made(path):
    from torch.utils.flop_counter import FlopCounterMode

    cost, model = estimate(path), open_model(path)
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        model.network(torch.zeros(1, 3, 32, 32), torch.ones(1))
    assert cost.operations == pytest.approx(counter.get_total_flops(), rel=0.02)
    assert cost.weights_bytes == sum(v.nbytes for v in model.network.state_dict().values())
    larger = estimate(path, size=(64, 64), batch=2)
    assert larger.activations_bytes == 8 * cost.activations_bytes
    assert larger.memory_bytes - larger.weights_bytes == larger.activations_bytes
    assert larger.call_ms > 4 * cost.call_ms


def test_squares_of_pixels_make_a_call_cheaper(tmp_path):
    plain = UNetConfig(channels=(32, 64), attention=(False, False), blocks=1)
    costs = []
    for patch in (1, 2):
        network = UNet(dataclasses.replace(plain, patch=patch))
        save_unet(tmp_path, network, sample_size=64, prediction="epsilon")
        model = open_model(tmp_path)
        assert (model.card.size, model.card.multiple) == (64, 2 * patch)
        costs.append(estimate(tmp_path).operations)
    assert costs[1] == pytest.approx(costs[0] / 4, rel=0.2)


# Published sizes, without their weights


def signature(name):
    entries = json.loads((DATA / name).read_text())["keys"]
    return {name: torch.empty(shape, device="meta") for name, shape, _ in entries}


def test_the_published_sdedit_network_is_understood_by_its_shapes():
    found = ddpm_format.recognise(
        Path("celeba_hq.ckpt"), signature("sdedit/signature_full_256.json"), Corrections()
    )
    assert (found.card.parameters, found.card.size, found.card.multiple) == (113_673_219, 256, 32)
    with torch.device("meta"):
        network = found.build()
    check_weights(found.card, network.state_dict(), found.weights())


def test_the_published_diffusers_network_has_our_own_names():
    config = UNetConfig(
        channels=(128, 128, 256, 256, 512, 512), attention=(False,) * 4 + (True, False)
    )
    with torch.device("meta"):
        network = UNet(config)
    published = signature("diffusers/signature_ddpm_celebahq_256.json")
    assert {n: v.shape for n, v in network.state_dict().items()} == {
        n: v.shape for n, v in published.items()
    }
    assert unet_config(unet_json(config, 256)) == config


# Refused


def like(*shapes):
    return {name: torch.zeros(shape) for name, shape in shapes}


ATTENTION = "input_blocks.2.1.transformer_blocks.0.attn2.to_k.weight"
FOREIGN = {
    "Stable Diffusion 1": like(("model.diffusion_model." + ATTENTION, (4, 768))),
    "Stable Diffusion 2": like(("model.diffusion_model." + ATTENTION, (4, 1024))),
    "Stable Diffusion XL": like(("conditioner.embedders.1.model.weight", (4,))),
    "Flux": like(("double_blocks.0.img_attn.norm.key_norm.scale", (4,))),
    "Stable Diffusion 3": like(("joint_blocks.0.x_block.attn.qkv.weight", (4,))),
    "LoRA": like(("lora_unet_down.lora_down.weight", (4,))),
    "a LoRA": like(("unet.down_blocks.0.attentions.0.to_q.lora.up.weight", (4,))),
    "ControlNet": like(("control_model.input_hint_block.0.weight", (4,))),
    "T2I adapter": like(("adapter.body.0.block1.weight", (4,))),
    "an embedding": like(("emb_params", (2, 768))),
    "refiner": like(("conditioner.embedders.0.model.ln_final.weight", (4,))),
    "TAESD": like(("decoder.layers.0.weight", (4,)), ("decoder.layers.1.weight", (4,))),
    "decoder of latents": like(("decoder.up.0.block.0.conv1.weight", (4,))),
    "latent diffusion": like(("first_stage_model.quantize.embedding.weight", (4,))),
    "EDM": like(("model.enc.64x64_block0.norm0.weight", (4,))),
    "config.json": like(("down_blocks.0.resnets.0.conv1.weight", (4,))),
    "class": weights(GUIDED) | like(("label_emb.weight", (1000, 128))),
    "optimiser": {"state": {}, "param_groups": [{"lr": 1.0}]},
    "no weights": {"epoch": 3},
    "not known here": like(("fc.weight", (4, 4))),
}


@pytest.mark.parametrize("words", FOREIGN)
def test_foreign_models_are_named(tmp_path, words):
    path = tmp_path / "model.ckpt"
    torch.save(FOREIGN[words], path)
    with pytest.raises(ModelError, match=words):
        inspect(path)


BAD_FILES = {
    "is empty": b"",
    "LFS": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 455000000\n",
    "web page": b"<!DOCTYPE html><html><body>Sign in to continue</body></html>",
    "no weights": b"GIF89a" + bytes(600),
    "breaks off": SDEDIT.read_bytes()[:100_000],
    "damaged": (40).to_bytes(8, "little") + b'{"a":{"dtype":"F32","shape":[2],"data',
}


@pytest.mark.parametrize("words", BAD_FILES)
def test_bad_files_get_one_clear_sentence(tmp_path, words):
    path = tmp_path / "model.ckpt"
    path.write_bytes(BAD_FILES[words])
    with pytest.raises(ModelError, match=words) as error:
        open_model(path)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_named():
    with pytest.raises(ModelError, match=r"no model at .*nowhere\.ckpt"):
        inspect(Path("nowhere.ckpt"))


def test_missing_and_surplus_weights_are_named(tmp_path):
    path, whole = tmp_path / "model.ckpt", weights(SDEDIT)
    torch.save({n: v for n, v in whole.items() if n != "mid.block_1.conv1.bias"}, path)
    with pytest.raises(ModelError, match=r"mid_block\.resnets\.0\.conv1\.bias.* missing"):
        open_model(path)
    torch.save(whole | like(("mid.block_3.weight", (4,))), path)
    with pytest.raises(ModelError, match="block_3"):
        open_model(path)


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("config.json", {"_class_name": "AutoencoderKL"}, "is only a part of a model"),
        ("config.json", {"architectures": ["CLIPTextModel"]}, "is only a part of a model"),
        ("scheduler_config.json", {"_class_name": "DDIMScheduler"}, "is only a part of a model"),
        ("tokenizer_config.json", {}, "is only a part of a model"),
        ("config.json", {"_class_name": "ControlNetModel"}, "of the kind ControlNetModel"),
        ("model_index.json", {"_class_name": "FluxPipeline"}, "of the kind FluxPipeline"),
        ("model_index.json", {"_class_name": "StableDiffusionPipeline"}, "has no unet"),
    ],
)
def test_folders_of_other_models_are_refused_by_their_kind(tmp_path, file, content, sentence):
    folder = tmp_path / "found"
    folder.mkdir()
    (folder / file).write_text(json.dumps(content))
    with pytest.raises(ModelError, match=f"^found {sentence}|^found is {sentence}"):
        inspect(folder)
