"""More candidates from one."""

from dataclasses import replace

import numpy as np
import pytest
from candidates_made import ORIGIN, add, finish, pictures

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.photo import Photo, as_document
from sdedit_desktop.editing import models, presets, variations
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.editing.regions import region
from sdedit_desktop.editing.request import EditParams, ModelFacts
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect

PARAMS = EditParams("fake", t0=0.5, seeds=(1, 2, 3))


@pytest.fixture
def session():
    """A session with one finished candidate, whose picture has been painted on since."""
    session = Session(Document(40, 30), PARAMS)
    job = session.generate()
    finish(session.jobs, job, 1)
    session.jobs.settle(job.id, JobState.FINISHED)
    layer = session.document.layers[1]
    edit = layer.tiles.edit()
    edit.fill(Rect(0, 0, 20, 20), np.array([0, 0, 0, 255]))
    edit.commit()
    return session


def test_again_is_the_same_edit_with_new_seeds(session):
    """Strokes painted since do not count: only so the candidates can be compared."""
    variations.again(session, session.slots[0])
    request = session.jobs.running.request
    assert (request.guide == 255).all()
    assert len(set(request.params.seeds)) == 3
    assert request.params.seeds != (1, 2, 3)
    assert (request.params.t0, request.params.model) == (0.5, "fake")
    assert session.params.seeds == (1, 2, 3)  # what the user has set is left alone
    assert session.slots[-1].seed == request.params.seeds[-1]


def test_more_like_this_starts_from_the_candidate_and_noises_it_less(session):
    slot = add(session.strip, 5)
    variations.more_like(session, slot)
    request = session.jobs.running.request
    image, alpha = pictures(5)
    guide, mask = pictures(1005)
    assert np.array_equal(request.guide, region.paste(guide, image, alpha))
    assert np.array_equal(request.mask, mask)
    assert request.rect == slot.made.rect
    assert request.params.t0 == pytest.approx(variations.LIKENESS * slot.made.params.t0)
    assert len(request.params.seeds) == 3


def test_more_like_this_can_be_repeated_on_its_result_and_made_again(session):
    variations.more_like(session, session.slots[0])
    job = session.jobs.running
    guide = job.request.guide
    finish(session.jobs, job, job.request.params.seeds[0], value=33)
    session.jobs.settle(job.id, JobState.FINISHED)
    variations.make_again(session, session.slots[-1])
    again = session.jobs.running.request
    assert np.array_equal(again.guide, guide)
    assert again.params.seeds == job.request.params.seeds[:1]
    assert again.params.t0 == job.request.params.t0


def test_a_candidate_is_made_again_in_the_batch_it_was_made_in(session):
    slot = add(session.strip, 8)
    slot.made.origin = ORIGIN.__class__(together=(7, 8))
    variations.make_again(session, slot)
    assert session.jobs.running.request.params.seeds == (7, 8)
    assert [s.seed for s in session.slots] == [1, 8, 8]


def test_a_candidate_is_finished_at_full_detail_with_its_own_seed_and_strokes(session):
    params = EditParams("fake", t0=0.4, calls=7, seeds=(4, 5), detail="off")
    slot = add(session.strip, 5, params=params)
    variations.full_detail(session, slot)
    request = session.jobs.running.request
    assert request.params == EditParams("fake", t0=0.4, calls=7, seeds=(5,), detail="full")
    assert np.array_equal(request.guide, pictures(1005)[0])


@pytest.mark.parametrize(("detail", "less"), [("off", True), ("512", False), ("full", False)])
def test_a_candidate_of_full_detail_is_not_made_again(session, detail, less):
    """A picture of 40 x 30 pixels has no more than any detail that can be set."""
    slot = add(session.strip, 5, params=EditParams("fake", detail=detail))
    assert variations.has_less_detail(slot.made) is less
    variations.full_detail(session, slot)
    assert (session.jobs.running is not None) is less


def test_t0_of_variations_never_becomes_zero(session):
    slot = add(session.strip, 5, params=EditParams("fake", t0=0.001))
    variations.more_like(session, slot)
    session.jobs.running.request.params.check()


def test_variations_of_unfinished_or_unkept_candidates_do_nothing(session):
    job = session.generate()
    for make in (variations.again, variations.more_like, variations.make_again):
        make(session, session.slots[-1])
    assert session.jobs.running is job
    assert session.jobs.waiting == ()
    slot = add(session.strip, 5)
    slot.made.guide = None
    said = []
    session.noticed.connect(said.append)
    for make in (variations.again, variations.more_like, variations.make_again):
        make(session, slot)
    assert said == ["What this candidate was made from has not been kept."] * 3
    assert session.jobs.waiting == ()


def test_parameters_used_again_suit_another_model_if_theirs_is_gone(own_network):
    photo = as_document(Photo(np.zeros((24, 32, 3), np.uint8), 8))
    session = Session(photo, replace(PARAMS, device="cpu"))
    session.learn(ModelFacts("of the engine", {}))
    for there in (own_network, "of the engine"):
        made_with = EditParams(there, t0=0.77, seeds=(6, 7), device="cuda")
        slot = add(session.strip, 7, params=made_with)
        assert variations.reuse(session, slot) == ""
        assert session.params == replace(made_with, seeds=(7,), device="cpu")
        assert session.keeps_seed
    session.learn(ModelFacts("nature-small", {}, trouble="There is none."))
    for document, usual in ((photo, models.THIS_PHOTO), (Document(9, 9), models.BUNDLED_PHOTOS)):
        session.replace_document(document)
        slot = add(session.strip, 7, params=EditParams("nature-small", t0=0.77, seeds=(6, 7)))
        assert variations.reuse(session, slot) == "nature-small"
        suited = EditParams(usual, seeds=(7,), device="cpu", **presets.defaults(usual))
        assert (session.params, session.chosen_model) == (suited, models.THIS_PHOTO)
        assert slot.made.params.model == "nature-small"
