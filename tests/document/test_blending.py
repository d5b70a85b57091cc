import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from painting import noise, write

from sdedit_desktop.document.blending import (
    LIGHT,
    blended,
    mixed,
    over,
    premultiplied,
    recolored,
    scaled,
    spread,
    straightened,
    to_depth,
)
from sdedit_desktop.document.layers import BlendMode, Layer, composite
from sdedit_desktop.document.modes import MIXES
from sdedit_desktop.document.tiles import TILE, Tiles
from sdedit_desktop.geometry import Rect

DEPTHS = [np.uint8, np.uint16]
dtypes = st.sampled_from(DEPTHS)
seeds = st.integers(0, 1000)
opacities = st.sampled_from([0.0, 0.25, 0.5, 1.0]) | st.floats(0, 1)


def in_real_numbers(below, source, mode, atop=False):
    """The W3C formula in float64 on values from 0 to 1."""
    b_alpha, s_alpha = below[..., 3:], source[..., 3:]
    b = below[..., :3] / np.where(b_alpha > 0, b_alpha, 1)
    s = source[..., :3] / np.where(s_alpha > 0, s_alpha, 1)
    atop = atop or mode is BlendMode.ATOP
    mix = MIXES[mode](b, s)
    color = (1 - s_alpha) * below[..., :3] + b_alpha * s_alpha * mix
    alpha = b_alpha
    if not atop:
        color = color + (1 - b_alpha) * source[..., :3]
        alpha = s_alpha + b_alpha * (1 - s_alpha)
    return np.concatenate([color, alpha], axis=2).clip(0, 1)


