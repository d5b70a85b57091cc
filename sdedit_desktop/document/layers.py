"""Layers and their compositing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import count
from typing import NamedTuple, TypeAlias

import numpy as np

from sdedit_desktop.document.blending import (
    blended,
    full_value,
    premultiplied,
    scaled,
    spread,
    straightened,
    to_depth,
)
from sdedit_desktop.document.modes import BlendMode
from sdedit_desktop.document.tiles import (
    COLOURS,
    Key,
    Pixels,
    SampleType,
    Tiles,
    all_opaque,
    keys_in,
    rect_of,
    with_alpha,
    within,
)
from sdedit_desktop.geometry import Rect

__all__ = [
    "ActiveLayer",
    "BlendMode",
    "Layer",
    "LayerKind",
    "as_opened",
    "composite",
    "hiding_tile",
    "is_opaque",
    "masked",
    "topmost_paintable",
]

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

_ids = count(1)


def use_ids_after(last: int) -> None:
    """Sets the ids of new layers to begin above ``last``."""
    global _ids
    _ids = count(max(last + 1, next(_ids)))


Raster: TypeAlias = tuple[str, int]
"""Which raster of a document: ``MASK``, ``("layer", id)`` or ``("layer mask", id)``."""

MASK: Raster = ("mask", 0)


class LayerKind(Enum):
    """The kind of a layer; the values are stored in files."""

    PHOTO = "photo"
    PAINT = "paint"
    RESULT = "result"


@dataclass(eq=False)
class Layer:
    """A layer. ``id`` is constant for the life of the document.

    Attributes:
        tiles: Premultiplied RGBA in the document's depth.
        opacity: 0 to 1.
        locked: Whether it is protected from painting.
        alpha_locked: Whether its transparency is protected.
        mask: One channel of uint8, 255 shows the layer; ``None`` shows all of it.
        opened: Straight RGBA as it was opened, of tiles that are partly transparent: their colours
            cannot be found in ``tiles``. A pixel of it counts where it looks like that of
            ``tiles``, so painting need not know of it. ``None`` if all of it was opaque.
        parameters: What made a result, as plain JSON values.
    """

    name: str
    kind: LayerKind = LayerKind.PAINT
    tiles: Tiles = field(default_factory=Tiles)
    visible: bool = True
    opacity: float = 1.0
    mode: BlendMode = BlendMode.NORMAL
    locked: bool = False
    alpha_locked: bool = False
    mask: Tiles | None = None
    opened: Tiles | None = None
    parameters: Mapping[str, Json] | None = None
    id: int = field(default_factory=lambda: next(_ids))

    def duplicate(self, name: str) -> Layer:
        """A new layer with the same content; shares the tiles."""
        return replace(self.frozen(), name=name, id=next(_ids))

    def frozen(self) -> Layer:
        """A snapshot of the layer with the same id."""
        mask = self.mask.copy() if self.mask else None
        opened = self.opened.copy() if self.opened else None
        return replace(self, tiles=self.tiles.copy(), mask=mask, opened=opened)

    def open_pixels(self, rect: Rect, straight: Pixels) -> None:
        """Puts straight RGB or RGBA of the layer's depth into it, as a file has it."""
        edit = self.tiles.edit()
        edit.write(rect, premultiplied(straight))
        edit.commit(compact=True)
        if straight.shape[2] == 3:
            return
        opened = self.opened or Tiles(dtype=self.tiles.dtype)
        edit = opened.edit()
        for key in keys_in(rect):
            part = rect & rect_of(key)
            piece = straight[within(part, rect)]
            if piece[..., 3].min() < full_value(self.tiles.dtype):
                edit.write(part, piece)
        edit.commit()
        self.opened = opened if opened.bounds() else None

    @property
    def size_bytes(self) -> int:
        """Memory of the pixels and the mask."""
        rasters = [raster for raster in (self.tiles, self.mask, self.opened) if raster]
        return sum(raster.size_bytes for raster in rasters)


class ActiveLayer(NamedTuple):
    """The target of tools: a layer, or with ``on_mask`` the layer's own mask."""

    layer_id: int
    on_mask: bool = False


def topmost_paintable(layers: Sequence[Layer]) -> ActiveLayer:
    """The topmost layer that is not locked; the topmost of all if there is none."""
    for layer in reversed(layers):
        if layer.kind is LayerKind.PAINT and not layer.locked:
            return ActiveLayer(layer.id)
    return ActiveLayer(layers[-1].id)


