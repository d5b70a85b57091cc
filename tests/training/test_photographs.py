import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sdedit_desktop.errors import FileFormatError, ParameterError
from sdedit_desktop.training.photographs import (
    KEPT_SIDE,
    Photographs,
    find_photographs,
    random_crop,
    read_photograph,
    shares_of_folders,
)


def draw(path, width=40, height=30, seed=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def write_listing(path, rows):
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "split"])
        writer.writerows(rows)
    return path


def test_without_a_list_some_photographs_are_held_out(tmp_path):
    for index in range(40):
        draw(tmp_path / f"{index:02}.png")
    (tmp_path / "notes.txt").write_text("no picture")
    split = find_photographs(tmp_path)
    assert (len(split.train), len(split.held_out)) == (38, 2)
    assert not set(split.train) & set(split.held_out)


def test_held_out_photographs_are_never_opened(tmp_path):
    draw(tmp_path / "a.png")
    (tmp_path / "b.png").write_text("whoever opens this fails")
    listing = write_listing(tmp_path / "list.csv", [("a.png", "train"), ("b.png", "heldout")])
    split = find_photographs(tmp_path, listing)
    assert split.held_out == (tmp_path / "b.png",)
    crops = Photographs(split.train).crops(200, 8, np.random.default_rng(0))
    assert crops.shape == (200, 8, 8, 3)
    with pytest.raises(FileFormatError, match=r"b\.png"):
        read_photograph(split.held_out[0])


def test_a_list_that_holds_nothing_out_is_split_as_a_folder_is(tmp_path):
    rows = [(draw(tmp_path / f"{index:02}.png").name, "train") for index in range(20)]
    split = find_photographs(tmp_path, write_listing(tmp_path / "list.csv", rows))
    assert (len(split.train), len(split.held_out)) == (19, 1)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [([("none.png", "train")], "does not exist"), ([("a.png", "heldout")], "no photograph to")],
)
def test_a_wrong_list_is_told(tmp_path, rows, sentence):
    draw(tmp_path / "a.png")
    with pytest.raises(FileFormatError, match=sentence):
        find_photographs(tmp_path, write_listing(tmp_path / "list.csv", rows))


def test_a_list_without_the_column_is_told(tmp_path):
    listing = tmp_path / "list.csv"
    listing.write_text("name\na.png\n")
    with pytest.raises(FileFormatError, match="column 'file'"):
        find_photographs(tmp_path, listing)


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(FileFormatError, match="no photographs"):
        find_photographs(tmp_path)


def test_shares_decide_how_often_a_folder_is_drawn(tmp_path):
    paths = [tmp_path / "sky" / "1.png", *(tmp_path / "sea" / f"{n}.png" for n in range(9))]
    chances = shares_of_folders(paths, tmp_path, {"sky": 3, "sea": 1})
    assert chances[0] == pytest.approx(0.75)
    assert chances.sum() == pytest.approx(1)
    with pytest.raises(ParameterError, match="named wood"):
        shares_of_folders(paths, tmp_path, {"wood": 1})


@given(
    width=st.integers(5, 90),
    height=st.integers(5, 90),
    size=st.sampled_from([8, 16]),
    seed=st.integers(0, 1000),
)
def test_crops_stay_inside_the_photograph(width, height, size, seed):
    """A bright picture has no black border to be caught in a crop."""
    picture = Image.new("RGB", (width, height), (200, 200, 200))
    crop = random_crop(picture, size, np.random.default_rng(seed))
    assert crop.shape == (size, size, 3)
    assert crop.min() > 120
    assert np.ptp(crop.reshape(-1, 3), axis=0).max() <= 1


def test_the_same_seed_cuts_the_same_crops_whatever_memory_holds(tmp_path):
    paths = [draw(tmp_path / f"{n}.png", seed=n) for n in range(5)]
    roomy, narrow = Photographs(paths), Photographs(paths, memory_bytes=1)
    for seed in range(5):
        first = roomy.crops(4, 8, np.random.default_rng(seed))
        assert (first == narrow.crops(4, 8, np.random.default_rng(seed))).all()
    assert (first != roomy.crops(4, 8, np.random.default_rng(99))).any()


def test_memory_is_bounded(tmp_path):
    paths = [draw(tmp_path / f"{n}.png", seed=n) for n in range(6)]
    photographs = Photographs(paths, memory_bytes=2 * 4 * 40 * 30)
    for index in range(6):
        photographs.photograph(index)
    assert len(photographs.decoded) == 2


def test_large_photographs_are_kept_reduced(tmp_path):
    path = draw(tmp_path / "large.jpg", KEPT_SIDE * 3, KEPT_SIDE * 2)
    assert min(read_photograph(path).size) == KEPT_SIDE


def test_zoom_covers_details_and_the_whole():
    """On a ramp from left to right, the range of a crop tells how much of the picture it shows."""
    ramp = np.tile(np.linspace(50, 200, 512), (512, 1)).astype(np.uint8)
    picture = Image.fromarray(ramp).convert("RGB")
    rng = np.random.default_rng(0)
    shown = [np.ptp(random_crop(picture, 32, rng)[..., 1].astype(int)) / 150 for _ in range(200)]
    assert min(shown) < 0.15
    assert max(shown) > 0.85
