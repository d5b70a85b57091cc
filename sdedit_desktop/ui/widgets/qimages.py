"""Conversion between arrays and Qt images, and between document and screen colours.

The screen is assumed to be sRGB: Qt does not expose its profile, and systems that manage colours
themselves (Wayland, macOS) expect sRGB. A document's pixels are never converted.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QColorSpace, QColorTransform, QImage, qRgba

from sdedit_desktop.document.tiles import Pixels

_Format = QImage.Format


def to_qimage(pixels: Pixels) -> QImage:
    """Copies premultiplied RGBA (height, width, 4), uint8 or uint16, into an image of its own."""
    deep = pixels.dtype == np.uint16
    form = _Format.Format_RGBA64_Premultiplied if deep else _Format.Format_RGBA8888_Premultiplied
    return _wrapped(pixels, form).copy()


def to_screen(pixels: Pixels, icc: bytes | None = None) -> QImage:
    """Converts pixels to the screen's colours, in the 8-bit format that Qt draws fastest.

    Args:
        pixels: Premultiplied RGBA (height, width, 4), uint8 or uint16.
        icc: The profile of the colours; ``None`` is sRGB, as is one that makes no sense.
    """
    return _converted(to_qimage(pixels), icc, _Format.Format_ARGB32_Premultiplied)


def from_qimage(image: QImage) -> Pixels:
    """Premultiplied RGBA (height, width, 4) of any image; uint16 if it has more than 8 bits."""
    deep = image.pixelFormat().redSize() > 8
    form = _Format.Format_RGBA64_Premultiplied if deep else _Format.Format_RGBA8888_Premultiplied
    plain = image.convertToFormat(form)
    dtype = np.dtype(np.uint16 if deep else np.uint8)
    rows: Pixels = np.frombuffer(plain.constBits(), dtype).reshape(plain.height(), -1)
    return rows[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4).copy()


def with_profile(image: QImage, icc: bytes | None) -> QImage:
    """The image tagged with a colour profile, for other programs."""
    image.setColorSpace(_space(icc))
    return image


def in_profile(image: QImage, icc: bytes | None) -> QImage:
    """Any image converted to a profile; an untagged one is taken as sRGB."""
    here, there = image.colorSpace(), _space(icc)
    here = here if here.isValid() else _space(None)
    if here == there:
        return image
    return image.colorTransformed(here.transformationToColorSpace(there))


def rgb_to_qimage(
    image: NDArray[np.uint8] | NDArray[np.uint16], icc: bytes | None = None
) -> QImage:
    """Straight RGB (height, width, 3), uint8 or uint16, as an opaque 8-bit image for the screen."""
    if image.dtype == np.uint16:
        image = ((image.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)
    return _converted(_wrapped(image, _Format.Format_RGB888).copy(), icc, _Format.Format_RGB888)


def shown_color(color: tuple[int, int, int], icc: bytes | None) -> QColor:
    """A document colour as shown on the screen, 0 to 255 per channel."""
    transform = _to_srgb(icc)
    return QColor(*color) if transform is None else transform.map(QColor(*color))


def document_color(color: QColor, icc: bytes | None) -> tuple[int, int, int]:
    """A screen colour in the document's profile, 0 to 255 per channel."""
    transform = _from_srgb(icc)
    mapped = color if transform is None else transform.map(color)
    return round(255 * mapped.redF()), round(255 * mapped.greenF()), round(255 * mapped.blueF())


def grey_to_qimage(values: NDArray[np.uint8]) -> QImage:
    """One channel (height, width) uint8 as shades of grey."""
    return _wrapped(values, _Format.Format_Grayscale8).copy()


def grey_from_qimage(image: QImage) -> NDArray[np.uint8]:
    """The lightness (height, width) of any image."""
    plain = image.convertToFormat(_Format.Format_Grayscale8)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1)
    return rows[:, : plain.width()].copy()


def tinted(mask: NDArray[np.uint8], color: QColor, opacity: float) -> QImage:
    """A mask (height, width) as a tint: transparent at 0, ``opacity`` of the colour at 255."""
    red, green, blue = color.red(), color.green(), color.blue()
    return in_colors(mask, [qRgba(red, green, blue, round(opacity * v)) for v in range(256)])


def in_colors(values: NDArray[np.uint8], table: Sequence[int]) -> QImage:
    """Values (height, width) mapped to a table of 256 colours."""
    image = _wrapped(values, _Format.Format_Indexed8).copy()
    image.setColorTable(table)
    return image.convertToFormat(_Format.Format_ARGB32_Premultiplied)


def fitted(image: QImage, width: int, height: int) -> QImage:
    """The image reduced to fit into a box, proportionally; never enlarged."""
    if image.width() <= width and image.height() <= height:
        return image
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(width, height, keep, smooth)


def _converted(image: QImage, icc: bytes | None, form: QImage.Format) -> QImage:
    transform = _to_srgb(icc)
    if transform is None:
        return image.convertToFormat(form)
    # In two steps: asked for another premultiplied format at once, Qt 6.11 forgets to multiply.
    return image.colorTransformed(transform).convertToFormat(form)


@lru_cache(maxsize=4)
def _to_srgb(icc: bytes | None) -> QColorTransform | None:
    """The transform from a profile to the screen; ``None`` if it is the identity."""
    space, srgb = _space(icc), _space(None)
    return None if space == srgb else space.transformationToColorSpace(srgb)


@lru_cache(maxsize=4)
def _from_srgb(icc: bytes | None) -> QColorTransform | None:
    """The transform from the screen to a profile; ``None`` if it is the identity."""
    space, srgb = _space(icc), _space(None)
    return None if space == srgb else srgb.transformationToColorSpace(space)


def _space(icc: bytes | None) -> QColorSpace:
    """The colour space of a profile; sRGB if it is missing or invalid."""
    space = QColorSpace() if icc is None else QColorSpace.fromIccProfile(icc)
    return space if space.isValid() else QColorSpace(QColorSpace.NamedColorSpace.SRgb)


def _wrapped(pixels: NDArray[Any], form: QImage.Format) -> QImage:
    """An image on the memory of the array, which must outlive it."""
    rows = np.ascontiguousarray(pixels)
    height, width = rows.shape[:2]
    return QImage(rows.data, width, height, rows.strides[0], form)
