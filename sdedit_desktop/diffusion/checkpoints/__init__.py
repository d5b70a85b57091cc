"""Checkpoints on disk: recognised by their keys, read without running code from them.

Nothing else in the program opens files of weights, and nothing here trusts what they say.
"""

from pathlib import Path

import torch

from sdedit_desktop.diffusion.checkpoints.card import Card
from sdedit_desktop.diffusion.checkpoints.detect import detect
from sdedit_desktop.diffusion.checkpoints.known import identify
from sdedit_desktop.diffusion.checkpoints.latent import build_latent
from sdedit_desktop.diffusion.checkpoints.model import Model, build
from sdedit_desktop.diffusion.interruption import Check, never

__all__ = ["Card", "Model", "identify", "inspect", "open_model"]


def open_model(
    path: Path,
    device: str | torch.device = "cpu",
    dtype: torch.dtype = torch.float32,
    check: Check = never,
) -> Model:
    """Opens a checkpoint of any known kind.

    Args:
        path: A file, or a folder as diffusers writes it.
        device: Where the network runs.
        dtype: What it computes in.
        check: Polled before each array of weights.

    Raises:
        ModelError: It is missing, damaged, dangerous or of a kind that is not known here.
    """
    blueprint = detect(path)
    if blueprint.latent is not None:
        return build_latent(blueprint, blueprint.latent, torch.device(device), dtype, check)
    return build(blueprint, torch.device(device), dtype, check)


def inspect(path: Path) -> Card:
    """Describes a checkpoint without reading its weights.

    Raises:
        ModelError: As ``open_model``.
    """
    return detect(path).card
