"""A large photograph is never copied as a whole: how much is composited, and how much at once."""

import tracemalloc

import numpy as np
import pytest

from sdedit_desktop.document import layers
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.photo import Photo, as_document, export_document
from sdedit_desktop.document.layers import LayerKind
from sdedit_desktop.editing import document_requests, source_photo
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.geometry import Rect

WIDTH, HEIGHT = 3000, 2000


@pytest.fixture
def parts(monkeypatch):
    """Pixels of each part that is composited or read."""
    found, real = [], layers.composite

    def counting(shown, rect, dtype):
        found.append(rect.width * rect.height)
        return real(shown, rect, dtype)

    for module in (layers, source_photo):
        monkeypatch.setattr(module, "composite", counting)
    monkeypatch.setattr("sdedit_desktop.document.document.composite", counting)
    return found


@pytest.fixture
def document():
    pixels = np.random.default_rng(0).integers(0, 65536, (HEIGHT, WIDTH, 3), np.uint16)
    return as_document(Photo(pixels, 16))


def mask(document: Document, side: int) -> None:
    edit = document.mask.edit()
    edit.fill(Rect(1500, 900, 1500 + side, 900 + side), 255)
    edit.commit()


@pytest.mark.parametrize("extension", [".tif", ".png", ".jpg"])
def test_exports_composite_each_pixel_once_and_few_rows_at_a_time(
    extension, document, parts, tmp_path
):
    export_document(document, tmp_path / f"picture{extension}")
    assert sum(parts) == WIDTH * HEIGHT
    assert max(parts) <= 64 * WIDTH


@pytest.mark.parametrize("extension", [".tif", ".png", ".jpg"])
def test_exports_hold_few_rows_at_a_time(extension, document, tmp_path):
    """Neither pixels nor what they are encoded as; the encoder's own memory is not counted."""
    tracemalloc.start()
    try:
        export_document(document, tmp_path / f"picture{extension}")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most <= WIDTH * HEIGHT * 3 * 2 / 4  # 4.9 MB when this was written, at any height


def test_a_request_copies_the_surroundings_of_its_mask(document, parts, monkeypatch):
    monkeypatch.setattr(source_photo, "NEAR_PIXELS", 300_000)
    mask(document, 200)
    request = document_requests.request_of(document, EditParams("m"))
    assert sum(parts) <= 2 * request.mask.size <= 2 * 400**2
    parts, read = [], source_photo._read

    def counting(frozen, rect):
        parts.append(rect.width * rect.height)
        return read(frozen, rect)

    monkeypatch.setattr(source_photo, "_read", counting)
    near, whole = request.photo(request.rect)
    assert near.valid.size <= 300_000
    assert whole.valid.size <= source_photo.WHOLE_PIXELS
    assert max(parts) <= max(near.valid.size, 256 * WIDTH)
    assert sum(parts) <= near.valid.size + WIDTH * HEIGHT


@pytest.mark.parametrize("factor", [2, 3, 10])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_reduced_photo_is_the_mean_of_whole_squares(dtype, factor):
    """Given one invalid pixel: its square is invalid; rows and columns left over are cut off."""
    rng, most = np.random.default_rng(1), np.iinfo(dtype).max
    width, height = 1403, 709
    pixels = rng.integers(0, most, (height, width, 3), dtype, endpoint=True)
    valid = np.ones((height, width), np.bool_)
    valid[411, 1207] = False

    def read(rect):
        rows, columns = slice(rect.top, rect.bottom), slice(rect.left, rect.right)
        return pixels[rows, columns], valid[rows, columns]

    found = source_photo._reduced(read, Rect(0, 0, width, height), factor, None)
    rows, columns = height // factor, width // factor
    squares = pixels[: rows * factor, : columns * factor].astype(np.int64)
    sums = squares.reshape(rows, factor, columns, factor, 3).sum((1, 3))
    expected = (sums + factor**2 // 2) // factor**2
    expected[411 // factor, 1207 // factor] = 0
    assert found.rect == Rect(0, 0, columns * factor, rows * factor)
    assert np.array_equal(found.pixels, expected)
    assert np.argwhere(~found.valid).tolist() == [[411 // factor, 1207 // factor]]


def test_where_only_the_photo_is_seen_its_tiles_are_read_as_they_are(document, parts):
    """Given a stroke on one tile: paint is not composited, as what is below it is wanted."""
    edit = document.layers[-1].tiles.edit()
    edit.fill(Rect(200, 200, 210, 210), 65535)
    edit.commit()
    mask(document, 200)
    request = document_requests.request_of(document, EditParams("m"))
    parts.clear()
    request.photo(request.rect)
    edges = WIDTH * (HEIGHT % 128) + HEIGHT * (WIDTH % 128)  # these tiles are not opaque
    assert sum(parts) <= edges
    result = document.new_layer("Result", LayerKind.RESULT)
    result.opacity = 0.5
    edit = result.tiles.edit()
    edit.fill(Rect(0, 0, 256, 256), (9, 9, 9, 65535))
    edit.commit()
    document.layers.append(result)
    whole = source_photo.of_document(document, request.rect)(request.rect)[-1]
    seen = document.composite(Rect(0, 0, 3, 3))[..., :3].astype(int)
    assert whole.pixels[0, 0].tolist() == ((seen.sum((0, 1)) + 4) // 9).tolist()
