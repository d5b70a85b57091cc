import threading

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox

from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.files.journal import Journal, recoverable
from sdedit_desktop.editing.candidates.persistence import unpack
from sdedit_desktop.ui.autosave import Autosave, offer_recovery

YES, NO = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No


def change(window):
    window.actions_by_id["add_layer"].trigger()
    document = window.session.document
    edit = document.layers[-1].tiles.edit()
    edit.fill(document.rect, 90)
    edit.commit()


def crashed(window, folder):
    """What is left after the program was killed with unsaved work: its lock is free."""
    kept = Journal(folder)
    kept.write(kept.snapshot(window.session.document, window.files.path))
    kept._lock.close()


def test_a_copy_is_written_on_another_thread(qtbot, open_window, tmp_path, monkeypatch):
    window = open_window()
    threads = []
    write = Journal.write
    monkeypatch.setattr(
        Journal, "write", lambda *args: (threads.append(threading.get_ident()), write(*args))
    )
    autosave = Autosave(window, Journal(tmp_path))
    autosave.write_soon()
    assert threads == []
    change(window)
    autosave.write_soon()
    autosave._pool.waitForDone()
    autosave.write_soon()
    autosave._pool.waitForDone()
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()
    assert len(list(tmp_path.glob("*.ora"))) == 1


def test_closing_leaves_nothing_behind(qtbot, open_window, tmp_path):
    window = open_window()
    autosave = Autosave(window, Journal(tmp_path))
    change(window)
    autosave.flush()
    window.session.document.history.mark_saved()
    assert window.close()
    assert list(tmp_path.iterdir()) == []


def test_candidates_are_work_too(qtbot, open_window, tmp_path, monkeypatch):
    """Given a picture without changes, when candidates are made, they are kept like changes."""
    window = open_window()
    autosave = Autosave(window, Journal(tmp_path / "recovery"))
    autosave.flush()
    assert not window.isWindowModified()
    window.actions_by_id["generate"].trigger()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    # then the window says so, a recovery copy has them, and they are not thrown away unasked
    assert window.isWindowModified()
    autosave.flush()
    (copy,) = (tmp_path / "recovery").glob("*.ora")
    kept = unpack(ora_writer.load(copy).attachments)
    assert [slot.seed for slot in kept] == [1, 2]
    assert np.array_equal(kept[1].candidate.image, window.session.slots[1].candidate.image)
    asked = []
    monkeypatch.setattr(
        QMessageBox, "question", lambda *_: asked.append(1) or QMessageBox.StandardButton.Cancel
    )
    assert not window.close()
    assert asked
    # when one gets a star after all is saved, that is to be saved as well
    window.files.path = tmp_path / "a.ora"
    assert window.files.save()
    assert not window.isWindowModified()
    window.session.strip.star([0], starred=True)
    assert window.isWindowModified()


def test_a_bug_makes_a_copy_first(open_window, tmp_path, monkeypatch):
    window = open_window()
    Autosave(window, Journal(tmp_path))
    change(window)
    seen = []
    monkeypatch.setattr(QMessageBox, "open", lambda _box: seen.extend(tmp_path.glob("*.ora")))
    window.files.show_error(ZeroDivisionError("oops"))
    assert len(seen) == 1


def test_saving_discards_the_copy(open_window, tmp_path):
    window = open_window()
    autosave = Autosave(window, Journal(tmp_path / "recovery"))
    change(window)
    autosave.flush()
    window.files.path = tmp_path / "a.ora"
    assert window.files.save()
    assert list((tmp_path / "recovery").glob("*.ora")) == []


@pytest.mark.parametrize("answer", [YES, NO])
def test_work_of_a_crashed_program_is_offered(open_window, tmp_path, monkeypatch, answer):
    window = open_window()
    change(window)
    lost = window.session.document.composite(window.session.document.rect)
    crashed(window, tmp_path)
    window.session.document.undo()
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answer)
    autosave = Autosave(window, Journal(tmp_path))
    assert offer_recovery(window, autosave, tmp_path) is (answer == YES)
    if answer == YES:
        document = window.session.document
        assert np.array_equal(document.composite(document.rect), lost)
        assert window.isWindowModified()
        assert len(list(tmp_path.glob("*.ora"))) == 1
    assert recoverable(tmp_path) == []
