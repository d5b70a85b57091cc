"""Stable Diffusion's files: what is read off them, and what is refused."""

import json
import shutil

import pytest
import torch
from latent_models import single_file, write_folder
from safetensors.torch import load_file, save_file
from torch.utils.flop_counter import FlopCounterMode

from sdedit_desktop.diffusion.checkpoints import inspect, ldm, open_model
from sdedit_desktop.diffusion.denoiser import VPDenoiser
from sdedit_desktop.diffusion.estimate import estimate
from sdedit_desktop.diffusion.prompt import Prompt
from sdedit_desktop.diffusion.schedule import DiscreteVP
from sdedit_desktop.errors import ModelError

GUIDE = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(3)) * 2 - 1
MASK = torch.zeros(1, 1, 64, 64)
MASK[..., 8:24, 16:40] = 1


@pytest.fixture(scope="module")
def whole():
    """The weights of the tiny SD 1 and SD 2 files."""
    return {name: load_file(single_file(name)) for name in ("sd1_tiny", "sd2_v_tiny", "sdxl_tiny")}


@pytest.fixture
def saved(tmp_path):
    def save(weights, name="model", **metadata):
        path = tmp_path / f"{name}.safetensors"
        contiguous = {key: value.contiguous() for key, value in weights.items()}
        save_file(contiguous, path, metadata={"format": "pt"} | metadata)
        return path

    return save


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tiny SD 1 as a folder: its vocabulary is its own."""
    return write_folder("sd1_tiny", tmp_path_factory.mktemp("sd1"))


@pytest.mark.parametrize(
    ("name", "family", "size", "inpaints"),
    [
        ("sd1_tiny", "Stable Diffusion 1", 512, False),
        ("sd1_inpaint_tiny", "Stable Diffusion 1", 512, True),
        ("sd2_v_tiny", "Stable Diffusion 2", 512, False),
        ("sdxl_tiny", "Stable Diffusion XL", 1024, False),
    ],
)
def test_cards_name_family_size_and_inpainting(name, family, size, inpaints):
    card = inspect(single_file(name))
    assert (card.family, card.size, card.inpaints) == (family, size, inpaints)
    assert card.takes_words
    assert card.sigma_max == pytest.approx(14.6, abs=0.1)


def test_state_dicts_with_plain_values_around_them_are_read(whole, tmp_path):
    path = tmp_path / "model.ckpt"
    torch.save({"epoch": 3, "global_step": 470_000, "state_dict": whole["sd1_tiny"]}, path)
    assert inspect(path).family == "Stable Diffusion 1"


def test_folders_tell_prediction_and_zero_snr(tmp_path):
    card = inspect(write_folder("sd2_v_tiny", tmp_path))
    assert card.prediction == "v_prediction"
    assert card.sigma_max == pytest.approx(4519, abs=1)


def test_assumed_settings_are_listed_and_can_be_corrected(tmp_path):
    path = shutil.copy(single_file("sd2_v_tiny"), tmp_path / "model.safetensors")
    assert any("epsilon was assumed" in note for note in inspect(path).notes)
    corrections = {"prediction": "v_prediction", "zero_snr": True}
    (tmp_path / "model.safetensors.json").write_text(json.dumps(corrections))
    card = inspect(path)
    assert (card.prediction, card.size) == ("v_prediction", 768)
    assert card.sigma_max > 4000
    assert not any("was assumed" in note for note in card.notes)
    assert card.prediction_guessed  # it can be chosen again


def test_only_settings_missing_from_the_file_can_be_chosen(whole, saved, tmp_path):
    assert inspect(single_file("sd1_tiny")).prediction_guessed
    card = inspect(saved(whole["sd1_tiny"], **{"modelspec.prediction_type": "epsilon"}))
    assert not card.prediction_guessed
    assert not inspect(write_folder("sd2_v_tiny", tmp_path / "folder")).prediction_guessed


@pytest.mark.parametrize(("deviation", "prediction"), [(0.05, "epsilon"), (0.2, "v_prediction")])
def test_the_prediction_type_of_sd2_is_found_from_a_bias(deviation, prediction):
    bias = torch.tensor([-deviation, deviation] * 64)
    old = {"output_blocks.11.1.transformer_blocks.0.norm1.bias": bias}
    assert ldm.prediction_of({}, old, {}, (False,)) == prediction


def test_the_prediction_type_of_xl_is_found_from_keys_and_metadata(whole, saved):
    marks = {"v_pred": torch.zeros(0), "ztsnr": torch.zeros(0)}
    card = inspect(saved(whole["sdxl_tiny"] | marks))
    assert card.prediction == "v_prediction"
    assert card.sigma_max > 4000
    metadata = {"modelspec.prediction_type": "v", "modelspec.title": "Some XL Lightning 4 steps"}
    card = inspect(saved(whole["sdxl_tiny"], **metadata))
    assert (card.prediction, card.few_steps) == ("v_prediction", "Lightning")


def test_zero_snr_keeps_the_first_step_and_loses_the_last():
    plain = DiscreteVP.scaled_linear()
    stretched = plain.without_signal()
    assert stretched.sigma_min == pytest.approx(plain.sigma_min, rel=1e-9)
    assert stretched.sigma_max == pytest.approx(4519, abs=1)
    assert (stretched.sigmas.diff() > 0).all()


def without(weights, prefix):
    return {name: value for name, value in weights.items() if not name.startswith(prefix)}


def test_the_autoencoder_may_lie_beside_the_file(whole, saved):
    weights = whole["sd1_tiny"]
    vae = {n: v for n, v in weights.items() if n.startswith("first_stage_model.")}
    path = saved(without(weights, "first_stage_model."))
    with pytest.raises(ModelError, match=r"no autoencoder. Put its VAE beside .*model\.vae\."):
        inspect(path)
    bare = {n.removeprefix("first_stage_model."): v for n, v in vae.items()}
    saved(bare, "model.vae")
    z = open_model(path).space.encode(GUIDE)
    assert torch.equal(z, open_model(single_file("sd1_tiny")).space.encode(GUIDE))


def test_an_autoencoder_can_be_chosen(whole, saved, tmp_path):
    path = saved(whole["sd1_tiny"])
    other = {n: v for n, v in whole["sdxl_tiny"].items() if n.startswith("first_stage_model.")}
    saved(other, "other")
    before = open_model(path).space.encode(GUIDE)
    (tmp_path / "model.safetensors.json").write_text(json.dumps({"vae": "other.safetensors"}))
    assert not torch.equal(open_model(path).space.encode(GUIDE), before)
    (tmp_path / "model.safetensors.json").write_text(json.dumps({"vae": "missing.safetensors"}))
    with pytest.raises(ModelError, match="no autoencoder missing"):
        inspect(path)


def test_parts_that_are_missing_are_named(whole, saved, folder, tmp_path):
    with pytest.raises(ModelError, match="no text encoder"):
        inspect(saved(without(whole["sd1_tiny"], "cond_stage_model.")))
    shutil.copytree(folder, tmp_path / "broken")
    shutil.rmtree(tmp_path / "broken" / "text_encoder")
    with pytest.raises(ModelError, match="no text_encoder: copy the whole folder"):
        inspect(tmp_path / "broken")


def test_relatives_are_refused_by_name(whole, saved):
    first = "model.diffusion_model.input_blocks.0.0.weight"
    weights = whole["sd1_tiny"]
    eight = weights | {first: torch.zeros(32, 8, 3, 3)}
    with pytest.raises(ModelError, match="latents with 8 channels"):
        inspect(saved(eight))
    for words, mark in (
        ("Playground", "edm_mean"),
        ("ControlNet", "control_model.x"),
        ("refiner", "conditioner.embedders.0.model.ln_final.weight"),
    ):
        with pytest.raises(ModelError, match=words):
            inspect(saved(weights | {mark: torch.zeros(4)}))


def test_parts_of_different_models_are_refused(whole, saved):
    text = {n: v for n, v in whole["sdxl_tiny"].items() if n.startswith("conditioner.")}
    mixed = without(whole["sd1_tiny"], "cond_stage_model.") | text
    with pytest.raises(ModelError, match=r"text encoder of .* is 128 wide, but .* takes 64"):
        inspect(saved(mixed))


def test_half_a_download_is_refused(tmp_path):
    half = single_file("sd1_tiny").read_bytes()
    path = tmp_path / "model.safetensors"
    path.write_bytes(half[: len(half) // 2])
    with pytest.raises(ModelError, match="damaged or incomplete"):
        inspect(path)


def test_a_vocabulary_of_another_size_is_refused():
    model = open_model(single_file("sd1_tiny"))  # 530 tokens; the bundled vocabulary has 49,408
    with pytest.raises(ModelError, match="knows 530 tokens, but its vocabulary has 49408"):
        model.condition(Prompt("a tree"), GUIDE, MASK)


def test_monstrous_sizes_are_refused(whole, saved):
    name = "model.diffusion_model.input_blocks.1.1.transformer_blocks.{}.attn2.to_k.weight"
    deep = whole["sd1_tiny"] | {name.format(10**9): torch.zeros(4, 4)}
    with pytest.raises(ModelError):
        open_model(saved(deep))
    many = "cond_stage_model.transformer.text_model.encoder.layers.{}.layer_norm1.weight"
    with pytest.raises(ModelError):
        open_model(saved(whole["sd1_tiny"] | {many.format(10**9): torch.zeros(4)}))


def test_prompts_change_the_prediction(folder):
    model = open_model(folder)
    z = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    sigma = torch.tensor(1.7, dtype=torch.float64)

    def denoised(**words):
        conditioning = model.condition(Prompt(**words), GUIDE, MASK)
        with torch.inference_mode():
            return model.denoiser(conditioning=conditioning)(z, sigma)

    plain = denoised(wanted="red tree", guidance=1)
    assert torch.equal(denoised(wanted="RED  tree", unwanted="sky", guidance=1), plain)
    assert not torch.allclose(denoised(wanted="sky", guidance=1), plain)
    # Guidance goes on in a straight line.
    two, three = (denoised(wanted="red tree", unwanted="sky", guidance=g) for g in (2, 3))
    torch.testing.assert_close(three - two, two - plain, rtol=1e-3, atol=1e-4)


def test_weights_of_words_go_from_nothing_to_more(folder):
    texts = open_model(folder).texts
    none, plain, more, empty = texts.read(["(tree:0)", "tree", "(tree:2)", ""])
    assert torch.allclose(none.context[:, 1], empty.context[:, 1])
    torch.testing.assert_close(
        more.context[:, 1] - plain.context[:, 1], plain.context[:, 1] - none.context[:, 1]
    )


def test_inpainting_networks_see_the_mask_and_its_surroundings(tmp_path):
    model = open_model(write_folder("sd1_inpaint_tiny", tmp_path))
    seen = model.condition(Prompt("tree"), GUIDE, MASK).seen
    assert torch.equal(seen[:, :1], model.space.reduce(MASK))
    assert torch.equal(seen[:, 1:], model.space.encode(GUIDE * (1 - MASK)))
    hidden = GUIDE + MASK  # another picture under the mask
    assert torch.equal(model.condition(Prompt("tree"), hidden, MASK).seen, seen)


def test_text_encoders_are_read_for_new_words_only_and_freed(folder, monkeypatch):
    texts = open_model(folder).texts
    read, real = [], texts.encoder
    monkeypatch.setattr(texts, "encoder", lambda index: read.append(index) or real(index))
    texts.read(["tree", "sky"])
    texts.read(["sky", "tree"])
    assert read == [0]
    texts.read(["hill"])
    assert read == [0, 0]


def test_networks_compute_in_half_precision_and_autoencoders_do_not(folder):
    model = open_model(folder, dtype=torch.bfloat16)
    assert {p.dtype for p in model.network.parameters()} == {torch.bfloat16}
    assert {p.dtype for p in model.latents.autoencoder.parameters()} == {torch.float32}
    conditioning = model.condition(Prompt("tree"), GUIDE, MASK)
    denoise = model.denoiser(conditioning=conditioning)
    assert isinstance(denoise, VPDenoiser)
    with torch.inference_mode():
        found = denoise(torch.zeros(2, 4, 8, 8), torch.tensor(1.0, dtype=torch.float64))
    assert found.isfinite().all()
    assert found.dtype == torch.float32


@pytest.mark.parametrize("name", ["sd1_tiny", "sdxl_tiny"])
def test_the_cost_of_a_call_is_known_before_it_is_made(name):
    path = single_file(name)
    model, cost = open_model(path), estimate(path, size=(128, 128), measures=False)
    context = torch.zeros(1, 77, model.unet.config.context)
    added = torch.zeros(1, model.unet.config.added) if model.unet.config.added else None
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        model.network(torch.zeros(1, 4, 16, 16), torch.ones(1), context, added)
    assert cost.operations == pytest.approx(counter.get_total_flops(), rel=0.03)
    held = (*model.network.parameters(), *model.latents.autoencoder.parameters())
    assert cost.weights_bytes == sum(value.nbytes for value in held)


@pytest.mark.parametrize(
    ("description", "words", "said"),
    [
        ("unet/config.json", {"sample_size": 10**12}, "pictures of 8000000000000 pixels"),
        ("unet/config.json", {"sample_size": -5}, "pictures of -40 pixels"),
        ("vae/config.json", {"block_out_channels": [8] * 100_000}, "pictures of 10{15} pixels"),
        ("vae/config.json", {"scaling_factor": 0}, "scale latents by 0"),
        ("vae/config.json", {"scaling_factor": float("nan")}, "scale latents by nan"),
        ("scheduler/scheduler_config.json", {"prediction_type": 7}, "predicts '7'"),
    ],
)
def test_descriptions_of_nonsense_are_refused(description, words, said, tmp_path):
    file = write_folder("sd1_tiny", tmp_path) / description
    file.write_text(json.dumps(json.loads(file.read_text()) | words))
    with pytest.raises(ModelError, match=said):
        inspect(tmp_path)
