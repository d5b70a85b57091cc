"""LoRA: every way of naming layers, merged and taken back."""

import pytest
import torch
from latent_models import single_file, write_folder
from safetensors.torch import save_file

from sdedit_desktop.diffusion.checkpoints import inspect, open_model
from sdedit_desktop.diffusion.prompt import Lora, Prompt
from sdedit_desktop.errors import ModelError

GUIDE, MASK = torch.zeros(1, 3, 64, 64), torch.ones(1, 1, 64, 64)
LAYER = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_out.0"
KOHYA = "lora_unet_" + LAYER.replace(".", "_")
LDM = "lora_unet_input_blocks_1_1_transformer_blocks_0_attn1_to_out_0"
TEXT = "encoder.layers.0.mlp.fc1"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return open_model(write_folder("sd1_tiny", tmp_path_factory.mktemp("sd1")))


def matrices(outputs=32, inputs=32, rank=2, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return (
        torch.randn(outputs, rank, generator=generator),
        torch.randn(rank, inputs, generator=generator),
    )


UP, DOWN = matrices()
SPELLINGS = {
    "kohya": {f"{KOHYA}.lora_up.weight": UP, f"{KOHYA}.lora_down.weight": DOWN},
    "kohya, LDM": {f"{LDM}.lora_up.weight": UP, f"{LDM}.lora_down.weight": DOWN},
    "PEFT": {f"unet.{LAYER}.lora_B.weight": UP, f"unet.{LAYER}.lora_A.weight": DOWN},
    "diffusers": {f"unet.{LAYER}.lora.up.weight": UP, f"unet.{LAYER}.lora.down.weight": DOWN},
    "first diffusers": {
        f"unet.{LAYER[:-9]}.processor.to_out_lora.{way}.weight": value
        for way, value in (("up", UP), ("down", DOWN))
    },
}


@pytest.fixture
def saved(tmp_path):
    def save(weights, name="style"):
        path = tmp_path / f"{name}.safetensors"
        save_file({n: v.contiguous() for n, v in weights.items()}, path)
        return path

    return save


def weight(model, layer=LAYER):
    return model.network.get_parameter(f"{layer}.weight").clone()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_is_merged_and_taken_back(model, saved, spelling):
    before = {name: value.clone() for name, value in model.network.named_parameters()}
    path = saved(SPELLINGS[spelling])
    model.changes.apply([Lora(path, 0.5)])
    torch.testing.assert_close(weight(model), before[f"{LAYER}.weight"] + 0.5 * UP @ DOWN)
    model.changes.apply([])
    assert all(torch.equal(value, before[name]) for name, value in model.network.named_parameters())


def test_alpha_is_counted_in_ranks(model, saved):
    before = weight(model)
    path = saved(SPELLINGS["kohya"] | {f"{KOHYA}.alpha": torch.tensor(1.0)})
    model.changes.apply([Lora(path, 1.0)])
    torch.testing.assert_close(weight(model), before + 0.5 * UP @ DOWN)
    model.changes.apply([])


def test_several_loras_add_up(model, saved):
    before = weight(model)
    up, down = matrices(seed=1)
    other = saved({f"{KOHYA}.lora_up.weight": up, f"{KOHYA}.lora_down.weight": down}, "other")
    model.changes.apply([Lora(saved(SPELLINGS["kohya"]), 1.0), Lora(other, -2.0)])
    torch.testing.assert_close(weight(model), before + UP @ DOWN - 2 * up @ down)
    model.changes.apply([Lora(other, 1.0)])
    torch.testing.assert_close(weight(model), before + up @ down)
    model.changes.apply([])


def test_convolutions_are_changed(model, saved):
    layer = "down_blocks.0.resnets.0.conv1"
    before = weight(model, layer)
    down, up = torch.randn(2, 32, 3, 3), torch.randn(32, 2, 1, 1)
    flat = "lora_unet_" + layer.replace(".", "_")
    path = saved({f"{flat}.lora_up.weight": up, f"{flat}.lora_down.weight": down})
    model.changes.apply([Lora(path, 1.0)])
    wanted = before + torch.einsum("or,rikl->oikl", up[..., 0, 0], down)
    torch.testing.assert_close(weight(model, layer), wanted)
    model.changes.apply([])


def test_text_encoders_are_changed(model, saved):
    up, down = matrices(64, 64)
    flat = "lora_te_text_model_" + TEXT.replace(".", "_")
    path = saved({f"{flat}.lora_up.weight": up, f"{flat}.lora_down.weight": down})
    plain = model.condition(Prompt("a tree"), GUIDE, MASK).context
    changed = model.condition(Prompt("a tree", loras=(Lora(path, 1.0),)), GUIDE, MASK).context
    assert not torch.allclose(plain, changed)
    assert torch.equal(model.condition(Prompt("a tree"), GUIDE, MASK).context, plain)


def test_half_precision_gets_its_own_weights_back(saved, tmp_path):
    model = open_model(single_file("sd1_tiny"), dtype=torch.bfloat16)
    before = weight(model)
    model.changes.apply([Lora(saved(SPELLINGS["kohya"]), 1.0)])
    assert weight(model).dtype == torch.bfloat16
    model.changes.apply([])
    assert torch.equal(weight(model), before)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({f"{KOHYA}.lora_up.weight": UP}, "half of .* is missing"),
        ({f"{KOHYA}.hada_w1_a": UP}, "no LoRA of a kind that is known here"),
        (
            {
                "lora_unet_mid_block_x.lora_up.weight": UP,
                "lora_unet_mid_block_x.lora_down.weight": DOWN,
            },
            "for another model",
        ),
        (
            {f"{KOHYA}.lora_up.weight": torch.ones(48, 2), f"{KOHYA}.lora_down.weight": DOWN},
            "for another model",
        ),
    ],
)
def test_a_lora_of_other_shapes_is_refused_and_changes_nothing(model, saved, weights, words):
    before = weight(model)
    with pytest.raises(ModelError, match=words):
        model.changes.apply([Lora(saved(SPELLINGS["PEFT"]), 1.0), Lora(saved(weights, "bad"), 1.0)])
    assert torch.equal(weight(model), before)


def test_a_lora_is_no_model(saved):
    for weights in SPELLINGS.values():
        with pytest.raises(ModelError, match="a LoRA"):
            inspect(saved(weights))
