from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image

from sdedit_desktop.training.evaluation.dataset import simulate_strokes
from sdedit_desktop.training.photographs import Split
from sdedit_desktop.training.recipe import Recipe
from sdedit_desktop.training.run import network_config
from sdedit_desktop.training.samples import (
    SHEET_T0S,
    held_out_crops,
    picture_grid,
    sample_sheet,
)
from sdedit_desktop.training.state import TrainingState, fresh_network

SIDE = 16


def test_a_sheet_shows_photographs_their_strokes_and_a_row_of_edits_for_each_t0():
    network = fresh_network(network_config((32, 32)), 0)
    state = TrainingState(network, Recipe(), torch.device("cpu"))
    photographs = np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE, 3), np.uint8)
    sheet = np.asarray(sample_sheet(state, photographs))
    rows = sheet.reshape(2 + len(SHEET_T0S), SIDE, 2, SIDE, 3).swapaxes(1, 2)
    assert (rows[0] == photographs).all()
    assert (rows[1] == [simulate_strokes(each) for each in photographs]).all()
    changes = [np.abs(row.astype(int) - rows[1]).mean() for row in rows[2:]]
    assert all(b > 0.99 * a > 0 for a, b in pairwise(changes))  # untrained: all is replaced
    assert changes[-1] > changes[0]
    assert (sheet == np.asarray(sample_sheet(state, photographs))).all()
    alone = np.asarray(sample_sheet(state, photographs[:1]))
    assert (alone == sheet[:, :SIDE]).all()


def test_a_grid_has_each_picture_at_its_row_and_column():
    red, blue = np.zeros((2, 20, 20, 3), np.uint8)
    red[..., 0], blue[..., 2] = 255, 255
    pixels = np.asarray(picture_grid([[red, blue], [blue, red], [red, red]]))
    assert pixels.shape == (60, 40, 3)
    assert (pixels[10, [10, 30]] == [(255, 0, 0), (0, 0, 255)]).all()
    assert (pixels[30, [10, 30]] == [(0, 0, 255), (255, 0, 0)]).all()


@pytest.fixture
def paths(tmp_path):
    found = []
    for index in range(3):
        picture = Image.new("RGB", (60, 20), "red")
        picture.paste("blue", (20, 0, 40, 20))
        found.append(tmp_path / f"{index}.png")
        picture.save(found[-1])
    return found


def test_held_out_crops_are_the_middle_of_each_photograph(paths):
    crops = held_out_crops(Split((), tuple(paths)), 16)
    assert crops.shape == (3, 16, 16, 3)
    assert (crops == (0, 0, 255)).all()


def test_crops_are_of_other_photographs_if_those_held_out_cannot_be_read(paths):
    paths[1].write_text("no picture")
    split = Split((paths[0], paths[1]), (paths[1],))
    assert len(held_out_crops(split, 16)) == 1
