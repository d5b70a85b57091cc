"""Finds the models on this computer by name; the engine reads what is inside."""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Thread
from typing import TypeAlias

from sdedit_desktop import paths
from sdedit_desktop.editing import banks
from sdedit_desktop.errors import FileFormatError, ModelError
from sdedit_desktop.files import atomic_write, read_regular
from sdedit_desktop.texts import Text

THIS_PHOTO = "this-photo"
"""The model that consists only of the edited photograph."""

BUNDLED_PHOTOS = "nature-photos"
"""The bundled model made of photographs."""

FOR_BLANK_CANVASES = BUNDLED_PHOTOS
"""The default model without a photograph."""

SUFFIXES = {".ckpt", ".pt", ".pth", ".safetensors", ".bin", ".pkl"}
"""Of possible model files."""


def found(folders: Sequence[Path] = ()) -> Mapping[str, Path]:
    """All models by id: the photograph itself, what else is bundled, the user's, ``folders``.

    The id is the file's or folder's name without its ending. Where two share one, the first
    found keeps it and the other goes by its whole path.
    """
    models: dict[str, Path] = {}
    for folder in (paths.resources() / "models", paths.user_models(), *folders):
        for path in _listed(folder):
            if _is_model(path):
                name = path.name if path.is_dir() else path.stem
                models[str(path) if name in models else name] = path
    return models


def choices(folders: Sequence[Path] = ()) -> Mapping[str, Path]:
    """The models to choose from: those of ``found`` by id, those in ``folders`` by path."""
    known = dict(found())
    listed = (path for folder in folders for path in _listed(folder) if _is_model(path))
    return known | {str(path): path for path in listed if path not in known.values()}


def locate(model: str, folders: Sequence[Path] = (), sha256: str = "") -> Path:
    """Finds the file or folder of an id, a path, or the name of a model that was used before.

    Args:
        model: Documents and records contain the name only, see ``shared_name``.
        folders: See ``found``.
        sha256: The fingerprint that distinguishes models of the same name. Reading large files
            is slow: not for the GUI thread.

    Raises:
        ModelError: There is none; the sentence lists the known ids.
    """
    models = found(folders)
    if model in models:
        return models[model]
    path = Path(model).expanduser()
    if os.path.exists(path):  # noqa: PTH110 - Path.exists raises for names that are too long
        return path
    named = [p for p in dict.fromkeys([*models.values(), *_used()]) if p.name == model]
    if len(named) > 1 and sha256:
        named.sort(key=lambda path: fingerprint(path) != sha256)
    if named:
        return named[0]
    known = ", ".join(models) or Text("none")
    raise ModelError("There is no model {0!r}. Found are: {1}. A path works as well.", model, known)


def find(model: str, folders: Sequence[Path] = ()) -> Path | None:
    """As ``locate``, but None if there is no such model."""
    try:
        return locate(model, folders) if model else None
    except ModelError:
        return None


def locate_lora(name: str, model: Path) -> Path:
    """Finds a LoRA: beside the model, in ``loras`` beside it, or in the user's ``loras``.

    Args:
        name: The file's name, with or without suffix.
        model: The file or folder of the model it is for.

    Raises:
        ModelError: There is none.
    """
    folders = (model.parent / "loras", model.parent, paths.user_models() / "loras")
    for folder in folders:
        for path in _listed(folder):
            if name in (path.name, path.stem) and path.suffix.lower() == ".safetensors":
                return path
    raise ModelError("There is no LoRA {0!r}. Put it into {1}.", name, folders[-1])


def remember(path: Path) -> None:
    """Records on this computer the path of a model that documents contain by name."""
    used = [path.absolute(), *_used()]
    names = list(dict.fromkeys(map(str, used)))[:_MOST_USED]
    if names == [str(one) for one in used[1:]]:
        return
    with suppress(OSError):
        paths.used_models().parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(paths.used_models(), private=True) as new:
            new.write_text(json.dumps(names), "utf-8", "surrogateescape")


def _used() -> list[Path]:
    """Existing models that were used by path, the latest first."""
    try:
        data = read_regular(paths.used_models(), _LONGEST_LIST_BYTES)
        names = json.loads(data.decode("utf-8", "surrogateescape"))
        return [Path(name) for name in names if os.path.exists(name)]  # noqa: PTH110 - as above
    except (OSError, ValueError, TypeError):
        return []


_MOST_USED, _LONGEST_LIST_BYTES = 200, 1 << 20


def shared_name(model: str) -> str:
    """The name of a model for documents: its id, or the last part of its path."""
    return model.replace("\\", "/").rstrip("/").rpartition("/")[2]


