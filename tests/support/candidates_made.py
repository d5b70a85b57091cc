"""Candidates without an engine: finished ones for a strip, and messages of a running job."""

import numpy as np

from sdedit_desktop.editing.candidates.slot import FinishedCandidate, Slot
from sdedit_desktop.editing.candidates.strip import without_pixels
from sdedit_desktop.editing.jobs import Job, JobState
from sdedit_desktop.editing.request import (
    Candidate,
    EditParams,
    EditRequest,
    Origin,
    Preview,
    Progress,
)
from sdedit_desktop.geometry import Rect

PARAMS = EditParams("fake", t0=0.4, seeds=(7, 8))
ORIGIN = Origin("ab" * 32, "CPU", "SDEdit Desktop 0", "2026-01-02T03:04:05+00:00", (7,))
RECT = Rect(5, 9, 21, 21)


def pictures(seed, dtype=np.uint8, size=(12, 16)):
    """Random pixels, (H, W, 3), and a random mask, (H, W)."""
    rng = np.random.default_rng(seed)
    image = rng.integers(0, np.iinfo(dtype).max, (*size, 3)).astype(dtype)
    return image, rng.integers(0, 256, size).astype(np.uint8)


def add(strip, seed, dtype=np.uint8, *, guide=None, starred=False, size=(12, 16), params=PARAMS):
    """Adds a finished candidate to a strip; returns its slot.

    Args:
        strip: Where to add it.
        seed: Decides its pixels; also its own seed.
        dtype: Of its pixels.
        guide: The stored guide, if it shares that of another candidate.
        starred: Whether it has a star.
        size: Height and width, in pixels.
        params: What it was made with.
    """
    stored = strip.store.add(*pictures(seed, dtype, size))
    guide = guide or strip.store.add(*pictures(seed + 1000, dtype, size))
    rect = Rect(RECT.left, RECT.top, RECT.left + size[1], RECT.top + size[0])
    made = FinishedCandidate(stored, guide, rect, params, seed, ORIGIN)
    request = EditRequest(params, *pictures(seed, dtype, size), rect)
    job = without_pixels(Job(0, request, state=JobState.FINISHED))
    slot = Slot(job, seed, made=made, starred=starred)
    strip.slots.append(slot)
    strip.reset.emit()
    return slot


def keep(session):
    """Packs a session's candidates into its document, as saving does."""
    session.document.attachments = session.packing()()


def picture(job, value):
    """A picture as an engine would make it for a job, of one colour."""
    return np.full_like(job.request.guide, value)


def preview(jobs, job, seed, value=1):
    """Sends progress and a preview to a running job, as its engine would."""
    jobs.receive(job.id, Progress(1, 6))
    jobs.receive(job.id, Preview(picture(job, value), job.request.rect, seed))


def finish(jobs, job, seed, value=100, origin=ORIGIN):
    """Sends a finished candidate to a running job, as its engine would."""
    request = job.request
    image = picture(job, value)
    found = Candidate(image, request.mask, request.rect, request.params, seed, origin)
    jobs.receive(job.id, found)
