import numpy as np

from sdedit_desktop.training.evaluation.cache import Store, digest


def test_an_array_is_made_once_and_found_again(tmp_path):
    store, values = Store(tmp_path / "work"), np.array([1.5, float("nan")], np.float32)
    for make in (lambda: values, lambda: 1 / 0):
        np.testing.assert_array_equal(store.get("a", make), values)
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["a.npy"]


def test_a_damaged_file_is_made_again(tmp_path):
    store = Store(tmp_path)
    for damage in (b"", b"\x93NUMPY\x01\x00v"):
        (tmp_path / "a.npy").write_bytes(damage)
        assert store.get("a", lambda: np.ones(2, np.float32)).tolist() == [1, 1]


def test_keys_of_arrays_depend_on_values_shape_and_type():
    values = np.arange(6, dtype=np.float32)
    keys = {
        digest(values),
        digest(values.reshape(2, 3)),
        digest(values + 1),
        digest(values, 1),
        digest(values, "1"),
        digest(values.astype(np.int32)),
    }
    assert len(keys) == 6
