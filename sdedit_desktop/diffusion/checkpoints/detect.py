"""Recognises checkpoints by keys and shapes, never by the file's name."""

from collections.abc import Callable, Mapping
from pathlib import Path

from sdedit_desktop.diffusion.checkpoints import (
    ddpm,
    diffusers,
    foreign,
    guided,
    latent_folder,
    ldm,
    score_sde,
)
from sdedit_desktop.diffusion.checkpoints.card import Blueprint, Corrections
from sdedit_desktop.diffusion.checkpoints.container import MALFORMED, Tree, read_tree
from sdedit_desktop.errors import ModelError

FORMATS: tuple[Callable[[Path, Tree, Corrections], Blueprint | None], ...] = (
    ddpm.recognise,
    score_sde.recognise,
    guided.recognise,
)
"""Recognisers of files that do not describe themselves."""


def detect(path: Path) -> Blueprint:
    """Recognises a file or folder and reads all about it but its weights.

    Raises:
        ModelError: It is missing, damaged, dangerous or of a kind that is not known here.
    """
    if not path.exists():
        raise ModelError("There is no model at {0}.", path)
    folder = path if path.is_dir() else diffusers.folder_of(path)
    try:
        found = _recognise(path, *read_tree(path)) if folder is None else _of_folder(folder)
    except MALFORMED as error:
        raise ModelError("{0} has weights that do not fit together.", path.name) from error
    if not 0 < found.card.sigma_min < found.card.sigma_max < _LOUDEST:
        raise ModelError(
            "{0} claims to know noise from {1:g} to {2:g}, which makes no sense.",
            path.name,
            found.card.sigma_min,
            found.card.sigma_max,
        )
    return found


_LOUDEST = 1e6
"""An upper bound of sensible noise levels."""


def _recognise(path: Path, tree: Tree, metadata: Mapping[str, str]) -> Blueprint:
    corrections = Corrections.beside(path)
    latent = ldm.recognise(path, tree, metadata, corrections)
    if latent is not None:
        return latent
    for recognise in FORMATS:
        found = recognise(path, tree, corrections)
        if found is not None:
            return found
    raise foreign.refusal(path, tree)


def _of_folder(folder: Path) -> Blueprint:
    if diffusers.kind_of(folder) == "UNet2DConditionModel":
        return latent_folder.blueprint(folder)
    return diffusers.blueprint(folder)


def is_model_folder(path: Path) -> bool:
    """Whether a folder has the layout of diffusers."""
    return any((path / name).is_file() for name in ("model_index.json", "config.json"))
