from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.training.evaluation import dataset as modules
from sdedit_desktop.training.evaluation.dataset import (
    Scenes,
    large_enough,
    painted_inside,
    random_mask,
    simulate_strokes,
)

RNG = np.random.default_rng(0)


def noisy(height=64, width=64):
    return RNG.integers(0, 256, (height, width, 3), np.uint8)


@pytest.fixture
def scenes(folder):
    paths = tuple(sorted(folder.iterdir()))
    chances = np.array([0.5, *np.full(19, 0.5 / 19)])
    return Scenes(paths, chances, 16, seed=3)


def test_a_scene_is_always_the_same(scenes):
    assert scenes.scene(5).shape == (16, 16, 3)
    assert (scenes.scene(5) == scenes.scene(5)).all()
    assert scenes.digest(5) == scenes.digest(5)
    assert len({scenes.digest(index) for index in range(50)}) == 50


def test_scenes_that_are_cut_differently_are_others(scenes, monkeypatch):
    before = scenes.digest(7)
    elsewhere = replace(scenes)
    monkeypatch.setattr(
        modules, "random_scene", lambda picture, size, rng: np.ones((4, 4, 3), "u1")
    )
    assert elsewhere.digest(7) != before


def test_the_first_few_scenes_are_a_fair_sample(scenes):
    """Half of all scenes are from the first photograph: of any eight in a row, three to five."""
    first = [scenes.photograph(index) == scenes.paths[0] for index in range(200)]
    for start in range(0, 190):
        assert 3 <= sum(first[start : start + 8]) <= 5
    assert {scenes.photograph(index) for index in range(200)} == set(scenes.paths)


def test_small_photographs_are_left_out(folder):
    Image.new("RGB", (40, 100)).save(folder / "tall.png")
    assert large_enough(sorted(folder.iterdir()), 40) == (folder / "tall.png",)
    with pytest.raises(FileFormatError, match=r"has 64 x 64 pixels\.$"):
        large_enough(sorted(folder.iterdir()), 64)
    (folder / "tall.png").write_bytes(b"no picture")
    with pytest.raises(FileFormatError, match="is not a picture"):
        large_enough([folder / "tall.png"], 8)


@pytest.mark.parametrize("seed", range(8))
def test_masks_are_one_place_of_a_sensible_size(seed):
    mask = random_mask(128, seed)
    assert set(np.unique(mask)) == {0, 255}
    assert 0.08 < (mask > 0).mean() < 0.4
    assert (mask == random_mask(128, seed)).all()


def test_strokes_are_painted_inside_the_mask_only():
    photograph, strokes = np.zeros((8, 8, 3), np.uint8), np.full((8, 8, 3), 200, np.uint8)
    mask = np.zeros((8, 8), np.uint8)
    mask[2:4, 2:4] = 255
    painted = painted_inside(photograph, strokes, mask)
    assert ((painted == 200).all(axis=2) == (mask > 0)).all()


def test_strokes_have_six_colours_and_nothing_small():
    picture = np.full((256, 256, 3), (30, 90, 200), np.uint8)
    picture[128:] = (20, 140, 40)
    picture[40:48, 40:48] = 255
    strokes = simulate_strokes(picture)
    assert strokes.shape == picture.shape
    assert len(np.unique(strokes.reshape(-1, 3), axis=0)) <= 6
    assert abs(strokes[44, 44].astype(int) - (30, 90, 200)).max() <= 4
    assert len(np.unique(simulate_strokes(noisy()).reshape(-1, 3), axis=0)) <= 6
