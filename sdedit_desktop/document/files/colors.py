"""Conversion between colour profiles.

Models are made for sRGB. Colours of a wide-gamut photo outside sRGB are values below 0 and above 1
here, so that the conversion is reversible (scRGB, IEC 61966-2-2).
"""

import tempfile
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.document.files import codec, profiles
from sdedit_desktop.document.files.vips import libvips
from sdedit_desktop.document.tiles import Pixels

_BREAK = 0.04045
"""Where sRGB's curve begins to bend."""

_SAME = 1.5 / 255
"""A profile in which no colour is further from sRGB's is taken for sRGB."""


def converted(pixels: Pixels, source: bytes | None, target: bytes | None) -> Pixels:
    """Converts pixels to another profile, rounded to their depth.

    Args:
        pixels: Straight RGB or RGBA, (height, width, 3 or 4), uint8 or uint16.
        source: The profile they are in; ``None`` is sRGB.
        target: The profile to convert to. An unusable one leaves the pixels unchanged.
    """
    if source == target:
        return pixels
    image = codec.to_vips(pixels, source)
    with tempfile.TemporaryDirectory() as folder:
        name = "srgb"
        if target is not None:
            name = str(Path(folder) / "target.icc")
            Path(name).write_bytes(target)
        try:
            changed = image.icc_transform(
                name,
                input_profile="srgb",
                embedded=source is not None,
                depth=8 * pixels.itemsize,
            )
            data = changed.write_to_memory()
        except libvips().Error:
            return pixels
    result: Pixels = np.frombuffer(data, pixels.dtype).reshape(pixels.shape)
    return result


@lru_cache(maxsize=4)
def is_srgb(icc: bytes | None) -> bool:
    """Whether a profile is equivalent to sRGB."""
    if icc is None:
        return True
    steps = np.linspace(0, 1, 6, dtype=np.float32)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    return bool(np.abs(_to_srgb(grid, icc) - grid).max() <= _SAME)


def to_srgb(picture: NDArray[np.float32], icc: bytes | None) -> NDArray[np.float32]:
    """Colours of a profile, (height, width, 3) in [0, 1], as sRGB's, also beyond [0, 1]."""
    return picture if icc is None or is_srgb(icc) else _to_srgb(picture, icc)


def from_srgb(picture: NDArray[np.float32], icc: bytes | None) -> NDArray[np.float32]:
    """The inverse, clipped to the gamut of the profile: (height, width, 3) in [0, 1]."""
    if icc is None or is_srgb(icc):
        return np.clip(picture, 0, 1)
    own, srgb = profiles.matrix_of(icc), _srgb()
    if own is None:
        return _by_library(picture, None, icc)
    size = np.abs(picture.astype(np.float64))
    linear = np.where(size <= _BREAK, size / 12.92, ((size + 0.055) / 1.055) ** 2.4)
    linear = (linear * np.sign(picture)) @ (np.linalg.inv(own.matrix) @ srgb.matrix).T
    return np.stack([_inverse(icc, n)(linear[..., n]) for n in range(3)], axis=2, dtype=np.float32)


def _to_srgb(picture: NDArray[np.float32], icc: bytes) -> NDArray[np.float32]:
    own, srgb = profiles.matrix_of(icc), _srgb()
    if own is None:
        return _by_library(picture, icc, None)
    linear = np.stack([own.curves[n](picture[..., n]) for n in range(3)], axis=2)
    linear = linear @ (np.linalg.inv(srgb.matrix) @ own.matrix).T
    size = np.abs(linear)  # IEC 61966-2-1, for both signs
    encoded = np.where(size <= _BREAK / 12.92, 12.92 * size, 1.055 * size ** (1 / 2.4) - 0.055)
    found: NDArray[np.float32] = (encoded * np.sign(linear)).astype(np.float32)
    return found


def _by_library(
    picture: NDArray[np.float32], source: bytes | None, target: bytes | None
) -> NDArray[np.float32]:
    """For profiles that are tables: in 16 bits, clipped to the target's colours."""
    values = np.rint(np.clip(picture, 0, 1) * 65535).astype(np.uint16)
    return converted(values, source, target).astype(np.float32) / np.float32(65535)


@cache
def _srgb() -> profiles.MatrixProfile:
    found = profiles.matrix_of(codec.srgb_profile())
    assert found is not None
    return found


@lru_cache(maxsize=12)
def _inverse(icc: bytes, channel: int) -> profiles.Curve:
    """The inverse transfer function of a profile."""
    own = profiles.matrix_of(icc)
    assert own is not None
    values = np.linspace(0, 1, 65536)
    light = np.maximum.accumulate(own.curves[channel](values))
    return lambda linear: np.interp(linear, light, values)
