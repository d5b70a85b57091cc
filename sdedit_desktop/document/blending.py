"""Compositing of premultiplied RGBA in integers of the pixels' depth.

Products are divided by the full value with exact rounding, so that transparent pixels leave what is
below untouched and opaque ones replace it exactly. Only non-separable modes use float32.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np

from sdedit_desktop.document.modes import LIGHT, MIXES, BlendMode, Floats
from sdedit_desktop.document.tiles import TILE, Pixels, SampleType


def full_value(dtype: SampleType) -> int:
    """The integer for 1.0: 255 or 65535."""
    return int(np.iinfo(dtype).max)


def spread(alpha: Pixels) -> Pixels:
    """Repeats (height, width) values in four channels; much faster than broadcasting them."""
    if alpha.dtype == np.uint8:
        return (
            (alpha.astype(np.uint32) * np.uint32(0x01010101))
            .view(np.uint8)
            .reshape(*alpha.shape, 4)
        )
    wide = alpha.astype(np.uint64) * np.uint64(0x0001000100010001)
    return wide.view(np.uint16).reshape(*alpha.shape, 4)


def scaled(pixels: Pixels, by: Pixels | np.unsignedinteger) -> Pixels:
    """``pixels * by / full``, correctly rounded; both of the same type."""
    return _divided(_product(pixels, by), pixels.dtype)


def mixed(below: Pixels, above: Pixels, alpha: Pixels) -> Pixels:
    """Interpolates from ``below`` where ``alpha`` is 0 to ``above`` where it is full."""
    product = _product(below, ~alpha)
    product += _product(above, alpha)
    return _divided(product, below.dtype)


def over(below: Pixels, source: Pixels) -> Pixels:
    """Source over what is below."""
    result = scaled(below, ~spread(source[..., 3]))
    result += source
    return result


def blended(below: Pixels, source: Pixels, mode: BlendMode, *, atop: bool = False) -> Pixels:
    """Composites premultiplied RGBA (height, width, 4).

    Args:
        below: The pixels underneath.
        source: The pixels on top.
        mode: The blend mode.
        atop: Whether the result keeps the alpha of ``below``.
    """
    if mode is BlendMode.ATOP or (mode is BlendMode.NORMAL and atop):
        return _atop(below, source)
    if mode is BlendMode.NORMAL:
        return over(below, source)
    if mode is BlendMode.MULTIPLY:
        return _multiplied(below, source, atop)
    if mode is BlendMode.SCREEN:
        return _screened(below, source, atop)
    return _blended_in_float(below, source, mode, atop)


def _atop(below: Pixels, source: Pixels) -> Pixels:
    """``b (1 - s_alpha) + s b_alpha``, rounded once."""
    product = _product(below, ~spread(source[..., 3]))
    product += _product(source, spread(below[..., 3]))
    return _divided(product, below.dtype)


def _multiplied(below: Pixels, source: Pixels, atop: bool) -> Pixels:
    """``b (1 - s_alpha) + b s + s (1 - b_alpha)``, rounded once; the last term is not atop."""
    product = _product(below, ~spread(source[..., 3]))
    product += _product(below, source)
    if not atop:
        product += _product(source, ~spread(below[..., 3]))
    return _divided(product, below.dtype)


def _screened(below: Pixels, source: Pixels, atop: bool) -> Pixels:
    """``b + s (1 - b)``, rounded once; atop, ``b + s (b_alpha - b)``."""
    full = below.dtype.type(np.iinfo(below.dtype).max)
    product = _product(below, full)
    product += _product(source, (spread(below[..., 3]) if atop else full) - below)
    return _divided(product, below.dtype)


def _blended_in_float(below: Pixels, source: Pixels, mode: BlendMode, atop: bool) -> Pixels:
    full = np.float32(np.iinfo(below.dtype).max)
    b, s = below.astype(np.float32) / full, source.astype(np.float32) / full
    b_alpha, s_alpha = b[..., 3:], s[..., 3:]
    out = b * (1 - s_alpha)
    if not atop:
        out += s * (1 - b_alpha)
    out[..., :3] += s_alpha * b_alpha * MIXES[mode](_straight(b), _straight(s))
    out[..., 3:] += s_alpha * b_alpha
    return np.rint(out.clip(0, 1) * full).astype(below.dtype)


def recolored(
    below: Pixels, color: tuple[int, ...], alpha: Pixels, *, atop: bool = False
) -> Pixels:
    """``blended`` in the mode COLOR with one colour everywhere, many times faster.

    The colour of a pixel of luminosity L is then ``L + k (color - its luminosity)``, where k is 1,
    or less as far as it must be not to leave 0 to 1: no more than a minimum of straight lines. As
    they go through 0 with the pixel's alpha, nothing has to be divided by it.

    Args:
        below: Premultiplied RGBA (height, width, 4).
        color: Straight red, green and blue, in the depth of the pixels.
        alpha: Coverage of the colour, (height, width) in the same depth.
        atop: Whether the result keeps the alpha of ``below``.
    """
    full = np.float32(np.iinfo(below.dtype).max)
    source = np.array(color[:3], np.float32)
    away = source - source @ LIGHT
    lowest, highest = np.maximum([-away.min(), away.max()], 1e-6).astype(np.float32)
    planes = [below[..., channel].astype(np.float32) for channel in range(4)]
    share, b_alpha = alpha.astype(np.float32) / full, planes[3]
    light = LIGHT[0] * planes[0] + LIGHT[1] * planes[1] + LIGHT[2] * planes[2]
    k = np.minimum((b_alpha - light) * (1 / highest), light * (1 / lowest))
    np.minimum(k, b_alpha * (1 / full), out=k)
    bare = full - b_alpha
    out: Pixels = np.empty_like(below)
    for channel in range(3):
        goal = away[channel] * k
        goal += light
        if not atop:
            goal += bare * (source[channel] / full)
        goal -= planes[channel]
        goal *= share
        goal += planes[channel]
        out[..., channel] = np.rint(goal.clip(0, full, out=goal), out=goal)
    shown = b_alpha if atop else b_alpha + bare * share
    out[..., 3] = np.rint(shown)
    np.minimum(out[..., :3], out[..., 3:], out=out[..., :3])
    return out


def to_depth(values: Pixels, dtype: SampleType) -> Pixels:
    """Converts values to 8 or 16 bits, rounded; unchanged if they are already."""
    if values.dtype == dtype:
        return values
    if dtype is np.uint16:
        return values.astype(np.uint16) * np.uint16(257)
    return ((values.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)


def premultiplied(straight: Pixels) -> Pixels:
    """Converts straight RGB or RGBA (height, width, 3 or 4) to premultiplied RGBA."""
    height, width, channels = straight.shape
    out: Pixels = np.empty((height, width, 4), straight.dtype)
    out[..., :channels] = straight
    if channels == 3:
        out[..., 3] = np.iinfo(straight.dtype).max
        return out
    for block in _see_through(out):
        alpha = spread(block[..., 3])
        alpha[..., 3] = np.iinfo(straight.dtype).max
        block[:] = scaled(block, alpha)
    return out


def straightened(pixels: Pixels) -> Pixels:
    """Converts premultiplied RGBA to straight RGBA; ``premultiplied`` inverts it exactly."""
    out = pixels.copy()
    full = int(np.iinfo(pixels.dtype).max)
    # Enough digits that the quotient is off by no more than half a step.
    precise = np.float32 if pixels.dtype == np.uint8 else np.float64
    for block in _see_through(out):
        alpha = np.maximum(block[..., 3:], 1).astype(precise)
        color = block[..., :3] * np.divide(full, alpha)
        block[..., :3] = np.minimum(np.rint(color), full)
    return out


def _see_through(pixels: Pixels) -> Iterator[Pixels]:
    """Views of the parts of RGBA pixels that are neither fully opaque nor all zero."""
    height, width, _ = pixels.shape
    for top, left in product(range(0, height, TILE), range(0, width, TILE)):
        block = pixels[top : top + TILE, left : left + TILE]
        if block[..., 3].min() < np.iinfo(pixels.dtype).max and block.any():
            yield block


def _product(a: Pixels, b: Pixels | np.unsignedinteger) -> Pixels:
    wide = np.uint16 if a.dtype == np.uint8 else np.uint32
    product: Pixels = np.multiply(a, b, dtype=wide)
    return product


def _divided(product: Pixels, dtype: np.dtype[np.unsignedinteger]) -> Pixels:
    """Rounded division by ``2 ** bits - 1``, within the product's type."""
    bits = product.dtype.type(8 * dtype.itemsize)
    product += product.dtype.type(1 << (8 * dtype.itemsize - 1))
    product += product >> bits
    product >>= bits
    return product.astype(dtype)


def _straight(premultiplied: Floats) -> Floats:
    alpha = premultiplied[..., 3:]
    color: Floats = np.divide(premultiplied[..., :3], np.where(alpha > 0, alpha, np.float32(1)))
    return color
