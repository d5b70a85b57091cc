import contextlib
import threading

import file_work
import numpy as np
import pytest
from journals import crash
from PySide6.QtWidgets import QMessageBox

from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.files.journal import recoverable
from sdedit_desktop.document.files.journal.record_log import RecordLog
from sdedit_desktop.editing.candidates.persistence import unpack
from sdedit_desktop.ui.autosave import Autosave, offer_recovery
from sdedit_desktop.ui.dialogs.recovery import RecoveryDialog

YES, NO = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "recovery"


@pytest.fixture
def start(folder):
    """Starts autosaving; each ends with the test."""
    with contextlib.ExitStack() as started:

        def start(window):
            return started.enter_context(contextlib.closing(Autosave(window, folder)))

        yield start


def change(window):
    window.actions_by_id["add_layer"].trigger()
    document = window.session.document
    edit = document.layers[-1].tiles.edit()
    edit.fill(document.rect, 90)
    edit.commit()


def crashed(autosave):
    """Leaves what a killed process leaves: its files, and no lock."""
    autosave._timer.stop()
    crash(autosave._journal)


def left_behind(start, window):
    """A crashed program's unsaved work, and how it looked."""
    autosave = start(window)
    change(window)
    assert autosave.flush()
    document = window.session.document
    picture = document.composite(document.rect)
    crashed(autosave)
    document.undo()
    return picture


def answer(monkeypatch, act):
    """What the user does in the dialog."""
    monkeypatch.setattr(RecoveryDialog, "exec", lambda dialog: act(dialog))


def test_snapshots_are_written_on_another_thread(open_window, start, folder, monkeypatch):
    window = open_window()
    autosave = start(window)
    threads = []
    write = RecordLog._write
    monkeypatch.setattr(
        RecordLog, "_write", lambda *args: (threads.append(threading.get_ident()), write(*args))
    )
    autosave.record()
    assert autosave._journal.flush()
    assert threads == []
    change(window)
    autosave.record()
    assert autosave._journal.flush()
    count = len(threads)
    autosave.record()
    assert autosave._journal.flush()
    assert len(threads) == count > 0
    assert threading.get_ident() not in threads


def test_closing_leaves_nothing_behind(open_window, start, folder):
    window = open_window()
    autosave = start(window)
    change(window)
    autosave.flush()
    window.session.document.history.mark_saved()
    assert window.close()
    assert list(folder.glob("session-*")) == []


def test_candidates_are_in_the_journal_too(
    qtbot, open_window, start, folder, tmp_path, monkeypatch
):
    """Given a picture without changes, when candidates are made, they are kept like changes."""
    window = open_window()
    autosave = start(window)
    assert not window.isWindowModified()
    window.actions_by_id["generate"].trigger()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    # then the window says so, they can be recovered, and they are not thrown away unasked
    assert window.isWindowModified()
    autosave.flush()
    image = window.session.slots[1].candidate.image
    asked = []
    monkeypatch.setattr(
        QMessageBox, "question", lambda *_: asked.append(1) or QMessageBox.StandardButton.Cancel
    )
    assert not window.close()
    assert asked
    # when one gets a star after all is saved, that is to be saved as well
    window.files.path = tmp_path / "a.ora"
    assert file_work.save(window)
    assert not window.isWindowModified()
    window.session.strip.star([0], starred=True)
    assert window.isWindowModified()
    autosave.flush()
    crashed(autosave)
    (recovery,) = recoverable(folder)
    assert recovery.candidates == 2
    kept = unpack(recovery.load().attachments)
    recovery.leave()
    assert [(slot.seed, slot.starred) for slot in kept] == [(1, True), (2, False)]
    assert np.array_equal(kept[1].candidate.image, image)


def test_the_journal_is_written_before_a_bug_is_shown(open_window, start, folder, monkeypatch):
    window = open_window()
    start(window)
    change(window)
    seen = []
    monkeypatch.setattr(QMessageBox, "open", lambda _box: seen.extend(folder.glob("*.journal")))
    window.files.reports.show_error(ZeroDivisionError("oops"))
    assert len(seen) == 1


