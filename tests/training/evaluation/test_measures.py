"""Photographs as models, evaluated: known answers, and one small run from end to end."""

import numpy as np
import pytest
from PIL import Image

from sdedit_desktop.cli.main import main
from sdedit_desktop.editing import models
from sdedit_desktop.training.evaluation import report as reporting
from sdedit_desktop.training.evaluation import run as running
from sdedit_desktop.training.evaluation.dataset import Scene
from sdedit_desktop.training.evaluation.measures import Measured, largest_copy, measured

SIDE = 48


@pytest.fixture
def photograph():
    return np.random.default_rng(3).integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)


@pytest.fixture
def inside():
    mask = np.zeros((SIDE, SIDE), bool)
    mask[10:30, 12:34] = True
    return mask


def test_a_piece_that_was_moved_here_is_found_with_its_size(photograph, inside):
    picture = photograph.copy()
    picture[inside] = np.random.default_rng(4).integers(0, 256, (inside.sum(), 3))
    assert largest_copy(picture, photograph, inside) <= 2
    picture[12:20, 14:23] = photograph[36:44, 30:39]
    assert largest_copy(picture, photograph, inside) == 8 * 9
    picture[15] = 0
    assert largest_copy(picture, photograph, inside) == 4 * 9


def test_pixels_under_the_mask_do_not_count_as_copied(photograph, inside):
    assert largest_copy(photograph, photograph, inside) == 0


def test_a_flat_area_proves_nothing(inside):
    flat = np.full((SIDE, SIDE, 3), 80, np.uint8)
    assert largest_copy(flat, flat, inside) == 0


def test_a_photograph_compared_with_itself_measures_as_unchanged(photograph, inside):
    guide = photograph.copy()
    guide[inside] = 128
    scene = Scene(photograph, guide, inside.astype(np.uint8) * 255)
    itself, painted = (measured(scene, each, None) for each in (photograph, guide))
    assert (itself.detail, itself.seam, itself.photograph, itself.outside) == (1, 1, 0, 0)
    assert painted.guide == 0
    assert painted.detail < 0.2
    assert painted.photograph == pytest.approx(itself.guide)
    broken = photograph.copy()
    broken[0, 0] ^= 7
    assert measured(scene, broken, None).outside > 0


def test_measurements_survive_being_an_array():
    there = Measured(1.0, 0.5, 2.0, 3.0, 0.25, 7.0, 0.0, np.array([1.5, -2.0], np.float32))
    back = Measured.of(there.as_array())
    assert back[:-1] == there[:-1]
    assert back.features.tolist() == [1.5, -2.0]


def test_an_evaluation_of_the_photo_itself_writes_its_report(tmp_path, monkeypatch, tiny_model):
    monkeypatch.setattr(running, "MASKED_EDITS", 2)
    monkeypatch.setattr(reporting, "_COLUMNS", 1)
    for number in range(24):
        pixels = np.random.default_rng(number).integers(0, 256, (96, 96, 3)).astype(np.uint8)
        (tmp_path / "photographs").mkdir(exist_ok=True)
        Image.fromarray(pixels).save(tmp_path / "photographs" / f"{number}.png")
    given = ["evaluate", models.THIS_PHOTO, tmp_path / "photographs", "-o", tmp_path / "out"]
    given += ["--size", "64", "--crops", "4", "--against", tiny_model]
    assert main([str(argument) for argument in given]) == 0
    report = (tmp_path / "out" / "report.md").read_text("utf-8")
    rows = [line.split("|")[1].strip() for line in report.splitlines() if line.startswith("| ")]
    assert rows[:4] == ["", "photographs", "strokes", "This photo, t0 0.35"]
    assert len(rows) == 6
    assert "Largest change outside the masks: 0 of 255." in report
    with Image.open(tmp_path / "out" / "masked.webp") as sheet:
        assert sheet.size == (64, 2 * 5 * 64)  # two bands of one scene
