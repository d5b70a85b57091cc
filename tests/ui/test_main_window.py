import gc
import subprocess
import sys
import threading
import weakref
from dataclasses import replace

import file_work
import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QListView,
    QMenu,
    QMessageBox,
    QScrollBar,
)

from sdedit_desktop.app import make_window
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.photo import export, open_photo
from sdedit_desktop.document.layers import LayerKind
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.errors import ModelError
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.dialogs.export import ExportDialog
from sdedit_desktop.ui.dialogs.size import SizeDialog

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier
CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QListView, QLineEdit)


def paint(window, x=50, y=40):
    at = window.canvas.viewport.transform.map(QPointF(x, y)).toPoint()
    QTest.mouseClick(window.canvas, LEFT, PLAIN, at)


def finished(window, qtbot):
    window.actions_by_id["generate"].trigger()
    job = window.session.jobs.running
    qtbot.waitUntil(lambda: job.state is JobState.FINISHED)
    return job


@pytest.fixture
def boxes(monkeypatch):
    """Texts of the dialogs that were shown."""
    shown = []
    monkeypatch.setattr(QMessageBox, "open", lambda box: shown.append(box.text()))
    return shown


def test_every_control_has_a_tooltip_and_an_accessible_name(open_window):
    window = open_window()
    nameless = [
        f"{type(control).__name__} in {type(control.parent()).__name__}"
        for kind in CONTROLS
        for control in window.findChildren(kind)
        if not _is_part_of_qt(control) and not (control.accessibleName() and control.toolTip())
    ]
    assert nameless == []


def _is_part_of_qt(control):
    """Scroll bars, buttons of docks and tabs, lists and fields inside of other controls."""
    owner = control.parent().metaObject().className()
    return isinstance(control, QScrollBar) or owner in {
        "QDockWidget",
        "QMainWindowTabBar",
        "QTabBar",
        "QMenuBar",
        "QSpinBox",
        "QComboBox",
        "QComboBoxPrivateContainer",
    }


@pytest.mark.parametrize(
    ("key", "tool"), [("B", "brush"), ("E", "eraser"), ("M", "mask_brush"), ("H", "hand")]
)
def test_keys_choose_tools(open_window, key, tool):
    window = open_window()
    window.actions_by_id["eyedropper"].trigger()
    QTest.keyClick(window.canvas, getattr(Qt.Key, f"Key_{key}"))
    assert window.canvas.tool.name == tool
    assert window.actions_by_id[tool].isChecked()


def test_keys_set_the_brush(open_window):
    window = open_window()
    radius = window.session.brush.radius
    QTest.keyClick(window.canvas, Qt.Key.Key_BracketRight)
    assert window.session.brush.radius > radius
    QTest.keyClick(window.canvas, Qt.Key.Key_3)
    assert window.session.brush.opacity == 0.3
    QTest.keyClick(window.canvas, Qt.Key.Key_X)
    assert window.session.brush.color == (255, 255, 255)


def test_tab_hides_the_panels_and_brings_them_back(open_window):
    window = open_window()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    assert not window.generate_bar.isVisible()
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    assert window.generate_bar.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_a_field_gives_the_keyboard_back(qtbot, open_window, key):
    window = open_window()
    field = window.params.calls
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "7")
    QTest.keyClick(field, key)
    qtbot.waitUntil(window.canvas.hasFocus)
    assert window.session.params.calls == 7
    QTest.keyClick(window.canvas, Qt.Key.Key_M)
    assert window.canvas.tool.name == "mask_brush"


def test_the_canvas_takes_the_keyboard_when_the_pointer_enters(open_window):
    window = open_window()
    window.params.calls.setFocus()
    at = QPointF(5, 5)
    QApplication.sendEvent(window.canvas, QEnterEvent(at, at, at))
    assert window.canvas.hasFocus()


def test_enter_accepts_from_anywhere_but_a_field(qtbot, open_window):
    window = open_window()
    finished(window, qtbot)
    layers = len(window.session.document.layers)
    window.params.calls.setFocus()
    QTest.keyClick(window.params.calls, Qt.Key.Key_Return)
    assert len(window.session.document.layers) == layers
    window.params.t0.setFocus()
    QTest.keyClick(window.params.t0, Qt.Key.Key_Return)
    assert len(window.session.document.layers) == layers + 2