def default(folders: Sequence[Path] = (), *, has_photo: bool = True) -> str:
    """The id of the model to start with.

    Args:
        folders: See ``found``.
        has_photo: Whether there is a photograph; a blank canvas needs another model.

    Raises:
        ModelError: If there is no model at all.
    """
    known = found(folders)
    wanted = THIS_PHOTO if has_photo else FOR_BLANK_CANVASES
    for name in (wanted, *known):
        if name in known:
            return name
    raise ModelError("There is no model. Put one into {0}.", paths.user_models())


def is_of_photographs(model: str, folders: Sequence[Path] = ()) -> bool:
    """Whether a model, by id or path, is made of photographs; False if it is not found."""
    path = find(model, folders)
    return path is not None and banks.is_bank(path)


Stamp: TypeAlias = tuple[tuple[str, int, int], ...]
"""Name, size and modification time of each file of a model."""


def stamp(path: Path) -> Stamp:
    """Identifies the state of a model file or folder without reading it."""
    found = ((file, file.stat()) for file in (*_parts(path), *_corrections(path)))
    return tuple((str(file), status.st_size, status.st_mtime_ns) for file, status in found)


def fingerprint(path: Path) -> str:
    """SHA-256 of a model file, or of names and contents of a folder's weights and settings.

    Corrections are included. Cached until the files change. Large files are slow: not for the GUI
    thread.
    """
    return _fingerprint(path, stamp(path))


def fingerprint_if_ready(path: Path) -> str:
    """As ``fingerprint``, or empty while a thread is still reading a large file.

    The first call starts the thread, so that the first candidate need not wait.
    """
    found = stamp(path)
    if sum(size for _name, size, _time in found) < _LARGE_BYTES:
        return _fingerprint(path, found)
    reading = _read_beside(path, found)
    return reading.result() if reading.done() and not reading.exception() else ""


@cache
def _read_beside(path: Path, found: Stamp) -> "Future[str]":
    reading: Future[str] = Future()

    def read() -> None:
        try:
            reading.set_result(_fingerprint(path, found))
        except OSError as error:
            reading.set_exception(error)

    Thread(target=read, daemon=True).start()  # does not delay the end of the program
    return reading


_LARGE_BYTES = 2 << 30


@cache
def _fingerprint(path: Path, _stamp: Stamp) -> str:
    digest = hashlib.sha256()
    for file in _parts(path):
        digest.update(file.name.encode())
        with file.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    for file in _corrections(path):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _parts(path: Path) -> list[Path]:
    if path.is_dir() and banks.is_bank(path):
        return [path / banks.INDEX, *banks.load(path).pictures]
    files = [path, *_autoencoders(path)] if path.is_file() else sorted(path.rglob("*"))
    wanted = [f for f in files if f.suffix.lower() in SUFFIXES or f.name.endswith("config.json")]
    return [f for f in wanted if f.is_file()]


def _corrections(path: Path) -> list[Path]:
    """The file of corrections of a model, if there is one."""
    beside, own = paths.corrections(path)
    return [file for file in (own, beside) if file.is_file()][:1]


def add(path: Path, name: str = "") -> Path:
    """Copies a model into the user's folder and returns its new path.

    Args:
        path: A file or folder; the state of a training is not copied.
        name: Its new name; empty to keep the present one.

    Raises:
        FileFormatError: The name is taken, or it cannot be copied.
    """
    folder, name = paths.user_models(), name or path.name
    target, draft = folder / name, folder / f".{name}.part"
    if target.exists():
        raise FileFormatError("There is a model named {0} in {1} already.", name, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            others = shutil.ignore_patterns("training", ".*")
            shutil.copytree(path, draft, ignore=others, dirs_exist_ok=True)
        else:
            shutil.copyfile(path, draft)
        draft.replace(target)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        draft.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise FileFormatError(
            "{0} cannot be copied to {1}: {2}.", path.name, folder, reason
        ) from error
    return target


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda path: (path.name != THIS_PHOTO, path))
    except (OSError, ValueError):  # missing, not readable, or a name that no system takes
        return []


def _autoencoders(path: Path) -> list[Path]:
    """Autoencoders beside a Stable Diffusion file, which replace the one in it."""
    beside = [path.with_name(f"{path.stem}{_BESIDE}{suffix}") for suffix in (".safetensors", ".pt")]
    return [file for file in beside if file.is_file()]


_BESIDE = ".vae"


def _is_model(path: Path) -> bool:
    if path.stem.endswith(_BESIDE):
        return False
    if path.is_dir():
        names = ("model_index.json", "config.json", banks.INDEX)
        return any((path / name).is_file() for name in names)
    return path.suffix.lower() in SUFFIXES
