"""What becomes of the places in the strip, in every order that things can happen in."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
from candidates_made import ORIGIN, add, finish, keep, preview

from sdedit_desktop.document.document import Document
from sdedit_desktop.editing import variations
from sdedit_desktop.editing.candidates import persistence
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.editing.request import Candidate, EditParams
from sdedit_desktop.editing.session import Session


class Later:
    """A background whose work is done when the test says so."""

    def __init__(self):
        self.waiting = []

    def __call__(self, work, then):
        self.waiting.append((work, then))

    def catch_up(self):
        while self.waiting:
            work, then = self.waiting.pop(0)
            work()
            then()


@pytest.fixture
def session():
    return Session(Document(40, 30), EditParams("fake", seeds=(1, 2)))


@pytest.fixture
def said(session):
    sentences = []
    session.noticed.connect(sentences.append)
    return sentences


def seeds(session):
    return [slot.seed for slot in session.slots]


def test_a_slot_is_empty_then_shows_previews_then_is_finished(session):
    job = session.generate()
    assert seeds(session) == [1, 2]
    assert not any(slot.preview or slot.made for slot in session.slots)
    preview(session.jobs, job, 1)
    assert session.slots[0].preview.seed == 1
    finish(session.jobs, job, 1)
    first, second = session.slots
    assert first.is_finished
    assert first.preview is None
    assert first.candidate.image.max() == 100
    assert not second.is_finished


def test_finished_candidates_of_a_stopped_job_stay(session):
    job = session.generate()
    finish(session.jobs, job, 1)
    session.jobs.cancel(job)
    session.jobs.settle(job.id, JobState.CANCELLED)
    assert seeds(session) == [1]


def test_a_preview_that_comes_after_its_slot_was_removed_is_dropped(session):
    """Given a job whose second slot was discarded, a preview of it that comes late is dropped."""
    job = session.generate()
    session.strip.discard([1])
    preview(session.jobs, job, 2)
    finish(session.jobs, job, 2)
    assert seeds(session) == [1]
    assert not session.slots[0].is_finished


def test_a_preview_that_comes_after_its_candidate_is_dropped(session):
    job = session.generate()
    finish(session.jobs, job, 1)
    preview(session.jobs, job, 1)
    assert session.slots[0].preview is None


def test_discarding_an_unfinished_candidate_skips_nothing_else(session):
    job = session.generate()
    preview(session.jobs, job, 1)
    session.strip.discard([0])
    assert job.cancel._skip.is_set()
    assert not job.cancel.is_stopped
    assert seeds(session) == [2]


def test_discarding_one_of_a_batch_lets_the_others_go_on(session):
    job = session.generate()
    preview(session.jobs, job, 1)
    preview(session.jobs, job, 2)
    session.strip.discard([0])
    job.cancel.check()
    assert job.cancel.wants_more


def test_discarding_all_unfinished_candidates_stops_the_job(session):
    job = session.generate()
    finish(session.jobs, job, 1)
    session.strip.discard([1])
    assert job.cancel.is_stopped
    waiting = session.generate()
    session.strip.discard([1, 2])
    assert waiting.state is JobState.CANCELLED
    assert seeds(session) == [1]


def test_discarding_candidates_of_a_waiting_job_leaves_the_running_one_alone(session):
    running = session.generate()
    session.generate()
    session.strip.discard([2, 3])
    assert session.jobs.waiting == ()
    assert session.jobs.running is running
    assert not running.cancel.is_stopped


def test_a_document_closed_while_a_job_runs_takes_its_strip_along(session):
    """Given a running job, when another document is opened, then what still comes is dropped."""
    job = session.generate()
    finish(session.jobs, job, 1)
    session.replace_document(Document(20, 20))
    assert session.slots == []
    finish(session.jobs, job, 2)
    session.jobs.settle(job.id, JobState.CANCELLED)
    assert session.slots == []


def test_work_in_the_background_that_ends_after_its_candidate_is_gone_does_no_harm(session):
    later = session.strip.background = Later()
    job = session.generate()
    finish(session.jobs, job, 1)
    session.strip.discard([0])
    later.catch_up()
    assert seeds(session) == [2]
    finish(session.jobs, job, 2)
    session.replace_document(Document(20, 20))
    later.catch_up()
    assert session.slots == []


def test_a_candidate_can_be_used_before_it_is_packed(session):
    later = session.strip.background = Later()
    job = session.generate()
    finish(session.jobs, job, 1)
    before = session.slots[0].candidate
    keep(session)
    session.accept(before)
    later.catch_up()
    assert np.array_equal(session.slots[0].candidate.image, before.image)


def test_stars_are_set_and_taken_away_together(session):
    for seed in (1, 2, 3):
        add(session.strip, seed)
    changed = []
    session.strip.changed.connect(changed.append)
    session.strip.star([0, 2], True)
    assert [slot.starred for slot in session.slots] == [True, False, True]
    assert changed == [0, 2]


def test_accepting_several_is_one_step_and_can_be_repeated(session):
    """Given two candidates accepted and undone, when accepted again, then they are there again."""
    for seed in (1, 2):
        add(session.strip, seed)
    before = session.document.composite(session.document.rect)
    candidates = [slot.candidate for slot in session.slots]
    session.accept(*candidates)
    names = [layer.name for layer in session.document.layers]
    assert names == ["Background", "Strokes", "Candidate 1", "Candidate 2", "Strokes 2"]
    assert session.document.history.labels() == ["Accept candidates"]
    after = session.document.composite(session.document.rect)
    session.document.undo()
    assert np.array_equal(session.document.composite(session.document.rect), before)
    session.accept(*candidates)
    assert np.array_equal(session.document.composite(session.document.rect), after)
    assert session.document.history.labels() == ["Accept candidates"]
    session.accept(candidates[0])
    session.document.undo()
    assert np.array_equal(session.document.composite(session.document.rect), after)


# --- once more ------------------------------------------------------------------------------


def made_again(session, value=100, origin=ORIGIN):
    """Given a finished candidate, when it is made again, tells the job that does."""
    job = session.generate()
    finish(session.jobs, job, 1)
    session.jobs.settle(job.id, JobState.FINISHED)
    params = replace(session.params, seeds=(1,))
    session.strip.edit_again(session.slots[0].made, params, repeats=True)
    again = session.jobs.running
    finish(session.jobs, again, 1, value, origin)
    session.jobs.settle(again.id, JobState.FINISHED)
    return job, again


def test_a_candidate_made_again_repeats_the_same_edit(session, said):
    job, again = made_again(session)
    assert np.array_equal(again.request.guide, job.request.guide)
    assert np.array_equal(again.request.mask, job.request.mask)
    assert again.request.rect == job.request.rect
    assert seeds(session) == [1, 1]
    assert session.slots[0].made.guide is session.slots[1].made.guide
    assert said == ["Made again: it is the same to the last bit."]


@pytest.mark.parametrize(
    ("origin", "sentence"),
    [
        (replace(ORIGIN, model_sha256="cd" * 32), "The model or the photo has changed since"),
        (replace(ORIGIN, device="Apple GPU"), "Made again on Apple GPU; on CPU"),
        (ORIGIN, "not quite the same"),
    ],
)
def test_a_different_result_when_made_again_is_explained(session, said, origin, sentence):
    made_again(session, value=101, origin=origin)
    assert len(said) == 1
    assert sentence in said[0]


def test_a_changed_model_is_reported_even_if_the_result_is_equal(session, said):
    made_again(session, origin=replace(ORIGIN, model_sha256="cd" * 32))
    assert said == ["The model or the photo has changed since: this is what the present one makes."]


def test_only_the_wanted_one_of_a_repeated_batch_gets_a_slot(session):
    """Given a candidate of a batch of two, when the batch is run again, one place is added."""
    job = session.generate()
    finish(session.jobs, job, 1)
    finish(session.jobs, job, 2)
    session.jobs.settle(job.id, JobState.FINISHED)
    session.strip.edit_again(session.slots[1].made, session.params, repeats=True)
    again = session.jobs.running
    assert again.request.params.seeds == (1, 2)
    finish(session.jobs, again, 1)
    finish(session.jobs, again, 2)
    assert seeds(session) == [1, 2, 2]


def test_without_its_strokes_nothing_can_be_made_of_a_candidate(session, said):
    slot = add(session.strip, 1)
    slot.made.guide = None
    session.strip.edit_again(slot.made, session.params)
    assert session.jobs.running is None
    assert said == ["What this candidate was made from has not been kept."]


def test_requests_of_ended_jobs_hold_no_pictures(session):
    job = session.generate()
    finish(session.jobs, job, 1)
    session.jobs.settle(job.id, JobState.FINISHED)
    request = session.slots[0].job.request
    assert request.guide.nbytes == request.mask.nbytes == 0
    assert request.params == job.request.params
    assert request.rect == job.request.rect


def test_many_candidates_hold_few_pixels(session):
    """Given a hundred candidates of 40 x 30 in jobs of two, when all are there."""
    session.strip.store._budget = 20_000
    for first in range(0, 100, 2):
        session.change_params(replace(session.params, seeds=(first, first + 1)))
        job = session.generate()
        finish(session.jobs, job, first, value=first)
        finish(session.jobs, job, first + 1, value=first + 1)
        session.jobs.settle(job.id, JobState.FINISHED)
    images = {s.made.stored for s in session.slots} | {s.made.guide for s in session.slots}
    assert len(images) == 150
    assert sum(image.bytes_at_hand for image in images) == session.strip.store.bytes_at_hand
    assert session.strip.store.bytes_at_hand <= 20_000
    assert not any(isinstance(image._png, bytes) for image in images)  # on the disk
    assert [int(s.candidate.image.max()) for s in session.slots] == list(range(100))
    assert session.strip.store.bytes_at_hand <= 20_000


def test_pictures_of_a_closed_document_are_freed(session):
    job = session.generate()
    finish(session.jobs, job, 1)
    session.jobs.settle(job.id, JobState.FINISHED)
    session.jobs.forget_ended()
    store = weakref.ref(session.strip.store)
    pixels = weakref.ref(session.slots[0].made.stored.pixels()[0])
    del job
    session.replace_document(Document(20, 20))
    gc.collect()
    assert store() is None
    assert pixels() is None


def test_a_stopped_candidate_stays_and_can_be_finished(session):
    """The same seed is made again to the end, in its place."""
    job = session.generate()
    request = job.request
    stopped = Candidate(request.guide, request.mask, request.rect, request.params, 1, reached=0.5)
    session.jobs.cancel(job)
    session.jobs.receive(job.id, stopped)
    session.jobs.settle(job.id, JobState.CANCELLED)
    (slot,) = session.slots
    assert slot.was_stopped
    (kept,) = persistence.unpack(persistence.pack(session.slots))
    assert kept.made.reached == 0.5
    variations.finish(session, slot)
    (new,) = session.slots
    again = session.jobs.running
    assert new.job is again
    assert again.request.params == replace(request.params, seeds=(1,))
    assert np.array_equal(again.request.guide, request.guide)


def test_an_accepted_candidate_is_known_until_that_is_undone(session):
    job = session.generate()
    request = job.request
    for seed in (1, 2):
        made = Candidate(request.guide, request.mask, request.rect, request.params, seed)
        session.jobs.receive(job.id, made)
    first, second = session.slots
    session.accept(first.candidate)
    assert session.has_accepted(first.made)
    assert not session.has_accepted(second.made)
    session.document.undo()
    assert not session.has_accepted(first.made)
