"""Strokes, random pixels and comparable states for tests of documents."""

import hashlib

import numpy as np

from sdedit_desktop.document.brush.brush import Brush, Sample
from sdedit_desktop.document.brush.stroke import Stroke
from sdedit_desktop.document.commands import PaintTiles
from sdedit_desktop.document.layers import MASK

BRUSH = Brush(radius=6, color=(200, 30, 30))


def stroke(document, *points, brush=BRUSH, layer=None):
    layer = layer or document.layers[-1]
    edit = layer.tiles.edit()
    path = Stroke(brush, edit, alpha_locked=layer.alpha_locked, clip=document.rect)
    for point in points:
        path.add(Sample(*point))
    path.finish()
    document.push(PaintTiles("Brush stroke", ("layer", layer.id), edit.commit()))


def mask_stroke(document, *points, brush=BRUSH):
    edit = document.mask.edit()
    path = Stroke(brush, edit, clip=document.rect)
    for point in points:
        path.add(Sample(*point))
    document.push(PaintTiles("Paint mask", MASK, edit.commit()))


def check_undo_and_redo(document, command):
    """Pushes a command that changes something: undo and redo lead back and forth exactly."""
    before = state(document)
    document.push(command)
    after = state(document)
    assert after != before
    document.undo()
    assert state(document) == before
    document.redo()
    assert state(document) == after


def noise(shape, dtype=np.uint8, seed=0):
    """Premultiplied random pixels: some transparent, some opaque, some between."""
    rng = np.random.default_rng(seed)
    full = np.iinfo(dtype).max
    pixels = rng.integers(0, full + 1, shape).astype(dtype)
    if shape[-1] == 4:
        kind = rng.integers(0, 3, shape[:2])
        pixels[..., 3] = np.choose(kind, [0, full, pixels[..., 3]])
        pixels[..., :3] = np.minimum(pixels[..., :3], pixels[..., 3:])
    return pixels


def write(tiles, rect, pixels):
    edit = tiles.edit()
    edit.write(rect, pixels)
    return edit.commit()


def digest(pixels):
    """Stands for pixels in comparisons: of hundreds of states, the pixels would fill memory."""
    return hashlib.sha256(np.ascontiguousarray(pixels)).hexdigest()


def state(document):
    """Everything that can be seen or saved, as small values to compare."""
    area = document.rect.grow(150)
    return (
        document.rect,
        [
            (
                layer.name,
                layer.kind,
                layer.visible,
                layer.opacity,
                layer.mode,
                layer.locked,
                layer.alpha_locked,
                layer.parameters,
                digest(layer.tiles.read(area)),
                layer.mask and digest(layer.mask.read(area)),
            )
            for layer in document.layers
        ],
        digest(document.mask.read(area)),
        digest(document.composite(document.rect)),
    )
