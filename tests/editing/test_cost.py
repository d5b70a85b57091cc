"""How long candidates will take is known from how long earlier ones took."""

import time
from dataclasses import replace

import pytest

from sdedit_desktop.document.document import Document
from sdedit_desktop.editing import models, presets
from sdedit_desktop.editing.cost import CostEstimator, measured_slowness, seen_rect
from sdedit_desktop.editing.document_requests import request_of
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.editing.request import CancelToken, EditParams, ModelFacts, Progress
from sdedit_desktop.editing.samples import document_of, sample
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect

PARAMS = EditParams("fake", calls=10, seeds=(1, 2))
AREA = Rect(0, 0, 200, 100)


class Clock:
    def __init__(self):
        self.s = 0.0

    def __call__(self):
        return self.s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def session(clock):
    session = Session(Document(200, 100), PARAMS)
    session.costs = CostEstimator(session.jobs, clock)
    return session


def run(session, clock, took_s, load_s=30.0):
    job = session.generate()
    clock.s += load_s
    session.jobs.receive(job.id, Progress(0, 20))
    clock.s += took_s
    session.jobs.receive(job.id, Progress(20, 20))
    session.jobs.settle(job.id, JobState.FINISHED)


def test_nothing_is_said_before_anything_is_known(session):
    assert session.costs.seconds(PARAMS, AREA) is None


def test_the_cost_grows_with_steps_candidates_and_area_but_loading_is_not_counted(session, clock):
    run(session, clock, 40.0)
    seconds = session.costs.seconds
    assert seconds(PARAMS, AREA) == pytest.approx(40)
    assert seconds(replace(PARAMS, calls=5), AREA) == pytest.approx(20)
    assert seconds(replace(PARAMS, seeds=(1,)), AREA) == pytest.approx(20)
    assert seconds(replace(PARAMS, repeats=3, resamplings=2), AREA) == pytest.approx(240)
    assert seconds(PARAMS, Rect(0, 0, 100, 100)) == pytest.approx(20)
    assert seconds(replace(PARAMS, model="other"), AREA) is None
    assert seconds(replace(PARAMS, precision="bf16"), AREA) is None


def test_a_change_of_pace_is_followed(session, clock):
    run(session, clock, 40.0)
    for _ in range(6):
        run(session, clock, 10.0)
    assert session.costs.seconds(PARAMS, AREA) == pytest.approx(10, rel=0.1)


def test_stopped_jobs_do_not_change_the_estimate(session, clock):
    job = session.generate()
    session.jobs.receive(job.id, Progress(0, 20))
    clock.s += 5
    session.jobs.settle(job.id, JobState.CANCELLED)
    assert session.costs.seconds(PARAMS, AREA) is None


def test_the_measured_cost_is_kept_between_starts_and_nonsense_is_ignored(session, clock):
    run(session, clock, 40.0)
    again = CostEstimator(session.jobs, clock)
    again.use(("nonsense", "fake=x", *session.costs.kept))
    assert again.seconds(PARAMS, AREA) == pytest.approx(40, rel=1e-4)


def test_the_cost_counts_the_mask_and_its_surroundings():
    document = Document(2000, 1000)
    assert seen_rect(document) == document.rect
    edit = document.mask.edit()
    edit.fill(Rect(500, 500, 800, 600), 255)
    edit.commit()
    seen = seen_rect(document)
    assert seen.encloses(Rect(500, 500, 800, 600))
    assert seen.width < 600


WHOLE = Rect(0, 0, 1000, 700)
USUAL = EditParams(models.THIS_PHOTO, seeds=(1, 2, 3, 4), **presets.defaults(models.THIS_PHOTO))


def test_photographs_have_an_expected_cost_that_the_first_job_replaces(session, clock):
    def expected(params, rect=WHOLE, slowness=1.0):
        costs = CostEstimator(session.jobs, clock, lambda: slowness)
        return costs.seconds(params, rect)

    assert 4 < expected(USUAL) < 20
    assert expected(USUAL, slowness=3.0) == pytest.approx(3 * expected(USUAL))
    assert expected(replace(USUAL, detail="off")) < expected(replace(USUAL, detail="512"))
    assert expected(replace(USUAL, detail="512")) < expected(USUAL)
    large = Rect(0, 0, 4000, 3000)
    assert expected(USUAL, large) < expected(replace(USUAL, detail="full"), large)
    session.change_params(replace(USUAL, model=models.THIS_PHOTO))
    run(session, clock, 7.0)
    seconds = session.costs.seconds
    assert seconds(session.params, session.document.rect) == pytest.approx(7.0)
    off = replace(session.params, detail="off")  # works at its own size, however large the region
    session.change_params(off)
    run(session, clock, 3.0)
    assert seconds(off, large) == pytest.approx(seconds(off, Rect(0, 0, 1000, 1000)))
    assert seconds(off, large) < 4 * seconds(off, session.document.rect)


def test_the_cost_of_a_network_is_that_of_its_calls(session):
    facts = ModelFacts("fake", {"call_ms": 500})
    assert session.costs.seconds(PARAMS, AREA, facts) == pytest.approx(10.0)
    assert session.costs.seconds(replace(PARAMS, scale=0.5), AREA, facts) == pytest.approx(2.5)
    assert session.costs.seconds(PARAMS, AREA, ModelFacts("fake", {}, trouble="Broken.")) is None


@pytest.mark.parametrize(("slowness", "is_long"), [(1.0, False), (12.0, True)])
def test_long_jobs_are_announced_before_they_start(session, clock, slowness, is_long):
    costs = CostEstimator(session.jobs, clock, lambda: slowness)
    assert costs.is_long(USUAL, WHOLE) is is_long
    assert not costs.is_long(PARAMS, AREA)


def test_the_first_expectation_is_near_what_an_edit_takes(session):
    """In processor time, which others' work changes less."""
    document = document_of(sample("peaks"))
    params = replace(USUAL, seeds=(1,))
    request, engine = request_of(document, params), TorchEngine(device="cpu")
    list(engine.run(request, CancelToken()))  # imports and first calls
    measured_slowness.cache_clear()
    began = time.process_time()
    list(engine.run(request, CancelToken()))
    taken_s = time.process_time() - began
    assert taken_s / 4 < session.costs.seconds(params, request.rect) < 4 * taken_s