def test_from_stroke_to_accepted_candidate_and_back(qtbot, open_window):
    window = open_window()
    session = window.session
    start = session.document.composite(session.document.rect)
    paint(window)
    painted = session.document.composite(session.document.rect)
    finished(window, qtbot)
    assert window.candidates.chosen_index() == 0
    window.candidates.setFocus()
    QTest.keyClick(window.candidates, Qt.Key.Key_Return)
    accepted = session.document.composite(session.document.rect)
    assert (accepted[..., :3] == 101).all()
    window.actions_by_id["undo"].trigger()
    assert np.array_equal(session.document.composite(session.document.rect), painted)
    window.actions_by_id["undo"].trigger()
    assert np.array_equal(session.document.composite(session.document.rect), start)
    session.document.go_to(2)
    assert np.array_equal(session.document.composite(session.document.rect), accepted)


def test_painting_on_a_result_puts_the_paint_above_it(qtbot, open_window):
    window = open_window()
    document = window.session.document
    finished(window, qtbot)
    window.actions_by_id["accept"].trigger()
    result = next(layer for layer in document.layers if layer.kind is LayerKind.RESULT)
    window.session.activate_layer(result.id)
    before = result.tiles.read(document.rect)
    paint(window)
    assert document.composite(document.rect)[40, 50, 0] == 0
    assert np.array_equal(result.tiles.read(document.rect), before)
    assert document.layer(window.session.active_layer).kind is LayerKind.PAINT


def test_escape_stops_the_job(qtbot, open_window, fake_engine):
    gate = threading.Event()
    window = open_window(fake_engine(steps=50, gate=gate))
    window.actions_by_id["generate"].trigger()
    job = window.session.jobs.running
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    gate.set()
    qtbot.waitUntil(lambda: job.state is JobState.CANCELLED)
    assert window.session.slots == []


def test_stop_is_there_while_something_runs_and_escape_leaves_a_candidate(qtbot, open_window):
    window = open_window()
    stop = window.actions_by_id["stop"]
    assert not stop.isEnabled()
    finished(window, qtbot)
    qtbot.waitUntil(lambda: not stop.isEnabled())
    assert window.candidates.chosen_slot() is not None
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.candidates.chosen_slot() is None


def test_another_picture_says_nothing_of_the_last_ones_jobs(qtbot, open_window):
    window = open_window()
    status = window.generate_bar.status
    finished(window, qtbot)
    assert status.text.text().startswith("Done")
    window.files.adopt(Document(60, 50), "another")
    assert status.text.text() == "Ready"
    assert status.bar.value() == 0


def test_stopping_is_said_at_once(qtbot, open_window, fake_engine):
    gate = threading.Event()
    window = open_window(fake_engine(steps=50, gate=gate))
    window.actions_by_id["generate"].trigger()
    window.actions_by_id["stop"].trigger()
    assert window.generate_bar.status.text.text() == "Stopping…"


