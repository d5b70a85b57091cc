import math

import numpy as np
import pytest
from painting import check_undo_and_redo, mask_stroke, noise, stroke, write

from sdedit_desktop.document import transforms
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.photo import Photo, as_document
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.geometry import Rect


@pytest.fixture(params=[8, 16])
def document(request):
    document = Document(170, 140, request.param)
    strokes = document.layers[1]
    write(strokes.tiles, document.rect, noise((140, 170, 4), document.dtype))
    strokes.mask = Tiles(channels=1)
    write(strokes.mask, document.rect, noise((140, 170, 1), seed=1))
    mask_stroke(document, (50, 40))
    return document


def shown(document):
    return document.composite(document.rect).astype(int)


ALL = {
    "crop": lambda d: transforms.cropped(d, Rect(20, 30, 100, 90)),
    "enlarge": lambda d: transforms.cropped(d, Rect(-20, -30, 300, 290)),
    "turn": lambda d: transforms.turned(d, 1),
    "turn around": lambda d: transforms.turned(d, 2),
    "flip": lambda d: transforms.mirrored(d),
    "flip over": lambda d: transforms.mirrored(d, upside_down=True),
    "scale": lambda d: transforms.resized(d, 100, 77),
    "move": lambda d: transforms.layer_transformed(d, d.layers[1].id, Matrix(dx=13, dy=-7)),
    "shear": lambda d: transforms.layer_transformed(d, d.layers[1].id, Matrix(1, 0.3, 0.1, 0.8)),
}


@pytest.mark.parametrize("name", ALL)
def test_every_reshaping_is_undone_and_redone_exactly(name, document):
    check_undo_and_redo(document, ALL[name](document))


def test_listeners_hear_of_a_new_size(document):
    heard = []
    document.changed.connect(lambda change: heard.append(document.rect) if change.resized else None)
    document.push(transforms.cropped(document, Rect(0, 0, 50, 40)))
    document.push(transforms.mirrored(document))
    document.undo()
    document.undo()
    document.go_to(3)
    assert heard == [Rect(0, 0, 50, 40), Rect(0, 0, 170, 140), Rect(0, 0, 50, 40)]


@pytest.mark.parametrize("rect", [Rect(20, 30, 100, 90), Rect(-20, -9, 190, 60)])
def test_cropping_keeps_every_pixel(rect, document):
    before = document.composite(rect)
    mask = document.mask.read(rect)
    document.push(transforms.cropped(document, rect))
    assert document.rect == Rect(0, 0, rect.width, rect.height)
    assert np.array_equal(document.composite(document.rect), before)
    assert np.array_equal(document.mask.read(document.rect), mask)


def test_turning_and_flipping_arrange_the_same_pixels(document):
    before = shown(document)
    document.push(transforms.turned(document, 1))
    # Clockwise: what was on the left is on top.
    assert np.array_equal(shown(document)[0], before[::-1, 0])
    document.push(transforms.turned(document, 3))
    assert np.array_equal(shown(document), before)
    document.push(transforms.mirrored(document))
    assert np.array_equal(shown(document), before[:, ::-1])
    document.push(transforms.mirrored(document, upside_down=True))
    document.push(transforms.turned(document, 2))
    assert np.array_equal(shown(document), before)


def test_scaling_keeps_flat_colours_and_positions():
    document = Document(200, 100)
    stroke(document, (150, 50))
    document.push(transforms.resized(document, 401, 50))
    assert document.rect == Rect(0, 0, 401, 50)
    content = document.layers[1].tiles.content_rect()
    middle = (content.left + content.right) / 2, (content.top + content.bottom) / 2
    assert middle == pytest.approx((150 * 401 / 200, 25), abs=1)
    assert (shown(document)[:, :200] == 255).all()
    assert (shown(document)[..., 3] == 255).all()


def test_moving_by_whole_pixels_is_exact_and_loses_nothing(document):
    layer = document.layers[1]
    before = layer.tiles.read(document.rect)
    there = document.rect.translated(-5000, 40)
    document.push(transforms.layer_transformed(document, layer.id, Matrix(dx=-5000, dy=40)))
    assert np.array_equal(layer.tiles.read(there), before)
    document.push(transforms.layer_transformed(document, layer.id, Matrix(dx=5000, dy=-40)))
    assert np.array_equal(layer.tiles.read(document.rect), before)


