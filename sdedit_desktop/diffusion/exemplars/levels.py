"""Edits at any size, from coarse to fine; each level is noised and denoised again."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from sdedit_desktop.diffusion.denoiser import Denoiser
from sdedit_desktop.diffusion.exemplars.atlas import Atlases
from sdedit_desktop.diffusion.exemplars.denoiser import ExemplarDenoiser
from sdedit_desktop.diffusion.exemplars.palette import missing_colours
from sdedit_desktop.diffusion.exemplars.scaling import enlarged, resized
from sdedit_desktop.diffusion.exemplars.search import Search
from sdedit_desktop.diffusion.exemplars.surroundings import matched_to_surroundings
from sdedit_desktop.diffusion.exemplars.votes import Plan
from sdedit_desktop.diffusion.noise import Noise
from sdedit_desktop.diffusion.schedule import sigma_of_t0, t0_of_sigma
from sdedit_desktop.diffusion.sdedit import State, sdedit
from sdedit_desktop.diffusion.solvers import SOLVERS, Solver

BASE = 256
"""The first level has about this many pixels squared."""
UPPER_SIGMA = 1.2
"""The noise level at which an enlarged result is denoised again."""
UPPER_CALLS = 5
"""Calls at each level above the first."""
DEFAULT_T0 = 0.35
DEFAULT_CALLS = 12
DEFAULT_SOLVER = "ddpm"

_LAST_SIGMA = 0.03
_FACTOR = 2.0

Size = tuple[int, int]


def first_size(shape: Sequence[int]) -> Size:
    """Height and width of the first level of a region (height, width), whatever the detail."""
    scale = min(1.0, BASE / math.sqrt(shape[0] * shape[1]))
    return _scaled(shape, scale)


def level_sizes(
    shape: Sequence[int], atlases: Atlases, most: float = 1.0, first: Size | None = None
) -> list[Size]:
    """Heights and widths of all levels, the smallest first.

    Args:
        shape: Height and width of the region that is edited.
        atlases: Its exemplars: no level is finer than the finest of them.
        most: The last level's scale, at most.
        first: The first size; ``first_size`` of the region if None.

    Returns:
        At least one size; each is about twice as high and wide as the one before, or less.
    """
    last = _scaled(shape, min(most, atlases.finest))
    first = first or first_size(shape)
    ratio = math.sqrt(last[0] * last[1] / (first[0] * first[1]))
    steps = max(0, math.ceil(math.log(ratio, _FACTOR) - 0.1))
    if not steps:
        return [last]
    shares = [step / steps for step in range(steps + 1)]
    heights, widths = (
        [round(low * (high / low) ** share) for share in shares]
        for low, high in zip(first, last, strict=True)
    )
    return list(zip(heights, widths, strict=True))


def _scaled(shape: Sequence[int], scale: float) -> Size:
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))


class Preparation:
    """The data of an edit that do not depend on the seed, shared by its candidates.

    Attributes:
        shape: Height and width of the region that is edited; exemplars' scales refer to it.
        atlases: The exemplars; pixels that may change must not be valid in them.
        search: How patches are found.
    """

    def __init__(
        self,
        shape: Sequence[int],
        at_size: Callable[[Size], tuple[Tensor, Tensor]],
        atlases: Atlases,
        search: Search | None = None,
    ) -> None:
        """Keeps all of it; nothing is computed yet.

        Args:
            shape: See above.
            at_size: Gives the region with strokes, (N or 1, 3, h, w) in [-1, 1], and where it may
                change, (1, 1, h, w) in [0, 1], at some height and width.
            atlases: See above.
            search: See above; the usual one if None.
        """
        self.shape, self.atlases = (shape[0], shape[1]), atlases
        self.search = search or Search()
        self._at_size = at_size
        self._levels: dict[tuple[Size, float], _Level] = {}
        self._missing: Tensor | None = None

    @classmethod
    def of(
        cls, guide: Tensor, mask: Tensor, atlases: Atlases, search: Search | None = None
    ) -> "Preparation":
        """Of a guide and a mask at the region's own size."""

        def at_size(size: Size) -> tuple[Tensor, Tensor]:
            return resized(guide.float(), size), resized(mask.float(), size).clamp(0, 1)

        return cls(guide.shape[2:], at_size, atlases, search)

    def at(self, size: Size, strength: float = 1.0) -> "_Level":
        """Guide and mask at the size of a level, where the mask is so many times stronger."""
        if (size, strength) not in self._levels:
            guide, mask = self._at_size(size)
            mask = (mask * strength).clamp(max=1)
            if self._missing is None:
                self._missing = missing_colours(guide, self.atlases.exemplars, mask > 0)
            missing = resized(self._missing, size) * (mask > 0) if self._missing.any() else None
            scale = math.sqrt(size[0] * size[1] / (self.shape[0] * self.shape[1]))
            self._levels[size, strength] = _Level(guide, mask, mask > 0, missing, scale, {})
        return self._levels[size, strength]


