"""Which patches of the exemplars are most like those of a noisy picture."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor

from sdedit_desktop.diffusion.exemplars.atlas import Atlas

_CHUNK = 8_192
_FAR = 1e9


@dataclass(frozen=True)
class Search:
    """How patches are compared, found and put together.

    Attributes:
        target: Noise level that a noisier picture is reduced to before its patches are compared.
        core: Width of the middle of a patch that is used; odd.
        centre: Standard deviation of a pixel's weight, in pixels from the middle of its patch.
        rounds: Rounds of PatchMatch per call.
        first_rounds: Rounds when the scale has just changed.
        coherence: How much nearer a patch counts that continues those of all its neighbours, in
            [0, 1): pieces are copied rather than pixels.
        sharpest: Noise level below which only the middle pixel of each patch is used: averages of
            patches that do not quite agree are soft.
        tolerance: How far a patch's mean colour may be from the painted one: what was painted
            counts as one more observation with so much noise. Infinite if it does not count.
        shift: Standard deviation of what may be added to a patch's mean colour, so that skies stay
            even: a Gaussian prior. What was painted holds it back from wandering.
        height: How far up or down patches come from, as a fraction of the picture's height, at
            coarse levels: skies from above, meadows from below. Infinite if from anywhere.
        repeats: How often a patch may be used before it counts less (Granot et al. 2022 call the
            aim completeness). Infinite if as often as one likes.
        join: Over how many pixels a step at the mask's border is smoothed away inside.
        exact_from: The first level at which every patch may be compared with every patch.
        exact_pairs: Up to so many pairs.
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
    repeats: float = 1.0
    join: float = 1.0
    exact_from: int = 1
    exact_pairs: int = 16_000_000


@dataclass(frozen=True, eq=False)
class Sites:
    """The pixels whose patches are looked for, at one scale.

    Attributes:
        size: Height and width of the picture.
        y: Rows, (Q,).
        x: Columns, (Q,).
        position: Each pixel's place in the list, or -1, (height, width).
    """

    size: tuple[int, int]
    y: Tensor
    x: Tensor
    position: Tensor
    _beside: dict[tuple[int, int], Tensor] = field(default_factory=dict)

    @classmethod
    def of(cls, inside: Tensor) -> "Sites":
        """All pixels where ``inside``, booleans (height, width), is set."""
        y, x = inside.nonzero().T.contiguous()
        position = torch.full(inside.shape, -1, dtype=torch.int32, device=inside.device)
        position[y, x] = torch.arange(len(y), dtype=torch.int32, device=inside.device)
        return cls((inside.shape[0], inside.shape[1]), y, x, position)

    def at(self, dy: int, dx: int) -> Tensor:
        """The place in the list of the pixel so far away, or -1 if it is not in it: (Q,)."""
        height, width = self.size
        y, x = self.y + dy, self.x + dx
        there = self.position[y.clamp(0, height - 1), x.clamp(0, width - 1)]
        return there.masked_fill_((y < 0) | (y >= height) | (x < 0) | (x >= width), -1)

    def beside(self, dy: int, dx: int) -> Tensor:
        """The same, but a site's own place if that pixel is not in the list."""
        if (dy, dx) not in self._beside:
            there = self.at(dy, dx)
            own = torch.arange(len(there), dtype=there.dtype, device=there.device)
            self._beside[dy, dx] = torch.where(there >= 0, there, own)
        return self._beside[dy, dx]


class Posterior(NamedTuple):
    """What is known of the patches around all sites.

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
        query: What is compared, divided by its noise, (Q, D).
        rows: The same of all valid patches, (patches, D).
        atlas: The patches.
        core: Width of what is wanted of each patch.
        repeats: See ``Search``.
    """
    patches = atlas.pixels[atlas.valid_patches[:, None] + atlas.offsets(core)].flatten(1)
    logits = torch.addmm(rows.square().sum(1)[None], query, rows.T, beta=-0.5)
    weights = torch.softmax(logits, 1)
    if repeats < math.inf:
        for _ in range(2):
            weights /= (weights.sum(0) / repeats).clamp_min_(1)
            weights /= weights.sum(1, keepdim=True)
    nearest = atlas.valid_patches[weights.argmax(1)]
    values = (weights @ patches).view(len(query), core**2, 3).transpose(0, 1)
    return Posterior(nearest, values, weights @ atlas.features[atlas.valid_patches, :3])


