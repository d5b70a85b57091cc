"""The U-Net against diffusers, and the architectures that guided-diffusion has published."""

from pathlib import Path

import pytest
import torch

from sdedit_desktop.diffusion.checkpoints import guided
from sdedit_desktop.diffusion.checkpoints.card import Corrections
from sdedit_desktop.diffusion.checkpoints.diffusers import unet_config, unet_json
from sdedit_desktop.diffusion.checkpoints.model import check_weights
from sdedit_desktop.diffusion.networks.unet import UNet, UNetConfig
from sdedit_desktop.errors import ModelError

LABELS = torch.tensor([3.0, 700.0])


@pytest.mark.parametrize(
    "config",
    [
        UNetConfig(channels=(32, 64, 64), attention=(False, True, False)),
        UNetConfig(
            channels=(32, 64),
            attention=(False, True),
            blocks=1,
            head_channels=16,
            eps=1e-5,
            cosine_first=True,
            frequency_shift=0.0,
            asymmetric_padding=False,
        ),
        UNetConfig(channels=(32, 32), attention=(True, False), out_channels=6),
        UNetConfig(
            channels=(32, 64, 64),
            attention=(False, True, False),
            blocks=1,
            head_channels=16,
            eps=1e-5,
            cosine_first=True,
            frequency_shift=0.0,
            asymmetric_padding=False,
            scale_shift=True,
            residual_resampling=True,
        ),
    ],
    ids=["DDPM", "diffusers", "learned variance", "guided-diffusion"],
)
def test_the_network_is_that_of_diffusers(config):
    from diffusers import UNet2DModel  # slow to import

    torch.manual_seed(0)
    theirs = UNet2DModel.from_config(unet_json(config, 16)).eval().double()  # sums differ in order
    ours = UNet(config).eval().double()
    ours.load_state_dict(theirs.state_dict())
    assert unet_config(theirs.config) == config
    x = torch.randn(2, 3, 16, 24, generator=torch.Generator().manual_seed(0)).double()
    with torch.inference_mode():
        found, wanted = ours(x, LABELS), theirs(x, LABELS).sample
    torch.testing.assert_close(found, wanted, atol=2e-6, rtol=1e-5)


