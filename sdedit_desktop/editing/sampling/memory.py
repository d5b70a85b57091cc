"""Predicts whether a job fits into memory, from its size and from what earlier jobs took."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

import torch

from sdedit_desktop.diffusion import devices
from sdedit_desktop.diffusion.estimate import estimate

_USUAL = 1.6
"""By so much calls need more than is expected, as long as nothing was measured: on a CPU it was 1.4
to 1.9 for networks of 34 to 544 MB."""
_PICTURES = 12
"""Pictures in float32 that a sampler holds of the whole at a time, measured at 1024 px."""
_TELLING_BYTES = 16 << 20
"""Smaller calls tell nothing about larger ones."""
_ROOM = 1.1
_LEAST_TILE = 64


class View(NamedTuple):
    """What a network sees of a picture.

    Attributes:
        path: The checkpoint.
        size: Height and width in pixels.
        multiple: Of which its sides are made multiples.
        dtype: What the network computes in.
        has_parts: Whether it may be given parts of it one after another.
    """

    path: Path
    size: tuple[int, int]
    multiple: int
    dtype: torch.dtype
    has_parts: bool = True


class Need(NamedTuple):
    """What a call is about.

    Attributes:
        path: The checkpoint.
        size: Height and width in pixels of what the network sees at once.
        pixels: Of the whole picture.
        batch: How many pictures.
        dtype: What the network computes in.
    """

    path: Path
    size: tuple[int, int]
    pixels: int
    batch: int
    dtype: torch.dtype

    @property
    def whole_bytes(self) -> int:
        """What the sampler holds of the whole picture, however small the parts are."""
        return _PICTURES * 3 * 4 * self.pixels * self.batch

    @property
    def call_bytes(self) -> int:
        """Memory of a call of the network beside its weights, roughly."""
        return _activations(self.path, self.size, self.batch, self.dtype)


class MemoryPlanner:
    """Compares what a call needs with what there is.

    What was measured for a call counts for the same one; the ratio of measured to expected
    corrects the expectation for others on that device.
    """

    def __init__(self) -> None:
        """Has measured nothing yet."""
        self._measured: dict[tuple[str, Need], int] = {}
        self._ratios: dict[str, list[float]] = {}

    def needed_bytes(self, need: Need, device: torch.device) -> int:
        """Memory that a call will need, as far as is known."""
        measured = self._measured.get((device.type, need))
        if measured is not None:
            return measured
        ratios = self._ratios.get(device.type, [_USUAL])
        return need.whole_bytes + round(need.call_bytes * median(ratios))

    def fits(self, need: Need | None, device: torch.device) -> bool:
        """Whether a call can be tried; what is not known can."""
        if need is None:
            return True
        wanted = _ROOM * self.needed_bytes(need, device)
        free = devices.free_bytes(device)
        if free is not None and free < wanted:
            devices.free_cached(device)
            free = devices.free_bytes(device)
        return free is None or free >= wanted

    @contextmanager
    def measuring(self, need: Need | None, device: torch.device) -> Iterator[None]:
        """Watches what calls need that were not watched before."""
        if need is None or (device.type, need) in self._measured:
            yield
            return
        before = devices.watch_peak(device)
        yield
        peak = devices.peak_bytes(device)
        if before is not None and peak is not None and peak > before:
            self._measured[device.type, need] = peak - before
            of_call = peak - before - need.whole_bytes
            if need.call_bytes >= _TELLING_BYTES and of_call > 0:
                self._ratios.setdefault(device.type, []).append(of_call / need.call_bytes)


def need_of(view: View | None, tile: int, batch: int) -> Need | None:
    """What a call of so many pictures is about, in parts no larger than ``tile`` if that is set."""
    if view is None:
        return None
    sides = (min(side, tile) if tile else side for side in view.size)
    height, width = (-(-side // view.multiple) * view.multiple for side in sides)
    pixels = view.size[0] * view.size[1]
    return Need(view.path, (height, width), pixels, batch, view.dtype)


def smaller_tile(view: View | None, tile: int) -> int:
    """Half the side of what is seen at once, in pixels; 0 if that would be too little to see.

    What takes words would paint all that they say in each part.
    """
    if view is None or not view.has_parts:
        return 0
    now = min(tile, max(view.size)) if tile else max(view.size)
    half = -(-now // (2 * view.multiple)) * view.multiple
    return half if max(_LEAST_TILE, 2 * view.multiple) <= half < now else 0


@cache
def _activations(path: Path, size: tuple[int, int], count: int, dtype: torch.dtype) -> int:
    cost = estimate(path, size=size, batch=count, dtype=dtype, measures=False)
    return cost.activations_bytes