def test_f5_repeats_the_last_job_on_the_picture_as_it_is_now(qtbot, open_window, fake_engine):
    engine = fake_engine()
    window = open_window(engine)
    repeat = window.actions_by_id["repeat"]
    assert not repeat.isEnabled()
    job = finished(window, qtbot)
    window.session.change_params(replace(window.session.params, t0=0.9))
    paint(window)
    QTest.keyClick(window.canvas, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    assert engine.requests[1].params == job.request.params
    assert not np.array_equal(engine.requests[0].guide, engine.requests[1].guide)


def test_a_right_click_offers_brushes_and_the_last_colours(open_window):
    window = open_window()
    window.session.change_brush(replace(window.session.brush, color=(10, 200, 90)))
    paint(window)
    window.session.change_brush(replace(window.session.brush, color=(0, 0, 0)))
    menu = window.findChild(QMenu, "brush_menu")
    window.canvas.customContextMenuRequested.emit(QPoint(50, 50))
    assert menu.isVisible()
    texts = [action.text() for action in menu.actions()]
    assert "#0ac85a" in texts
    assert "Pencil" in texts
    menu.actions()[texts.index("#0ac85a")].trigger()
    assert window.session.brush.color == (10, 200, 90)
    menu.close()


def test_a_mask_from_strokes_is_seen_during_a_preview(qtbot, open_window):
    window = open_window()
    paint(window)
    finished(window, qtbot)
    window.actions_by_id["mask_from_strokes"].trigger()
    assert window.canvas.scene.shown_slot is None


def test_closing_while_a_job_runs_asks_once_and_stops_it(
    qtbot, open_window, fake_engine, monkeypatch
):
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    window = open_window(fake_engine(steps=10**9))
    window.actions_by_id["generate"].trigger()
    job = window.session.jobs.running
    qtbot.waitUntil(lambda: job.progress is not None)
    assert not window.close()
    assert job.state is JobState.RUNNING
    assert window.close()
    assert answers == []
    assert not window._worker._thread.isRunning()


def test_a_bug_in_a_job_is_said_once(qtbot, open_window, fake_engine, boxes, caplog):
    window = open_window(fake_engine(error=ZeroDivisionError("oops")))
    found = []
    window.files.reports.bug_found.connect(lambda: found.append(True))
    window.actions_by_id["generate"].trigger()
    qtbot.waitUntil(lambda: boxes != [])
    assert "Your picture is safe" in boxes[0]
    assert found == [True]  # the journal is flushed


def test_a_new_seed_is_rolled_unless_it_is_kept(qtbot, open_window):
    window = open_window()
    assert finished(window, qtbot).request.params.seeds == (1, 2)
    window.session.keeps_seed = False
    seeds = {finished(window, qtbot).request.params.seeds for _ in range(3)}
    assert len(seeds) > 1
    assert all(second == first + 1 for first, second in seeds)


def test_more_realistic_and_more_faithful_halve_the_range(qtbot, open_window):
    window = open_window()
    finished(window, qtbot)
    tried = []
    for name in ("more_realistic", "more_faithful", "more_faithful"):
        window.actions_by_id[name].trigger()
        job = window.session.jobs.running
        tried.append(job.request.params.t0)
        qtbot.waitUntil(lambda job=job: job.state is JobState.FINISHED)
        assert job.request.params.seeds == (1, 2)
    assert tried == [0.75, 0.625, 0.562]


def test_the_title_tells_whether_it_is_saved(open_window, tmp_path, monkeypatch):
    window = open_window()
    assert not window.isWindowModified()
    paint(window)
    assert window.isWindowModified()
    path = tmp_path / "picture"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    file_work.trigger(window, "save")
    assert not window.isWindowModified()
    assert "picture.ora" in window.windowTitle()
    assert (tmp_path / "picture.ora").is_file()


def test_a_saved_document_reopens_equal(qtbot, open_window, tmp_path):
    kept = []
    window = open_window(keep=kept.append)
    paint(window)
    document = window.session.document
    edit = document.mask.edit()
    edit.fill(type(document.rect)(5, 5, 30, 20), 200)
    edit.commit()
    finished(window, qtbot)
    path = tmp_path / "a.ora"
    window.files.path = path
    assert file_work.save(window)
    before = document.composite(document.rect), document.mask.read(document.rect)
    assert file_work.open_path(window, path)
    again = window.session.document
    assert again is not document
    assert np.array_equal(again.composite(again.rect), before[0])
    assert np.array_equal(again.mask.read(again.rect), before[1])
    assert [slot.seed for slot in window.session.slots] == [1, 2]
    assert kept[-1].recent_files == (str(path),)


@pytest.mark.parametrize("suffix", ["png", "tif", "webp", "jpg"])
def test_an_exported_file_equals_the_composite(open_window, tmp_path, monkeypatch, suffix):
    window = open_window()
    paint(window)
    path = tmp_path / f"out.{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(ExportDialog, "exec", lambda _: ExportDialog.DialogCode.Accepted)
    file_work.trigger(window, "export")
    pixels = open_photo(path).pixels
    document = window.session.document
    expected = document.composite(document.rect)[..., :3]
    slack = 0 if suffix in {"png", "tif"} else 60
    assert np.abs(pixels[..., :3].astype(int) - expected).max() <= slack


def test_files_can_be_dropped(qtbot, open_window, tmp_path):
    path = tmp_path / "photo.png"
    export(np.full((30, 50, 3), 77, np.uint8), path)
    window = open_window()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy = Qt.DropAction.CopyAction
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(5, 5), copy, data, LEFT, PLAIN))
    QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), copy, data, LEFT, PLAIN))
    QTest.keyClick(window.drops.menu, Qt.Key.Key_Return)
    file_work.settle(window)
    document = window.session.document
    assert document.rect[2:] == (50, 30)
    assert (document.composite(document.rect)[..., :3] == 77).all()


def test_a_bad_file_gives_one_sentence_and_loses_nothing(open_window, tmp_path, boxes):
    path = tmp_path / "no.png"
    path.write_bytes(b"not a picture")
    window = open_window()
    document = window.session.document
    assert not file_work.open_path(window, path)
    assert window.session.document is document
    assert len(boxes) == 1
    assert "no.png" in boxes[0]


