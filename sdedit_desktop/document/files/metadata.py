"""Metadata of photographs, and what of it is exported.

Blocks are kept unchanged, but without thumbnails and previews, which show the unedited picture.
"""

import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Set
from enum import Enum
from typing import BinaryIO, NamedTuple

from sdedit_desktop.document.files import exif, tiff
from sdedit_desktop.document.files.tiff import Directory, Tiff
from sdedit_desktop.texts import Text

PHOTOSHOP_START = b"Photoshop 3.0\0"
_IIM, _DIGEST = 1028, 1061
_DROPPED = {1033, 1036, 1058, 1060}
"""Photoshop's thumbnails, and copies of EXIF and XMP, which may hold thumbnails."""

_PLACES = {26, 27, 90, 92, 95, 100, 101}
"""IPTC's locations, cities, provinces and countries (IIM 4.2, record 2)."""

_PRIVATE_XMP = (
    rb"exif:GPS\w+|aux:(?:Lens)?SerialNumber|aux:OwnerName|aux:ImageNumber|exifEX:\w*SerialNumber|"
    rb"exifEX:CameraOwnerName|exif:ImageUniqueID|exif:MakerNote|photoshop:(?:City|State|Country)|"
    rb"Iptc4xmpCore:(?:Location|CountryCode)|Iptc4xmpExt:Location(?:Created|Shown)"
)
_PICTURES_XMP = rb"\w+:Thumbnails|xmpGImg:image|GImage:Data|GDepth:Data"

_PNG_START = b"\x89PNG\r\n\x1a\n"
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_NOT_TEXT = (b"XML:com.adobe.xmp", b"Raw profile type ")
_RAW_IPTC = b"Raw profile type iptc\0\0"
_MOST_TEXT = 16 << 20


class Keeps(Enum):
    """Which metadata is exported."""

    ALL = "all"
    NO_PRIVATE = "no-private"
    NONE = "none"


class Blocks(NamedTuple):
    """The blocks of a file; empty ones are not written.

    Attributes:
        exif: A TIFF structure.
        xmp: An XMP packet.
        iptc: IPTC's data sets (IIM 4).
        resources: Photoshop's resources other than IPTC.
        texts: The chunks of a PNG file: kind and data.
        dpi: The resolution; 0 if it is not known.
    """

    exif: bytes = b""
    xmp: bytes = b""
    iptc: bytes = b""
    resources: bytes = b""
    texts: tuple[tuple[bytes, bytes], ...] = ()
    dpi: float = 0

    @property
    def iptc_resource(self) -> bytes:
        """IPTC's data sets as a resource of Photoshop."""
        return _resource(_IIM, self.iptc) if self.iptc else b""

    def with_note(self, note: str, suffix: str) -> "Blocks":
        """Adds a note on what made the picture, in ASCII: a text in PNG, else XMP."""
        if suffix != ".png":
            return self._replace(xmp=_noted(self.xmp, note))
        others = (each for each in self.texts if not each[1].startswith(b"sdedit\0"))
        return self._replace(texts=(*others, (b"tEXt", b"sdedit\0" + note.encode("ascii"))))


def chosen(metadata: Mapping[str, bytes], keeps: Keeps, size: tuple[int, int]) -> Blocks:
    """The part of a photo's metadata that is written with a picture of this size."""
    if keeps is Keeps.NONE:
        return Blocks()
    private = keeps is Keeps.NO_PRIVATE
    found = exif.cleaned(metadata["exif"], size, private=private) if "exif" in metadata else b""
    resources = dict(_resources(metadata))
    iim = resources.pop(_IIM, b"")
    if private:
        iim = b"".join(whole for number, whole in _data_sets(iim) if number not in _PLACES)
        resources.pop(_DIGEST, None)
    return Blocks(
        found,
        _xmp(metadata.get("xmp", b""), private=private),
        iim,
        b"".join(_resource(number, data) for number, data in resources.items()),
        tuple(chunks_of(metadata.get("png", b""))),
        _number(metadata.get("dpi", b"")),
    )


