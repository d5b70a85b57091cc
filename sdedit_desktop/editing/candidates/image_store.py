"""Image store: recently used images stay decoded; the rest are kept as PNG on disk."""

from __future__ import annotations

import logging
import struct
import tempfile
import weakref
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import IO, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop import paths
from sdedit_desktop.document.files import codec
from sdedit_desktop.editing.request import Raster
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.geometry import Rect

logger = logging.getLogger(__name__)

AT_HAND_BYTES = 8 << 20
"""Memory for decoded pixels; the latest image always stays decoded."""

THUMBNAIL = 256
"""Longer side of the small copies, in pixels."""

_PNG = b"\x89PNG\r\n\x1a\n"
_RGBA = 6

Pair: TypeAlias = tuple[Raster, NDArray[np.uint8]]
"""Straight RGB (height, width, 3) in either depth, and a byte for each pixel (height, width)."""


class StoredImage:
    """An image with one extra byte per pixel: its opacity, or where it may change.

    Attributes:
        size: (height, width).
        parts: See ``__init__``.
        thumbnail: A small JPEG of it; empty until it is encoded.
        below: Of a guide with strokes: the picture without them, with the same extra byte.
    """

    def __init__(
        self,
        store: ImageStore,
        size: tuple[int, int],
        pair: Pair | None = None,
        png: bytes = b"",
        parts: Sequence[Rect] = (),
    ) -> None:
        """Created by an ``ImageStore``.

        Args:
            store: What keeps it.
            size: (height, width).
            pair: Its pixels, if they are known.
            png: Its pixels encoded, if they are known.
            parts: Outside of them it is all zero; encoded, they lie one below the other.
        """
        self.size = size
        self.parts = tuple(parts)
        self.thumbnail = b""
        self.below: StoredImage | None = None
        self._store = store
        self._pair = pair
        self._png: bytes | tuple[int, int] = png

    @property
    def is_packed(self) -> bool:
        """Whether it has been encoded, so that its pixels can be freed."""
        return bool(self._png)

    @property
    def bytes_at_hand(self) -> int:
        """Memory of the decoded pixels; 0 if they have been freed."""
        pair = self._pair
        return pair[0].nbytes + pair[1].nbytes if pair else 0

    def pixels(self) -> Pair:
        """The image and its extra channel, read only; they stay decoded for a while.

        Raises:
            FileFormatError: It came from a file, and that is damaged.
        """
        self._pair = pair = self.decode()
        self._store.touch(self)
        return pair

    def decode(self) -> Pair:
        """Decodes image and extra channel without keeping them; callable from any thread."""
        if self._pair is not None:
            return self._pair
        image, share = _decoded(self.png())
        if self.parts:
            image, share = (
                _spread(image, self.parts, self.size),
                _spread(share, self.parts, self.size),
            )
        if share.shape != self.size:
            raise FileFormatError("A kept picture is damaged.")
        return image, share

    def png(self) -> bytes:
        """RGBA as PNG, the same bytes each time."""
        self.pack()
        png = self._png
        return png if isinstance(png, bytes) else self._store.fetch(*png)

    def pack(self) -> None:
        """Encodes picture and thumbnail unless that is done. Slow; may run on any thread."""
        pair = self._pair
        if not self._png and pair is not None:
            image, share = (_gathered(each, self.parts) for each in pair) if self.parts else pair
            self.thumbnail = thumbnail(image)
            self._png = self._store.store(codec.to_png(_joined(image, share)))

    def put_away(self) -> None:
        """Frees the pixels; they are decoded again on demand."""
        if self.is_packed:
            self._pair = None


