"""Finds the exemplars' patches that are most similar to those of a noisy picture."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from sdedit_desktop.diffusion.exemplars.atlas import Atlas

MARGIN = 4
"""Margin around images of sites, as wide as the furthest neighbour."""

NOWHERE = -(2**31)
"""The value in images of moves where there is no site."""

_CHUNK = 8_192
_UNLIKELY = 0.005
"""Deviation of values beyond what is expected."""


@dataclass(frozen=True)
class Search:
    """Settings of comparing, searching and assembling patches.

    Attributes:
        target: Noise level that a noisier picture is reduced to before its patches are compared.
        core: Width of the middle of a patch that is used; odd.
        centre: Standard deviation of a pixel's weight, in pixels from the middle of its patch.
        rounds: Rounds of PatchMatch per call.
        first_rounds: Rounds when the scale has just changed.
        coherence: Reduction of the distance of a patch that continues those of all its neighbours,
            in [0, 1), so that pieces are copied rather than single pixels.
        sharpest: Noise level below which only the middle pixel of each patch is used: averages of
            patches that do not quite agree are soft.
        tolerance: How far a patch's mean colour may be from the painted one: the painting counts
            as one more observation with so much noise. Infinite if it does not count.
        shift: Standard deviation of a Gaussian prior of what is added to a patch's mean colour, so
            that skies stay even. The painting keeps it from drifting.
        height: How far up or down patches come from, as a fraction of the picture's height, at
            coarse levels: skies from above, meadows from below. Infinite if from anywhere.
        outlier: Least ratio of a patch's distance from the painted values to the mean distance
            nearby at which it counts less: no bits of rock in a cloud, but rough textures where
            they are the rule. Infinite for no limit.
        repeats: How often a patch may be used before its distance grows (Granot et al. 2022 call
            the aim completeness). Infinite for no limit.
        join: Over how many pixels a step at the mask's border is blended inside.
        exact_from: The first level at which every patch may be compared with every patch.
        exact_pairs: Largest number of pairs for that.
    """

    target: float = 0.5
    core: int = 5
    centre: float = 1.0
    rounds: int = 2
    first_rounds: int = 4
    coherence: float = 0.9
    sharpest: float = 0.1
    tolerance: float = 0.05
    shift: float = 0.02
    height: float = 0.2
    outlier: float = 6.0
    repeats: float = 1.0
    join: float = 0.7
    exact_from: int = 1
    exact_pairs: int = 16_000_000


@dataclass(frozen=True, eq=False)
class Sites:
    """The pixels whose patches are searched, at one scale.

    Images of sites have a margin on all sides, so that neighbours are found without looking at
    the border, and are used flattened.

    Attributes:
        size: Height and width of the picture.
        y: Rows, (Q,).
        x: Columns, (Q,).
        flat: Where each is in an image of sites, (Q,).
        position: Index of each pixel in the arrays above, or -1: an image of sites, int32.
    """

    size: tuple[int, int]
    y: Tensor
    x: Tensor
    flat: Tensor
    position: Tensor

    @classmethod
    def of(cls, inside: Tensor) -> "Sites":
        """All pixels where ``inside``, booleans (height, width), is set."""
        height, width = inside.shape
        y, x = inside.nonzero().T.contiguous()
        flat = (y + MARGIN) * (width + 2 * MARGIN) + x + MARGIN
        sites = cls((height, width), y, x, flat, flat)
        order = torch.arange(len(y), dtype=torch.int32, device=inside.device)
        return replace(sites, position=sites.image(order, -1))

    @property
    def stride(self) -> int:
        """The distance of a pixel from the one below it, in an image of sites."""
        return self.size[1] + 2 * MARGIN

    def image(self, values: Tensor, other: int) -> Tensor:
        """An image of ``values``, (Q,), with ``other`` where no sites are: (pixels,)."""
        image = values.new_full(((self.size[0] + 2 * MARGIN) * self.stride,), other)
        return image.index_copy_(0, self.flat, values)

    def local_means(self, values: Tensor, reach: int) -> Tensor:
        """Means of ``values``, (Q,), over all sites in squares around each one, (Q,)."""
        pixels = self.y * self.size[1] + self.x
        images = values.new_zeros(2, self.size[0] * self.size[1])
        images[0].index_copy_(0, pixels, values)
        images[1].index_fill_(0, pixels, 1)
        images = images.view(2, *self.size).double()
        for axis, length in ((1, self.size[0]), (2, self.size[1])):
            sums = functional.pad(images.cumsum(axis), (1, 0) if axis == 2 else (0, 0, 1, 0))
            middle = torch.arange(length, device=values.device)
            after, first = (middle + reach + 1).clamp_(max=length), (middle - reach).clamp_(min=0)
            images = sums.index_select(axis, after) - sums.index_select(axis, first)
        total, count = images.flatten(1).index_select(1, pixels).unbind()
        return (total / count).to(values)

    def patches_at(self, columns: int) -> Tensor:
        """Indices of the patches at the sites' own positions in an atlas, (Q,) int32."""
        return (self.y * columns + self.x).int()

    def around(self, reach: int) -> Tensor:
        """Offsets from ``flat`` to the pixels of a square, by rows, (2 * reach + 1) ** 2."""
        steps = torch.arange(-reach, reach + 1, device=self.flat.device)
        return (steps[:, None] * self.stride + steps[None]).flatten()


