"""Pictures of a raster at all scales, so that painting the screen only copies pixels.

Level n is the raster at ``2 ** -n`` of its size. Tiles are made when they are first needed, and
after a change only the changed part is redrawn. Their earlier pictures are kept for a while, so
that undo only copies as well.
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from sdedit_desktop.bounded_cache import BoundedCache
from sdedit_desktop.document.tiles import within
from sdedit_desktop.geometry import NOWHERE, Rect

SIDE = 256
BUDGET_BYTES = 384 << 20
EARLIER_BYTES = 64 << 20
_OPAQUE = np.uint32(0xFF000000)
_ONE, _LOW_BITS = np.uint32(1), np.uint32(0x7F7F7F7F)
_PREMULTIPLIED = QImage.Format.Format_ARGB32_Premultiplied


class Step(NamedTuple):
    """A change of the raster between two states; equal ones if the change is in progress."""

    before: int
    after: int


class TileKey(NamedTuple):
    """One tile of one level."""

    level: int
    column: int
    row: int

    @property
    def children(self) -> Iterator["TileKey"]:
        """The four tiles of the next finer level that show the same area."""
        for row in (2 * self.row, 2 * self.row + 1):
            for column in (2 * self.column, 2 * self.column + 1):
                yield TileKey(self.level - 1, column, row)


class TileCache:
    """Tiles of a raster that ``read`` draws; the least recently used ones are evicted."""

    def __init__(
        self, read: Callable[[Rect], QImage], bounds: Rect, budget_bytes: int = BUDGET_BYTES
    ) -> None:
        """Starts empty.

        Args:
            read: Draws a rectangle of the raster in ``Format_ARGB32_Premultiplied``.
            bounds: All of the raster; nothing outside is asked for.
            budget_bytes: Memory that tiles may take.
        """
        self.bounds = bounds
        self._read = read
        self._tiles: BoundedCache[TileKey, QImage] = BoundedCache(
            budget_bytes, QImage.sizeInBytes, self._forget
        )
        self._stale: dict[TileKey, Rect] = {}
        self._opaque: set[TileKey] = set()
        self._earlier = _Earlier()
        self._shown_level = 0
        longest = max(bounds.width, bounds.height, 1)
        self.coarsest = max(0, math.ceil(math.log2(longest / SIDE)))

    def refresh(self, rect: Rect, step: Step | None = None) -> None:
        """Marks a rectangle of the raster as changed; fast.

        Args:
            rect: Where it may look different.
            step: Which states the change lies between, so that coming back to one is quick. A state
                must always look the same. ``None`` if that is not known.
        """
        if step is not None:
            self._earlier.begin(step)
        rect = rect & self.bounds
        for level in range(self.coarsest + 1):
            part = _reduced(rect.translated(-self.bounds.left, -self.bounds.top), level)
            for key in _keys(level, part):
                if key in self._tiles:
                    self._age(key, part & self._frame(key), step)

    def clear(self) -> None:
        """Marks everything as changed, including earlier states."""
        self._tiles.clear()
        self._stale.clear()
        self._opaque.clear()
        self._earlier = _Earlier()

    def level_for(self, scale: float) -> int:
        """The coarsest level with at least one pixel per screen pixel at ``scale``."""
        return min(max(0, math.floor(-math.log2(scale) + 1e-9)), self.coarsest)

    def keys(self, level: int, rect: Rect) -> Iterator[TileKey]:
        """The tiles of a level that show a rectangle of the raster."""
        self._shown_level = level
        rect = rect & self.bounds
        rect = rect.translated(-self.bounds.left, -self.bounds.top)
        return _keys(level, _reduced(rect, level))

    def shown_by(self, key: TileKey) -> Rect:
        """The part of the raster that a tile shows."""
        frame = self._frame(key)
        size = 1 << key.level
        grown = Rect(*(edge * size for edge in frame))
        return grown.translated(self.bounds.left, self.bounds.top) & self.bounds

    def tile(self, key: TileKey) -> QImage:
        """The up-to-date picture of a tile."""
        image = self._tiles.get(key)
        if image is None:
            image = self._tiles[key] = self._made(key)
            self._earlier.changed.add(key)
            self._look_through(key, image)
        elif stale := self._stale.pop(key, NOWHERE):
            # A kept picture shares its memory with this one until it is drawn on.
            image = self._tiles[key] = QImage(image)
            self._earlier.changed.add(key)
            self._remake(key, image, stale)
            self._look_through(key, image)
        return image

    def catch_up(self) -> bool:
        """Updates one outdated tile, finest first; returns whether there are more."""
        if self._stale:
            self.tile(min(self._stale))
        return bool(self._stale)

    def is_opaque(self, key: TileKey) -> bool:
        """Whether a tile hides everything behind it; valid after ``tile``."""
        return key in self._opaque

    def _age(self, key: TileKey, changed: Rect, step: Step | None) -> None:
        """Marks a tile as changed, or restores its picture of that state."""
        if step is not None and key.level == self._shown_level:
            if key not in self._stale:
                self._earlier.keep(key, self._tiles[key], step)
            image = self._earlier.look(key, step)
            if image is not None:
                self._earlier.changed.add(key)
                self._stale.pop(key, None)
                if image is not self._tiles[key]:
                    self._tiles[key] = image
                    self._look_through(key, image)
                return
        self._stale[key] = self._stale.get(key, NOWHERE) | changed

    def _look_through(self, key: TileKey, image: QImage) -> None:
        if np.frombuffer(image.constBits(), np.uint32).min() >= _OPAQUE:
            self._opaque.add(key)
        else:
            self._opaque.discard(key)

    def _frame(self, key: TileKey) -> Rect:
        """A tile's rectangle in pixels of its level."""
        left, top = key.column * SIDE, key.row * SIDE
        whole = _reduced(Rect(0, 0, self.bounds.width, self.bounds.height), key.level)
        return Rect(left, top, left + SIDE, top + SIDE) & whole

    def _made(self, key: TileKey) -> QImage:
        frame = self._frame(key)
        if key.level == 0:
            return self._read(frame.translated(self.bounds.left, self.bounds.top))
        image = QImage(frame.width, frame.height, _PREMULTIPLIED)
        image.fill(0)
        self._remake(key, image, frame)
        return image

    def _remake(self, key: TileKey, image: QImage, part: Rect) -> None:
        frame = self._frame(key)
        if key.level == 0:
            fresh = self._read(part.translated(self.bounds.left, self.bounds.top))
            painter = QPainter(image)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(part.left - frame.left, part.top - frame.top, fresh)
            painter.end()
            return
        pixels = np.frombuffer(image.bits(), np.uint32).reshape(frame.height, frame.width)
        for child in key.children:
            fine = self._frame(child)
            target = _reduced(fine, 1) & part
            if target:
                source = Rect(*(2 * edge for edge in target)) & fine
                seen = np.frombuffer(self.tile(child).constBits(), np.uint32)
                seen = seen.reshape(fine.height, fine.width)[within(source, fine)]
                pixels[within(target, frame)] = _halved(seen)

    def _forget(self, key: TileKey) -> None:
        self._stale.pop(key, None)
        self._opaque.discard(key)


