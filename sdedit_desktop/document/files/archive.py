"""Reads untrusted zip archives within one memory budget for everything that is unpacked.

The budget depends on the size of the file: deflate compresses at most 1032 to 1, so a picture that
was compressed once always fits, and one that was compressed twice or is used a hundred times does
not. The sum is known before the first pixel is decoded.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.files import open_regular
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

UNPACKED_BYTES, UNPACKED_RATIO = 64 << 20, 20
"""Most that all entries may hold: so much, and so many times the file's size."""
DECODED_BYTES, DECODED_RATIO = 96 << 20, 1040
"""The same for the pixels of all pictures, a picture counted as often as it is used."""
OUTSIDE_BYTES, OUTSIDE_RATIO = 96 << 20, 16
"""The same for pixels outside the document, which may also be as many as those inside it."""

_DIRECTORY_BYTES = 1 << 20
_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"iCCP", b"gAMA", b"cHRM", b"sRGB", b"sBIT"}
_PROFILE_BYTES = 16 << 20
_SAMPLES = {2: 3, 6: 4}
"""Samples of a pixel by PNG's colour type, where they are stored as they are decoded."""

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""Exceptions that ``zipfile`` raises for damaged archives."""


class Picture(NamedTuple):
    """The header of a PNG whose pixels are not decoded yet."""

    entry: str
    width: int
    height: int
    depth: int
    color_type: int

    def size_bytes(self, channels: int) -> int:
        """Memory of its pixels, 4 channels or 1."""
        samples = _SAMPLES.get(self.color_type, channels) if channels > 1 else 1
        return self.width * self.height * samples * (self.depth // 8)


class Archive:
    """A zip archive that is open for reading."""

    def __init__(self, path: Path) -> None:
        """Opens it.

        Raises:
            OSError: The file is missing, no regular file, or cannot be read.
            zipfile.BadZipFile: It is no archive, or its list of entries is too long.
        """
        self._name = path.name
        self._file = _BoundedFile(open_regular(path))
        try:
            self.size_bytes = os.fstat(self._file.fileno()).st_size
            self._zip = zipfile.ZipFile(self._file)
        except BaseException:
            self._file.close()
            raise
        self._file.limit_bytes = None
        self._pictures: dict[str, Picture] = {}
        self._unpacked_bytes = 0
        self._decoded_bytes = 0
        self._inside_bytes = 0
        self._outside_bytes = 0

    def close(self) -> None:
        """Closes the file."""
        self._zip.close()
        self._file.close()

    def __contains__(self, entry: str) -> bool:
        return entry in self._zip.NameToInfo

    def read(self, entry: str, limit_bytes: int) -> bytes:
        """Reads an entry whole.

        Raises:
            FileFormatError: It is missing, damaged or larger than the limit or the budget.
        """
        try:
            info = self._info(entry)
            if info.file_size > limit_bytes:
                raise self._bad(Text("its entry {0} is too large", entry))
            self._unpacked_bytes += info.file_size
            if self._unpacked_bytes > UNPACKED_BYTES + UNPACKED_RATIO * self.size_bytes:
                raise self._too_much()
            return self._zip.read(info)
        except BROKEN as error:
            raise self._bad(Text("its entry {0} is damaged", entry)) from error

    def picture(self, source: str) -> Picture:
        """Reads the header of a PNG in the archive; only its first bytes are read.

        Args:
            source: The name as the list of layers has it: some programs begin it with a slash.

        Raises:
            FileFormatError: It is missing, damaged, no PNG or lies outside the archive.
        """
        parts = source.replace("\\", "/").lstrip("/").split("/")
        if ".." in parts or ":" in parts[0]:
            raise self._bad(Text('it refers to "{0}", outside of itself', source))
        entry = source if source in self else source.lstrip("/")
        if entry not in self._pictures:
            self._pictures[entry] = self._header(entry)
        return self._pictures[entry]

    def plan(self, picture: Picture, rect: Rect, frame: Rect, channels: int = 4) -> None:
        """Counts a picture that is going to be decoded towards the budget.

        Args:
            picture: What to decode.
            rect: Where it will lie.
            frame: The document's rectangle.
            channels: 4 for a layer, 1 for a mask.

        Raises:
            FileFormatError: That is more than the budget.
        """
        size, inside = picture.size_bytes(channels), rect & frame
        area = max(1, rect.width * rect.height)
        share = size * (inside.width * inside.height) // area
        info = self._info(picture.entry)
        self._unpacked_bytes += info.file_size
        self._decoded_bytes += size
        self._inside_bytes += share
        self._outside_bytes += size - share
        if (
            self._unpacked_bytes > UNPACKED_BYTES + UNPACKED_RATIO * self.size_bytes
            or self._decoded_bytes > DECODED_BYTES + DECODED_RATIO * self.size_bytes
        ):
            raise self._too_much()

    def check_plan(self) -> None:
        """Checks the plan; raises ``FileFormatError`` if too much lies outside the document."""
        allowed = OUTSIDE_BYTES + OUTSIDE_RATIO * self.size_bytes + self._inside_bytes
        if self._outside_bytes > allowed:
            raise self._bad(Text("too much of it lies outside the picture"))

    def planned(self, picture: Picture) -> bytes:
        """Reads the bytes of a picture that was planned.

        Raises:
            FileFormatError: It is damaged.
        """
        try:
            return _pixels_only(self._zip.read(self._info(picture.entry)))
        except BROKEN as error:
            raise self._bad(Text("its entry {0} is damaged", picture.entry)) from error

    def _header(self, entry: str) -> Picture:
        try:
            with self._zip.open(self._info(entry)) as file:
                head = file.read(26)
        except BROKEN as error:
            raise self._bad(Text("its entry {0} is damaged", entry)) from error
        if head[:8] != _PNG or head[12:16] != b"IHDR" or len(head) < 26:
            raise self._bad(Text("its entry {0} is no PNG picture", entry))
        width, height, bits, color_type = struct.unpack(">IIBB", head[16:26])
        return Picture(entry, width, height, 16 if bits == 16 else 8, color_type)

    def _info(self, entry: str) -> zipfile.ZipInfo:
        try:
            info = self._zip.getinfo(entry)
        except KeyError as error:
            raise self._bad(Text("its entry {0} is missing", entry)) from error
        # Only deflate can be stopped at the size that the archive states.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self._bad(Text("its entry {0} is packed in a way that is not known", entry))
        return info

    def _too_much(self) -> FileFormatError:
        return self._bad(Text("it would unpack to far more than its size allows"))

    def _bad(self, reason: Text) -> FileFormatError:
        return FileFormatError("{0} cannot be opened: {1}.", self._name, reason)


def _pixels_only(png: bytes) -> bytes:
    """Removes texts and other chunks of a PNG that would be unpacked with its pixels.

    Raises:
        ValueError: It is no PNG, or its profile unpacks to more than profiles have.
    """
    kept, position = [png[:8]], 8
    while position + 12 <= len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        end = position + 12 + length
        if kind == b"iCCP":
            _check_profile(png[position + 8 : end - 4])
        if kind in _CHUNKS:
            kept.append(png[position:end])
        position = end
    return b"".join(kept)


def _check_profile(chunk: bytes) -> None:
    name, _, packed = chunk.partition(b"\0")
    unpacker = zlib.decompressobj()
    unpacker.decompress(packed[1:], _PROFILE_BYTES)
    if unpacker.unconsumed_tail:
        raise ValueError(f"the profile {name!r} is too large")


class _BoundedFile(io.BufferedReader):
    """A file that refuses reads larger than a limit, while one is set.

    ``zipfile`` reads the whole list of entries at once, and makes an object of each.
    """

    limit_bytes: int | None = _DIRECTORY_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        """Reads as ``io.BufferedReader`` does; ``zipfile.BadZipFile`` beyond the limit."""
        if self.limit_bytes is None:
            return super().read(size)
        data = super().read(self.limit_bytes + 1 if size is None or size < 0 else size)
        if len(data) > self.limit_bytes:
            raise zipfile.BadZipFile("the list of entries is too long")
        return data
