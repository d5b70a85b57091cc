import math

import numpy as np
import pytest
from candidates_made import add, finish, pictures
from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.candidates.measures import chain, faithfulness, signature
from sdedit_desktop.editing.candidates.order import Order, Ordering
from sdedit_desktop.editing.candidates.strip import Strip
from sdedit_desktop.editing.jobs import JobQueue, JobState
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.session import Session


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_faithfulness_is_the_distance_where_it_may_change(dtype):
    """Half of the mask is off by a fifth of the range: the root of half a 25th."""
    most = np.iinfo(dtype).max
    guide = np.full((10, 300, 3), most // 5, dtype)
    image = guide.copy()
    image[:, :100] += dtype(most // 5)
    image[:, 200:] = most
    mask = np.zeros((10, 300), np.uint8)
    mask[:, :200] = 255
    assert faithfulness(image, guide, mask) == pytest.approx(math.sqrt(0.5 / 25), rel=1e-4)


def test_half_masked_pixels_count_half():
    guide = np.zeros((1, 2, 3), np.uint8)
    image = np.array([[[255] * 3, [0] * 3]], np.uint8)
    mask = np.array([[100, 200]], np.uint8)
    assert faithfulness(image, guide, mask) == pytest.approx(math.sqrt(1 / 3))


def test_bands_do_not_show():
    image, mask = pictures(1, size=(700, 5))
    guide, _ = pictures(2, size=(700, 5))
    change = (image.astype(float) - guide) / 255
    expected = math.sqrt((change**2 * mask[..., None]).sum() / (3 * mask.sum(dtype=float)))
    assert faithfulness(image, guide, mask) == pytest.approx(expected, rel=1e-5)


def test_nothing_is_more_faithful_than_the_guide_itself():
    guide, mask = pictures(1)
    assert faithfulness(guide, guide, mask) == 0
    assert faithfulness(guide, guide, np.zeros_like(mask)) == 0


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=20), st.data())
def test_a_chain_goes_to_the_nearest_that_is_left(values, data):
    first = data.draw(st.integers(0, len(values) - 1))
    order = chain([np.array([v, 2 * v], np.float32) for v in values], first)
    assert sorted(order) == list(range(len(values)))
    assert order[0] == first
    for at in range(1, len(order)):
        here, left = values[order[at - 1]], [values[i] for i in order[at:]]
        assert abs(values[order[at]] - here) == min(abs(v - here) for v in left)


def test_an_empty_chain_is_empty():
    assert chain([]) == []


def test_signatures_of_like_pictures_are_close():
    """A shift by a pixel and a little noise matter less than another picture."""
    y, x = np.mgrid[:200, :300]
    waves = np.stack([127 + 120 * np.sin(x / a + y / 40) for a in (30, 50, 70)], 2)
    other = np.stack([127 + 120 * np.sin(y / a - x / 35) for a in (25, 45, 65)], 2)
    noise = np.random.default_rng(0).normal(0, 5, waves.shape)
    like = np.roll(waves, 1, axis=1) + noise
    one, near, far = (signature(p.clip(0, 255).astype(np.uint8)) for p in (waves, like, other))
    assert np.linalg.norm(one - near) < 0.2 * np.linalg.norm(one - far)


@pytest.fixture
def strip():
    """Four candidates, older ones farther from their guide; of shades 10, 200, 20, 210."""
    strip = Strip(JobQueue())
    for number, shade in enumerate((10, 200, 20, 210)):
        slot = add(strip, number, size=(40, 40))
        image = np.full((40, 40, 3), shade, np.uint8)
        guide = image + np.uint8(40 - 10 * number)
        mask = np.full((40, 40), 255, np.uint8)
        slot.made.stored, slot.made.guide = (
            strip.store.add(image, mask),
            strip.store.add(guide, mask),
        )
        slot.made.pack()
    return strip


def test_candidates_are_sorted_by_age_by_faithfulness_and_by_closeness(strip):
    ordering = Ordering(strip)
    assert ordering.indices() == [0, 1, 2, 3]
    ordering.choose(Order.FAITHFULNESS)
    assert ordering.indices() == [3, 2, 1, 0]
    ordering.choose(Order.CLOSENESS, strip.slots[1].id)
    assert ordering.indices() == [1, 3, 2, 0]
    ordering.choose(Order.CLOSENESS)
    assert ordering.indices() == [0, 2, 1, 3]
    ordering.choose(Order.AGE)
    assert ordering.indices() == [0, 1, 2, 3]


def test_nothing_is_measured_before_it_is_asked_for_nor_twice(strip, monkeypatch):
    ordering = Ordering(strip)
    measured = []
    monkeypatch.setattr(
        "sdedit_desktop.editing.candidates.slot.faithfulness", lambda *_: measured.append(1) or 0.5
    )
    add(strip, 9)
    assert measured == []
    for order in (Order.FAITHFULNESS, Order.CLOSENESS, Order.FAITHFULNESS):
        ordering.choose(order)
    assert len(measured) == 4  # the last one is not packed yet


def test_measures_that_come_after_a_candidate_is_gone_do_no_harm(strip):
    waiting = []
    strip.background = lambda work, then: waiting.append((work, then))
    ordering = Ordering(strip)
    ordering.choose(Order.CLOSENESS)
    assert ordering.indices() == [0, 1, 2, 3]  # nothing is known yet
    strip.discard([1])
    for work, then in waiting:
        work()
        then()
    assert ordering.indices() == [0, 1, 2]
    assert len(ordering._signatures) == 3


def test_unfinished_candidates_are_sorted_last():
    session = Session(Document(40, 30), EditParams("fake", seeds=(1, 2)))
    ordering = Ordering(session.strip)
    ordering.choose(Order.FAITHFULNESS)
    job = session.generate()
    finish(session.jobs, job, 2, value=250)
    assert ordering.indices() == [1, 0]
    finish(session.jobs, job, 1, value=10)
    assert ordering.indices() == [1, 0]
    session.jobs.settle(job.id, JobState.FINISHED)
    again = session.generate()
    assert ordering.indices() == [1, 0, 2, 3]
    finish(session.jobs, again, 1, value=254)
    assert ordering.indices() == [2, 1, 0, 3]
