from dataclasses import replace

import numpy as np
import pytest

from sdedit_desktop.editing import jobs
from sdedit_desktop.editing.jobs import JobQueue, JobState
from sdedit_desktop.editing.request import (
    Candidate,
    EditParams,
    EditRequest,
    Note,
    Preview,
    Progress,
)
from sdedit_desktop.editing.retry import RetryOption, apply_retry, retry_options
from sdedit_desktop.errors import ModelError, OutOfMemory, ParameterError
from sdedit_desktop.geometry import Rect

RECT = Rect(0, 0, 4, 3)
GUIDE = np.zeros((3, 4, 3), np.uint8)
REQUEST = EditRequest(EditParams("fake", seeds=(1,)), GUIDE, GUIDE[..., 0], RECT)
PREVIEW = Preview(GUIDE, RECT, 1)
CANDIDATE = Candidate(GUIDE, GUIDE[..., 0], RECT, REQUEST.params, 1)


@pytest.fixture
def queue():
    return JobQueue()


def test_a_second_job_waits_for_the_first(queue):
    started = []
    queue.started.connect(started.append)
    first, second = queue.submit(REQUEST), queue.submit(REQUEST)
    assert (first.state, second.state) == (JobState.RUNNING, JobState.QUEUED)
    assert queue.waiting == (second,)
    queue.settle(first.id, JobState.FINISHED)
    assert started == [first, second]


def test_cancelling_a_waiting_job_removes_it(queue):
    first, second = queue.submit(REQUEST), queue.submit(REQUEST)
    queue.cancel(second)
    assert second.state is JobState.CANCELLED
    first.cancel.check()
    queue.settle(first.id, JobState.FINISHED)
    assert queue.running is None


def test_cancelling_the_running_job_only_asks(queue):
    job = queue.submit(REQUEST)
    queue.cancel(job)
    assert job.state is JobState.RUNNING
    queue.settle(job.id, JobState.CANCELLED)
    assert job.state is JobState.CANCELLED


def test_cancelling_all_leaves_nothing(queue):
    jobs = [queue.submit(REQUEST) for _ in range(3)]
    queue.cancel_all()
    queue.settle(jobs[0].id, JobState.CANCELLED)
    assert all(job.state is JobState.CANCELLED for job in jobs)


def test_a_failed_job_does_not_stop_the_next(queue):
    first, second = queue.submit(REQUEST), queue.submit(REQUEST)
    error = ValueError("broken")
    queue.settle(first.id, JobState.FAILED, error)
    assert first.error is error
    assert second.state is JobState.RUNNING


def test_messages_go_where_they_belong(queue):
    previews, candidates = [], []
    queue.previewed.connect(lambda _job, preview: previews.append(preview))
    queue.candidate_ready.connect(lambda _job, candidate: candidates.append(candidate))
    job = queue.submit(REQUEST)
    preview = Preview(GUIDE, RECT, 1)
    candidate = Candidate(GUIDE, GUIDE[..., 0], RECT, REQUEST.params, 1)
    for message in (Progress(1, 2), preview, Note("slow"), candidate):
        queue.receive(job.id, message)
    assert (job.progress, job.notes) == (Progress(1, 2), ["slow"])
    assert previews == [preview]
    assert candidates == [candidate]


def test_late_messages_of_a_settled_job_are_dropped(queue):
    job = queue.submit(REQUEST)
    queue.settle(job.id, JobState.CANCELLED)
    queue.receive(job.id, Progress(1, 2))
    queue.settle(job.id, JobState.FAILED)
    assert (job.progress, job.state) == (None, JobState.CANCELLED)


def test_ended_jobs_are_listed_with_their_duration():
    times = iter([10.0, 14.5, 14.5, 20.0])
    queue = JobQueue(now=lambda: next(times))
    listed = []
    queue.queue_changed.connect(lambda: listed.append([job.id for job in queue.ended]))
    first, second, third = (queue.submit(REQUEST) for _ in range(3))
    queue.settle(first.id, JobState.FAILED, OutOfMemory("Too large."))
    queue.cancel(third)
    queue.settle(second.id, JobState.FINISHED)
    assert queue.ended == (first, third, second)
    assert [job.took_s for job in queue.ended] == [4.5, 0.0, 5.5]
    queue.forget_ended()
    assert listed[-1] == []


def test_old_jobs_are_forgotten_when_they_hold_too_much_memory(queue, monkeypatch):
    monkeypatch.setattr(jobs, "REMEMBERED_BYTES", 3 * GUIDE.nbytes)
    for _ in range(9):
        job = queue.submit(replace(REQUEST, guide=GUIDE.copy()))
        queue.settle(job.id, JobState.FAILED, ModelError("It is broken."))
    assert [job.id for job in queue.ended] == [8, 9]
    for _ in range(9):
        job = queue.submit(REQUEST)  # they share one picture
        queue.settle(job.id, JobState.CANCELLED)
    assert len(queue.ended) == 10
    queue.settle(queue.submit(REQUEST).id, JobState.FINISHED)
    assert queue.ended[-1].request.guide.size == 0  # nobody does it again


