"""Candidates to try a strip with; not a test."""

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
    """A picture and one byte per pixel, all noise."""
    rng = np.random.default_rng(seed)
    image = rng.integers(0, np.iinfo(dtype).max, (*size, 3)).astype(dtype)
    return image, rng.integers(0, 256, size).astype(np.uint8)


def add(strip, seed, dtype=np.uint8, *, guide=None, starred=False, size=(12, 16), params=PARAMS):
    """Puts a finished candidate into a strip; those with the same ``guide`` share a sheet."""
    sheet = strip.store.add(*pictures(seed, dtype, size))
    guide = guide or strip.store.add(*pictures(seed + 1000, dtype, size))
    rect = Rect(RECT.left, RECT.top, RECT.left + size[1], RECT.top + size[0])
    made = FinishedCandidate(sheet, guide, rect, params, seed, ORIGIN)
    request = EditRequest(params, *pictures(seed, dtype, size), rect)
    job = without_pixels(Job(0, request, state=JobState.FINISHED))
    slot = Slot(job, seed, made=made, starred=starred)
    strip.slots.append(slot)
    strip.reset.emit()
    return slot


def picture(job, value):
    """What an engine would make for a job: one colour throughout."""
    return np.full_like(job.request.guide, value)


def preview(jobs, job, seed, value=1):
    """A message from the engine."""
    jobs.receive(job.id, Progress(1, 6))
    jobs.receive(job.id, Preview(picture(job, value), job.request.rect, seed))


def finish(jobs, job, seed, value=100, origin=ORIGIN):
    """Another one."""
    request = job.request
    image = picture(job, value)
    found = Candidate(image, request.mask, request.rect, request.params, seed, origin)
    jobs.receive(job.id, found)
