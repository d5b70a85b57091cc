"""Cutting parts of a document, and pasting pictures as layers."""

from dataclasses import replace
from typing import Final

from sdedit_desktop.document.blending import scaled, spread, to_depth
from sdedit_desktop.document.commands import AddLayer, CompoundCommand, PaintTiles
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.history import Command
from sdedit_desktop.document.layers import BlendMode, Layer, composite
from sdedit_desktop.document.tiles import Pixels, keys_in, rect_of, within
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

CUT: Final = Text("Cut")


def piece(document: Document, layer: Layer | None = None) -> tuple[Rect, Pixels]:
    """The masked part of a layer, or of the visible picture; all of it without a mask.

    Returns:
        Its rectangle (empty if there is nothing), and premultiplied RGBA in the document's depth.
        The mask becomes its opacity.
    """
    rect = _where(document, layer)
    if layer is None:
        pixels = document.composite(rect)
    else:
        alone = replace(layer, visible=True, opacity=1.0, mode=BlendMode.NORMAL)
        pixels = composite([alone], rect, document.dtype)
    if document.mask.content_rect() & document.rect:
        for key in keys_in(rect):  # in pieces that fit into the processor's cache
            part = rect & rect_of(key)
            inner = within(part, rect)
            pixels[inner] = scaled(pixels[inner], spread(_mask(document, part)))
    return rect, pixels


def cut(document: Document, layer: Layer, label: Text = CUT) -> PaintTiles | None:
    """Erases the masked part of a layer, or all of it without a mask; ``None`` if it is empty."""
    rect = _where(document, layer)
    if not rect:
        return None
    edit = layer.tiles.edit()
    if document.mask.content_rect() & document.rect:
        for key in keys_in(rect):
            part = rect & rect_of(key)
            if document.mask.stored(key) is not None:
                kept = scaled(layer.tiles.read(part), ~spread(_mask(document, part)))
                edit.write(part, kept)
    else:
        edit.fill(layer.tiles.bounds(), 0)
    return PaintTiles(label, ("layer", layer.id), edit.commit())


def _where(document: Document, layer: Layer | None) -> Rect:
    """The extent of a layer or of the picture, within the mask if there is one."""
    marked = document.mask.content_rect() & document.rect
    there = document.rect if layer is None else layer.tiles.content_rect()
    return there & marked if marked else there


def layer_of(document: Document, pixels: Pixels, left: int, top: int, name: str) -> Layer:
    """A new layer with a picture, premultiplied RGBA of either depth."""
    layer = document.new_layer(name)
    height, width, _ = pixels.shape
    edit = layer.tiles.edit()
    edit.write(Rect(left, top, left + width, top + height), to_depth(pixels, document.dtype))
    edit.commit()
    return layer


def added(layers: list[Layer], index: int, label: Text) -> Command:
    """Adds layers to the stack, the first one at ``index``; one undo step."""
    parts = [AddLayer(layer, index + number, label) for number, layer in enumerate(layers)]
    return parts[0] if len(parts) == 1 else CompoundCommand(label, tuple(parts))


def _mask(document: Document, rect: Rect) -> Pixels:
    return to_depth(document.mask.read(rect)[..., 0], document.dtype)
