"""Decodes and encodes pictures with pyvips: any depth and colour space in, straight RGB(A) out."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.document.files import (
    color_tags,
    decoders,
    exif,
    formats,
    metadata,
    profiles,
    tiff,
)
from sdedit_desktop.document.files.containers import PLACEHOLDER
from sdedit_desktop.document.files.decoders import DecodeError
from sdedit_desktop.document.files.formats import Plan
from sdedit_desktop.document.files.metadata import Blocks
from sdedit_desktop.document.files.vips import as_rgb, libvips, profile_of
from sdedit_desktop.document.tiles import Pixels
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.files import open_regular
from sdedit_desktop.texts import Text

if TYPE_CHECKING:
    import pyvips

MAX_PIXELS = 400_000_000
_BAND = 128
_KEEP_EXIF, _KEEP_XMP, _KEEP_ICC = 1, 2, 8
_NO_BLOCKS = Blocks()
_ORIENTATION = re.compile(rb"(tiff:Orientation(?:=['\"]|>))([2-8])")
_METADATA = {"exif": "exif-data", "xmp": "xmp-data", "iptc": "iptc-data"}


class Decoded:
    """A picture whose header has been read and whose pixels are fetched when asked for.

    Attributes:
        width: Pixels per row, orientation applied.
        height: Number of rows.
        depth: Bits per sample, 8 or 16.
        icc: The RGB profile of the colours; ``None`` is sRGB.
        metadata: EXIF, XMP, IPTC as found, but with the orientation set to upright; the
            resolution as ``dpi``, a number in ASCII; of grey pictures the profile as ``grey``,
            empty if there is none.
        warnings: What could not be kept of the file.
    """

    def __init__(self, image: pyvips.Image, name: str, found: _Found) -> None:
        self._name = name
        self._image = image
        self.warnings: list[Text] = list(found.warnings)
        self.metadata = _metadata_of(image, found)
        pages = found.plan.pages
        if found.plan.page is None and image.get_typeof("n-pages"):
            pages = image.get("n-pages")
        if pages > 1:
            self.warnings.append(Text("{0} has {1} pictures; only one is opened.", name, pages))
        if image.bands > (5 if image.interpretation == "cmyk" else 4):
            self.warnings.append(Text("{0} has extra channels, which cannot be kept.", name))
        with _understandable(name):
            upright, turned = _upright(image, found, self.metadata.get("xmp", b""))
            self._image, self.icc, lost, grey = as_rgb(upright)
        if grey is not None:
            self.metadata = MappingProxyType({**self.metadata, "grey": grey})
        if self.icc is None and not lost:
            is_adobe = exif.is_adobe_rgb(self.metadata.get("exif", b""))
            self.icc = profiles.adobe_rgb() if is_adobe else found.profile
        if lost:
            self.warnings.append(
                Text("{0} is opened as RGB; the file's {1} cannot be kept.", name, lost)
            )
        if turned and "xmp" in self.metadata:
            xmp = _ORIENTATION.sub(rb"\g<1>1", self.metadata["xmp"])
            self.metadata = MappingProxyType({**self.metadata, "xmp": xmp})
        self.width, self.height = self._image.width, self._image.height
        self.depth = 16 if self._image.format == "ushort" else 8

    def pixels(self) -> Pixels:
        """All pixels, straight RGB or RGBA, (height, width, 3 or 4) uint8 or uint16."""
        with _understandable(self._name):
            return _array(memoryview(self._image.write_to_memory()), self._image, self.height)

    def bands(self) -> Iterator[tuple[int, Pixels]]:
        """Reads the pixels in bands from the top, each with its first row; saves memory."""
        with _understandable(self._name):
            region = libvips().Region.new(self._image)
            for top in range(0, self.height, _BAND):
                rows = min(_BAND, self.height - top)
                yield (
                    top,
                    _array(memoryview(region.fetch(0, top, self.width, rows)), self._image, rows),
                )


def open_file(path: Path) -> Decoded:
    """Reads the header of a picture file, whatever its extension.

    Raises:
        FileFormatError: There is no such file, it is no picture, or it is too large.
    """
    if not path.exists():
        raise FileFormatError("There is no file {0}.", path)
    if path.is_dir():
        raise FileFormatError("{0} is a folder, not a picture. Choose a file in it.", path)
    try:
        with open_regular(path) as file:
            # libvips keeps a descriptor of its own.
            return _opened(
                file, lambda: libvips().Source.new_from_descriptor(file.fileno()), path.name
            )
    except OSError as error:
        raise FileFormatError("{0} cannot be read: {1}.", path, error.strerror) from error


def open_bytes(data: bytes, name: str) -> Decoded:
    """Reads the header of a picture in memory; ``name`` is for error messages."""
    return _opened(io.BytesIO(data), lambda: libvips().Source.new_from_memory(data), name)


def to_vips(pixels: Pixels, icc: bytes | None = None, dpi: float = 0) -> pyvips.Image:
    """An image from an array (height, width, 1 to 4), with its profile and resolution."""
    pyvips = libvips()
    grey = pixels.shape[2] < 3
    wide = pixels.dtype == np.uint16
    space = ("grey16" if wide else "b-w") if grey else ("rgb16" if wide else "srgb")
    per_mm = (dpi or 25.4) / 25.4
    image = pyvips.Image.new_from_array(np.ascontiguousarray(pixels))
    image = image.copy(interpretation=space, xres=per_mm, yres=per_mm)
    if icc is not None:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", icc)
    return image


def to_png(pixels: Pixels, icc: bytes | None = None, *, named: bool = False) -> bytes:
    """Encodes straight pixels, (height, width, 1 to 4), as a PNG of their depth, quickly.

    Args:
        pixels: The picture.
        icc: The profile of its colours; ``None`` is sRGB.
        named: Whether to write a profile into 16-bit pictures even if they are sRGB: without one,
            Krita asks which it is, for each of them.
    """
    image = to_vips(pixels, icc)
    options = {"profile": "srgb"} if named and icc is None and pixels.dtype == np.uint16 else {}
    with _understandable(Text("The picture")):
        data: bytes = image.pngsave_buffer(compression=2, filter="up", **options)
    return data


@cache
def srgb_profile() -> bytes:
    """The ICC profile of sRGB."""
    return bytes(libvips().Operation.call("profile_load", "srgb"))


def _opened(file: BinaryIO, source: Callable[[], pyvips.Source], name: str) -> Decoded:
    plan = formats.plan(file, name)
    if plan.decoder != "vips":
        return _opened_otherwise(file, plan, name)
    pyvips = libvips()
    careful = {"access": "sequential", "fail_on": "error"}
    try:
        if plan.options:
            image = pyvips.Image.tiffload_source(source(), **careful, **plan.options)
        else:
            image = pyvips.Image.new_from_source(source(), "", **careful)
    except pyvips.Error as error:
        raise formats.unknown(file, name) from error
    if image.width * image.height > MAX_PIXELS:
        raise FileFormatError(
            "{0} is too large: {1} x {2} pixels, and the limit is {3} megapixels.",
            name,
            image.width,
            image.height,
            MAX_PIXELS // 1_000_000,
        )
    found = _Found(plan, metadata.of_png(file), profile=color_tags.profile(file, name))
    if image.format in ("float", "double", "uint"):
        with _understandable(name):
            image = _narrowed(image, found, name)
    elif image.format not in ("uchar", "ushort") and image.interpretation != "labs":
        raise FileFormatError(
            "{0} has signed or complex samples, which say nothing of how bright they are; save it "
            "with 16 bits per colour.",
            name,
        )
    return Decoded(image, name, found)


def _opened_otherwise(file: BinaryIO, plan: Plan, name: str) -> Decoded:
    """Decodes with a library other than libvips."""
    try:
        raw = decoders.decode(file, plan, MAX_PIXELS)
    except DecodeError as error:
        raise _damaged(name) from error
    named = None if raw.icc else color_tags.profile(file, name)
    found = _Found(plan, raw.metadata, raw.is_upright, named)
    pyvips = libvips()
    with _understandable(name):
        samples = np.ascontiguousarray(raw.samples)
        if raw.space == "lab":
            image = pyvips.Image.new_from_array(samples).copy(interpretation="lab")
            image = image.colourspace("srgb" if raw.depth == 8 else "rgb16").copy_memory()
            found.warnings.append(
                Text("{0} is opened as RGB; the file's {1} cannot be kept.", name, "Lab")
            )
            return Decoded(image, name, found)
        spaces = {"grey": ("b-w", "grey16"), "cmyk": ("cmyk", "cmyk")}
        space = spaces.get(raw.space, ("srgb", "rgb16"))[samples.dtype.itemsize > 1]
        image = pyvips.Image.new_from_array(samples).copy(interpretation=space)
        if raw.icc is not None:
            image.set_type(pyvips.GValue.blob_type, "icc-profile-data", raw.icc)
    if raw.is_clipped:
        found.warnings.append(_clipped(name))
    return Decoded(image, name, found)


class _Found:
    """Metadata of a file.

    Attributes:
        plan: How it is decoded.
        metadata: What libvips does not know.
        is_upright: Whether the decoder applied the orientation.
        profile: ICC profile of colours that the file gives by other tags.
        warnings: What could not be kept of the file.
    """

    def __init__(
        self,
        plan: Plan,
        blocks: Mapping[str, bytes] = MappingProxyType({}),
        is_upright: bool = False,
        profile: bytes | None = None,
    ) -> None:
        self.plan, self.metadata, self.is_upright = plan, blocks, is_upright
        self.profile = profile
        self.warnings: list[Text] = []


def _bands(image: pyvips.Image) -> Iterator[NDArray[Any]]:
    """Yields the samples of an image of any type in bands from the top."""
    region = libvips().Region.new(image)
    kind = {"float": np.float32, "double": np.float64, "uint": np.uint32}[image.format]
    for top in range(0, image.height, _BAND):
        rows = min(_BAND, image.height - top)
        data = region.fetch(0, top, image.width, rows)
        yield np.frombuffer(data, kind).reshape(rows, image.width, image.bands)


def _narrowed(image: pyvips.Image, found: _Found, name: str) -> pyvips.Image:
    """Converts floats and wide integers to 16 bits, with the fields of ``image``."""
    pyvips = libvips()
    pixels, is_clipped = decoders.to_16_bits(_bands(image), profile_of(image))
    if is_clipped:
        found.warnings.append(_clipped(name))
    space = "grey16" if image.bands < 3 else "rgb16"
    narrow = pyvips.Image.new_from_array(pixels)
    narrow = narrow.copy(interpretation=space, xres=image.xres, yres=image.yres)
    for field in ("icc-profile-data", *_METADATA.values()):
        if image.get_typeof(field):
            narrow.set_type(pyvips.GValue.blob_type, field, image.get(field))
    if image.get_typeof("orientation"):
        narrow.set_type(pyvips.GValue.gint_type, "orientation", image.get("orientation"))
    return narrow


def _clipped(name: str) -> Text:
    return Text("{0} has values beyond black and white; they are cut off in 16 bits.", name)


def _upright(image: pyvips.Image, found: _Found, xmp: bytes) -> tuple[pyvips.Image, bool]:
    """Applies the orientation in the file; returns the image, and whether it was turned.

    XMP is used where neither EXIF nor TIFF has an orientation.
    """
    orientation = 0
    if found.plan.page is not None:
        reader, page = found.plan.page
        orientation = reader.number(page, tiff.ORIENTATION, 0)
    elif image.get_typeof("orientation"):
        orientation = image.get("orientation")
    if not orientation and (in_xmp := _ORIENTATION.search(xmp)):
        orientation = int(in_xmp[2])
        if found.is_upright and orientation > 1:
            found.is_upright = False
    if not 1 < orientation <= 8:
        return image, False
    if found.is_upright:
        return image, True
    image = image.copy_memory()
    image.set_type(libvips().GValue.gint_type, "orientation", orientation)
    return image.autorot(), True


@contextmanager
def _understandable(name: str) -> Iterator[None]:
    pyvips = libvips()
    try:
        yield
    except pyvips.Error as error:
        raise _damaged(name) from error


def _damaged(name: str) -> FileFormatError:
    return FileFormatError(
        "{0} is damaged or incomplete and cannot be read. Try to get the file again.", name
    )


def _metadata_of(image: pyvips.Image, other: _Found) -> Mapping[str, bytes]:
    found = {
        key: bytes(image.get(field)) for key, field in _METADATA.items() if image.get_typeof(field)
    }
    if other.plan.page is not None:
        found = metadata.of_tiff(*other.plan.page)
    found |= other.metadata
    # libvips reports one pixel per millimetre when the file has no resolution.
    if image.xres > 0 and image.xres != 1:
        found["dpi"] = f"{image.xres * 25.4:.6g}".encode()
    return MappingProxyType(found)


def _array(data: memoryview, image: pyvips.Image, rows: int) -> Pixels:
    wide = image.format == "ushort"
    flat: Pixels = np.frombuffer(data, np.uint16) if wide else np.frombuffer(data, np.uint8)
    return flat.reshape(rows, image.width, image.bands)


def encoded(image: pyvips.Image, suffix: str, quality: int, blocks: Blocks = _NO_BLOCKS) -> bytes:
    """Encodes a picture in the format of an extension, such as ``.png``; returns the file's bytes.

    Of the metadata it contains only AVIF's XMP, and room for its EXIF: see ``containers``.
    """
    pyvips = libvips()
    keep = _KEEP_ICC
    if suffix == ".avif":
        image = image.copy()
        if blocks.exif:
            image.set_type(pyvips.GValue.blob_type, "exif-data", PLACEHOLDER)
            keep |= _KEEP_EXIF
        if blocks.xmp:
            image.set_type(pyvips.GValue.blob_type, "xmp-data", blocks.xmp)
            keep |= _KEEP_XMP
    with _understandable(Text("The picture")):
        if suffix == ".webp":
            return bytes(image.webpsave_buffer(Q=quality, keep=keep))
        if suffix == ".avif":
            bits = 8 if image.format == "uchar" else 10
            options = {"compression": "av1", "Q": quality, "bitdepth": bits, "keep": keep}
            return bytes(image.heifsave_buffer(**options))
        target = libvips().Target.new_to_memory()
        save(image, target, suffix, quality)
        return bytes(target.get("blob"))


def save(image: pyvips.Image, target: pyvips.Target, suffix: str, quality: int) -> None:
    """Encodes PNG, JPEG or TIFF; raises ``pyvips.Error``."""
    if suffix == ".png":
        image.pngsave_target(target, compression=4, filter="paeth", keep=_KEEP_ICC)
    elif suffix in (".jpg", ".jpeg"):
        image.jpegsave_target(target, Q=quality, optimize_coding=True, keep=_KEEP_ICC)
    else:
        options = {"compression": "deflate", "predictor": "horizontal", "resunit": "inch"}
        image.tiffsave_target(target, **options, keep=_KEEP_ICC)
