"""Further candidates from one: the same again, new seeds, or similar ones; its parameters again."""

import math
from dataclasses import dataclass, replace

from sdedit_desktop.editing import models, presets
from sdedit_desktop.editing.candidates.slot import FinishedCandidate, Slot
from sdedit_desktop.editing.jobs import JobContext
from sdedit_desktop.editing.regions import region
from sdedit_desktop.editing.request import DETAILS, PUBLISHED_SOLVERS, SOLVERS, EditParams
from sdedit_desktop.editing.session import Session, new_seeds

FULL_DETAIL = DETAILS[-1]

LIKENESS = 0.6
"""Fraction of a candidate's t0 to which it is noised for similar ones."""


def reuse(session: Session, slot: Slot) -> str:
    """Sets all parameters but the device to those of a candidate, and keeps its seed.

    Returns:
        Empty, or the name of its model if that is gone; then the default one is set instead, with
        parameters that suit it.
    """
    session.keeps_seed = True
    device = session.params.device  # the candidate's may not exist here
    made_with = slot.job.request.params
    session.change_params(replace(made_with, seeds=(slot.seed,), device=device))
    facts = session.facts.get(made_with.model)
    if (facts and not facts.trouble) or models.find(made_with.model, session.model_folders):
        return ""
    session.choose_model(models.default(session.model_folders), presets.store().read()[0])
    session.suit_model()
    return made_with.model


def again(session: Session, slot: Slot) -> None:
    """Candidates from the same strokes with new seeds."""
    if slot.made is not None:
        params = replace(slot.made.params, seeds=new_seeds(len(session.params.seeds)))
        session.strip.edit_again(slot.made, params)


def make_again(session: Session, slot: Slot) -> None:
    """Reproduces a candidate; the session then says whether it is identical.

    The seeds of its batch are included, because another batch size changes rounding.
    """
    if slot.made is not None:
        together = slot.made.origin.together
        seeds = together if slot.seed in together else (slot.seed,)
        params = replace(slot.made.params, seeds=seeds)
        session.strip.edit_again(slot.made, params, repeats=True)


def finish(session: Session, slot: Slot) -> None:
    """Makes a stopped candidate completely, in its slot."""
    if slot.made is not None and slot.was_stopped:
        session.strip.edit_again(slot.made, replace(slot.made.params, seeds=(slot.seed,)))
        session.strip.discard([session.strip.index_of(slot.id)])


def has_less_detail(made: FinishedCandidate) -> bool:
    """Whether a candidate lacks detail that the photograph could give it."""
    detail = made.params.detail
    if detail == FULL_DETAIL or made.params.solver in PUBLISHED_SOLVERS:
        return False
    side = math.sqrt(made.rect.width * made.rect.height)
    return detail == "off" or side > float(detail)


def full_detail(session: Session, slot: Slot) -> None:
    """The same candidate with detail up to the resolution of the picture."""
    if slot.made is not None and has_less_detail(slot.made):
        params = replace(slot.made.params, seeds=(slot.seed,), detail=FULL_DETAIL)
        session.strip.edit_again(slot.made, params)


def more_like(session: Session, slot: Slot) -> None:
    """Candidates with the same composition and other details.

    The candidate replaces the strokes, is noised to ``LIKENESS`` of its t0 and denoised with new
    seeds.
    """
    candidate = session.strip.open(slot)
    if slot.made is None or candidate is None:
        return
    t0 = round(max(LIKENESS * candidate.params.t0, 0.01), 3)
    params = replace(candidate.params, t0=t0, seeds=new_seeds(len(session.params.seeds)))
    request = session.strip.request_again(slot.made, params)
    if request is not None:
        guide = region.paste(request.guide, candidate.image, candidate.alpha)
        context = JobContext(session.document.placement)
        session.jobs.submit(replace(request, guide=guide), context)


LIVE_CALLS = 6
LIVE_SCALE = 0.5
_FAST_SOLVERS = ("dpmpp_2m_sde", "dpmpp_2m", "sa_solver", "ddim")


def live_params(params: EditParams, *, keeps_seed: bool) -> EditParams:
    """Few calls, one candidate, half the size; the same seed as long as none is chosen.

    What decides how the result looks stays: the model, t0, where it runs and how precisely.
    """
    return replace(
        params,
        calls=min(params.calls, LIVE_CALLS),
        repeats=1,
        resamplings=1,
        solver=params.solver if params.solver in _FAST_SOLVERS else SOLVERS[0],
        seeds=(params.seeds[0] if keeps_seed else 0,),
        scale=params.scale * LIVE_SCALE,
        detail="off",
    )


LEAST_T0, MOST_T0 = 0.05, 1.0


@dataclass(frozen=True)
class Bisection:
    """The interval that still contains the best t0, and the value tried last."""

    t0: float
    low: float = LEAST_T0
    high: float = MOST_T0

    def more_faithful(self) -> "Bisection":
        """Tries the middle of the interval below the last value, which was too high."""
        return Bisection(round((self.low + self.t0) / 2, 3), self.low, self.t0)

    def more_realistic(self) -> "Bisection":
        """Tries the middle of the interval above the last value, which was too low."""
        return Bisection(round((self.t0 + self.high) / 2, 3), self.t0, self.high)

    def at(self, t0: float) -> "Bisection":
        """Continues from ``t0``; a value set by hand restarts with the whole range."""
        return self if t0 == self.t0 else Bisection(t0)