def test_saved_work_is_marked_as_saved_and_later_changes_are_recovered(
    open_window, start, folder, tmp_path
):
    window = open_window()
    autosave = start(window)
    change(window)
    autosave.flush()
    window.files.path = tmp_path / "a.ora"
    assert file_work.save(window)
    assert autosave._journal.flush()
    assert autosave._journal._writer._contents.about["is_saved"]
    # and what comes after it is to be recovered again, with the steps before it
    change(window)
    autosave.flush()
    crashed(autosave)
    (recovery,) = recoverable(folder)
    assert recovery.title == "a.ora"
    document = window.session.document
    again = recovery.load()
    recovery.leave()
    assert np.array_equal(again.composite(again.rect), document.composite(document.rect))
    assert again.warnings == []
    assert again.history.labels()[:2] == document.history.labels() == ["Add layer"] * 2


def test_work_of_a_crashed_program_is_recovered(open_window, start, folder, monkeypatch):
    window = open_window()
    lost = left_behind(start, window)
    autosave = start(window)
    shown = []

    def recover(dialog):
        shown.append(dialog.list.item(0).text())
        assert not dialog.list.item(0).icon().isNull()
        dialog.recover.click()

    answer(monkeypatch, recover)
    assert offer_recovery(window, autosave, folder)
    document = window.session.document
    assert np.array_equal(document.composite(document.rect), lost)
    assert window.isWindowModified()
    assert "1 step" in shown[0]
    assert len(list(folder.glob("*.journal"))) == 1  # this window's own
    assert recoverable(folder) == []


@pytest.mark.parametrize("act", ["later", "reject"])
def test_a_postponed_recovery_stays_on_disk(open_window, start, folder, monkeypatch, act):
    window = open_window()
    left_behind(start, window)
    autosave = start(window)
    answer(monkeypatch, lambda d: d.later.click() if act == "later" else d.reject())
    assert not offer_recovery(window, autosave, folder)
    (recovery,) = recoverable(folder)
    recovery.leave()


@pytest.mark.parametrize("answers", [[YES, YES], [YES, NO], [NO]])
def test_deleting_is_asked_twice(open_window, start, folder, monkeypatch, answers):
    window = open_window()
    left_behind(start, window)
    autosave = start(window)
    replies = iter(answers)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: next(replies))
    answer(monkeypatch, lambda dialog: dialog.delete.click())
    assert not offer_recovery(window, autosave, folder)
    found = recoverable(folder)
    assert len(found) == (0 if answers == [YES, YES] else 1)
    assert next(replies, None) is None
    for recovery in found:
        recovery.leave()


def test_nothing_is_removed_before_it_is_safe(open_window, start, folder, monkeypatch):
    """Given a full disk, when work is recovered, the old journal stays."""
    window = open_window()
    left_behind(start, window)
    autosave = start(window)

    def full(*_):
        raise OSError(28, "No space left on device")

    dialogs = []
    answer(monkeypatch, lambda dialog: dialogs.append(dialog) or dialog.recover.click())
    with monkeypatch.context() as patch:
        patch.setattr(RecordLog, "_write", full)
        assert offer_recovery(window, autosave, folder)
        assert not autosave.flush()
    crashed(autosave)
    dialogs[0].chosen.leave()
    (recovery,) = recoverable(folder)
    document = window.session.document
    again = recovery.load()
    recovery.leave()
    assert np.array_equal(again.composite(again.rect), document.composite(document.rect))


def test_a_journal_that_cannot_be_written_is_reported_in_the_status_bar(
    qtbot, open_window, start, monkeypatch
):
    """The journal's thread makes no widget: its sentence comes as a signal."""
    window = open_window()
    autosave = start(window)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(RecordLog, "_write", full)
        change(window)
        assert not autosave.flush()
        qtbot.waitUntil(lambda: "No space left" in window.statusBar().currentMessage())
    qtbot.waitUntil(lambda: window.statusBar().currentMessage() == "")
    assert autosave.flush()


def test_documents_are_private(open_window, tmp_path):
    ora_writer.save(open_window().session.document, tmp_path / "a.ora")
    assert (tmp_path / "a.ora").stat().st_mode & 0o077 == 0
