"""Flood fill: find the connected region of similar pixels."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.document.files.vips import libvips
from sdedit_desktop.document.tiles import TILE, Key, Pixels, keys_in, rect_of, within
from sdedit_desktop.geometry import Rect

Region: TypeAlias = Mapping[Key, NDArray[np.bool_]]
"""The covered pixels by tile, (TILE, TILE) each."""

_Reader: TypeAlias = Callable[[Rect], Pixels]
_Edge: TypeAlias = tuple[slice | int, slice | int]

_ALL = slice(None)
_NEIGHBOURS: tuple[tuple[Key, _Edge, _Edge], ...] = (
    ((-1, 0), (_ALL, 0), (_ALL, -1)),
    ((1, 0), (_ALL, -1), (_ALL, 0)),
    ((0, -1), (0, _ALL), (-1, _ALL)),
    ((0, 1), (-1, _ALL), (0, _ALL)),
)
"""For each neighbour where it is, this tile's edge towards it, and its edge towards this tile."""


def joined(read: _Reader, bounds: Rect, x: int, y: int, tolerance: float) -> Region:
    """The pixels connected to (x, y), side by side, over pixels of about the same colour.

    Only the tiles that the region touches are read, each once.

    Args:
        read: Gives the pixels of a rectangle, (height, width, channels).
        bounds: Limits the region; contains (x, y).
        x: Of the start.
        y: Of the start.
        tolerance: Largest difference of a channel, as a fraction of the full value.
    """
    like = _Likeness(read(Rect(x, y, x + 1, y + 1))[0, 0], tolerance)
    parts: dict[Key, _Part] = {}

    def part_of(key: Key) -> _Part:
        if key not in parts:
            parts[key] = _Part.of(_alike(read, bounds, key, like))
        return parts[key]

    start = x // TILE, y // TILE
    part_of(start).enter((y % TILE, x % TILE))
    waiting = {start: True}
    while waiting:
        key = next(iter(waiting))
        del waiting[key]
        region = parts[key].region()
        for (right, down), edge, opposite in _NEIGHBOURS:
            neighbour = key[0] + right, key[1] + down
            crossing = region[edge]
            if (
                crossing.any()
                and bounds & rect_of(neighbour)
                and part_of(neighbour).enter(opposite, crossing)
            ):
                waiting[neighbour] = True
    return {key: region for key, part in parts.items() if (region := part.region()).any()}


def everywhere(read: _Reader, bounds: Rect, x: int, y: int, tolerance: float) -> Region:
    """All pixels of a colour similar to that at (x, y), connected or not."""
    like = _Likeness(read(Rect(x, y, x + 1, y + 1))[0, 0], tolerance)
    found = ((key, _alike(read, bounds, key, like)) for key in keys_in(bounds))
    return {key: alike for key, alike in found if alike.any()}


class _Likeness:
    """Finds pixels of similar colour."""

    def __init__(self, color: Pixels, tolerance: float) -> None:
        full = int(np.iinfo(color.dtype).max)
        slack = round(tolerance * full)
        self._low = [max(int(value) - slack, 0) for value in color]
        self._high = [min(int(value) + slack, full) for value in color]

    def __call__(self, pixels: Pixels) -> NDArray[np.bool_]:
        alike = np.ones(pixels.shape[:2], np.bool_)
        for channel, (low, high) in enumerate(zip(self._low, self._high, strict=True)):
            values = np.ascontiguousarray(pixels[..., channel])
            alike &= values >= low
            alike &= values <= high
        return alike


def _alike(read: _Reader, bounds: Rect, key: Key, like: _Likeness) -> NDArray[np.bool_]:
    frame = rect_of(key)
    part = frame & bounds
    if part == frame:
        return like(read(frame))
    alike: NDArray[np.bool_] = np.zeros((TILE, TILE), np.bool_)
    alike[within(part, frame)] = like(read(part))
    return alike


@dataclass(eq=False)
class _Part:
    """One tile: patches of alike pixels that hang together, and which were reached.

    Attributes:
        patches: (TILE, TILE) the number of each pixel's patch; 0 belongs to none.
        reached: By number of the patch.
    """

    patches: NDArray[np.int32]
    reached: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.reached = np.zeros(int(self.patches.max()) + 1, np.bool_)

    @staticmethod
    def of(alike: NDArray[np.bool_]) -> "_Part":
        if alike.all() or not alike.any():
            return _Part(alike.astype(np.int32))
        picture = libvips().Image.new_from_array(alike.astype(np.uint8))
        numbers = np.frombuffer(picture.labelregions().write_to_memory(), np.int32)
        return _Part((numbers.reshape(TILE, TILE) + 1) * alike)

    def enter(self, at: _Edge, only: NDArray[np.bool_] | bool = True) -> bool:
        """Reaches the patches at an edge, or some pixels of it; returns whether any is new."""
        entered = np.where(only, self.patches[at], 0)
        new = entered[(entered > 0) & ~self.reached[entered]]
        self.reached[new] = True
        return new.size > 0

    def region(self) -> NDArray[np.bool_]:
        return self.reached[self.patches]


def as_array(region: Region, bounds: Rect) -> NDArray[np.bool_]:
    """A region within ``bounds`` as one array (height, width)."""
    out: NDArray[np.bool_] = np.zeros((bounds.height, bounds.width), np.bool_)
    for key, tile in region.items():
        part = rect_of(key) & bounds
        if part:
            out[within(part, bounds)] = tile[within(part, rect_of(key))]
    return out
