import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sdedit_desktop.document.files import photo
from sdedit_desktop.errors import FileFormatError, ParameterError
from sdedit_desktop.training.photographs import (
    KEPT_SIDE,
    Photographs,
    find_photographs,
    random_crop,
    read_photograph,
    resized,
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
def test_a_wrong_list_is_refused_with_the_reason(tmp_path, rows, sentence):
    draw(tmp_path / "a.png")
    with pytest.raises(FileFormatError, match=sentence):
        find_photographs(tmp_path, write_listing(tmp_path / "list.csv", rows))


def test_a_list_without_the_file_column_is_refused(tmp_path):
    listing = tmp_path / "list.csv"
    listing.write_text("name\na.png\n")
    with pytest.raises(FileFormatError, match="column 'file'"):
        find_photographs(tmp_path, listing)


def test_a_folder_without_photographs_is_refused(tmp_path):
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
    width=st.integers(1, 90),
    height=st.integers(1, 90),
    size=st.sampled_from([8, 16]),
    seed=st.integers(0, 1000),
)
def test_crops_stay_inside_the_photograph(width, height, size, seed):
    """A bright picture has no black border to be caught in a crop."""
    picture = np.full((height, width, 3), 200, np.uint8)
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
    photographs = Photographs(paths, memory_bytes=2 * 3 * 40 * 30)
    for index in range(6):
        photographs.pixels(index)
    assert len(photographs.decoded) == 2


def test_large_photographs_are_kept_reduced(tmp_path):
    path = draw(tmp_path / "large.jpg", KEPT_SIDE * 3, KEPT_SIDE * 2)
    assert min(read_photograph(path).shape[:2]) == KEPT_SIDE


def test_zoom_covers_details_and_the_whole():
    """On a ramp from left to right, the range of a crop tells how much of the picture it shows."""
    ramp = np.tile(np.linspace(50, 200, 512), (512, 1)).astype(np.uint8)
    picture = np.stack([ramp] * 3, axis=2)
    rng = np.random.default_rng(0)
    shown = [np.ptp(random_crop(picture, 32, rng)[..., 1].astype(int)) / 150 for _ in range(200)]
    assert min(shown) < 0.15
    assert max(shown) > 0.85


# Whatever a camera, a scanner or a mistake may put into a folder

RAMP = np.linspace(0, 255, 48 * 32).reshape(32, 48).astype(np.uint8)
COLOURED = np.stack([RAMP, RAMP[::-1], RAMP // 2], axis=2)


def plain(path):
    Image.fromarray(COLOURED).save(path)
    return COLOURED


def grey(path):
    Image.fromarray(RAMP).save(path)
    return np.stack([RAMP] * 3, axis=2)


def grey_of_16_bits(path):
    Image.fromarray(RAMP.astype(np.uint16) * 257).save(path)
    return np.stack([RAMP] * 3, axis=2)


def colours_of_16_bits(path):
    photo.export(COLOURED.astype(np.uint16) * 257, path)
    return COLOURED


def turned(path):
    """A quarter to the right, says EXIF."""
    exif = Image.Exif()
    exif[0x112] = 6
    Image.fromarray(COLOURED).save(path, exif=exif)
    return np.rot90(COLOURED, -1)


def half_transparent(path):
    alpha = np.full((32, 48, 1), 255, np.uint8)
    alpha[:, :24] = 0
    Image.fromarray(np.concatenate([COLOURED, alpha], axis=2)).save(path)
    return np.where(alpha == 255, COLOURED, 255)


def of_a_palette(path):
    seen = Image.fromarray(COLOURED).convert("P")
    seen.save(path)
    return np.asarray(seen.convert("RGB"))


@pytest.mark.parametrize(
    "make",
    [
        plain,
        grey,
        grey_of_16_bits,
        colours_of_16_bits,
        turned,
        half_transparent,
        of_a_palette,
    ],
)
def test_any_picture_is_seen_upright_in_eight_bits(tmp_path, make):
    wanted = make(tmp_path / "picture.png")
    found = read_photograph(tmp_path / "picture.png")
    assert found.shape == wanted.shape
    assert np.abs(found.astype(int) - wanted).max() <= 1


def test_turned_photographs_are_reduced_by_their_true_short_side(tmp_path):
    exif = Image.Exif()
    exif[0x112] = 8
    Image.new("RGB", (60, 40), "red").save(tmp_path / "a.jpg", exif=exif)
    assert read_photograph(tmp_path / "a.jpg", short_side=20).shape == (30, 20, 3)


def test_cmyk_and_other_profiles_become_srgb(tmp_path):
    Image.new("CMYK", (20, 20), (0, 255, 255, 0)).save(tmp_path / "cmyk.jpg")
    red = read_photograph(tmp_path / "cmyk.jpg")[10, 10]
    assert red[0] > 180 > 80 > red[1:].max()


def test_unreadable_files_are_left_out_whatever_was_read_before(tmp_path):
    paths = [draw(tmp_path / f"{n}.png", seed=n) for n in range(6)]
    paths[1].write_text("no picture")
    paths[4].write_bytes(paths[4].read_bytes()[:200])
    early, late = Photographs(paths), Photographs(paths)
    for seed in range(20):
        early.crops(4, 8, np.random.default_rng(seed))
    crops = early.crops(4, 8, np.random.default_rng(99))
    assert (crops == late.crops(4, 8, np.random.default_rng(99))).all()
    assert early.unreadable == {1, 4}


def test_a_folder_without_readable_photographs_is_refused(tmp_path):
    for name in ("a.png", "b.jpg"):
        (tmp_path / name).write_text("no picture")
    paths = find_photographs(tmp_path).train + find_photographs(tmp_path).held_out
    with pytest.raises(FileFormatError, match="None of the photographs"):
        Photographs(paths).crops(2, 8, np.random.default_rng(0))
    drawn = draw(tmp_path / "never" / "c.png")
    photographs = Photographs([*paths, drawn], np.array([0.5, 0.5, 0]))
    with pytest.raises(FileFormatError, match="None of the photographs"):
        photographs.crops(2, 8, np.random.default_rng(0))


def test_the_trainings_own_pictures_and_hidden_ones_are_no_photographs(tmp_path):
    wanted = [draw(tmp_path / "in" / "a.png"), draw(tmp_path / "b.png")]
    for name in ("model/training/samples.png", ".trash/c.png", "in/.d.png"):
        draw(tmp_path / name)
    split = find_photographs(tmp_path, without=tmp_path / "model")
    assert sorted(split.train + split.held_out) == sorted(wanted)


def test_one_photograph_is_enough(tmp_path):
    path = draw(tmp_path / "only.png", 5, 3)
    split = find_photographs(tmp_path)
    assert split.train == split.held_out == (path,)
    assert Photographs(split.train).crops(3, 8, np.random.default_rng(0)).shape == (3, 8, 8, 3)


@pytest.mark.parametrize("side", [32, 64, 65, 100, 257, 512, 767])
@pytest.mark.parametrize("size", [32, 64, 96])
def test_scenes_are_resized_as_torchvision_does_it(side, size):
    """Packages do without torchvision, and train on the same pixels."""
    import torch
    from torchvision.transforms.v2 import InterpolationMode, functional

    scene = np.random.default_rng(side).integers(0, 256, (side + 3, side + 5, 3), np.uint8)
    scene = scene[3:, 5:]
    wanted = functional.resize(
        torch.from_numpy(scene).permute(2, 0, 1), [size, size], InterpolationMode.BICUBIC
    )
    assert np.array_equal(resized(scene, size), wanted.permute(1, 2, 0).numpy())
