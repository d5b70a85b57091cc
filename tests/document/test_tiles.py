import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from painting import noise, write

from sdedit_desktop.document.tiles import TILE, Tiles, areas_of, keys_in, rect_of
from sdedit_desktop.geometry import NOWHERE, Rect

places = st.integers(-300, 300)
rects = st.builds(
    lambda x, y, w, h: Rect(x, y, x + w, y + h),
    places,
    places,
    st.integers(1, 300),
    st.integers(1, 300),
)


def test_committed_tiles_are_immutable():
    tiles = Tiles()
    edit = tiles.edit()
    edit.pixels((0, 0))[:] = 7
    edit.commit()
    with pytest.raises(ValueError, match="read-only"):
        tiles[0, 0][0, 0] = 1


def test_rollback_leaves_no_trace():
    tiles = Tiles()
    before = dict(tiles.snapshot())
    edit = tiles.edit()
    edit.write(Rect(-5, -5, 5, 5), np.full((10, 10, 4), 9, np.uint8))
    assert edit.rollback() == Rect(-TILE, -TILE, TILE, TILE)
    assert dict(tiles.snapshot()) == before


@given(rects, rects, st.sampled_from([np.uint8, np.uint16]))
def test_tiles_read_back_as_written_and_empty_elsewhere(written, read, dtype):
    tiles = Tiles(dtype=dtype)
    pixels = noise((written.height, written.width, 4), dtype)
    write(tiles, written, pixels)
    expected = np.zeros((600 + 600, 600 + 600, 4), dtype)
    expected[written.top + 400 : written.bottom + 400, written.left + 400 : written.right + 400] = (
        pixels
    )
    found = expected[read.top + 400 : read.bottom + 400, read.left + 400 : read.right + 400]
    assert np.array_equal(tiles.read(read), found)


@given(rects)
def test_the_content_is_found_to_the_pixel(rect):
    tiles = Tiles(channels=1)
    write(tiles, rect, np.ones((rect.height, rect.width, 1), np.uint8))
    assert tiles.content_rect() == rect
    assert tiles.bounds().encloses(rect)


def test_an_empty_raster_has_no_content():
    assert Tiles().content_rect() == NOWHERE
    assert Tiles().bounds() == NOWHERE


def test_erased_tiles_take_no_memory():
    tiles = Tiles()
    write(tiles, Rect(0, 0, 300, 300), np.full((300, 300, 4), 9, np.uint8))
    assert tiles.size_bytes == 9 * TILE * TILE * 4
    write(tiles, Rect(0, 0, 300, 300), np.zeros((300, 300, 4), np.uint8))
    assert tiles.size_bytes == 0


def test_a_filled_area_shares_one_tile_until_it_is_painted_on():
    tiles = Tiles()
    edit = tiles.edit()
    edit.fill(Rect(0, 0, 10 * TILE, 10 * TILE), 255)
    edit.pixels((3, 3))[0, 0] = 0
    edit.commit()
    assert tiles.size_bytes == 2 * TILE * TILE * 4
    assert tiles[4, 4][0, 0, 0] == 255
    assert tiles[3, 3][0, 0, 0] == 0


def test_filling_takes_a_value_for_each_channel():
    tiles = Tiles(dtype=np.uint16)
    edit = tiles.edit()
    edit.fill(Rect(-5, 3, 200, 150), (1, 2, 3, 65535))
    edit.commit()
    assert tiles.content_rect() == Rect(-5, 3, 200, 150)
    assert tiles.read(Rect(0, 100, 1, 101)).tolist() == [[[1, 2, 3, 65535]]]


def test_a_snapshot_does_not_follow_an_open_edit():
    tiles = Tiles()
    edit = tiles.edit()
    edit.pixels((0, 0))[:] = 1
    twin, snapshot = tiles.copy(), tiles.snapshot()
    edit.pixels((0, 0))[:] = 2
    assert snapshot[0, 0].max() == twin[0, 0].max() == 1


@given(st.sets(st.tuples(st.integers(-3, 3), st.integers(-3, 3))))
def test_areas_cover_tiles_and_nothing_else(keys):
    areas = areas_of(keys)
    covered = [key for area in areas for key in keys_in(area)]
    assert sorted(covered) == sorted(keys)
    assert all(area.width % TILE == 0 and area.height == TILE for area in areas)


@given(rects)
def test_the_tiles_of_a_rectangle_cover_it_without_overlap(rect):
    parts = [rect & rect_of(key) for key in keys_in(rect)]
    assert all(parts)
    assert sum(part.width * part.height for part in parts) == rect.width * rect.height
    assert Rect.union(parts) == rect


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_opaque_tiles_are_stored_without_alpha_and_read_with_it(dtype):
    tiles, full = Tiles(dtype=dtype), np.iinfo(dtype).max
    pixels = np.random.default_rng(0).integers(0, full, (TILE, 2 * TILE, 4)).astype(dtype)
    pixels[:, :TILE, 3] = full
    rect = Rect(0, 0, 2 * TILE, TILE)
    edit = tiles.edit()
    edit.write(rect, pixels)
    edit.commit(compact=True)
    assert tiles.size_bytes == TILE * TILE * (3 + 4) * dtype().itemsize
    assert np.array_equal(tiles.read(rect), pixels)
    assert np.array_equal(tiles.read(Rect(9, 9, 200, 30)), pixels[9:30, 9:200])
    assert np.array_equal(tiles[0, 0], pixels[:, :TILE])
    assert tiles.content_rect() == rect


def test_an_opaque_tile_is_erased_undone_and_painted_on_like_any_other():
    tiles = Tiles()
    rect = Rect(0, 0, TILE, TILE)
    edit = tiles.edit()
    edit.fill(rect, 255)
    edit.commit(compact=True)
    opaque = tiles.stored((0, 0))
    assert opaque.shape == (TILE, TILE, 3)
    edit = tiles.edit()
    assert edit.before((0, 0)).shape == (TILE, TILE, 4)
    edit.pixels((0, 0))[5, 5] = 0
    assert edit.before((0, 0))[5, 5].tolist() == [255, 255, 255, 255]
    change = edit.commit()
    assert tiles.read(rect)[5, 5].tolist() == [0, 0, 0, 0]
    change.pack(math.inf)
    change.undo(tiles)
    assert np.array_equal(tiles.stored((0, 0)), opaque)
    change.redo(tiles)
    assert tiles.read(rect)[5, 4:6].tolist() == [[255, 255, 255, 255], [0, 0, 0, 0]]
