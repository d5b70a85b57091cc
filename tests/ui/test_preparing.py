"""The chosen model is opened ahead of a job, and never in the way of one."""

import threading
from dataclasses import replace

import pytest

from sdedit_desktop.editing.document_requests import request_of
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.ui import threads as module
from sdedit_desktop.ui.threads import WorkerThread

PARAMS = EditParams("fake")


@pytest.fixture
def engine(fake_engine):
    return fake_engine()


@pytest.fixture
def worker(session, qtbot, engine, monkeypatch):
    """A worker whose engine was needed before, and a choice of which need not rest."""
    monkeypatch.setattr(module, "REST_MS", 0)
    worker = WorkerThread(session.jobs, lambda: engine)
    inspected(qtbot, session, lambda: worker.inspect(["fake"]))
    yield worker
    engine.is_over = True
    assert worker.shutdown()


@pytest.fixture
def prepare(worker, qtbot, engine):
    """Chooses a model and waits until it is being opened."""

    def prepare(name, **changes):
        worker.prepare(replace(PARAMS, model=name, **changes))
        qtbot.waitUntil(lambda: f"open {name}" in engine.log)

    return prepare


def inspected(qtbot, session, ask):
    """Asks for facts and waits for them."""
    facts = []
    stop = session.jobs.model_inspected.connect(facts.append)
    ask()
    qtbot.waitUntil(lambda: facts != [])
    stop()


def job_with(session, name, **changes):
    session.change_params(replace(session.params, model=name, seeds=(1,), **changes))
    return session.generate()


def logged(qtbot, engine, *expected):
    """Waits for the last of what is expected: nothing else has happened."""
    qtbot.waitUntil(lambda: expected[-1] in engine.log[len(expected) - 1 :])
    assert engine.log == list(expected)


def test_the_chosen_model_is_opened_on_the_thread_of_the_engine(qtbot, worker, engine, prepare):
    prepare("a")
    logged(qtbot, engine, "open a", "have a")
    assert engine.thread != threading.get_ident()


def test_it_is_not_what_builds_the_engine(qtbot, qapp, session, monkeypatch):
    """Torch takes seconds: what needs it first is a job, or an inspection."""
    monkeypatch.setattr(module, "REST_MS", 0)
    made, worker = [], WorkerThread(session.jobs, lambda: made.append(1))
    with qtbot.waitSignal(worker._prepare):
        worker.prepare(PARAMS)
    assert worker.shutdown()
    assert made == []


def test_only_where_the_choice_comes_to_rest(qtbot, worker, engine):
    for name in "abc":
        worker.prepare(replace(PARAMS, model=name))
    logged(qtbot, engine, "open c", "have c")


def test_only_what_is_opened_in_another_way_is_opened_again(qtbot, worker, engine, prepare):
    prepare("a")
    for t0 in (0.2, 0.4):
        worker.prepare(replace(PARAMS, model="a", t0=t0))
    assert not worker._rest.isActive()
    worker.prepare(replace(PARAMS, model="a", precision="fp32"))
    logged(qtbot, engine, "open a", "have a", "open a", "have a")


def test_another_choice_ends_it(qtbot, worker, engine, prepare):
    engine.opens_slowly = True
    prepare("a")
    worker.prepare(replace(PARAMS, model="b"))
    qtbot.waitUntil(lambda: "open b" in engine.log)
    assert engine.log == ["open a", "give up a", "open b"]


def test_a_job_ends_it_and_it_comes_again_afterwards(qtbot, session, worker, engine, prepare):
    engine.opens_slowly = True
    prepare("a")
    job = job_with(session, "b")
    qtbot.waitUntil(lambda: job.state is JobState.FINISHED)
    engine.opens_slowly = False
    logged(qtbot, engine, "open a", "give up a", "run b", "open a", "have a")


def test_a_job_with_that_model_lets_it_go_on(qtbot, session, worker, engine, prepare):
    """What is read already is not read again."""
    engine.opens_slowly = True
    prepare("fake")
    job = job_with(session, "fake")
    assert not worker._preparation.is_given_up()
    engine.opens_slowly = False
    qtbot.waitUntil(lambda: job.state is JobState.FINISHED)
    assert engine.log[:3] == ["open fake", "have fake", "run fake"]


