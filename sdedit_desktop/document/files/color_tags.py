"""Colour spaces that a file names by numbers instead of an ICC profile.

The chunks cICP, gAMA and cHRM of PNG (third edition, 2025), and the code points of AVIF and HEIC
(nclx in ISO 23008-12), whose meaning is in ITU-T H.273.
"""

import struct
from typing import BinaryIO, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.document.files import metadata, profiles
from sdedit_desktop.errors import FileFormatError

_Points: TypeAlias = tuple[tuple[float, float], ...]

_D65 = (0.3127, 0.3290)
_SRGB: Final[_Points] = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06), _D65)
_PRIMARIES: Final[dict[int, _Points]] = {
    1: _SRGB,
    5: ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06), _D65),
    6: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65),
    7: ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), _D65),
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), _D65),
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), (0.314, 0.351)),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), _D65),
}
"""Chromaticities x, y of red, green, blue and white by code point."""

_GAMMAS = {4: 2.2, 5: 2.8, 8: 1.0}
_HIGH_DYNAMIC_RANGE = {16, 18}
"""Transfer functions PQ and HLG."""

_SRGB_CURVE = struct.pack(
    ">4s4xHxx5i",
    b"para",
    3,
    *(round(value * 65536) for value in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)),
)
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
_NEAR = 0.0015
"""Chromaticities this far apart are the same: programs round differently."""

_NEAR_GAMMA = 0.02
_HEADER_BYTES = 1 << 20


def profile(file: BinaryIO, name: str) -> bytes | None:
    """The ICC profile that says what a file's own numbers say.

    Args:
        file: A picture of any format; it is left anywhere.
        name: Its name, for the error.

    Returns:
        ``None`` if it is sRGB, or if the file says nothing or has a profile that counts more.

    Raises:
        FileFormatError: The picture has a high dynamic range, which 16 bits of a display's colours
            cannot hold.
    """
    kinds = {b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM"}
    chunks = dict(metadata.png_chunks(file, kinds, before=b"IDAT"))
    codes = chunks.get(b"cICP", b"")[:2] or _nclx(file)
    if len(codes) == 2:
        primaries, transfer = codes
        if transfer in _HIGH_DYNAMIC_RANGE:
            raise FileFormatError(
                "{0} has a high dynamic range (PQ or HLG), which cannot be kept; save it with the "
                "standard range.",
                name,
            )
        return _written(_PRIMARIES.get(primaries, _SRGB), _GAMMAS.get(transfer))
    if b"iCCP" in chunks or b"sRGB" in chunks:
        return None
    points, gamma = _SRGB, None
    if len(corners := chunks.get(b"cHRM", b"")) == 32:
        (*white, rx, ry, gx, gy, bx, by) = (n / 100_000 for n in struct.unpack(">8I", corners))
        points = ((rx, ry), (gx, gy), (bx, by), (white[0], white[1]))
    if len(exponent := chunks.get(b"gAMA", b"")) == 4 and any(exponent):
        gamma = 100_000 / int.from_bytes(exponent)
        if abs(gamma / 2.2 - 1) < _NEAR_GAMMA:
            gamma = None  # what sRGB pictures say, for programs that know no better
    return _written(points, gamma)


def _nclx(file: BinaryIO) -> bytes:
    """Primaries and transfer function of an AVIF or HEIC file; empty without them."""
    file.seek(0)
    head = file.read(_HEADER_BYTES)
    at = head.find(b"colrnclx")
    if head[4:8] != b"ftyp" or at < 0 or b"colrprof" in head:
        return b""
    codes = head[at + 8 : at + 12]
    return bytes([codes[1], codes[3]]) if len(codes) == 4 else b""


def _written(points: _Points, gamma: float | None) -> bytes | None:
    """A profile of these chromaticities; the curve is sRGB's without a ``gamma``."""
    if gamma is None and np.allclose(points, _SRGB, atol=_NEAR):
        return None
    matrix = _to_d50(points)
    if matrix is None or (gamma is not None and not 0.1 <= gamma <= 10):
        return None
    curve = _SRGB_CURVE
    if gamma is not None:
        curve = struct.pack(">4s4xIH", b"curv", 1, round(gamma * 256)) + bytes(2)
    columns = tuple(tuple(float(value) for value in column) for column in matrix.T)
    return profiles.written("Colours as the file says", columns, curve)


def _to_d50(points: _Points) -> NDArray[np.float64] | None:
    """From linear RGB to XYZ, adapted to D50 (Bradford); ``None`` if there is no such space."""
    xy = np.array(points, np.float64)
    if not (xy[:, 1] > 0).all() or xy.max() > 1:
        return None
    whole = np.column_stack([xy[:, 0] / xy[:, 1], np.ones(4), (1 - xy.sum(axis=1)) / xy[:, 1]]).T
    corners, white = whole[:, :3], whole[:, 3]
    if abs(np.linalg.det(corners)) < 1e-6:
        return None
    scale = np.diag((_BRADFORD @ profiles.WHITE) / (_BRADFORD @ white))
    adapted = np.linalg.inv(_BRADFORD) @ scale @ _BRADFORD
    found: NDArray[np.float64] = adapted @ (corners * np.linalg.solve(corners, white))
    return found
