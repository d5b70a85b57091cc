"""Folders as diffusers writes them, our own format too: ``config.json`` and safetensors.

Either everything lies flat in one folder, or in ``unet/`` and ``scheduler/`` below it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from sdedit_desktop.diffusion.networks.unet import UNet, UNetConfig
from sdedit_desktop.errors import ModelError

WEIGHTS = "diffusion_pytorch_model.safetensors"


def save_unet(
    folder: Path,
    network: UNet,
    *,
    sample_size: int,
    prediction: str,
    dtype: torch.dtype = torch.float16,
) -> None:
    """Writes ``unet/`` and ``scheduler/`` into ``folder``.

    Args:
        folder: Made if missing; files in it are replaced.
        network: What to save.
        sample_size: The picture size it was made for, in pixels.
        prediction: What it predicts: "epsilon", "v_prediction" or "sample".
        dtype: Type of the stored weights.
    """
    unet, scheduler = folder / "unet", folder / "scheduler"
    for part in (unet, scheduler):
        part.mkdir(parents=True, exist_ok=True)
    weights = {
        name: value.detach().to("cpu", dtype).contiguous()
        for name, value in network.state_dict().items()
    }
    save_file(weights, unet / WEIGHTS, metadata={"format": "pt"})
    _write_json(unet / "config.json", unet_json(network.config, sample_size))
    _write_json(scheduler / "scheduler_config.json", _scheduler_json(prediction))
    _write_json(
        folder / "model_index.json",
        {
            "_class_name": "DDPMPipeline",
            "scheduler": ["diffusers", "DDPMScheduler"],
            "unet": ["diffusers", "UNet2DModel"],
        },
    )


def unet_json(config: UNetConfig, sample_size: int) -> dict[str, Any]:
    """``config`` in the words of ``UNet2DModel``."""
    down = ["AttnDownBlock2D" if wanted else "DownBlock2D" for wanted in config.attention]
    up = ["AttnUpBlock2D" if wanted else "UpBlock2D" for wanted in reversed(config.attention)]
    return {
        "_class_name": "UNet2DModel",
        "act_fn": "silu",
        "add_attention": config.middle_attention,
        "attention_head_dim": config.head_channels,
        "block_out_channels": list(config.channels),
        "center_input_sample": False,
        "down_block_types": down,
        "downsample_padding": 0 if config.asymmetric_padding else 1,
        "downsample_type": "conv",
        "dropout": 0.0,
        "flip_sin_to_cos": config.cosine_first,
        "freq_shift": config.frequency_shift,
        "in_channels": config.in_channels,
        "layers_per_block": config.blocks,
        "mid_block_scale_factor": 1,
        "norm_eps": config.eps,
        "norm_num_groups": config.groups,
        "out_channels": config.out_channels,
        "resnet_time_scale_shift": "default",
        "sample_size": sample_size,
        "time_embedding_type": "positional",
        "up_block_types": up,
        "upsample_type": "conv",
    }


def unet_config(words: Mapping[str, Any]) -> UNetConfig:
    """The network that a ``UNet2DModel``'s ``config.json`` describes."""
    down = words["down_block_types"]
    channels = tuple(words["block_out_channels"])
    if set(down) - {"DownBlock2D", "AttnDownBlock2D"}:
        raise ModelError(f"This U-Net has blocks that are not known here: {', '.join(down)}.")
    return UNetConfig(
        channels=channels,
        attention=tuple(block.startswith("Attn") for block in down),
        blocks=words.get("layers_per_block", 2),
        in_channels=words.get("in_channels", 3),
        out_channels=words.get("out_channels", 3),
        head_channels=words.get("attention_head_dim", 8),
        groups=words.get("norm_num_groups", 32),
        eps=words.get("norm_eps", 1e-5),
        cosine_first=words.get("flip_sin_to_cos", True),
        frequency_shift=words.get("freq_shift", 0),
        asymmetric_padding=words.get("downsample_padding", 1) == 0,
        middle_attention=words.get("add_attention", True),
    )


def load_unet(folder: Path) -> tuple[UNet, Mapping[str, Any], Mapping[str, Any]]:
    """Reads a folder; returns the network in float32 and the two configurations."""
    unet = folder / "unet" if (folder / "unet").is_dir() else folder
    scheduler = folder / "scheduler" if (folder / "scheduler").is_dir() else folder
    words = json.loads((unet / "config.json").read_text())
    schedule = json.loads((scheduler / "scheduler_config.json").read_text())
    with torch.device("meta"):
        network = UNet(unet_config(words))
    weights = {name: value.float() for name, value in load_file(unet / WEIGHTS).items()}
    network.load_state_dict(weights, assign=True)
    return network.eval(), words, schedule


def _scheduler_json(prediction: str) -> dict[str, Any]:
    return {
        "_class_name": "DDPMScheduler",
        "beta_end": 0.02,
        "beta_schedule": "linear",
        "beta_start": 0.0001,
        "clip_sample": True,
        "num_train_timesteps": 1000,
        "prediction_type": prediction,
        "variance_type": "fixed_small",
    }


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