class Posterior(NamedTuple):
    """The posterior of the patches around all sites.

    Attributes:
        nearest: The most likely patch, (Q,).
        values: Means of each pixel of the core, (core ** 2, Q, 3).
        means: Means of the first three features, (Q, 3).
    """

    nearest: Tensor
    values: Tensor
    means: Tensor


def posterior(query: Tensor, rows: Tensor, atlas: Atlas, core: int, repeats: float) -> Posterior:
    """The exact posterior over all valid patches.

    Args:
        query: Features divided by their noise, (Q, D).
        rows: The same of all valid patches, (patches, D).
        atlas: The patches.
        core: Width of what is wanted of each patch.
        repeats: See ``Search``.
    """
    patches = atlas.pixels[atlas.valid_patches[:, None] + atlas.offsets(core)].flatten(1)
    logits = torch.addmm(rows.square().sum(1)[None], query, rows.T, beta=-0.5)
    if atlas.penalties is not None:
        logits -= query.square().sum(1, keepdim=True) / 2
        logits *= atlas.penalties[atlas.valid_patches]
    weights = torch.softmax(logits, 1)
    share, scale = weights.new_ones(len(rows)), weights.new_ones(len(query))
    if repeats < math.inf:
        for _ in range(2):
            share /= (scale @ weights * share / repeats).clamp_min_(1)
            scale = (weights @ share).reciprocal_()
        weights *= share
    nearest = atlas.valid_patches[weights.argmax(1)].int()
    values = (weights @ patches).mul_(scale[:, None])
    means = (weights @ atlas.features[atlas.valid_patches, :3]).mul_(scale[:, None])
    return Posterior(nearest, values.view(len(query), core**2, 3).transpose(0, 1), means)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Queries, and how they are compared with an atlas.

    Attributes:
        query: Features of the sites' patches, divided by their noise, (Q, D).
        scale: By which those of the atlas are multiplied, (D,).
        atlas: The patches.
        repeats: See ``Search``.
        bounds: The lowest and the highest values that are expected of each site's patch, per
            channel, (Q, 6); None if any are.
    """

    query: Tensor
    scale: Tensor
    atlas: Atlas
    repeats: float = math.inf
    bounds: Tensor | None = None

    def at(self, rows: Tensor) -> "Comparison":
        """The comparison for some of the sites, by their indices, (A,)."""
        bounds = None if self.bounds is None else self.bounds.index_select(0, rows)
        return replace(self, query=self.query.index_select(0, rows), bounds=bounds)

    def distances(self, patches: Tensor, used: Tensor | None) -> Tensor:
        """Squared distances of the queries from one patch each, (Q,).

        Args:
            patches: Indices of patches, (Q,); patches that are not valid are far away.
            used: How often each patch of the atlas is used, (patches,): the more often, the
                further away it is. Not counted if None.
        """
        found = [
            self.atlas.features.index_select(0, patches[at : at + _CHUNK])
            .mul_(self.scale)
            .sub_(self.query[at : at + _CHUNK])
            .square_()
            .sum(1)
            for at in range(0, len(self.query), _CHUNK)
        ]
        distance = torch.cat(found)
        if self.atlas.penalties is not None:
            distance *= self.atlas.penalties.index_select(0, patches)
        if used is not None:
            times = used.index_select(0, patches) / self.repeats
            distance += times.clamp_min_(1).log_().mul_(2)
        if self.bounds is not None:
            distance += self.beyond(patches).mul_(1 / _UNLIKELY).square_().sum(1)
        return distance

    def unlikely(self, field: Tensor, sites: Sites) -> Tensor | None:
        """An image of the sites whose patches, (Q,), have values beyond the bounds, if any."""
        if self.bounds is None:
            return None
        return sites.image(self.beyond(field).amax(1) > 0, 0)

    def beyond(self, patches: Tensor) -> Tensor:
        """How far values of one patch each, (Q,), are beyond the bounds, per channel, (Q, 3)."""
        assert self.bounds is not None
        return beyond(self.atlas.extremes.index_select(0, patches), self.bounds)


def beyond(extremes: Tensor, bounds: Tensor) -> Tensor:
    """How far values are outside of bounds, per channel, (Q, 3).

    Args:
        extremes: The lowest and the highest values, (Q, 6).
        bounds: Likewise.
    """
    outside = extremes - bounds
    return torch.maximum(-outside[:, :3], outside[:, 3:]).clamp_min_(0)


def patch_match(
    compared: Comparison,
    sites: Sites,
    field: Tensor,
    *,
    rounds: int,
    coherence: float,
    generator: torch.Generator,
) -> Tensor:
    """Improves a nearest neighbour field by PatchMatch (Barnes et al. 2009).

    Neighbours' patches are tried, shifted by what lies between, then random ones at three
    distances. All sites are improved at once, so the result depends on no order. Where a patch
    continues those of all neighbours, and is within the bounds, nothing is tried.

    Args:
        compared: What is compared with what.
        sites: Where the queries are.
        field: A patch for each that is valid, (Q,) int32.
        rounds: Number of rounds.
        coherence: See ``Search``.
        generator: For the random tries; on the CPU.

    Returns:
        The improved field, (Q,).
    """
    atlas = compared.atlas
    last = len(atlas.valid) - 1
    origins = sites.patches_at(atlas.columns)
    moves = sites.image(field - origins, NOWHERE)
    used = None
    if compared.repeats < math.inf:
        used = torch.bincount(field, minlength=len(atlas.valid))
    unlikely = compared.unlikely(field, sites)
    widest = max(8, int(atlas.sizes.max()) // 2)
    for turn in range(rounds):
        step = (1, 2, 1, 4)[turn % 4] if turn < rounds - 1 else 1
        sides = (step * sites.stride, -step * sites.stride, step, -step)
        active = _seams(moves, sides, unlikely)
        if not len(active):
            break
        rows = sites.position.index_select(0, active)
        start, here = origins.index_select(0, rows), compared.at(rows)
        chosen = moves.index_select(0, active)
        tried = [moves.index_select(0, active + side) for side in sides]
        tried = [torch.where(each == NOWHERE, chosen, each) for each in tried]
        best = _weighed(here.distances(start + chosen, used), chosen, tried, coherence)
        for each in tried:
            far = here.distances((start + each).clamp_(0, last), used)
            chosen, best = _better(chosen, best, each, _weighed(far, each, tried, coherence))
        if turn < rounds - 1:
            for reach in (widest, 12, 3):
                random = torch.randint(-reach, reach + 1, (2, len(active)), generator=generator)
                random = random.to(chosen)
                each = chosen + random[0] * atlas.columns + random[1]
                far = here.distances((start + each).clamp_(0, last), used)
                chosen, best = _better(chosen, best, each, far)
        moves.index_copy_(0, active, chosen)
    return moves.index_select(0, sites.flat) + origins


def _seams(moves: Tensor, sides: Sequence[int], others: Tensor | None) -> Tensor:
    """The sites with a neighbour that has another offset, and others, by their indices: (A,).

    All are images.
    """
    edge = max(sides)
    inner = moves[edge:-edge]
    differs = torch.zeros_like(inner, dtype=torch.bool)
    if others is not None:
        differs |= others[edge:-edge]
    for side in sides:
        other = moves[edge + side : len(moves) - edge + side]
        differs |= (other != inner) & (other != NOWHERE)
    return (differs & (inner != NOWHERE)).nonzero()[:, 0] + edge


def _better(chosen: Tensor, best: Tensor, each: Tensor, far: Tensor) -> tuple[Tensor, Tensor]:
    """The nearer of two candidates, and its distance."""
    return torch.where(far < best, each, chosen), torch.minimum(far, best)


def _weighed(distance: Tensor, move: Tensor, tried: list[Tensor], coherence: float) -> Tensor:
    """Distances, reduced for patches that continue those of neighbours."""
    agree = torch.stack([move == each for each in tried]).sum(0)
    return distance * (1 - coherence / len(tried) * agree)


def random_field(atlas: Atlas, count: int, generator: torch.Generator) -> Tensor:
    """Random valid patches, (count,) int32."""
    draws = torch.randint(len(atlas.valid_patches), (count,), generator=generator)
    return atlas.valid_patches[draws.to(atlas.valid_patches)].int()


def valid_field(field: Tensor, atlas: Atlas, generator: torch.Generator) -> Tensor:
    """A field (Q,) int32 with random patches instead of those that are not valid."""
    wrong = (~atlas.valid[field]).nonzero()[:, 0]
    return field.index_copy(0, wrong, random_field(atlas, len(wrong), generator))


def moved_field(field: Tensor, before: Atlas, there: Sites, atlas: Atlas, sites: Sites) -> Tensor:
    """Transfers a field to another scale.

    Args:
        field: Patches of ``before`` at ``there``.
        before: The atlas it was found in.
        there: The sites it was found for.
        atlas: The atlas of the other scale, of the same exemplars.
        sites: The sites there.

    Returns:
        Patches of ``atlas``, (Q,) int32; not all need be valid.
    """
    near, rest = [], []
    for at, here, old in zip((sites.y, sites.x), sites.size, there.size, strict=True):
        exact = (at + 0.5) * (old / here)
        near.append(exact.long().clamp(max=old - 1))
        rest.append(exact - near[-1] - 0.5)
    position = there.position[(near[0] + MARGIN) * there.stride + near[1] + MARGIN]
    patches = field[position.clamp(min=0)].long()
    row, column = patches // before.columns, patches % before.columns
    which = torch.searchsorted(before.tops, row, right=True) - 1
    which = before.numbers[which]
    place = atlas.places[which].clamp(min=0)  # an exemplar may be too small for a finer atlas
    which_before = before.places[which]
    ratio = atlas.sizes[place] / before.sizes[which_before]
    y = ((row - before.tops[which_before] + 0.5 + rest[0]) * ratio[:, 0] - 0.5).round().long()
    x = ((column + 0.5 + rest[1]) * ratio[:, 1] - 0.5).round().long()
    y = torch.minimum(y.clamp(min=0), atlas.sizes[place][:, 0] - 1) + atlas.tops[place]
    x = torch.minimum(x.clamp(min=0), atlas.sizes[place][:, 1] - 1)
    return (y * atlas.columns + x).int()


def level_of(sigma: float, target: float) -> int:
    """The number of reductions by ``scaling.STEP`` at a noise level."""
    return max(0, math.floor(2 * math.log2(max(sigma / target, 1e-9)) + 0.5))