def composite(layers: Sequence[Layer], rect: Rect, dtype: SampleType) -> Pixels:
    """The visible layers (bottom first) flattened: premultiplied RGBA (height, width, 4)."""
    out: Pixels = np.zeros((rect.height, rect.width, 4), dtype)
    shown = [layer for layer in layers if layer.visible and layer.opacity > 0]
    for key in keys_in(rect):
        part = rect & rect_of(key)
        inner, outer = within(part, rect_of(key)), within(part, rect)
        sources = list(_sources(shown, key, inner, dtype))
        if sources:
            result = sources.pop()[0]
            for source, mode in reversed(sources):
                result = blended(result, source, mode)
            out[outer] = result
    return out


def hiding_tile(layers: Sequence[Layer], key: Key) -> Pixels | None:
    """The colours of an opaque tile, (TILE, TILE, 3), if it is all that is seen at a position.

    ``None`` if layers have to be composited there.
    """
    for layer in reversed(layers):
        tile = layer.tiles.stored(key)
        if tile is not None and layer.visible and layer.opacity > 0:
            plain = layer.mask is None and layer.opacity == 1 and layer.mode is BlendMode.NORMAL
            return tile if plain and tile.shape[2] == COLOURS else None
    return None


def is_opaque(layers: Sequence[Layer], rect: Rect, dtype: SampleType) -> bool:
    """Whether nothing of the visible layers, flattened, is transparent."""
    full = full_value(dtype)
    plain = [
        layer.tiles
        for layer in layers
        if layer.visible and layer.mask is None and layer.opacity == 1
        if layer.mode is BlendMode.NORMAL
    ]
    for key in keys_in(rect):
        part = rect & rect_of(key)
        inner = within(part, rect_of(key))
        found = (tiles.stored(key) for tiles in plain)
        covered = any(tile is not None and all_opaque(tile[inner]) for tile in found)
        if not covered and composite(layers, part, dtype)[..., 3].min() < full:
            return False
    return True


def as_opened(pixels: Pixels, layers: Iterable[Layer], rect: Rect) -> Pixels:
    """Premultiplied RGBA to straight, with the colours that ``layers`` were opened with.

    Args:
        pixels: What is seen at ``rect``, (height, width, 4).
        layers: Those that may be seen there, bottom first.
        rect: A part of the document.
    """
    out = straightened(pixels)
    for layer in layers:
        for key in keys_in(rect):
            opened = layer.opened.stored(key) if layer.opened else None
            if opened is not None:
                part = rect & rect_of(key)
                outer, piece = within(part, rect), with_alpha(opened[within(part, rect_of(key))])
                same = (premultiplied(piece) == pixels[outer]).all(axis=2)
                out[outer][same] = piece[same]
    return out


def masked(tiles: Tiles, mask: Tiles) -> Tiles:
    """A layer's pixels with its mask applied: premultiplied RGBA of the same depth."""
    seen = Tiles(tiles.channels, tiles.dtype)
    edit = seen.edit()
    for key in tiles.snapshot():
        if mask.stored(key) is not None:
            shows = to_depth(mask[key][..., 0], tiles.dtype)
            edit.write(rect_of(key), scaled(tiles[key], spread(shows)))
    edit.commit()
    return seen


def _sources(
    layers: Sequence[Layer], key: Key, inner: tuple[slice, slice], dtype: SampleType
) -> Iterator[tuple[Pixels, BlendMode]]:
    """The layers at one tile, from the top down to the first that hides the rest."""
    full = full_value(dtype)
    for layer in reversed(layers):
        tile = layer.tiles.stored(key)
        if tile is None or (layer.mask and layer.mask.stored(key) is None):
            continue
        stored = tile[inner]
        source = with_alpha(stored)
        opacity = round(layer.opacity * full)
        if layer.mask:
            shows = to_depth(layer.mask[key][inner][..., 0], dtype)
            source = stored = scaled(source, spread(scaled(shows, dtype(opacity))))
        elif opacity < full:
            source = stored = scaled(source, dtype(opacity))
        yield source, layer.mode
        if layer.mode is BlendMode.NORMAL and all_opaque(stored):
            return