@pytest.mark.parametrize("answer", ["Save", "Discard", "Cancel"])
def test_unsaved_changes_are_asked_about(open_window, tmp_path, monkeypatch, answer):
    window = open_window()
    paint(window)
    document = window.session.document
    window.files.path = tmp_path / "a.ora"
    button = getattr(QMessageBox.StandardButton, answer)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: button)
    other = tmp_path / "photo.png"
    export(np.zeros((3, 3, 3), np.uint8), other)
    assert file_work.open_path(window, other) is (answer != "Cancel")
    assert (window.session.document is document) is (answer == "Cancel")
    assert (tmp_path / "a.ora").exists() is (answer == "Save")


def test_recent_files_are_offered(open_window):
    window = open_window(settings=Settings(recent_files=("/a/b.ora", "/c.png")))
    window._recent.aboutToShow.emit()
    assert [action.text() for action in window._recent.actions()] == ["/a/b.ora", "/c.png"]
    assert all(isinstance(action, QAction) for action in window._recent.actions())


def test_the_window_remembers_its_place(qtbot, open_window):
    kept = []
    window = open_window(keep=kept.append)
    window.close()
    assert kept[-1].window_geometry
    assert kept[-1].window_state


def test_the_icons_follow_the_theme(qapp, open_window):
    from sdedit_desktop.ui.widgets import theme

    window = open_window()
    icon = window.actions_by_id["brush"].icon
    dark = icon().pixmap(24, 24).toImage()
    theme.choose(qapp, "light")
    assert icon().pixmap(24, 24).toImage() != dark


def test_showing_the_window_leaves_torch_unloaded():
    code = """
import sys
from PySide6.QtWidgets import QApplication
from sdedit_desktop import app, settings
qt = app.make_app(settings.Settings())
window = app.make_window(settings.Settings(), app.engine_factory("cpu", ()))
window.show()
app.welcome(window)
qt.processEvents()
assert "torch" not in sys.modules
assert window.close()
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_picture_of_the_size_that_was_asked_for(open_window, monkeypatch):
    window = open_window()

    def answer(dialog):
        dialog.width_box.setValue(321)
        dialog.height_box.setValue(123)
        return SizeDialog.DialogCode.Accepted

    monkeypatch.setattr(SizeDialog, "exec", answer)
    window.actions_by_id["new"].trigger()
    assert window.session.document.rect == Document(321, 123).rect
    window.actions_by_id["turn_image_right"].trigger()
    assert window.session.document.rect == Document(123, 321).rect
    seen = window.canvas.viewport.to_view(window.session.document.rect)
    assert window.canvas.rect().contains(seen.toAlignedRect())
    window.actions_by_id["undo"].trigger()
    assert window.session.document.rect == Document(321, 123).rect


def test_scaling_keeps_proportions(open_window, monkeypatch):
    window = open_window(document=Document(200, 100))

    def answer(dialog):
        dialog.width_box.setValue(300)
        return SizeDialog.DialogCode.Accepted

    monkeypatch.setattr(SizeDialog, "exec", answer)
    window.actions_by_id["scale_image"].trigger()
    assert window.session.document.rect == Document(300, 150).rect


def test_the_copied_composite_can_be_pasted_as_a_layer(open_window):
    window = open_window()
    paint(window)
    document = window.session.document
    seen = document.composite(document.rect)
    window.actions_by_id["copy_seen"].trigger()
    document.go_to(0)
    window.actions_by_id["paste"].trigger()
    assert np.array_equal(document.composite(document.rect), seen)
    assert document.history.labels() == ["Paste"]
    assert document.layer(window.session.active_layer).name == "Pasted"


def test_the_same_sentence_is_not_said_twice_at_once(open_window):
    window = open_window()
    for _ in range(2):
        window.files.reports.show_error(ModelError("There is no model."))
    boxes = window.findChildren(QMessageBox)
    assert [box.text() for box in boxes] == ["There is no model."]
    boxes[0].accept()
    window.files.reports.show_error(ModelError("There is no model."))
    assert window.files.reports.box is not None
    window.files.reports.box.accept()


def test_a_closed_window_leaves_nothing_behind(qapp, nobody_answers, fake_engine):
    """A signal that holds a function which holds its sender would keep the whole window."""
    kept = []
    for _ in range(2):
        window = make_window(Settings(), fake_engine)
        window.show()
        qapp.processEvents()
        kept += map(weakref.ref, (window, window.canvas, window.session, window.session.document))
        window.close()
        window.deleteLater()
        del window
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
    assert [type(reference()) for reference in kept if reference() is not None] == []
