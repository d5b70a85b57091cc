"""Which models are on this computer. Looks at names only; what is inside, the engine tells."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sdedit_desktop import paths
from sdedit_desktop.errors import ModelError

_SUFFIXES = {".ckpt", ".pt", ".pth", ".safetensors", ".bin", ".pkl"}


def found(folders: Sequence[Path] = ()) -> Mapping[str, Path]:
    """All models by id: the bundled ones, the user's own, then those in ``folders``.

    The id is the file's or folder's name without its ending. Where two share one, the first
    found keeps it and the other goes by its whole path.
    """
    models: dict[str, Path] = {}
    for folder in (paths.resources() / "models", paths.user_models(), *folders):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if _is_model(path):
                name = path.name if path.is_dir() else path.stem
                models[str(path) if name in models else name] = path
    return models


def locate(model: str, folders: Sequence[Path] = ()) -> Path:
    """The file or folder behind an id or a path.

    Raises:
        ModelError: If there is none; the sentence lists the known ids.
    """
    models = found(folders)
    if model in models:
        return models[model]
    path = Path(model).expanduser()
    if path.exists():
        return path
    known = ", ".join(models) or "none"
    raise ModelError(f"There is no model {model!r}. Found are: {known}. A path works as well.")


def default(folders: Sequence[Path] = ()) -> str:
    """The id of the model to start with.

    Raises:
        ModelError: If there is no model at all.
    """
    for name in found(folders):
        return name
    raise ModelError(f"There is no model. Put one into {paths.user_models()}.")


def _is_model(path: Path) -> bool:
    if path.is_dir():
        return any((path / name).is_file() for name in ("model_index.json", "config.json"))
    return path.suffix.lower() in _SUFFIXES
