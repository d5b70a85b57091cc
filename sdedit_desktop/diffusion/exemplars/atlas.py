"""Exemplars at one scale, with the features of all of their patches."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from sdedit_desktop.diffusion.exemplars.scaling import (
    extremes,
    padded,
    reduced_size,
    resized,
)
from sdedit_desktop.errors import ExemplarError

PATCH = 7
"""Width of a patch; odd."""
DIMS = 16
"""Features of a patch: 3 for its mean colour, the others are principal components."""
CORE = 5
"""Width of the middle of a patch whose lowest and highest values are kept; odd."""
MOST_BYTES = 600_000_000
"""Memory limit of all atlases."""
BANK_PENALTY = 1.5
"""Of photographs beside the one that is edited: used for what that one lacks."""

_BYTES_PER_PIXEL = 4 * (DIMS + 3 + 6) + 1 + 8
_BAND_PIXELS = 1 << 17
_SAMPLED = 5_000
_FEWEST = 64
_WHOLE = 0.999
_FAR = 1e6


@dataclass(frozen=True, eq=False)
class Exemplar:
    """A picture that patches are taken from.

    Attributes:
        picture: (3, h, w) in [-1, 1].
        valid: (h, w), booleans. A patch is valid if all of its pixels are.
        scale: Its pixels per pixel of the edited picture, along one side. It is reduced together
            with that picture, and never enlarged: scales that would need that leave it out.
        penalty: By which squared distances of its patches are multiplied, relative to those of the
            exemplar with the smallest: the larger, the more others are preferred.
    """

    picture: Tensor
    valid: Tensor
    scale: float = 1.0
    penalty: float = 1.0

    @cached_property
    def _halves(self) -> list[tuple[Tensor, Tensor]]:
        """Picture and validity, then both reduced by 2, 4 and so on."""
        halves = [(self.picture[None].float(), self.valid[None, None].float())]
        while min(halves[-1][0].shape[2:]) >= 4 * PATCH:
            picture, valid = (functional.avg_pool2d(each, 2) for each in halves[-1])
            halves.append((picture, valid))
        return halves

    def at(self, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
        """Picture (1, 3, h, w) and validity (1, 1, h, w), booleans, at a smaller size."""
        factor = min(old / new for old, new in zip(self.picture.shape[1:], size, strict=True))
        halves = self._halves
        picture, valid = halves[min(int(math.log2(max(factor, 1))), len(halves) - 1)]
        return resized(picture, size), resized(valid, size) > _WHOLE


class Atlas(NamedTuple):
    """Exemplars at one scale, one below the other.

    A patch is named by the place of its middle in the flattened atlas.

    Attributes:
        pixels: (rows * columns, 3).
        extremes: Lowest and highest values in the middle of each patch, per channel, (rows *
            columns, 6).
        features: (rows * columns, DIMS); far from all others where the patch is not valid.
        valid: Which patches count, (rows * columns,).
        valid_patches: Their names, (patches,).
        penalties: Of each patch's exemplar, (rows * columns,); None if all are the same.
        columns: Width of the atlas.
        tops: First row of each exemplar in it, (exemplars,).
        sizes: Height and width of each, (exemplars, 2).
        numbers: Which exemplar of all each is, (exemplars,).
        places: Where in this atlas each of all exemplars is, or -1.
        basis: Filters that give the features, (DIMS, 3, PATCH, PATCH).
        heights: How far down in its exemplar each valid patch is, in [0, 1], (patches,).
        mean: What was subtracted from the features, (DIMS,).
        spread: Standard deviation of the patches' mean colours, of the channel with the largest.
    """

    pixels: Tensor
    extremes: Tensor
    features: Tensor
    valid: Tensor
    valid_patches: Tensor
    penalties: Tensor | None
    columns: int
    tops: Tensor
    sizes: Tensor
    numbers: Tensor
    places: Tensor
    basis: Tensor
    heights: Tensor
    mean: Tensor
    spread: float

    def offsets(self, width: int) -> Tensor:
        """Offsets from a patch's index to the pixels of its middle, (width ** 2,)."""
        reach = torch.arange(-(width // 2), width // 2 + 1, device=self.pixels.device)
        return (reach[:, None] * self.columns + reach[None]).flatten()


class Atlases:
    """Atlases of some exemplars at all scales asked for; keep it to edit with them again.

    Attributes:
        exemplars: What patches are taken from.
        share: How many of the exemplars' pixels are used at full scale, in (0, 1]: less if
            all of them would need more memory than allowed.
        finest: The largest scale that any exemplar has.
    """

    def __init__(self, exemplars: Sequence[Exemplar], most_bytes: int = MOST_BYTES) -> None:
        """Checks exemplars; builds nothing yet.

        Args:
            exemplars: Pictures of any sizes.
            most_bytes: Limit of what is kept; larger exemplars are reduced.

        Raises:
            ExemplarError: No exemplar has a valid patch.
        """
        pixels = sum(each.valid.numel() / max(1.0, each.scale) ** 2 for each in exemplars)
        # Two atlases are needed at a time, the second at most half as large.
        self.share = min(1.0, most_bytes / (1.5 * _BYTES_PER_PIXEL * max(1.0, pixels)))
        if self.share < 1:
            factor = math.sqrt(self.share)
            exemplars = [_reduced(each, factor / max(1.0, each.scale)) for each in exemplars]
        self.exemplars = tuple(exemplars)
        self._most_bytes = most_bytes
        self._atlases: dict[tuple[tuple[int, int], ...], Atlas | None] = {}
        usable = [each.scale for each in self.exemplars if _has_patch(each)]
        if not usable:
            raise no_patch()
        self.finest = max(usable)

    @property
    def device(self) -> torch.device:
        """The device of the exemplars."""
        return self.exemplars[0].picture.device

    def at(self, scale: float, reduced: float = 1.0) -> Atlas | None:
        """The atlas for a picture at some scale.

        Args:
            scale: Pixels of the picture per pixel of the one that is edited.
            reduced: By what the picture is reduced further.

        Returns:
            The atlas; None if too few patches are valid at this scale.
        """
        sizes = self._sizes(scale, reduced)
        if sizes not in self._atlases:
            self._evict()
            self._atlases[sizes] = self._build(sizes)
        else:
            self._atlases[sizes] = self._atlases.pop(sizes)  # the last one used
        atlas = self._atlases[sizes]
        few = atlas is not None and len(atlas.valid_patches) < _FEWEST
        return None if few and reduced > 1 else atlas

    def pixels_at(self, scale: float) -> int:
        """How many pixels the atlas for a picture at some scale has, at least."""
        return sum(height * width for height, width in self._sizes(scale, 1.0))

    def _sizes(self, scale: float, reduced: float) -> tuple[tuple[int, int], ...]:
        """Height and width of each exemplar in an atlas, see ``at``; 0 of those left out."""
        factor = reduced / scale
        return tuple(
            reduced_size(each.picture.shape[1:], factor * each.scale, PATCH + 1)
            if each.scale > 0.99 * min(scale, self.finest) / reduced
            else (0, 0)
            for each in self.exemplars
        )

    def _evict(self) -> None:
        """Evicts the least recently used atlases, but never the last one."""
        while len(self._atlases) > 1:
            kept = sum(len(each.valid) for each in self._atlases.values() if each is not None)
            if kept * _BYTES_PER_PIXEL <= self._most_bytes / 3:
                return
            self._atlases.pop(next(iter(self._atlases)))

    def _build(self, sizes: Sequence[tuple[int, int]]) -> Atlas | None:
        pictures, valids, heights, tops, top = [], [], [], [], 0
        numbers = [number for number, size in enumerate(sizes) if size[0]]
        columns = max(sizes[number][1] for number in numbers)
        for number in numbers:
            picture, whole = self.exemplars[number].at(sizes[number])
            rest = (0, columns - sizes[number][1])
            pictures.append(functional.pad(picture, rest)[0])
            valids.append(functional.pad(_patches(whole), rest)[0, 0])
            tops.append(top)
            down = (torch.arange(sizes[number][0], device=picture.device) + 0.5) / sizes[number][0]
            heights.append(down)
            top += sizes[number][0]
        stacked, valid = torch.cat(pictures, 1)[None], torch.cat(valids).flatten()
        patches = valid.nonzero()[:, 0]
        if not len(patches):
            return None
        # What is not valid must not show, not even as NaN times nothing.
        pixels = stacked.nan_to_num_()
        basis = _basis(pixels, patches, columns)
        features = _features(pixels, basis)
        mean = _mean(features, patches)
        deviation = features[:, :3][patches].std(0, correction=0)
        features.sub_(mean).masked_fill_(~valid[:, None], _FAR)
        device = pixels.device
        places = torch.full((len(sizes),), -1, device=device)
        places[numbers] = torch.arange(len(numbers), device=device)
        return Atlas(
            pixels=pixels[0].flatten(1).T.contiguous(),
            extremes=_extremes(pixels),
            features=features,
            valid=valid,
            valid_patches=patches,
            penalties=self._penalties(sizes, columns),
            columns=columns,
            tops=torch.tensor(tops, device=device),
            sizes=torch.tensor([sizes[number] for number in numbers], device=device),
            numbers=torch.tensor(numbers, device=device),
            places=places,
            basis=basis,
            heights=torch.cat(heights)[patches // columns],
            mean=mean,
            spread=float(deviation.max()) / PATCH,
        )

    def _penalties(self, sizes: Sequence[tuple[int, int]], columns: int) -> Tensor | None:
        values = torch.tensor([each.penalty for each in self.exemplars], device=self.device)
        if (values == values[0]).all():
            return None
        pixels = torch.tensor([height * columns for height, _ in sizes], device=self.device)
        return (values / values.min()).repeat_interleave(pixels)


def no_patch() -> ExemplarError:
    """The error for exemplars without a valid patch."""
    return ExemplarError(
        "There is too little outside the mask to take texture from: leave more of the picture "
        "free of mask and paint, or choose other exemplars."
    )


def _patches(valid: Tensor) -> Tensor:
    """Whether each patch is valid, booleans (1, 1, h, w), indexed by centre."""
    around = functional.pad(valid.float(), (PATCH // 2,) * 4)
    rows = functional.avg_pool2d(around, (PATCH, 1), 1)
    return functional.avg_pool2d(rows, (1, PATCH), 1) > _WHOLE


def _has_patch(exemplar: Exemplar) -> bool:
    valid = exemplar.valid[None, None]
    return min(valid.shape[2:]) >= PATCH and bool(_patches(valid).any())


def _reduced(exemplar: Exemplar, scale: float) -> Exemplar:
    size = reduced_size(exemplar.valid.shape, 1 / scale, PATCH)
    picture, valid = exemplar.at(size)
    return Exemplar(picture[0], valid[0, 0], exemplar.scale * scale, exemplar.penalty)


def _features(pixels: Tensor, basis: Tensor) -> Tensor:
    """Features of the patches around all pixels (1, 3, h, w), in bands to bound memory: (h * w, D).

    Those of a large atlas are most of an edit's memory.
    """
    height, width = pixels.shape[2:]
    around = padded(pixels, PATCH // 2)
    features = pixels.new_empty(height, width, len(basis))
    rows = max(1, _BAND_PIXELS // width)
    for top in range(0, height, rows):
        band = features[top : top + rows]
        seen = around[:, :, top : top + len(band) + PATCH - 1]
        band.copy_(functional.conv2d(seen, basis)[0].permute(1, 2, 0))
    return features.flatten(0, 1)


def _extremes(pixels: Tensor) -> Tensor:
    """Lowest and highest values around all pixels (1, 3, h, w), in bands too: (h * w, 6)."""
    height, width = pixels.shape[2:]
    found = pixels.new_empty(height, width, 6)
    rows, reach = max(1, _BAND_PIXELS // width), CORE // 2
    for top in range(0, height, rows):
        band = found[top : top + rows]
        first, after = max(0, top - reach), min(height, top + len(band) + reach)
        seen = extremes(pixels[:, :, first:after], CORE)[0, :, top - first :]
        band.copy_(seen[:, : len(band)].permute(1, 2, 0))
    return found.flatten(0, 1)


def _mean(features: Tensor, patches: Tensor) -> Tensor:
    """The mean of some features, (D,)."""
    parts = torch.split(patches, _BAND_PIXELS)
    return torch.stack([features[part].sum(0) for part in parts]).sum(0) / len(patches)


def _basis(atlas: Tensor, patches: Tensor, columns: int) -> Tensor:
    """Orthonormal filters (DIMS, 3, PATCH, PATCH): mean colours, then principal components."""
    some = patches[:: max(1, len(patches) // _SAMPLED)]
    reach = torch.arange(-(PATCH // 2), PATCH // 2 + 1, device=atlas.device)
    around = (reach[:, None] * columns + reach[None]).flatten()
    values = atlas[0].flatten(1)[:, some[:, None] + around]  # (3, n, PATCH ** 2)
    rest = (values - values.mean(2, keepdim=True)).permute(1, 0, 2).flatten(1)
    covariance = rest.T @ rest / len(rest)
    vectors = torch.linalg.eigh(covariance.double())[1].flip(1).T.to(rest)
    means = torch.eye(3, device=rest.device).repeat_interleave(PATCH**2, 1) / PATCH
    return torch.cat([means, vectors[: DIMS - 3]]).view(-1, 3, PATCH, PATCH)