def _number(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:
        return 0


def described(metadata: Mapping[str, bytes], keeps: Keeps, suffix: str) -> list[Text]:
    """Which metadata a format keeps, in words."""
    blocks = chosen(metadata, keeps, (1, 1))
    found = []
    if blocks.exif:
        found.append(Text("camera and exposure"))
        if exif.has_place(blocks.exif):
            found.append(Text("place"))
    if blocks.xmp:
        found.append(Text("XMP"))
    if blocks.iptc and suffix not in (".webp", ".avif"):
        found.append(Text("IPTC"))
    if blocks.texts and suffix == ".png":
        found.append(Text("texts of PNG"))
    return found


def of_tiff(reader: Tiff, page: Directory) -> dict[str, bytes]:
    """The blocks of a TIFF file's directory."""
    iim = reader.data(page, tiff.IPTC)
    entry = page.entries.get(tiff.IPTC)
    if entry is not None and entry.kind == 4 and not iim.startswith(b"\x1c"):
        # Written as numbers on a machine of the other byte order.
        iim = struct.pack(f">{entry.length}I", *struct.unpack(f"<{entry.length}I", iim))
    found = {
        "exif": exif.from_tiff(reader, page),
        "xmp": reader.data(page, tiff.XMP),
        "iptc": b"".join(whole for _, whole in _data_sets(iim)),
        "photoshop": reader.data(page, tiff.PHOTOSHOP),
    }
    return {name: data for name, data in found.items() if data}


def of_png(file: BinaryIO) -> dict[str, bytes]:
    """The texts of a PNG file as ``png``, its chunks; and IPTC as others write it."""
    texts, total = [], 0
    found = {}
    for kind, data in png_chunks(file, set(_TEXTS)):
        if data.startswith(_RAW_IPTC):
            found["photoshop"] = _raw_profile(data[len(_RAW_IPTC) :])
        elif not data.startswith(_NOT_TEXT) and total + len(data) <= _MOST_TEXT:
            total += len(data)
            texts.append(struct.pack(">I4s", len(data), kind) + data)
    if texts:
        found["png"] = b"".join(texts)
    return {name: data for name, data in found.items() if data}


def png_chunks(
    file: BinaryIO, kinds: Set[bytes], *, before: bytes = b"IEND"
) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each chunk of these kinds; none if the file is no PNG.

    Args:
        file: Any file; it is left anywhere.
        kinds: Of chunks.
        before: The kind of chunk to stop at. Pixels, ``IDAT``, come in thousands of chunks.
    """
    file.seek(0)
    if file.read(8) != _PNG_START:
        return
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind in (before, b"IEND") or length > 2**31:
            return
        if kind in kinds and length <= _MOST_TEXT:
            data = file.read(length)
            if len(data) == length:
                yield kind, data
            file.seek(4, 1)
        else:
            file.seek(length + 4, 1)


def chunks_of(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each PNG chunk in what ``of_png`` found."""
    while len(data) >= 8:
        length, kind = struct.unpack(">I4s", data[:8])
        if kind in _TEXTS and len(data) >= 8 + length:
            yield kind, data[8 : 8 + length]
        data = data[8 + length :]


def _raw_profile(packed: bytes) -> bytes:
    """Unpacks a profile that ImageMagick wrote as hexadecimal text; empty if it is damaged."""
    try:
        text = zlib.decompressobj().decompress(packed, _MOST_TEXT)
        return bytes.fromhex(text.split(b"\n", 3)[3].decode("ascii"))
    except (zlib.error, ValueError, IndexError):
        return b""


def _resources(metadata: Mapping[str, bytes]) -> Iterator[tuple[int, bytes]]:
    """Photoshop's resources that are kept, IPTC among them, from either kind of file."""
    iptc = metadata.get("iptc", b"")
    for block in (metadata.get("photoshop", b""), iptc.removeprefix(PHOTOSHOP_START)):
        at = 0
        while block[at : at + 4] == b"8BIM" and len(block) >= at + 12:
            (number,) = struct.unpack(">H", block[at + 4 : at + 6])
            name = block[at + 6] + 1
            at += 6 + name + name % 2
            (size,) = struct.unpack(">I", block[at : at + 4].rjust(4, b"\0"))
            data = block[at + 4 : at + 4 + size]
            at += 4 + size + size % 2
            if number not in _DROPPED and len(data) == size:
                yield number, data
    if iptc.startswith(b"\x1c"):
        yield _IIM, iptc


def _resource(number: int, data: bytes) -> bytes:
    return b"8BIM" + struct.pack(">H2xI", number, len(data)) + data + bytes(len(data) % 2)


def _data_sets(iim: bytes) -> Iterator[tuple[int, bytes]]:
    """The number within its record, and all bytes, of each whole data set."""
    at = 0
    while iim[at : at + 1] == b"\x1c" and len(iim) >= at + 5:
        record, number, size = struct.unpack(">BBH", iim[at + 1 : at + 5])
        start = at + 5
        if size & 0x8000:  # the length of the length
            start += size & 0x7FFF
            size = int.from_bytes(iim[at + 5 : start])
        if start + size > len(iim):
            return
        yield (number if record == 2 else -1), iim[at : start + size]
        at = start + size


def _xmp(packet: bytes, *, private: bool) -> bytes:
    """The packet without pictures, and without place and serial numbers if it is private."""
    gone = _PICTURES_XMP + (b"|" + _PRIVATE_XMP if private else b"")
    packet = re.sub(rb"<(" + gone + rb")(?:\s[^>]*)?(?:/>|>.*?</\1>)", b"", packet, flags=re.DOTALL)
    return re.sub(rb"\s(?:" + gone + rb")=(?:\"[^\"]*\"|'[^']*')", b"", packet)


def _noted(xmp: bytes, note: str) -> bytes:
    """An XMP packet with the note in it, made from one that may exist."""
    escaped = note.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    description = (
        '<rdf:Description rdf:about="" xmlns:sdedit="urn:sdedit-desktop:1">'
        f"<sdedit:parameters>{escaped}</sdedit:parameters></rdf:Description>"
    ).encode()
    end = b"</rdf:RDF>"
    if xmp.count(end) == 1:
        return xmp.replace(end, description + end)
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        + description
        + end
        + b"</x:xmpmeta>"
    )
