"""Recognises picture files by their first bytes, and chooses a decoder or an error.

libvips decodes most formats. Others are decoded by Pillow if 8 bits suffice, or by the libraries of
the optional extra ``formats``; for the rest a sentence names the format.
"""

import re
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import BinaryIO, NamedTuple

from sdedit_desktop.document.files import metadata, tiff
from sdedit_desktop.document.files.tiff import Directory, NotTiffError, Tiff
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.texts import Text

_RAW_PHOTOMETRIC = {32803, 34892}
_LAB = {8, 9, 10}
_REDUCED, _PAGE_MASK = 1, 4

_COMPRESSIONS = {
    6: "old-style JPEG",
    32766: "NeXT RLE",
    32809: "ThunderScan",
    34661: "JBIG",
    34676: "SGI LogLuv",
    34677: "SGI LogLuv",
    34712: "JPEG 2000",
    33003: "JPEG 2000",
    33005: "JPEG 2000",
    34887: "LERC",
    34892: "lossy JPEG",
    34925: "LZMA",
    34926: "Zstandard",
    50000: "Zstandard",
    34927: "WebP",
    34933: "PNG",
    34934: "JPEG XR",
    22610: "JPEG XR",
    50002: "JPEG XL",
    52546: "JPEG XL",
}
_BY_VIPS = {1, 2, 3, 4, 5, 7, 8, 32773, 32946, 50001, 34927}
_BY_PILLOW = _BY_VIPS | {6, 34925, 34926, 50000}

_RAW_STARTS = {
    b"FUJIFILMCCD-RAW": "Fujifilm",
    b"IIRO": "Olympus",
    b"IIRS": "Olympus",
    b"MMOR": "Olympus",
    b"IIU\0": "Panasonic",
    b"FOVb": "Sigma",
    b"\0MRM": "Minolta",
}
_RAW_NAMES = re.compile(
    r"\.(3fr|arw|cr2|cr3|crw|dcr|dng|erf|fff|gpr|iiq|k25|kdc|mef|mos|mrw|nef|nrw|orf|pef|raf|raw|rw2|"
    r"rwl|sr2|srf|srw|x3f)$",
    re.IGNORECASE,
)
_BRANDS = {
    b"heic": "HEIC",
    b"heix": "HEIC",
    b"heim": "HEIC",
    b"heis": "HEIC",
    b"hevc": "HEIC",
    b"hevx": "HEIC",
    b"crx ": "CR3",
    b"jp2 ": "JPEG 2000",
    b"qt  ": "QuickTime",
    b"isom": "MP4",
    b"mp42": "MP4",
}
_STARTS = {
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"8BPS": "Photoshop",
    b"gimp xcf": "GIMP",
    b"%PDF": "PDF",
    b"v/1\x01": "OpenEXR",
    b"#?RADIANCE": "Radiance HDR",
    b"#?RGBE": "Radiance HDR",
    b"SIMPLE  =": "FITS",
    b"II\xbc": "JPEG XR",
    b"DDS ": "DDS",
    b"BM": "BMP",
    b"\0\0\1\0": "Windows icon",
}


class Plan(NamedTuple):
    """How a file is decoded.

    Attributes:
        decoder: "vips", "pillow", "tifffile" or "heif".
        options: For libvips: the page or SubIFD that has the picture.
        page: The main directory of a TIFF file, and what reads it; ``None`` of other files.
        pages: How many pictures of the main one's size a TIFF file has, or frames a PNG.
    """

    decoder: str = "vips"
    options: Mapping[str, int] = {}
    page: tuple[Tiff, Directory] | None = None
    pages: int = 1


def plan(file: BinaryIO, name: str) -> Plan:
    """Decides how a file is decoded; leaves it at its beginning.

    Raises:
        FileFormatError: It is known that it cannot be; the sentence says what it is.
    """
    try:
        head = file.read(32)
        _refuse_raw(head, name)
        if _brand(head) == "HEIC":
            _need("pillow_heif", name, Text("a HEIC picture"))
            return Plan("heif")
        if head[:2] in (b"II", b"MM"):
            try:
                return _plan_tiff(Tiff(_reader(file)), name)
            except NotTiffError:
                return Plan()
        animation = dict(metadata.png_chunks(file, {b"acTL"}, before=b"IDAT")).get(b"acTL", b"")
        return Plan(pages=int.from_bytes(animation[:4]) if animation else 1)
    finally:
        file.seek(0)


def unknown(file: BinaryIO, name: str) -> FileFormatError:
    """The error for a file that no decoder accepts."""
    file.seek(0)
    head = file.read(32)
    what = _brand(head) or next((v for start, v in _STARTS.items() if head.startswith(start)), "")
    if not what:
        return FileFormatError(
            "{0} is not a picture that can be opened; use PNG, JPEG, TIFF, WebP or AVIF.", name
        )
    return FileFormatError(
        "{0} is a {1} file, which cannot be opened; save it as PNG, JPEG, TIFF, WebP or AVIF.",
        name,
        what,
    )


def _refuse_raw(head: bytes, name: str) -> None:
    starts = any(head.startswith(start) for start in _RAW_STARTS)
    if starts or (head[8:10] == b"CR" and head[:2] in (b"II", b"MM")) or _brand(head) == "CR3":
        raise _raw(name)


def _raw(name: str) -> FileFormatError:
    return FileFormatError(
        "{0} is a raw file: develop it first, and open the TIFF that the raw converter writes.",
        name,
    )


