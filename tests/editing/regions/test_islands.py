"""Masks of several parts: far ones are worked on at their own resolution, as one candidate."""

import json

import numpy as np
import pytest
from candidates_made import keep
from hypothesis import given, settings
from hypothesis import strategies as st

from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.files.photo import Photo, as_document
from sdedit_desktop.document.tiles import within
from sdedit_desktop.editing.candidates import persistence
from sdedit_desktop.editing.candidates.image_store import ImageStore
from sdedit_desktop.editing.document_requests import request_of
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.regions.islands import MOST_REGIONS, regions_of, split
from sdedit_desktop.editing.request import CancelToken, Candidate, EditParams, Progress
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect


def mask_of(width, height, *spots):
    mask = np.zeros((height, width), np.uint8)
    for left, top, side in spots:
        mask[top : top + side, left : left + side] = 255
    return mask


def regions(width, height, *spots):
    whole = Rect(0, 0, width, height)
    return regions_of(mask_of(width, height, *spots), whole, whole)


def test_spots_far_apart_are_regions_of_their_own():
    found = regions(6000, 4000, (100, 100, 20), (5400, 3000, 20))
    assert [(seen.width, seen.height) for seen in found] == [(256, 256), (256, 256)]


def test_near_spots_and_rings_are_one_region():
    assert len(regions(2000, 1500, (400, 400, 60), (520, 420, 60))) == 1
    ring = mask_of(2000, 1500, (200, 200, 900))
    ring[240:1060, 240:1060] = 0
    whole = Rect(0, 0, 2000, 1500)
    (seen,) = regions_of(ring, whole, whole)
    assert seen.encloses(Rect(200, 200, 1100, 1100))


def test_an_empty_mask_has_no_region_and_a_full_one_has_one():
    assert regions(300, 200) == ()
    assert regions(300, 200, (0, 0, 300)) == (Rect(0, 0, 300, 200),)


spots = st.lists(
    st.tuples(st.integers(0, 2990), st.integers(0, 1990), st.integers(1, 300)), max_size=25
)


@settings(max_examples=60, deadline=None)
@given(spots)
def test_regions_hold_all_of_the_mask_do_not_overlap_and_are_few(where):
    mask = mask_of(3000, 2000, *where)
    whole = Rect(0, 0, 3000, 2000)
    found = regions_of(mask, whole, whole)
    left = mask.copy()
    for seen in found:
        assert whole.encloses(seen)
        left[within(seen, whole)] = 0
    assert not left.any()
    assert not any(a & b for i, a in enumerate(found) for b in found[:i])
    assert len(found) <= MOST_REGIONS


@pytest.fixture(params=[np.uint8, np.uint16])
def document(request):
    rough = np.random.default_rng(0).integers(0, 256, (1000, 1400, 3)).astype(request.param)
    rough *= np.iinfo(request.param).max // 255
    document = as_document(Photo(rough, 8 * rough.itemsize))
    edit = document.mask.edit()
    edit.write(document.rect, mask_of(1400, 1000, (40, 40, 20), (1300, 900, 30))[..., None])
    edit.commit()
    return document


def test_two_far_spots_are_one_candidate_of_full_detail_one_step_and_are_kept(
    document, tiny_model, tmp_path
):
    params = EditParams(tiny_model, calls=2, seeds=(5,), detail="off")
    before = document.straight(document.rect)
    mask = document.mask.read(document.rect)[..., 0]
    request = request_of(document, params)
    assert len(request.regions) == 2
    assert [part.rect for part in split(request)] == list(request.regions)
    assert not request.guide[400:600].any()

    session = Session(document, params)
    messages = list(TorchEngine(device="cpu").run(request, CancelToken()))
    (candidate,) = [m for m in messages if isinstance(m, Candidate)]
    done = [m for m in messages if isinstance(m, Progress)][-1]
    assert done.done == done.total == 4
    for seen in request.regions:
        inside = within(seen, request.rect)
        assert np.array_equal(candidate.alpha[inside] > 0, request.mask[inside] > 0)

    session.accept(candidate)
    after = document.straight(document.rect)
    assert np.array_equal(after[mask == 0], before[mask == 0])
    assert (after[mask > 0] != before[mask > 0]).any()
    document.undo()
    assert np.array_equal(document.straight(document.rect), before)

    store = ImageStore()
    left, top = request.rect[:2]
    parts = [seen.translated(-left, -top) for seen in request.regions]
    stored = store.add(candidate.image, candidate.alpha, parts)
    again = store.add_packed(stored.png(), b"", stored.size, parts)
    for one, other in zip(again.decode(), (candidate.image, candidate.alpha), strict=True):
        assert np.array_equal(one, other)
    assert len(stored.png()) < 2 * 4 * sum(p.width * p.height for p in parts) * before.itemsize


def test_each_region_gives_the_result_it_gives_alone(document, tiny_model):
    params = EditParams(tiny_model, calls=2, seeds=(5,), detail="off")
    request = request_of(document, params)
    engine = TorchEngine(device="cpu")
    (both,) = [m for m in engine.run(request, CancelToken()) if isinstance(m, Candidate)]
    for part in split(request):
        (alone,) = [m for m in engine.run(part, CancelToken()) if isinstance(m, Candidate)]
        inside = within(part.rect, request.rect)
        assert np.array_equal(both.image[inside], alone.image)
        assert np.array_equal(both.alpha[inside], alone.alpha)


def test_candidates_of_regions_are_saved_and_made_again(document, tiny_model, tmp_path):
    params = EditParams(tiny_model, calls=1, seeds=(5,), detail="off")
    session = Session(document, params)
    job = session.generate()
    for message in TorchEngine(device="cpu").run(job.request, CancelToken()):
        session.jobs.receive(job.id, message)
    keep(session)
    ora_writer.save(document, tmp_path / "a.ora")
    again = Session(ora_writer.load(tmp_path / "a.ora"), params)
    (before,), (after,) = session.slots, again.slots
    for one, other in zip(before.made.stored.decode(), after.made.stored.decode(), strict=True):
        assert np.array_equal(one, other)
    request = again.strip.request_again(after.made, params)
    assert request.regions == job.request.regions
    assert np.array_equal(request.guide, job.request.guide)
    assert np.array_equal(request.mask, job.request.mask)
    assert np.array_equal(after.made.stored.decode()[0], before.made.candidate().image)
    # A file from a stranger that names other parts is no candidate.
    packed = dict(persistence.pack(session.slots))
    for wrong in ([[0, 0, 5, 5]], [[0, 0, 9e9, 5], [0, 0, 5, 5]], "no parts", [[1, 2], [3]]):
        entries = json.loads(packed["candidates/index.json"])
        entries[0]["parts"] = wrong
        changed = packed | {"candidates/index.json": json.dumps(entries).encode()}
        assert persistence.unpack(changed, None, document.rect) == []
