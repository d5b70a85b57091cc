"""Flood fill."""

from dataclasses import dataclass

import numpy as np

from sdedit_desktop.document import flood
from sdedit_desktop.document.brush.brush import Brush
from sdedit_desktop.document.brush.dabs import FULL, Coverage
from sdedit_desktop.document.brush.ink import Ink
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.tiles import (
    TILE,
    TileChange,
    Tiles,
    areas_of,
    keys_in,
    rect_of,
    within,
)
from sdedit_desktop.editing.operations.mask import grown
from sdedit_desktop.geometry import Rect


@dataclass(frozen=True)
class FillOptions:
    """Which pixels a flood fill covers.

    Attributes:
        tolerance: Largest difference per channel from the pixel pressed on, 0 to 1.
        grow: Pixels by which the region is enlarged.
        of_layer: Whether to compare pixels of the active layer only.
        joined: Whether only connected pixels are filled.
    """

    tolerance: float = 0.1
    grow: int = 0
    of_layer: bool = False
    joined: bool = True


def filled(
    document: Document,
    tiles: Tiles,
    brush: Brush,
    at: tuple[int, int],
    options: FillOptions,
    *,
    alpha_locked: bool = False,
) -> TileChange:
    """Fills the region around a pixel of the document with the brush's colour.

    Opacity and mode are the brush's. Only the given tiles are changed, whatever is compared.
    """
    read = tiles.read if options.of_layer else document.composite
    find = flood.joined if options.joined else flood.everywhere
    region = find(read, document.rect, *at, options.tolerance)
    if options.grow:
        region = _wider(region, document.rect, options.grow)
    edit = tiles.edit()
    ink = Ink(brush, edit, alpha_locked)
    solid = ink.solid
    whole = [] if solid is None else [key for key, part in region.items() if part.all()]
    for area in areas_of(whole):
        edit.fill(area, solid or 0)
    for key in region.keys() - set(whole):
        wash: Coverage = region[key] * np.uint16(FULL)
        edit.pixels(key)[:] = ink.on(edit.before(key), wash)
    return edit.commit()


def _wider(region: flood.Region, bounds: Rect, margin: int) -> flood.Region:
    """A region enlarged by ``margin`` pixels."""
    around = Rect.union(rect_of(key) for key in region).grow(margin) & bounds
    array = grown(flood.as_array(region, around), margin) > 0
    wider = {}
    for key in keys_in(around):
        frame = rect_of(key)
        part = np.zeros((TILE, TILE), np.bool_)
        part[within(frame & around, frame)] = array[within(frame & around, around)]
        if part.any():
            wider[key] = part
    return wider
