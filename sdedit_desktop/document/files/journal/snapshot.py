"""Snapshots of a document, which only copy a few dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sdedit_desktop.document.blending import straightened, to_depth
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import codec
from sdedit_desktop.document.history import LastStep
from sdedit_desktop.document.layers import ActiveLayer, Json, Layer, composite
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.document.tiles import TILE, Key, Pixels, Tiles, with_alpha
from sdedit_desktop.geometry import Rect

Rasters = Mapping[str, Mapping[Key, Pixels]]
"""The tiles of a document: ``mask``, and for each layer its id, with ``m`` those of its mask, and
with ``o`` what it was opened with."""

THUMBNAIL = 256


@dataclass(frozen=True)
class Work:
    """Title, source and amount of work of a document.

    Attributes:
        title: Its name for people.
        source: The file it was saved to, or opened from if that was a document.
        steps: Undo steps since it was opened.
        candidates: How many finished candidates there are.
        is_saved: Whether its present state is in ``source``.
    """

    title: str
    source: Path | None = None
    steps: int = 0
    candidates: int = 0
    is_saved: bool = False


@dataclass(frozen=True, eq=False)
class Snapshot:
    """An immutable snapshot of a document.

    Attributes:
        states: The first state that undo can reach, and the present one.
        step: The step that led to the present one.
        layers: Properties without pixels, bottom first.
        rasters: All tiles.
        attachments: Makes the attachments, on any thread; ``None`` if they have not changed.
    """

    work: Work
    rect: Rect
    depth: int
    icc: bytes | None
    metadata: Mapping[str, bytes]
    placement: Matrix
    active: ActiveLayer
    states: tuple[int, int]
    step: LastStep | None
    layers: tuple[Layer, ...]
    rasters: Rasters
    attachments: Callable[[], Mapping[str, bytes]] | None = None

    @staticmethod
    def of(
        document: Document,
        work: Work,
        attachments: Callable[[], Mapping[str, bytes]] | None = None,
    ) -> Snapshot:
        """Takes a snapshot, on the document's thread."""
        rasters: dict[str, Mapping[Key, Pixels]] = {"mask": document.mask.snapshot()}
        empty = Tiles()
        layers = []
        for layer in document.layers:
            rasters[str(layer.id)] = layer.tiles.snapshot()
            if layer.mask is not None:
                rasters[f"{layer.id}m"] = layer.mask.snapshot()
            if layer.opened is not None:
                rasters[f"{layer.id}o"] = layer.opened.snapshot()
            layers.append(replace(layer, tiles=empty, mask=None, opened=None))
        history = document.history
        return Snapshot(
            work,
            document.rect,
            document.depth,
            document.icc,
            document.metadata,
            document.placement,
            document.active,
            (history.first_state, history.state),
            history.last_step,
            tuple(layers),
            rasters,
            attachments,
        )

    def after(self, earlier: Snapshot) -> Snapshot:
        """The snapshot including what an earlier one, which is not written, would have written."""
        if self.attachments is not None or earlier.attachments is None:
            return self
        return replace(self, attachments=earlier.attachments)

    def thumbnail(self) -> bytes:
        """A small PNG of the document."""
        return codec.to_png(self.reduced(THUMBNAIL))

    def reduced(self, side: int) -> Pixels:
        """How it looks, from every so manieth pixel: straight RGBA of 8 bits.

        Args:
            side: How long the longer side becomes at least, if it is not shorter.
        """
        step = max(1, max(self.rect.width, self.rect.height) // side)
        frame = Rect(0, 0, max(1, self.rect.width // step), max(1, self.rect.height // step))
        dtype: type[np.uint8] | type[np.uint16] = np.uint16 if self.depth == 16 else np.uint8
        small = []
        for layer in self.layers:
            if layer.visible:
                tiles = _thinned(self.rasters[str(layer.id)], Tiles(dtype=dtype), step)
                mask = self.rasters.get(f"{layer.id}m")
                thin = None if mask is None else _thinned(mask, Tiles(channels=1), step)
                small.append(replace(layer, tiles=tiles, mask=thin))
        pixels = straightened(composite(small, frame, dtype))
        return to_depth(pixels, np.uint8)


def properties(layer: Layer, *, has_mask: bool) -> dict[str, Json]:
    """The properties of a layer as plain values, without pixels."""
    return {
        "id": layer.id,
        "name": layer.name,
        "kind": layer.kind.value,
        "visible": layer.visible,
        "opacity": layer.opacity,
        "mode": layer.mode.value,
        "locked": layer.locked,
        "alpha_locked": layer.alpha_locked,
        "parameters": layer.parameters,
        "mask": has_mask,
    }


def _thinned(tiles: Mapping[Key, Pixels], into: Tiles, step: int) -> Tiles:
    """Every ``step``-th pixel of every ``step``-th row."""
    edit = into.edit()
    for (column, row), tile in tiles.items():
        left, top = -(-column * TILE // step), -(-row * TILE // step)
        part = tile[top * step - row * TILE :: step, left * step - column * TILE :: step]
        if part.size:
            rect = Rect(left, top, left + part.shape[1], top + part.shape[0])
            edit.write(rect, with_alpha(part))
    edit.commit()
    return into
