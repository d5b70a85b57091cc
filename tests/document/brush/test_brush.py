from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from painting import BRUSH, noise, stroke, write

from sdedit_desktop.document.brush.brush import STRING, Brush, Sample, Smoothing
from sdedit_desktop.document.brush.dabs import (
    FULL,
    Dab,
    coverage_of,
    long_dab,
    round_dab,
)
from sdedit_desktop.document.brush.stroke import Stroke
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.layers import BlendMode
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.geometry import NOWHERE, Rect

fractions = st.floats(0, 1)
radii = st.floats(0.1, 60)


def painted(brush, *points, before=None, dtype=np.uint8, channels=4, **options):
    """The pixels (200, 260) after one stroke, as integers."""
    rect = Rect(0, 0, 260, 200)
    tiles = Tiles(channels, dtype)
    if before is not None:
        write(tiles, rect, before)
    edit = tiles.edit()
    path = Stroke(brush, edit, clip=rect, **options)
    for point in points:
        path.add(Sample(*point))
    path.finish()
    edit.commit()
    return tiles.read(rect).astype(int)


@given(radii, fractions, fractions, fractions)
def test_a_dab_is_symmetric_wherever_it_lies_within_a_pixel(radius, x, y, hardness):
    dab = round_dab(radius, x, y, hardness).astype(int)
    mirrored = round_dab(radius, 1 - x, y, hardness).astype(int)
    assert np.abs(np.roll(dab[:, ::-1], 1, axis=1)[:, 1:] - mirrored[:, 1:]).max() <= 2
    turned = round_dab(radius, y, x, hardness).astype(int)
    assert np.abs(dab.T - turned).max() <= 2


@given(st.floats(2, 60), fractions, fractions)
def test_a_hard_dab_covers_the_area_of_its_disc(radius, x, y):
    area = round_dab(radius, x, y, 1).sum() / FULL
    # A rim that falls from 1 to 0 within one pixel adds a twelfth of pi to the disc.
    assert area == pytest.approx(np.pi * (radius**2 + 1 / 12), rel=0.03)


