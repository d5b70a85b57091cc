import os
import threading
from dataclasses import replace

import file_work
import numpy as np
import pytest
from painting import stroke
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QMessageBox

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer, strips
from sdedit_desktop.editing.request import Candidate, Origin
from sdedit_desktop.ui.dialogs.export import ExportDialog
from sdedit_desktop.ui.menus import export as export_menu
from sdedit_desktop.ui.menus import file as module

YES, NO = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No


@pytest.fixture
def window(open_window, tmp_path):
    window = open_window()
    window.files.path = tmp_path / "a.ora"
    return window


def held_up(monkeypatch, window, act):
    """While a file is being written: ``act`` is done on the GUI thread, then writing goes on."""
    gate, threads = threading.Event(), []
    save = ora_writer.save

    def slow(*args, **options):
        threads.append(threading.current_thread())
        QTimer.singleShot(0, window, meanwhile)
        assert gate.wait(60)
        return save(*args, **options)

    def meanwhile():
        try:
            act()
        finally:
            gate.set()

    monkeypatch.setattr(module.ora_writer, "save", slow)
    return threads


def pixels(document):
    return document.composite(document.rect)


def test_painting_goes_on_while_a_file_is_written(window, monkeypatch):
    """Given a stroke while the file is being written, it is not in the file, and not saved."""
    document = window.session.document
    stroke(document, (20, 20))
    before = pixels(document)
    threads = held_up(monkeypatch, window, lambda: stroke(document, (70, 60)))
    assert file_work.save(window)
    assert threads[0] is not threading.main_thread()
    assert np.array_equal(pixels(ora_writer.load(window.files.path)), before)
    assert window.isWindowModified()
    document.undo()
    assert not window.isWindowModified()
    document.redo()
    monkeypatch.undo()
    assert file_work.save(window)
    assert np.array_equal(pixels(ora_writer.load(window.files.path)), pixels(document))


def test_a_candidate_that_comes_while_a_file_is_written_is_not_saved(window, monkeypatch):
    held_up(monkeypatch, window, window.session.document.history.touch)
    assert file_work.save(window)
    assert window.isWindowModified()


def test_another_history_is_not_taken_for_the_saved_one(window, monkeypatch):
    """Given an undo and another stroke while the file is being written, that is another state."""
    document = window.session.document
    stroke(document, (20, 20))

    def act():
        document.undo()
        stroke(document, (70, 60))

    held_up(monkeypatch, window, act)
    assert file_work.save(window)
    assert window.isWindowModified()


def test_cancel_leaves_the_file_as_it_was(window, monkeypatch, tmp_path):
    assert file_work.save(window)
    old = window.files.path.read_bytes()
    stroke(window.session.document, (20, 20))
    held_up(monkeypatch, window, window.files.task.cancel.click)
    assert not file_work.save(window)
    assert window.files.path.read_bytes() == old
    assert window.isWindowModified()
    assert [path.name for path in tmp_path.iterdir()] == ["a.ora"]
    assert not window.files.task.is_running


def test_an_export_can_be_cancelled_too(window, monkeypatch, tmp_path):
    picture = tmp_path / "a.png"
    picture.write_bytes(b"old")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(picture), ""))
    monkeypatch.setattr(ExportDialog, "exec", lambda _: ExportDialog.DialogCode.Accepted)
    save = module.photo.export_document

    def slow(*args, **options):
        window.files.task.stop()
        save(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(module.photo, "export_document", slow)
        assert not file_work.export(window)
    assert picture.read_bytes() == b"old"
    assert file_work.export(window)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_window_stays_open_while_a_file_is_written(window, monkeypatch):
    said = []
    monkeypatch.setattr(QMessageBox, "open", lambda box: said.append(box.text()))
    held_up(monkeypatch, window, lambda: said.append(window.close()))
    assert file_work.save(window)
    assert said[-1] is False
    assert "Wait" in said[0]


def test_saving_returns_at_once(window, monkeypatch):
    """Without an event loop of its own: who has asked goes on, and is told when it is done."""
    gate, told = threading.Event(), []
    save = ora_writer.save
    monkeypatch.setattr(
        module.ora_writer, "save", lambda *args, **how: gate.wait(60) and save(*args, **how)
    )
    window.files.save(told.append)
    assert window.files.task.is_running
    assert told == []
    gate.set()
    file_work.settle(window)
    assert told == [True]


def test_a_window_that_is_closed_waits_for_its_file_and_then_closes(window, monkeypatch):
    document = window.session.document
    stroke(document, (20, 20))
    asked = []
    monkeypatch.setattr(
        QMessageBox, "question", lambda *_: asked.append(1) or QMessageBox.StandardButton.Save
    )
    seen = []
    held_up(monkeypatch, window, lambda: seen.append(window.isVisible()))
    assert not window.close()
    file_work.settle(window)
    assert seen == [True]
    assert not window.isVisible()
    assert asked == [1]
    assert np.array_equal(pixels(ora_writer.load(window.files.path)), pixels(document))


def test_what_was_painted_while_a_closing_window_saved_is_asked_about(window, monkeypatch):
    stroke(window.session.document, (20, 20))
    answers = [QMessageBox.StandardButton.Save, QMessageBox.StandardButton.Cancel]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    held_up(monkeypatch, window, lambda: stroke(window.session.document, (70, 60)))
    assert not window.close()
    file_work.settle(window)
    assert answers == []
    assert window.isVisible()
    assert window.isWindowModified()


def test_what_was_painted_while_a_file_was_saved_to_open_another_is_asked_about(
    window, monkeypatch, tmp_path
):
    document = window.session.document
    stroke(document, (20, 20))
    other = tmp_path / "other.ora"
    ora_writer.save(Document(10, 10), other)
    answers = [QMessageBox.StandardButton.Save, QMessageBox.StandardButton.Cancel]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    held_up(monkeypatch, window, lambda: stroke(document, (70, 60)))
    assert not file_work.open_path(window, other)
    assert answers == []
    assert window.session.document is document


def test_a_window_whose_file_cannot_be_saved_stays(window, monkeypatch, tmp_path):
    stroke(window.session.document, (20, 20))
    said = []
    monkeypatch.setattr(QMessageBox, "open", lambda box: said.append(box.text()))
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Save)
    window.files.path = tmp_path / "none" / "a.ora"
    assert not window.close()
    file_work.settle(window)
    assert window.isVisible()
    assert len(said) == 1


