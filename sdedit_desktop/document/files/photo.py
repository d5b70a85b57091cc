"""Opens photographs, masks and strokes, and exports pictures."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.document import names
from sdedit_desktop.document.blending import premultiplied, spread, to_depth
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import codec, colors, streams
from sdedit_desktop.document.files.metadata import Blocks, Keeps, chosen
from sdedit_desktop.document.files.saving import saving
from sdedit_desktop.document.layers import Json, LayerKind
from sdedit_desktop.document.tiles import TILE, Pixels
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

EXTENSIONS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".avif")
_LARGEST_SIDES = {".jpg": 65500, ".jpeg": 65500, ".webp": 16383, ".avif": 16384}
_OPAQUE = (".jpg", ".jpeg")
_NARROW = (*_OPAQUE, ".webp")
_COLOURED = (".webp", ".avif")
"""Formats that have no grey."""

_BAND = 256
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


@dataclass(frozen=True, eq=False)
class Photo:
    """An opened picture, upright.

    Attributes:
        pixels: Straight RGB or RGBA, (height, width, 3 or 4), uint8 or uint16.
        depth: Bits per sample, 8 or 16.
        icc: The ICC profile of the colours; ``None`` is sRGB.
        metadata: EXIF, XMP, IPTC and Photoshop blocks by these names in lower case, PNG's texts as
            ``png``; ``dpi`` as a number; ``grey`` if it was grey, see ``Decoded``.
        name: The file's name without folder.
        warnings: What of the file could not be kept.
    """

    pixels: Pixels
    depth: int
    icc: bytes | None = None
    metadata: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    name: str = ""
    warnings: Sequence[Text] = ()


def open_photo(path: Path) -> Photo:
    """Opens a picture by its content, whatever its extension.

    The orientation of EXIF is applied; CMYK and other spaces become sRGB, grey becomes RGB
    of the same numbers, and of several frames the first is taken.

    Raises:
        FileFormatError: The file is missing, no picture, damaged, or larger than the limit.
    """
    picture = codec.open_file(path)
    return Photo(
        picture.pixels(),
        picture.depth,
        picture.icc,
        picture.metadata,
        path.name,
        tuple(picture.warnings),
    )


def as_document(photo: Photo) -> Document:
    """A document with the photo as a locked layer, and an empty layer above it."""
    height, width, _ = photo.pixels.shape
    document = _document(photo, width, height)
    document.layers[0].open_pixels(document.rect, photo.pixels)
    return document


def open_as_document(path: Path, report: Callable[[float], None] = lambda _share: None) -> Document:
    """A document of a photo that is read in bands, so that it is in memory only once.

    Args:
        path: The picture.
        report: Called with the share that is read, 0 to 1; an exception ends it.

    Raises:
        FileFormatError: As of ``open_photo``.
    """
    picture = codec.open_file(path)
    document = _document(picture, picture.width, picture.height)
    for top, pixels in picture.bands():
        report(top / picture.height)
        document.layers[0].open_pixels(
            Rect(0, top, picture.width, top + len(pixels)), np.asarray(pixels)
        )
    return document


def _document(photo: Photo | codec.Decoded, width: int, height: int) -> Document:
    """A document of a photo whose pixels are still to be put into its lowest layer."""
    document = Document(width, height, photo.depth)
    document.icc, document.metadata = photo.icc, photo.metadata
    document.warnings = list(photo.warnings)
    layer = document.new_layer(names.PHOTO, LayerKind.PHOTO)
    layer.locked = True
    document.layers[0] = layer
    return document


def open_mask(path: Path, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """Opens a mask: white = may change. Transparent counts as black.

    Args:
        path: Any picture file; colours are turned to grey.
        size: Width and height it must have.

    Returns:
        (height, width) uint8, 255 = may change.

    Raises:
        FileFormatError: The file cannot be read or has another size.
    """
    pixels = to_depth(_sized(path, size).pixels(), np.uint8)
    grey: NDArray[np.float32] = np.rint(pixels[..., :3] @ _LUMA)
    if pixels.shape[2] == 4:
        grey = np.rint(grey * pixels[..., 3] / np.float32(255))
    return grey.astype(np.uint8)


def open_strokes(path: Path, document: Document) -> Pixels:
    """Opens strokes painted elsewhere, in the colours of the document that they belong to.

    Args:
        path: Any picture file; without transparency all of it covers the photo.
        document: What it must be as large as.

    Returns:
        Premultiplied RGBA in the document's depth.

    Raises:
        FileFormatError: The file cannot be read or has another size.
    """
    opened = _sized(path, (document.rect.width, document.rect.height))
    pixels = colors.converted(opened.pixels(), opened.icc, document.icc)
    return premultiplied(to_depth(pixels, document.dtype))


def export(
    pixels: Pixels,
    path: Path,
    *,
    depth: int | None = None,
    icc: bytes | None = None,
    metadata: Mapping[str, bytes] = MappingProxyType({}),
    keeps: Keeps = Keeps.ALL,
    parameters: Mapping[str, Json] | None = None,
    quality: int = 95,
    before_replacing: Callable[[], None] = lambda: None,
) -> None:
    """Writes a picture in the format of its extension; PNG and TIFF keep every bit.

    Args:
        pixels: Straight RGB or RGBA, (height, width, 3 or 4), uint8 or uint16.
        path: Where to; ``EXTENSIONS`` are known.
        depth: Bits per sample, 8 or 16; as in ``pixels`` by default. JPEG and WebP have 8.
        icc: The ICC profile of the colours.
        metadata: As in ``Photo``; what was grey is written so if nothing coloured was added.
        keeps: What of it is written; never thumbnails, which show the picture as it was.
        parameters: What made the picture, noted in the file for other programs to read.
        before_replacing: Called before the old file goes; what it raises leaves it.
        quality: Of JPEG, WebP and AVIF, 1 to 100.

    Raises:
        FileFormatError: The extension is not known or the file cannot be written.
    """
    suffix = _known_suffix(path)
    if depth is not None:
        pixels = to_depth(pixels, np.uint16 if depth == 16 else np.uint8)
    pixels = _suited(pixels, suffix)
    if "grey" in metadata and suffix not in _COLOURED and _is_grey(pixels):
        pixels, icc = _first_of(pixels), metadata["grey"] or None
    blocks = _blocks(path, pixels.shape[:2], metadata, keeps, parameters)
    image = codec.to_vips(pixels, icc, blocks.dpi)
    with saving(path) as new:
        streams.write(image, new, suffix, quality, blocks)
        before_replacing()


def export_document(
    document: Document,
    path: Path,
    *,
    depth: int = 16,
    keeps: Keeps = Keeps.ALL,
    parameters: Mapping[str, Json] | None = None,
    quality: int = 95,
    report: Callable[[float], None] = lambda _share: None,
) -> None:
    """Writes what is seen of a document; where nothing was done, exactly what was opened.

    Args:
        document: What is seen of it, with its profile and metadata.
        path: Its extension tells the format.
        depth: Most bits per sample.
        keeps: What of the metadata is written.
        parameters: What made it, to be noted in the file.
        quality: Of formats that lose something, 1 to 100.
        report: Told how much is done, 0 to 1; what it raises leaves the old file.

    Raises:
        FileFormatError: With a sentence.
    """
    suffix, rect = _known_suffix(path), document.rect
    depth = min(depth, document.depth, 8 if suffix in _NARROW else 16)
    is_opaque = document.is_opaque()

    def rows(top: int, bottom: int) -> Pixels:
        report(0.95 * top / rect.height)
        part = document.straight(Rect(rect.left, rect.top + top, rect.right, rect.top + bottom))
        part = to_depth(part, np.uint16 if depth == 16 else np.uint8)
        return part[..., :3] if is_opaque else _suited(part, suffix)

    is_grey, icc = False, document.icc
    if "grey" in document.metadata and suffix not in _COLOURED:
        tops = range(0, rect.height, TILE)
        is_grey = all(_is_grey(rows(top, min(top + TILE, rect.height))) for top in tops)
        icc = (document.metadata["grey"] or None) if is_grey else icc
    channels = (1 if is_grey else 3) + (not is_opaque and suffix not in _OPAQUE)
    blocks = _blocks(path, (rect.height, rect.width), document.metadata, keeps, parameters)
    shape = rect.height, rect.width, channels

    def wanted(top: int, bottom: int) -> Pixels:
        return _first_of(rows(top, bottom)) if is_grey else rows(top, bottom)

    with saving(path) as new, streams.image_of(shape, depth, wanted, icc, blocks.dpi) as image:
        streams.write(image, new, suffix, quality, blocks)
        report(1.0)


def _known_suffix(path: Path) -> str:
    """The extension in lower case; raises ``FileFormatError`` if nothing can be written so."""
    suffix = path.suffix.lower()
    if suffix not in EXTENSIONS:
        known = ", ".join(EXTENSIONS)
        raise FileFormatError(
            "{0} has no extension of a picture that can be written. Known are {1}.",
            path.name,
            known,
        )
    return suffix


def _blocks(
    path: Path,
    size: tuple[int, ...],
    metadata: Mapping[str, bytes],
    keeps: Keeps,
    parameters: Mapping[str, Json] | None,
) -> Blocks:
    """The metadata written with a picture of a height and width.

    Raises:
        FileFormatError: It is larger than the format allows.
    """
    suffix, (height, width) = path.suffix.lower(), size
    if max(height, width) > _LARGEST_SIDES.get(suffix, max(height, width)):
        raise FileFormatError(
            "{0} would be {1} x {2} pixels, and the longest side of such a file is {3}. Choose PNG "
            "or TIFF.",
            path.name,
            width,
            height,
            _LARGEST_SIDES[suffix],
        )
    blocks = chosen(metadata, keeps, (width, height))
    if parameters is not None:
        blocks = blocks.with_note(json.dumps(parameters, ensure_ascii=True), suffix)
    return blocks


def _sized(path: Path, size: tuple[int, int] | None) -> codec.Decoded:
    picture = codec.open_file(path)
    if size is not None and (picture.width, picture.height) != size:
        raise FileFormatError(
            "{0} is {1} x {2} pixels, but the picture is {3} x {4}. Make both the same size.",
            path.name,
            picture.width,
            picture.height,
            size[0],
            size[1],
        )
    return picture


def _suited(pixels: Pixels, suffix: str) -> Pixels:
    """Pixels as a format has them: of 8 bits, or on white."""
    if suffix in _NARROW:
        pixels = to_depth(pixels, np.uint8)
    return _on_white(pixels) if suffix in _OPAQUE else pixels


def _first_of(pixels: Pixels) -> Pixels:
    """One channel for all colours, with alpha if there is one."""
    return pixels[..., [0, *range(3, pixels.shape[2])]]


def _is_grey(pixels: Pixels) -> bool:
    """Whether nothing coloured is in a picture."""
    bands = (pixels[top : top + _BAND, :, :3] for top in range(0, len(pixels), _BAND))
    return all(bool((band == band[..., :1]).all()) for band in bands)


def _on_white(pixels: Pixels) -> Pixels:
    if pixels.shape[2] == 3:
        return pixels
    alpha = spread(pixels[..., 3])[..., :3].astype(np.uint32)
    return ((pixels[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
