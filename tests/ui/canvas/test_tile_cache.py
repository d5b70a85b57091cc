import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.canvas.tile_cache import SIDE, Step, TileCache, TileKey
from sdedit_desktop.ui.widgets.qimages import from_qimage, to_screen


class Raster:
    """Opaque noise that counts how much of it is read."""

    def __init__(self, width, height, left=0, top=0):
        rng = np.random.default_rng(1)
        self.rect = Rect(left, top, left + width, top + height)
        self.pixels = rng.integers(0, 256, (height, width, 4), np.uint8)
        self.pixels[..., 3] = 255
        self.read_pixels = 0

    def read(self, rect):
        assert self.rect.encloses(rect)
        self.read_pixels += rect.width * rect.height
        x, y = rect.left - self.rect.left, rect.top - self.rect.top
        return to_screen(self.pixels[y : y + rect.height, x : x + rect.width])


def shown(cache, level=0):
    """All of a level, put together."""
    width, height = (-(-side >> level) for side in (cache.bounds.width, cache.bounds.height))
    out = np.zeros((height, width, 4), np.uint8)
    for key in cache.keys(level, cache.bounds):
        tile = from_qimage(cache.tile(key))
        y, x = key.row * SIDE, key.column * SIDE
        out[y : y + tile.shape[0], x : x + tile.shape[1]] = tile
    return out


def test_the_finest_level_is_the_raster():
    raster = Raster(600, 300)
    cache = TileCache(raster.read, raster.rect)
    assert np.array_equal(shown(cache), raster.pixels)


def test_a_coarser_level_is_the_mean_of_four():
    raster = Raster(512, 256)
    cache = TileCache(raster.read, raster.rect)
    mean = raster.pixels.reshape(128, 2, 256, 2, 4).mean(axis=(1, 3))
    assert np.abs(shown(cache, 1) - mean).max() <= 1


@given(st.data())
def test_after_any_change_it_is_as_if_made_anew(data):
    raster = Raster(530, 301, left=-7, top=40)
    cache = TileCache(raster.read, raster.rect)
    for level in range(cache.coarsest + 1):
        shown(cache, level)
    for _ in range(data.draw(st.integers(1, 3))):
        x, y = data.draw(st.integers(0, 529)), data.draw(st.integers(0, 300))
        width, height = data.draw(st.integers(1, 200)), data.draw(st.integers(1, 200))
        raster.pixels[y : y + height, x : x + width, :3] ^= 255
        cache.refresh(Rect(x - 7, y + 40, x - 7 + width, y + 40 + height))
    fresh = TileCache(raster.read, raster.rect)
    for level in range(cache.coarsest + 1):
        assert np.array_equal(shown(cache, level), shown(fresh, level))


def test_a_small_change_reads_only_itself():
    raster = Raster(2048, 2048)
    cache = TileCache(raster.read, raster.rect)
    shown(cache, cache.coarsest)
    raster.read_pixels = 0
    cache.refresh(Rect(1000, 1000, 1020, 1020))
    shown(cache, cache.coarsest)
    assert raster.read_pixels == 20 * 20


def paint(raster, cache, rect, step):
    x, y = rect.left - raster.rect.left, rect.top - raster.rect.top
    raster.pixels[y : y + rect.height, x : x + rect.width, :3] ^= 255
    cache.refresh(rect, step)


@pytest.mark.parametrize("level", [0, 2])
def test_going_back_and_forth_reads_nothing(level):
    raster = Raster(2048, 1024)
    cache = TileCache(raster.read, raster.rect)
    first = shown(cache, level)
    areas = [Rect(place, place, place + 210, place + 150) for place in (100, 300, 500)]
    for area in areas:  # a stroke, seen while it is made
        paint(raster, cache, area, Step(0, 0))
        shown(cache, level)
    second = shown(cache, level)
    raster.read_pixels = 0
    for step, expected in ((Step(1, 0), first), (Step(0, 1), second)):
        for area in areas:  # one change may be announced in several pieces on the same tiles
            cache.refresh(area, step)
        assert np.array_equal(shown(cache, level), expected)
    assert raster.read_pixels == 0


