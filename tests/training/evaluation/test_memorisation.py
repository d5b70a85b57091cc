import numpy as np
import pytest

from sdedit_desktop.training.evaluation.memorisation import nearest, verdict

RNG = np.random.default_rng(0)


def test_a_copy_is_found_however_bright():
    scenes = RNG.normal(size=(50, 16)).astype("f")
    found = nearest(3 * scenes[[7, 31]], scenes)
    assert found.indices.tolist() == [7, 31]
    assert found.distances == pytest.approx([0, 0], abs=1e-6)


def test_distance_is_the_cosine():
    found = nearest(np.array([[1, 0]], "f"), np.array([[0, 1], [1, 1]], "f"))
    assert found.indices.tolist() == [1]
    assert found.distances == pytest.approx([1 - 0.5**0.5])


def test_near_is_measured_by_photographs():
    held_out, known = np.linspace(0.2, 0.5, 301), np.linspace(0.0, 0.1, 101)
    judged = verdict(np.array([0.05, 0.15, 0.3, 0.4]), held_out, known)
    assert judged.closest == 0.05
    assert judged.median == pytest.approx(0.225)
    assert (judged.suspicious, judged.copies) == (2, 1)
