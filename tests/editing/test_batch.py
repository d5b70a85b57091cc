import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sdedit_desktop.document.files.photo import export, open_photo
from sdedit_desktop.editing.batch import Material, contact_sheet, edit, thumbnail, writable
from sdedit_desktop.editing.document_requests import guide_of, request_of
from sdedit_desktop.editing.request import CancelToken, Candidate, EditParams, ModelFacts, Progress
from sdedit_desktop.editing.session import Session
from sdedit_desktop.errors import FileFormatError, ParameterError

PARAMS = EditParams("fake", seeds=(3, 4))


class FakeEngine:
    """Paints the whole request in one colour for each seed."""

    def run(self, request, _cancel):
        yield Progress(0, 2)
        most = np.iinfo(request.guide.dtype).max
        for seed in request.params.seeds:
            image = np.full_like(request.guide, most // seed)
            alpha = (request.mask > 0) * np.uint8(255)
            yield Candidate(image, alpha, request.rect, request.params, seed)

    def inspect(self, model):
        return ModelFacts(model, {"size": 1024}, (0.0, 1.0), (0.0, 1.0))

    def description(self):
        return {"device": "none"}


@pytest.fixture(params=[np.uint8, np.uint16])
def picture(request):
    most = np.iinfo(request.param).max
    return np.random.default_rng(0).integers(0, most, (60, 80, 3)).astype(request.param)


@pytest.fixture
def files(tmp_path, picture):
    photo = tmp_path / "hill.png"
    export(picture, photo)
    strokes = np.zeros((60, 80, 4), np.uint8)
    strokes[10:50, 10:70] = 200, 100, 50, 255
    Image.fromarray(strokes).save(tmp_path / "strokes.png")
    mask = np.zeros((60, 80), np.uint8)
    mask[20:40, 30:60] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    return photo, tmp_path / "strokes.png", tmp_path / "mask.png"


def test_everything_is_written_and_nothing_outside_the_mask_changed(files, picture, tmp_path):
    out = writable(tmp_path / "a" / "b")
    said = edit(Material.open(*files), PARAMS, FakeEngine(), out, CancelToken())
    written = [message for message in said if isinstance(message, Path)]
    assert {path.name for path in written} == {path.name for path in out.iterdir()}
    outside = np.ones((60, 80), bool)
    outside[20:40, 30:60] = False
    most = np.iinfo(picture.dtype).max
    for seed in (3, 4):
        result = open_photo(out / f"hill-seed{seed}.png").pixels
        assert result.dtype == picture.dtype
        assert np.array_equal(result[outside], picture[outside])
        assert (result[~outside] == most // seed).all()
    record = json.loads((out / "hill.json").read_text())
    assert [c["seed"] for c in record["candidates"]] == [3, 4]
    assert record["parameters"]["t0"] == 0.5
    assert set(record["sources"]) == {"photo", "strokes", "mask"}
    assert record["made_with"] == {"device": "none"}
    assert open_photo(out / "hill-sheet.png").pixels.shape[2] == 3


def test_strokes_are_in_the_guide_and_the_photo_without_them_is_kept(files, picture):
    document = Material.open(*files).document
    guide = guide_of(document, document.rect)
    most = np.iinfo(picture.dtype).max
    assert guide[30, 30].tolist() == [v * most // 255 for v in (200, 100, 50)]
    assert np.array_equal(guide[:10], picture[:10])
    assert np.array_equal(document.layers[0].tiles.read(document.rect)[..., :3], picture)


def test_without_strokes_and_mask_the_photo_is_the_guide_and_may_change(files, picture):
    request = Material.open(files[0]).request(PARAMS)
    assert np.array_equal(request.guide, picture)
    assert request.mask.min() == 255


def test_the_model_sees_at_least_as_many_pixels_as_it_was_made_for(tmp_path):
    export(np.zeros((1500, 1500, 3), np.uint8), tmp_path / "hill.png")
    mask = np.zeros((1500, 1500), np.uint8)
    mask[700:740, 700:740] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    material = Material.open(tmp_path / "hill.png", None, tmp_path / "mask.png")
    seen = []

    class Watched(FakeEngine):
        def run(self, request, cancel):
            seen.append(request.rect)
            return super().run(request, cancel)

    list(edit(material, EditParams("any", seeds=(1,)), Watched(), tmp_path, CancelToken()))
    assert [(rect.width, rect.height) for rect in seen] == [(1024, 1024)]


def test_transparency_of_the_photo_stays(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (30, 40, 4)).astype(np.uint8)
    export(pixels, tmp_path / "cut.png")
    material = Material.open(tmp_path / "cut.png")
    list(edit(material, EditParams("fake", seeds=(1,)), FakeEngine(), tmp_path, CancelToken()))
    result = open_photo(tmp_path / "cut-seed1.png").pixels
    assert np.array_equal(result[..., 3], pixels[..., 3])
    assert (result[pixels[..., 3] > 0, :3] == 255).all()


@pytest.mark.parametrize("depth", [8, 16])
def test_the_window_and_the_command_keep_a_transparent_photo_alike(depth, tmp_path):
    dtype, most = {8: (np.uint8, 255), 16: (np.uint16, 65535)}[depth]
    pixels = np.random.default_rng(0).integers(0, most + 1, (60, 80, 4)).astype(dtype)
    pixels[:, :20, 3], pixels[:, 20:40, 3] = 0, most
    export(pixels, tmp_path / "cut.png")
    mask = np.zeros((60, 80), np.uint8)
    mask[20:40, 10:60] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    params = EditParams("fake", seeds=(3,))
    files = tmp_path / "cut.png", None, tmp_path / "mask.png"

    list(edit(Material.open(*files), params, FakeEngine(), tmp_path, CancelToken()))
    by_command = open_photo(tmp_path / "cut-seed3.png").pixels

    session = Session(Material.open(*files).document, params)
    request = request_of(session.document, params)
    shown = pixels[20:40, 10:60][..., 3] > 0
    assert np.array_equal(request.guide[20:40, 10:60][shown], pixels[20:40, 10:60][shown, :3])
    made = [m for m in FakeEngine().run(request, None) if isinstance(m, Candidate)]
    session.accept(*made)
    in_window = session.document.straight(session.document.rect)

    assert np.array_equal(by_command, in_window)
    assert np.array_equal(in_window[..., 3], pixels[..., 3])
    assert np.array_equal(in_window[mask == 0], pixels[mask == 0])
    changed = (mask > 0) & (pixels[..., 3] > most // 2)
    assert np.abs(in_window[changed, :3] / most - 1 / 3).max() <= 1.1 / most
    session.document.undo()
    assert np.array_equal(session.document.straight(session.document.rect), pixels)


def test_a_mask_of_another_size_names_both_sizes(files, tmp_path):
    Image.new("L", (81, 60), 255).save(tmp_path / "wrong.png")
    with pytest.raises(FileFormatError, match="81 x 60 pixels, but the picture is 80 x 60"):
        Material.open(files[0], None, tmp_path / "wrong.png")


def test_a_black_mask_is_pointed_out(files, tmp_path):
    Image.new("L", (80, 60), 0).save(tmp_path / "black.png")
    with pytest.raises(ParameterError, match=r"black\.png is all black"):
        Material.open(files[0], None, tmp_path / "black.png")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileFormatError, match="Nothing can be written to"):
        writable(tmp_path / "file")
    with pytest.raises(FileFormatError, match="Nothing can be written to"):
        writable(tmp_path / "file" / "below")


@pytest.mark.parametrize("count", [1, 3, 9])
def test_the_contact_sheet_shows_all(count):
    grey = [np.full((30, 40, 3), 25 * i, np.uint8) for i in range(count)]
    sheet = contact_sheet([(f"seed {i}", thumbnail(each)) for i, each in enumerate(grey)])
    for i in range(count):
        assert (sheet == 25 * i).all(axis=2).sum() >= 1200