def test_gradients_flow_and_training_gives_the_same_numbers():
    network = UNet(UNetConfig(channels=(32, 32), attention=(False, True), blocks=1))
    x = torch.randn(2, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    trained = network(x, LABELS)
    trained.square().mean().backward()
    assert all(value.grad is not None for value in network.parameters())
    with torch.inference_mode():
        torch.testing.assert_close(network(x, LABELS), trained)


def test_squares_of_pixels_are_the_channels_of_a_network_for_smaller_pictures():
    config = UNetConfig(channels=(32, 64), attention=(False, True), blocks=1, patch=2)
    from diffusers import UNet2DModel  # slow to import

    torch.manual_seed(0)
    words = unet_json(config, 32)
    theirs = UNet2DModel.from_config(words).eval().double()  # sums differ in order
    ours = UNet(config).eval().double()
    ours.load_state_dict(theirs.state_dict())
    assert unet_config(words) == config
    assert (config.multiple, words["sample_size"]) == (4, 16)
    x = torch.randn(2, 3, 32, 24, generator=torch.Generator().manual_seed(0)).double()
    squares = x.view(2, 3, 16, 2, 12, 2).permute(0, 1, 3, 5, 2, 4).flatten(1, 3)
    with torch.inference_mode():
        found, answer = ours(x, LABELS), theirs(squares, LABELS).sample
    wanted = answer.view(2, 3, 2, 2, 16, 12).permute(0, 1, 4, 2, 5, 3).reshape(x.shape)
    torch.testing.assert_close(found, wanted, atol=2e-6, rtol=1e-5)


@pytest.mark.parametrize("patch", [0, -2, 1000])
def test_a_description_with_absurd_squares_is_refused(patch):
    words = unet_json(UNetConfig(channels=(32,), attention=(False,), patch=2), 32)
    with pytest.raises(ModelError, match=f"squares of {patch} pixels"):
        unet_config(words | {"patch_size": patch})


def published_names(width, multiples, blocks, attention, updown, outputs=6):
    """Names and shapes as guided-diffusion's constructor makes them, level after level."""
    names = {"time_embed.0": (4 * width, width), "time_embed.2": (4 * width, 4 * width)}

    def residual(prefix, inputs, channels):
        names[f"{prefix}.in_layers.0"] = (inputs,)
        names[f"{prefix}.in_layers.2"] = (channels, inputs, 3, 3)
        names[f"{prefix}.emb_layers.1"] = (2 * channels, 4 * width)
        names[f"{prefix}.out_layers.0"] = (channels,)
        names[f"{prefix}.out_layers.3"] = (channels, channels, 3, 3)
        if inputs != channels:
            names[f"{prefix}.skip_connection"] = (channels, inputs, 1, 1)

    def attend(prefix, channels):
        names[f"{prefix}.norm"] = (channels,)
        names[f"{prefix}.qkv"] = (3 * channels, channels, 1)
        names[f"{prefix}.proj_out"] = (channels, channels, 1)

    channels = int(multiples[0] * width)
    names["input_blocks.0.0"] = (channels, 3, 3, 3)
    skips, at = [channels], 1
    for level, multiple in enumerate(multiples):
        for _ in range(blocks):
            residual(f"input_blocks.{at}.0", channels, int(multiple * width))
            channels = int(multiple * width)
            if level in attention:
                attend(f"input_blocks.{at}.1", channels)
            skips.append(channels)
            at += 1
        if level < len(multiples) - 1:
            if updown:
                residual(f"input_blocks.{at}.0", channels, channels)
            else:
                names[f"input_blocks.{at}.0.op"] = (channels, channels, 3, 3)
            skips.append(channels)
            at += 1
    residual("middle_block.0", channels, channels)
    attend("middle_block.1", channels)
    residual("middle_block.2", channels, channels)
    at = 0
    for level in reversed(range(len(multiples))):
        for block in range(blocks + 1):
            residual(f"output_blocks.{at}.0", channels + skips.pop(), int(multiples[level] * width))
            channels, place = int(multiples[level] * width), 1
            if level in attention:
                attend(f"output_blocks.{at}.1", channels)
                place = 2
            if level and block == blocks and updown:
                residual(f"output_blocks.{at}.{place}", channels, channels)
            elif level and block == blocks:
                names[f"output_blocks.{at}.{place}.conv"] = (channels, channels, 3, 3)
            at += 1
    names |= {"out.0": (channels,), "out.2": (outputs, channels, 3, 3)}
    return {f"{name}.weight": shape for name, shape in names.items()} | {
        f"{name}.bias": shape[:1] for name, shape in names.items()
    }


PUBLISHED = {
    "256 pixels, unconditional": ((256, (1, 1, 2, 2, 4, 4), 2, {3, 4, 5}, True), 552_814_086, 256),
    "512 pixels": ((256, (0.5, 1, 1, 2, 2, 4, 4), 2, {4, 5, 6}, True), None, 512),
    "P2 weighting, FFHQ": ((128, (1, 1, 2, 2, 4, 4), 1, {4}, True), None, 256),
    "improved, LSUN": ((128, (1, 1, 2, 2, 4, 4), 2, {4, 5}, False), None, 256),
    "improved, CIFAR-10": ((128, (1, 2, 2, 2), 3, {1, 2}, False), None, 32),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_architectures_are_understood_by_their_shapes(name):
    design, parameters, size = PUBLISHED[name]
    shapes = published_names(*design)
    tree = {name: torch.empty(shape, device="meta") for name, shape in shapes.items()}
    found = guided.recognise(Path("model.pt"), tree, Corrections())
    assert found.card.learned_variance
    assert found.card.size == size
    if parameters:
        assert found.card.parameters == parameters
    with torch.device("meta"):
        network = found.build()
    check_weights(found.card, network.state_dict(), found.weights())
    assert found.card.family.startswith("guided" if design[-1] else "improved")