def _shifted(field: Tensor, sites: Sites, atlas: Atlas, dy: int, dx: int) -> Tensor:
    """The patches that continue those of the neighbours at (dy, dx), (Q,)."""
    beside = field.index_select(0, sites.beside(dy, dx)) - (dy * atlas.columns + dx)
    return beside.clamp_(0, len(atlas.valid) - 1)


def patch_match(
    query: Tensor,
    table: Tensor,
    atlas: Atlas,
    sites: Sites,
    field: Tensor,
    *,
    rounds: int,
    coherence: float,
    generator: torch.Generator,
) -> Tensor:
    """Improves a nearest neighbour field by PatchMatch (Barnes et al. 2009).

    Neighbours' patches are tried, shifted by what lies between, then random ones at three
    distances. All sites are improved at once, so the result depends on no order.

    Args:
        query: Features divided by their noise, (Q, D).
        table: Those of the atlas, likewise.
        atlas: The patches.
        sites: Where the queries are.
        field: A patch for each, (Q,).
        rounds: How often.
        coherence: See ``Search``.
        generator: For the random tries; on the CPU.

    Returns:
        The improved field, (Q,).
    """
    last = len(atlas.valid) - 1
    distance = distances(query, table, atlas.valid, field)
    widest = max(8, int(atlas.sizes.max()) // 2)
    for turn in range(rounds):
        step = (1, 2, 1, 4)[turn % 4] if turn < rounds - 1 else 1
        sides = ((step, 0), (-step, 0), (0, step), (0, -step))
        tried = [_shifted(field, sites, atlas, *side) for side in sides]
        best = _weighed(distance, field, tried, coherence)
        chosen, reached = field, distance
        for each in tried:
            far = distances(query, table, atlas.valid, each)
            weighed = _weighed(far, each, tried, coherence)
            better = weighed < best
            best = torch.where(better, weighed, best)
            chosen = torch.where(better, each, chosen)
            reached = torch.where(better, far, reached)
        field, distance = chosen, reached
        if turn == rounds - 1:
            break
        for reach in (widest, 12, 3):
            moves = torch.randint(-reach, reach + 1, (2, len(query)), generator=generator)
            moves = moves.to(field)
            each = (field + moves[0] * atlas.columns + moves[1]).clamp_(0, last)
            far = distances(query, table, atlas.valid, each)
            better = far < best
            best = torch.where(better, far, best)
            field = torch.where(better, each, field)
            distance = torch.where(better, far, distance)
    return field


def _weighed(distance: Tensor, patch: Tensor, tried: list[Tensor], coherence: float) -> Tensor:
    """Distances, less for patches that continue those of neighbours."""
    agree = torch.stack([patch == each for each in tried]).sum(0)
    return distance * (1 - coherence / len(tried) * agree)


def distances(query: Tensor, table: Tensor, valid: Tensor, patches: Tensor) -> Tensor:
    """Squared distances (Q,) of queries (Q, D) from one patch each (Q,); far if not valid."""
    found = [
        table.index_select(0, patches[at : at + _CHUNK])
        .sub_(query[at : at + _CHUNK])
        .square_()
        .sum(1)
        for at in range(0, len(query), _CHUNK)
    ]
    return torch.cat(found).masked_fill_(~valid[patches], _FAR)


def random_field(atlas: Atlas, count: int, generator: torch.Generator) -> Tensor:
    """Any valid patches, (count,)."""
    draws = torch.randint(len(atlas.valid_patches), (count,), generator=generator)
    return atlas.valid_patches[draws.to(atlas.valid_patches)]


def moved_field(field: Tensor, before: Atlas, there: Sites, atlas: Atlas, sites: Sites) -> Tensor:
    """A field found at one scale, at another one.

    Args:
        field: Patches of ``before`` at ``there``.
        before: The atlas it was found in.
        there: The sites it was found for.
        atlas: The atlas of the other scale, of the same exemplars.
        sites: The sites there.

    Returns:
        Patches of ``atlas``, (Q,).
    """
    near, rest = [], []
    for at, here, old in zip((sites.y, sites.x), sites.size, there.size, strict=True):
        exact = (at + 0.5) * (old / here)
        near.append(exact.long().clamp(max=old - 1))
        rest.append(exact - near[-1] - 0.5)
    patches = field[there.position[near[0], near[1]].clamp(min=0)]
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
    return y * atlas.columns + x


def level_of(sigma: float, target: float) -> int:
    """By how many steps of ``scaling.STEP`` a picture is reduced at a noise level."""
    return max(0, math.floor(2 * math.log2(max(sigma / target, 1e-9)) + 0.5))