@given(dtypes, st.data())
def test_products_are_rounded_correctly(dtype, data):
    full = int(np.iinfo(dtype).max)
    a = np.array(data.draw(st.lists(st.integers(0, full), min_size=4, max_size=4)), dtype)
    b = np.array(data.draw(st.lists(st.integers(0, full), min_size=4, max_size=4)), dtype)
    exact = [(2 * int(x) * int(y) + full) // (2 * full) for x, y in zip(a, b, strict=True)]
    assert scaled(a, b).tolist() == exact


def test_all_products_of_8_bits_are_rounded_correctly():
    a, b = np.meshgrid(np.arange(256), np.arange(256))
    assert np.array_equal(scaled(a.astype(np.uint8), b.astype(np.uint8)), (2 * a * b + 255) // 510)


@pytest.mark.parametrize("dtype", DEPTHS)
def test_transparent_leaves_and_opaque_replaces_to_the_last_bit(dtype):
    full = np.iinfo(dtype).max
    below, above = noise((90, 70, 4), dtype), noise((90, 70, 4), dtype, seed=1)
    assert np.array_equal(over(below, np.zeros_like(below)), below)
    above[..., 3] = full
    assert np.array_equal(over(below, above), above)
    assert np.array_equal(mixed(below, above, np.zeros_like(below)), below)
    assert np.array_equal(mixed(below, above, np.full_like(below, full)), above)


@pytest.mark.parametrize("mode", BlendMode)
@pytest.mark.parametrize("dtype", DEPTHS)
def test_a_transparent_layer_changes_nothing_in_any_mode(mode, dtype):
    below = noise((40, 50, 4), dtype)
    assert np.array_equal(blended(below, np.zeros_like(below), mode), below)
    assert np.array_equal(blended(below, np.zeros_like(below), mode, atop=True), below)
    if mode is not BlendMode.ATOP:
        assert np.array_equal(blended(np.zeros_like(below), below, mode), below)


@pytest.mark.parametrize("mode", BlendMode)
@settings(max_examples=30)
@given(seed=seeds, dtype=dtypes, atop=st.booleans())
def test_modes_agree_with_real_numbers(mode, seed, dtype, atop):
    full = np.iinfo(dtype).max
    below, source = noise((16, 16, 4), dtype, seed), noise((16, 16, 4), dtype, seed + 1)
    exact = in_real_numbers(below / full, source / full, mode, atop) * full
    # Half a step of rounding, and float32 inside; colours divided by a small alpha need more.
    tolerance = 1.0 if dtype == np.uint8 else 2.0
    result = blended(below, source, mode, atop=atop)
    assert np.abs(result - exact).max() <= tolerance
    assert (result[..., :3] <= result[..., 3:].astype(int) + 1).all()


GREY = {  # of 0.25 below and 0.5, 0.75 above, by hand
    BlendMode.NORMAL: (0.5, 0.75),
    BlendMode.ATOP: (0.5, 0.75),
    BlendMode.MULTIPLY: (0.125, 0.1875),
    BlendMode.SCREEN: (0.625, 0.8125),
    BlendMode.OVERLAY: (0.25, 0.375),
    BlendMode.DARKEN: (0.25, 0.25),
    BlendMode.LIGHTEN: (0.5, 0.75),
    BlendMode.COLOR_DODGE: (0.5, 1.0),
    BlendMode.COLOR_BURN: (0.0, 0.0),
    BlendMode.HARD_LIGHT: (0.25, 0.625),
    BlendMode.SOFT_LIGHT: (0.25, 0.375),
    BlendMode.DIFFERENCE: (0.25, 0.5),
    BlendMode.COLOR: (0.25, 0.25),
    BlendMode.LUMINOSITY: (0.5, 0.75),
    BlendMode.HUE: (0.25, 0.25),
    BlendMode.SATURATION: (0.25, 0.25),
    BlendMode.ADD: (0.75, 1.0),
}


@pytest.mark.parametrize("mode", BlendMode)
def test_grey_blend_modes_agree_with_the_standard(mode):
    below = np.full((1, 2, 3), 0.25, np.float32)
    above = np.array([[[0.5] * 3, [0.75] * 3]], np.float32)
    assert MIXES[mode](below, above)[0, :, 0] == pytest.approx(GREY[mode], abs=1e-6)


def test_colour_mode_keeps_luminosity_and_takes_hue_and_saturation():
    red = np.array([[[1, 0, 0]]], np.float32)
    grey = np.array([[[0.5, 0.5, 0.5]]], np.float32)
    tinted = MIXES[BlendMode.COLOR](grey, red)[0, 0]
    assert tinted @ [0.3, 0.59, 0.11] == pytest.approx(0.5, abs=1e-5)
    assert tinted[0] > tinted[1] == pytest.approx(tinted[2])
    assert MIXES[BlendMode.SATURATION](red, grey)[0, 0] == pytest.approx([0.3] * 3, abs=1e-5)


@given(dtypes, seeds)
def test_straight_and_back_is_exact(dtype, seed):
    pixels = noise((20, 30, 4), dtype, seed)
    assert np.array_equal(premultiplied(straightened(pixels)), pixels)


@pytest.mark.parametrize("dtype", DEPTHS)
def test_opaque_pictures_are_the_same_straight_and_premultiplied(dtype):
    pixels = np.random.default_rng(0).integers(0, np.iinfo(dtype).max + 1, (70, 9, 3)).astype(dtype)
    there = premultiplied(pixels)
    assert np.array_equal(there[..., :3], pixels)
    assert (there[..., 3] == np.iinfo(dtype).max).all()
    assert np.array_equal(straightened(there), there)


@pytest.mark.parametrize("dtype", DEPTHS)
@pytest.mark.parametrize("alphas", [(0, 0), (0, 1), (0.2, 0.8), (0, 1, 0.5)])
def test_color_of_any_alpha_is_premultiplied(dtype, alphas):
    """Also of whole tiles that are empty but for colours, as other programs write them."""
    full = np.iinfo(dtype).max
    straight = np.random.default_rng(0).integers(0, full + 1, (2 * TILE, 300, 4)).astype(dtype)
    for part, alpha in zip(np.array_split(straight, len(alphas), axis=1), alphas, strict=True):
        part[..., 3] = round(full * alpha)
    exact = straight[..., :3].astype(np.float64) * straight[..., 3:] / full
    assert np.abs(premultiplied(straight)[..., :3] - exact).max() <= 0.5
    assert np.array_equal(premultiplied(straight)[..., 3], straight[..., 3])


def test_16_bits_hold_8_exactly():
    values = np.arange(256, dtype=np.uint8)
    assert np.array_equal(to_depth(to_depth(values, np.uint16), np.uint8), values)
    wide = np.arange(65536, dtype=np.uint16)
    assert np.abs(to_depth(wide, np.uint8) - wide / 257).max() <= 0.5


@pytest.mark.parametrize("dtype", DEPTHS)
def test_spreading_repeats_in_every_channel(dtype):
    alpha = noise((30, 40, 4), dtype)[..., 3]
    assert np.array_equal(spread(alpha), np.repeat(alpha[..., None], 4, axis=2))


layers = st.tuples(
    opacities,
    st.sampled_from([BlendMode.NORMAL, BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.SCREEN]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=50)
@given(st.lists(layers, max_size=5), dtypes, st.integers(-200, 200), st.integers(-200, 200))
def test_a_stack_agrees_with_real_numbers(stack, dtype, x, y):
    """Any rectangle of any stack, with masks, hidden and opaque layers, blank and partial tiles."""
    full = int(np.iinfo(dtype).max)
    rect = Rect(x, y, x + 90, y + 70)
    exact = np.zeros((70, 90, 4))
    made = []
    for number, (opacity, mode, visible, masked, opaque) in enumerate(stack):
        layer = Layer("", tiles=Tiles(dtype=dtype), visible=visible, opacity=opacity, mode=mode)
        place = Rect(-60, -60, 140, 80)
        pixels = noise((140, 200, 4), dtype, seed=number)
        if opaque:
            pixels[..., 3] = full
        write(layer.tiles, place, pixels)
        shows = np.ones((70, 90, 1))
        if masked:
            layer.mask = Tiles(channels=1)
            write(layer.mask, Rect(0, 0, 100, 100), noise((100, 100, 1), seed=number))
            shows = layer.mask.read(rect) / 255
        made.append(layer)
        if visible:
            source = layer.tiles.read(rect) / full * opacity * shows
            exact = in_real_numbers(exact, source, mode)
    shown = composite(made, rect, dtype)
    assert np.abs(shown - exact * full).max() <= 2.0 + len(stack)


def exactly_recolored(below, color, alpha, atop):
    """W3C's blend mode "color" in float64, nothing rounded; all in [0, 1], premultiplied."""
    shown, covers = below[..., 3:], alpha[..., None]
    straight = below[..., :3] / np.where(shown > 0, shown, 1)
    source = np.array(color, float)
    light = straight @ LIGHT.astype(float)
    shades = light[..., None] + source - source @ LIGHT.astype(float)
    low, high, light = shades.min(-1)[..., None], shades.max(-1)[..., None], light[..., None]
    shades = np.where(low < 0, light + (shades - light) * light / (light - low + 1e-300), shades)
    squeezed = (shades - light) * (1 - light) / np.where(high > light, high - light, 1)
    shades = np.where(high > 1, light + squeezed, shades)
    bare = 0 if atop else (1 - shown) * source
    colors = (1 - covers) * below[..., :3] + covers * (shown * shades + bare)
    return np.concatenate([colors, shown if atop else shown + covers * (1 - shown)], -1)


@given(
    st.integers(0, 1000),
    st.tuples(*[st.sampled_from([0, 1, 40, 127, 128, 200, 254, 255])] * 3),
    st.booleans(),
    st.sampled_from([np.uint8, np.uint16]),
)
def test_one_colour_everywhere_is_mixed_as_any_colours_are(seed, color, atop, dtype):
    below = noise((40, 30, 4), dtype, seed)
    full = np.iinfo(dtype).max
    alpha = np.random.default_rng(seed).integers(0, full + 1, (40, 30)).astype(dtype)
    alpha[:5], alpha[5:10] = 0, full
    deep = tuple(value * full // 255 for value in color)
    source = scaled(np.full((40, 30, 4), (*deep, full), dtype), spread(alpha))
    expected = blended(below, source, BlendMode.COLOR, atop=atop).astype(int)
    result = recolored(below, deep, alpha, atop=atop)
    source = np.array(deep) / full
    exact = exactly_recolored(below / full, source, alpha / full, atop) * full
    assert np.abs(result - exact).max() <= 1
    if dtype == np.uint8:  # the other way rounds its source, which clipping to the range magnifies
        assert np.abs(result - expected).max() <= 2
    assert (result[..., :3] <= result[..., 3:]).all()
    assert np.array_equal(result[:5], below[:5])
