import gc
import logging
import threading
import weakref

import pytest

from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.errors import ModelError
from sdedit_desktop.ui import threads as module
from sdedit_desktop.ui.threads import SerialTaskRunner, WorkerThread

PATIENCE_S = 60


@pytest.fixture
def start(session, qtbot):
    """Starts a thread for an engine, or for what makes one; all have stopped in the end."""
    engines, workers = [], []

    def start(engine=None, make_engine=None):
        engines.append(engine)
        workers.append(WorkerThread(session.jobs, make_engine or (lambda: engine)))
        return workers[-1]

    yield start
    for engine in filter(None, engines):
        engine.is_over = True
    stopped = [worker.shutdown() for worker in workers]
    assert all(stopped)


def test_candidates_arrive_on_the_gui_thread(qtbot, session, start, fake_engine):
    engine = fake_engine()
    start(engine)
    threads = set()
    session.strip.changed.connect(lambda _row: threads.add(threading.get_ident()))
    job = session.generate()
    qtbot.waitUntil(lambda: job.state is JobState.FINISHED)
    assert [slot.candidate.seed for slot in session.slots] == [1, 2]
    assert threads == {threading.get_ident()}
    assert engine.thread != threading.get_ident()


def test_the_engine_is_made_on_its_own_thread_and_only_once(qtbot, session, start, fake_engine):
    made = []

    def make_engine():
        made.append(threading.get_ident())
        return fake_engine()

    worker = start(make_engine=make_engine)
    assert made == []
    jobs = [session.generate(), session.generate()]
    qtbot.waitUntil(lambda: jobs[-1].state is JobState.FINISHED)
    assert len(made) == 1
    assert made[0] != threading.get_ident()
    assert worker.shutdown()


def test_a_running_job_stops_when_cancelled(qtbot, session, start, fake_engine):
    gate = threading.Event()
    start(fake_engine(steps=1000, gate=gate))
    job = session.generate()
    session.jobs.cancel(job)
    gate.set()
    qtbot.waitUntil(lambda: job.state is JobState.CANCELLED)
    assert session.slots == []


def test_every_job_settles_exactly_once(qtbot, session, start, fake_engine):
    worker = start(fake_engine())
    settled = []
    worker._worker.settled.connect(lambda job, state, error: settled.append((job, state)))
    first, second = session.generate(), session.generate()
    session.jobs.cancel(second)
    third = session.generate()
    qtbot.waitUntil(lambda: third.state.is_final)
    assert settled == [(first.id, JobState.FINISHED), (third.id, JobState.FINISHED)]


def test_an_expected_failure_keeps_its_sentence_and_the_next_job_runs(
    qtbot, session, start, fake_engine, caplog
):
    engine = fake_engine(error=ModelError("Not enough graphics memory."))
    start(engine)
    first = session.generate()
    qtbot.waitUntil(lambda: first.state is JobState.FAILED)
    assert str(first.error) == "Not enough graphics memory."
    assert not any(record.exc_info for record in caplog.records)
    engine.error = None
    second = session.generate()
    qtbot.waitUntil(lambda: second.state is JobState.FINISHED)


def test_a_bug_is_logged_with_its_traceback(
    qtbot, session, start, fake_engine, caplog, monkeypatch
):
    # Whoever configures logging in another test may have switched loggers off.
    monkeypatch.setattr(logging.getLogger("sdedit_desktop.ui.threads"), "disabled", False)
    start(fake_engine(error=ZeroDivisionError("oops")))
    job = session.generate()
    qtbot.waitUntil(lambda: job.state is JobState.FAILED)
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.exc_info[0] for record in errors] == [ZeroDivisionError]


def test_an_engine_that_cannot_be_made_fails_the_job_and_is_tried_again(
    qtbot, session, fake_engine, caplog
):
    attempts = []

    def make_engine():
        attempts.append(1)
        if len(attempts) == 1:
            raise ModelError("torch is not installed.")
        return fake_engine()

    worker = WorkerThread(session.jobs, make_engine)
    first, second = session.generate(), session.generate()
    qtbot.waitUntil(lambda: second.state.is_final)
    assert (first.state, second.state) == (JobState.FAILED, JobState.FINISHED)
    assert worker.shutdown()


