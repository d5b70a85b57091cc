"""The border between arrays and Qt's images."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, qRgba

from sdedit_desktop.document.tiles import Pixels

_Format = QImage.Format


def to_qimage(pixels: Pixels) -> QImage:
    """Copies premultiplied RGBA (height, width, 4), uint8 or uint16, into an image of its own."""
    deep = pixels.dtype == np.uint16
    form = _Format.Format_RGBA64_Premultiplied if deep else _Format.Format_RGBA8888_Premultiplied
    return _wrapped(pixels, form).copy()


def to_screen(pixels: Pixels) -> QImage:
    """The same in the 8-bit format that Qt draws fastest."""
    return to_qimage(pixels).convertToFormat(_Format.Format_ARGB32_Premultiplied)


def from_qimage(image: QImage) -> Pixels:
    """Premultiplied RGBA (height, width, 4) of any image; uint16 if it has more than 8 bits."""
    deep = image.pixelFormat().redSize() > 8
    form = _Format.Format_RGBA64_Premultiplied if deep else _Format.Format_RGBA8888_Premultiplied
    plain = image.convertToFormat(form)
    dtype = np.dtype(np.uint16 if deep else np.uint8)
    rows: Pixels = np.frombuffer(plain.constBits(), dtype).reshape(plain.height(), -1)
    return rows[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4).copy()


def rgb_to_qimage(image: NDArray[np.uint8] | NDArray[np.uint16]) -> QImage:
    """Straight RGB (height, width, 3), uint8 or uint16, as an opaque 8-bit image."""
    if image.dtype == np.uint16:
        image = ((image.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)
    return _wrapped(image, _Format.Format_RGB888).copy()


def grey_to_qimage(values: NDArray[np.uint8]) -> QImage:
    """One channel (height, width) uint8 as shades of grey."""
    return _wrapped(values, _Format.Format_Grayscale8).copy()


def tinted(mask: NDArray[np.uint8], color: QColor, opacity: float) -> QImage:
    """A mask (height, width) as a veil: transparent at 0, ``opacity`` of the colour at 255."""
    image = _wrapped(mask, _Format.Format_Indexed8).copy()
    red, green, blue = color.red(), color.green(), color.blue()
    image.setColorTable([qRgba(red, green, blue, round(opacity * v)) for v in range(256)])
    return image.convertToFormat(_Format.Format_ARGB32_Premultiplied)


def fitted(image: QImage, width: int, height: int) -> QImage:
    """The image reduced to fit into a box, in its own proportions; never enlarged."""
    if image.width() <= width and image.height() <= height:
        return image
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(width, height, keep, smooth)


def _wrapped(pixels: NDArray[Any], form: QImage.Format) -> QImage:
    """An image that looks into the array's memory and must not outlive it."""
    rows = np.ascontiguousarray(pixels)
    height, width = rows.shape[:2]
    return QImage(rows.data, width, height, rows.strides[0], form)
