"""Predicts whether a job fits into memory, from its size and from what earlier jobs took."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
import torch

from sdedit_desktop.diffusion import devices
from sdedit_desktop.diffusion.estimate import estimate
from sdedit_desktop.diffusion.space import LARGEST_DECODED
from sdedit_desktop.editing import photograph_memory
from sdedit_desktop.editing.sampling.photographs import Material

NETWORK, PHOTOGRAPHS = "network", "photographs"
_USUAL = {NETWORK: 1.6, PHOTOGRAPHS: 1.0}
"""By so much calls need more than is expected, as long as nothing was measured: on a CPU it was 1.4
to 1.9 for networks of 34 to 544 MB."""
_PICTURES = 12
"""Pictures in float32 that a sampler holds of the whole at a time, measured at 1024 px."""
_TELLING_BYTES = 16 << 20
"""Smaller calls tell nothing about larger ones."""
_ROOM = 1.1
_LEAST_TILE, _LEAST_DECODED = 64, 256
"""Smallest sides in pixels of parts that networks, and autoencoders, work in."""
_WORTH = 0.9
"""Parts that need more than this share of the whole are not worth it."""


class View(NamedTuple):
    """The part of a picture that a network is given, and in what type.

    Attributes:
        path: The checkpoint.
        size: Height and width in pixels.
        multiple: Of which its sides are made multiples.
        dtype: What the network computes in.
        has_parts: Whether it may be given parts of it one after another. What takes words may not:
            it would paint all that they say in each part, and parts would be smaller than the
            pictures it was trained on, as it never sees larger ones; its autoencoder may.
    """

    path: Path
    size: tuple[int, int]
    multiple: int
    dtype: torch.dtype
    has_parts: bool = True


class Need(NamedTuple):
    """Memory that a part of a job takes.

    Attributes:
        kind: What is at work, ``NETWORK`` or ``PHOTOGRAPHS``: expectations are corrected for each.
        path: The model.
        size: Height and width in pixels of what is worked on at once.
        whole_bytes: What the sampler holds of the whole picture, however small its parts are.
        call_bytes: Memory of a call beside that and the weights, roughly.
        dtype: What is computed in.
    """

    kind: str
    path: Path
    size: tuple[int, int]
    whole_bytes: int
    call_bytes: int
    dtype: torch.dtype = torch.float32


class MemoryPlanner:
    """Compares what a job needs with what there is.

    What was measured for a call counts for the same one; the ratio of measured to expected
    corrects the expectation for others of its kind on that device.
    """

    def __init__(self) -> None:
        """Has measured nothing yet."""
        self._measured: dict[tuple[str, Need], int] = {}
        self._ratios: dict[tuple[str, str], list[float]] = {}

    def needed_bytes(self, need: Need, device: torch.device) -> int:
        """Memory that a call will need, as far as is known."""
        measured = self._measured.get((device.type, need))
        if measured is not None:
            return measured
        return need.whole_bytes + round(need.call_bytes * self.ratio(need.kind, device))

    def ratio(self, kind: str, device: torch.device) -> float:
        """By how much calls need more than is expected of that kind, as far as is known."""
        return median(self._ratios.get((device.type, kind), [_USUAL[kind]]))

    def largest(self, needs: Sequence[Need], device: torch.device) -> Need | None:
        """The one that takes most, of parts of a job that come one after another."""
        return max(needs, key=lambda need: self.needed_bytes(need, device), default=None)

    def short(self, needs: Sequence[Need], device: torch.device) -> Need | None:
        """The part of a job for which memory is too short; what is not known can be tried."""
        most = self.largest(needs, device)
        if most is None:
            return None
        wanted = _ROOM * self.needed_bytes(most, device)
        free = devices.free_bytes(device)
        if free is not None and free < wanted:
            devices.free_cached(device)
            free = devices.free_bytes(device)
        return None if free is None or free >= wanted else most

    @contextmanager
    def measuring(self, needs: Sequence[Need], device: torch.device) -> Iterator[None]:
        """Watches what a job needs that was not watched before."""
        most = self.largest(needs, device)
        if most is None or (device.type, most) in self._measured:
            yield
            return
        before = devices.watch_peak(device)
        yield
        peak = devices.peak_bytes(device)
        if before is not None and peak is not None and peak > before:
            self._measured[device.type, most] = peak - before
            of_call = peak - before - most.whole_bytes
            if most.call_bytes >= _TELLING_BYTES and of_call > 0:
                ratios = self._ratios.setdefault((device.type, most.kind), [])
                ratios.append(of_call / most.call_bytes)


def need_of(view: View, tile: int, batch: int) -> Need:
    """The memory of a call with ``batch`` pictures, in parts no larger than ``tile`` if set."""
    limit = tile if view.has_parts else 0
    sides = (min(side, limit) if limit else side for side in view.size)
    height, width = (-(-side // view.multiple) * view.multiple for side in sides)
    decoded = LARGEST_DECODED if view.has_parts or not tile else tile**2
    pixels = view.size[0] * view.size[1]
    size = height, width
    return Need(
        NETWORK,
        view.path,
        size,
        _PICTURES * 3 * 4 * pixels * batch,
        _activations(view.path, size, batch, view.dtype, decoded),
        view.dtype,
    )


def need_of_levels(path: Path, material: Material, count: int) -> Need:
    """The memory that photographs as a model need at their largest level."""
    mask = material.request.mask
    free = np.count_nonzero(mask) / mask.size

    def bytes_at(size: tuple[int, int]) -> int:
        pixels = size[0] * size[1]
        atlas = material.atlases.pixels_at(math.sqrt(pixels / mask.size))
        return photograph_memory.level_bytes(atlas, pixels, round(free * pixels), count)

    expected = max(map(bytes_at, material.sizes))
    return Need(PHOTOGRAPHS, path, material.sizes[-1], 0, expected)


def smaller_tile(view: View, tile: int) -> int:
    """Half the side of what is worked on at once, in pixels; 0 if that would not help."""
    now = min(tile, max(view.size)) if tile else max(view.size)
    half = -(-now // (2 * view.multiple)) * view.multiple
    least = max(_LEAST_TILE if view.has_parts else _LEAST_DECODED, 2 * view.multiple)
    if not least <= half < now:
        return 0
    takes, would_take = (need_of(view, side, 1).call_bytes for side in (tile, half))
    return half if would_take < _WORTH * takes else 0


@cache
def _activations(
    path: Path, size: tuple[int, int], count: int, dtype: torch.dtype, decoded: int
) -> int:
    cost = estimate(path, size=size, batch=count, dtype=dtype, measures=False, decoded=decoded)
    return cost.activations_bytes
