"""Blend modes against pictures on disk, and those against the standard's formulas.

The formulas are those of W3C Compositing and Blending Level 1, sections 5 to 10, written down as
they stand there, for one pixel and in Python's own numbers: no line is shared with the program. Run
this file to write the pictures anew; then look at them.
"""

import math
from pathlib import Path

import numpy as np
import pytest

from sdedit_desktop.document.blending import premultiplied, straightened
from sdedit_desktop.document.files import codec
from sdedit_desktop.document.files.photo import open_photo
from sdedit_desktop.document.layers import BlendMode, Layer, composite
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.geometry import Rect

FOLDER = Path(__file__).parent
SIDE = 32
RECT = Rect(0, 0, SIDE, SIDE)
MODES = [mode for mode in BlendMode if mode.value not in ("svg:plus", "svg:src-atop")]


def lum(c):
    return 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2]


def clip_color(c):
    light, n, x = lum(c), min(c), max(c)
    if n < 0:
        c = [light + (v - light) * light / (light - n) for v in c]
    if x > 1:
        c = [light + (v - light) * (1 - light) / (x - light) for v in c]
    return c


def set_lum(c, light):
    d = light - lum(c)
    return clip_color([v + d for v in c])


def sat(c):
    return max(c) - min(c)


def set_sat(c, s):
    low, high = min(c), max(c)
    return [(v - low) * s / (high - low) for v in c] if high > low else [0.0, 0.0, 0.0]


def multiply(cb, cs):
    return cb * cs


def screen(cb, cs):
    return cb + cs - cb * cs


def hard_light(cb, cs):
    return multiply(cb, 2 * cs) if cs <= 0.5 else screen(cb, 2 * cs - 1)


def color_dodge(cb, cs):
    if cb == 0:
        return 0.0
    return 1.0 if cs == 1 else min(1.0, cb / (1 - cs))


def color_burn(cb, cs):
    if cb == 1:
        return 1.0
    return 0.0 if cs == 0 else 1 - min(1.0, (1 - cb) / cs)


def soft_light(cb, cs):
    if cs <= 0.5:
        return cb - (1 - 2 * cs) * cb * (1 - cb)
    d = ((16 * cb - 12) * cb + 4) * cb if cb <= 0.25 else math.sqrt(cb)
    return cb + (2 * cs - 1) * (d - cb)


SEPARABLE = {
    BlendMode.NORMAL: lambda cb, cs: cs,
    BlendMode.MULTIPLY: multiply,
    BlendMode.SCREEN: screen,
    BlendMode.OVERLAY: lambda cb, cs: hard_light(cs, cb),
    BlendMode.DARKEN: min,
    BlendMode.LIGHTEN: max,
    BlendMode.COLOR_DODGE: color_dodge,
    BlendMode.COLOR_BURN: color_burn,
    BlendMode.HARD_LIGHT: hard_light,
    BlendMode.SOFT_LIGHT: soft_light,
    BlendMode.DIFFERENCE: lambda cb, cs: abs(cb - cs),
}
WHOLE = {
    BlendMode.HUE: lambda cb, cs: set_lum(set_sat(cs, sat(cb)), lum(cb)),
    BlendMode.SATURATION: lambda cb, cs: set_lum(set_sat(cb, sat(cs)), lum(cb)),
    BlendMode.COLOR: lambda cb, cs: set_lum(cs, lum(cb)),
    BlendMode.LUMINOSITY: lambda cb, cs: set_lum(cb, lum(cs)),
}


def blended_pixel(backdrop, source, mode):
    """Straight RGBA in [0, 1], below and above, to premultiplied RGBA."""
    *cb, ab = backdrop
    *cs, alpha_s = source
    if mode in WHOLE:
        mix = WHOLE[mode](cb, cs)
    else:
        mix = [SEPARABLE[mode](b, s) for b, s in zip(cb, cs, strict=True)]
    color = [
        alpha_s * (1 - ab) * s + alpha_s * ab * m + (1 - alpha_s) * ab * b
        for b, s, m in zip(cb, cs, mix, strict=True)
    ]
    return [*color, alpha_s + ab * (1 - alpha_s)]


def expected(mode, below=None, above=None):
    """Premultiplied, 0 to 255; of the stored pictures or of other straight ones in [0, 1]."""
    below = picture("below") / 255 if below is None else below
    above = picture("above") / 255 if above is None else above
    rows = zip(below.tolist(), above.tolist(), strict=True)
    return 255 * np.array(
        [[blended_pixel(b, s, mode) for b, s in zip(*row, strict=True)] for row in rows]
    )


def picture(name):
    """Straight RGBA of a stored picture."""
    pixels = open_photo(FOLDER / f"{name}.png").pixels
    if pixels.shape[2] == 4:
        return pixels
    return np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])


def golden(mode):
    return picture(f"blend_{mode.name.lower()}")


@pytest.mark.parametrize("mode", MODES)
def test_golden_pictures_agree_with_the_standards_formulas(mode):
    stored = golden(mode).astype(float)
    alpha = stored[..., 3:] / 255
    # Half a step of each straight value, which counts as much as it is opaque.
    assert np.abs(stored[..., 3:] - expected(mode)[..., 3:]).max() <= 0.501
    assert np.abs(stored[..., :3] * alpha - expected(mode)[..., :3]).max() <= 1.01


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("depth", [8, 16])
def test_layers_look_like_the_golden_pictures(mode, depth):
    dtype = np.uint8 if depth == 8 else np.uint16
    scale = 1 if depth == 8 else 257
    layers, exact = [], []
    for name in ("below", "above"):
        pixels = premultiplied(picture(name).astype(dtype) * dtype(scale))
        tiles = Tiles(dtype=dtype)
        edit = tiles.edit()
        edit.write(RECT, pixels)
        edit.commit()
        layers.append(Layer(name, tiles=tiles, mode=mode if name == "above" else BlendMode.NORMAL))
        exact.append(straight(pixels / (255 * scale)))
    shown = composite(layers, RECT, dtype).astype(float) / scale
    assert np.abs(shown - expected(mode, *exact)).max() <= 0.51
    # The stored pictures are rounded to 8 bits; where a mode divides, that is more than a step.
    apart = np.abs(shown - premultiplied(golden(mode)))
    assert apart.mean() < 0.5
    assert np.percentile(apart, 99.5) <= 3


def straight(pixels):
    alpha = pixels[..., 3:]
    color = np.divide(pixels[..., :3], alpha, out=np.zeros_like(pixels[..., :3]), where=alpha > 0)
    return np.concatenate([color, alpha], axis=2)


def test_no_two_modes_make_the_same_picture():
    assert len({golden(mode).tobytes() for mode in MODES}) == len(MODES)


def _inputs():
    """Below: all lights and some hues, opaque on the left; above: others, in four opacities."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / (SIDE - 1)
    below = np.stack([x, y, (x + 1 - y) / 2, np.where(x < 0.5, 1, 1.5 - x)], axis=2)
    bands = np.array([1.0, 2 / 3, 1 / 3, 0.0])[(y * 3.999).astype(int)]
    above = np.stack([y, 1 - x, np.abs(np.sin(7 * x)), bands], axis=2)
    return {"below": below, "above": above}


if __name__ == "__main__":
    for name, pixels in _inputs().items():
        data = codec.to_png(np.rint(pixels * 255).astype(np.uint8))
        (FOLDER / f"{name}.png").write_bytes(data)
    for mode in MODES:
        pixels = straightened(np.rint(expected(mode)).astype(np.uint8))
        (FOLDER / f"blend_{mode.name.lower()}.png").write_bytes(codec.to_png(pixels))