class _Earlier:
    """Pictures of tiles in earlier and later states of the raster.

    Attributes:
        changed: Tiles that differ from the last state that a step began with.
    """

    def __init__(self) -> None:
        self.changed: set[TileKey] = set()
        self._state: int | None = None
        self._images: BoundedCache[tuple[int, TileKey], QImage] = BoundedCache(
            EARLIER_BYTES, QImage.sizeInBytes
        )

    def begin(self, step: Step) -> None:
        """Called at every step, before the tiles change."""
        if step.before != self._state:
            self._state = step.before
            self.changed.clear()

    def keep(self, key: TileKey, image: QImage, step: Step) -> None:
        """Keeps an up-to-date picture if it still shows the state before the step."""
        if key in self.changed:
            return
        self.changed.add(key)
        self._images[step.before, key] = image

    def look(self, key: TileKey, step: Step) -> QImage | None:
        """The kept picture of a tile after the step, or ``None``."""
        return self._images.get((step.after, key)) if step.after != step.before else None


def _keys(level: int, part: Rect) -> Iterator[TileKey]:
    if part:
        for row in range(part.top // SIDE, (part.bottom - 1) // SIDE + 1):
            for column in range(part.left // SIDE, (part.right - 1) // SIDE + 1):
                yield TileKey(level, column, row)


def _reduced(rect: Rect, level: int) -> Rect:
    """A rectangle in the pixels of a coarser level, rounded outwards."""
    if not rect:
        return NOWHERE
    return Rect(
        rect.left >> level,
        rect.top >> level,
        -(-rect.right >> level),
        -(-rect.bottom >> level),
    )


def _halved(pixels: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Averages each four pixels, all four bytes at once.

    Averages of two are rounded up horizontally and down vertically, so that the result gets neither
    lighter nor darker.
    """
    height, width = pixels.shape
    if height % 2 or width % 2:
        pixels = np.pad(pixels, ((0, height % 2), (0, width % 2)), "edge")
    a, b = pixels[:, 0::2], pixels[:, 1::2]
    across = (a | b) - (((a ^ b) >> _ONE) & _LOW_BITS)
    a, b = across[0::2], across[1::2]
    return (a & b) + (((a ^ b) >> _ONE) & _LOW_BITS)
