import numpy as np
import pytest

from sdedit_desktop.editing.jobs import JobQueue, JobState
from sdedit_desktop.editing.request import (
    Candidate,
    EditParams,
    EditRequest,
    Note,
    Preview,
    Progress,
)
from sdedit_desktop.errors import ParameterError
from sdedit_desktop.geometry import Rect

RECT = Rect(0, 0, 4, 3)
GUIDE = np.zeros((3, 4, 3), np.uint8)
REQUEST = EditRequest(EditParams("fake", seeds=(1,)), GUIDE, GUIDE[..., 0], RECT)


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
    queue.produced.connect(lambda _job, candidate: candidates.append(candidate))
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


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"t0": 0.0}, "t0 must be above 0 and at most 1, not 0."),
        ({"t0": 1.5}, "t0 must be above 0 and at most 1, not 1.5."),
        ({"t0": float("nan")}, "t0 must be above 0 and at most 1, not nan."),
        ({"calls": 0}, "The number of steps must be at least 1, not 0."),
        ({"repeats": -1}, "The number of repeats must be at least 1, not -1."),
        ({"seeds": ()}, "The number of candidates must be at least 1, not 0."),
        ({"seeds": (-1,)}, "A seed must be a whole number from 0 to"),
        ({"solver": "magic"}, "There is no solver 'magic'. Known are: dpmpp_2m_sde, "),
        ({"precision": "int4"}, "There is no precision 'int4'. Known are: fp32, "),
    ],
)
def test_parameters_that_make_no_sense_are_named(changes, sentence):
    with pytest.raises(ParameterError) as error:
        EditParams("fake", **changes).check()
    assert str(error.value).startswith(sentence)
