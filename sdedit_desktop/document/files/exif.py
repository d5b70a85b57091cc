"""Edits EXIF blocks in place; what is not edited keeps its bytes and its offset.

Maker notes contain offsets in unknown formats, so blocks are never rewritten: orientation, size and
thumbnail are changed where they are (Exif 2.32, CIPA DC-008).
"""

import re
import struct
from collections.abc import Mapping
from typing import IO, NamedTuple

import numpy as np

from sdedit_desktop.document.files import tiff
from sdedit_desktop.document.files.tiff import Directory, Entry, NotTiffError, Tiff

_START = b"Exif\0\0"
_MAKER_NOTE = 37500
_INDEX = 1
_PRIVATE = {42016, 42032, 42033, 42037, 50735, _MAKER_NOTE}
"""Unique image id, owner, serial numbers of body and lens; maker notes have them too."""

_ELSEWHERE = {tiff.XMP, tiff.IPTC, tiff.PHOTOSHOP, tiff.ICC, tiff.SUB_DIRECTORIES}
_STRUCTURE = _ELSEWHERE | {
    *range(254, 267),
    *(273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 288, 289, 290, 291, 292, 293, 296, 301),
    *(317, 320, 322, 323, 324, 325, 338, 339, 340, 341, 342, 347, 529, 530, 531, 532),
    *(tiff.EXIF, tiff.GPS),
}
"""Tags that describe how a TIFF file stores its pixels, and pointers."""

_RESOLUTION = {282, 283, 296}
_JPEG = re.compile(rb"\xff\xd8\xff[\xc0-\xfe].+?\xff\xd9", re.DOTALL)
_ITEM = {3: 2, 4: 4, 5: 4, 8: 2, 9: 4, 10: 4, 11: 4, 12: 8, 13: 4}
"""Bytes that are swapped together in each type."""


class Field(NamedTuple):
    """A field with its values' bytes."""

    kind: int
    length: int
    data: bytes


Fields = Mapping[int, Field]


def bare(block: bytes) -> bytes:
    """Removes the marker ``Exif`` of blocks from JPEG files; returns the TIFF structure."""
    return block.removeprefix(_START)


def cleaned(block: bytes, size: tuple[int, int], *, private: bool = False) -> bytes:
    """Returns a block that is true of the edited picture, without the marker.

    Args:
        block: As found in the file; the picture has been turned upright.
        size: Width and height of the picture.
        private: Whether to leave out place, serial numbers and maker notes.

    Returns:
        The block without thumbnail and previews, which show the original picture; empty if it is
        damaged.
    """
    data = bytearray(bare(block))
    try:
        reader = Tiff(tiff.read_bytes(data))
        main = reader.directory(reader.first)
        _drop_thumbnails(data, reader, main)
        _set(data, reader, main, {tiff.ORIENTATION: 1, tiff.WIDTH: size[0], tiff.HEIGHT: size[1]})
        child = reader.child(main, tiff.EXIF)
        if child is not None:
            _set(data, reader, child, {40962: size[0], 40963: size[1]})
            note = child.entries.get(_MAKER_NOTE)
            if note is not None:
                _blank_previews(data, note)
            if private:
                _remove(data, reader, child, _PRIVATE)
        place = reader.child(main, tiff.GPS)
        if private and place is not None:
            _remove(data, reader, place, set(place.entries))
        gone = _ELSEWHERE | ({tiff.GPS} | _PRIVATE if private else set())
        _remove(data, reader, reader.directory(reader.first), gone)
    except (NotTiffError, struct.error):
        return b""
    return bytes(data)


def from_tiff(reader: Tiff, page: Directory) -> bytes:
    """Makes an EXIF block of camera, exposure, date and place in a TIFF file; may be empty."""
    try:
        main = _fields(reader, page, _STRUCTURE - _RESOLUTION)
        child, place = reader.child(page, tiff.EXIF), reader.child(page, tiff.GPS)
        inner = None if child is None else reader.child(child, tiff.INTEROPERABILITY)
        nested: dict[int, Fields] = {}
        if child is not None:
            nested[tiff.EXIF] = _fields(reader, child, {tiff.INTEROPERABILITY})
        if place is not None:
            nested[tiff.GPS] = _fields(reader, place, set())
        deepest = {} if inner is None else _fields(reader, inner, set())
    except NotTiffError:
        return b""
    if not main and not nested:
        return b""
    mark = b"II" if reader.order == "<" else b"MM"
    out = bytearray(mark + struct.pack(reader.order + "HI", 42, 0))
    pointers: dict[int, Field] = {}
    for tag, fields in nested.items():
        if tag == tiff.EXIF and deepest:
            where = write_directory(out, reader.order, deepest)
            fields = {**fields, tiff.INTEROPERABILITY: _pointer(reader.order, where)}
        pointers[tag] = _pointer(reader.order, write_directory(out, reader.order, fields))
    first = write_directory(out, reader.order, {**main, **pointers})
    struct.pack_into(reader.order + "I", out, 4, first)
    return bytes(out)


