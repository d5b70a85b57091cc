import numpy as np
import pytest
from candidates_made import pictures
from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop.editing.candidates.image_store import (
    THUMBNAIL,
    ImageStore,
    small_pixels,
    thumbnail,
)
from sdedit_desktop.errors import FileFormatError

SIZES = st.tuples(st.integers(1, 40), st.integers(1, 40))


@given(SIZES, st.sampled_from([np.uint8, np.uint16]), st.integers(0, 9))
def test_packed_images_are_decoded_bit_for_bit(size, dtype, seed):
    image, share = pictures(seed, dtype, size)
    store = ImageStore()
    stored = store.add(image.copy(), share.copy())
    stored.pack()
    stored.put_away()
    assert stored.bytes_at_hand == 0
    for pair in (stored.pixels(), store.add_packed(stored.png()).pixels()):
        assert np.array_equal(pair[0], image)
        assert np.array_equal(pair[1], share)
        assert pair[0].dtype == dtype


def test_images_that_are_not_packed_yet_stay_in_memory():
    store = ImageStore(budget_bytes=0)
    images = [store.add(*pictures(seed)) for seed in range(3)]
    store.evict()
    for stored in images:
        stored.put_away()
    assert all(stored.bytes_at_hand for stored in images)
    images[0].pack()
    store.evict()
    assert [bool(stored.bytes_at_hand) for stored in images] == [False, True, True]


def test_decoded_images_stay_within_the_budget_and_the_last_used_stays_longest():
    each = sum(part.nbytes for part in pictures(0))
    store = ImageStore(budget_bytes=2 * each)
    images = [store.add(*pictures(seed)) for seed in range(4)]
    for stored in images:
        stored.pack()
    store.evict()
    assert store.bytes_at_hand == 2 * each
    assert [bool(stored.bytes_at_hand) for stored in images] == [False, False, True, True]
    images[2].pixels()
    images[0].pixels()
    assert [bool(stored.bytes_at_hand) for stored in images] == [True, False, True, False]
    assert np.array_equal(images[1].decode()[0], pictures(1)[0])
    assert not images[1].bytes_at_hand


def test_one_image_stays_decoded_however_large():
    store = ImageStore(budget_bytes=1)
    stored = store.add(*pictures(0))
    stored.pack()
    store.evict()
    assert stored.bytes_at_hand


def test_where_nothing_can_be_written_candidates_stay_in_memory(monkeypatch, caplog):
    def full():
        raise OSError("No space left on device")

    monkeypatch.setattr("sdedit_desktop.editing.candidates.image_store._file_without_a_name", full)
    stored = ImageStore().add(*pictures(3))
    stored.pack()
    stored.put_away()
    assert np.array_equal(stored.pixels()[0], pictures(3)[0])
    assert "kept in memory" in caplog.text


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_thumbnail_is_small_and_looks_alike(dtype):
    most = np.iinfo(dtype).max
    image = np.zeros((900, 600, 3), dtype)
    image[:450] = [most, most // 2, 0]
    small = small_pixels(thumbnail(image))
    assert max(small.shape) == small.shape[0] == THUMBNAIL
    assert abs(small.shape[1] - THUMBNAIL * 2 / 3) <= 1
    assert np.abs(small[:100].astype(int) - [255, 127, 0]).max() < 12
    assert small[160:].max() < 12


def test_bytes_that_are_no_thumbnail_give_none(tmp_path):
    assert small_pixels(b"") is None
    assert small_pixels(b"\xff\xd8\xff") is None
    stored = ImageStore().add(*pictures(0, size=(1, 3 * THUMBNAIL)))
    assert small_pixels(stored.png()) is None


@given(st.binary(max_size=60))
def test_bytes_that_are_no_picture_are_refused(data):
    with pytest.raises(FileFormatError):
        ImageStore().add_packed(b"\x89PNG\r\n\x1a\n"[: len(data) % 9] + data).pixels()
