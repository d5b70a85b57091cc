"""More candidates from one: the same again, others from the same strokes, others like it."""

from dataclasses import replace

from sdedit_desktop.editing import region
from sdedit_desktop.editing.candidates.strip import Slot
from sdedit_desktop.editing.session import Session, new_seeds

LIKENESS = 0.6
"""Share of a candidate's t0 to which it is noised again for others like it."""


def again(session: Session, slot: Slot) -> None:
    """As many candidates as are set, with new seeds, from the strokes this one was made from."""
    if slot.made is not None:
        params = replace(slot.made.params, seeds=new_seeds(len(session.params.seeds)))
        session.strip.edit_again(slot.made, params)


def make_again(session: Session, slot: Slot) -> None:
    """The same candidate once more; the session then says whether it is the same.

    It is made in the company of the seeds it was first made with: another batch rounds otherwise.
    """
    if slot.made is not None:
        together = slot.made.origin.together
        seeds = together if slot.seed in together else (slot.seed,)
        params = replace(slot.made.params, seeds=seeds)
        session.strip.edit_again(slot.made, params, repeats=True)


def more_like(session: Session, slot: Slot) -> None:
    """Candidates that keep this one's composition and differ in detail.

    The candidate takes the place of the strokes, is noised to ``LIKENESS`` of its t0 and denoised
    with new seeds.
    """
    candidate = session.strip.open(slot)
    if slot.made is None or candidate is None:
        return
    t0 = round(max(LIKENESS * candidate.params.t0, 0.01), 3)
    params = replace(candidate.params, t0=t0, seeds=new_seeds(len(session.params.seeds)))
    request = session.strip.request_again(slot.made, params)
    if request is not None:
        guide = region.paste(request.guide, candidate.image, candidate.alpha)
        session.jobs.submit(replace(request, guide=guide))
