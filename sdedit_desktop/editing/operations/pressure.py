"""The pressure curve of the pen, shared by all brushes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]

STRAIGHT: tuple[Point, ...] = ((0.0, 0.0), (1.0, 1.0))
MOST_POINTS = 8


@dataclass(frozen=True)
class PressureCurve:
    """Maps the pressure that a pen reports to that of brushes, both 0 to 1.

    A smooth curve through points that is monotone between them (monotone cubic interpolation,
    Fritsch and Carlson 1980).

    Attributes:
        points: From left to right; the first at 0, the last at 1.
    """

    points: tuple[Point, ...] = STRAIGHT

    def __post_init__(self) -> None:
        xs = [x for x, _ in self.points]
        if not 2 <= len(xs) <= MOST_POINTS or xs[0] != 0 or xs[-1] != 1:
            raise ValueError("a pressure curve goes from 0 to 1 over a few points")
        if any(not b > a for a, b in pairwise(xs)):
            raise ValueError("the points of a pressure curve follow one another")
        if not all(0 <= y <= 1 for _, y in self.points):
            raise ValueError("pressure is 0 to 1")

    def __call__(self, pressure: float) -> float:
        """The pressure that a brush uses."""
        if self.points == STRAIGHT:
            return pressure
        x = min(max(pressure, 0.0), 1.0)
        at = next(i for i, (a, b) in enumerate(pairwise(self.points)) if x <= b[0])
        (x0, y0), (x1, y1) = self.points[at : at + 2]
        slope0, slope1 = self._slopes()[at : at + 2]
        width = x1 - x0
        t = (x - x0) / width
        y = (
            (1 + 2 * t) * (1 - t) ** 2 * y0
            + t * (1 - t) ** 2 * width * slope0
            + t * t * (3 - 2 * t) * y1
            + t * t * (t - 1) * width * slope1
        )
        return min(max(y, min(y0, y1)), max(y0, y1))

    def __str__(self) -> str:
        return " ".join(f"{x:.4g},{y:.4g}" for x, y in self.points)

    @classmethod
    def from_text(cls, text: str) -> PressureCurve:
        """Parses ``str``; the straight curve if it is damaged."""
        try:
            pairs = [point.split(",") for point in text.split()]
            return cls(tuple((float(x), float(y)) for x, y in pairs))
        except ValueError:
            return cls()

    def moved(self, index: int, x: float, y: float) -> PressureCurve:
        """The curve with a point moved as near to (x, y) as possible; ends keep their x."""
        points = list(self.points)
        if index in (0, len(points) - 1):
            x = points[index][0]
        else:
            left, right = points[index - 1][0], points[index + 1][0]
            room = min(0.02, (right - left) / 4)
            x = min(max(x, left + room), right - room)
        points[index] = x, min(max(y, 0.0), 1.0)
        return PressureCurve(tuple(points))

    def with_point(self, x: float, y: float) -> PressureCurve:
        """The curve with one more point; the same if there is no room for it."""
        far = all(abs(x - other) >= 0.04 for other, _ in self.points)
        if not far or len(self.points) >= MOST_POINTS:
            return self
        return PressureCurve(tuple(sorted([*self.points, (x, min(max(y, 0.0), 1.0))])))

    def without_point(self, index: int) -> PressureCurve:
        """The curve without a point; both ends stay."""
        if index in (0, len(self.points) - 1):
            return self
        return PressureCurve(self.points[:index] + self.points[index + 1 :])

    def _slopes(self) -> Sequence[float]:
        """Slope at each point: the harmonic mean of its neighbours, 0 at extrema."""
        secants = [((y1 - y0) / (x1 - x0), x1 - x0) for (x0, y0), (x1, y1) in pairwise(self.points)]
        inner = []
        for (before, left), (after, right) in pairwise(secants):
            if before * after <= 0:
                inner.append(0.0)
            else:
                w0, w1 = left + 2 * right, 2 * left + right
                inner.append((w0 + w1) / (w0 / before + w1 / after))
        return [secants[0][0], *inner, secants[-1][0]]