def test_a_job_in_another_precision_does_not(qtbot, session, worker, engine, prepare):
    engine.opens_slowly = True
    prepare("fake")
    job = job_with(session, "fake", solver="reference")  # which is in fp32
    qtbot.waitUntil(lambda: job.state is JobState.FINISHED)
    assert engine.log[:3] == ["open fake", "give up fake", "run fake"]


@pytest.mark.parametrize("is_live", [False, True])
def test_stopping_the_job_that_waits_for_it_ends_it(
    qtbot, session, worker, engine, prepare, is_live
):
    engine.opens_slowly = True
    prepare("fake")
    jobs, request = session.jobs, request_of(session.document, session.params)
    job = jobs.submit_live(request) if is_live else jobs.submit(request)
    jobs.drop_live() if is_live else jobs.cancel(job)
    qtbot.waitUntil(lambda: job.state is JobState.CANCELLED)
    assert engine.log[:2] == ["open fake", "give up fake"]


def test_nothing_is_opened_while_a_job_runs(qtbot, session, worker, engine):
    gate = engine.gate = threading.Event()
    job = job_with(session, "a")
    worker.prepare(replace(PARAMS, model="b"))
    with qtbot.waitSignal(worker._rest.timeout):
        pass
    assert worker._preparation is None
    gate.set()
    qtbot.waitUntil(lambda: job.state is JobState.FINISHED)
    logged(qtbot, engine, "run a", "open b", "have b")


def test_facts_that_are_asked_for_come_first(qtbot, session, worker, engine, prepare):
    engine.opens_slowly = True
    prepare("a")
    inspected(qtbot, session, lambda: worker.inspect(["b"]))
    assert engine.log[:2] == ["open a", "give up a"]
    qtbot.waitUntil(lambda: engine.log[2:] == ["open a"])


def test_the_end_does_not_wait_for_it(qtbot, qapp, worker, engine, prepare):
    engine.opens_slowly = True
    prepare("a")
    assert worker.shutdown()
    assert engine.log == ["open a", "give up a"]
    worker.prepare(replace(PARAMS, model="b"))
    assert not worker._rest.isActive()


def test_a_choice_that_still_rests_ends_too(worker):
    worker.prepare(PARAMS)
    assert worker._rest.isActive()
    assert worker.shutdown()
    assert not worker._rest.isActive()


def test_an_engine_that_hangs_in_it_is_left_behind(
    qtbot, session, fake_engine, worker, engine, prepare, monkeypatch
):
    monkeypatch.setattr(module, "HANG_S", 0.01)
    monkeypatch.setattr(module, "_left", [])
    stuck, fresh = threading.Event(), fake_engine()
    monkeypatch.setattr(engine, "prepare", lambda *_: stuck.wait(60))
    worker._make_engine = lambda: fresh
    with qtbot.waitSignal(worker._prepare):
        worker.prepare(replace(PARAMS, model="a"))
    job = job_with(session, "a")
    with qtbot.waitSignal(worker.hung):
        session.jobs.cancel(job)
    worker.abandon()
    second = job_with(session, "b")
    qtbot.waitUntil(lambda: second.state is JobState.FINISHED)
    stuck.set()
    qtbot.waitUntil(lambda: not module.has_abandoned_thread())
    qtbot.waitUntil(lambda: fresh.log[-1:] == ["have a"])
    assert fresh.log == ["run b", "open a", "have a"]


@pytest.mark.parametrize("failure", ["It is broken.", "a bug"])
def test_a_failure_is_silent_and_harms_no_job(
    qtbot, session, worker, engine, prepare, monkeypatch, caplog, failure
):
    if failure == "a bug":
        monkeypatch.setattr(engine, "prepare", lambda *_: engine.log.append("open broken") or 1 / 0)
    prepare("broken")
    job = job_with(session, "fake")
    qtbot.waitUntil(lambda: job.state is JobState.FINISHED)
    assert not job.notes
    errors = [record for record in caplog.records if record.exc_info]
    assert bool(errors) == (failure == "a bug")


def test_choosing_a_model_in_the_window_opens_it(qtbot, open_window, engine, monkeypatch):
    monkeypatch.setattr(module, "REST_MS", 0)
    window = open_window(engine)
    box = window.params.model
    box.addItem("Another", "another")
    inspected(qtbot, window.session, lambda: box.wanted.emit(["another"]))
    box.setCurrentIndex(box.count() - 1)
    box.activated.emit(box.count() - 1)
    qtbot.waitUntil(lambda: engine.log[-1:] == ["have another"])