def test_a_bug_while_a_file_is_written_is_no_secret(window, monkeypatch, qtbot):
    def fail(*_args, **_how):
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(module.ora_writer, "save", fail)
    with qtbot.capture_exceptions() as caught:
        assert not file_work.save(window)
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]


def test_unwritable_files_are_reported(window, monkeypatch, tmp_path):
    said = []
    monkeypatch.setattr(QMessageBox, "open", lambda box: said.append(box.text()))
    window.files.path = tmp_path / "none" / "a.ora"
    assert not file_work.save(window)
    assert "there is no folder" in said[0]


@pytest.mark.parametrize("answer", [YES, NO])
def test_a_file_that_another_program_changed_is_not_replaced_unasked(
    window, monkeypatch, tmp_path, answer
):
    assert file_work.save(window)
    assert file_work.save(window)
    window.files.path.write_bytes(b"of another program")
    asked = []
    monkeypatch.setattr(QMessageBox, "question", lambda *args: asked.append(args[2]) or answer)
    assert file_work.save(window) is (answer == YES)
    assert "another program" in asked[0]
    if answer == NO:
        assert window.files.path.read_bytes() == b"of another program"
    else:
        assert file_work.save(window)
        assert len(asked) == 1
        assert np.array_equal(
            pixels(ora_writer.load(window.files.path)), pixels(window.session.document)
        )


def test_one_backup_is_kept_unless_it_is_not_wanted(window, tmp_path):
    assert file_work.save(window)
    first = window.files.path.read_bytes()
    stroke(window.session.document, (20, 20))
    assert file_work.save(window)
    assert (tmp_path / "a.ora~").read_bytes() == first
    window.files.keeps_backup = False
    stroke(window.session.document, (70, 70))
    assert file_work.save(window)
    assert (tmp_path / "a.ora~").read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ora", "a.ora~"]


def test_layers_that_did_not_change_are_not_encoded_again(window, monkeypatch):
    encoded = []
    encode = strips.encode
    monkeypatch.setattr(strips, "encode", lambda pixels: encoded.append(1) or encode(pixels))
    assert file_work.save(window)
    assert len(encoded) == 4  # background, strokes, mask, all of it
    encoded.clear()
    stroke(window.session.document, (20, 20))
    assert file_work.save(window)
    assert len(encoded) == 2
    loaded = ora_writer.load(window.files.path)
    assert np.array_equal(pixels(loaded), pixels(window.session.document))


@pytest.mark.skipif(os.name != "posix", reason="names are counted in bytes")
@pytest.mark.parametrize("name", ["x" * 251, "ä" * 125 + "x"])
def test_long_names_can_be_saved(window, tmp_path, name):
    window.files.path = tmp_path / f"{name}.ora"
    assert file_work.save(window)
    stroke(window.session.document, (20, 20))
    assert file_work.save(window)
    assert len(ora_writer.load(window.files.path).layers) == 2


@pytest.mark.parametrize(
    "model", ["/home/somebody/models/secret.ckpt", "C:\\Users\\somebody\\secret.ckpt"]
)
def test_exports_tell_a_models_name_and_hash_only(window, model):
    """Given a model chosen by its path, now or by an earlier version, no folder is exported."""
    session = window.session
    rect = session.document.rect
    image = np.zeros((rect.height, rect.width, 3), np.uint8)
    params = replace(session.params, model=model)
    origin = Origin(model_sha256="ab" * 32)
    session.accept(Candidate(image, image[..., 0] + 255, rect, params, 1, origin))
    accepted = session.document.layers[-2]
    assert accepted.parameters["model"] == "secret.ckpt"
    accepted.parameters = {**accepted.parameters, "model": model}
    (exported,) = export_menu.parameters_of(session.document)["results"]
    assert (exported["model"], exported["model_sha256"]) == ("secret.ckpt", "ab" * 32)
    assert "somebody" not in str(exported)
