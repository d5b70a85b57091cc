"""Candidates go along when the picture is cropped, turned, flipped or scaled."""

import itertools
import json

import numpy as np
import pytest
from candidates_made import finish, keep, preview

from sdedit_desktop.document import transforms
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.editing.candidates import persistence
from sdedit_desktop.editing.candidates.placement import placed
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect

WIDTH, HEIGHT = 60, 40
SHAPES = {
    "crop": lambda d: transforms.cropped(d, Rect(7, 5, 51, 33)),
    "enlarge": lambda d: transforms.cropped(d, Rect(-9, -4, 70, 44)),
    "left": lambda d: transforms.turned(d, 3),
    "around": lambda d: transforms.turned(d, 2),
    "right": lambda d: transforms.turned(d, 1),
    "across": lambda d: transforms.mirrored(d),
    "down": lambda d: transforms.mirrored(d, upside_down=True),
}


@pytest.fixture
def session():
    session = Session(Document(WIDTH, HEIGHT), EditParams("fake", seeds=(1,)))
    edit = session.document.mask.edit()
    edit.fill(Rect(12, 8, 30, 22), 255)
    edit.commit()
    job = session.generate()
    finish(session.jobs, job, 1)
    session.jobs.settle(job.id, JobState.FINISHED)
    made = session.slots[0].made
    noise = np.random.default_rng(0).integers(0, 256, made.candidate().image.shape, np.uint8)
    made.stored = session.strip.store.add(noise, made.candidate().alpha)
    return session


def seen(session):
    """What the document looks like once the candidate is accepted."""
    session.accept(session.slots[0].candidate)
    picture = session.document.composite(session.document.rect)
    session.document.undo()
    return picture


@pytest.mark.parametrize("kinds", [*[(k,) for k in SHAPES], *itertools.permutations(SHAPES, 2)])
def test_accepting_then_reshaping_is_reshaping_then_accepting(session, kinds):
    session.accept(session.slots[0].candidate)
    for kind in kinds:
        session.document.push(SHAPES[kind](session.document))
    expected = session.document.composite(session.document.rect)
    session.document.go_to(0)
    for kind in kinds:
        session.document.push(SHAPES[kind](session.document))
    assert np.array_equal(seen(session), expected)


def test_undoing_a_reshaping_restores_candidates_bit_for_bit(session):
    before = session.slots[0].candidate
    session.document.push(transforms.resized(session.document, 33, 71))
    session.document.push(SHAPES["right"](session.document))
    scaled = session.slots[0].candidate
    assert scaled.image.shape != before.image.shape
    session.document.undo()
    session.document.undo()
    after = session.slots[0].candidate
    assert after.rect == before.rect
    assert np.array_equal(after.image, before.image)
    assert np.array_equal(after.alpha, before.alpha)


def test_scaling_the_document_scales_candidates(session):
    session.accept(session.slots[0].candidate)
    session.document.push(transforms.resized(session.document, 2 * WIDTH, 2 * HEIGHT))
    expected = session.document.composite(session.document.rect).astype(int)
    session.document.go_to(0)
    session.document.push(transforms.resized(session.document, 2 * WIDTH, 2 * HEIGHT))
    assert session.slots[0].rect == Rect(*(2 * edge for edge in session.slots[0].made.rect))
    difference = np.abs(seen(session).astype(int) - expected)
    assert np.median(difference) == 0
    assert difference.mean() < 3


def test_a_candidate_requested_before_a_reshaping_and_finished_after_it_is_placed_right(session):
    job = session.generate()
    session.document.push(SHAPES["right"](session.document))
    finish(session.jobs, job, 1)
    session.jobs.settle(job.id, JobState.FINISHED)
    early, late = session.slots
    assert early.rect == late.rect
    assert late.made.moved == early.made.moved != Matrix()
    # One that is asked for now needs no moving.
    job = session.generate()
    finish(session.jobs, job, 1)
    assert session.slots[2].made.moved == Matrix()
    session.document.undo()
    assert session.slots[0].made.moved == Matrix()
    assert session.slots[2].made.moved != Matrix()


def test_an_unfinished_candidate_is_reshaped_with_the_document_as_well(session):
    job = session.generate()
    preview(session.jobs, job, 1)
    early, forming = session.slots
    assert forming.rect == job.request.rect
    for kind in ("crop", "right", "across"):
        session.document.push(SHAPES[kind](session.document))
    early, forming = session.slots
    assert forming.preview is not None
    assert forming.rect == early.rect != job.request.rect
    finish(session.jobs, job, 1)
    assert session.slots[1].rect == early.rect
    session.document.go_to(0)
    assert session.slots[1].rect == job.request.rect


def test_transformed_candidates_are_saved_and_reopened_in_place(session):
    session.document.push(SHAPES["crop"](session.document))
    session.document.push(SHAPES["right"](session.document))
    expected = seen(session)
    keep(session)
    kept = persistence.unpack(session.document.attachments)
    assert kept[0].rect == session.slots[0].rect
    other = session.document.frozen()
    session.replace_document(other)
    assert np.array_equal(seen(session), expected)


@pytest.mark.parametrize(
    "moved", [None, [1], "x", [0] * 6, [1, 0, 0, 1e-300, 0, 0], [1, 1, 1, 1, 0, 0], [1e400] * 6]
)
def test_a_move_that_makes_no_sense_is_none(session, moved):
    keep(session)
    attachments = session.document.attachments
    entries = json.loads(attachments["candidates/index.json"])
    entries[0]["moved"] = moved
    attachments["candidates/index.json"] = json.dumps(entries).encode()
    assert persistence.unpack(attachments)[0].made.moved == Matrix()


def test_nothing_is_done_where_nothing_moved():
    image = np.zeros((4, 5, 3), np.uint8)
    assert placed(image, image[..., 0], Rect(1, 2, 6, 6), Matrix())[0] is image
