"""Reads files of weights without executing code or trusting their sizes."""

import io
import logging
import pickletools
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import torch
from safetensors import safe_open
from torch import Tensor

from sdedit_desktop.errors import ModelError
from sdedit_desktop.files import open_regular

log = logging.getLogger(__name__)

"""Suffixes of files that are considered when a folder is searched."""

MALFORMED = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""Exceptions raised while reading inconsistent files."""

_ALLOWED = {
    "collections OrderedDict",
    "torch._utils _rebuild_parameter",
    "torch._utils _rebuild_tensor",
    "torch._utils _rebuild_tensor_v2",
    *(
        f"torch {kind}Storage"
        for kind in ("BFloat16", "Bool", "Byte", "Double", "Float", "Half", "Int", "Long")
    ),
}
"""The only names a pickle may contain; containers of tensors need no others."""
_LARGEST_PICKLE_BYTES = 64 << 20

Tree = Any
"""Tensors in dictionaries and lists, as deep as the file has them."""


def read_tree(path: Path) -> tuple[Tree, Mapping[str, str]]:
    """Reads a file of weights; tensors are mapped from it where its format allows.

    Returns:
        What it holds, and its textual metadata (safetensors only).

    Raises:
        ModelError: It is no such file, is damaged or holds code.
    """
    head = _read_head(path)
    try:
        if head.startswith(b"PK"):
            return _read_zip(path), {}
        if head[8:9] == b"{":
            return _read_safetensors(path)
        if head.startswith(b"\x80"):
            return _read_legacy(path), {}
    except ModelError:
        raise
    except Exception as error:  # the parsers may raise anything for damaged files
        log.info("%s: %s", path, error)
        raise ModelError(
            "{0} is damaged or incomplete. Download it again, or ask for it as .safetensors.",
            path.name,
        ) from error
    raise ModelError("{0} holds no weights of a kind that is known here.", path.name)


def _read_head(path: Path) -> bytes:
    try:
        with open_regular(path) as file:
            head = file.read(512)
    except OSError as error:
        raise ModelError("{0} cannot be read: {1}.", path.name, error.strerror) from error
    start = head.lstrip().lower()
    if not head:
        raise ModelError(
            "{0} is empty. Download it again, or ask for it as .safetensors.", path.name
        )
    if start.startswith(b"version https://git-lfs"):
        raise ModelError(
            "{0} is a Git LFS pointer, not the model itself: run 'git lfs pull' where it was "
            "cloned.",
            path.name,
        )
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise ModelError(
            "{0} is a web page saved under a model's name. Download it again, or ask for it as "
            ".safetensors.",
            path.name,
        )
    return head


def _read_safetensors(path: Path) -> tuple[Tree, Mapping[str, str]]:
    with safe_open(path, framework="pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118


def _read_zip(path: Path) -> Tree:
    """Reads ``torch.save`` since version 1.6: an archive of a pickle and raw storages."""
    if not zipfile.is_zipfile(path):
        raise ModelError(
            "{0} breaks off before its end. Download it again, or ask for it as .safetensors.",
            path.name,
        )
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if any(member.compress_type != zipfile.ZIP_STORED for member in members):
            raise ModelError("{0} is an archive, but not one of weights.", path.name)
        pickles = [m for m in members if m.filename.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise ModelError("{0} is an archive, but not one of weights.", path.name)
        _check_pickle(path, io.BytesIO(archive.read(pickles[0])))
    return torch.load(path, map_location="cpu", weights_only=True, mmap=True)  # noqa: TID251


def _read_legacy(path: Path) -> Tree:
    """Reads ``torch.save`` before version 1.6: pickles, then raw storages."""
    with path.open("rb") as file:
        for _ in range(5):
            _check_pickle(path, file)
    # First without data: no storage may be larger than the file.
    with torch.serialization.skip_data():
        tree = torch.load(path, map_location="cpu", weights_only=True)  # noqa: TID251
    if sum(t.untyped_storage().nbytes() for t in tensors(tree)) > path.stat().st_size:
        raise ModelError(
            "{0} is shorter than its table of contents. Download it again, or ask for it as "
            ".safetensors.",
            path.name,
        )
    del tree
    return torch.load(path, map_location="cpu", weights_only=True)  # noqa: TID251


def _check_pickle(path: Path, file: IO[bytes]) -> None:
    """Disassembles a pickle to its end and refuses anything that could execute code."""
    refused, names = None, ["", ""]
    for opcode, argument, position in pickletools.genops(file):
        if position is not None and position > _LARGEST_PICKLE_BYTES:
            raise ModelError(
                "{0} has an endless table of contents. Download it again, or ask for it as "
                ".safetensors.",
                path.name,
            )
        if opcode.name == "GLOBAL" and argument in _ALLOWED:
            continue
        if opcode.name in _CALLS:
            called = " ".join(names[-2:]) if opcode.name == "STACK_GLOBAL" else str(argument)
            refused = refused or called
        elif isinstance(argument, str):
            names.append(argument)
    if refused is not None:
        raise _refusal(path, refused, names)


_CALLS = ("GLOBAL", "STACK_GLOBAL", "INST", "OBJ", "EXT1", "EXT2", "EXT4")


def _refusal(path: Path, called: str, names: Sequence[str]) -> ModelError:
    """The reason why a pickle is refused, and what the file is if its names show that."""
    if "persistence" in called:
        return ModelError(
            "{0} is an EDM pickle (NVIDIA): it carries programs, which are never run. "
            "Convert it to a diffusers folder or .safetensors where you trust it.",
            path.name,
        )
    if any(name.startswith(("cond_stage_model.", "first_stage_model.")) for name in names):
        return ModelError(
            "{0} is Stable Diffusion or another latent diffusion model, saved with parts "
            "of the program that trained it, which are never run. Ask for it as .safetensors.",
            path.name,
        )
    return ModelError(
        "{0} would run code when opened ({1}), so it stays closed. "
        "Ask for the weights as .safetensors.",
        path.name,
        called.replace(" ", "."),
    )


def tensors(tree: Tree) -> Iterator[Tensor]:
    """All tensors in a tree."""
    if isinstance(tree, Tensor):
        yield tree
    elif isinstance(tree, Mapping):
        for value in tree.values():
            yield from tensors(value)
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from tensors(value)
