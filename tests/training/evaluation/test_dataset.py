import numpy as np
import pytest
from PIL import Image

from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.training.evaluation.dataset import (
    Scenes,
    large_enough,
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
    assert scenes.pixels(5).shape == (16, 16, 3)
    assert (scenes.pixels(5) == scenes.pixels(5)).all()
    assert len({scenes.pixels(index).tobytes() for index in range(50)}) == 50


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


def test_strokes_are_painted_inside_the_mask_or_everywhere(scenes):
    photograph, guide, mask = scenes.scene(5, seed=2)
    strokes = simulate_strokes(photograph)
    assert (photograph == scenes.pixels(5)).all()
    assert (mask == random_mask(16, 2)).all()
    assert (guide[mask > 0] == strokes[mask > 0]).all()
    assert (guide[mask == 0] == photograph[mask == 0]).all()
    everywhere = scenes.scene(5, seed=None)
    assert (everywhere.guide == strokes).all()
    assert (everywhere.mask == 255).all()


def test_strokes_have_six_colours_and_nothing_small():
    picture = np.full((256, 256, 3), (30, 90, 200), np.uint8)
    picture[128:] = (20, 140, 40)
    picture[40:48, 40:48] = 255
    strokes = simulate_strokes(picture)
    assert strokes.shape == picture.shape
    assert len(np.unique(strokes.reshape(-1, 3), axis=0)) <= 6
    assert abs(strokes[44, 44].astype(int) - (30, 90, 200)).max() <= 4
    assert len(np.unique(simulate_strokes(noisy()).reshape(-1, 3), axis=0)) <= 6
