"""The brush and the pointer samples of a stroke."""

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from sdedit_desktop.document.brush.tips import Tip
from sdedit_desktop.document.modes import BlendMode

STRING: Final = 120.0
"""Largest length of the stabiliser's string, in document pixels."""

_LAZIEST = 0.9
_STEEPEST = 70.0


class Sample(NamedTuple):
    """The pointer at one instant, in document pixels; pressure in [0, 1], tilt in degrees."""

    x: float
    y: float
    pressure: float = 1.0
    tilt_x: float = 0.0
    tilt_y: float = 0.0


class Smoothing(Enum):
    """How the brush follows the pointer; the values are stored in files."""

    OFF = "off"
    BASIC = "basic"
    STABILISER = "stabiliser"


@dataclass(frozen=True)
class Brush:
    """A brush, round unless it has a tip.

    Attributes:
        radius: In document pixels.
        color: Red, green, blue, 0 to 255 each. Masks are painted with ``strength`` instead.
        opacity: Largest coverage of one stroke, 0 to 1, however often it crosses itself.
        flow: Fraction of the opacity that one dab adds, 0 to 1.
        hardness: Fraction of the radius that is covered fully, 0 to 1.
        spacing: Distance between dabs, in radii.
        mode: The blend mode.
        erase: Whether it erases; on a mask, paints 0.
        pressure_size: Whether pressure scales the radius.
        pressure_opacity: Whether pressure scales the opacity.
        smoothing: How the brush follows the pointer.
        steadiness: Strength of the smoothing, 0 to 1.
        strength: The value painted on a mask, 0 to 255.
        grain: Strength of the paper texture, 0 to 1.
        tilt: Elongation of dabs with the tilt of the pen, 0 (none) to 1 (as of a cone).
        tip: A bitmap tip; ``None`` is a disc.
        turn: Random rotation of the tip from dab to dab, 0 to 1 (any angle).
    """

    radius: float = 12.0
    color: tuple[int, int, int] = (0, 0, 0)
    opacity: float = 1.0
    flow: float = 1.0
    hardness: float = 1.0
    spacing: float = 0.25
    mode: BlendMode = BlendMode.NORMAL
    erase: bool = False
    pressure_size: bool = True
    pressure_opacity: bool = False
    smoothing: Smoothing = Smoothing.OFF
    steadiness: float = 0.5
    strength: int = 255
    grain: float = 0.0
    tilt: float = 0.0
    tip: Tip | None = None
    turn: float = 0.0

    def followed(self, last: Sample, pointer: Sample) -> Sample:
        """The next position of the brush after ``last`` for a pointer at ``pointer``.

        Basic smoothing moves a fraction of the way. The stabiliser pulls the brush on a string:
        movements within its length have no effect.
        """
        if self.smoothing is Smoothing.OFF or self.steadiness <= 0:
            return pointer
        if self.smoothing is Smoothing.BASIC:
            return between(last, pointer, 1 - _LAZIEST * min(self.steadiness, 1.0))
        distance = math.hypot(pointer.x - last.x, pointer.y - last.y)
        slack = STRING * self.steadiness
        return between(last, pointer, 1 - slack / distance) if distance > slack else last

    def stretch(self, at: Sample) -> tuple[float, float]:
        """The ratio of length to width of a dab for the pen's tilt, and its direction in radians.

        A tilted cone touches the paper in an ellipse with ratio ``1 / cos``.
        """
        across, down = (math.tan(math.radians(_bounded(t))) for t in (at.tilt_x, at.tilt_y))
        lean = math.atan(math.hypot(across, down))
        steep = min(lean, math.radians(_STEEPEST))
        return 1 + self.tilt * (1 / math.cos(steep) - 1), math.atan2(down, across)


def between(a: Sample, b: Sample, share: float) -> Sample:
    """Interpolates linearly between two samples."""
    return Sample(*(p + share * (q - p) for p, q in zip(a, b, strict=True)))


def _bounded(tilt: float) -> float:
    """A tilt in degrees, limited to the valid range."""
    return min(max(tilt, -_STEEPEST), _STEEPEST)
