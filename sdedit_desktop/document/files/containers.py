"""Inserts blocks of metadata into finished picture files, unchanged.

libvips rewrites EXIF with libexif, which corrupts maker notes and keeps thumbnails; so it writes
the picture with its profile only, and the blocks are inserted here.
"""

import struct
import zlib
from typing import IO

from sdedit_desktop.document.files import exif, tiff
from sdedit_desktop.document.files.exif import Field
from sdedit_desktop.document.files.metadata import PHOTOSHOP_START, Blocks

_SEGMENT = 65533
"""Largest content of a JPEG segment, in bytes."""

PLACEHOLDER = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"
"""An empty EXIF block that reserves space."""


def with_blocks(data: bytes, suffix: str, blocks: Blocks) -> bytes:
    """Adds all blocks that the format of ``suffix`` supports."""
    return _webp(data, blocks) if suffix == ".webp" else _avif(data, blocks)


def inserted(suffix: str, blocks: Blocks) -> tuple[int, bytes]:
    """Bytes to insert into a JPEG or PNG file, and before which byte of libvips' output."""
    match suffix:
        case ".jpg" | ".jpeg":
            return 2, _jpeg(blocks)  # libvips writes no JFIF, which would come first
        case ".png":
            return 8 + 25, _png(blocks)
        case _:
            return 0, b""


def _jpeg(blocks: Blocks) -> bytes:
    segments = b""
    if 1 <= blocks.dpi < 65535:
        density = round(blocks.dpi)
        jfif = struct.pack(">5s2BB2H2B", b"JFIF", 1, 1, 1, density, density, 0, 0)
        segments += struct.pack(">HH", 0xFFE0, len(jfif) + 2) + jfif
    for marker, start, block in (
        (0xE1, b"Exif\0\0", blocks.exif),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0", blocks.xmp),
        (0xED, PHOTOSHOP_START, blocks.iptc_resource + blocks.resources),
    ):
        size = len(start) + len(block)
        if block and size <= _SEGMENT:
            segments += struct.pack(">BBH", 0xFF, marker, size + 2) + start + block
    return segments


def _png(blocks: Blocks) -> bytes:
    chunks = list(blocks.texts)
    if blocks.exif:
        chunks.append((b"eXIf", blocks.exif))
    if blocks.xmp:
        chunks.append((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + blocks.xmp))
    if photoshop := blocks.iptc_resource + blocks.resources:
        # As ImageMagick writes it, and others read it.
        digits = photoshop.hex()
        lines = "\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
        text = f"\niptc\n{len(photoshop):8}\n{lines}\n".encode()
        chunks.append((b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(text)))
    return b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def _webp(data: bytes, blocks: Blocks) -> bytes:
    chunks, at = [], 12
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        chunks.append((kind, data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    if not blocks.exif and not blocks.xmp:
        return data
    if chunks[0][0] != b"VP8X":
        chunks.insert(0, (b"VP8X", _webp_header(*chunks[0])))
    flags = chunks[0][1][0] | (8 if blocks.exif else 0) | (4 if blocks.xmp else 0)
    chunks[0] = b"VP8X", bytes([flags]) + chunks[0][1][1:]
    chunks += [(b"EXIF", blocks.exif)] if blocks.exif else []
    chunks += [(b"XMP ", blocks.xmp)] if blocks.xmp else []
    body = b"".join(
        kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
        for kind, content in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _webp_header(kind: bytes, content: bytes) -> bytes:
    """The extended header of a file that has none, by its only chunk."""
    if kind == b"VP8L":
        bits = int.from_bytes(content[1:5], "little")
        width, height, alpha = bits & 0x3FFF, bits >> 14 & 0x3FFF, bits >> 28 & 1
    else:
        width, height = (int.from_bytes(content[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        width, height, alpha = width - 1, height - 1, 0
    size = width.to_bytes(3, "little") + height.to_bytes(3, "little")
    return bytes([16 * alpha, 0, 0, 0]) + size


def add_to_tiff(file: IO[bytes], blocks: Blocks) -> None:
    """Puts the blocks into a TIFF file that was just written: behind the picture."""
    others = {
        tag: Field(kind, len(block), block)
        for tag, kind, block in (
            (tiff.XMP, 1, blocks.xmp),
            (tiff.IPTC, 1, blocks.iptc),
            (tiff.PHOTOSHOP, 1, blocks.resources),
        )
        if block
    }
    if blocks.exif or others:
        exif.add_to_tiff(file, blocks.exif, others)


def _avif(data: bytes, blocks: Blocks) -> bytes:
    """Puts the EXIF block behind the picture, where its item then points to (ISO 23008-12)."""
    if not blocks.exif:
        return data
    out = bytearray(data)
    start, end = _box(data, 0, len(data), b"meta")
    start += 4
    items, places = _box(data, start, end, b"iinf"), _box(data, start, end, b"iloc")
    number = _exif_item(data, *items)
    payload = bytes(4) + blocks.exif
    at, base = _extent(data, places[0], number)
    offset, size = struct.unpack(">II", data[at : at + 8])
    out[base + offset : base + offset + size] = bytes(size)
    struct.pack_into(">II", out, at, len(out) + 8 - base, len(payload))
    return bytes(out + struct.pack(">I4s", len(payload) + 8, b"mdat") + payload)


def _box(data: bytes, start: int, end: int, kind: bytes) -> tuple[int, int]:
    """The content of the first box of a kind: where it begins and ends."""
    while start + 8 <= end:
        size = int.from_bytes(data[start : start + 4])
        if data[start + 4 : start + 8] == kind:
            return start + 8, start + size
        start += max(size, 8)
    raise ValueError(f"no {kind!r} in a file that was just written")


def _exif_item(data: bytes, start: int, end: int) -> int:
    at = start + (6 if data[start] == 0 else 8)
    while at + 8 <= end:
        begin, stop = _box(data, at, end, b"infe")
        wide = 4 if data[begin] == 3 else 2
        if data[begin + 6 + wide : begin + 10 + wide] == b"Exif":
            return int.from_bytes(data[begin + 4 : begin + 4 + wide])
        at = stop
    raise ValueError("no EXIF in a file that was just written")


def _extent(data: bytes, start: int, number: int) -> tuple[int, int]:
    """Where offset and size of an item's extent stand, and what the offset is counted from."""
    version, sizes, base_size = data[start], data[start + 4], data[start + 5] >> 4
    assert sizes == 0x44
    wide = 4 if version == 2 else 2
    at = start + 6
    count = int.from_bytes(data[at : at + wide])
    at += wide
    for _ in range(count):
        item = int.from_bytes(data[at : at + wide])
        at += wide + (2 if version else 0) + 2
        base = int.from_bytes(data[at : at + base_size])
        at += base_size
        extents = int.from_bytes(data[at : at + 2])
        at += 2
        if item == number:
            return at, base
        at += 8 * extents
    raise ValueError("no place of EXIF in a file that was just written")
