"""Checkpoints on disk: recognised by their keys, read without running code from them.

Nothing else in the program opens files of weights, and nothing here trusts what they say.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import torch

from sdedit_desktop.diffusion.checkpoints.card import Card
from sdedit_desktop.diffusion.checkpoints.container import SUFFIXES
from sdedit_desktop.diffusion.checkpoints.detect import detect, is_model_folder
from sdedit_desktop.diffusion.checkpoints.known import identify
from sdedit_desktop.diffusion.checkpoints.latent import build_latent
from sdedit_desktop.diffusion.checkpoints.model import Model, build
from sdedit_desktop.diffusion.interruption import Check, never
from sdedit_desktop.errors import ModelError

__all__ = ["BrokenModel", "Card", "Model", "find_models", "identify", "inspect", "open_model"]


class BrokenModel(NamedTuple):
    """A file or folder that looks like a model but cannot be used, and why."""

    path: Path
    reason: str


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


def find_models(folders: Iterable[Path]) -> list[Card | BrokenModel]:
    """Describes everything in these folders that looks like a model, in the order of names."""
    found: list[Card | BrokenModel] = []
    for folder in folders:
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            is_beside = path.stem.endswith(".vae")  # belongs to the model of that name
            if is_beside or not (path.suffix.lower() in SUFFIXES or is_model_folder(path)):
                continue
            try:
                found.append(inspect(path))
            except ModelError as error:
                found.append(BrokenModel(path, str(error)))
    return found
