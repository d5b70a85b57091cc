"""The posterior mean of a picture under the patches of exemplars, as a ``Denoiser``."""

import math
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from sdedit_desktop.diffusion.exemplars.atlas import PATCH, Atlas, Atlases, no_patch
from sdedit_desktop.diffusion.exemplars.scaling import (
    STEP,
    enlarged,
    extremes,
    noise_gain,
    padded,
    reduced_size,
    resized,
)
from sdedit_desktop.diffusion.exemplars.search import (
    Comparison,
    Search,
    Sites,
    beyond,
    level_of,
    moved_field,
    patch_match,
    posterior,
    random_field,
    valid_field,
)
from sdedit_desktop.diffusion.exemplars.votes import Plan

_BAND_PIXELS = 1 << 20


_SHIFT_SHARE = 0.1
"""Largest colour shift, relative to the spread of the exemplars' colours."""

_NEARBY = 16
"""How far around a site it is looked how far values usually are from the painted ones."""

_LEAST_SLACK = 0.2
"""Values may be this far from the painted ones wherever they usually are nearer."""


@dataclass
class _Found:
    """The nearest patches at the last call, for one sample: (Q,)."""

    field: Tensor
    atlas: Atlas
    sites: Sites


class _Painted(NamedTuple):
    """Means and extremes of the painted pixels around each site.

    Attributes:
        means: The first features of the patches, (Q, 3).
        extremes: Their lowest and highest values, per channel, (Q, 6).
    """

    means: Tensor
    extremes: Tensor


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
        guide: What was painted, (N or 1, 3, H, W): patches' mean colours are kept near to its, and
            none has values much further from it than those nearby.
        search: How patches are found.
        before: What denoised the same picture at a smaller size: searches start from what it found.
        plans: What was computed for each level, for this picture's size and what is free of it:
            denoisers of the same edit share it.
        scale: Pixels of ``z`` per pixel of what ``Exemplar.scale`` refers to, along one side.
    """

    atlases: Atlases
    free: Tensor | None = None
    known: Tensor | None = None
    recolour: Tensor | None = None
    guide: Tensor | None = None
    search: Search = field(default_factory=Search)
    scale: float = 1.0
    before: "ExemplarDenoiser | None" = None
    plans: dict[int, Plan] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._painted: dict[tuple[int, int], _Painted] = {}
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
        query = _features(small, atlas.basis, plan.sites).sub_(atlas.mean)
        if self.guide is not None and self.search.tolerance < math.inf:
            query, noise = self._guided(query, noise, atlas, level, sample)
        seen, certain = query[:, :3].clone(), noise[:3].clone()
        most = min(self.search.shift, _SHIFT_SHARE * atlas.spread)
        prior = most * PATCH
        noise[:3] = (certain**2 + prior**2).sqrt()
        query /= noise
        core = 1 if sigma < self.search.sharpest else self.search.core
        found = None
        pairs = len(query) * len(atlas.valid_patches)
        if level >= self.search.exact_from and pairs <= self.search.exact_pairs:
            up = (plan.sites.y + 0.5) / plan.sites.size[0]
            places = torch.cat([up, atlas.heights])[:, None] / self.search.height
            query = torch.cat([query, places[: len(query)]], 1)
            rows = torch.cat([atlas.features[atlas.valid_patches] / noise, places[len(query) :]], 1)
            found = posterior(query, rows, atlas, core, self.search.repeats)
            nearest = found.nearest
        else:
            last = self._found[sample] or self._start(sample)
            compared = Comparison(query, noise.reciprocal(), atlas, self.search.repeats)
            nearest = self._search(compared, plan.sites, last, level, sample, core == 1)
        self._found[sample] = _Found(nearest, atlas, plan.sites)
        values = plan.values(atlas, found or nearest, core)
        if prior:
            means = found.means if found else atlas.features[:, :3].index_select(0, nearest)
            shift = (seen - means).mul_((prior / noise[:3]) ** 2 / PATCH)
            values += shift.clamp_(-2 * most, 2 * most)
        estimate = plan.picture(small, values, joined=self.known is not None)
        if estimate.shape == z.shape:
            return estimate.to(z)
        estimate = enlarged(estimate, z.shape[2:]).to(z)
        return estimate if self.free is None else torch.where(self.free, estimate, z)

    def _guided(
        self, query: Tensor, noise: Tensor, atlas: Atlas, level: int, sample: int
    ) -> tuple[Tensor, Tensor]:
        """Features and their noise after observing the painted mean colours."""
        painted = self._painted_at(level, sample).means - atlas.mean[:3]
        precision, other = noise[:3] ** -2, (self.search.tolerance * PATCH) ** -2
        query[:, :3] = (query[:, :3] * precision + painted * other) / (precision + other)
        return query, torch.cat([(precision + other).rsqrt(), noise[3:]])

    def _bounds(self, found: Tensor, atlas: Atlas, painted: _Painted, sites: Sites) -> Tensor:
        """Bounds of the values expected of patches, given those found so far, (Q,): (Q, 6)."""
        far = beyond(atlas.extremes.index_select(0, found), painted.extremes).amax(1)
        slack = sites.local_means(far, _NEARBY).mul_(self.search.outlier).clamp_min_(_LEAST_SLACK)
        return painted.extremes + slack[:, None] * slack.new_tensor([-1, -1, -1, 1, 1, 1])

    def _painted_at(self, level: int, sample: int) -> _Painted:
        assert self.guide is not None
        if (level, sample) not in self._painted:
            guide = self.guide[sample % len(self.guide)][None]
            if self.recolour is not None:
                guide = guide - self.recolour[sample % len(self.recolour)][None]
            sites = self.plans[level].sites
            basis = self._existing_atlas(level).basis[:3]
            small = resized(guide.float(), sites.size)
            around = extremes(small, PATCH)[0, :, sites.y, sites.x].T.contiguous()
            self._painted[level, sample] = _Painted(_features(small, basis, sites), around)
        return self._painted[level, sample]

    def _search(
        self,
        compared: Comparison,
        sites: Sites,
        last: _Found | None,
        level: int,
        sample: int,
        settled: bool,
    ) -> Tensor:
        generator, atlas = torch.Generator().manual_seed(level), compared.atlas
        rounds = self.search.first_rounds
        if last is None:
            nearest = random_field(atlas, len(compared.query), generator)
            rounds = 2 * rounds
        elif last.sites is sites:
            nearest, rounds = last.field, 1 if settled else self.search.rounds
        else:
            nearest = moved_field(last.field, last.atlas, last.sites, atlas, sites)
            nearest = valid_field(nearest, atlas, generator)
        # In an enlarged result outliers come only when its scale has just changed.
        bounded = last is not None and (self.before is None or last.sites is not sites)
        if bounded and self.guide is not None and self.search.outlier < math.inf:
            painted = self._painted_at(level, sample)
            compared = replace(compared, bounds=self._bounds(nearest, atlas, painted, sites))
        return patch_match(
            compared,
            sites,
            nearest,
            rounds=rounds,
            coherence=self.search.coherence,
            generator=generator,
        )

    def _start(self, sample: int) -> _Found | None:
        return self.before._found[sample] if self.before is not None else None

    def _atlas(self, level: int) -> Atlas | None:
        return self.atlases.at(self.scale, STEP**level)

    def _existing_atlas(self, level: int) -> Atlas:
        atlas = self._atlas(level)
        if atlas is None:
            raise no_patch()
        return atlas

    def _plan(self, z: Tensor, level: int, atlas: Atlas) -> Plan:
        if level not in self.plans:
            size = reduced_size(z.shape[2:], STEP**level, PATCH + 1)
            free = torch.ones_like(z[:1, :1]) if self.free is None else self.free
            inside = resized(free.float(), size)[0, 0] > 0
            gain = noise_gain(atlas.basis, z.shape[2:], size)
            self.plans[level] = Plan.of(inside, gain, self.search)
        return self.plans[level]


def _features(small: Tensor, basis: Tensor, sites: Sites) -> Tensor:
    """Features of the patches at sites, (Q, features), in bands to bound memory."""
    reach = PATCH // 2
    top, bottom = int(sites.y[0]), int(sites.y[-1]) + 1
    left, right = int(sites.x.min()), int(sites.x.max()) + 1
    part = padded(small, reach)[..., left : right + 2 * reach]
    rows = max(1, _BAND_PIXELS // (right - left))
    bands = []
    for start in range(top, bottom, rows):
        end = min(start + rows, bottom)
        seen = functional.conv2d(part[:, :, start : end + 2 * reach], basis)[0]
        first, after = torch.searchsorted(sites.y, sites.y.new_tensor([start, end])).tolist()
        places = (sites.y[first:after] - start) * (right - left) + sites.x[first:after] - left
        bands.append(seen.flatten(1).T.contiguous()[places])
    return torch.cat(bands)