def test_shutdown_during_a_job(qtbot, session, start, fake_engine):
    worker = start(fake_engine(steps=10**9))
    job = session.generate()
    qtbot.waitUntil(lambda: job.progress is not None)
    assert worker.shutdown()


def test_messages_that_come_after_the_end_are_dropped(qtbot, session, start, fake_engine):
    gate = threading.Event()
    engine = fake_engine(gate=gate)
    start(engine)
    job = session.generate()
    qtbot.waitUntil(lambda: len(engine.requests) == 1)
    session.jobs.settle(job.id, JobState.CANCELLED)
    gate.set()
    other = session.generate()
    qtbot.waitUntil(lambda: other.state is JobState.FINISHED)
    assert job.progress is None
    assert {slot.job.id for slot in session.slots} == {other.id}


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), GeneratorExit()])
def test_exits_inside_the_engine_fail_only_the_job(qtbot, session, start, fake_engine, error):
    engine = fake_engine(error=error)
    start(engine)
    first = session.generate()
    qtbot.waitUntil(lambda: first.state is JobState.FAILED)
    assert type(error).__name__ in str(first.error)
    engine.error = None
    second = session.generate()
    qtbot.waitUntil(lambda: second.state is JobState.FINISHED)


def test_an_engine_that_hangs_can_be_left_behind(qtbot, session, start, fake_engine, monkeypatch):
    """Given a call that does not come back, when it is left, a new engine does the next job."""
    monkeypatch.setattr(module, "HANG_S", 0.01)
    monkeypatch.setattr(module, "_left", [])
    stuck, fresh = fake_engine(gate=threading.Event()), fake_engine()
    engines = [stuck, fresh]
    worker = start(engine=stuck, make_engine=lambda: engines.pop(0))
    job = session.generate()
    qtbot.waitUntil(lambda: len(stuck.requests) == 1)
    with qtbot.waitSignal(worker.hung):
        session.jobs.cancel(job)
    with qtbot.waitSignal(worker.calmed):
        worker.abandon()
    assert job.state is JobState.CANCELLED
    assert module.has_abandoned_thread()
    second = session.generate()
    qtbot.waitUntil(lambda: second.state is JobState.FINISHED)
    assert len(fresh.requests) == 1
    stuck.is_over = True  # the call comes back at last, and changes nothing
    qtbot.waitUntil(lambda: not module.has_abandoned_thread())
    assert second.state is JobState.FINISHED
    assert [slot.job.id for slot in session.slots] == [second.id] * 2


def test_a_job_that_stops_in_time_does_not_hang(qtbot, session, start, fake_engine):
    worker = start(fake_engine(steps=10**9))
    hung = []
    worker.hung.connect(lambda: hung.append(1))
    job = session.generate()
    qtbot.waitUntil(lambda: job.progress is not None)
    with qtbot.waitSignal(worker.calmed):
        session.jobs.cancel(job)
    assert hung == []
    worker.abandon()  # nothing is running: nothing happens
    assert not worker._watch.isActive()


def test_facts_that_arrive_after_the_end_are_dropped(qapp, session, start, fake_engine):
    """Whoever shows them is deleted by then."""
    inspected = threading.Event()
    engine, seen = fake_engine(), []
    inspect = engine.inspect
    engine.inspect = lambda model: (inspect(model), inspected.set())[0]
    session.jobs.model_inspected.connect(seen.append)
    worker = start(engine)
    worker.inspect(["fake"])
    assert inspected.wait(60)
    assert worker.shutdown()
    qapp.processEvents()
    assert seen == []


def test_a_closed_runner_drops_and_frees_waiting_tasks(qapp):
    """QThreadPool.clear would keep the functions, and with them a whole window."""

    class Owner:
        def work(self):
            done.append(self)

    def run_until_closed():
        running.set()
        while not runner._is_closed:
            pause.wait(0.001)

    done, running, pause = [], threading.Event(), threading.Event()
    owner, runner = Owner(), SerialTaskRunner()
    kept = weakref.ref(owner)
    runner(run_until_closed, lambda: None)
    assert running.wait(PATIENCE_S)
    for _ in range(2):
        runner(owner.work, lambda: None)
    runner.close()
    del owner
    gc.collect()
    assert (done, kept()) == ([], None)
