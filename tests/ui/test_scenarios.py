"""What can go wrong with jobs, in the order in which it goes wrong: given, when, then."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox

from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.errors import ModelError, OutOfMemory
from sdedit_desktop.ui import threads

YES, NO = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No


class Gate:
    """Lets an engine make a given number of steps, then holds it."""

    def __init__(self):
        self._steps = threading.Semaphore(0)
        self._is_open = False

    def wait(self, timeout):
        return self._is_open or self._steps.acquire(timeout=timeout)

    def let(self, steps):
        self._steps.release(steps)

    def open(self):
        self._is_open = True
        self.let(1)


@pytest.fixture
def gate():
    return Gate()


@pytest.fixture
def given(open_window, fake_engine, gate):
    """A window whose engine makes a step when the gate lets it."""

    def given(steps=3, **script):
        engine = fake_engine(steps=steps, gate=gate, **script)
        return open_window(engine), engine

    return given


def when_generating(window, **changes):
    """Asks for candidates and returns the job."""
    jobs = window.session.jobs
    window.session.change_params(replace(window.session.params, **changes))
    window.actions_by_id["generate"].trigger()
    return jobs.waiting[-1] if jobs.waiting else jobs.running


def then(qtbot, job, state):
    qtbot.waitUntil(lambda: job.state.is_final)
    assert job.state is state


def made(window):
    return [slot.seed for slot in window.session.slots if slot.is_finished]


def test_cancelled_while_queued(qtbot, given, gate):
    window, engine = given()
    first, second = when_generating(window), when_generating(window, seeds=(5, 6))
    window.session.jobs.cancel(second)
    then(qtbot, second, JobState.CANCELLED)
    gate.open()
    then(qtbot, first, JobState.FINISHED)
    assert made(window) == [1, 2]
    assert len(engine.requests) == 1


def test_cancelled_at_the_last_step(qtbot, given, gate):
    window, _ = given(steps=3)
    job = when_generating(window, seeds=(1,))
    gate.let(2)
    qtbot.waitUntil(lambda: job.progress is not None and job.progress.done == 2)
    window.actions_by_id["stop"].trigger()
    gate.open()
    then(qtbot, job, JobState.CANCELLED)
    assert window.session.slots == []
    then(qtbot, when_generating(window), JobState.FINISHED)


def test_cancelled_when_all_was_done_already(qtbot, given, gate):
    window, _ = given(steps=3)
    job = when_generating(window, seeds=(1,))
    gate.open()
    then(qtbot, job, JobState.FINISHED)
    window.session.jobs.cancel(job)
    assert (job.state, made(window)) == (JobState.FINISHED, [1])


def test_a_job_stops_within_one_call(qtbot, given, gate):
    window, _ = given(steps=50)
    job = when_generating(window)
    gate.let(7)
    qtbot.waitUntil(lambda: job.progress is not None and job.progress.done == 7)
    window.actions_by_id["stop"].trigger()
    gate.open()
    then(qtbot, job, JobState.CANCELLED)
    assert job.progress.done == 7


def test_the_first_preview_is_there_after_the_first_call(qtbot, given, gate):
    window, _ = given(steps=50)
    job = when_generating(window)
    gate.let(1)
    qtbot.waitUntil(lambda: window.session.slots[0].preview is not None)
    assert job.progress.done == 1


def test_two_jobs_fail_in_a_row_and_the_third_is_done(qtbot, given, gate):
    window, engine = given(error=OutOfMemory("Not enough memory for this picture."))
    first, second = when_generating(window), when_generating(window)
    gate.open()
    then(qtbot, first, JobState.FAILED)
    then(qtbot, second, JobState.FAILED)
    assert [str(job.error) for job in (first, second)] == [
        "Not enough memory for this picture."
    ] * 2
    assert window.session.slots == []
    assert window.findChildren(QMessageBox) == []
    engine.error = None
    then(qtbot, when_generating(window), JobState.FINISHED)
    assert not window.generate_bar.status.retry_options.isVisible()


def test_the_document_is_closed_while_a_job_runs(qtbot, given, gate):
    window, _ = given()
    running, waiting = when_generating(window), when_generating(window)
    gate.let(1)
    qtbot.waitUntil(lambda: window.session.slots[0].preview is not None)
    window.files.adopt(Document(64, 48), "another")
    gate.open()
    then(qtbot, running, JobState.CANCELLED)
    then(qtbot, waiting, JobState.CANCELLED)
    assert window.session.slots == []
    then(qtbot, when_generating(window), JobState.FINISHED)
    assert window.session.slots[0].candidate.image.shape == (48, 64, 3)


def test_the_model_is_switched_while_a_job_is_queued(qtbot, given, gate):
    window, engine = given()
    when_generating(window)
    when_generating(window, model="one")
    last = when_generating(window, model="another", device="cpu")
    window.session.change_params(replace(window.session.params, model="a third", t0=0.9))
    gate.open()
    then(qtbot, last, JobState.FINISHED)
    assert [request.params.model for request in engine.requests] == ["fake", "one", "another"]
    assert engine.requests[-1].params.device == "cpu"


def test_painting_goes_on_under_a_running_job(qtbot, given, gate):
    window, engine = given()
    job = when_generating(window)
    gate.let(1)
    qtbot.waitUntil(lambda: job.progress is not None)
    before = engine.requests[0].guide.copy()
    edit = window.session.document.layers[-1].tiles.edit()
    edit.fill(window.session.document.rect, 255)
    edit.commit()
    gate.open()
    then(qtbot, job, JobState.FINISHED)
    assert np.array_equal(engine.requests[0].guide, before)


@pytest.mark.parametrize("answers", [[YES], [NO, NO, YES]])
def test_closing_with_work_under_way_asks_each_time_once(qtbot, given, gate, monkeypatch, answers):
    asked = []
    monkeypatch.setattr(
        QMessageBox, "question", lambda *_: asked.append(True) or answers[len(asked) - 1]
    )
    window, _ = given(steps=50)
    jobs = [when_generating(window) for _ in range(3)]
    gate.let(1)
    qtbot.waitUntil(lambda: jobs[0].progress is not None)
    for answer in answers:
        if answer is YES:
            gate.open()
        assert window.close() is (answer is YES)
    assert len(asked) == len(answers)
    assert not window._worker.is_running


def test_an_engine_that_does_not_answer_is_left_behind(qtbot, given, gate, monkeypatch, caplog):
    monkeypatch.setattr(QMessageBox, "question", lambda *_: YES)
    window, engine = given()
    when_generating(window)
    qtbot.waitUntil(lambda: engine.requests != [])
    stop = window._worker.shutdown
    monkeypatch.setattr(window._worker, "shutdown", lambda: stop(timeout_ms=1))
    assert window.close()
    assert not window.isVisible()
    assert threads.has_abandoned_thread()
    gate.open()
    qtbot.waitUntil(lambda: not threads.has_abandoned_thread())


def test_a_failed_job_can_be_done_with_another_model(qtbot, given, gate):
    window, engine = given(error=ModelError("There is no model 'x'."))
    gate.open()
    then(qtbot, when_generating(window, model="x"), JobState.FAILED)
    engine.error = None
    then(qtbot, when_generating(window, model="fake"), JobState.FINISHED)
    assert made(window) == [1, 2]
