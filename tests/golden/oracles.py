"""What brushes should leave, by formula and fine sampling; knows nothing of the program.

Run ``python tests/golden/oracles.py`` to write the pictures anew.
"""

from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).parent
FINE = 16
"""Samples per pixel and direction."""

CELL = 48
COLOR = np.array([230, 120, 20]) / 255
OPACITY = 0.7


def fine_grid(width, height):
    """Where the samples lie, in pixels."""
    xs = (np.arange(width * FINE) + 0.5) / FINE
    ys = (np.arange(height * FINE) + 0.5) / FINE
    return np.meshgrid(xs, ys)


def mean_of_pixels(samples):
    height, width = samples.shape
    return samples.reshape(height // FINE, FINE, width // FINE, FINE).mean(axis=(1, 3))


def disc(x, y, radius):
    """The exact area of every pixel inside a disc."""
    across, down = fine_grid(CELL, CELL)
    return mean_of_pixels(np.hypot(across - x, down - y) <= radius)


def soft_disc(x, y, radius, hardness):
    """Full up to the hard part, then a smooth step down to half a pixel outside."""
    across, down = fine_grid(CELL, CELL)
    t = (radius + 0.5 - np.hypot(across - x, down - y)) / ((1 - hardness) * radius)
    t = t.clip(0, 1)
    return mean_of_pixels(t * t * (3 - 2 * t))


def ellipse(x, y, radius, stretch, degrees):
    """The exact area inside an ellipse, so many times as long as wide."""
    across, down = fine_grid(CELL, CELL)
    turn = np.radians(degrees)
    along = np.cos(turn) * (across - x) + np.sin(turn) * (down - y)
    aside = np.cos(turn) * (down - y) - np.sin(turn) * (across - x)
    return mean_of_pixels(np.hypot(along / stretch, aside) <= radius)


def line(start, end, radius):
    """The exact area within a distance of a straight line."""
    across, down = fine_grid(CELL, CELL)
    (x0, y0), (x1, y1) = start, end
    length = (x1 - x0) ** 2 + (y1 - y0) ** 2
    t = (((across - x0) * (x1 - x0) + (down - y0) * (y1 - y0)) / length).clip(0, 1)
    return mean_of_pixels(
        np.hypot(across - x0 - t * (x1 - x0), down - y0 - t * (y1 - y0)) <= radius
    )


EDGES = {
    "disc": lambda: disc(23.625, 24.25, 15.25),
    "small disc": lambda: disc(24.5, 23.75, 2.25),
    "soft disc": lambda: soft_disc(24.25, 23.5, 18.0, 0.3),
    "ellipse": lambda: ellipse(24.0, 24.0, 8.0, 2.0, 30),
    "line": lambda: line((12, 14), (36, 33), 7.0),
}
"""Name to coverage, (48, 48) from 0 to 1."""


def backdrop():
    """Opaque colours from dark to light and from grey to green: (48, 48, 3) from 0 to 1."""
    x, y = np.meshgrid(np.linspace(0, 1, CELL), np.linspace(0, 1, CELL))
    return np.rint(255 * np.stack([0.9 * x, 0.15 + 0.7 * y, x * (1 - y)], axis=2)) / 255


def luminosity(color):
    return (color @ np.array([0.3, 0.59, 0.11]))[..., None]


def clipped(color):
    """W3C ClipColor."""
    grey = luminosity(color)
    low, high = color.min(axis=2, keepdims=True), color.max(axis=2, keepdims=True)
    color = np.where(
        low < 0, grey + (color - grey) * grey / np.where(low < 0, grey - low, 1), color
    )
    over = high > 1
    return np.where(
        over, grey + (color - grey) * (1 - grey) / np.where(over, high - grey, 1), color
    )


MODES = {
    "normal": lambda b: np.broadcast_to(COLOR, b.shape),
    "multiply": lambda b: b * COLOR,
    "screen": lambda b: b + COLOR - b * COLOR,
    "colour": lambda b: clipped(COLOR + luminosity(b) - luminosity(COLOR)),
}
"""Name to what a full stroke makes of colours below (W3C Compositing and Blending)."""


def painted(mode):
    """A soft dab in a mode on the backdrop: (48, 48, 3) from 0 to 1."""
    below, share = backdrop(), OPACITY * EDGES["soft disc"]()[..., None]
    return (1 - share) * below + share * MODES[mode](below)


def in_a_row(cells):
    return np.rint(255 * np.concatenate(list(cells), axis=1)).astype(np.uint8)


def main():
    Image.fromarray(in_a_row(make() for make in EDGES.values())).save(FOLDER / "edges.png")
    Image.fromarray(in_a_row(map(painted, MODES))).save(FOLDER / "modes.png")


if __name__ == "__main__":
    main()