@given(st.data())
def test_after_any_strokes_undone_and_redone_it_is_as_if_made_anew(data):
    """States are numbered; a stroke leads to a new one, and what was undone may be dropped."""
    raster = Raster(530, 301)
    cache = TileCache(raster.read, raster.rect)
    pixels, numbers, at, latest = [raster.pixels.copy()], [0], 0, 0
    for _ in range(data.draw(st.integers(1, 12))):
        for level in data.draw(st.sets(st.integers(0, cache.coarsest))):
            shown(cache, level)
        act = data.draw(st.sampled_from(["stroke", "stroke", "broken off", "undo", "redo"]))
        if act in ("stroke", "broken off"):
            for _ in range(data.draw(st.integers(1, 3))):
                x, y = data.draw(st.integers(0, 500)), data.draw(st.integers(0, 280))
                paint(raster, cache, Rect(x, y, x + 30, y + 21), Step(numbers[at], numbers[at]))
                if data.draw(st.booleans()):
                    shown(cache, data.draw(st.integers(0, cache.coarsest)))
            if act == "stroke":
                latest, at = latest + 1, at + 1
                pixels[at:], numbers[at:] = [raster.pixels.copy()], [latest]
            else:
                raster.pixels[:] = pixels[at]
                cache.refresh(raster.rect, Step(numbers[at], numbers[at]))
        else:
            goal = min(max(at + (-1 if act == "undo" else 1), 0), len(pixels) - 1)
            raster.pixels[:] = pixels[goal]
            cache.refresh(raster.rect, Step(numbers[at], numbers[goal]))
            at = goal
    fresh = TileCache(raster.read, raster.rect)
    for level in data.draw(st.permutations(range(cache.coarsest + 1))):
        assert np.array_equal(shown(cache, level), shown(fresh, level))


def test_a_tile_is_opaque_only_as_long_as_nothing_shows_through():
    raster = Raster(300, 300)
    cache = TileCache(raster.read, raster.rect)
    for level in (0, 1):
        for kept in (255, 0):
            raster.pixels[5, 7] = kept
            cache.refresh(Rect(7, 5, 8, 6))
            shown(cache, level)
            first, *others = [cache.is_opaque(key) for key in cache.keys(level, raster.rect)]
            assert first == (kept == 255)
            assert all(others)


def test_memory_stays_within_the_budget():
    raster = Raster(2048, 1024)
    cache = TileCache(raster.read, raster.rect, budget_bytes=6 * SIDE * SIDE * 4)
    assert np.array_equal(shown(cache), raster.pixels)
    assert sum(tile.sizeInBytes() for tile in cache._tiles.values()) <= 6 * SIDE * SIDE * 4


@pytest.mark.parametrize(
    ("scale", "level"), [(32, 0), (1, 0), (0.51, 0), (0.5, 1), (0.26, 1), (0.25, 2), (0.01, 3)]
)
def test_the_level_has_a_pixel_for_each_on_the_screen(scale, level):
    cache = TileCache(lambda _rect: None, Rect(0, 0, 2048, 100))
    assert cache.level_for(scale) == level


def test_a_tile_is_mapped_to_its_rectangle_in_the_document():
    cache = TileCache(lambda _rect: None, Rect(10, 20, 1010, 620))
    assert cache.shown_by(TileKey(0, 0, 0)) == Rect(10, 20, 266, 276)
    assert cache.shown_by(TileKey(1, 1, 1)) == Rect(522, 532, 1010, 620)


def test_stale_tiles_are_renewed_one_at_a_time_until_none_is_left():
    raster = Raster(600, 600)
    cache = TileCache(raster.read, raster.rect)
    for level in range(cache.coarsest + 1):
        shown(cache, level)
    raster.pixels[100:300, 200:300, :3] = 7
    cache.refresh(Rect(200, 100, 300, 300))
    slices, before = 1, raster.read_pixels
    while cache.catch_up():
        slices += 1
    assert slices == 4 + 1 + 1  # tiles of the three levels, one at a time
    assert raster.read_pixels - before == 100 * 200
    assert np.array_equal(shown(cache), raster.pixels)
    shown(cache, 1), shown(cache, 2)
    assert raster.read_pixels - before == 100 * 200
    assert not cache.catch_up()
