"""One ``.safetensors`` file with everything: a diffusers folder's two descriptions as metadata."""

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save_file

from sdedit_desktop.diffusion.checkpoints import diffusers
from sdedit_desktop.diffusion.checkpoints.card import Blueprint
from sdedit_desktop.diffusion.checkpoints.container import Tree
from sdedit_desktop.diffusion.networks.unet import UNet
from sdedit_desktop.errors import ModelError

KEY = "sdedit_desktop"
"""The metadata's entry that makes a file one of ours."""


def save_single(
    path: Path,
    network: UNet,
    *,
    sample_size: int,
    prediction: str,
    dtype: torch.dtype = torch.float16,
) -> None:
    """Writes a network into one file; arguments as ``diffusers.save_unet``."""
    words = {
        "unet": diffusers.unet_json(network.config, sample_size),
        "scheduler": diffusers.scheduler_json(prediction),
    }
    weights = diffusers.stored(network, dtype)
    save_file(weights, path, metadata={"format": "pt", KEY: json.dumps(words)})


def blueprint(path: Path, tree: Tree, metadata: Mapping[str, str]) -> Blueprint:
    """Describes such a file.

    Raises:
        ModelError: Its description is damaged.
    """
    try:
        words = json.loads(metadata[KEY])
        unet, scheduler = words["unet"], words["scheduler"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ModelError("The description in {0} is damaged.", path.name) from error
    return diffusers.described(path, unet, scheduler, tree)
