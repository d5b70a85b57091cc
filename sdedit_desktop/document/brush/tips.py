"""Bitmap tips of brushes."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MOST_SIDE = 1024
"""Largest side of a tip, in pixels; larger pictures are reduced."""


@dataclass(frozen=True, eq=False)
class Tip:
    """A square bitmap of coverage.

    Attributes:
        name: The file it came from.
        coverage: (n, n) float32 in [0, 1].
    """

    name: str
    coverage: NDArray[np.float32]

    @cached_property
    def sizes(self) -> tuple[Image.Image, ...]:
        """The picture at successively halved sizes, the largest first."""
        pictures = [Image.fromarray(self.coverage)]
        while pictures[-1].width > 8:
            pictures.append(pictures[-1].reduce(2))
        return tuple(pictures)

    @cached_property
    def extent(self) -> float:
        """Largest distance of coverage from the centre, in halves of the side."""
        side = len(self.coverage)
        rows, columns = np.nonzero(self.coverage)
        if not rows.size:
            return 0.0
        middle = (side - 1) / 2
        far = np.hypot(np.abs(rows - middle) + 0.5, np.abs(columns - middle) + 0.5).max()
        return float(far) / (side / 2)

    def drawn(self, radius: float, x: float, y: float, angle: float) -> NDArray[np.float32]:
        """The tip around (x, y), turned and scaled to a radius.

        Args:
            radius: Half of the picture's side, in pixels.
            x: Subpixel position of the centre, measured from the corner between the middle pixels.
            y: The same downwards.
            angle: Clockwise, in radians.

        Returns:
            (2 n, 2 n) coverage in [0, 1].
        """
        reach = math.ceil(radius * self.extent + 2)
        larger = [picture for picture in self.sizes if picture.width >= 2 * radius]
        source = larger[-1] if larger else self.sizes[0]
        scale, middle = source.width / (2 * radius), source.width / 2
        cos, sin = scale * math.cos(angle), scale * math.sin(angle)
        left, top = reach + x, reach + y
        picture = source.transform(
            (2 * reach, 2 * reach),
            Image.Transform.AFFINE,
            (cos, sin, middle - cos * left - sin * top, -sin, cos, middle + sin * left - cos * top),
            Image.Resampling.BILINEAR,
        )
        return np.asarray(picture)


def square(coverage: NDArray[np.float32]) -> NDArray[np.float32]:
    """A picture centred in a square, at most as large as a tip may be."""
    height, width = coverage.shape
    side = max(height, width)
    out: NDArray[np.float32] = np.zeros((side, side), np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    out[top : top + height, left : left + width] = coverage
    if side > MOST_SIDE:
        small = Image.fromarray(out).resize((MOST_SIDE, MOST_SIDE), Image.Resampling.BOX)
        out = np.asarray(small)
    return out
