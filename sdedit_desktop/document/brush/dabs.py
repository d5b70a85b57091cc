"""Coverage of pixels by a dab."""

import math
from functools import cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.bounded_cache import BoundedCache
from sdedit_desktop.document.brush.tips import Tip
from sdedit_desktop.geometry import Rect

Coverage: TypeAlias = NDArray[np.uint16]

FULL = 65535
_LARGE = 48.0
_TURNS = 48
"""Number of quantised directions."""


class Dab(NamedTuple):
    """One stamp: centre and radius in document pixels, strength and flow from 0 to 1.

    It is ``stretch`` times as long as wide, in the direction of ``angle`` (radians, clockwise).
    """

    x: float
    y: float
    radius: float
    strength: float = 1.0
    flow: float = 1.0
    stretch: float = 1.0
    angle: float = 0.0


class Shape(NamedTuple):
    """The parameters of a dab's coverage: the arguments of ``round_dab``, and a tip."""

    radius: float
    x: float
    y: float
    hardness: float
    stretch: float = 1.0
    angle: float = 0.0
    tip: Tip | None = None

    def drawn(self) -> Coverage:
        """The coverage, (2 n, 2 n), with the centre near the middle."""
        radius, x, y, hardness, stretch, angle, tip = self
        if tip is not None:
            picture = tip.drawn(radius, x, y, angle) * np.float32(FULL)
            picture += np.float32(0.5)
            stamped: Coverage = picture.astype(np.uint16)
            return stamped
        if stretch > 1:
            return long_dab(radius, x, y, hardness, stretch, angle)
        return round_dab(radius, x, y, hardness)


_CACHE = BoundedCache[Shape, Coverage](48 << 20, lambda coverage: coverage.nbytes)


def coverage_of(dab: Dab, hardness: float, tip: Tip | None = None) -> tuple[Rect, Coverage]:
    """The rectangle of a dab and its coverage at full strength.

    Centres are rounded to 1/8 pixel (1/4 for large dabs) and radii to 1/4 pixel (1/2), so that a
    stroke needs few different dabs; likewise stretch (to 1/8) and angle.
    """
    steps = 8 if dab.radius < _LARGE else 4
    x, y = round(dab.x * steps) / steps, round(dab.y * steps) / steps
    left, top = math.floor(x), math.floor(y)
    radius = max(round(dab.radius * steps / 2) * 2 / steps, 1 / steps)
    stretch = round(8 * dab.stretch) / 8
    angle = 0.0
    if stretch > 1 or tip is not None:
        angle = round(dab.angle / math.tau * _TURNS) % _TURNS * math.tau / _TURNS
    shape = Shape(radius, x - left, y - top, hardness, stretch, angle, tip)
    coverage = _CACHE.get(shape)
    if coverage is None:
        coverage = _CACHE[shape] = shape.drawn()
    reach = len(coverage) // 2
    return Rect(left - reach, top - reach, left + reach, top + reach), coverage


@cache
def paper(size: int) -> NDArray[np.float32]:
    """A seamless paper texture, (size, size) in [0, 1]."""
    waves = np.fft.fftfreq(size) * size
    distance = np.hypot(waves[:, None], waves[None, :])
    # Grains of about three pixels, with some larger unevenness.
    spectrum = np.exp(-((distance / (size / 3)) ** 2)) * (1 + 6 / (1 + distance))
    white = np.random.default_rng(20220425).standard_normal((size, size))
    grain = np.fft.ifft2(np.fft.fft2(white) * spectrum).real
    shade: NDArray[np.float32] = np.clip(0.5 + grain / (4 * grain.std()), 0, 1).astype(np.float32)
    return shade


def weakened(coverage: Coverage, strength: float) -> Coverage:
    """The coverage times a strength in [0, 1]."""
    return (coverage * np.float32(strength)).astype(np.uint16)


def round_dab(radius: float, x: float, y: float, hardness: float) -> Coverage:
    """Coverage by a disc around (x, y), relative to the corner between the middle pixels.

    Args:
        radius: In pixels. A disc smaller than a pixel covers it in part.
        x: Subpixel position of the centre, 0 to 1.
        y: The same downwards.
        hardness: The part of the radius that is covered in full, 0 to 1; the rest fades smoothly.

    Returns:
        (2 n, 2 n) uint16 with 65535 for a pixel that is covered whole.
    """
    reach = math.ceil(radius + 2)
    centers = np.arange(-reach, reach, dtype=np.float32) + np.float32(0.5)
    across, down = (centers - np.float32(x)) ** 2, (centers - np.float32(y)) ** 2
    distance = np.sqrt(across[None, :] + down[:, None])
    fade = max(1.0, (1 - hardness) * radius)
    covered = np.clip((np.float32(radius + 0.5) - distance) / np.float32(fade), 0, 1)
    if fade > 1:
        covered *= covered * (3 - 2 * covered)
    covered *= np.float32(min(1.0, 2 * radius) * FULL)
    coverage: Coverage = np.rint(covered).astype(np.uint16)
    return coverage


def long_dab(
    radius: float, x: float, y: float, hardness: float, stretch: float, angle: float
) -> Coverage:
    """Coverage by an ellipse.

    Args:
        radius: Half of its width.
        x: As of a round dab.
        y: As of a round dab.
        hardness: As of a round dab.
        stretch: Its length in widths, 1 or more.
        angle: Where its length points, in radians, clockwise from the right.

    Returns:
        As of a round dab.
    """
    reach = math.ceil(radius * stretch + 2)
    centers = np.arange(-reach, reach, dtype=np.float32) + np.float32(0.5)
    across, down = (centers - np.float32(x))[None, :], (centers - np.float32(y))[:, None]
    cos, sin = np.float32(math.cos(angle)), np.float32(math.sin(angle))
    along = (cos / np.float32(stretch)) * across + (sin / np.float32(stretch)) * down
    aside = cos * down - sin * across
    level = np.sqrt(along * along + aside * aside)
    fade = (1 - hardness) * radius
    if fade > 1:
        covered = np.clip((np.float32(radius + 0.5) - level) / np.float32(fade), 0, 1)
        covered *= covered * (3 - 2 * covered)
    else:
        # The level rises less steeply along the length; the rim is one pixel wide all around.
        steepness = np.sqrt((along / np.float32(stretch)) ** 2 + aside * aside)
        steepness /= np.maximum(level, 1e-6)
        inside = (np.float32(radius) - level) / np.maximum(steepness, np.float32(1 / stretch))
        covered = np.clip(inside + np.float32(0.5), 0, 1)
    covered *= np.float32(min(1.0, 2 * radius) * FULL)
    coverage: Coverage = np.rint(covered).astype(np.uint16)
    return coverage
