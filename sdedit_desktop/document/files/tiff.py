"""Reads the directories of TIFF files and of EXIF blocks, which have the same structure.

TIFF 6.0 (Adobe 1992), its supplements, BigTIFF and Exif 2.32. Only fields that describe a
picture are read; the decoders read its samples.
"""

import struct
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

Read: TypeAlias = Callable[[int, int], bytes]
"""Reads so many bytes from an offset; fewer at the end."""

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
SUBFILE, OLD_SUBFILE, MAKE, ORIENTATION, SAMPLES, PLANAR = 254, 255, 271, 274, 277, 284
TILE_WIDTH, SUB_DIRECTORIES, SAMPLE_FORMAT, DNG_VERSION = 322, 330, 339, 50706
ICC_LAB = 9
"""The photometric interpretation of Lab as in ICC profiles; that of CIE Lab is 8."""
XMP, IPTC, PHOTOSHOP, ICC, EXIF, GPS, INTEROPERABILITY = (
    *(700, 33723, 34377, 34675, 34665, 34853),
    40965,
)

SIZES = dict(zip(range(1, 14), (1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4), strict=True)) | {
    16: 8,
    17: 8,
    18: 8,
}
"""Bytes of one value of each type."""

_WHOLE = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_MOST_ENTRIES, _MOST_PAGES, _MOST_BYTES = 4096, 256, 64 << 20


class NotTiffError(Exception):
    """Raised where the bytes are no TIFF structure, or a damaged one."""


class Entry(NamedTuple):
    """A field of a directory.

    Attributes:
        kind: Its type, a key of ``SIZES``.
        length: How many values it has.
        where: Offset of the first value; inside the field itself if the values fit there.
        field: Offset of the twelve (in BigTIFF twenty) bytes that describe it.
    """

    kind: int
    length: int
    where: int
    field: int

    @property
    def size(self) -> int:
        """Bytes of all values."""
        return SIZES.get(self.kind, 1) * self.length


class Directory(NamedTuple):
    """One image file directory.

    Attributes:
        offset: Where it begins.
        entries: Its fields by tag.
        following: Offset of the next directory; 0 if it is the last.
        link: Position of that offset in the file.
    """

    offset: int
    entries: Mapping[int, Entry]
    following: int
    link: int


class Tiff:
    """A TIFF structure that is read field by field."""

    def __init__(self, read: Read) -> None:
        """Reads the header.

        Raises:
            NotTiffError: It is none.
        """
        self._read = read
        head = read(0, 16)
        self.order = {b"II": "<", b"MM": ">"}.get(head[:2], "")
        if not self.order or len(head) < 8:
            raise NotTiffError
        (version,) = struct.unpack(self.order + "H", head[2:4])
        self.is_big = version == 43
        if version not in (42, 43) or (self.is_big and len(head) < 16):
            raise NotTiffError
        self.first: int
        if self.is_big:
            (self.first,) = struct.unpack(self.order + "Q", head[8:16])
        else:
            (self.first,) = struct.unpack(self.order + "I", head[4:8])

    def directory(self, offset: int) -> Directory:
        """The directory at an offset; fields of unknown types are left out."""
        number, count_size, size, wide = ("Q", 8, 20, 8) if self.is_big else ("H", 2, 12, 4)
        (count,) = self._unpacked(number, offset, count_size)
        if not 0 < count <= _MOST_ENTRIES:
            raise NotTiffError
        entries = {}
        for index in range(count):
            field = offset + count_size + index * size
            tag, kind, values = self._unpacked("HHQ" if self.is_big else "HHI", field, size - wide)
            where = field + size - wide
            if kind in SIZES and SIZES[kind] * values > wide:
                (where,) = self._unpacked("Q" if self.is_big else "I", where, wide)
            if kind in SIZES:
                entries[tag] = Entry(kind, values, where, field)
        link = offset + count_size + count * size
        try:
            (following,) = self._unpacked("Q" if self.is_big else "I", link, wide)
        except NotTiffError:  # some programs omit the last link
            following = 0
        return Directory(offset, entries, following, link)

    def pages(self) -> list[Directory]:
        """Reads all directories of the main chain."""
        found: list[Directory] = []
        seen, offset = set[int](), self.first
        while offset and offset not in seen and len(found) < _MOST_PAGES:
            seen.add(offset)
            found.append(self.directory(offset))
            offset = found[-1].following
        return found

    def children(self, page: Directory) -> list[Directory]:
        """The directories that a page's SubIFDs name."""
        return [self.directory(offset) for offset in self.numbers(page, SUB_DIRECTORIES)]

    def child(self, page: Directory, tag: int) -> Directory | None:
        """The directory that a field such as EXIF points to; ``None`` if there is none."""
        offsets = self.numbers(page, tag)
        return self.directory(offsets[0]) if offsets else None

    def numbers(self, page: Directory, tag: int) -> tuple[int, ...]:
        """The whole numbers of a field; none if it is missing or holds something else."""
        entry = page.entries.get(tag)
        if entry is None or entry.kind not in _WHOLE or entry.length > _MOST_ENTRIES:
            return ()
        found: tuple[int, ...] = self._unpacked(
            f"{entry.length}{_WHOLE[entry.kind]}", entry.where, entry.size
        )
        return found

    def number(self, page: Directory, tag: int, otherwise: int) -> int:
        """The first whole number of a field."""
        return next(iter(self.numbers(page, tag)), otherwise)

    def data(self, page: Directory, tag: int) -> bytes:
        """The bytes of a field as they are; empty if it is missing, cut or enormous."""
        entry = page.entries.get(tag)
        if entry is None or entry.size > _MOST_BYTES:
            return b""
        found = self._read(entry.where, entry.size)
        return found if len(found) == entry.size else b""

    def _unpacked(self, form: str, offset: int, size: int) -> tuple[int, ...]:
        data = self._read(offset, size)
        if len(data) < size:
            raise NotTiffError
        return struct.unpack(self.order + form, data)


def read_bytes(data: bytes | bytearray) -> Read:
    """Reads a structure from bytes in memory."""
    return lambda offset, size: bytes(data[offset : offset + size])
