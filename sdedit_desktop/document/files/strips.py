"""PNG files put together from strips that are compressed on their own.

A strip that has not changed since the last save is copied from that file instead of being made
again: deflate lets independent blocks follow one another, and PNG lets the data be split.
"""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

import numpy as np

from sdedit_desktop.document.files import codec
from sdedit_desktop.document.tiles import Pixels

_LEVEL = 2
_SUB, _UP = 1, 2
_COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
_ADLER_BASE = 65521


class Strip(NamedTuple):
    """Some rows of a picture as PNG data.

    Attributes:
        chunk: An IDAT chunk.
        adler: Checksum of the rows with their filters.
        length: How many bytes those are.
    """

    chunk: bytes
    adler: int
    length: int


def encode(pixels: Pixels, level: int = _LEVEL) -> Strip:
    """Compresses rows of straight pixels (height, width, 1 to 4), uint8 or uint16.

    Args:
        pixels: The rows.
        level: How hard, 0 to 9; 0 is not at all.
    """
    rows, width, channels = pixels.shape
    step = channels * pixels.itemsize
    big_endian = pixels.astype(pixels.dtype.newbyteorder(">"), copy=False)
    plain = np.ascontiguousarray(big_endian).view(np.uint8).reshape(rows, width * step)
    filtered = np.empty((rows, 1 + width * step), np.uint8)
    if level:
        filtered[0, 0], filtered[1:, 0] = _SUB, _UP
        filtered[0, 1 : 1 + step] = plain[0, :step]
        np.subtract(plain[0, step:], plain[0, :-step], out=filtered[0, 1 + step :])
        np.subtract(plain[1:], plain[:-1], out=filtered[1:, 1:])
    else:
        filtered[:, 0], filtered[:, 1:] = 0, plain
    data = filtered.data.cast("B")
    # Photographs of 16 bits hardly repeat: looking for runs only takes 40 % of the time, for sizes
    # between 4 % less and 6 % more. A layer that is nearly empty takes 83 %, and 9 % less room.
    strategy = zlib.Z_RLE if pixels.itemsize == 2 else zlib.Z_DEFAULT_STRATEGY
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, strategy=strategy)
    packed = packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)
    return Strip(_chunk(b"IDAT", packed), zlib.adler32(data), filtered.size)


def head(shape: tuple[int, int, int], depth: int, icc: bytes | None, *, named: bool) -> bytes:
    """The bytes of the file before the strips.

    Args:
        shape: Height, width and channels of the picture.
        depth: Bits per sample.
        icc: The profile of its colours; ``None`` is sRGB.
        named: Writes a profile into 16-bit pictures even if they are sRGB: without one, Krita asks
            for each of them what it is.
    """
    height, width, channels = shape
    if icc is None and named and depth == 16:
        icc = codec.srgb_profile()
    parts = [
        b"\x89PNG\r\n\x1a\n",
        _chunk(
            b"IHDR", struct.pack(">IIBBBBB", width, height, depth, _COLOR_TYPES[channels], 0, 0, 0)
        ),
    ]
    if icc is not None:
        parts.append(_chunk(b"iCCP", b"icc\0\0" + zlib.compress(icc)))
    parts.append(_chunk(b"IDAT", b"\x78\x5e"))
    return b"".join(parts)


def tail(adlers: list[tuple[int, int]]) -> bytes:
    """The bytes of the file after the strips, from their checksums and lengths."""
    total = 1
    for adler, length in adlers:
        total = _combined(total, adler, length)
    return _chunk(b"IDAT", b"\x03\x00" + struct.pack(">I", total)) + _chunk(b"IEND", b"")


def _combined(first: int, second: int, length: int) -> int:
    """Adler-32 of two blocks one after the other; ``length`` is that of the second."""
    rest = length % _ADLER_BASE
    low, high = first & 0xFFFF, first >> 16
    total = (low + (second & 0xFFFF) - 1) % _ADLER_BASE
    weighted = (rest * low + high + (second >> 16) - rest) % _ADLER_BASE
    return weighted << 16 | total


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
