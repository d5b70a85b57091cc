"""Pictures that libvips does not decode, and samples that are neither uint8 nor uint16."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.document.files.formats import Plan
from sdedit_desktop.document.files.tiff import ICC_LAB
from sdedit_desktop.document.tiles import Pixels

if TYPE_CHECKING:
    from PIL import Image

_ROWS = 256
_SLACK = 1e-6
"""Rounding errors of floats beyond the range up to this size are ignored."""

_LAB = 8
_SEPARATED = 5
_WHITE_IS_ZERO = 0


class DecodeError(Exception):
    """The file is damaged or unsupported."""


class Raw(NamedTuple):
    """A picture as another library decodes it.

    Attributes:
        samples: (height, width, 1 to 4) of any type; with ``space`` "lab" float32.
        space: "grey", "rgb", "cmyk" or "lab", alpha aside.
        icc: The profile in the file.
        metadata: EXIF and XMP, where the library alone reads them.
        is_upright: Whether the orientation is applied already.
        depth: Bits that are enough for it, 8 or 16.
        is_clipped: Whether samples were beyond what 16 bits can hold.
    """

    samples: NDArray[Any]
    space: str
    icc: bytes | None = None
    metadata: Mapping[str, bytes] = {}
    is_upright: bool = False
    depth: int = 16
    is_clipped: bool = False


def decode(file: BinaryIO, plan: Plan, most_pixels: int) -> Raw:
    """Decodes a file with the library of the plan.

    Raises:
        DecodeError: The library cannot decode it.
    """
    how = {"pillow": _pillow, "tifffile": _tifffile, "heif": _heif}[plan.decoder]
    try:
        raw = how(file, plan, most_pixels)
        samples = raw.samples
        if raw.space == "lab" or samples.dtype in (np.uint8, np.uint16):
            return raw
        bands = (samples[top : top + _ROWS] for top in range(0, len(samples), _ROWS))
        narrow, outside = to_16_bits(bands, raw.icc)
        return raw._replace(samples=narrow, is_clipped=outside)
    except DecodeError:
        raise
    # The libraries raise various exceptions for damaged files.
    except Exception as error:
        raise DecodeError from error


def to_16_bits(bands: Iterable[NDArray[Any]], icc: bytes | None) -> tuple[Pixels, bool]:
    """Converts floats in [0, 1], or unsigned integers of 32 or 64 bits, to the whole of uint16.

    Floats are encoded as their profile says. Without one they are linear light, as libvips and most
    raw converters have it, and get the encoding of sRGB (IEC 61966-2-1).

    Args:
        bands: The picture from the top, (rows, width, channels); of two or four channels the last
            is alpha.
        icc: The profile of its colours.

    Returns:
        The picture, and whether samples were out of range, or no numbers, and had to be clipped.
    """
    rows, outside = [], 0
    for band in bands:
        if band.dtype.kind == "u":
            step = band.dtype.type(np.iinfo(band.dtype).max // 65535)
            nearest = band // step + (band % step > step // 2)
            rows.append(np.minimum(nearest, 65535).astype(np.uint16))
            continue
        values: NDArray[np.float64] = band.astype(np.promote_types(band.dtype, np.float32))
        outside += int(np.count_nonzero(~((values >= -_SLACK) & (values <= 1 + _SLACK))))
        values = np.clip(np.nan_to_num(values, nan=0.0), 0, 1)
        channels = values.shape[2]
        if icc is None or icc[16:20] != (b"GRAY" if channels < 3 else b"RGB "):
            colors = values[..., : channels - 1 + channels % 2]
            bright = 1.055 * colors ** (1 / 2.4) - 0.055
            colors[:] = np.where(colors <= 0.0031308, 12.92 * colors, bright)
        rows.append(np.rint(values * 65535).astype(np.uint16))
    return np.concatenate(rows), outside > 0


def _pillow(file: BinaryIO, plan: Plan, most_pixels: int) -> Raw:
    from PIL import Image

    image: Image.Image
    Image.MAX_IMAGE_PIXELS = most_pixels  # its own limit is lower, and only warns
    with Image.open(file, formats=("TIFF",)) as image:
        _check(image.width, image.height, most_pixels)
        icc = image.info.get("icc_profile")
        if image.mode == "LAB":
            samples = np.asarray(image)  # its colours are signed
            colors = samples[..., 1:].view(np.int8).astype(np.float32)
            light = samples[..., :1].astype(np.float32) * np.float32(100 / 255)
            lab = np.concatenate([light, colors], axis=2)
            return Raw(lab, "lab", is_upright=True, depth=8)
        if image.mode in ("P", "PA", "1", "La", "RGBa"):
            has_alpha = "transparency" in image.info or image.mode in ("PA", "La", "RGBa")
            image = image.convert("RGBA" if has_alpha else "RGB")
        space = {"L": "grey", "LA": "grey", "CMYK": "cmyk"}.get(image.mode, "rgb")
        if image.mode not in ("L", "LA", "CMYK", "RGB", "RGBA", "RGBX"):
            image = image.convert("RGB")
        samples = np.asarray(image)
        samples = samples[..., None] if samples.ndim == 2 else samples
        return Raw(samples[..., :3] if image.mode == "RGBX" else samples, space, icc, {}, True)


def _tifffile(file: BinaryIO, plan: Plan, most_pixels: int) -> Raw:
    import tifffile

    with tifffile.TiffFile(file, name="picture.tif") as opened:
        page: Any = opened.pages[plan.options.get("page", 0)]
        if "subifd" in plan.options:
            page = page.pages[plan.options["subifd"]]
        _check(page.imagewidth, page.imagelength, most_pixels)
        samples = page.asarray()
        if page.planarconfig == 2 and samples.ndim == 3:
            samples = np.moveaxis(samples, 0, 2)
        samples = samples[..., None] if samples.ndim == 2 else samples
        if samples.ndim != 3:
            raise DecodeError
        bits, photometric = int(page.bitspersample), int(page.photometric)
        tag = page.tags.get(34675)
        icc = None if tag is None else bytes(tag.value)
    if samples.dtype.kind == "u" and bits < 8 * samples.dtype.itemsize:
        most = np.uint64((1 << bits) - 1)
        full = np.uint64(65535 if samples.dtype.itemsize > 1 else 255)
        samples = ((samples.astype(np.uint64) * full + most // 2) // most).astype(samples.dtype)
    if photometric in (_LAB, ICC_LAB):
        lab = _lab(samples) if photometric == _LAB else _icc_lab(samples)
        return Raw(lab, "lab", depth=8 * samples.dtype.itemsize)
    if photometric == _WHITE_IS_ZERO and samples.dtype.kind == "u":
        samples = np.iinfo(samples.dtype).max - samples
    color = {_SEPARATED: "cmyk"}.get(photometric, "grey" if samples.shape[2] < 3 else "rgb")
    return Raw(samples[..., :4], color, icc)


def _lab(samples: NDArray[Any]) -> NDArray[np.float32]:
    """CIE Lab as TIFF stores it, to L in [0, 100] and a, b in about [-128, 128)."""
    light = samples[..., 0].astype(np.float32) * (100 / np.iinfo(samples.dtype).max)
    signed = samples[..., 1:3].view(samples.dtype.str.replace("u", "i"))
    scale = 1 << (8 * samples.dtype.itemsize - 8)
    return np.concatenate([light[..., None], signed.astype(np.float32) / scale], axis=2)


def _icc_lab(samples: NDArray[Any]) -> NDArray[np.float32]:
    """CIE Lab of samples stored as in ICC profiles: a and b unsigned, white at 255 or 0xFF00."""
    wide = np.float32(1 << (8 * samples.dtype.itemsize - 8))
    light, colors = np.split(samples[..., :3].astype(np.float32) / wide, [1], axis=2)
    return np.concatenate([light * np.float32(100 / 255), colors - 128], axis=2)


def _heif(file: BinaryIO, plan: Plan, most_pixels: int) -> Raw:
    import pillow_heif

    opened = pillow_heif.open_heif(file, convert_hdr_to_8bit=False)
    width, height = opened.size
    _check(width, height, most_pixels)
    samples = np.asarray(opened)
    samples = samples[..., None] if samples.ndim == 2 else samples
    if samples.dtype == np.uint16:  # the bits are at the upper end: all set must be white
        bits = int(opened.info.get("bit_depth", 16))
        samples = samples | samples >> np.uint16(bits)
    found = {key: opened.info[key] for key in ("exif", "xmp") if opened.info.get(key)}
    icc = opened.info.get("icc_profile") or None
    return Raw(samples, "grey" if samples.shape[2] < 3 else "rgb", icc, found, True)


def _check(width: int, height: int, most_pixels: int) -> None:
    if not 0 < width * height <= most_pixels:
        raise DecodeError
