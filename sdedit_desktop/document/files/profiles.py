"""ICC profiles of three primaries and curves: read, and written for files that only name one.

They are written as version 2 of the specification says (ICC.1:2001-04), in the fewest tags that a
display profile needs.
"""

import struct
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

WHITE: Final = (0.9642, 1.0, 0.8249)
"""D50, to which all colours of profiles are adapted."""

_SRGB = ((0.4360, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
_ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
_ADOBE_GAMMA = 563 / 256
_PRIMARIES = (b"rXYZ", b"gXYZ", b"bXYZ")
_CURVES = (b"rTRC", b"gTRC", b"bTRC")
_PARAMETERS: Final = {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}
"""How many numbers each kind of parametric curve has."""


Curve: TypeAlias = "Callable[[NDArray[Any]], NDArray[Any]]"
"""From values in [0, 1] to linear light."""


class MatrixProfile(NamedTuple):
    """A display profile made of primaries and curves.

    Attributes:
        matrix: From linear red, green and blue to XYZ, adapted to D50.
        curves: One for each channel.
    """

    matrix: NDArray[np.float64]
    curves: tuple[Curve, Curve, Curve]


@lru_cache(maxsize=8)
def matrix_of(profile: bytes) -> MatrixProfile | None:
    """Reads an RGB profile; ``None`` if it is made of tables, or damaged."""
    try:
        columns = [struct.unpack(">3i", _tag(profile, name)[8:20]) for name in _PRIMARIES]
        red, green, blue = (_curve(_tag(profile, name)) for name in _CURVES)
    except (struct.error, ValueError):
        return None
    matrix = np.array(columns, np.float64).T / 65536
    is_usual = profile[16:24] == b"RGB XYZ " and not _tag(profile, b"A2B0")
    if not is_usual or abs(np.linalg.det(matrix)) < 1e-6:
        return None
    return MatrixProfile(matrix, (red, green, blue))


def _curve(tag: bytes) -> Curve:
    """A curve, sampled or parametric (ICC.1:2022, 10.6 and 10.18); raises ``ValueError``."""
    if tag[:4] == b"curv":
        (count,) = struct.unpack(">I", tag[8:12])
        points = np.frombuffer(tag[12 : 12 + 2 * count], ">u2").astype(np.float64)
        if count == 1:
            gamma = points[0] / 256
            return lambda x: x**gamma
        table = points / 65535 if count else np.array([0.0, 1.0])
        grid = np.linspace(0, 1, len(table))
        return lambda x: np.interp(x, grid, table)
    kind, count = tag[:4], _PARAMETERS.get(int.from_bytes(tag[8:10]), 0)
    if kind != b"para" or not count:
        raise ValueError("an unknown curve")
    values = [value / 65536 for value in struct.unpack(f">{count}i", tag[12 : 12 + 4 * count])]
    g, a, b, c, d, e, f = (values + [1.0, 0.0, 0.0, 0.0, 0.0, 0.0][len(values) - 1 :])[:7]
    if count in (3, 4):  # a break where the base is 0, and a constant
        c, d, e, f = 0.0, -b / a, values[3] if count == 4 else 0.0, values[3] if count == 4 else 0.0
    return lambda x: np.where(x >= d, np.maximum(a * x + b, 0) ** g + e, c * x + f)


@cache
def adobe_rgb() -> bytes:
    """Adobe RGB (1998), for cameras that name it in EXIF instead of adding its profile."""
    curve = struct.pack(">4s4xIH", b"curv", 1, round(_ADOBE_GAMMA * 256)) + bytes(2)
    return written("Adobe RGB (1998), compatible", _ADOBE_RGB, curve)


@cache
def rgb_of_grey(profile: bytes) -> bytes | None:
    """An RGB profile in which equal red, green and blue look as a grey profile's values do.

    ``None`` if the profile is not one of a single curve.
    """
    curve = _tag(profile, b"kTRC")
    if profile[16:20] != b"GRAY" or _tag(profile, b"A2B0") or curve[:4] not in (b"curv", b"para"):
        return None
    return written("RGB with the curve of a grey profile", _SRGB, curve)


def _tag(profile: bytes, name: bytes) -> bytes:
    """The bytes of a tag; empty if it is missing."""
    count = int.from_bytes(profile[128:132])
    for index in range(min(count, 100)):
        entry = profile[132 + 12 * index : 144 + 12 * index]
        if entry[:4] == name:
            start, size = struct.unpack(">II", entry[4:])
            return profile[start : start + size]
    return b""


def written(name: str, primaries: tuple[tuple[float, ...], ...], curve: bytes) -> bytes:
    """A display profile.

    Args:
        name: Its description, in ASCII.
        primaries: XYZ of red, green and blue, adapted to D50.
        curve: The tag of the one curve that all three have.
    """
    text = name.encode("ascii") + b"\0"
    described = struct.pack(">4s4xI", b"desc", len(text)) + text + bytes(8 + 3 + 67)
    tags = {b"desc": described, b"cprt": b"text\0\0\0\0none\0", b"wtpt": _xyz(WHITE)}
    for channel, primary in zip(b"rgb", primaries, strict=True):
        tags[bytes([channel]) + b"XYZ"] = _xyz(primary)
    table, data = b"", b""
    start = 128 + 4 + 12 * (len(tags) + 3)
    for tag, content in tags.items():
        table += struct.pack(">4sII", tag, start + len(data), len(content))
        data += content + bytes(-len(content) % 4)
    for channel in b"rgb":
        table += struct.pack(">4sII", bytes([channel]) + b"TRC", start + len(data), len(curve))
    data += curve + bytes(-len(curve) % 4)
    head = struct.pack(
        ">I4xI4s4s4s12s4s28x12s48x",
        start + len(data),
        0x02400000,
        b"mntr",
        b"RGB ",
        b"XYZ ",
        struct.pack(">6H", 2000, 1, 1, 0, 0, 0),
        b"acsp",
        _numbers(WHITE),
    )
    return head + struct.pack(">I", len(tags) + 3) + table + data


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + _numbers(values)


def _numbers(values: tuple[float, ...]) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))
