"""Measurements of edits."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyvips
from numpy.typing import NDArray
from torch import Tensor

from sdedit_desktop.training.evaluation.cache import Array
from sdedit_desktop.training.evaluation.dataset import Scene
from sdedit_desktop.training.evaluation.distances import Inside, detail, l2, perceptual, seam
from sdedit_desktop.training.evaluation.inception import Inception
from sdedit_desktop.training.photographs import Pixels

_TRIED_OFFSETS, _MOST_MATCHES = 16, 20
Ints = NDArray[np.int64]


class Measured(NamedTuple):
    """Measurements of one picture, inside the mask unless stated otherwise.

    Attributes:
        detail: Its fine detail, relative to the photograph's.
        seam: See ``distances.seam``; 0 where the mask has no border.
        guide: Distance from the guide, as in the paper.
        photograph: Distance from the photograph.
        perceptual: See ``distances.perceptual``; NaN without a feature network.
        copied: Pixels of the largest piece that is copied; see ``largest_copy``.
        outside: Largest change outside the mask, of 255.
        features: Of the whole picture, (C,); empty without a feature network.
    """

    detail: float
    seam: float
    guide: float
    photograph: float
    perceptual: float
    copied: float
    outside: float
    features: Array

    @classmethod
    def of(cls, values: Array) -> "Measured":
        """Reads what ``as_array`` returned."""
        count = len(cls._fields) - 1
        return cls._make([*values[:count].tolist(), values[count:]])

    def as_array(self) -> Array:
        """All of it in one array of float32."""
        return np.array([*self[:-1], *self.features], np.float32)


def measured(scene: Scene, picture: Pixels, network: Inception | None) -> Measured:
    """Measures a picture, (H, W, 3), that was made from a scene."""
    inside = scene.mask > 0
    distance, features = float("nan"), np.empty(0, np.float32)
    if network is not None:
        here, there = (network.maps(each[None]) for each in (picture, scene.photograph))
        distance, features = perceptual(here, there, scene.mask), deepest(here)
    change = np.abs(picture.astype(int) - scene.photograph)[~inside]
    return Measured(
        detail(picture, scene.photograph, inside),
        seam(picture, scene.photograph, inside),
        l2(picture, scene.guide, inside),
        l2(picture, scene.photograph, inside),
        distance,
        largest_copy(picture, scene.photograph, inside),
        float(change.max(initial=0)),
        features,
    )


def deepest(maps: Sequence[Tensor]) -> NDArray[np.float32]:
    """The deepest features of one picture, averaged over it, (C,)."""
    return maps[-1].mean((2, 3))[0].cpu().numpy()


def largest_copy(picture: Pixels, photograph: Pixels, inside: Inside) -> int:
    """Pixels of the largest connected piece that is another part of the photograph, unchanged.

    Pieces are found by the offsets at which triples of neighbouring pixels agree. Triples that
    occur often, as in flat areas, are ignored.

    Args:
        picture: (H, W, 3), edited inside the mask.
        photograph: (H, W, 3), of which patches outside the mask could be taken.
        inside: (H, W), the mask.
    """
    edited, source = _packed(picture), _packed(photograph)
    height, width = edited.shape
    keys, positions = _triples(source, ~inside)
    order = np.argsort(keys)
    keys, positions = keys[order], positions[order]
    wanted, targets = _triples(edited, inside)
    first, last = (np.searchsorted(keys, wanted, side) for side in ("left", "right"))
    offsets: list[Ints] = []
    for count in range(_MOST_MATCHES):
        hit = (last - first > count) & (last - first <= _MOST_MATCHES)
        offsets.append(positions[first[hit] + count] - targets[hit])
    found, times = np.unique(np.concatenate(offsets), return_counts=True)
    largest = 0
    rows, columns = np.indices(edited.shape)
    for offset in found[np.argsort(times)[::-1][:_TRIED_OFFSETS]]:
        down = round(int(offset) / width)
        y, x = rows + down, columns + int(offset) - down * width
        within = (y >= 0) & (y < height) & (x >= 0) & (x < width) & inside
        y, x = y.clip(0, height - 1), x.clip(0, width - 1)
        same = within & ~inside[y, x] & (edited == source[y, x])
        largest = max(largest, _largest_component(same))
    return largest


def _packed(picture: Pixels) -> Ints:
    """One integer per pixel."""
    values: Ints = picture.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
    return values


def _triples(packed: Ints, where: Inside) -> tuple[Ints, Ints]:
    """A key for each pixel with its right and its lower neighbour, and the pixels' indices."""
    whole = where[:-1, :-1] & where[:-1, 1:] & where[1:, :-1]
    keys = packed[:-1, :-1] * 1_000_003 + packed[:-1, 1:]
    keys = keys * 1_000_003 + packed[1:, :-1]
    indices = np.arange(packed.size).reshape(packed.shape)[:-1, :-1]
    return keys[whole], indices[whole]


def _largest_component(pixels: Inside) -> int:
    """Pixels of the largest connected component."""
    labels = pyvips.Image.new_from_array(pixels.astype(np.uint8)).labelregions().numpy()
    return int(np.bincount(labels[pixels], minlength=1).max())
