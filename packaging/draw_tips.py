"""Draws the tips of the bundled brushes: black on white, always the same.

Run ``python packaging/draw_tips.py [FOLDER]``.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 256
FINE = 4
"""The tips are drawn this many times larger and reduced, so that edges are smooth."""


def noise(rng: np.random.Generator, grain: float) -> np.ndarray:
    """Unevenness with hills about ``grain`` pixels wide; mean 0, deviation 1."""
    waves = np.fft.fftfreq(SIDE) * SIDE
    distance = np.hypot(waves[:, None], waves[None, :])
    white = np.fft.fft2(rng.standard_normal((SIDE, SIDE)))
    hills = np.fft.ifft2(white * np.exp(-((distance * grain / SIDE) ** 2))).real
    return hills / hills.std()


def from_middle(side: int) -> tuple[np.ndarray, np.ndarray]:
    """How far right and down of the middle each pixel is; 1 is the edge."""
    steps = (np.arange(side) + 0.5) / side * 2 - 1
    return np.meshgrid(steps, steps)


def sponge() -> np.ndarray:
    """Pores of two sizes in a ragged round."""
    rng = np.random.default_rng(7)
    across, down = from_middle(SIDE)
    ragged = np.hypot(across, down) + 0.07 * noise(rng, 22)
    inside = np.clip((0.86 - ragged) / 0.16, 0, 1)
    pores = noise(rng, 9) + 0.6 * noise(rng, 4)
    return inside * np.clip(0.55 + 1.1 * pores, 0, 1)


def foliage() -> np.ndarray:
    """Leaves that point anywhere, thicker in the middle."""
    rng = np.random.default_rng(11)
    side = SIDE * FINE
    across, down = from_middle(side)
    covered = np.zeros((side, side))
    for _ in range(46):
        far, around, turn = 0.74 * rng.random() ** 0.6, *rng.uniform(0, 2 * np.pi, 2)
        right, below = across - far * np.cos(around), down - far * np.sin(around)
        length = rng.uniform(0.13, 0.21)
        along = (np.cos(turn) * right + np.sin(turn) * below) / length
        aside = (np.cos(turn) * below - np.sin(turn) * right) / length
        leaf = np.abs(aside) < 0.42 * (1 - along**2)
        covered = np.maximum(covered, leaf * rng.uniform(0.55, 1))
    return covered.reshape(SIDE, FINE, SIDE, FINE).mean(axis=(1, 3))


TIPS = {"sponge.png": sponge, "foliage.png": foliage}


def main() -> None:
    """Writes all tips."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1])
    folder = folder if len(sys.argv) > 1 else folder / "resources" / "brushes"
    for name, draw in TIPS.items():
        ink = np.rint(255 * (1 - draw())).astype(np.uint8)
        Image.fromarray(ink).save(folder / name, optimize=True)
        print(folder / name)


if __name__ == "__main__":
    main()
