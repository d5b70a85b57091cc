"""Blend modes (W3C Compositing and Blending Level 1)."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]


class BlendMode(Enum):
    """Blend modes; the values are OpenRaster's names."""

    NORMAL = "svg:src-over"
    ATOP = "svg:src-atop"
    MULTIPLY = "svg:multiply"
    SCREEN = "svg:screen"
    OVERLAY = "svg:overlay"
    DARKEN = "svg:darken"
    LIGHTEN = "svg:lighten"
    COLOR_DODGE = "svg:color-dodge"
    COLOR_BURN = "svg:color-burn"
    HARD_LIGHT = "svg:hard-light"
    SOFT_LIGHT = "svg:soft-light"
    DIFFERENCE = "svg:difference"
    COLOR = "svg:color"
    LUMINOSITY = "svg:luminosity"
    HUE = "svg:hue"
    SATURATION = "svg:saturation"
    ADD = "svg:plus"


LIGHT: Final = np.array([0.3, 0.59, 0.11], np.float32)
"""Weights of red, green and blue in luminosity."""

_ONE = np.float32(1)


def _overlay(b: Floats, s: Floats) -> Floats:
    return _hard_light(s, b)


def _hard_light(b: Floats, s: Floats) -> Floats:
    return np.where(s <= 0.5, b * 2 * s, b + (2 * s - 1) - b * (2 * s - 1))


def _color_dodge(b: Floats, s: Floats) -> Floats:
    light = np.minimum(1, b / np.where(s < 1, 1 - s, _ONE))
    return np.where(b == 0, 0, np.where(s >= 1, 1, light)).astype(np.float32)


def _color_burn(b: Floats, s: Floats) -> Floats:
    dark = 1 - np.minimum(1, (1 - b) / np.where(s > 0, s, _ONE))
    return np.where(b >= 1, 1, np.where(s <= 0, 0, dark)).astype(np.float32)


def _soft_light(b: Floats, s: Floats) -> Floats:
    dark: Floats = ((16 * b - 12) * b + 4) * b
    root: Floats = np.sqrt(b)
    curve = np.where(b <= 0.25, dark, root)
    light: Floats = np.add(b, (2 * s - 1) * (curve - b))
    return np.where(s <= 0.5, b - (1 - 2 * s) * b * (1 - b), light)


def _luminosity(color: Floats) -> Floats:
    return (color @ LIGHT)[..., None]


def _with_luminosity(color: Floats, luminosity: Floats) -> Floats:
    color = np.add(color, luminosity - _luminosity(color))
    low, high = color.min(axis=-1, keepdims=True), color.max(axis=-1, keepdims=True)
    up = np.where(low < 0, luminosity / np.maximum(luminosity - low, 1e-9), _ONE)
    down = np.where(high > 1, (1 - luminosity) / np.maximum(high - luminosity, 1e-9), _ONE)
    result: Floats = luminosity + (color - luminosity) * np.minimum(up, down)
    return result


def _saturation(color: Floats) -> Floats:
    result: Floats = color.max(axis=-1, keepdims=True) - color.min(axis=-1, keepdims=True)
    return result


def _with_saturation(color: Floats, saturation: Floats) -> Floats:
    low, own = color.min(axis=-1, keepdims=True), _saturation(color)
    result: Floats = (color - low) * saturation / np.where(own > 0, own, _ONE)
    return result


MIXES: Mapping[BlendMode, Callable[[Floats, Floats], Floats]] = {
    BlendMode.NORMAL: lambda b, s: s,
    BlendMode.ATOP: lambda b, s: s,
    BlendMode.MULTIPLY: lambda b, s: b * s,
    BlendMode.SCREEN: lambda b, s: b + s - b * s,
    BlendMode.OVERLAY: _overlay,
    BlendMode.DARKEN: np.minimum,
    BlendMode.LIGHTEN: np.maximum,
    BlendMode.COLOR_DODGE: _color_dodge,
    BlendMode.COLOR_BURN: _color_burn,
    BlendMode.HARD_LIGHT: _hard_light,
    BlendMode.SOFT_LIGHT: _soft_light,
    BlendMode.DIFFERENCE: lambda b, s: np.abs(b - s),
    BlendMode.COLOR: lambda b, s: _with_luminosity(s, _luminosity(b)),
    BlendMode.LUMINOSITY: lambda b, s: _with_luminosity(b, _luminosity(s)),
    BlendMode.HUE: lambda b, s: _with_luminosity(
        _with_saturation(s, _saturation(b)), _luminosity(b)
    ),
    BlendMode.SATURATION: lambda b, s: _with_luminosity(
        _with_saturation(b, _saturation(s)), _luminosity(b)
    ),
    BlendMode.ADD: lambda b, s: np.minimum(b + s, _ONE),
}
"""Functions of straight colours below and above, (..., 3) in [0, 1], at full opacity."""
