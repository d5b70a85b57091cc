"""Memorisation: the nearest training scenes of a model's pictures, and how near they are."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Nearest(NamedTuple):
    """The nearest training scene of each picture.

    Attributes:
        indices: (N,), which one.
        distances: (N,), how far: 0 for the same, 1 for nothing in common.
    """

    indices: NDArray[np.int64]
    distances: Floats


def nearest(pictures: NDArray[np.float32], scenes: NDArray[np.float32]) -> Nearest:
    """Finds the nearest scenes by the cosine between features.

    Args:
        pictures: Features (N, d).
        scenes: Features (M, d).
    """
    similarity = _unit(pictures) @ _unit(scenes).T
    indices = similarity.argmax(axis=1)
    return Nearest(indices, 1 - similarity[np.arange(len(pictures)), indices])


class Verdict(NamedTuple):
    """How near pictures come to the training scenes, beside what is no copy and what is one.

    Attributes:
        closest: Distance of the nearest picture.
        median: Of all pictures.
        suspicious: Pictures nearer than all but one in a hundred held-out photographs.
        copies: Pictures as near as known copies are, nine of ten of them.
    """

    closest: float
    median: float
    suspicious: int
    copies: int


def verdict(distances: Floats, held_out: Floats, known_copies: Floats) -> Verdict:
    """Judges distances to the nearest training scene, (N,), by those of photographs.

    Args:
        distances: Of what a model made.
        held_out: Of photographs that were not trained on: as near as nature is to itself.
        known_copies: Of training scenes mirrored and slightly changed.
    """
    return Verdict(
        closest=float(distances.min()),
        median=float(np.median(distances)),
        suspicious=int((distances < np.quantile(held_out, 0.01)).sum()),
        copies=int((distances <= np.quantile(known_copies, 0.9)).sum()),
    )


def _unit(features: NDArray[np.float32]) -> Floats:
    values = features.astype(np.float64)
    lengths = np.linalg.norm(values, axis=1, keepdims=True)
    unit: Floats = values / np.maximum(lengths, 1e-12)
    return unit
