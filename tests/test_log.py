import logging
import warnings

import pytest

from sdedit_desktop import log


@pytest.fixture(autouse=True)
def _without_the_log_afterwards():
    yield
    log.uninstall()


def test_own_modules_write_from_the_chosen_level_on_and_others_from_warnings_on(tmp_path):
    file = log.install("DEBUG", tmp_path / "state")
    logging.getLogger("sdedit_desktop.editing.jobs").debug("job %d started", 7)
    logging.getLogger("library").info("chatter")
    logging.getLogger("library").warning("trouble")
    written = file.read_text("utf-8")
    assert "sdedit_desktop.editing.jobs: job 7 started" in written
    assert "trouble" in written
    assert "chatter" not in written


def test_tracebacks_and_warnings_are_written(tmp_path):
    file = log.install("INFO", tmp_path)
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        logging.getLogger("sdedit_desktop").exception("the job failed")
    warnings.simplefilter("always")  # pytest undoes this after the test
    warnings.warn("this will go", FutureWarning, stacklevel=1)
    written = file.read_text("utf-8")
    assert "the job failed\nTraceback (most recent call last)" in written
    assert "FutureWarning: this will go" in written


def test_installing_again_moves_the_log(tmp_path):
    first = log.install("INFO", tmp_path / "first")
    second = log.install("INFO", tmp_path / "second")
    logging.getLogger("sdedit_desktop").info("here")
    assert "here" in second.read_text("utf-8")
    assert first.read_text("utf-8") == ""


def test_the_file_is_rotated(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "FILE_BYTES", 1000)
    log.install("INFO", tmp_path)
    for number in range(100):
        logging.getLogger("sdedit_desktop").info("line %d %s", number, "x" * 80)
    files = sorted(tmp_path.iterdir())
    assert len(files) == 1 + log.KEPT_FILES
    assert all(file.stat().st_size <= 1000 for file in files)


def test_without_a_place_to_write_the_program_goes_on(tmp_path):
    (tmp_path / "file").touch()
    assert log.install("INFO", tmp_path / "file") is None
    logging.getLogger("sdedit_desktop").info("nowhere")


def test_every_kind_of_qt_message_has_a_level():
    from PySide6.QtCore import QtMsgType

    assert {kind.name for kind in QtMsgType} <= {*log.QT_LEVELS, "QtSystemMsg"}
