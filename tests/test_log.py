import json
import logging
import warnings
import zipfile

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


@pytest.fixture
def somebody(monkeypatch, tmp_path):
    """A user with a name and a home folder."""
    home = tmp_path / "home" / "mmustermann"
    home.mkdir(parents=True)
    monkeypatch.setattr(log.Path, "home", lambda: home)
    monkeypatch.setattr(log.getpass, "getuser", lambda: "mmustermann")
    log._personal.cache_clear()
    yield home
    log._personal.cache_clear()


def test_the_log_holds_neither_name_nor_home(tmp_path, somebody):
    file = log.install("INFO", tmp_path / "state")
    logger = logging.getLogger("sdedit_desktop")
    logger.warning("%s cannot be read", somebody / "pictures" / "a.png")
    logger.warning("owned by MMustermann (mmustermann@host), not mmustermanns")
    try:
        raise FileNotFoundError(2, "No such file", str(somebody / "b.png"))
    except FileNotFoundError:
        logger.exception("the job failed")
    written = file.read_text("utf-8")
    assert "~/pictures/a.png cannot be read" in written
    assert "USER (USER@host), not mmustermanns" in written
    assert "'~/b.png'" in written
    assert str(somebody) not in written


def test_a_bundle_holds_neither_name_nor_home_nor_pictures(tmp_path, somebody, monkeypatch):
    from sdedit_desktop import paths, settings
    from sdedit_desktop.cli import bundle

    state = somebody / "state"
    (state / "recovery").mkdir(parents=True)
    (state / "recovery" / "session-1.journal").write_bytes(b"pixels of a picture")
    monkeypatch.setattr(paths, "state", lambda: state)
    monkeypatch.setattr(paths, "settings_file", lambda: somebody / "settings.json")
    chosen = settings.Settings(
        theme="dark",
        recent_files=(str(somebody / "secret.png"),),
        model_folders=(str(somebody / "models"),),
        model=str(somebody / "m.ckpt"),
    )
    settings.save(chosen, somebody / "settings.json")
    (state / log.FILE_NAME).write_text(f"of an earlier version: {somebody}/secret", "utf-8")
    bundle.write(tmp_path / "b.zip", {"settings": str(somebody / "settings.json")})
    with zipfile.ZipFile(tmp_path / "b.zip") as file:
        texts = {name: file.read(name).decode() for name in file.namelist()}
    everything = "".join(texts.values())
    assert str(somebody) not in everything
    assert "mmustermann" not in everything
    assert "pixels of a picture" not in everything
    assert "secret.png" not in everything
    assert json.loads(texts["settings.json"])["theme"] == "dark"
    assert "of an earlier version: ~/secret" in texts[log.FILE_NAME]
    assert json.loads(texts["files.json"])["recovery/session-1.journal"] == 19
    assert json.loads(texts["report.json"]) == {"settings": "~/settings.json"}
