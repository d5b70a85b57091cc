"""All ways to edit a picture, by name: the solvers and the published algorithms."""

import math
from collections.abc import Iterator

from torch import Tensor

from sdedit_desktop.diffusion.checkpoints import Model
from sdedit_desktop.diffusion.denoiser import Denoiser
from sdedit_desktop.diffusion.low_frequency import keep_low_frequencies
from sdedit_desktop.diffusion.noise import Noise
from sdedit_desktop.diffusion.prompt import Conditioning
from sdedit_desktop.diffusion.published import (
    paper,
    paper_noise_levels,
    reference,
    reference_noise_levels,
)
from sdedit_desktop.diffusion.schedule import (
    VE,
    Schedule,
    noise_levels,
    trailing_levels,
)
from sdedit_desktop.diffusion.sdedit import State, sdedit
from sdedit_desktop.diffusion.solvers import FEW_STEPS, SOLVERS
from sdedit_desktop.diffusion.tiling import TiledDenoiser
from sdedit_desktop.errors import ParameterError

RECIPES = (*SOLVERS, *FEW_STEPS, "paper", "reference")
"""The names for ``edit``."""


def count_calls(
    schedule: Schedule, *, recipe: str, t0: float, calls: int, repeats: int, resamplings: int
) -> int:
    """The number of network calls of ``edit`` with the same arguments.

    Raises:
        ModelError: The recipe is not for models of this family.
    """
    if recipe == "reference":
        calls = len(reference_noise_levels(schedule, t0)) - 1
    return calls * repeats * (1 if recipe in ("paper", "reference") else resamplings)


def edit(
    model: Model,
    guide: Tensor,
    mask: Tensor,
    *,
    recipe: str,
    t0: float,
    calls: int,
    noise: Noise,
    repeats: int = 1,
    resamplings: int = 1,
    colours_kept: float = 0.0,
    clip: bool = True,
    conditioning: Conditioning | None = None,
    tile: int = 0,
) -> Iterator[State]:
    """Edits a picture.

    Args:
        model: The model.
        guide: See ``sdedit.sdedit``; in the model's space.
        mask: See there; 1 may change.
        recipe: One of ``RECIPES``. "paper" and "reference" neither clip nor know grey masks, and
            leave a little noise where nothing may change.
        t0: Strength in (0, 1], calibrated: see ``schedule.sigma_of_t0``.
        calls: Network calls per repeat; "reference" makes one per step of the training instead.
        noise: One stream per sample.
        repeats: How often to run the whole descent.
        resamplings: See ``sdedit.sdedit``; the published recipes have none.
        colours_kept: Share of the drift of colours that is corrected, in [0, 1]: see
            ``low_frequency.LowFrequencyGuidance``; the published recipes correct none.
        clip: Whether denoised pictures are clipped to [-1, 1]; the published recipes never do.
        conditioning: See ``Model.condition``.
        tile: Side of the parts that the network sees one after another; 0 is all at once.

    Yields:
        One state per network call; ``state.total`` tells how many there will be.

    Raises:
        ModelError: The recipe is not for models of this family.
        ParameterError: The recipe needs more calls.
    """
    if recipe in ("paper", "reference"):
        denoise = _tiled(model, model.denoiser(clip=False, conditioning=conditioning), tile)
        return _published(denoise, guide, mask, model.schedule, recipe, t0, calls, noise, repeats)
    factor = model.schedule.t0_factor
    sigmas = _levels(recipe, model.schedule, t0, calls)
    denoise = _tiled(model, model.denoiser(clip, conditioning), tile)
    return sdedit(
        keep_low_frequencies(denoise, guide, sigmas[0].item(), colours_kept, model.space.variance),
        guide,
        mask,
        sigmas=sigmas,
        solver=FEW_STEPS.get(recipe) or SOLVERS[recipe],
        noise=noise,
        repeats=repeats,
        resamplings=resamplings,
        t0_factor=factor,
    )


def _tiled(model: Model, denoise: Denoiser, tile: int) -> Denoiser:
    return TiledDenoiser(denoise, tile, model.card.multiple) if tile else denoise


def _published(
    denoise: Denoiser,
    guide: Tensor,
    mask: Tensor,
    schedule: Schedule,
    recipe: str,
    t0: float,
    calls: int,
    noise: Noise,
    repeats: int,
) -> Iterator[State]:
    if recipe == "reference":
        sigmas = reference_noise_levels(schedule, t0)
        return reference(denoise, guide, mask, sigmas=sigmas, noise=noise, repeats=repeats)
    return paper(
        denoise,
        guide,
        mask,
        sigmas=paper_noise_levels(schedule, t0, calls),
        preserving=not isinstance(schedule, VE),
        noise=noise,
        repeats=repeats,
    )


def _levels(recipe: str, schedule: Schedule, t0: float, calls: int) -> Tensor:
    if recipe in FEW_STEPS:
        return trailing_levels(schedule, t0, calls)
    if calls < (least := _least_calls(recipe, schedule, t0)):
        raise ParameterError("At this t0 {0} needs at least {1} steps.", recipe, least)
    return noise_levels(schedule, t0, calls)


_NOISY = ("euler_maruyama", "ddpm_large")
_LONGEST_STEP = 3.25
"""Ratio of noise levels. In longer steps these solvers add more noise than the next can take away:
Gaussian data would come out with twice their deviation and more."""


def _least_calls(recipe: str, schedule: Schedule, t0: float) -> int:
    """The smallest useful number of calls of a solver; others fall back to lower orders."""
    if recipe not in _NOISY:
        return 1
    first, last, _ = noise_levels(schedule, t0, 2).tolist()
    return math.ceil(math.log(first / last) / math.log(_LONGEST_STEP)) + 1
