import json
from dataclasses import replace

import numpy as np
import pytest
from candidates_made import ORIGIN, PARAMS, RECT, add, keep
from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.editing.candidates.persistence import is_packed, pack, unpack
from sdedit_desktop.editing.candidates.slot import Slot
from sdedit_desktop.editing.candidates.strip import Strip
from sdedit_desktop.editing.jobs import JobQueue
from sdedit_desktop.editing.session import Session


def strip_of(*seeds, **values):
    strip = Strip(JobQueue())
    for seed in seeds:
        add(strip, seed, **values)
    return strip


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_candidates_come_back_from_a_saved_document(tmp_path, dtype):
    session = Session(Document(64, 48, depth=8 * np.dtype(dtype).itemsize), PARAMS)
    session.document.attachments["other"] = b"kept"
    old = [add(session.strip, 1, dtype), add(session.strip, 3, dtype, starred=True)]
    session.strip.slots.insert(1, Slot(old[0].job, 2))  # still empty
    old[0].made.measure()
    keep(session)
    keep(session)
    ora_writer.save(session.document, tmp_path / "a.ora")
    again = Session(ora_writer.load(tmp_path / "a.ora"), PARAMS)
    assert again.document.attachments["other"] == b"kept"
    assert [(s.seed, s.starred) for s in again.slots] == [(1, False), (3, True)]
    for before, after in zip(old, again.slots, strict=True):
        for one, other in zip(
            (*before.made.stored.pixels(), *before.made.guide.pixels()),
            (*after.made.stored.pixels(), *after.made.guide.pixels()),
            strict=True,
        ):
            assert np.array_equal(one, other)
            assert one.dtype == other.dtype
        assert (after.made.rect, after.made.params, after.made.origin) == (RECT, PARAMS, ORIGIN)
        assert after.made.faithfulness == before.made.faithfulness
        assert after.job.request.params == PARAMS
        assert after.job.request.rect == RECT
        assert after.job.state.is_final
    assert again.slots[0].made.faithfulness is not None


def test_saving_again_encodes_nothing_again(monkeypatch):
    strip = strip_of(1, 2)
    first = pack(strip.slots)
    monkeypatch.setattr("sdedit_desktop.document.files.codec.to_png", None)
    assert pack(strip.slots) == first
    assert pack(unpack(first)) == first


def test_candidates_of_one_job_share_their_guide_in_the_file_too():
    strip = strip_of(1)
    guide = strip.slots[0].made.guide
    add(strip, 2, guide=guide)
    packed = pack(strip.slots)
    assert sum(name.endswith(".png") for name in packed) == 3
    first, second = unpack(packed)
    assert first.made.guide is second.made.guide


def test_opening_decodes_no_picture(monkeypatch):
    packed = pack(strip_of(1, 2, 3).slots)
    monkeypatch.setattr("sdedit_desktop.document.files.codec.open_bytes", None)
    slots = unpack(packed)
    assert [slot.seed for slot in slots] == [1, 2, 3]
    assert all(slot.made.stored.bytes_at_hand == 0 for slot in slots)
    assert all(slot.made.stored.thumbnail for slot in slots)


def test_a_strip_that_became_empty_is_saved_empty():
    session = Session(Document(8, 8), PARAMS)
    add(session.strip, 1)
    keep(session)
    assert any(is_packed(name) for name in session.document.attachments)
    session.strip.discard([0])
    keep(session)
    assert not any(is_packed(name) for name in session.document.attachments)


def test_the_oldest_without_a_star_go_first():
    strip = Strip(JobQueue())
    for seed in (1, 2, 3, 4):
        add(strip, seed, starred=seed == 1)
    sizes = [sum(map(len, pack([slot]).values())) for slot in strip.slots]
    index = max(len(pack([slot])["candidates/index.json"]) for slot in strip.slots)
    each = max(sizes)
    assert [s.seed for s in unpack(pack(strip.slots, 3 * each))] == [1, 3, 4]
    assert [s.seed for s in unpack(pack(strip.slots, each))] == [1]
    assert sum(map(len, pack(strip.slots, 2 * each).values())) <= 2 * each + 4 * index
    assert pack(strip.slots, 10) == {}


def test_a_strip_of_an_earlier_version_is_read():
    """Given what was written before guides and origins were kept."""
    packed = pack(strip_of(1).slots)
    entry = json.loads(packed["candidates/index.json"])[0]
    for name in ("guide", "origin", "faithfulness"):
        del entry[name]
    del entry["params"]["colours_kept"]
    entry["file"] = "candidates/0.png"
    old = {
        "candidates/0.png": packed["candidates/0.png"],
        "candidates/index.json": json.dumps([entry]).encode(),
    }
    slot = unpack(old)[0]
    assert slot.candidate.image.shape == (12, 16, 3)
    assert slot.made.guide is None
    assert slot.made.origin.model_sha256 == ""
    assert slot.made.params.colours_kept == 0.0  # none were kept then