def add_to_tiff(target: IO[bytes], block: bytes, others: Fields) -> None:
    """Adds the fields of an EXIF block, and further ones, to the first directory of a TIFF file."""

    def read(offset: int, size: int) -> bytes:
        target.seek(offset)
        return target.read(size)

    file = Tiff(read)
    end = target.seek(0, 2)
    out = bytearray()
    main = file.directory(file.first)
    fields = dict(_fields(file, main, set()))
    if block:
        reader = Tiff(tiff.read_bytes(block))
        page = reader.directory(reader.first)
        swap = reader.order != file.order
        fields = _swapped(_fields(reader, page, _STRUCTURE), swap) | fields
        for tag in (tiff.EXIF, tiff.GPS):
            child = reader.child(page, tag)
            if child is None:
                continue
            inner = _swapped(_fields(reader, child, {tiff.INTEROPERABILITY}), swap)
            deeper = reader.child(child, tiff.INTEROPERABILITY) if tag == tiff.EXIF else None
            if deeper is not None:
                deepest = _swapped(_fields(reader, deeper, set()), swap)
                where = write_directory(out, file.order, deepest, start=end)
                inner[tiff.INTEROPERABILITY] = _pointer(file.order, where)
            where = write_directory(out, file.order, inner, start=end)
            fields[tag] = _pointer(file.order, where)
    first = write_directory(out, file.order, {**fields, **others}, main.following, start=end)
    target.seek(end)
    target.write(out)
    target.seek(4)
    target.write(struct.pack(file.order + "I", first))


def write_directory(
    out: bytearray, order: str, fields: Fields, following: int = 0, start: int = 0
) -> int:
    """Appends a directory and its values to a TIFF structure that begins at ``start`` of a file.

    Returns:
        Its offset.
    """
    entries = []
    for tag, field in sorted(fields.items()):
        value = field.data
        if len(value) > 4:
            out += bytes((start + len(out)) % 2)
            value = struct.pack(order + "I", start + len(out))
            out += field.data
        entries.append(struct.pack(order + "HHI", tag, field.kind, field.length))
        entries.append(value.ljust(4, b"\0"))
    out += bytes((start + len(out)) % 2)
    offset = start + len(out)
    out += struct.pack(order + "H", len(fields)) + b"".join(entries)
    out += struct.pack(order + "I", following)
    return offset


def is_adobe_rgb(block: bytes) -> bool:
    """Whether the interoperability index says Adobe RGB (R03; DCF 2.0, CIPA DC-009)."""
    try:
        reader = Tiff(tiff.read_bytes(bare(block)))
        child = reader.child(reader.directory(reader.first), tiff.EXIF)
        inner = None if child is None else reader.child(child, tiff.INTEROPERABILITY)
        return inner is not None and reader.data(inner, _INDEX).startswith(b"R03")
    except NotTiffError:
        return False


def has_place(block: bytes) -> bool:
    """Whether a block contains a position."""
    try:
        reader = Tiff(tiff.read_bytes(bare(block)))
        return tiff.GPS in reader.directory(reader.first).entries
    except NotTiffError:
        return False


def _fields(reader: Tiff, page: Directory, without: set[int]) -> dict[int, Field]:
    found = {}
    for tag, entry in page.entries.items():
        data = reader.data(page, tag)
        if tag not in without and entry.kind <= 13 and len(data) == entry.size and data:
            found[tag] = Field(entry.kind, entry.length, data)
    return found


def _swapped(fields: Fields, swap: bool) -> dict[int, Field]:
    """Converts fields to the other byte order."""
    if not swap:
        return dict(fields)
    return {
        tag: field._replace(
            data=np.frombuffer(field.data, f"u{_ITEM[field.kind]}").byteswap().tobytes()
        )
        if field.kind in _ITEM
        else field
        for tag, field in fields.items()
    }


def _pointer(order: str, offset: int) -> Field:
    return Field(4, 1, struct.pack(order + "I", offset))


def _set(data: bytearray, reader: Tiff, page: Directory, values: Mapping[int, int]) -> None:
    """Overwrites the values of integer fields that exist."""
    for tag, value in values.items():
        entry = page.entries.get(tag)
        if entry is not None and entry.length == 1 and entry.kind in (3, 4):
            form = "H" if entry.kind == 3 else "I"
            most = 65535 if entry.kind == 3 else 2**32 - 1
            struct.pack_into(reader.order + form, data, entry.where, min(value, most))


def _drop_thumbnails(data: bytearray, reader: Tiff, main: Directory) -> None:
    """Blanks the directories after the first, and the pictures in them."""
    pages = reader.pages()[1:]
    for page in pages:
        for starts, sizes in ((513, 514), (273, 279), (324, 325)):
            strips = zip(reader.numbers(page, starts), reader.numbers(page, sizes), strict=False)
            for start, size in strips:
                _blank(data, start, size)
    for page in pages:
        for entry in page.entries.values():
            if entry.size > 4:
                _blank(data, entry.where, entry.size)
    for page in pages:
        _blank(data, page.offset, page.link + 4 - page.offset)
    struct.pack_into(reader.order + "I", data, main.link, 0)
    used = len(data.rstrip(b"\0"))
    del data[max(used + 64, main.link + 4) :]  # values may be padded with zeros


def _blank(data: bytearray, start: int, size: int) -> None:
    stop = min(start + size, len(data))
    if 8 <= start < stop:
        data[start:stop] = bytes(stop - start)


def _blank_previews(data: bytearray, note: Entry) -> None:
    """Blanks JPEG previews inside maker notes, which show the original picture."""
    inside = bytes(data[note.where : note.where + note.size])
    for found in _JPEG.finditer(inside):
        _blank(data, note.where + found.start(), found.end() - found.start())


def _remove(data: bytearray, reader: Tiff, page: Directory, tags: set[int]) -> None:
    """Removes fields from a directory, and blanks their values."""
    kept = bytearray()
    for tag, entry in page.entries.items():
        if tag in tags:
            if entry.size > 4:
                _blank(data, entry.where, entry.size)
        else:
            kept += data[entry.field : entry.field + 12]
    following = data[page.link : page.link + 4]
    size = page.link + 4 - page.offset
    new = struct.pack(reader.order + "H", len(kept) // 12) + kept + following
    data[page.offset : page.offset + size] = new.ljust(size, b"\0")
