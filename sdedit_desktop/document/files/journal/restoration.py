"""Restores a document and its history from a journal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

import numpy as np

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.journal.contents import UNCHANGED, Contents, Name, Step
from sdedit_desktop.document.files.journal.snapshot import Rasters
from sdedit_desktop.document.files.journal.writer import Base
from sdedit_desktop.document.files.opening import open_document
from sdedit_desktop.document.history import Ends
from sdedit_desktop.document.layers import (
    MASK,
    ActiveLayer,
    BlendMode,
    Layer,
    LayerKind,
    Raster,
    use_ids_after,
)
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.document.restored import RestoredStep, Structure
from sdedit_desktop.document.tiles import TILE as SIDE
from sdedit_desktop.document.tiles import Key, PackedTile, Pixels, SampleType, TileChange, Tiles
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.files import stamp_of
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text, from_json


class Restoration:
    """Restores one document."""

    def __init__(self, contents: Contents, base: Rasters, file: BinaryIO) -> None:
        """Prepares it; ``file`` is the journal, open for reading."""
        self._contents = contents
        self._base = base
        self._file = file
        self._dtype: SampleType = np.uint16 if contents.about["depth"] == 16 else np.uint8
        self._tiles: dict[bytes, Pixels] = {}
        self._packed: dict[bytes, PackedTile] = {}
        self._structures: dict[int, Structure] = {}

    def document(self) -> Document:
        """The document; raises various exceptions if the journal is damaged."""
        about = self._contents.about
        use_ids_after(max(one["id"] for s in self._contents.steps for one in s.structure["layers"]))
        document = Document(1, 1, 16 if about["depth"] == 16 else 8)
        document.icc = None if about["icc"] is None else self._payload(about["icc"])
        document.metadata = MappingProxyType(
            {name: self._payload(key) for name, key in about["metadata"].items()}
        )
        document.attachments = {
            name: self._payload(key) for name, key in about["attachments"].items()
        }
        structure = self._structure(about)
        document.rect, document.placement = structure.rect, structure.placement
        self._fill("mask", document.mask)
        document.layers = []
        for one in structure.layers:
            layer = one.duplicate(one.name)
            layer.id = one.id
            self._fill(str(layer.id), layer.tiles)
            if layer.mask is not None:
                self._fill(f"{layer.id}m", layer.mask)
            opened = self._fill(f"{layer.id}o", Tiles(dtype=self._dtype))
            layer.opened = opened if opened.bounds() else None
            document.layers.append(layer)
        document.active = ActiveLayer(*about["active_layer"])
        steps, here = self._contents.steps, self._contents.here
        made = [
            (step.state, self._command(number, step), _ends(step.active))
            for number, step in enumerate(steps)
            if number
        ]
        document.history.restore(steps[0].state, made, here)
        return document

    def _command(self, number: int, step: Step) -> RestoredStep:
        """How to undo or redo a step; it is done if its number is not beyond the present."""
        is_done = number <= self._contents.here
        changes = {
            _raster_of(name): TileChange(
                {key: self._away(name, key, one) for key, one in names.items()}, is_done=is_done
            )
            for name, names in (step.back if is_done else step.forth).items()
        }
        before = self._structure(self._contents.steps[number - 1].structure)
        after = self._structure(step.structure)
        return RestoredStep(from_json(step.label or ""), before, after, changes)

    def _structure(self, about: Mapping[str, Any]) -> Structure:
        # Steps that did not change it share what was read from the file, and so what is made of it.
        known = self._structures.get(id(about["layers"]))
        if known is None:
            known = self._structures[id(about["layers"])] = Structure(
                Rect(0, 0, *about["size"]),
                Matrix(*about["placement"]),
                tuple(map(self._layer, about["layers"])),
            )
        return known

    def _layer(self, about: Mapping[str, Any]) -> Layer:
        return Layer(
            about["name"],
            LayerKind(about["kind"]),
            Tiles(dtype=self._dtype),
            visible=about["visible"],
            opacity=float(about["opacity"]),
            mode=BlendMode(about["mode"]),
            locked=about["locked"],
            alpha_locked=about["alpha_locked"],
            mask=Tiles(channels=1) if about["mask"] else None,
            parameters=about["parameters"],
            id=int(about["id"]),
        )

    def _fill(self, name: str, tiles: Tiles) -> Tiles:
        tiles.put(self._base.get(name, {}))
        names = self._contents.tiles.get(name, {})
        tiles.put({key: self._here(name, key, one) for key, one in names.items()})
        return tiles

    def _here(self, raster: str, key: Key, name: Name) -> Pixels | None:
        if name is None or name == UNCHANGED:
            return self._base.get(raster, {}).get(key) if name else None
        if name not in self._tiles:
            self._tiles[name] = self._away_tile(name).tile()
        return self._tiles[name]

    def _away(self, raster: str, key: Key, name: Name) -> Pixels | PackedTile | None:
        if name is None or name == UNCHANGED:
            return self._base.get(raster, {}).get(key) if name else None
        if name not in self._packed:
            self._packed[name] = self._away_tile(name)
        return self._packed[name]

    def _away_tile(self, name: bytes) -> PackedTile:
        payload = self._payload(name.hex())
        dtype: SampleType = np.uint16 if payload[0] == 2 else np.uint8
        return PackedTile(payload[2:], np.dtype(dtype), (SIDE, SIDE, payload[1]))

    def _payload(self, key: str) -> bytes:
        _kind, offset, length = self._contents.places[bytes.fromhex(key)]
        self._file.seek(offset)
        return self._file.read(length)


def base_of(stem: Path, base: Mapping[str, Any], warnings: list[Text]) -> Base:
    """The base file of a journal; problems with it are added to the warnings.

    Its ``path`` is ``None`` if the file has been copied beside the journal, or cannot be used.
    """
    if not base:
        return Base()
    original, copy = Path(base["path"]), stem.with_suffix(".base")
    layers, path = tuple(base["layers"]), None
    try:
        if base["sha256"] and _sha256(copy) == base["sha256"]:
            document = open_document(copy, like=original)
        elif stamp_of(original) == tuple(base["stamp"]):
            document, path = open_document(original), original
        else:
            raise OSError("it has changed")
    except (OSError, FileFormatError):
        warnings.append(
            Text("{0} has changed or is gone: what came from it is missing.", original.name)
        )
        return Base()
    rasters: dict[str, Mapping[Key, Pixels]] = {"mask": document.mask.snapshot()}
    for layer_id, layer in zip(layers, document.layers, strict=False):
        rasters[str(layer_id)] = layer.tiles.snapshot()
        if layer.mask is not None:
            rasters[f"{layer_id}m"] = layer.mask.snapshot()
        if layer.opened is not None:
            rasters[f"{layer_id}o"] = layer.opened.snapshot()
    return Base(path, tuple(base["stamp"]), layers, rasters)


def _raster_of(name: str) -> Raster:
    if name == "mask":
        return MASK
    kinds = {"m": "layer mask", "o": "layer as opened"}
    return kinds.get(name[-1], "layer"), int(name.rstrip("mo"))


def _ends(active: Sequence[Sequence[Any]]) -> Ends:
    before, after = active
    return Ends(ActiveLayer(*before), ActiveLayer(*after))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