def _brand(head: bytes) -> str:
    """The brand of an ISO media file; empty if it is none, or AVIF."""
    if head[4:8] != b"ftyp":
        return ""
    brands = [head[8:12], *(head[start : start + 4] for start in range(16, len(head), 4))]
    if b"avif" in brands or b"avis" in brands:
        return ""
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), "")


def _need(module: str, name: str, what: Text) -> None:
    """Raises ``FileFormatError`` if a library of the extra is missing."""
    if find_spec(module) is None:
        raise FileFormatError(
            "{0} is {1}, which cannot be read without the optional extra formats; save it as "
            "16-bit TIFF with Deflate or no compression, or as PNG or JPEG.",
            name,
            what,
        )


def _reader(file: BinaryIO) -> Callable[[int, int], bytes]:
    def read(offset: int, size: int) -> bytes:
        file.seek(offset)
        return file.read(size)

    return read


def _plan_tiff(found: Tiff, name: str) -> Plan:
    pages = found.pages()
    main = pages[0]
    trees = [(page, found.children(page)) for page in pages[:2]]
    everything = [each for page, children in trees for each in (page, *children)]
    if tiff.DNG_VERSION in main.entries or any(
        found.number(each, tiff.PHOTOMETRIC, 0) in _RAW_PHOTOMETRIC for each in everything
    ):
        raise _raw(name)
    if tiff.MAKE in main.entries and _RAW_NAMES.search(name):
        raise _raw(name)
    options, shown = _full_picture(found, pages)
    size = _size(found, shown)
    alike = sum(_is_full(found, page) and _size(found, page) == size for page in pages)
    decoder = _decoder(found, shown, name)
    if options and decoder == "pillow":
        decoder = "tifffile"
        _need("tifffile", name, _described(found, shown))
    return Plan(decoder, options, (found, main), alike)


def _full_picture(found: Tiff, pages: list[Directory]) -> tuple[Mapping[str, int], Directory]:
    """The page with the full picture: the first, unless it is a preview or mask of another."""

    def area(page: Directory) -> int:
        width, height = _size(found, page)
        return width * height

    main, children = pages[0], found.children(pages[0])
    full: list[tuple[Mapping[str, int], Directory]] = [
        ({"subifd": index}, child)
        for index, child in enumerate(children)
        if tiff.SUBFILE in child.entries and _is_full(found, child)
    ]
    if not _is_full(found, main):
        full += [
            ({"page": index}, page) for index, page in enumerate(pages) if _is_full(found, page)
        ]
    largest = max(full, key=lambda one: area(one[1]), default=({}, main))
    is_better = area(largest[1]) > area(main) or _kind(found, main) & _PAGE_MASK
    return largest if is_better else ({}, main)


def _kind(found: Tiff, page: Directory) -> int:
    """The bits of NewSubfileType, also if the file has only the older field."""
    old = found.number(page, tiff.OLD_SUBFILE, 1)
    return found.number(page, tiff.SUBFILE, _REDUCED if old == 2 else 0)


def _is_full(found: Tiff, page: Directory) -> bool:
    return not _kind(found, page) & (_REDUCED | _PAGE_MASK)


def _size(found: Tiff, page: Directory) -> tuple[int, int]:
    return found.number(page, tiff.WIDTH, 0), found.number(page, tiff.HEIGHT, 0)


def _decoder(found: Tiff, page: Directory, name: str) -> str:
    """The decoder of a directory's picture.

    Raises:
        FileFormatError: There is none.
    """
    bits = found.numbers(page, tiff.BITS) or (1,)
    compression = found.number(page, tiff.COMPRESSION, 1)
    formats = set(found.numbers(page, tiff.SAMPLE_FORMAT)) or {1}
    lab = found.number(page, tiff.PHOTOMETRIC, 1) in _LAB
    if formats - {1, 3, 4}:
        raise FileFormatError(
            "{0} has signed or complex samples, which say nothing of how bright they are; save it "
            "with 16 bits per colour.",
            name,
        )
    has_planes = found.number(page, tiff.PLANAR, 1) == 2 and found.number(page, tiff.SAMPLES, 1) > 1
    tiled_planes = has_planes and tiff.TILE_WIDTH in page.entries
    half_planes = has_planes and 16 in bits and 3 in formats  # libvips gives something else
    icc_lab = found.number(page, tiff.PHOTOMETRIC, 1) == tiff.ICC_LAB
    wide = {8: {1, 4}, 16: {1, 3, 4}, 32: {1, 3, 4}}
    upright = 1 <= found.number(page, tiff.ORIENTATION, 1) <= 8  # libtiff refuses other numbers
    usual = all(formats <= wide.get(each, set()) for each in bits) or set(bits) <= {1, 2, 4}
    is_odd = tiled_planes or half_planes or not upright or icc_lab or (lab and bits[0] == 8)
    if compression in _BY_VIPS and usual and not is_odd:
        return "vips"
    if compression in _BY_PILLOW and set(bits) == {8} and not tiled_planes and not icc_lab:
        return "pillow"
    for module in ("tifffile", "imagecodecs"):
        _need(module, name, _described(found, page))
    return "tifffile"


def _described(found: Tiff, page: Directory) -> Text:
    """The unusual property of a TIFF file, for the error."""
    compression = found.number(page, tiff.COMPRESSION, 1)
    if compression not in _BY_VIPS:
        return Text("a TIFF compressed by {0}", _COMPRESSIONS.get(compression, str(compression)))
    bits = found.number(page, tiff.BITS, 1)
    if found.number(page, tiff.SAMPLE_FORMAT, 1) == 3:
        return Text("a TIFF of {0}-bit floating point numbers", bits)
    return Text("a TIFF of {0}-bit samples in an unusual layout", bits)
