import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from painting import noise, write

from sdedit_desktop.document.flood import as_array, everywhere, joined
from sdedit_desktop.document.tiles import TILE, Tiles
from sdedit_desktop.geometry import Rect

WIDTH, HEIGHT = 300, 270
RECT = Rect(0, 0, WIDTH, HEIGHT)


def reader(pixels, dtype=np.uint8):
    tiles = Tiles(pixels.shape[2], dtype)
    write(tiles, RECT, pixels)
    return tiles.read


def step_by_step(alike, x, y):
    """The region in the plainest way there is: from pixel to neighbouring pixel."""
    height, width = alike.shape
    found = np.zeros_like(alike)
    stack = [(x, y)]
    while stack:
        x, y = stack.pop()
        if 0 <= x < width and 0 <= y < height and alike[y, x] and not found[y, x]:
            found[y, x] = True
            stack += [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
    return found


@settings(max_examples=15)
@given(st.integers(0, 1000), st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), st.floats(0, 1))
def test_a_flood_region_is_every_similar_pixel_connected_to_the_seed(seed, x, y, share):
    """Across tiles, through labyrinths of any density."""
    rng = np.random.default_rng(seed)
    open_ground = rng.random((HEIGHT, WIDTH)) < share
    pixels = np.where(open_ground[..., None], 100, 200).astype(np.uint8).repeat(4, axis=2)
    region = joined(reader(pixels), RECT, x, y, 0.1)
    expected = step_by_step(pixels[..., 0] == pixels[y, x, 0], x, y)
    assert np.array_equal(as_array(region, RECT), expected)


def test_a_spiral_through_many_tiles_is_followed_to_its_end():
    walls = np.zeros((HEIGHT, WIDTH), bool)
    for ring in range(5, 130, 10):
        walls[ring : HEIGHT - ring, [ring, WIDTH - ring - 1]] = True
        walls[[ring, HEIGHT - ring - 1], ring : WIDTH - ring] = True
        walls[HEIGHT - ring - 1, ring + 2 : ring + 5] = False
    pixels = np.where(walls[..., None], 255, 0).astype(np.uint8).repeat(4, axis=2)
    region = as_array(joined(reader(pixels), RECT, 0, 0, 0), RECT)
    assert np.array_equal(region, ~walls)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("tolerance", [0.0, 0.2, 1.0])
def test_similar_means_every_channel_within_the_tolerance(dtype, tolerance):
    pixels = noise((HEIGHT, WIDTH, 4), dtype)
    region = as_array(everywhere(reader(pixels, dtype), RECT, 7, 9, tolerance), RECT)
    apart = np.abs(pixels.astype(int) - pixels[9, 7].astype(int)).max(axis=2)
    assert np.array_equal(region, apart <= round(tolerance * np.iinfo(dtype).max))


def test_only_tiles_that_the_region_touches_are_read():
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    pixels[:, 60] = 255
    read, seen = reader(pixels), []

    def watched(rect):
        seen.append(rect)
        return read(rect)

    joined(watched, RECT, 5, 5, 0)
    assert max(rect.right for rect in seen) <= TILE
    assert len(seen) == len(set(seen))
