"""What a brush is, and the pointer that leads it."""

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from sdedit_desktop.document.brush.tips import Tip
from sdedit_desktop.document.modes import BlendMode

STRING: Final = 120.0
"""Document pixels that the stabiliser's string is long at most."""

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
    """How the brush follows the pointer; the values are written to files."""

    OFF = "off"
    BASIC = "basic"
    STABILISER = "stabiliser"


@dataclass(frozen=True)
class Brush:
    """A brush, round unless it has a tip.

    Attributes:
        radius: In document pixels.
        color: Red, green, blue, 0 to 255 each. Masks are painted with ``strength`` instead.
        opacity: The most that one stroke covers, 0 to 1, however often it crosses itself.
        flow: How far one dab goes towards that, 0 to 1.
        hardness: The part of the radius that is covered in full, 0 to 1.
        spacing: Distance between dabs, in radii.
        mode: How the colour meets the layer's.
        erase: Takes paint away instead; on a mask, paints 0.
        pressure_size: Whether pressure scales the radius.
        pressure_opacity: Whether pressure scales the opacity.
        smoothing: How the brush follows the pointer.
        steadiness: How much of that, 0 to 1.
        strength: What is painted on a mask, 0 to 255.
        grain: How much the paper shows through, 0 to 1.
        tilt: How much a tilted pen draws the dab out, 0 (not) to 1 (as a cone would).
        tip: A picture to stamp with; ``None`` is a disc.
        turn: How far the tip turns from dab to dab, 0 to 1 (any way round).
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
        """Where the brush goes from ``last`` when the pointer is at ``pointer``.

        Basic smoothing goes part of the way. The stabiliser pulls the brush behind on a string:
        what the pointer does within the string's length is not seen.
        """
        if self.smoothing is Smoothing.OFF or self.steadiness <= 0:
            return pointer
        if self.smoothing is Smoothing.BASIC:
            return between(last, pointer, 1 - _LAZIEST * min(self.steadiness, 1.0))
        distance = math.hypot(pointer.x - last.x, pointer.y - last.y)
        slack = STRING * self.steadiness
        return between(last, pointer, 1 - slack / distance) if distance > slack else last

    def stretch(self, at: Sample) -> tuple[float, float]:
        """How many times as long as wide the pen's tilt makes a dab, and its direction in radians.

        A cone that stands askew touches the paper in an ellipse, ``1 / cos`` as long as wide.
        """
        across, down = (math.tan(math.radians(_bounded(t))) for t in (at.tilt_x, at.tilt_y))
        lean = math.atan(math.hypot(across, down))
        steep = min(lean, math.radians(_STEEPEST))
        return 1 + self.tilt * (1 / math.cos(steep) - 1), math.atan2(down, across)


def between(a: Sample, b: Sample, share: float) -> Sample:
    """The sample at a share of the way from one to another."""
    return Sample(*(p + share * (q - p) for p, q in zip(a, b, strict=True)))


def _bounded(tilt: float) -> float:
    """A tilt in degrees as drivers should report it."""
    return min(max(tilt, -_STEEPEST), _STEEPEST)
