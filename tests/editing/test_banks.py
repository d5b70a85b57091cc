"""Banks of photographs on disk: what is made, what is refused, what is chosen of them."""

import json

import numpy as np
import pytest

from sdedit_desktop import paths
from sdedit_desktop.document.files.photo import export, open_photo
from sdedit_desktop.editing import banks, models
from sdedit_desktop.errors import FileFormatError, ModelError


def picture(path, color, size=(40, 60), dtype=np.uint8):
    export(np.full((*size, 3), color, np.uint8).astype(dtype) * (np.iinfo(dtype).max // 255), path)
    return path


@pytest.fixture
def folder(tmp_path):
    picture(tmp_path / "b.png", (200, 30, 30))
    picture(tmp_path / "a.tif", (30, 30, 200), dtype=np.uint16)
    picture(tmp_path / "c.webp", (30, 200, 30))
    (tmp_path / "notes.txt").write_text("no picture")
    return tmp_path


@pytest.fixture
def own_models(tmp_path_factory, monkeypatch):
    where = tmp_path_factory.mktemp("own")
    monkeypatch.setattr(paths, "user_models", lambda: where)
    return where


def test_a_folder_of_pictures_becomes_a_model_that_is_found(folder, own_models, tiny_model):
    made = banks.add(banks.pictures_in(folder), "Three")
    assert made == own_models / "Three" == models.found()["Three"]
    bank = banks.load(made)
    colors = [banks.pixels_of(each)[0, 0] for each in bank.pictures]
    expected = [(30, 30, 200), (200, 30, 30), (30, 200, 30)]
    assert np.abs(np.array(colors, int) - expected).max() <= 4
    assert models.is_of_photographs("Three")
    assert not models.is_of_photographs(tiny_model)
    with pytest.raises(FileFormatError, match="There is a model named Three"):
        banks.add(banks.pictures_in(folder), "Three")
    assert sorted(own_models.iterdir()) == [made]


def test_large_pictures_are_reduced_and_transparent_ones_lie_on_white(tmp_path, own_models):
    picture(tmp_path / "large.png", (90, 90, 90), (300, 3 * banks.MOST_SIDE))
    export(np.zeros((30, 30, 4), np.uint8), tmp_path / "nothing.png")
    large, nothing = banks.load(banks.add(banks.pictures_in(tmp_path), "two")).pictures
    assert banks.pixels_of(large).shape == (100, banks.MOST_SIDE, 3)
    assert banks.pixels_of(nothing).min() >= 254


def test_a_picture_that_cannot_be_read_leaves_nothing_behind(folder, own_models):
    (folder / "d.jpg").write_bytes(b"this is no picture")
    with pytest.raises(FileFormatError, match=r"d\.jpg"):
        banks.add(banks.pictures_in(folder), "broken")
    assert not list(own_models.iterdir())


@pytest.mark.parametrize("name", ["", "..", "a/b"])
def test_names_stay_in_the_folder_of_models(folder, own_models, name):
    with pytest.raises(FileFormatError, match="cannot be the name"):
        banks.add(banks.pictures_in(folder), name)


def test_too_many_or_no_pictures_are_one_sentence(folder, own_models, tmp_path_factory):
    with pytest.raises(FileFormatError, match="1 to 50 pictures, not of 51"):
        banks.add([folder / "b.png"] * 51, "many")
    with pytest.raises(FileFormatError, match="There is no picture in"):
        banks.pictures_in(tmp_path_factory.mktemp("empty"))


LISTING = {"sdedit-desktop-exemplars": 1, "name": "x", "pictures": ["b.png"]}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "is damaged"),
        ("[]", "is damaged"),
        (json.dumps({**LISTING, "pictures": [7]}), "is damaged"),
        (json.dumps({**LISTING, "name": None}), "is damaged"),
        (json.dumps({**LISTING, "sdedit-desktop-exemplars": 2}), "later version"),
        (json.dumps({**LISTING, "pictures": ["missing.png"]}), "missing.png is missing"),
        (json.dumps({**LISTING, "pictures": ["../b.png"]}), "not in its own folder"),
        (json.dumps({**LISTING, "pictures": ["b.png"] * 51}), "lists 51 pictures"),
    ],
)
def test_a_bad_list_is_one_sentence(folder, text, sentence):
    (folder / banks.INDEX).write_text(text)
    with pytest.raises(ModelError, match=sentence):
        banks.load(folder)


def test_a_damaged_picture_is_one_sentence(folder):
    (folder / banks.INDEX).write_text(json.dumps(LISTING))
    (folder / "b.png").write_bytes(b"no picture")
    bank = banks.load(folder)
    with pytest.raises(ModelError, match="cannot be used"):
        banks.pixels_of(bank.pictures[0])
    with pytest.raises(ModelError, match=r"b\.png is damaged"):
        banks.most_similar(bank, np.zeros((8, 8, 3), np.uint8), np.full((8, 8), 255, np.uint8))


def test_the_masked_area_decides_which_pictures_are_chosen(folder):
    listing = {**LISTING, "pictures": ["a.tif", "b.png", "c.webp"]}
    (folder / banks.INDEX).write_text(json.dumps(listing))
    bank = banks.load(folder)
    guide = np.full((90, 120, 3), (30, 200, 30), np.uint8)
    guide[:, :60] = (200, 30, 30)
    mask = np.zeros((90, 120), np.uint8)
    mask[:, 70:] = 255
    assert [p.name for p in banks.most_similar(bank, guide, mask, 1)] == ["c.webp"]
    assert [p.name for p in banks.most_similar(bank, guide, 255 - mask, 1)] == ["b.png"]


def test_missing_colours_are_a_share_of_the_masked_area():
    palette = np.array([[10, 120, 10], [200, 200, 200]], np.uint8)
    guide = np.full((40, 40, 3), (12, 118, 12), np.uint8)
    guide[:, :10] = (250, 10, 10)
    everywhere = np.full((40, 40), 255, np.uint8)
    assert banks.missing_share(guide, everywhere, palette) == pytest.approx(0.25, abs=0.03)
    right = everywhere.copy()
    right[:, :12] = 0
    assert banks.missing_share(guide, right, palette) == 0
    assert banks.missing_share(guide, everywhere, palette[:0]) == 1


def test_the_bundled_bank_is_small_and_names_its_authors():
    path = paths.resources() / "models" / models.BUNDLED_PHOTOS
    bank = banks.load(path)
    assert sum(each.stat().st_size for each in path.iterdir()) <= 12e6
    attribution = (path / "ATTRIBUTION.md").read_text("utf-8")
    assert 10 <= len(bank.pictures) <= banks.MOST_PICTURES
    for each in bank.pictures:
        assert f"| {each.name} |" in attribution
        assert min(open_photo(each).pixels.shape[:2]) >= 256


def test_the_photo_itself_is_the_first_model_and_the_default():
    assert next(iter(models.found())) == models.default() == models.THIS_PHOTO
    assert models.default(has_photo=False) == models.FOR_BLANK_CANVASES
