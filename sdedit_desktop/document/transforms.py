"""Crop, rotation and scaling of the whole document, and transforms of a layer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from sdedit_desktop.document.files import codec
from sdedit_desktop.document.files.vips import libvips
from sdedit_desktop.document.history import Damage
from sdedit_desktop.document.layers import Raster
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.document.tiles import Key, Pixels, Tiles
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

if TYPE_CHECKING:
    import pyvips

    from sdedit_desktop.document.document import Document

Contents: TypeAlias = Mapping[Raster, Mapping[Key, Pixels]]


@dataclass(frozen=True, eq=False)
class TransformDocument:
    """Replaces all rasters, and the document's rectangle and placement."""

    label: Text
    rects: tuple[Rect, Rect]
    before: Contents
    after: Contents
    placements: tuple[Matrix, Matrix] | None = None

    @property
    def size_bytes(self) -> int:
        """Memory of the old tiles."""
        return sum({id(t): t.nbytes for old in self.before.values() for t in old.values()}.values())

    def undo(self, document: Document) -> Damage:
        """Puts the old rasters back."""
        return self._put(document, 0, self.before)

    def redo(self, document: Document) -> Damage:
        """Puts the new rasters in."""
        return self._put(document, 1, self.after)

    def _put(self, document: Document, which: int, contents: Contents) -> Damage:
        document.rect = self.rects[which]
        if self.placements is not None:
            document.placement = self.placements[which]
        rasters = _rasters(document)
        for raster, tiles in contents.items():
            rasters[raster].replace(tiles)
        everything = self.rects[0] | self.rects[1]
        mask = (everything,) if ("mask", 0) in contents else ()
        return Damage((everything,), mask, layers=True)


def cropped(document: Document, rect: Rect, label: Text = Text("Crop")) -> TransformDocument:
    """Crops the document to a rectangle, or extends it with transparent pixels; exact."""

    def cut(tiles: Tiles) -> Tiles:
        kept = tiles.bounds() & rect
        return _made(tiles, kept.translated(-rect.left, -rect.top), tiles.read(kept))

    moves = Matrix(dx=-rect.left, dy=-rect.top)
    return _reshaped(document, label, Rect(0, 0, rect.width, rect.height), moves, cut)


def turned(document: Document, quarters: int) -> TransformDocument:
    """Rotates the document clockwise by quarter turns; exact."""
    rect = document.rect
    size = (rect.height, rect.width) if quarters % 2 else (rect.width, rect.height)
    label = Text("Rotate by 180°") if quarters % 4 == 2 else Text("Rotate by 90°")
    moves = Matrix()
    for height in [rect.height, rect.width, rect.height][: quarters % 4]:
        moves = moves.then(Matrix(0, -1, 1, 0, height, 0))
    return _rearranged(document, label, Rect(0, 0, *size), moves, lambda p: np.rot90(p, -quarters))


def mirrored(document: Document, *, upside_down: bool = False) -> TransformDocument:
    """Mirrors the document horizontally or vertically; exact."""
    label = Text("Flip vertically") if upside_down else Text("Flip horizontally")
    axis, rect = 0 if upside_down else 1, document.rect
    moves = Matrix(yy=-1, dy=rect.height) if upside_down else Matrix(xx=-1, dx=rect.width)
    return _rearranged(document, label, rect, moves, lambda p: np.flip(p, axis))


def resized(document: Document, width: int, height: int) -> TransformDocument:
    """Scales the document to another size (Lanczos, premultiplied)."""
    across, down = width / document.rect.width, height / document.rect.height

    def scale(pixels: Pixels) -> Pixels:
        image = codec.to_vips(pixels).resize(across, vscale=down, kernel="lanczos3")
        # libvips rounds the size by itself; it is at most a pixel off.
        image = image.embed(0, 0, width, height, extend="copy")
        return _array(image, pixels)

    moves = Matrix(xx=across, yy=down)
    return _rearranged(document, Text("Scale image"), Rect(0, 0, width, height), moves, scale)


