"""TIFF files written field by field: previews, sample formats, and what no library here writes."""

import struct
from typing import NamedTuple

import numpy as np

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7
_FORMS = {SHORT: "H", LONG: "I"}
_KINDS = {"u": 1, "i": 2, "f": 3, "c": 6}


class Field(NamedTuple):
    """``value`` is bytes, or whole numbers in the type ``kind``."""

    tag: int
    kind: int
    value: object


def picture_fields(pixels, photometric=2, **tags):
    """The fields of an uncompressed picture (height, width, channels), one strip.

    Args:
        pixels: The samples.
        photometric: 1 is grey, 2 RGB, 8 Lab.
        tags: Further or other fields, such as ``t254=(LONG, [1])``.
    """
    height, width, channels = pixels.shape
    fields = {
        256: (LONG, [width]),
        257: (LONG, [height]),
        258: (SHORT, [8 * pixels.dtype.itemsize] * channels),
        259: (SHORT, [1]),
        262: (SHORT, [photometric]),
        273: pixels.astype(pixels.dtype.newbyteorder("<")).tobytes(),
        277: (SHORT, [channels]),
        278: (LONG, [height]),
        279: (LONG, [pixels.nbytes]),
        339: (SHORT, [_KINDS[pixels.dtype.kind]] * channels),
    }
    if channels in (2, 4):
        fields[338] = (SHORT, [2])
    fields |= {int(name[1:]): value for name, value in tags.items()}
    return fields


def tiff(*pages, sub=()):
    """The bytes of a file with these pages, ``picture_fields``, and SubIFDs of the first."""
    out = bytearray(struct.pack("<2sHI", b"II", 42, 0))
    links = [4]
    subs = [_directory(out, dict(page))[0] for page in sub]
    for index, page in enumerate(pages):
        fields = dict(page)
        if index == 0 and subs:
            fields[330] = (LONG, subs)
        offset, link = _directory(out, fields)
        struct.pack_into("<I", out, links[-1], offset)
        links.append(link)
    return bytes(out)


def _directory(out, fields):
    """Writes a directory and its values; returns where it is, and where its link to the next is."""
    entries = []
    for tag, value in sorted(fields.items()):
        if isinstance(value, bytes):  # strips, or another directory's fields would be numbers
            entries.append((tag, LONG, 1, struct.pack("<I", _put(out, value))))
            continue
        if isinstance(value, dict):
            entries.append((tag, LONG, 1, struct.pack("<I", _directory(out, value)[0])))
            continue
        kind, content = value
        if isinstance(content, bytes):
            count = len(content) // (8 if kind == RATIONAL else 1)
        else:
            count = len(content)
            content = struct.pack(f"<{count}{_FORMS[kind]}", *content)
        if len(content) > 4:
            content = struct.pack("<I", _put(out, content))
        entries.append((tag, kind, count, content.ljust(4, b"\0")))
    offset = _put(out, struct.pack("<H", len(entries)))
    for tag, kind, count, content in entries:
        out += struct.pack("<HHI4s", tag, kind, count, content)
    link = len(out)
    out += bytes(4)
    return offset, link


def _put(out, data):
    if len(out) % 2:
        out += b"\0"
    offset = len(out)
    out += data
    return offset


def gradient(height=40, width=60, channels=3):
    """Values in [0, 1], float64."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [x / (width - 1), y / (height - 1), (x + y) / (height + width - 2), 1 - x / width]
    return np.stack(planes[:channels], axis=2)
