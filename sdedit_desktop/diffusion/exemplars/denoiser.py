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
_FAINT = 0.2
_CHUNK = 8_192


class _Level(NamedTuple):
    """What depends on the picture's size and the level alone.

    Attributes:
        sites: Where patches are looked for.
        inner: Which of them are free, booleans (Q,); the others surround these.
        around: For each site and each pixel of a core, the place of the patch whose vote for it
            that is, or -1, (Q, core ** 2).
        votes: The weight of each pixel of a core, (core ** 2,).
        gain: See ``scaling.noise_gain``.
    """

    sites: Sites
    inner: Tensor
    around: Tensor
    votes: Tensor
    gain: Tensor


_SHIFT_SHARE = 0.1
"""Colours are shifted by at most this share of how much those of the exemplars differ."""


@dataclass
class _Found:
    """The nearest patches at the last call, of one sample: (Q,)."""

    field: Tensor
    atlas: Atlas
    sites: Sites


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
        guide: What was painted, (N or 1, 3, H, W): patches' mean colours are kept near to its.
        search: How patches are found.
        before: What denoised the same picture at a smaller size: searches start from what it found.
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

    def __post_init__(self) -> None:
        self._levels: dict[int, _Level] = {}
        self._painted: dict[tuple[int, int], Tensor] = {}
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
        query = _features(small, atlas, plan.sites)
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
            table = atlas.features / noise
            nearest = self._search(query, table, atlas, plan.sites, last, level, core == 1)
        self._found[sample] = _Found(nearest, atlas, plan.sites)
        values = _votes(plan, atlas, found or nearest, core)
        if prior:
            means = found.means if found else atlas.features[nearest, :3]
            shift = (prior / noise[:3]) ** 2 * (seen - means) / PATCH
            values += shift.clamp_(-2 * most, 2 * most)
        join = 0.0 if self.known is None else self.search.join
        estimate = _joined(values, small, plan, join)
        estimate = enlarged(estimate, z.shape[2:]).clamp_(-1, 1).to(z)
        return estimate if self.free is None else torch.where(self.free, estimate, z)

    def _guided(
        self, query: Tensor, noise: Tensor, atlas: Atlas, level: int, sample: int
    ) -> tuple[Tensor, Tensor]:
        """Features and their noise after the painted mean colours were observed as well."""
        painted = self._painted_means(level, sample) - atlas.mean[:3]
        precision, other = noise[:3] ** -2, (self.search.tolerance * PATCH) ** -2
        query[:, :3] = (query[:, :3] * precision + painted * other) / (precision + other)
        return query, torch.cat([(precision + other).rsqrt(), noise[3:]])

    def _painted_means(self, level: int, sample: int) -> Tensor:
        """The first features of what was painted, (Q, 3)."""
        assert self.guide is not None
        if (level, sample) not in self._painted:
            guide = self.guide[sample % len(self.guide)][None]
            if self.recolour is not None:
                guide = guide - self.recolour[sample % len(self.recolour)][None]
            sites = self._levels[level].sites
            small = padded(resized(guide.float(), sites.size), PATCH // 2)
            rows = functional.avg_pool2d(small, (PATCH, 1), 1)
            means = functional.avg_pool2d(rows, (1, PATCH), 1)[0] * PATCH
            self._painted[level, sample] = means[:, sites.y, sites.x].T
        return self._painted[level, sample]

    def _search(
        self,
        query: Tensor,
        table: Tensor,
        atlas: Atlas,
        sites: Sites,
        last: _Found | None,
        level: int,
        settled: bool,
    ) -> Tensor:
        generator = torch.Generator().manual_seed(level)
        rounds = self.search.first_rounds
        if last is None:
            nearest = random_field(atlas, len(query), generator)
            rounds = 2 * rounds
        elif last.sites is sites:
            nearest, rounds = last.field, 1 if settled else self.search.rounds
        else:
            nearest = moved_field(last.field, last.atlas, last.sites, atlas, sites)
        if self.search.repeats < math.inf:
            query, table = _discouraged(query, table, nearest, self.search.repeats)
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

    def _start(self, sample: int) -> _Found | None:
        return self.before._found[sample] if self.before is not None else None

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
    inner = inside[sites.y, sites.x]
    # The patch whose middle is (dy, dx) before a pixel votes for it.
    steps = range(-reach, reach + 1)
    around = torch.stack([sites.at(-dy, -dx) for dy in steps for dx in steps], 1)
    distance = torch.tensor([dy * dy + dx * dx for dy in steps for dx in steps])
    votes = torch.exp(-distance / (2 * search.centre**2)).to(gain)
    return _Level(sites, inner, around, votes, gain)


def _votes(plan: _Level, atlas: Atlas, found: Posterior | Tensor, core: int) -> Tensor:
    """The weighted mean of what overlapping patches say, (Q, 3)."""
    if core == 1:
        return found.values[0] if isinstance(found, Posterior) else atlas.pixels[found]
    if isinstance(found, Posterior):
        count = len(plan.around)
        table, names = found.values.flatten(0, 1), torch.arange(count, device=plan.around.device)
        offsets = torch.arange(core**2, device=plan.around.device) * count
    else:
        table, names, offsets = atlas.pixels, found, atlas.offsets(core)
    means = []
    for around in torch.split(plan.around, _CHUNK):
        votes = plan.votes * (around >= 0)
        votes /= votes.sum(1, keepdim=True)
        indices = names[around.clamp(min=0)] + offsets
        # Where there is no vote any index will do.
        indices = indices.clamp_(0, len(table) - 1)
        means.append(functional.embedding_bag(indices, table, per_sample_weights=votes, mode="sum"))
    return torch.cat(means)


def _discouraged(
    query: Tensor, table: Tensor, field: Tensor, repeats: float
) -> tuple[Tensor, Tensor]:
    """Queries and patches, these further away the more often they are used.

    The last feature, which tells least, makes room for the root of what is added to distances.
    """
    used = torch.bincount(field, minlength=len(table)).to(table)
    table[:, -1] = (used / repeats).clamp_min_(1).log_().mul_(2).sqrt_()
    query[:, -1] = 0
    return query, table


def _joined(values: Tensor, small: Tensor, plan: _Level, reach: float) -> Tensor:
    """The picture (1, 3, h, w) with estimates put in where it is free, without a visible border.

    Just outside estimates can be compared with what is known. The difference is subtracted inside
    too, fading with the distance.

    Args:
        values: Estimates at all sites, (Q, 3).
        small: The picture, (1, 3, h, w).
        plan: Where the sites are.
        reach: Over how many pixels it fades; 0 for not at all.
    """
    y, x, inner = plan.sites.y, plan.sites.x, plan.inner
    picture = small.clone()
    if reach > 0 and not inner.all():
        wrong = small.new_zeros(1, 4, *plan.sites.size)
        ring = ~inner
        wrong[0, :3, y[ring], x[ring]] = values[ring].T - small[0, :, y[ring], x[ring]]
        wrong[0, 3, y[ring], x[ring]] = 1
        spread = _blurred(wrong, reach)[0, :, y, x]
        values = values - (spread[:3] / spread[3].clamp_min(_FAINT)).T
    picture[0, :, y[inner], x[inner]] = values[inner].T
    return picture


def _blurred(pictures: Tensor, deviation: float) -> Tensor:
    reach = math.ceil(3 * deviation)
    steps = torch.arange(-reach, reach + 1, device=pictures.device)
    kernel = torch.exp(-(steps**2) / (2 * deviation**2))
    kernel = (kernel / kernel.sum()).expand(pictures.shape[1], 1, -1)
    groups = pictures.shape[1]
    down = functional.conv2d(pictures, kernel[..., None], padding=(reach, 0), groups=groups)
    return functional.conv2d(down, kernel[:, :, None], padding=(0, reach), groups=groups)


def _features(small: Tensor, atlas: Atlas, sites: Sites) -> Tensor:
    """Features of the patches at sites, (Q, DIMS), in bands to bound memory."""
    reach = PATCH // 2
    top, bottom = int(sites.y[0]), int(sites.y[-1]) + 1
    left, right = int(sites.x.min()), int(sites.x.max()) + 1
    part = padded(small, reach)[..., left : right + 2 * reach]
    rows = max(1, _BAND_PIXELS // (right - left))
    bands = []
    for start in range(top, bottom, rows):
        end = min(start + rows, bottom)
        seen = functional.conv2d(part[:, :, start : end + 2 * reach], atlas.basis)[0]
        first, after = torch.searchsorted(sites.y, sites.y.new_tensor([start, end])).tolist()
        places = (sites.y[first:after] - start) * (right - left) + sites.x[first:after] - left
        bands.append(seen.flatten(1).T.contiguous()[places])
    return torch.cat(bands) - atlas.mean
