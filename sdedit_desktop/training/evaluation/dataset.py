"""Evaluation data: scenes cut from photographs, simulated strokes, and masks."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyvips
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.training.photographs import (
    Pixels,
    random_scene,
    read_photograph,
)

STROKE_WIDTH = 23
STROKE_COLOURS = 6
Mask = NDArray[np.uint8]
"""(H, W): 255 may change, 0 may not."""

_GOLDEN = (5**0.5 - 1) / 2


def simulate_strokes(pixels: Pixels) -> Pixels:
    """Simulates coarse strokes from a photograph (Meng et al. 2022, appendix C.2).

    A median filter removes everything small, then the picture is reduced to few colours. The
    paper does this at 256 px; other sizes get a filter of the same relative width.

    Args:
        pixels: (H, W, 3).

    Returns:
        (H, W, 3).
    """
    width = max(3, round(STROKE_WIDTH * min(pixels.shape[:2]) / 256) | 1)
    smooth: Pixels = pyvips.Image.new_from_array(np.ascontiguousarray(pixels)).median(width).numpy()
    few = Image.fromarray(smooth).quantize(STROKE_COLOURS, Image.Quantize.MEDIANCUT)
    return np.asarray(few.convert("RGB"))


class Scene(NamedTuple):
    """The input of an edit.

    Attributes:
        photograph: (H, W, 3).
        guide: (H, W, 3), the photograph with strokes painted inside the mask.
        mask: (H, W): more than 0 may change.
    """

    photograph: Pixels
    guide: Pixels
    mask: Mask


@dataclass(frozen=True, eq=False)
class Scenes:
    """An endless sequence of square scenes; its first few are already a fair sample.

    Attributes:
        paths: The photographs.
        chances: How often each is to be drawn, summing to 1. See ``shares_of_folders``.
        size: Height and width of the scenes, in pixels.
        seed: Decides where the scenes are cut out.
    """

    paths: tuple[Path, ...]
    chances: NDArray[np.float64]
    size: int
    seed: int

    def photograph(self, index: int) -> Path:
        """The photograph of a scene. Any run of neighbouring scenes is close to the chances."""
        position = (index * _GOLDEN + self.seed / 7) % 1
        found = np.searchsorted(self.chances.cumsum(), position, side="right")
        return self.paths[min(int(found), len(self.paths) - 1)]

    def pixels(self, index: int) -> Pixels:
        """The scene at ``index``, (size, size, 3): as wide or as close as in training."""
        rng = np.random.default_rng((self.seed, index))
        return random_scene(read_photograph(self.photograph(index)), self.size, rng)

    def scene(self, index: int, seed: int | None) -> Scene:
        """The scene at ``index`` with strokes everywhere, or inside a random mask.

        Args:
            index: Of the scene.
            seed: Decides the mask; None for strokes everywhere.
        """
        pixels = self.pixels(index)
        mask = (
            np.full(pixels.shape[:2], 255, np.uint8)
            if seed is None
            else random_mask(self.size, seed)
        )
        return Scene(pixels, np.where(mask[..., None] > 0, simulate_strokes(pixels), pixels), mask)


def large_enough(paths: Sequence[Path], size: int) -> tuple[Path, ...]:
    """Leaves out photographs that would have to be enlarged.

    Raises:
        FileFormatError: There are none, or one cannot be read.
    """
    found = []
    for path in paths:
        try:
            with Image.open(path) as picture:
                if min(picture.size) >= size:
                    found.append(path)
        except OSError as error:
            raise FileFormatError("{0} is not a picture that can be read.", path) from error
    if not found:
        raise FileFormatError("None of the held-out photographs has {0} x {0} pixels.", size)
    return tuple(found)


def random_mask(size: int, seed: int) -> Mask:
    """A random mask: one broad brush stroke.

    Returns:
        (size, size), 0 or 255.
    """
    rng = np.random.default_rng(seed)
    width = size * rng.uniform(0.25, 0.35)
    turn, length = rng.uniform(0, np.pi), size * rng.uniform(0.2, 0.35)
    middle = size * rng.uniform(0.4, 0.6, 2)
    reach = length / 2 * np.array([np.cos(turn), np.sin(turn)])
    picture = Image.new("L", (size, size))
    draw = ImageDraw.Draw(picture)
    for share in np.linspace(-1, 1, 64):
        draw.circle(tuple(middle + share * reach), width / 2, fill=255)
    return np.asarray(picture)
