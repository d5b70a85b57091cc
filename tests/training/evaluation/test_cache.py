import numpy as np

from sdedit_desktop.training.evaluation.cache import Store, digest

RNG = np.random.default_rng(0)


def noisy(side=40):
    return RNG.integers(0, 256, (side, side, 3), np.uint8)


def test_what_is_kept_is_found_and_made_once(tmp_path):
    store, pixels = Store(tmp_path / "work"), noisy()
    assert store.find_picture("a") is None
    assert store.find_values("a") is None
    values = np.array([1.5, float("nan")], np.float32)
    for make in (lambda: pixels, lambda: 1 / 0):
        assert (store.picture("a", make) == pixels).all()
    for make_values in (lambda: values, lambda: 1 / 0):
        np.testing.assert_array_equal(store.values("a", make_values), values)
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == ["a.npy", "a.png"]


def test_what_is_damaged_is_made_again(tmp_path):
    store, pixels = Store(tmp_path), noisy()
    for damage in (b"", b"\x89PNG\r\n\x1a\n", b"\x93NUMPY\x01\x00v"):
        (tmp_path / "a.png").write_bytes(damage)
        (tmp_path / "a.npy").write_bytes(damage)
        assert (store.picture("a", lambda: pixels) == pixels).all()
        assert store.values("a", lambda: np.ones(2, np.float32)).tolist() == [1, 1]


def test_a_name_tells_arrays_and_their_shapes_apart():
    values = np.arange(6, dtype=np.float32)
    names = {
        digest(values),
        digest(values.reshape(2, 3)),
        digest(values + 1),
        digest(values, 1),
        digest(values, "1"),
        digest(values.astype(np.int32)),
    }
    assert len(names) == 6
