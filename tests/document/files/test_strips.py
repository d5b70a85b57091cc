import io
import zipfile
from itertools import pairwise

import numpy as np
import pytest
from painting import noise, state, stroke, write
from PIL import Image

from sdedit_desktop.document.commands import ChangeLayer
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import codec, ora_writer, strips
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.geometry import Rect


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 4])
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (5, 1), (64, 33), (300, 20)])
def test_pictures_made_of_strips_are_read_by_others(dtype, channels, size):
    """Given noise and plain areas in strips of several heights, libvips and Pillow agree."""
    height, width = size
    pixels = (
        np.random.default_rng(0).integers(0, np.iinfo(dtype).max, (*size, channels)).astype(dtype)
    )
    pixels[height // 3 : height // 2] = 0
    cuts = sorted({0, height // 4, height // 4 + 1, height // 2, height})
    parts = [strips.encode(pixels[a:b]) for a, b in pairwise(cuts) if b > a]
    depth = 8 * np.dtype(dtype).itemsize
    data = strips.head((height, width, channels), depth, None, named=True)
    data += b"".join(part.chunk for part in parts)
    data += strips.tail([(part.adler, part.length) for part in parts])
    read = codec.open_bytes(data, "a").pixels()
    assert np.array_equal(read[..., :1] if channels == 1 else read, pixels)
    with Image.open(io.BytesIO(data)) as image:  # checks every checksum
        image.load()
        assert image.size == (width, height)
        if dtype == np.uint8:
            assert np.array_equal(np.asarray(image).reshape(pixels.shape), pixels)


@pytest.fixture
def document():
    document = Document(300, 600, 16)
    write(document.layers[0].tiles, document.rect, noise((600, 300, 4), np.uint16) | 0)
    write(document.layers[1].tiles, document.rect, noise((600, 300, 4), np.uint16, seed=1))
    layer = document.new_layer("masked")
    write(layer.tiles, document.rect, noise((600, 300, 4), np.uint16, seed=2))
    layer.mask = Tiles(channels=1)
    write(layer.mask, document.rect, noise((600, 300, 1), seed=3))
    document.layers.append(layer)
    return document


@pytest.fixture
def encoded(monkeypatch):
    """The heights of the strips that were encoded."""
    heights, encode = [], strips.encode
    monkeypatch.setattr(strips, "encode", lambda p: heights.append(len(p)) or encode(p))
    return heights


def merged(path):
    with zipfile.ZipFile(path) as archive:
        return codec.open_bytes(archive.read("mergedimage.png"), "a").pixels()


def check(document, path):
    """The file is what a first save would have written."""
    assert state(ora_writer.load(path)) == state(document)
    ora_writer.save(document, path.with_name("first.ora"))
    assert np.array_equal(merged(path), merged(path.with_name("first.ora")))


def test_only_strips_that_changed_are_encoded(document, encoded, tmp_path):
    path = tmp_path / "a.ora"
    written = ora_writer.save(document, path)
    assert len(encoded) == 5 * 5 + 1 + 5  # three layers, a mask, one whole; no mask; flattened
    encoded.clear()
    written = ora_writer.save(document, path, earlier=written)
    assert encoded == []
    check(document, path)
    encoded.clear()
    stroke(document, (50, 300), layer=document.layers[1])
    written = ora_writer.save(document, path, earlier=written)
    assert encoded == [128, 128]  # of the layer, and of the flattened picture
    check(document, path)
    encoded.clear()
    opacity = ChangeLayer(document.layers[1].id, {"opacity": 1.0}, {"opacity": 0.5})
    document.push(opacity)
    written = ora_writer.save(document, path, earlier=written)
    assert len(encoded) == 5
    check(document, path)
    document.layers.pop(0)
    ora_writer.save(document, path, earlier=written)
    check(document, path)


def test_a_layer_that_grows_is_encoded_anew(document, encoded, tmp_path):
    path = tmp_path / "a.ora"
    layer = document.new_layer("small")
    write(layer.tiles, Rect(100, 100, 200, 300), noise((200, 100, 4), np.uint16))
    document.layers.append(layer)
    written = ora_writer.save(document, path)
    write(layer.tiles, Rect(90, 290, 200, 400), noise((110, 110, 4), np.uint16, seed=5))
    written = ora_writer.save(document, path, earlier=written)
    check(document, path)
    write(layer.tiles, Rect(90, 400, 100, 500), noise((100, 10, 4), np.uint16, seed=6))
    ora_writer.save(document, path, earlier=written)
    check(document, path)
