"""The commands that change a document.

What a command needs for undo and was not given, it stores when it is executed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from sdedit_desktop.document.history import Command, Damage
from sdedit_desktop.document.layers import MASK, Layer, Raster, composite
from sdedit_desktop.document.tiles import TileChange, Tiles, rect_of
from sdedit_desktop.texts import Text

if TYPE_CHECKING:
    from sdedit_desktop.document.document import Document


@dataclass(frozen=True, eq=False)
class PaintTiles:
    """Replaces tiles of one raster: a stroke, a fill, a pasted picture, a change of a mask."""

    label: Text
    raster: Raster
    change: TileChange

    @property
    def size_bytes(self) -> int:
        """Memory of the replaced tiles."""
        return self.change.size_bytes

    def pack(self, until: float) -> bool:
        """Compresses the replaced tiles; see ``TileChange.pack``."""
        return self.change.pack(until)

    def undo(self, document: Document) -> Damage:
        """Puts the old tiles back."""
        self.change.undo(document.tiles_of(self.raster))
        return self._damage

    def redo(self, document: Document) -> Damage:
        """Puts the new tiles in."""
        self.change.redo(document.tiles_of(self.raster))
        return self._damage

    @property
    def _damage(self) -> Damage:
        areas = self.change.areas
        return Damage(mask=areas) if self.raster == MASK else Damage(picture=areas)


@dataclass(frozen=True, eq=False)
class ReplaceLayerMask:
    """Sets or removes the mask of a layer (``None`` shows all of the layer)."""

    label: Text
    layer_id: int
    before: Tiles | None
    after: Tiles | None

    @property
    def size_bytes(self) -> int:
        """Memory of the old mask."""
        return self.before.size_bytes if self.before else 0

    def undo(self, document: Document) -> Damage:
        """Puts the old mask back."""
        document.layer(self.layer_id).mask = self.before
        return Damage((document.rect,), layers=True)

    def redo(self, document: Document) -> Damage:
        """Puts the new mask in."""
        document.layer(self.layer_id).mask = self.after
        return Damage((document.rect,), layers=True)


@dataclass(frozen=True, eq=False)
class AddLayer:
    """Adds a layer to the stack, at ``index`` from the bottom."""

    layer: Layer
    index: int
    label: Text = Text("Add layer")
    size_bytes: int = 0

    def undo(self, document: Document) -> Damage:
        """Takes the layer out."""
        document.layers.remove(self.layer)
        return Damage(self.layer.tiles.areas(), layers=True)

    def redo(self, document: Document) -> Damage:
        """Puts the layer in."""
        document.layers.insert(self.index, self.layer)
        return Damage(self.layer.tiles.areas(), layers=True)


@dataclass(eq=False)
class RemoveLayer:
    """Removes a layer from the stack."""

    layer_id: int
    label: Text = Text("Delete layer")
    _removed: tuple[int, Layer] | None = field(default=None, init=False, repr=False)

    @property
    def size_bytes(self) -> int:
        """Memory of the layer."""
        return self._removed[1].size_bytes if self._removed else 0

    def undo(self, document: Document) -> Damage:
        """Puts the layer back where it was."""
        assert self._removed is not None
        document.layers.insert(*self._removed)
        return Damage(self._removed[1].tiles.areas(), layers=True)

    def redo(self, document: Document) -> Damage:
        """Takes the layer out."""
        layer = document.layer(self.layer_id)
        self._removed = document.layers.index(layer), layer
        document.layers.remove(layer)
        return Damage(layer.tiles.areas(), layers=True)


@dataclass(eq=False)
class MoveLayer:
    """Moves a layer to ``index`` in the stack, counted from the bottom without the layer."""

    layer_id: int
    index: int
    label: Text = Text("Move layer")
    size_bytes: int = 0
    _origin: int = field(default=0, init=False, repr=False)

    def undo(self, document: Document) -> Damage:
        """Moves it back."""
        return self._move(document, self._origin)

    def redo(self, document: Document) -> Damage:
        """Moves it."""
        self._origin = document.layers.index(document.layer(self.layer_id))
        return self._move(document, self.index)

    def _move(self, document: Document, index: int) -> Damage:
        layer = document.layer(self.layer_id)
        document.layers.remove(layer)
        document.layers.insert(index, layer)
        return Damage(layer.tiles.areas(), layers=True)


@dataclass(frozen=True, eq=False)
class ChangeLayer:
    """Changes properties of a layer, from the values in ``before`` to those in ``after``.

    The names are attributes of ``Layer``: name, visible, opacity, mode, locked, alpha_locked.
    """

    layer_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    label: Text = Text("Change layer")
    size_bytes: int = 0

    def undo(self, document: Document) -> Damage:
        """Sets the old values."""
        return self._set(document, self.before)

    def redo(self, document: Document) -> Damage:
        """Sets the new values."""
        return self._set(document, self.after)

    def merged(self, later: Command) -> ChangeLayer | None:
        """One command for two that set the same properties of the same layer."""
        fits = isinstance(later, ChangeLayer) and (later.layer_id, later.after.keys()) == (
            self.layer_id,
            self.after.keys(),
        )
        if not fits:
            return None
        assert isinstance(later, ChangeLayer)
        return ChangeLayer(self.layer_id, self.before, later.after, self.label)

    def _set(self, document: Document, values: Mapping[str, Any]) -> Damage:
        layer = document.layer(self.layer_id)
        for name, value in values.items():
            setattr(layer, name, value)
        looks = values.keys() & {"visible", "opacity", "mode"}
        return Damage(layer.tiles.areas() if looks else (), layers=True)


@dataclass(eq=False)
class MergeDown:
    """Flattens a layer into the one below it, which keeps its name, id and blend mode."""

    layer_id: int
    label: Text = Text("Merge down")
    _parts: tuple[Layer, Layer, Layer] | None = field(default=None, init=False, repr=False)

    @property
    def size_bytes(self) -> int:
        """Memory of the two layers."""
        return sum(layer.size_bytes for layer in self._parts[:2]) if self._parts else 0

    def undo(self, document: Document) -> Damage:
        """Puts the two layers back."""
        assert self._parts is not None
        below, above, merged = self._parts
        index = document.layers.index(merged)
        document.layers[index : index + 1] = [below, above]
        return Damage(merged.tiles.areas(), layers=True)

    def redo(self, document: Document) -> Damage:
        """Puts the flattened layer in their place; ``ValueError`` if nothing is below."""
        above = document.layer(self.layer_id)
        index = document.layers.index(above)
        if index == 0:
            raise ValueError("there is no layer below")
        below = document.layers[index - 1]
        if self._parts is None:
            self._parts = below, above, _flattened(below, above)
        merged = self._parts[2]
        document.layers[index - 1 : index + 1] = [merged]
        return Damage(merged.tiles.areas(), layers=True)


def _flattened(below: Layer, above: Layer) -> Layer:
    tiles = Tiles(dtype=below.tiles.dtype)
    edit = tiles.edit()
    stack = [replace(below, visible=True), above]
    for key in below.tiles.snapshot().keys() | above.tiles.snapshot().keys():
        edit.write(rect_of(key), composite(stack, rect_of(key), tiles.dtype))
    edit.commit()
    return replace(below, tiles=tiles, opacity=1.0, mask=None)


@dataclass(frozen=True, eq=False)
class CompoundCommand:
    """Several commands as one undo step."""

    label: Text
    parts: tuple[Command, ...]

    @property
    def size_bytes(self) -> int:
        """Memory of all parts."""
        return sum(part.size_bytes for part in self.parts)

    def undo(self, document: Document) -> Damage:
        """Takes the changes back, the last one first."""
        return reduce(or_, [part.undo(document) for part in reversed(self.parts)], Damage())

    def redo(self, document: Document) -> Damage:
        """Makes the changes, the first one first."""
        return reduce(or_, [part.redo(document) for part in self.parts], Damage())