class ImageStore:
    """Stores images; new ones are encoded into an unnamed temporary file."""

    def __init__(self, budget_bytes: int = AT_HAND_BYTES) -> None:
        self._budget = budget_bytes
        self._at_hand: OrderedDict[StoredImage, None] = OrderedDict()
        self._file: IO[bytes] | None = None
        self._lock = Lock()

    @property
    def bytes_at_hand(self) -> int:
        """Memory of all decoded pixels."""
        return sum(stored.bytes_at_hand for stored in self._at_hand)

    def add(
        self, image: Raster, share: NDArray[np.uint8], parts: Sequence[Rect] = ()
    ) -> StoredImage:
        """Stores pixels that must not change from now on; outside ``parts`` they are zero."""
        stored = StoredImage(self, share.shape[:2], (image, share), parts=parts)
        self.touch(stored)
        return stored

    def add_packed(
        self,
        png: bytes,
        small: bytes = b"",
        size: tuple[int, int] | None = None,
        parts: Sequence[Rect] = (),
    ) -> StoredImage:
        """Stores an image that is already encoded; only its header is read.

        Args:
            png: What ``StoredImage.png`` made.
            small: Its thumbnail.
            size: Height and width of an image that has parts.
            parts: Those parts.

        Raises:
            FileFormatError: It is not what ``StoredImage.png`` makes.
        """
        if png[:8] != _PNG or len(png) < 33:
            raise FileFormatError("A kept picture is damaged.")
        width, height, _depth, kind = struct.unpack(">IIBB", png[16:26])
        if kind != _RGBA or not 0 < width * height <= codec.MAX_PIXELS:
            raise FileFormatError("A kept picture is damaged.")
        montage = sum(part.height for part in parts), max((part.width for part in parts), default=0)
        if parts and montage != (height, width):
            raise FileFormatError("A kept picture is damaged.")
        stored = StoredImage(
            self, size if parts and size else (height, width), png=png, parts=parts
        )
        stored.thumbnail = small
        return stored

    def touch(self, stored: StoredImage) -> None:
        """Marks an image as just used, and frees the least recently used ones over the budget."""
        self._at_hand[stored] = None
        self._at_hand.move_to_end(stored)
        self.evict()

    def evict(self) -> None:
        """Frees decoded pixels over the budget, where they have been encoded."""
        surplus = self.bytes_at_hand - self._budget
        for stored in list(self._at_hand)[:-1]:
            if surplus <= 0:
                return
            if stored.is_packed:
                surplus -= stored.bytes_at_hand
                stored.put_away()
                del self._at_hand[stored]

    def drop(self, stored: StoredImage) -> None:
        """Removes an image."""
        self._at_hand.pop(stored, None)

    def store(self, data: bytes) -> tuple[int, int] | bytes:
        """Puts bytes into the file and returns where they are; may run on any thread.

        Where nothing can be written, the bytes themselves are returned, to be kept in memory.
        """
        with self._lock:
            try:
                if self._file is None:
                    self._file = _file_without_a_name()
                    weakref.finalize(self, self._file.close)
                begin = self._file.seek(0, 2)
                self._file.write(data)
            except OSError as error:
                logger.warning("Candidates are kept in memory: %s", error)
                return data
            return begin, len(data)

    def fetch(self, begin: int, length: int) -> bytes:
        """The bytes that were given to ``store``."""
        with self._lock:
            assert self._file is not None
            self._file.seek(begin)
            return self._file.read(length)


def _file_without_a_name() -> IO[bytes]:
    """An unnamed file on disk; the system's temporary folder may be in memory."""
    folder = paths.state()
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryFile(dir=folder)


def thumbnail(image: Raster) -> bytes:
    """Encodes a small JPEG of straight RGB (height, width, 3) in either depth."""
    shift = np.uint8(8 * (image.dtype.itemsize - 1))
    step = max(1, min(image.shape[:2]) // (4 * THUMBNAIL))
    coarse = (image[::step, ::step] >> shift).astype(np.uint8)
    small = codec.to_vips(coarse)
    if max(small.width, small.height) > THUMBNAIL:
        small = small.thumbnail_image(THUMBNAIL, height=THUMBNAIL)
    return codec.encoded(small, ".jpg", 85)


def small_pixels(data: bytes) -> NDArray[np.uint8] | None:
    """Decodes a thumbnail to straight RGB (height, width, 3); ``None`` if it is invalid."""
    try:
        small = codec.open_bytes(data, "thumbnail")
        if max(small.width, small.height) > 2 * THUMBNAIL:
            return None
        return np.ascontiguousarray(small.pixels()[..., :3]).astype(np.uint8)
    except FileFormatError:
        return None


def _joined(image: Raster, share: NDArray[np.uint8]) -> Any:  # noqa: ANN401 - either depth
    """Straight RGBA in the picture's depth; the extra byte is scaled to 16 bits if needed."""
    last = share.astype(image.dtype)
    if image.dtype == np.uint16:
        last *= np.uint16(257)
    return np.concatenate([image, last[..., None]], axis=2)


def _gathered(pixels: Raster, parts: Sequence[Rect]) -> Any:  # noqa: ANN401 - either depth
    """The parts of a picture one below the other; to their right is nothing."""
    height, width = sum(part.height for part in parts), max(part.width for part in parts)
    found = np.zeros((height, width, *pixels.shape[2:]), pixels.dtype)
    top = 0
    for part in parts:
        piece = pixels[part.top : part.bottom, part.left : part.right]
        found[top : top + part.height, : part.width] = piece
        top += part.height
    return found


def _spread(gathered: Raster, parts: Sequence[Rect], size: tuple[int, int]) -> Any:  # noqa: ANN401
    """The way back: what lies outside the parts is zero, and takes no memory."""
    found = np.zeros((*size, *gathered.shape[2:]), gathered.dtype)
    top = 0
    for part in parts:
        piece = gathered[top : top + part.height, : part.width]
        found[part.top : part.bottom, part.left : part.right] = piece
        top += part.height
    return found


def _decoded(png: bytes) -> Pair:
    pixels = codec.open_bytes(png, "A kept picture").pixels()
    if pixels.shape[2] != 4:
        raise FileFormatError("A kept picture is damaged.")
    shift = np.uint8(8 * (pixels.dtype.itemsize - 1))
    return pixels[..., :3].copy(), (pixels[..., 3] >> shift).astype(np.uint8)
