"""Pictures written row by row: a large one is never in memory as a whole, nor is its file.

Rows go to libvips as a PNG that is not compressed, and what it encodes comes back in pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING

from sdedit_desktop.document.files import codec, containers, strips
from sdedit_desktop.document.files.metadata import Blocks
from sdedit_desktop.document.files.vips import libvips
from sdedit_desktop.document.tiles import Pixels

if TYPE_CHECKING:
    import pyvips

_ROWS = 32
"""Rows that are asked for at once: a tenth of a megabyte each of 100 megapixels, and copied often.
"""


@contextmanager
def image_of(
    shape: tuple[int, int, int],
    depth: int,
    read: Callable[[int, int], Pixels],
    icc: bytes | None,
    dpi: float = 0,
) -> Iterator[pyvips.Image]:
    """An image whose rows are asked for when they are needed, once and from the top.

    What ``read`` raises is raised at the end of the ``with`` block.

    Args:
        shape: Height, width and channels, 1 to 4.
        depth: Bits per sample.
        read: Makes the rows from one to before another, straight, (rows, width, channels).
        icc: The profile of the colours; ``None`` is sRGB.
        dpi: The resolution, if it is known.
    """
    errors: list[Exception] = []
    chunks = _chunks(shape, depth, read)
    waiting = memoryview(b"")

    def give(size: int) -> bytes:
        nonlocal waiting
        try:
            waiting = waiting or memoryview(next(chunks, b""))
        except Exception as error:  # noqa: BLE001 - C code calls this: it is raised below
            errors.append(error)
            return b""
        given, waiting = waiting[:size], waiting[size:]  # which copies nothing
        return bytes(given)

    source = libvips().SourceCustom()
    source.on_read(give)
    per_mm = (dpi or 25.4) / 25.4
    try:
        image = libvips().Image.pngload_source(source, access="sequential", fail_on="error")
        image = image.copy(xres=per_mm, yres=per_mm)
        if icc is not None:
            image.set_type(libvips().GValue.blob_type, "icc-profile-data", icc)
        yield image
    except libvips().Error:
        if errors:
            raise errors[0] from None
        raise


def write(image: pyvips.Image, path: Path, suffix: str, quality: int, blocks: Blocks) -> None:
    """Encodes a picture into a file with its blocks.

    Args:
        image: The picture.
        path: A file that may be overwritten.
        suffix: The extension that tells the format.
        quality: Of formats that lose something, 1 to 100.
        blocks: Its metadata.

    Raises:
        OSError: The file cannot be written.
    """
    if suffix in (".webp", ".avif"):  # which have few pixels
        data = codec.encoded(image, suffix, quality, blocks)
        path.write_bytes(containers.with_blocks(data, suffix, blocks))
        return
    with path.open("w+b", buffering=0) as file:
        target = _Target(file, *containers.inserted(suffix, blocks))
        try:
            codec.save(image, target.vips, suffix, quality)
        except libvips().Error:
            if target.error is not None:
                raise target.error from None
            raise
        if target.error is not None:
            raise target.error
        if suffix in (".tif", ".tiff"):
            containers.add_to_tiff(file, blocks)


class _Target:
    """A file that libvips writes to, and bytes that are put into it at one place."""

    def __init__(self, file: RawIOBase, at: int, inserted: bytes) -> None:
        self.error: OSError | None = None
        self._file = file
        self._at, self._inserted = at, inserted
        self.vips = libvips().TargetCustom()
        self.vips.on_write(self._write)
        self.vips.on_read(file.read)
        self.vips.on_seek(file.seek)

    def _write(self, chunk: bytes) -> int:
        data = memoryview(chunk)
        try:
            if self._inserted and self._file.tell() + len(data) >= self._at:
                split = self._at - self._file.tell()
                self._put(data[:split])
                self._put(memoryview(self._inserted))
                self._put(data[split:])
                self._inserted = b""
            else:
                self._put(data)
        except OSError as error:
            self.error = error
            return -1
        return len(data)

    def _put(self, data: memoryview) -> None:
        while data:
            data = data[self._file.write(data) :]


def _chunks(
    shape: tuple[int, int, int], depth: int, read: Callable[[int, int], Pixels]
) -> Iterator[bytes]:
    yield strips.head(shape, depth, None, named=False)
    sums = []
    for top in range(0, shape[0], _ROWS):
        strip = strips.encode(read(top, min(top + _ROWS, shape[0])), level=0)
        sums.append((strip.adler, strip.length))
        yield strip.chunk
    yield strips.tail(sums)