def layer_transformed(
    document: Document, layer_id: int, matrix: Matrix, label: Text = Text("Transform layer")
) -> TransformDocument:
    """Moves, scales, turns or shears a layer with its mask.

    Moves by whole pixels, flips and quarter turns are exact.

    Args:
        document: It is not changed; push the command.
        layer_id: Which layer.
        matrix: Where its points go; ``ValueError`` if they would all fall on a line.
        label: The name of the step.
    """
    if abs(matrix.xx * matrix.yy - matrix.xy * matrix.yx) < 1e-9:
        raise ValueError("the transform leaves no area")
    layer = [(kind, layer_id) for kind in ("layer", "layer mask", "layer as opened")]
    rasters = {raster: tiles for raster, tiles in _rasters(document).items() if raster in layer}
    before = {raster: tiles.snapshot() for raster, tiles in rasters.items()}
    after = {raster: _transformed(tiles, matrix).snapshot() for raster, tiles in rasters.items()}
    return TransformDocument(label, (document.rect, document.rect), before, after)


def _transformed(tiles: Tiles, matrix: Matrix) -> Tiles:
    source = tiles.bounds() if matrix.keeps_pixels else tiles.content_rect()
    if not source:
        return Tiles(tiles.channels, tiles.dtype)
    pixels, there = tiles.read(source), matrix.bounds(source)
    if matrix.keeps_pixels:
        upright = pixels if matrix.xx else pixels.transpose(1, 0, 2)
        down, across = int(matrix.yy + matrix.yx), int(matrix.xx + matrix.xy)
        return _made(tiles, there, upright[::down, ::across])
    image = codec.to_vips(pixels)
    # Interpolation looks at few pixels; what gets much smaller along a side is averaged before.
    shrink = [min(math.hypot(a, b), 1.0) for a, b in (matrix[0:4:2], matrix[1:4:2])]
    shrink = [share if share < 0.5 else 1.0 for share in shrink]
    reduced = image.resize(shrink[0], vscale=shrink[1]) if min(shrink) < 1 else image
    across, down = image.width / reduced.width, image.height / reduced.height
    origin = matrix.applied(source.left, source.top)
    result = reduced.affine(
        [matrix.xx * across, matrix.xy * down, matrix.yx * across, matrix.yy * down],
        interpolate=libvips().Interpolate.new("bicubic"),
        oarea=[0, 0, there.width, there.height],
        # Pixels are where their centres are.
        idx=0.5,
        idy=0.5,
        odx=origin[0] - there.left - 0.5,
        ody=origin[1] - there.top - 0.5,
        extend="background",
        background=[0] * image.bands,
    )
    return _made(tiles, there, _array(result, pixels))


def _array(image: pyvips.Image, like: Pixels) -> Pixels:
    """Pixels of a computed image; sharp kernels overshoot, so colours are held below alpha."""
    image = image.cast("ushort" if like.dtype == np.uint16 else "uchar")
    shape = image.height, image.width, image.bands
    pixels: Pixels = np.frombuffer(image.write_to_memory(), like.dtype).reshape(shape)
    return np.minimum(pixels, pixels[..., -1:])


def _rearranged(
    document: Document,
    label: Text,
    rect: Rect,
    moves: Matrix,
    arrange: Callable[[Pixels], Pixels],
) -> TransformDocument:
    """Reads what lies in the document, arranges it anew and writes it to the new rectangle."""

    def arranged(tiles: Tiles) -> Tiles:
        if not tiles.bounds() & document.rect:
            return Tiles(tiles.channels, tiles.dtype)
        return _made(tiles, rect, arrange(tiles.read(document.rect)))

    return _reshaped(document, label, rect, moves, arranged)


def _reshaped(
    document: Document,
    label: Text,
    rect: Rect,
    moves: Matrix,
    change: Callable[[Tiles], Tiles],
) -> TransformDocument:
    rasters = _rasters(document)
    before = {raster: tiles.snapshot() for raster, tiles in rasters.items()}
    after = {raster: change(tiles).snapshot() for raster, tiles in rasters.items()}
    placements = document.placement, document.placement.then(moves)
    return TransformDocument(label, (document.rect, rect), before, after, placements)


def _made(like: Tiles, rect: Rect, pixels: Pixels) -> Tiles:
    tiles = Tiles(like.channels, like.dtype)
    if rect:
        edit = tiles.edit()
        edit.write(rect, pixels)
        edit.commit(compact=True)
    return tiles


def _rasters(document: Document) -> dict[Raster, Tiles]:
    rasters: dict[Raster, Tiles] = {("mask", 0): document.mask}
    for layer in document.layers:
        rasters["layer", layer.id] = layer.tiles
        if layer.mask is not None:
            rasters["layer mask", layer.id] = layer.mask
        if layer.opened is not None:
            rasters["layer as opened", layer.id] = layer.opened
    return rasters
