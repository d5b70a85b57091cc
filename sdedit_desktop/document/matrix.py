"""Affine transforms of document points."""

from __future__ import annotations

import math
from typing import NamedTuple

from sdedit_desktop.geometry import Rect


class Matrix(NamedTuple):
    """Maps document points: ``x' = xx x + xy y + dx`` and ``y' = yx x + yy y + dy``."""

    xx: float = 1.0
    xy: float = 0.0
    yx: float = 0.0
    yy: float = 1.0
    dx: float = 0.0
    dy: float = 0.0

    def applied(self, x: float, y: float) -> tuple[float, float]:
        """Transforms a point."""
        return self.xx * x + self.xy * y + self.dx, self.yx * x + self.yy * y + self.dy

    def bounds(self, rect: Rect) -> Rect:
        """The bounding box of a transformed rectangle."""
        corners = [self.applied(x, y) for x in (rect[0], rect[2]) for y in (rect[1], rect[3])]
        xs, ys = zip(*corners, strict=True)
        slack = 1e-6
        return Rect(
            math.floor(min(xs) + slack),
            math.floor(min(ys) + slack),
            math.ceil(max(xs) - slack),
            math.ceil(max(ys) - slack),
        )

    def then(self, later: Matrix) -> Matrix:
        """The composition of this transform with another one after it."""
        return Matrix(
            later.xx * self.xx + later.xy * self.yx,
            later.xx * self.xy + later.xy * self.yy,
            later.yx * self.xx + later.yy * self.yx,
            later.yx * self.xy + later.yy * self.yy,
            *later.applied(self.dx, self.dy),
        )

    def inverse(self) -> Matrix:
        """The inverse transform."""
        area = self.xx * self.yy - self.xy * self.yx
        xx, xy, yx, yy = self.yy / area, -self.xy / area, -self.yx / area, self.xx / area
        return Matrix(
            xx, xy, yx, yy, -(xx * self.dx + xy * self.dy), -(yx * self.dx + yy * self.dy)
        )

    @property
    def keeps_pixels(self) -> bool:
        """Whether it maps pixels to pixels: translation, mirroring or quarter turns."""
        square = sorted(abs(value) for value in self[:4]) == [0, 0, 1, 1]
        straight = self.xx * self.yy - self.xy * self.yx != 0
        return square and straight and self.dx % 1 == 0 and self.dy % 1 == 0
