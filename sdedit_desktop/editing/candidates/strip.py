"""The strip of candidates: a slot per seed of each job."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.editing.candidates.image_store import ImageStore, StoredImage
from sdedit_desktop.editing.candidates.slot import (
    FinishedCandidate,
    Slot,
    displacement,
    parts_of,
)
from sdedit_desktop.editing.jobs import Job, JobContext, JobQueue, JobState
from sdedit_desktop.editing.request import Candidate, EditParams, EditRequest, Preview
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.events import Event
from sdedit_desktop.texts import Text

Background: TypeAlias = Callable[[Callable[[], object], Callable[[], object]], None]
"""Runs the first function in the background, then the second one on this thread."""


def at_once(work: Callable[[], object], then: Callable[[], object]) -> None:
    """A ``Background`` that runs the work immediately, on this thread."""
    work()
    then()


class Strip:
    """All candidates of a session, oldest first.

    ``reset`` is emitted when slots were added or removed, ``changed`` with a slot that looks
    different, ``modified`` when different candidates would be saved, ``message_posted`` with a
    sentence for the user. ``photo_for`` supplies the present photograph when an edit is repeated.
    """

    def __init__(self, jobs: JobQueue) -> None:
        self.slots: list[Slot] = []
        self.store = ImageStore()
        self.background: Background = at_once
        self.reset = Event[()]()
        self.changed = Event[int]()
        self.modified = Event[()]()
        self.message_posted = Event[Text]()
        self.photo_for: Callable[[EditRequest], EditRequest] = lambda request: request
        self._jobs = jobs
        self._placement = Matrix()
        jobs.previewed.connect(self._show_forming)
        jobs.candidate_ready.connect(self._finish)
        jobs.changed.connect(self._follow)

    def begin(self, load: Callable[[ImageStore], list[Slot]]) -> None:
        """Replaces the strip by that of a document."""
        self._placement = Matrix()
        self.store = ImageStore()
        self.slots = load(self.store)
        self.reset.emit()

    def follow(self, placement: Matrix) -> None:
        """Moves all candidates with the document; ``placement`` is its present one."""
        if placement == self._placement:
            return
        self._placement = placement
        self.slots = [self._followed(slot) for slot in self.slots]
        self.reset.emit()

    def index_of(self, slot_id: int) -> int:
        """Where a slot is now; -1 if it is gone."""
        indices = (index for index, slot in enumerate(self.slots) if slot.id == slot_id)
        return next(indices, -1)

    def star(self, indices: Collection[int], starred: bool) -> None:
        """Stars candidates, or removes their stars."""
        for index in indices:
            self._change(index, starred=starred)
        self.modified.emit()

    def discard(self, indices: Collection[int]) -> None:
        """Removes slots. Their unfinished candidates are skipped, or dropped when they arrive."""
        gone = [self.slots[index] for index in indices]
        self.slots = [slot for slot in self.slots if slot not in gone]
        self.reset.emit()
        if any(slot.made for slot in gone):
            self.modified.emit()
        for slot in gone:
            if slot.made is not None:
                self.store.drop(slot.made.stored)
            elif not slot.job.state.is_final:
                self._give_up(slot)

    def open(self, slot: Slot) -> Candidate | None:
        """A finished candidate with its pixels; a damaged one is removed and reported."""
        try:
            return slot.candidate
        except FileFormatError:
            self.message_posted.emit(
                Text("A kept candidate was damaged in the file; it has been removed.")
            )
            self.discard([index for index in [self.index_of(slot.id)] if index >= 0])
            return None

    def request_again(self, made: FinishedCandidate, params: EditParams) -> EditRequest | None:
        """The request of a candidate with other parameters; says so if it is unknown."""
        try:
            request = made.request(params)
        except FileFormatError:
            request = None
        if request is None:
            self.message_posted.emit(Text("What this candidate was made from has not been kept."))
            return None
        return self.photo_for(request)

    def edit_again(
        self, made: FinishedCandidate, params: EditParams, *, repeats: bool = False
    ) -> None:
        """Queues the request of a candidate with other parameters.

        Args:
            made: The candidate.
            params: Parameters for the same guide.
            repeats: Whether it should be identical; the user is told whether it is.
        """
        request = self.request_again(made, params)
        if request is None:
            return
        context = JobContext(
            self._placement,
            guide=made.guide if made.moved == Matrix() else None,
            repeats=made if repeats else None,
        )
        self._jobs.submit(request, context)

    def _followed(self, slot: Slot) -> Slot:
        if slot.made is not None:
            slot.made.follow(self._placement)
            return slot
        return replace(slot, moved=displacement(slot.job.context.placement, self._placement))

    def _give_up(self, slot: Slot) -> None:
        siblings = [other for other in self.slots if other.job is slot.job and not other.made]
        if not siblings:
            self._jobs.cancel(slot.job)
        elif slot.preview is not None and not any(other.preview for other in siblings):
            slot.job.cancel.skip()

    def _follow(self, job: Job) -> None:
        if job.state is JobState.QUEUED and all(slot.job is not job for slot in self.slots):
            repeats = job.context.repeats
            seeds = (repeats.seed,) if repeats else job.request.params.seeds
            self.slots += [self._followed(Slot(job, seed)) for seed in seeds]
            self.reset.emit()
        elif job.state.is_final:
            self._end(job)

    def _end(self, job: Job) -> None:
        """Removes slots that stayed empty, and frees the request's pixels of the others."""
        ended = without_pixels(job)
        before = len(self.slots)
        self.slots = [
            replace(slot, job=ended, preview=None) if slot.job is job else slot
            for slot in self.slots
            if slot.job is not job or slot.made
        ]
        if len(self.slots) < before:
            self.reset.emit()

    def _show_forming(self, job: Job, preview: Preview) -> None:
        for index in self._indices_of(job, preview.seed):
            self._change(index, preview=preview)

    def _finish(self, job: Job, candidate: Candidate) -> None:
        for index in self._indices_of(job, candidate.seed):
            made = FinishedCandidate(
                self.store.add(candidate.image, candidate.alpha, parts_of(job.request)),
                self._guide_of(job),
                candidate.rect,
                candidate.params,
                candidate.seed,
                candidate.origin,
                home=job.context.placement,
                reached=candidate.reached,
            )
            made.follow(self._placement)
            self._change(index, made=made, preview=None)
            self.modified.emit()
            self._settle(made, job.context.repeats)

    def _guide_of(self, job: Job) -> StoredImage:
        """The stored guide of a job, shared by its candidates."""
        siblings = (slot.made.guide for slot in self.slots if slot.job is job and slot.made)
        stored = job.context.guide or next((guide for guide in siblings if guide), None)
        if stored is None:
            request, parts = job.request, parts_of(job.request)
            stored = self.store.add(request.guide, request.mask, parts)
            if request.below is not None:
                stored.below = self.store.add(request.below, request.mask, parts)
        return stored

    def _settle(self, made: FinishedCandidate, earlier: FinishedCandidate | None) -> None:
        """Measures and encodes a new candidate in the background."""
        messages: list[Text] = []

        def work() -> None:
            made.measure()
            made.pack()
            if earlier is not None:
                messages.append(compared(made, earlier))

        def then() -> None:
            self.store.evict()
            for index, slot in enumerate(self.slots):
                if slot.made is made:
                    self.changed.emit(index)
            for sentence in messages:
                self.message_posted.emit(sentence)

        self.background(work, then)

    def _indices_of(self, job: Job, seed: int) -> Sequence[int]:
        """The slots that a message belongs to; none if they are gone or filled."""
        return [
            index
            for index, slot in enumerate(self.slots)
            if slot.job is job and slot.seed == seed and not slot.made
        ]

    def _change(self, index: int, **values: object) -> None:
        self.slots[index] = replace(self.slots[index], **dict[str, Any](values))
        self.changed.emit(index)


def compared(made: FinishedCandidate, earlier: FinishedCandidate) -> Text:
    """One sentence on whether a candidate that was made again is the one it was."""
    now, then = made.origin, earlier.origin
    if then.model_sha256 and now.model_sha256 and now.model_sha256 != then.model_sha256:
        return Text("The model or the photo has changed since: this is what the present one makes.")
    if then.loras and now.loras and now.loras != then.loras:
        return Text("A LoRA has changed since: this is what the present one makes.")
    if same_pixels(made, earlier):
        return Text("Made again: it is the same to the last bit.")
    if then.device and now.device != then.device:
        return Text("Made again on {0}; on {1} the last bits were others.", now.device, then.device)
    return Text("Made again, but not quite the same: the program or a library has changed since.")


def same_pixels(one: FinishedCandidate, other: FinishedCandidate) -> bool:
    """Whether two candidates are equal, bit for bit; one that is damaged equals none."""
    try:
        pairs = zip(one.stored.decode(), other.stored.decode(), strict=True)
        return all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in pairs)
    except FileFormatError:
        return False


def without_pixels(job: Job) -> Job:
    """A job that has ended, without the pictures that only an engine needs."""
    return replace(job, request=job.request.without_pixels())
