import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop.document import ora
from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.jobs import Job, JobState
from sdedit_desktop.editing.request import Candidate, EditParams, EditRequest
from sdedit_desktop.editing.session import Session
from sdedit_desktop.editing.strip import Slot, is_packed, pack, unpack
from sdedit_desktop.geometry import Rect

PARAMS = EditParams("fake", t0=0.4, seeds=(7, 8))


def slot(seed, dtype=np.uint8, starred=False, finished=True):
    rng = np.random.default_rng(seed)
    image = rng.integers(0, np.iinfo(dtype).max, (12, 16, 3)).astype(dtype)
    alpha = rng.integers(0, 256, (12, 16)).astype(np.uint8)
    rect = Rect(5, 9, 21, 21)
    job = Job(1, EditRequest(PARAMS, image, alpha, rect), state=JobState.FINISHED)
    candidate = Candidate(image, alpha, rect, PARAMS, seed)
    return Slot(job, seed, candidate=candidate if finished else None, starred=starred)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_candidates_come_back_from_a_saved_document(tmp_path, dtype):
    session = Session(Document(64, 48, depth=8 * np.dtype(dtype).itemsize), PARAMS)
    session.document.attachments["other"] = b"kept"
    session.slots = [slot(1, dtype), slot(2, dtype, finished=False), slot(3, dtype, starred=True)]
    session.keep_candidates()
    session.keep_candidates()
    ora.save(session.document, tmp_path / "a.ora")
    again = Session(ora.load(tmp_path / "a.ora"), PARAMS)
    assert again.document.attachments["other"] == b"kept"
    assert [(s.seed, s.starred) for s in again.slots] == [(1, False), (3, True)]
    for old, new in zip([session.slots[0], session.slots[2]], again.slots, strict=True):
        assert np.array_equal(new.candidate.image, old.candidate.image)
        assert np.array_equal(new.candidate.alpha, old.candidate.alpha)
        assert new.candidate.image.dtype == dtype
        assert (new.candidate.rect, new.candidate.params) == (old.candidate.rect, PARAMS)
        assert new.job.state.is_final


def test_a_strip_that_became_empty_is_saved_empty():
    session = Session(Document(8, 8), PARAMS)
    session.slots = [slot(1)]
    session.keep_candidates()
    session.discard(0)
    session.keep_candidates()
    assert not any(is_packed(name) for name in session.document.attachments)


def test_the_oldest_without_a_star_go_first():
    slots = [slot(1, starred=True), slot(2), slot(3), slot(4)]
    each = max(len(data) for name, data in pack(slots).items() if name.endswith(".png"))
    assert [s.seed for s in unpack(pack(slots, budget_bytes=3 * each))] == [1, 3, 4]
    assert [s.seed for s in unpack(pack(slots, budget_bytes=each))] == [1]
    assert pack(slots, budget_bytes=10) == {}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)


@given(st.binary(max_size=40) | json_values.map(lambda value: json.dumps(value).encode()))
def test_an_index_that_makes_no_sense_is_ignored(index):
    assert unpack({"candidates/index.json": index}) == []


@given(st.sampled_from(["file", "at", "seed", "starred", "params"]), json_values)
def test_an_entry_that_makes_no_sense_is_left_out(name, value):
    packed = pack([slot(1), slot(2)])
    entries = json.loads(packed["candidates/index.json"])
    entries[0][name] = value
    packed["candidates/index.json"] = json.dumps(entries).encode()
    assert unpack(packed)[-1].seed == 2
