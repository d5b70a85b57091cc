"""Decides from names and shapes, never from the file's name, what a checkpoint is."""

from pathlib import Path

from sdedit_desktop.diffusion.checkpoints import diffusers
from sdedit_desktop.diffusion.checkpoints.card import Blueprint
from sdedit_desktop.errors import ModelError


def detect(path: Path) -> Blueprint:
    """Recognises a file or folder and reads all about it but its weights.

    Raises:
        ModelError: It is missing, damaged, dangerous or of a kind that is not known here.
    """
    if path.is_dir():
        return diffusers.blueprint(path)
    if not path.exists():
        raise ModelError(f"There is no model at {path}.")
    raise ModelError(f"{path.name} holds no weights of a kind that is known here.")


def is_model_folder(path: Path) -> bool:
    """Whether a folder looks as if diffusers had written it."""
    return any((path / name).is_file() for name in ("model_index.json", "config.json"))