def test_old_jobs_are_forgotten_by_their_number(queue, monkeypatch):
    monkeypatch.setattr(jobs, "REMEMBERED_JOBS", 3)
    for _ in range(5):
        queue.settle(queue.submit(REQUEST).id, JobState.FINISHED)
    assert [job.id for job in queue.ended] == [3, 4, 5]


@pytest.fixture
def heard(queue):
    """Everything that the queue says."""
    said = []
    queue.changed.connect(lambda job: said.append(("changed", job.id)))
    queue.candidate_ready.connect(lambda job, _: said.append(("produced", job.id)))
    queue.live_updated.connect(lambda job, _: said.append(("live_updated", job.id)))
    return said


def test_a_live_job_emits_only_live_updates(queue, heard):
    job = queue.submit_live(REQUEST)
    assert (job.state, queue.running) == (JobState.RUNNING, None)
    queue.receive(job.id, Progress(1, 2))
    queue.receive(job.id, PREVIEW)
    queue.receive(job.id, CANDIDATE)
    queue.settle(job.id, JobState.FINISHED)
    assert heard == [("live_updated", job.id)] * 2
    assert queue.ended == ()


def test_a_live_job_waits_for_every_other_job(queue):
    first, second = queue.submit(REQUEST), queue.submit(REQUEST)
    live = queue.submit_live(REQUEST)
    queue.settle(first.id, JobState.FINISHED)
    assert (queue.running, live.state) == (second, JobState.QUEUED)
    queue.settle(second.id, JobState.FINISHED)
    assert live.state is JobState.RUNNING


def test_a_submitted_job_cancels_the_live_job(queue, heard):
    live = queue.submit_live(REQUEST)
    job = queue.submit(REQUEST)
    assert live.cancel.is_stopped
    queue.receive(live.id, PREVIEW)  # it was on its way already
    queue.settle(live.id, JobState.CANCELLED)
    assert queue.running is job
    assert ("live_updated", live.id) not in heard


def test_a_new_live_job_replaces_the_one_before(queue):
    started = []
    queue.started.connect(started.append)
    first, _, third = (queue.submit_live(REQUEST) for _ in range(3))
    assert first.cancel.is_stopped
    queue.settle(first.id, JobState.CANCELLED)
    assert started == [first, third]
    queue.cancel_all()
    assert third.cancel.is_stopped


@pytest.mark.parametrize(
    ("error", "seeds", "scale", "expected"),
    [
        (OutOfMemory("Too large."), (1, 2, 3), 1.0, ["SMALLER", "FEWER", "AGAIN"]),
        (OutOfMemory("Too large."), (1,), 1.0, ["SMALLER", "AGAIN"]),
        (OutOfMemory("Too large."), (1,), 0.25, ["AGAIN"]),
        (ModelError("It is broken."), (1, 2, 3), 1.0, ["AGAIN"]),
        (ZeroDivisionError(), (1, 2, 3), 1.0, ["AGAIN"]),
    ],
)
def test_a_failed_job_offers_fitting_retry_options(queue, error, seeds, scale, expected):
    job = queue.submit(replace(REQUEST, params=EditParams("fake", seeds=seeds, scale=scale)))
    assert retry_options(job) == ()
    queue.settle(job.id, JobState.FAILED, error)
    assert [option.name for option in retry_options(job)] == expected


def test_retry_options_change_only_the_parameter_they_name():
    request = replace(REQUEST, params=EditParams("fake", seeds=(4, 5, 6), t0=0.3))
    assert apply_retry(request, RetryOption.AGAIN).params == request.params
    assert apply_retry(request, RetryOption.FEWER).params == replace(request.params, seeds=(4,))
    smaller = apply_retry(request, RetryOption.SMALLER)
    assert smaller.params == replace(request.params, scale=0.5)
    assert smaller.guide is request.guide


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"t0": 0.0}, "t0 must be above 0 and at most 1, not 0."),
        ({"t0": 1.5}, "t0 must be above 0 and at most 1, not 1.5."),
        ({"t0": float("nan")}, "t0 must be above 0 and at most 1, not nan."),
        ({"colours_kept": 1.5}, "Colours can be kept from 0 to 1, not 1.5."),
        ({"colours_kept": float("nan")}, "Colours can be kept from 0 to 1, not nan."),
        ({"calls": 0}, "The number of steps must be at least 1, not 0."),
        ({"repeats": -1}, "The number of repeats must be at least 1, not -1."),
        ({"seeds": ()}, "The number of candidates must be at least 1, not 0."),
        ({"seeds": (-1,)}, "A seed must be a whole number from 0 to"),
        ({"solver": "magic"}, "There is no solver 'magic'. Known are: dpmpp_2m_sde, "),
        ({"scale": 0.0}, "The scale must be above 0 and at most 1, not 0."),
        ({"device": "abacus"}, "There is no device 'abacus'. Known are: auto, "),
        ({"precision": "int4"}, "There is no precision 'int4'. Known are: auto, fp32, "),
    ],
)
def test_parameters_that_make_no_sense_are_named(changes, sentence):
    with pytest.raises(ParameterError) as error:
        EditParams("fake", **changes).check()
    assert str(error.value).startswith(sentence)
