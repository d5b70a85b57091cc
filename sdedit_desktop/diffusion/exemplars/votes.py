"""Assembles patches: each pixel is the weighted mean of the patches that overlap it."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from sdedit_desktop.diffusion.exemplars.atlas import Atlas
from sdedit_desktop.diffusion.exemplars.search import NOWHERE, Posterior, Search, Sites

_FAINT = 0.2
_CHUNK = 8_192


@dataclass(frozen=True, eq=False)
class Plan:
    """Precomputed indices and weights that depend only on the size, the free pixels and the level.

    Attributes:
        sites: Where patches are searched: the free pixels, and those whose patches reach them.
        inner: Indices of the free sites, (F,).
        pixels: Their indices in the flattened picture, (F,).
        gain: See ``scaling.noise_gain``.
        weights: Of the votes of patches for the pixels of a core, by rows, (core ** 2,).
        border: How a step at the border is blended; None if it is not.
    """

    sites: Sites
    inner: Tensor
    pixels: Tensor
    gain: Tensor
    weights: Tensor
    border: "Border | None"

    @classmethod
    def of(cls, free: Tensor, gain: Tensor, search: Search) -> "Plan":
        """Makes the plan of a picture; ``free``, booleans (height, width), may change."""
        reach = search.core // 2
        wider = functional.max_pool2d(free[None, None].float(), 2 * reach + 1, 1, reach)[0, 0] > 0
        sites = Sites.of(wider)
        is_free = free[sites.y, sites.x]
        inner = is_free.nonzero()[:, 0]
        steps = torch.arange(-reach, reach + 1, device=gain.device)
        distance = (steps[:, None] ** 2 + steps[None] ** 2).flatten()
        return cls(
            sites,
            inner,
            sites.y[inner] * free.shape[1] + sites.x[inner],
            gain,
            torch.exp(-distance / (2 * search.centre**2)),
            None if is_free.all() or not search.join else Border.of(sites, is_free, search.join),
        )

    def values(self, atlas: Atlas, found: Posterior | Tensor, core: int) -> Tensor:
        """Weighted means of the overlapping patches at all sites, (Q, 3)."""
        if isinstance(found, Posterior):
            return found.values[0] if core == 1 else self._means_of(found)
        values = atlas.pixels.index_select(0, found)
        return values if core == 1 else self._mixed(values, atlas, found)

    def picture(self, small: Tensor, values: Tensor, *, joined: bool) -> Tensor:
        """The picture (1, 3, h, w) with the free pixels replaced by their estimates.

        Args:
            small: The picture.
            values: Estimates at all sites, (Q, 3).
            joined: Whether to blend the border.
        """
        if joined and self.border is not None:
            known = small[0, :, self.sites.y[self.border.ring], self.sites.x[self.border.ring]].T
            values = self.border.smoothed(values, known)
        pixels = small.flatten(2).clone()
        inside = values[self.inner].clamp_(-1, 1).T[None]
        return pixels.index_copy_(2, self.pixels, inside).view_as(small)

    def _means_of(self, found: Posterior) -> Tensor:
        count, core = len(self.sites.flat), len(found.values)
        table = found.values.flatten(0, 1)
        around = self.sites.around(math.isqrt(core) // 2)
        # A patch centred after a pixel contains it before its own middle.
        offsets = torch.arange(core - 1, -1, -1, device=around.device) * count
        means = []
        for flat in torch.split(self.sites.flat, _CHUNK):
            near = self.sites.position[flat[:, None] + around]
            means.append(_voted(table, near + offsets, self.weights * (near >= 0)))
        return torch.cat(means)

    def _mixed(self, values: Tensor, atlas: Atlas, field: Tensor) -> Tensor:
        """Replaces values where patches disagree; inside coherent pieces they agree."""
        origins = self.sites.patches_at(atlas.columns)
        moves = self.sites.image(field - origins, NOWHERE)
        reach = math.isqrt(len(self.weights)) // 2
        around = self.sites.around(reach)
        mixed = (~_inside_pieces(moves, self.sites, reach)).nonzero()[:, 0]
        for rows in torch.split(mixed, _CHUNK):
            near = moves[self.sites.flat[rows][:, None] + around]
            votes = self.weights * (near != NOWHERE)
            values.index_copy_(0, rows, _voted(atlas.pixels, near + origins[rows][:, None], votes))
        return values


@dataclass(frozen=True, eq=False)
class Border:
    """Blends the step at the border of the free pixels.

    Just outside the border, estimates can be compared with known pixels. The difference is
    subtracted inside as well, fading with the distance.

    Attributes:
        ring: Indices of the sites outside, (R,).
        near: Indices of the sites inside that are close to the ring, (N,).
        sources: For each of these, indices into ``ring``, (N, K).
        weights: Share of their differences that is subtracted, (N, K).
    """

    ring: Tensor
    near: Tensor
    sources: Tensor
    weights: Tensor

    @classmethod
    def of(cls, sites: Sites, is_free: Tensor, deviation: float) -> "Border":
        """Makes the border of sites with Gaussian weights; ``is_free``: booleans (Q,)."""
        reach = math.ceil(3 * deviation)
        ring = (~is_free).nonzero()[:, 0]
        order = torch.full_like(sites.flat, -1).index_copy_(
            0, ring, torch.arange(len(ring), device=ring.device)
        )
        outside = sites.image(order, -1)
        there = outside >= 0
        for step in (1, sites.stride):
            there = torch.stack([there.roll(step * i) for i in range(-reach, reach + 1)]).any(0)
        near = (is_free & there[sites.flat]).nonzero()[:, 0]
        sources = outside[sites.flat[near][:, None] + sites.around(reach)]
        steps = torch.arange(-reach, reach + 1, device=ring.device)
        kernel = torch.exp(-(steps**2) / (2 * deviation**2))
        kernel /= kernel.sum()
        weights = (kernel[:, None] * kernel[None]).flatten() * (sources >= 0)
        weights /= weights.sum(1, keepdim=True).clamp_min(_FAINT)
        return cls(ring, near, sources.clamp_(min=0), weights)

    def smoothed(self, values: Tensor, known: Tensor) -> Tensor:
        """Estimates at all sites, (Q, 3), changed near the border.

        Args:
            values: The estimates.
            known: Known pixels of the ring, (R, 3).
        """
        if not len(self.near):
            return values
        wrong = values[self.ring] - known
        spread = functional.embedding_bag(
            self.sources, wrong, per_sample_weights=self.weights, mode="sum"
        )
        return values.index_add(0, self.near, spread, alpha=-1)


def _voted(table: Tensor, indices: Tensor, votes: Tensor) -> Tensor:
    """Weighted means of rows of a table; indices with weight 0 may be anything."""
    votes = votes / votes.sum(1, keepdim=True)
    indices = indices.clamp_(0, len(table) - 1)
    return functional.embedding_bag(indices, table, per_sample_weights=votes, mode="sum")


def _inside_pieces(moves: Tensor, sites: Sites, reach: int) -> Tensor:
    """Whether all patches within ``reach`` of a site are one coherent piece, booleans (Q,)."""
    width = 2 * reach + 1
    right = _all_of(moves[1:] == moves[:-1], 1, width - 1)
    down = _all_of(moves[sites.stride :] == moves[: -sites.stride], sites.stride, width - 1)
    rows = _all_of(right, sites.stride, width)
    corner = sites.flat - reach * (sites.stride + 1)
    return rows[corner] & down[corner]


def _all_of(flags: Tensor, step: int, count: int) -> Tensor:
    """For each flag, whether it and the following ones, ``step`` apart, are all set."""
    length = len(flags) - step * (count - 1)
    found = flags[:length].clone()
    for i in range(1, count):
        found &= flags[i * step : i * step + length]
    return found
