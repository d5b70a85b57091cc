"""A large photograph is never copied as a whole: how much is composited, and how much at once."""

import tracemalloc

import numpy as np
import pytest

from sdedit_desktop.document import layers
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.photo import Photo, as_document, export_document
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
    parts.clear()
    near, whole = request.photo(request.rect)
    assert near.valid.size <= 300_000
    assert whole.valid.size <= source_photo.WHOLE_PIXELS
    assert max(parts) <= max(near.valid.size, 256 * WIDTH)
    assert sum(parts) <= near.valid.size + WIDTH * HEIGHT
