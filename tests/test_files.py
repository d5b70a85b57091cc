import pytest

from sdedit_desktop.files import atomic_write


def test_the_new_file_takes_the_place_of_the_old(tmp_path):
    path = tmp_path / "picture.png"
    path.write_text("old")
    with atomic_write(path) as new:
        new.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "picture.png"
    path.write_text("old")

    def fail_halfway():
        with atomic_write(path) as new:
            new.write_text("ha")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_halfway()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_new_file_is_named_for_the_same_format(tmp_path):
    with atomic_write(tmp_path / "picture.tiff") as new:
        assert (new.parent, new.suffix) == (tmp_path, ".tiff")
        new.touch()


def test_a_folder_that_cannot_be_written_is_an_os_error(tmp_path):
    with (
        pytest.raises(OSError, match="missing"),
        atomic_write(tmp_path / "missing" / "a.png") as new,
    ):
        new.write_text("new")
