"""Large pictures in overlapping tiles that fade into each other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import torch
from torch import Tensor

from sdedit_desktop.diffusion.denoiser import Denoiser, Prediction, predict


def in_tiles(
    x: Tensor,
    change: Callable[[Tensor], Tensor],
    *,
    tile: int,
    overlap: int,
    unit: int = 1,
    enlarged: Fraction | int = 1,
) -> Tensor:
    """Applies a function to overlapping parts of a picture, and joins what it gives.

    Args:
        x: (N, C, H, W).
        change: From (N, C, h, w) to (N, D, h * enlarged, w * enlarged).
        tile: Side of a tile, in units.
        overlap: By how much neighbours overlap at least, in units.
        unit: Tiles begin and end at multiples of so many pixels of ``x``, which divide its sides.
        enlarged: See ``change``.

    Returns:
        (N, D, H * enlarged, W * enlarged).
    """
    rows, columns = (length // unit for length in x.shape[2:])
    made = int(unit * enlarged)  # of what comes out, per unit
    total, weights = torch.zeros(0), torch.zeros(0)
    for top, bottom in _spans(rows, tile, overlap):
        for left, right in _spans(columns, tile, overlap):
            part = change(x[..., top * unit : bottom * unit, left * unit : right * unit])
            if not total.numel():
                size = rows * made, columns * made
                total = part.new_zeros(*part.shape[:2], *size)
                weights = part.new_zeros(1, 1, *size)
            down = _ramp(top, bottom, rows, overlap, made)
            ramp = (down[:, None] * _ramp(left, right, columns, overlap, made)).to(part)
            place = (..., slice(top * made, bottom * made), slice(left * made, right * made))
            total[place] += part * ramp
            weights[place] += ramp
    return total / weights


@dataclass(frozen=True)
class TiledDenoiser:
    """A denoiser that sees a part of the picture at a time, for less memory.

    The mean of what neighbours say is taken where they overlap, as in MultiDiffusion (Bar-Tal et
    al. 2023, eq. 5), with weights that fade towards the edges.

    Attributes:
        denoiser: The one that is asked.
        tile: Side of the parts in pixels; a picture that is no larger is seen at once.
        unit: Parts begin and end at multiples of so many pixels.
    """

    denoiser: Denoiser
    tile: int
    unit: int

    def __call__(self, z: Tensor, sigma: Tensor) -> Tensor:
        """Denoises (N, C, H, W) at the noise level ``sigma``."""
        return self.predict(z, sigma).denoised

    def predict(self, z: Tensor, sigma: Tensor) -> Prediction:
        """Denoises with the variance, where the network has learned it."""
        if max(z.shape[2:]) <= self.tile:
            return predict(self.denoiser, z, sigma)

        def one(part: Tensor) -> Tensor:
            found = predict(self.denoiser, part, sigma)
            return (
                found.denoised
                if found.variance is None
                else torch.cat([found.denoised, found.variance], dim=1)
            )

        tile = max(2, self.tile // self.unit)
        made = in_tiles(z, one, tile=tile, overlap=max(1, tile // 4), unit=self.unit)
        denoised, *variance = torch.tensor_split(made, made.shape[1] // z.shape[1], dim=1)
        return Prediction(denoised, variance[0] if variance else None)


def _spans(length: int, tile: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Tiles of equal length that overlap and cover everything."""
    tile = min(tile, length)
    count = max(1, -(-(length - overlap) // (tile - overlap))) if tile < length else 1
    for index in range(count):
        start = round(index * (length - tile) / max(count - 1, 1))
        yield start, start + tile


def _ramp(start: int, stop: int, length: int, overlap: int, made: int) -> Tensor:
    """Weights along one side of a tile: they fade where another tile goes on."""
    place = torch.arange((stop - start) * made) + 0.5
    rise = place / (overlap * made) if start > 0 else torch.ones_like(place)
    fall = place.flip(0) / (overlap * made) if stop < length else torch.ones_like(place)
    return torch.minimum(rise, fall).clamp(max=1)