@given(radii, fractions, fractions, fractions)
def test_coverage_falls_from_the_middle_to_nothing_at_the_rim(radius, x, y, hardness):
    dab = round_dab(radius, x, y, hardness)
    for rim in (dab[0], dab[-1], dab[:, 0], dab[:, -1]):
        assert not rim.any()
    row = dab[len(dab) // 2].astype(int)
    assert (np.diff(row[len(row) // 2 + 1 :]) <= 0).all()


@given(st.floats(-1000, 1000), st.floats(-1000, 1000), st.floats(0.5, 200))
def test_a_dab_lies_where_it_was_put(x, y, radius):
    rect, coverage = coverage_of(Dab(x, y, radius), 1.0)
    assert coverage.shape == (rect.height, rect.width)
    weight = coverage.sum()
    middle_x = (coverage.sum(axis=0) * (np.arange(rect.left, rect.right) + 0.5)).sum() / weight
    middle_y = (coverage.sum(axis=1) * (np.arange(rect.top, rect.bottom) + 0.5)).sum() / weight
    # Rounded to an eighth or a quarter of a pixel.
    assert middle_x == pytest.approx(x, abs=0.26)
    assert middle_y == pytest.approx(y, abs=0.26)


@settings(max_examples=25)
@given(st.integers(2, 30), st.floats(0.2, 1), st.floats(0.1, 1))
def test_a_stroke_does_not_depend_on_the_pointers_sampling_rate(pieces, hardness, flow):
    brush = Brush(radius=9, hardness=hardness, flow=flow)

    def sampled(n):
        return painted(
            brush, *((20 + 200 * i / n, 30 + 90 * i / n, 0.4 + 0.6 * i / n) for i in range(n + 1))
        )

    difference = np.abs(sampled(pieces) - sampled(1))
    # A dab on the border between two subpixel positions may fall to either side.
    assert difference.max() <= 36
    assert difference.mean() <= 0.05


@settings(max_examples=25)
@given(fractions, st.floats(0.05, 1), st.lists(st.tuples(*[st.floats(20, 180)] * 2), max_size=8))
def test_one_stroke_never_covers_more_than_its_opacity(opacity, flow, points):
    brush = Brush(radius=15, opacity=opacity, flow=flow, color=(255, 255, 255))
    alpha = painted(brush, (90, 90), *points, *reversed(points))[..., 3]
    assert alpha.max() <= round(255 * opacity) + 1
    if flow == 1:
        assert alpha.max() >= round(255 * opacity) - 1


@settings(max_examples=25)
@given(st.floats(0, 1))
def test_a_stroke_is_as_soft_across_as_its_dab(hardness):
    brush = Brush(radius=20, hardness=hardness)
    dab = painted(brush, (100, 100))[80:121, 100, 3]
    stroke_across = painted(brush, (60, 100), (100, 100), (140, 100))[80:121, 100, 3]
    # Between two dabs the rim dips by an eighth of its width at most.
    assert np.abs(stroke_across - dab).max() <= 255 / 8


def test_a_straight_stroke_has_straight_rims():
    brush = Brush(radius=60, pressure_size=False)
    rim = painted(brush, (-100, 100), (400, 100))[:, 80:180, 3]
    assert np.ptp(rim.sum(axis=0)) <= 255 * 0.3  # of a pixel, both rims together


def test_the_grain_of_a_stroke_is_repeatable():
    brush = Brush(radius=30, grain=1.0)
    one = painted(brush, (100, 100), (120, 100))[..., 3]
    assert one[80:120, 90:130].std() > 20
    assert np.array_equal(one[90:110, 100:110], painted(brush, (105, 100))[90:110, 100:110, 3])
    assert painted(replace(brush, grain=0.0), (100, 100))[..., 3][90:110, 90:110].min() == 255


@given(st.floats(2, 40), st.floats(60, 200), fractions)
def test_a_straight_line_reaches_its_end(radius, end, flow):
    brush = Brush(radius=radius, flow=max(flow, 0.05), pressure_size=False)
    one_way = painted(brush, (50, 100), (end, 100))[..., 3]
    reach = np.flatnonzero(one_way[100])
    assert reach[-1] + 0.5 == pytest.approx(end + radius, abs=1.1)
    assert reach[0] + 0.5 == pytest.approx(50 - radius, abs=1.1)


def test_wide_spacing_is_a_row_of_dabs():
    alpha = painted(Brush(radius=5, spacing=4), (20, 100), (240, 100))[100, :, 3]
    assert ((alpha[:-1] == 0) & (alpha[1:] > 0)).sum() == 12


def test_low_flow_builds_up_to_the_opacity_where_the_brush_lingers():
    brush = Brush(radius=15, opacity=0.6, flow=0.1)
    once = painted(brush, (100, 100))[100, 100, 3]
    often = painted(brush, *[(100 + i % 2 * 4, 100) for i in range(200)])[100, 100, 3]
    assert once == pytest.approx(0.06 * 255, abs=2)
    assert often == pytest.approx(0.6 * 255, abs=1)


def test_a_crossing_is_no_darker_than_the_stroke():
    brush = Brush(radius=8, opacity=0.5, color=(0, 0, 0))
    alpha = painted(brush, (50, 100), (150, 100), (150, 50), (100, 50), (100, 150))[..., 3]
    assert alpha[100, 100] == alpha[100, 70]


@settings(max_examples=25)
@given(st.integers(0, 100), st.sampled_from([np.uint8, np.uint16]))
def test_paint_is_mixed_by_its_alpha_as_in_real_numbers(seed, dtype):
    full = np.iinfo(dtype).max
    before = noise((200, 260, 4), dtype, seed)
    brush = Brush(radius=40, color=(250, 10, 120), opacity=0.7, hardness=0.2)
    after = painted(brush, (100, 100), (150, 120), before=before, dtype=dtype)
    alpha = painted(brush, (100, 100), (150, 120), dtype=dtype)[..., 3:] / full
    color = np.array([250, 10, 120, 255]) / 255 * full
    assert np.abs(after - (before * (1 - alpha) + color * alpha)).max() <= 1.5


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_pixels_outside_the_brush_stay_unchanged(dtype):
    before = noise((200, 260, 4), dtype)
    after = painted(Brush(radius=10, hardness=0), (50, 50), before=before, dtype=dtype)
    assert np.array_equal(after[62:], before[62:])
    assert np.array_equal(after[:, 62:], before[:, 62:])


@pytest.mark.parametrize("mode", [BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.COLOR])
@pytest.mark.parametrize("erase", [False, True])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_locked_alpha_stays(mode, erase, dtype):
    before = noise((200, 260, 4), dtype)
    brush = replace(BRUSH, radius=60, mode=mode, erase=erase, opacity=0.8)
    after = painted(brush, (100, 100), before=before, dtype=dtype, alpha_locked=True)
    assert np.array_equal(after[..., 3], before[..., 3])
    assert (after[..., :3] <= after[..., 3:]).all()
    assert erase or not np.array_equal(after, before)


def test_erasing_takes_paint_away_by_the_opacity():
    before = np.full((200, 260, 4), 255, np.uint8)
    after = painted(Brush(radius=20, erase=True), (100, 100), before=before)
    assert not after[100, 100].any()
    assert (after[100, 150] == 255).all()
    half = painted(Brush(radius=20, erase=True, opacity=0.5), (100, 100), before=before)
    assert (half[100, 100] == 127).all() or (half[100, 100] == 128).all()


MODES = [BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.SCREEN, BlendMode.COLOR]


def in_real_numbers(before, color, alpha, mode):
    """W3C Compositing and Blending, on premultiplied colours in [0, 1]."""
    below_alpha = before[..., 3:]
    below = before[..., :3] / np.where(below_alpha > 0, below_alpha, 1)
    color = np.broadcast_to(color, below.shape)
    light = np.array([0.3, 0.59, 0.11])
    if mode is BlendMode.COLOR:
        mixed = color + (below @ light - color @ light)[..., None]
        grey = (mixed @ light)[..., None]
        low, high = mixed.min(axis=2, keepdims=True), mixed.max(axis=2, keepdims=True)
        down = np.where(low < 0, grey / np.where(low < 0, grey - low, 1), 1)
        up = np.where(high > 1, (1 - grey) / np.where(high > 1, high - grey, 1), 1)
        mixed = grey + (mixed - grey) * np.minimum(down, up)
    else:
        mixed = {
            BlendMode.NORMAL: color,
            BlendMode.MULTIPLY: below * color,
            BlendMode.SCREEN: below + color - below * color,
        }[mode]
    both = (1 - below_alpha) * color + below_alpha * mixed
    rgb = alpha * both + (1 - alpha) * before[..., :3]
    return np.concatenate([rgb, alpha + below_alpha * (1 - alpha)], axis=2)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_stroke_blends_its_wash_once_as_in_real_numbers(mode, dtype):
    full = np.iinfo(dtype).max
    before = noise((200, 260, 4), dtype, seed=5)
    crossing = [(60, 60), (140, 140), (140, 60), (60, 140)]
    brush = Brush(radius=25, color=(250, 10, 120), opacity=0.6, hardness=0.4, mode=mode)
    after = painted(brush, *crossing, before=before, dtype=dtype)
    alpha = painted(replace(brush, mode=BlendMode.NORMAL), *crossing, dtype=dtype)[..., 3:] / full
    color = np.array(brush.color) / 255
    expected = in_real_numbers(before / full, color, alpha, mode)
    # Where almost nothing is below, its eight bits hardly tell a colour.
    assert np.abs(after / full - expected).max() <= 2.5 / full
    assert (after[..., :3] <= after[..., 3:]).all()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("depth", [8, 16])
def test_a_stroke_in_any_mode_is_one_step_to_undo(mode, depth):
    document = Document(260, 200, depth)
    write(document.layers[-1].tiles, document.rect, noise((200, 260, 4), document.dtype))
    before = document.composite(document.rect)
    stroke(document, (50, 50), (150, 150), (150, 50), brush=replace(BRUSH, radius=30, mode=mode))
    after = document.composite(document.rect)
    assert not np.array_equal(after, before)
    document.undo()
    assert np.array_equal(document.composite(document.rect), before)
    document.redo()
    assert np.array_equal(document.composite(document.rect), after)


def test_a_mask_takes_the_strength_of_the_brush():
    brush = Brush(radius=20, strength=180)
    assert painted(brush, (100, 100), channels=1)[100, 100, 0] == 180
    soft = painted(replace(brush, hardness=0), (100, 100), channels=1)[100, 100:125, 0]
    assert (np.diff(soft) <= 0).all()
    assert len(set(soft)) > 10
    before = np.full((200, 260, 1), 255, np.uint8)
    erased = painted(replace(brush, erase=True), (100, 100), before=before, channels=1)
    assert erased[100, 100, 0] == 0
    assert erased[100, 150, 0] == 255


def test_pressure_scales_size_and_opacity_only_if_asked():
    def at(pressure, **options):
        return painted(Brush(radius=40, **options), (100, 100, pressure))[100, 100:, 3]

    assert (at(0.5) > 0).sum() == pytest.approx(20, abs=1)
    assert (at(0.5, pressure_size=False) > 0).sum() == pytest.approx(40, abs=1)
    assert at(0.5)[0] == 255
    assert at(0.5, pressure_opacity=True)[0] == pytest.approx(127, abs=1)


def test_nothing_is_painted_outside_the_document():
    document = Document(100, 80)
    stroke(document, (5, 5), (99, 79), (-30, 90), brush=Brush(radius=20))
    assert document.rect.encloses(document.layers[1].tiles.content_rect())


def test_the_dirty_rectangle_covers_all_that_changes():
    tiles = Tiles()
    edit = tiles.edit()
    path = Stroke(
        Brush(radius=12, hardness=0.5, smoothing=Smoothing.BASIC), edit, clip=Rect(0, 0, 260, 200)
    )
    area = Rect(-50, -50, 300, 250)
    for at in [(10, 10), (60, 40), (60.2, 40.1), (400, 190), (200, 100)]:
        old = tiles.read(area)
        dirty = path.add(Sample(*at))
        changed = np.argwhere((tiles.read(area) != old).any(axis=2)) - 50
        assert all(dirty.contains(x, y) for y, x in changed)
    old = tiles.read(area)
    dirty = path.finish()
    changed = np.argwhere((tiles.read(area) != old).any(axis=2)) - 50
    assert changed.size
    assert all(dirty.contains(x, y) for y, x in changed)


def test_smoothing_rounds_corners_and_still_arrives():
    corner = [(20, 100), *[(20 + 10 * i, 100) for i in range(1, 11)], (120, 60), (120, 20)]
    brush = Brush(radius=4)
    sharp = painted(brush, *corner)[..., 3]
    smooth = painted(replace(brush, smoothing=Smoothing.BASIC, steadiness=0.8), *corner)[..., 3]
    assert sharp[100, 122] == 255
    assert smooth[100, 122] == 0
    assert smooth[20, 120] == 255


def test_a_stroke_that_never_moved_has_nothing_to_finish():
    path = Stroke(BRUSH, Tiles().edit())
    assert path.finish() == NOWHERE
    path.add(Sample(5, 5))
    assert path.finish() == NOWHERE


@given(
    st.sampled_from([BlendMode.NORMAL, BlendMode.MULTIPLY]),
    st.floats(2, 40),
    st.floats(40, 160),
    st.floats(40, 160),
    st.floats(0, 1),
)
def test_the_mirrored_hand_paints_the_mirrored_picture(mode, radius, x, y, hardness):
    brush = Brush(radius=radius, hardness=hardness, mode=mode)
    one = painted(brush, (x, y), (y, 100))
    other = painted(brush, (260 - x, y), (260 - y, 100))
    assert np.abs(one - other[:, ::-1]).max() <= 1


@given(st.floats(3, 40), fractions, fractions, st.floats(1, 3), st.floats(0, np.pi))
def test_a_hard_long_dab_covers_the_area_of_its_ellipse(radius, x, y, stretch, angle):
    dab = long_dab(radius, x, y, 1, stretch, angle)
    assert dab.sum() / FULL == pytest.approx(np.pi * radius**2 * stretch, rel=0.02, abs=1)
    for rim in (dab[0], dab[-1], dab[:, 0], dab[:, -1]):
        assert not rim.any()


@given(radii, fractions, fractions, fractions, st.floats(0, 7))
def test_an_elliptic_dab_of_ratio_one_is_round(radius, x, y, hardness, angle):
    round_one = round_dab(radius, x, y, hardness).astype(int)
    difference = np.abs(long_dab(radius, x, y, hardness, 1.0, angle) - round_one)
    assert difference.max() <= 0.002 * FULL


@pytest.mark.parametrize(
    ("tilt_x", "tilt_y", "angle"), [(60, 0, 0), (0, 60, 90), (-60, 0, 180), (45, 45, 45)]
)
def test_tilt_draws_the_dab_out_where_the_pen_leans(tilt_x, tilt_y, angle):
    def middle_axes(brush):
        alpha = painted(brush, (130, 100, 1.0, tilt_x, tilt_y))[..., 3]
        rows, columns = np.nonzero(alpha > 127)
        spread = np.linalg.eigh(np.cov(columns, rows))
        along = spread.eigenvectors[:, 1]
        return 2 * np.sqrt(spread.eigenvalues), np.degrees(np.arctan2(along[1], along[0])) % 180

    (short, long), direction = middle_axes(Brush(radius=20, tilt=1.0))
    lean = np.arctan(np.hypot(np.tan(np.radians(tilt_x)), np.tan(np.radians(tilt_y))))
    assert short == pytest.approx(20, abs=0.5)
    assert long == pytest.approx(20 / np.cos(lean), rel=0.05)
    assert abs((direction - angle + 90) % 180 - 90) <= 5
    (short, long), _ = middle_axes(Brush(radius=20))
    assert long == pytest.approx(short, abs=0.1)


@pytest.mark.parametrize("tilt", [1e9, -1e9, 90, -90])
def test_absurd_tilts_do_no_harm(tilt):
    alpha = painted(Brush(radius=5, tilt=1.0), (130, 100, 1.0, tilt, tilt))[..., 3]
    assert 0 < (alpha > 0).sum() < 20 * 20


@given(st.lists(st.tuples(*[st.floats(20, 180)] * 2), min_size=2, max_size=12), fractions)
def test_the_stabiliser_keeps_the_brush_on_its_string(points, steadiness):
    brush = Brush(smoothing=Smoothing.STABILISER, steadiness=steadiness)
    at = Sample(*points[0])
    for point in points[1:]:
        before, at = at, brush.followed(at, Sample(*point))
        behind = np.hypot(point[0] - at.x, point[1] - at.y)
        assert behind <= STRING * steadiness + 1e-6
        assert at == before or behind == pytest.approx(STRING * steadiness, abs=1e-6)


def test_the_stabiliser_follows_a_trembling_pointer_along_a_tractrix():
    brush = Brush(radius=3, smoothing=Smoothing.STABILISER, steadiness=0.2)
    trembling = [(40 + 2 * i, 100 + 5 * np.sin(i / 3)) for i in range(80)]

    def wander(alpha):
        """How far up and down the middle of the line goes."""
        columns = alpha[:, 80:160].astype(float)
        return np.ptp((np.arange(200) @ columns) / columns.sum(axis=0))

    plain = wander(painted(replace(brush, smoothing=Smoothing.OFF), *trembling)[..., 3])
    assert plain == pytest.approx(10, abs=0.5)
    # What is dragged on a string follows gentle waves as a low-pass of the string's length.
    expected = 10 / np.hypot(1, STRING * brush.steadiness / 6)
    assert wander(painted(brush, *trembling)[..., 3]) == pytest.approx(expected, abs=0.5)