@pytest.mark.parametrize(("in_every_call", "kept"), [(0.0, 0.0), (0.02, 0.4), (0.5, 1.0), (1, 1)])
def test_candidates_of_the_version_that_kept_colours_in_every_call_tell_the_total(
    in_every_call, kept
):
    packed = pack(strip_of(1).slots)
    entry = json.loads(packed["candidates/index.json"])[0]
    del entry["params"]["colours_kept"]
    entry["params"] |= {"colours": in_every_call, "calls": 25}
    old = packed | {"candidates/index.json": json.dumps([entry]).encode()}
    (slot,) = unpack(old)
    assert slot.made.params.colours_kept == pytest.approx(kept, abs=0.005)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)


@given(st.binary(max_size=40) | json_values.map(lambda value: json.dumps(value).encode()))
def test_an_index_that_makes_no_sense_is_ignored(index):
    assert unpack({"candidates/index.json": index}) == []


FIELDS = ["file", "at", "seed", "starred", "params", "origin", "faithfulness", "guide"]


@given(st.sampled_from(FIELDS), json_values)
def test_an_entry_that_makes_no_sense_is_left_out_or_does_no_harm(name, value):
    packed = pack(strip_of(1, 2).slots)
    entries = json.loads(packed["candidates/index.json"])
    entries[0][name] = value
    packed["candidates/index.json"] = json.dumps(entries).encode()
    slots = unpack(packed)
    assert slots[-1].seed == 2
    for slot in slots:
        slot.made.measure()
        assert slot.made.faithfulness is None or 0 <= slot.made.faithfulness <= 1
        assert slot.candidate.image.shape == (12, 16, 3)
        assert pack([slot])


@given(st.data())
def test_a_damaged_picture_is_one_sentence_and_the_others_stay(data):
    """Given a file in which one byte of one picture is another, when all are looked at."""
    packed = pack(strip_of(1, 2).slots)
    png = bytearray(packed["candidates/0.png"])
    at = data.draw(st.integers(0, len(png) - 1))
    png[at] ^= data.draw(st.integers(1, 255))
    strip, said = Strip(JobQueue()), []
    strip.begin(lambda store: unpack({**packed, "candidates/0.png": bytes(png)}, store))
    strip.message_posted.connect(said.append)
    opened = [strip.open(slot) for slot in list(strip.slots)]
    assert opened[-1].seed == 2
    if None in opened:
        assert said == ["A kept candidate was damaged in the file; it has been removed."]
        assert [slot.seed for slot in strip.slots] == [2]


def test_a_picture_cut_short_is_removed_when_it_is_looked_at():
    packed = pack(strip_of(1, 2).slots)
    packed["candidates/0.png"] = packed["candidates/0.png"][:-200]
    strip, said = Strip(JobQueue()), []
    strip.begin(lambda store: unpack(packed, store))
    strip.message_posted.connect(said.append)
    assert strip.open(strip.slots[0]) is None
    assert len(said) == 1
    assert [slot.seed for slot in strip.slots] == [2]


def test_a_picture_that_claims_to_be_absurdly_large_is_left_out():
    packed = pack(strip_of(1).slots)
    png = packed["candidates/0.png"]
    packed["candidates/0.png"] = png[:16] + b"\x7f\xff\xff\xff" * 2 + png[24:]
    assert unpack(packed) == []


def test_parameters_of_later_versions_are_passed_over():
    packed = pack(strip_of(1).slots)
    index = json.loads(packed["candidates/index.json"])
    index[0]["params"]["from_the_future"] = 3
    packed["candidates/index.json"] = json.dumps(index).encode()
    (slot,) = unpack(packed)
    assert slot.made.params == PARAMS


def test_fields_unknown_to_earlier_versions_are_written_only_when_used():
    strip = strip_of(1, 2)
    plain = replace(PARAMS, colours_kept=0.0, detail="off")
    worded = replace(PARAMS, prompt="a tree", negative_prompt="fog", guidance=5.0)
    strip.slots[0].made.params, strip.slots[1].made.params = plain, worded
    packed = pack(strip.slots)
    first, second = (entry["params"] for entry in json.loads(packed["candidates/index.json"]))
    assert not first.keys() & {"colours_kept", "detail", "prompt", "negative_prompt", "guidance"}
    assert (second["prompt"], second["guidance"]) == ("a tree", 5.0)
    assert [slot.made.params for slot in unpack(packed)] == [plain, worded]


def test_words_are_left_out_where_they_shall_not_be_kept():
    session = Session(Document(64, 48), PARAMS)
    worded = replace(PARAMS, prompt="a secret", negative_prompt="another", guidance=5.0)
    add(session.strip, 1, params=worded)
    session.keeps_words = False
    keep(session)
    session.accept(session.slots[0].candidate)
    kept = session.document.attachments["candidates/index.json"]
    layer = next(one for one in session.document.layers if one.parameters)
    assert b"secret" not in kept
    assert b"another" not in kept
    assert (layer.parameters["prompt"], layer.parameters["negative_prompt"]) == ("", "")
    assert session.has_accepted(session.slots[0].made)
    session.keeps_words = True
    keep(session)
    assert b"a secret" in session.document.attachments["candidates/index.json"]
