"""The posterior mean of a picture under the patches of exemplars, as a ``Denoiser``."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from sdedit_desktop.diffusion.exemplars.atlas import PATCH, Atlas, Atlases, no_patch
from sdedit_desktop.diffusion.exemplars.scaling import (
    STEP,
    enlarged,
    noise_gain,
    padded,
    reduced_size,
    resized,
)
from sdedit_desktop.diffusion.exemplars.search import (
    Posterior,
    Search,
    Sites,
    level_of,
    moved_field,
    patch_match,
    posterior,
    random_field,
)

_BAND_PIXELS = 1 << 20


class _Level(NamedTuple):
    """What depends on the picture's size and the level alone.

    Attributes:
        sites: Where patches are looked for.
        inner: Places in that list of the pixels that are estimated, (P,).
        around: For each of them and each pixel of a core, the place of the patch whose vote for
            it that is, (P, core ** 2).
        votes: Their weights, summing to 1; 0 for places outside the list. (P, core ** 2).
        gain: See ``scaling.noise_gain``.
    """

    sites: Sites
    inner: Tensor
    around: Tensor
    votes: Tensor
    gain: Tensor


@dataclass
class _Found:
    """The nearest patches at the last call, of one sample."""

    level: int
    field: Tensor  # (Q,)


@dataclass(eq=False)
class ExemplarDenoiser:
    """Estimates ``E[x_0 | z]`` from patches of exemplars.

    One object serves one edit: searches start from what the last call found. Random numbers of
    the search are the same for each sample, and samples are denoised one after the other, so that
    a sample does not depend on its batch.

    Attributes:
        atlases: What patches are taken from.
        free: Where estimates are wanted, booleans (1, 1, H, W); everywhere if None.
        known: What the picture is elsewhere, (N or 1, 3, H, W) in [-1, 1]. Patches across the
            border are compared with it rather than with its noise, and it is returned there.
        recolour: What is added to exemplars' colours, (N or 1, 3, H, W); see ``missing_colours``.
        search: How patches are found.
        scale: Pixels of ``z`` per pixel of what ``Exemplar.scale`` refers to, along one side.
    """

    atlases: Atlases
    free: Tensor | None = None
    known: Tensor | None = None
    recolour: Tensor | None = None
    search: Search = field(default_factory=Search)
    scale: float = 1.0

    def __post_init__(self) -> None:
        self._levels: dict[int, _Level] = {}
        self._found: list[_Found | None] = []

    def __call__(self, z: Tensor, sigma: Tensor) -> Tensor:
        """Denoises ``z`` (N, 3, H, W) at ``sigma``, 0-d.

        Raises:
            ExemplarError: The exemplars have no valid patch at this scale.
        """
        level = level_of(float(sigma), self.search.target)
        while level and self._atlas(level) is None:
            level -= 1
        if len(self._found) != len(z):
            self._found = [None] * len(z)
        if self.free is not None and self.known is not None:
            z = torch.where(self.free, z, self.known.to(z))
        if self.recolour is not None:
            z = z - self.recolour
        each = [self._one(z[i : i + 1], float(sigma), level, i) for i in range(len(z))]
        estimate = torch.cat(each)
        return estimate if self.recolour is None else (estimate + self.recolour).clamp_(-1, 1)

    def _one(self, z: Tensor, sigma: float, level: int, sample: int) -> Tensor:
        atlas = self._existing_atlas(level)
        plan = self._plan(z, level, atlas)
        small = resized(z.float(), plan.sites.size)
        noise = sigma * plan.gain
        query = _features(small, atlas, plan.sites) / noise
        table = atlas.features / noise
        core = 1 if sigma < self.search.sharpest else self.search.core
        last, found = self._found[sample], None
        pairs = len(query) * len(atlas.valid_patches)
        if level >= self.search.exact_from and pairs <= self.search.exact_pairs:
            found = posterior(query, table, atlas, core)
            nearest = found.nearest
        else:
            nearest = self._search(query, table, atlas, plan.sites, last, level)
        self._found[sample] = _Found(level, nearest)
        estimate = small.clone()
        values = _votes(plan, atlas, found or nearest, core)
        y, x = plan.sites.y[plan.inner], plan.sites.x[plan.inner]
        estimate[0, :, y, x] = values.T
        estimate = enlarged(estimate, z.shape[2:]).clamp_(-1, 1).to(z)
        return estimate if self.free is None else torch.where(self.free, estimate, z)

    def _search(
        self,
        query: Tensor,
        table: Tensor,
        atlas: Atlas,
        sites: Sites,
        last: _Found | None,
        level: int,
    ) -> Tensor:
        generator = torch.Generator().manual_seed(level)
        rounds = self.search.first_rounds
        if last is None:
            nearest = random_field(atlas, len(query), generator)
        elif last.level == level:
            nearest, rounds = last.field, self.search.rounds
        else:
            before, there = self._existing_atlas(last.level), self._levels[last.level].sites
            nearest = moved_field(last.field, before, there, atlas, sites)
        return patch_match(
            query,
            table,
            atlas,
            sites,
            nearest,
            rounds=rounds,
            coherence=self.search.coherence,
            generator=generator,
        )

    def _atlas(self, level: int) -> Atlas | None:
        return self.atlases.at(self.scale, STEP**level)

    def _existing_atlas(self, level: int) -> Atlas:
        atlas = self._atlas(level)
        if atlas is None:
            raise no_patch()
        return atlas

    def _plan(self, z: Tensor, level: int, atlas: Atlas) -> _Level:
        if level not in self._levels:
            size = reduced_size(z.shape[2:], STEP**level, PATCH + 1)
            free = torch.ones_like(z[:1, :1]) if self.free is None else self.free
            inside = resized(free.float(), size)[0, 0] > 0
            gain = noise_gain(atlas.basis, z.shape[2:], size)
            self._levels[level] = _plan(inside, gain, self.search)
        return self._levels[level]


def _plan(inside: Tensor, gain: Tensor, search: Search) -> _Level:
    """Sites for all pixels inside and around them, and who votes for whom."""
    reach = search.core // 2
    wider = functional.max_pool2d(inside[None, None].float(), 2 * reach + 1, 1, reach)[0, 0] > 0
    sites = Sites.of(wider)
    inner = inside[sites.y, sites.x].nonzero()[:, 0]
    height, width = sites.size
    places, weights = [], []
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            # The patch whose middle is (dy, dx) before this pixel votes for it.
            y, x = sites.y[inner] - dy, sites.x[inner] - dx
            there = sites.position[y.clamp(0, height - 1), x.clamp(0, width - 1)]
            known = (y >= 0) & (y < height) & (x >= 0) & (x < width) & (there >= 0)
            vote = math.exp(-(dy * dy + dx * dx) / (2 * search.centre**2))
            places.append(there.clamp(min=0))
            weights.append(known * vote)
    votes = torch.stack(weights, 1)
    return _Level(sites, inner, torch.stack(places, 1), votes / votes.sum(1, keepdim=True), gain)


def _votes(plan: _Level, atlas: Atlas, found: Posterior | Tensor, core: int) -> Tensor:
    """The weighted mean of what overlapping patches say, (P, 3)."""
    if isinstance(found, Posterior):
        if core == 1:
            return found.values[0, plan.inner]
        count = found.values.shape[1]
        steps = torch.arange(core**2, device=plan.around.device) * count
        table, names = found.values.flatten(0, 1), plan.around + steps
    else:
        if core == 1:
            return atlas.pixels[found[plan.inner]]
        table, names = atlas.pixels, found[plan.around] + atlas.offsets(core)
    return functional.embedding_bag(names, table, per_sample_weights=plan.votes, mode="sum")


def _features(small: Tensor, atlas: Atlas, sites: Sites) -> Tensor:
    """Features of the patches at sites, (Q, DIMS), in bands to bound memory."""
    reach = PATCH // 2
    top, bottom = int(sites.y[0]), int(sites.y[-1]) + 1
    whole = padded(small, reach)
    rows = max(1, _BAND_PIXELS // small.shape[3])
    bands = []
    for start in range(top, bottom, rows):
        end = min(start + rows, bottom)
        seen = functional.conv2d(whole[:, :, start : end + 2 * reach], atlas.basis)[0]
        first, after = torch.searchsorted(sites.y, sites.y.new_tensor([start, end])).tolist()
        bands.append(seen[:, sites.y[first:after] - start, sites.x[first:after]].T)
    return torch.cat(bands) - atlas.mean
