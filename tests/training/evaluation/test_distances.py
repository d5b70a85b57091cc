import numpy as np
import pytest
import torch

from sdedit_desktop.training.evaluation.dataset import simulate_strokes
from sdedit_desktop.training.evaluation.distances import detail, l2, perceptual, seam

RNG = np.random.default_rng(0)


def maps(*shapes):
    return [torch.from_numpy(RNG.normal(size=(1, *shape)).astype("f")) for shape in shapes]


def test_the_perceptual_distance_is_zero_of_the_same_and_four_of_opposites():
    here, everywhere = maps((3, 8, 8), (5, 4, 4)), np.full((16, 16), 255, np.uint8)
    assert perceptual(here, here, everywhere) == 0
    assert perceptual(here, [2 * each for each in here], everywhere) == pytest.approx(0, abs=1e-6)
    assert perceptual(here, [-each for each in here], everywhere) == pytest.approx(4, rel=1e-5)


def test_the_perceptual_distance_looks_inside_the_mask_only():
    here = maps((3, 8, 8))
    there = [here[0].clone()]
    there[0][..., 4:] *= -1
    left = np.zeros((16, 16), np.uint8)
    left[:, :8] = 255
    assert perceptual(here, there, left) == 0
    assert perceptual(here, there, 255 - left) == pytest.approx(4, rel=1e-5)


def test_a_seam_is_a_step_at_the_border_alone():
    photograph = np.tile(np.arange(0, 64, 2, dtype=np.uint8)[None, :, None], (32, 1, 3))
    mask = np.zeros((32, 32), np.uint8)
    mask[:, 16:] = 255
    assert seam(photograph, photograph, mask > 0) == 1
    brighter = photograph + (mask[..., None] // 255) * np.uint8(6)
    assert seam(brighter, photograph, mask > 0) == pytest.approx(4)  # a step of 8 where 2 were
    inner = photograph.copy()
    inner[:, 20:] += 40
    assert seam(inner, photograph, mask > 0) == 1


def test_l2_is_the_norm_at_256_pixels_in_proportion_to_the_mask():
    black, grey = np.zeros((64, 64, 3), np.uint8), np.full((64, 64, 3), 51, np.uint8)
    everywhere, corner = np.ones((64, 64), bool), np.zeros((64, 64), bool)
    corner[:9, :7] = True
    assert l2(grey, black, everywhere) == pytest.approx(0.2 * np.sqrt(256 * 256 * 3))
    assert l2(grey, black, corner) == pytest.approx(l2(grey, black, everywhere))
    assert l2(grey, grey, everywhere) == 0
    grey[corner] = 0
    assert l2(grey, black, corner) == 0


def test_detail_compares_with_the_photograph():
    photograph = RNG.integers(0, 256, (64, 64, 3), np.uint8)
    everywhere = np.ones((64, 64), bool)
    assert detail(photograph, photograph, everywhere) == pytest.approx(1)
    assert detail(simulate_strokes(photograph), photograph, everywhere) < 0.3