def edit_in_levels(
    prepared: Preparation,
    sizes: Sequence[Size],
    *,
    t0: float,
    noise: Noise,
    calls: int = DEFAULT_CALLS,
    solver: Solver = SOLVERS[DEFAULT_SOLVER],
    repeats: int = 1,
    resamplings: int = 1,
    wrap: Callable[[Denoiser, Tensor], Denoiser] | None = None,
) -> Iterator[State]:
    """Edits a picture with exemplars as the model.

    The first level is a normal edit. Each further one starts from the enlarged result of the last,
    with enough noise to replace what enlarging blurred.

    Args:
        prepared: The prepared edit.
        sizes: See ``level_sizes``.
        t0: Strength in (0, 1], of the first level; see ``schedule.sigma_of_t0``.
        noise: One stream per sample.
        calls: Calls at the first level.
        solver: The solver of each level.
        repeats: See ``sdedit.sdedit``; of the first level.
        resamplings: Likewise.
        wrap: Wraps the denoiser of the first level, given its guide.

    Yields:
        One state per call at the size of its level; ``done`` and ``total`` count all levels.

    Raises:
        ExemplarError: The exemplars have no valid patch.
    """
    upper = (len(sizes) - 1) * UPPER_CALLS
    first = prepared.at(sizes[0])
    denoiser = first.denoiser(prepared, first.painted)
    denoise = wrap(denoiser, first.painted) if wrap else denoiser
    sigmas = noise_levels(sigma_of_t0(t0), calls)
    options = {"repeats": repeats, "resamplings": resamplings}
    state = None
    for state in sdedit(
        denoise, first.painted, first.mask, sigmas=sigmas, solver=solver, noise=noise, **options
    ):
        yield state._replace(total=state.total + upper)
    assert state is not None
    # What was let go early at the first level is free all along at those above.
    strength = max(1.0, t0 / t0_of_sigma(UPPER_SIGMA))
    yield from _upper(prepared, sizes[1:], strength, state, denoiser, noise, solver)


def refine_in_levels(
    result: Tensor,
    prepared: Preparation,
    sizes: Sequence[Size],
    *,
    noise: Noise,
    solver: Solver = SOLVERS[DEFAULT_SOLVER],
) -> Iterator[State]:
    """Adds exemplars' detail to the result of any model, which may be smaller than the region.

    Args:
        result: (N, 3, h, w) in [-1, 1], of the region as a whole.
        prepared: See ``edit_in_levels``; also all that follow.
        sizes: The first is that of the result.
        noise: See there.
        solver: See there.

    Yields:
        See ``edit_in_levels``; nothing if there is no further size.
    """
    return _upper(prepared, sizes[1:], 1.0, State(result, result, 0, 0), None, noise, solver)


def noise_levels(first: float, calls: int) -> Tensor:
    """Descending noise levels, evenly spaced in their logarithm, then 0: (calls + 1,) float64."""
    last = min(_LAST_SIGMA, first / 2)
    ends = torch.linspace(math.log(first), math.log(last), calls, dtype=torch.float64)
    levels = torch.cat([ends.exp(), ends.new_zeros(1)])
    levels[0] = first  # not just almost
    return levels


@dataclass(frozen=True, eq=False)
class _Level:
    """Guide, mask and sites of one size."""

    guide: Tensor
    mask: Tensor
    free: Tensor
    recolour: Tensor | None
    scale: float
    plans: dict[int, Plan]

    @cached_property
    def painted(self) -> Tensor:
        """The guide with colours that continue those beside the mask."""
        return matched_to_surroundings(self.guide.float(), self.free)

    def denoiser(
        self, edit: Preparation, guide: Tensor, before: ExemplarDenoiser | None = None
    ) -> ExemplarDenoiser:
        """A denoiser that keeps near to a guide's colours."""
        return ExemplarDenoiser(
            edit.atlases,
            self.free,
            known=self.guide,
            guide=guide,
            recolour=self.recolour,
            search=edit.search,
            scale=self.scale,
            before=before,
            plans=self.plans,
        )


def _upper(
    prepared: Preparation,
    sizes: Sequence[Size],
    strength: float,
    state: State,
    before: ExemplarDenoiser | None,
    noise: Noise,
    solver: Solver,
) -> Iterator[State]:
    """All levels above that of ``state``."""
    done = state.done
    total = done + len(sizes) * UPPER_CALLS
    for size in sizes:
        level = prepared.at(size, strength)
        start = torch.where(level.free, enlarged(state.z.float(), size), level.guide)
        before = level.denoiser(prepared, start, before)
        sigmas = noise_levels(UPPER_SIGMA, UPPER_CALLS)
        for state in sdedit(before, start, level.mask, sigmas=sigmas, solver=solver, noise=noise):
            yield state._replace(done=done + state.done, total=total)
        done += UPPER_CALLS
        before.before = None
