"""What programs left behind that ended without closing their document."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from sdedit_desktop import files
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.journal import record_log
from sdedit_desktop.document.files.journal.journal import FOLDER_LOCK, folder_lock
from sdedit_desktop.document.files.journal.writer import (
    BASE,
    BLOB,
    STATE,
    THUMBNAIL,
    TILE,
)
from sdedit_desktop.document.files.opening import open_document
from sdedit_desktop.document.layers import BlendMode, Layer, LayerKind
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.document.tiles import TILE as SIDE
from sdedit_desktop.document.tiles import Key, Pixels, Tiles
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.files import stamp_of
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

_SUFFIXES = (".journal", ".base", ".new")


@dataclass(eq=False)
class _Contents:
    """A journal file, read."""

    state: dict[str, Any] = field(default_factory=dict)
    tiles: dict[str, dict[str, str | None]] = field(default_factory=dict)
    base: dict[str, Any] = field(default_factory=dict)
    thumbnail: bytes = b""
    places: dict[str, tuple[bytes, int, int]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Recovery:
    """A journal that a program left behind. As long as this value lives, nobody else is offered it.

    Attributes:
        title: What the document was called.
        source: The file it was saved to, or opened from if that was a document; ``None`` if there
            is none.
        written: When it was last written, ISO 8601 in UTC.
        steps: How many steps had been taken.
        candidates: How many finished candidates there were.
        thumbnail: A small PNG of how it looked; empty if there is none.
    """

    title: str
    source: Path | None
    written: str
    steps: int
    candidates: int
    thumbnail: bytes
    _stem: Path
    _lock: FileLock

    def load(self) -> Document:
        """The document as it was last written; what is missing is named in its ``warnings``.

        Raises:
            FileFormatError: The journal is damaged at its very beginning, or cannot be read.
        """
        try:
            return _restored(self._stem)
        except (OSError, LookupError, TypeError, ValueError, zlib.error) as error:
            raise FileFormatError("What was kept of {0} is damaged.", self.title) from error

    def leave(self) -> None:
        """Keeps it for a later start."""
        self._lock.release()

    def delete(self) -> None:
        """Removes it for good."""
        with folder_lock(self._stem.parent):
            _remove(self._stem)
            self._lock.release()
            self._stem.with_suffix(".lock").unlink(missing_ok=True)


def recoverable(folder: Path) -> list[Recovery]:
    """What ended programs left behind, the latest first; their remains are cleared."""
    if not folder.is_dir():
        return []
    found = []
    with folder_lock(folder):
        stems = {path.with_suffix("") for path in folder.glob("session-*.*")}
        for stem in stems:
            lock = FileLock(stem.with_suffix(".lock"), mode=0o600)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            files.sweep_temporaries(stem.with_suffix(".temporary"))
            recovery = _described(stem, lock)
            if recovery is not None:
                found.append(recovery)
                continue
            _remove(stem)
            lock.release()
            stem.with_suffix(".lock").unlink(missing_ok=True)
        _remove_old_kinds(folder)
    return sorted(found, key=lambda one: one.written, reverse=True)


def _remove_old_kinds(folder: Path) -> None:
    """Temporary files of recovery copies as earlier versions wrote them."""
    for path in folder.glob(".session-*"):
        if path.name != FOLDER_LOCK:
            path.unlink(missing_ok=True)


def _described(stem: Path, lock: FileLock) -> Recovery | None:
    """What a journal holds; ``None`` if there is nothing to recover."""
    path = stem.with_suffix(".journal")
    try:
        contents = _read(path)
    except OSError:
        return None
    state = contents.state
    if not state or state.get("is_saved"):
        return None
    source = state.get("source")
    return Recovery(
        str(state.get("title", "")),
        Path(source) if isinstance(source, str) else None,
        str(state.get("time", "")),
        int(state.get("steps", 0)),
        int(state.get("candidates", 0)),
        contents.thumbnail,
        stem,
        lock,
    )


def _read(path: Path) -> _Contents:
    """Everything up to the first record that is not whole."""
    contents = _Contents()
    for record in record_log.read(path):
        if record.kind in (TILE, BLOB):
            place = record.kind, record.offset, len(record.payload)
            contents.places[record.key.hex()] = place
        elif record.kind == STATE:
            state = json.loads(zlib.decompress(record.payload))
            for name, tiles in state.pop("tiles").items():
                contents.tiles.setdefault(name, {}).update(tiles)
            contents.state = state
        elif record.kind == BASE:
            contents.base = json.loads(record.payload)
        elif record.kind == THUMBNAIL:
            contents.thumbnail = record.payload
    return contents


def _restored(stem: Path) -> Document:
    path = stem.with_suffix(".journal")
    contents = _read(path)
    state, warnings = contents.state, list[Text]()
    base = _base_rasters(stem, contents.base, warnings)
    with path.open("rb") as file:

        def payload(key: str) -> bytes:
            _kind, offset, length = contents.places[key]
            file.seek(offset)
            return file.read(length)

        opened: dict[str, Pixels] = {}

        def raster(name: str, into: Tiles) -> Tiles:
            into.put(base.get(name, {}))
            patch: dict[Key, Pixels | None] = {}
            for place, key in contents.tiles.get(name, {}).items():
                column, row = place.split(",")
                if key is not None and key not in opened:
                    opened[key] = _unpacked(payload(key))
                patch[int(column), int(row)] = None if key is None else opened[key]
            into.put(patch)
            return into

        depth = 16 if state["depth"] == 16 else 8
        document = Document(1, 1, depth)
        document.rect = Rect(0, 0, *state["size"])
        document.placement = Matrix(*state["placement"])
        document.icc = None if state["icc"] is None else payload(state["icc"])
        document.metadata = MappingProxyType(
            {name: payload(key) for name, key in state["metadata"].items()}
        )
        document.attachments = {name: payload(key) for name, key in state["attachments"].items()}
        raster("mask", document.mask)
        document.layers = []
        for about in state["layers"]:
            layer = _layer(document, about)
            raster(str(about["id"]), layer.tiles)
            if about["mask"]:
                layer.mask = raster(f"{about['id']}m", Tiles(channels=1))
            straight = raster(f"{about['id']}o", Tiles(dtype=document.dtype))
            layer.opened = straight if straight.bounds() else None
            document.layers.append(layer)
    document.warnings = warnings
    return document


def _layer(document: Document, about: Mapping[str, Any]) -> Layer:
    layer = document.new_layer(about["name"], LayerKind(about["kind"]))
    layer.visible, layer.opacity = about["visible"], float(about["opacity"])
    layer.mode = BlendMode(about["mode"])
    layer.locked, layer.alpha_locked = about["locked"], about["alpha_locked"]
    layer.parameters = about["parameters"]
    return layer


def _base_rasters(
    stem: Path, base: Mapping[str, Any], warnings: list[Text]
) -> dict[str, Mapping[Key, Pixels]]:
    """The tiles of the file that the journal began from."""
    if not base:
        return {}
    original, copy = Path(base["path"]), stem.with_suffix(".base")
    try:
        if base["sha256"] and _sha256(copy) == base["sha256"]:
            document = open_document(copy, like=original)
        elif stamp_of(original) == tuple(base["stamp"]):
            document = open_document(original)
        else:
            raise OSError("it has changed")
    except (OSError, FileFormatError):
        warnings.append(
            Text("{0} has changed or is gone: what came from it is missing.", original.name)
        )
        return {}
    rasters: dict[str, Mapping[Key, Pixels]] = {"mask": document.mask.snapshot()}
    for layer_id, layer in zip(base["layers"], document.layers, strict=False):
        rasters[str(layer_id)] = layer.tiles.snapshot()
        if layer.mask is not None:
            rasters[f"{layer_id}m"] = layer.mask.snapshot()
        if layer.opened is not None:
            rasters[f"{layer_id}o"] = layer.opened.snapshot()
    return rasters


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpacked(payload: bytes) -> Pixels:
    dtype: type[np.uint8] | type[np.uint16] = np.uint16 if payload[0] == 2 else np.uint8
    plain: Pixels = np.frombuffer(zlib.decompress(payload[2:]), dtype)
    return plain.reshape(SIDE, SIDE, payload[1])


def _remove(stem: Path) -> None:
    for suffix in _SUFFIXES:
        stem.with_suffix(suffix).unlink(missing_ok=True)