@pytest.mark.parametrize("matrix", [Matrix(-1, 0, 0, 1, 170, 0), Matrix(0, -1, 1, 0, 140, 0)])
def test_flips_and_quarter_turns_of_a_layer_are_exact(matrix, document):
    layer = document.layers[1]
    before = layer.tiles.read(document.rect)
    document.push(transforms.layer_transformed(document, layer.id, matrix))
    there = matrix.bounds(document.rect)
    expected = before[:, ::-1] if matrix.xx else np.rot90(before, -1)
    assert np.array_equal(layer.tiles.read(there), expected)


@pytest.mark.parametrize("scale", [0.1, 0.4, 0.7, 1.3, 3.0])
@pytest.mark.parametrize("angle", [0.0, 0.5])
def test_a_disc_lands_where_the_matrix_says(scale, angle):
    document = Document(400, 400)
    layer = document.layers[1]
    y, x = np.mgrid[0:400, 0:400] + 0.5
    disc = ((x - 250) ** 2 + (y - 150) ** 2 < 60**2)[..., None] * np.uint8(255)
    write(layer.tiles, document.rect, np.repeat(disc, 4, axis=2))
    cos, sin = scale * math.cos(angle), scale * math.sin(angle)
    matrix = Matrix(cos, -sin, sin, cos, 30, 60)
    document.push(transforms.layer_transformed(document, layer.id, matrix))
    rect = layer.tiles.content_rect().grow(2)
    alpha = layer.tiles.read(rect)[..., 3] / 255
    y, x = np.mgrid[rect.top : rect.bottom, rect.left : rect.right] + 0.5
    found = (alpha * x).sum() / alpha.sum(), (alpha * y).sum() / alpha.sum()
    assert found == pytest.approx(matrix.applied(250, 150), abs=0.15)
    assert alpha.sum() == pytest.approx(math.pi * (60 * scale) ** 2, rel=0.03)
    pixels = layer.tiles.read(rect)
    assert (pixels[..., :3] <= pixels[..., 3:]).all()


def test_a_transform_without_area_is_refused(document):
    with pytest.raises(ValueError, match="no area"):
        transforms.layer_transformed(document, document.layers[1].id, Matrix(1, 1, 1, 1))


@pytest.mark.parametrize("narrow", [0.05, 0.1, 0.3])
@pytest.mark.parametrize("axis", [0, 1])
def test_narrowing_averages_along_one_side_and_keeps_the_other_sharp(narrow, axis):
    """Of a chequer of lines, those across the short side become grey, the others stay."""
    document = Document(400, 400)
    layer = document.layers[1]
    lines = np.full((400, 400, 4), 255, np.uint8)
    lines[::2, :, :3] = 100
    lines[:, ::3, :3] = 0
    write(layer.tiles, document.rect, lines if axis else lines.transpose(1, 0, 2))
    matrix = Matrix(narrow, 0, 0, 1) if axis else Matrix(1, 0, 0, narrow)
    document.push(transforms.layer_transformed(document, layer.id, matrix))
    found = layer.tiles.read(layer.tiles.content_rect().grow(-3))[..., 0].astype(float)
    found = found if axis else found.T
    light, dark = found[1::2], found[::2]
    if light.mean() < dark.mean():
        light, dark = dark, light
    assert light.mean() == pytest.approx(255 * 2 / 3, abs=3)
    assert dark.mean() == pytest.approx(100 * 2 / 3, abs=3)
    assert max(light.std(), dark.std()) < 12


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_an_opaque_photo_takes_three_samples_a_pixel_also_when_turned(dtype):
    pixels = np.ones((256, 384, 3), dtype)
    document = as_document(Photo(pixels, 8 * pixels.itemsize))
    assert document.layers[0].size_bytes == pixels.nbytes
    document.push(transforms.turned(document, 1))
    assert document.layers[0].size_bytes == pixels.nbytes
