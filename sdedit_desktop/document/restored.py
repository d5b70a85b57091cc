"""Undo steps read from a journal, as differences between two states of a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sdedit_desktop.document.history import Damage
from sdedit_desktop.document.layers import MASK, Layer, Raster
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.document.tiles import SampleType, TileChange, Tiles
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

if TYPE_CHECKING:
    from sdedit_desktop.document.document import Document


@dataclass(frozen=True)
class Structure:
    """All of a document but its pixels.

    Attributes:
        layers: Bottom first. Their rasters are not used; any mask means that the layer has one.
    """

    rect: Rect
    placement: Matrix
    layers: tuple[Layer, ...]


class RestoredStep:
    """A command that switches a document between two states, whatever command made the change.

    Removed layers and masks are kept and restored as the same objects: other commands may refer to
    them.
    """

    def __init__(
        self, label: Text, before: Structure, after: Structure, changes: Mapping[Raster, TileChange]
    ) -> None:
        """Makes a step between two states; ``changes`` are the tiles that differ."""
        self.label = label
        self.before = before
        self.after = after
        self._changes = dict(changes)
        self._layers: dict[int, Layer] = {}
        self._masks: dict[int, Tiles] = {}

    @property
    def size_bytes(self) -> int:
        """Memory of the state that is not shown, in bytes."""
        held: tuple[TileChange | Layer | Tiles, ...] = (
            *self._changes.values(),
            *self._layers.values(),
            *self._masks.values(),
        )
        return sum(one.size_bytes for one in held)

    def pack(self, until: float) -> bool:
        """Compresses the replaced tiles; see ``TileChange.pack``."""
        packed = [change.pack(until) for change in self._changes.values()]
        return any(packed)

    def undo(self, document: Document) -> Damage:
        """Restores the state before."""
        return self._enter(document, self.before, is_undo=True)

    def redo(self, document: Document) -> Damage:
        """Restores the state after."""
        return self._enter(document, self.after, is_undo=False)

    def _enter(self, document: Document, goal: Structure, *, is_undo: bool) -> Damage:
        damage = self._damage()
        here = {layer.id: layer for layer in document.layers}
        wanted = {one.id for one in goal.layers}
        self._layers |= {key: layer for key, layer in here.items() if key not in wanted}
        fresh: set[Raster] = set()
        document.layers = [self._layer(one, here, fresh, document.dtype) for one in goal.layers]
        document.rect, document.placement = goal.rect, goal.placement
        layers = {layer.id: layer for layer in document.layers}
        for raster in list(self._changes):
            tiles = document.mask if raster == MASK else _raster(layers.get(raster[1]), raster[0])
            is_shared = raster == MASK or self._is_shared(raster)
            change = self._changes[raster] if is_shared else self._changes.pop(raster)
            if tiles is not None and (is_shared or raster in fresh):
                change.undo(tiles) if is_undo else change.redo(tiles)
        return damage

    def _layer(
        self, one: Layer, here: Mapping[int, Layer], fresh: set[Raster], dtype: SampleType
    ) -> Layer:
        """The layer with the properties of another; made anew if it was never in the document."""
        layer = here.get(one.id) or self._layers.pop(one.id, None)
        if layer is None:
            fresh |= {("layer", one.id), ("layer mask", one.id), ("layer as opened", one.id)}
            layer = replace(one, tiles=Tiles(dtype=dtype), mask=None)
        for name in ("name", "kind", "visible", "opacity", "mode", "locked", "alpha_locked"):
            setattr(layer, name, getattr(one, name))
        layer.parameters = one.parameters
        if one.mask is None and layer.mask is not None:
            self._masks[one.id], layer.mask = layer.mask, None
        elif one.mask is not None and layer.mask is None:
            layer.mask = self._masks.pop(one.id, None)
            if layer.mask is None:
                fresh.add(("layer mask", one.id))
                layer.mask = Tiles(channels=1)
        return layer

    def _is_shared(self, raster: Raster) -> bool:
        """Whether a raster of a layer is in both states."""
        kind, layer_id = raster
        both = [[one for one in s.layers if one.id == layer_id] for s in (self.before, self.after)]
        return all(both) and (kind != "layer mask" or all(one[0].mask for one in both))

    def _damage(self) -> Damage:
        everything = (self.before.rect | self.after.rect,)
        if self.before.rect != self.after.rect:
            return Damage(everything, everything, layers=True)
        mask = self._changes[MASK].areas if MASK in self._changes else ()
        if self.before.layers != self.after.layers:
            return Damage(everything, mask, layers=True)
        changes = [change.areas for raster, change in self._changes.items() if raster != MASK]
        return Damage(tuple(area for areas in changes for area in areas), mask)


def _raster(layer: Layer | None, kind: str) -> Tiles | None:
    if layer is None:
        return None
    if kind != "layer as opened":
        return layer.tiles if kind == "layer" else layer.mask
    layer.opened = layer.opened or Tiles(dtype=layer.tiles.dtype)
    return layer.opened
