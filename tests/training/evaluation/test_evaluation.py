import numpy as np
import pytest
import torch
from PIL import Image

from sdedit_desktop.diffusion.denoiser import GaussianDenoiser
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.training.evaluation import (
    detail,
    edit,
    evaluate,
    held_out_crops,
    l2,
    simulate_strokes,
    table,
)
from sdedit_desktop.training.evaluation.config import KEPT
from sdedit_desktop.training.photographs import Photographs

RNG = np.random.default_rng(0)


def noisy(height=64, width=64):
    return RNG.integers(0, 256, (height, width, 3), np.uint8)


def test_strokes_have_six_colours_and_nothing_small():
    picture = np.full((256, 256, 3), (30, 90, 200), np.uint8)
    picture[128:] = (20, 140, 40)
    picture[40:48, 40:48] = 255
    strokes = simulate_strokes(picture)
    assert strokes.shape == picture.shape
    assert len(np.unique(strokes.reshape(-1, 3), axis=0)) <= 6
    assert abs(strokes[44, 44].astype(int) - (30, 90, 200)).max() <= 4
    assert len(np.unique(simulate_strokes(noisy()).reshape(-1, 3), axis=0)) <= 6


def test_l2_is_the_norm_at_256_pixels():
    black, grey = np.zeros((2, 256, 256, 3), np.uint8), np.full((2, 256, 256, 3), 51, np.uint8)
    assert l2(grey, black) == pytest.approx(0.2 * np.sqrt(256 * 256 * 3))
    assert l2(grey[:, :64, :64], black[:, :64, :64]) == pytest.approx(l2(grey, black))
    assert l2(grey, grey) == 0


def test_detail_compares_with_photographs():
    photographs = np.stack([noisy()])
    strokes = np.stack([simulate_strokes(photographs[0])])
    assert detail(photographs, photographs) == pytest.approx(1)
    assert detail(strokes, photographs) < 0.3


def test_editing_is_repeatable_and_one_stream_per_picture():
    guides = np.stack([noisy(16, 16), noisy(16, 16)])
    both = edit(GaussianDenoiser(), guides, t0=0.5, calls=3, seed=4)
    alone = edit(GaussianDenoiser(), guides[1:], t0=0.5, calls=3, seed=5)
    assert both.shape == guides.shape
    assert (both[1] == alone[0]).all()
    little = edit(GaussianDenoiser(), guides, t0=0.05, calls=3)
    assert l2(little, guides) < l2(both, guides)


def test_the_table_starts_with_the_strokes():
    photographs = np.stack([noisy(), noisy()])
    scores = evaluate(lambda guides, t0: guides + np.uint8(100 * t0), photographs, (0.2, 0.4))
    assert [score.name for score in scores] == ["strokes", "t0 0.2", "t0 0.4"]
    assert scores[0].l2_to_guide == 0
    assert scores[0].l2_to_photograph > 0
    header, _, first, *rest = table(scores).splitlines()
    assert header.count("|") == first.count("|") == 5
    assert first.startswith("| strokes | 0.0 |")
    assert len(rest) == 2


def test_held_out_crops_are_the_middle_and_always_the_same(tmp_path):
    paths = []
    for index in range(3):
        picture = Image.new("RGB", (60, 20), "red")
        picture.paste("blue", (20, 0, 40, 20))
        paths.append(tmp_path / f"{index}.png")
        picture.save(paths[-1])
    crops = held_out_crops(Photographs(paths), 8, 16)
    assert crops.shape == (3, 16, 16, 3)
    assert (crops[:, 8, 8] == (0, 0, 255)).all()
    assert torch.equal(*map(torch.from_numpy, (crops, held_out_crops(Photographs(paths), 8, 16))))


def test_colours_are_kept_as_by_the_program():
    assert EditParams.colours_kept == KEPT
