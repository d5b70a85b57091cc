"""Cut, copy, paste and dropped pictures, with the system's clipboard and real drop events."""

import subprocess
import sys

import file_work
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import codec
from sdedit_desktop.document.files.photo import export
from sdedit_desktop.document.layers import LayerKind
from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.widgets.qimages import to_qimage

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
BOX = Rect(20, 10, 60, 50)


@pytest.fixture(params=[8, 16])
def depth(request):
    return request.param


@pytest.fixture
def window(open_window, depth):
    """Random half transparent pixels in a box of the active layer, on a coloured ground."""
    window = open_window(document=Document(100, 80, depth))
    document = window.session.document
    full = np.iinfo(document.dtype).max
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, full + 1, (40, 40, 4)).astype(document.dtype)
    pixels[..., :3] = np.minimum(pixels[..., :3], pixels[..., 3:])
    pixels[0, 0, 3] = pixels[-1, -1, 3] = full
    edit = document.layers[-1].tiles.edit()
    edit.write(BOX, pixels)
    edit.commit()
    window.canvas.setFocus()
    return window


def key(window, name, keys=CTRL):
    QTest.keyClick(window.canvas, getattr(Qt.Key, f"Key_{name}"), keys)


def mark(window, rect, value=255):
    edit = window.session.document.mask.edit()
    edit.fill(rect, value)
    edit.commit()


def active(window):
    return window.session.document.layer(window.session.active_layer)


ALL = Rect(0, 0, 100, 80)


def read(layer, rect=ALL):
    return layer.tiles.read(rect).astype(int)


def test_masked_pixels_are_cut_from_the_layer_and_pasted_in_place(window):
    document = window.session.document
    # Given a mask over a part of the layer
    strokes, before = active(window), read(active(window))
    mark(window, Rect(30, 20, 50, 40))
    # When it is cut
    key(window, "X")
    # Then nothing is left there, all else is as it was, and it is one step
    after = read(strokes)
    assert after[20:40, 30:50].max() == 0
    after[20:40, 30:50] = before[20:40, 30:50]
    assert np.array_equal(after, before)
    assert document.history.labels() == ["Cut"]
    # When it is pasted in place
    key(window, "V", CTRL | SHIFT)
    # Then it lies exactly where it was, on a layer of its own above, active now
    pasted = active(window)
    assert document.layers.index(pasted) == document.layers.index(strokes) + 1
    assert np.array_equal(read(pasted)[20:40, 30:50], before[20:40, 30:50])
    assert read(pasted).sum() == before[20:40, 30:50].sum()
    # When both are undone
    document.undo()
    document.undo()
    assert np.array_equal(read(strokes), before)


def test_half_masked_pixels_are_cut_by_half(window):
    strokes, before = active(window), read(active(window))
    mark(window, Rect(0, 0, 100, 80), 100)
    key(window, "X")
    key(window, "V", CTRL | SHIFT)
    step = 1
    assert np.abs(read(strokes) + read(active(window)) - before).max() <= step
    share = 100 / 255
    assert np.abs(read(active(window)) - before * share).max() <= step


def test_copy_takes_the_layer_and_copy_merged_the_composite(window):
    document = window.session.document
    before = read(active(window), BOX)
    key(window, "C")
    assert document.history.labels() == []
    key(window, "V", CTRL | SHIFT)
    assert np.array_equal(read(active(window), BOX), before)
    document.undo()
    seen = document.composite(document.rect)
    key(window, "C", CTRL | SHIFT)
    key(window, "V", CTRL | SHIFT)
    assert np.array_equal(active(window).tiles.read(document.rect), seen)


def test_pasting_puts_a_picture_in_the_middle_of_the_view(window):
    view = window.canvas.viewport
    point = view.transform.map(QPointF(70, 30))
    window.canvas.look(view.panned(view.width / 2 - point.x(), view.height / 2 - point.y()))
    QGuiApplication.clipboard().setImage(to_qimage(np.full((20, 10, 4), 255, np.uint8)))
    key(window, "V")
    assert active(window).tiles.content_rect() == pytest.approx((65, 20, 75, 40), abs=1)
    assert window.session.document.history.labels() == ["Paste"]


def test_a_notice_says_why_nothing_was_cut_copied_or_pasted(window):
    said = []
    window.session.noticed.connect(said.append)
    active(window).alpha_locked = True
    key(window, "X")
    window.session.activate_layer(window.session.document.layers[0].id)
    key(window, "X")
    assert len(said) == 2
    assert all("locked" in text for text in said)
    window.session.add_layer()
    key(window, "C")
    assert "nothing" in said[-1]
    QGuiApplication.clipboard().setText("words")
    key(window, "V")
    assert "no picture" in said[-1]
    assert window.session.document.history.labels() == ["Add layer"]


def test_a_layer_is_copied_as_its_own_mask_shows_it(window):
    layer = active(window)
    window.actions_by_id["add_layer_mask"].trigger()
    edit = layer.mask.edit()
    edit.fill(Rect(0, 0, 40, 80), 0)
    edit.commit()
    before = read(layer)
    key(window, "C")
    key(window, "V", CTRL | SHIFT)
    assert read(active(window))[:, :40].max() == 0
    assert np.array_equal(read(active(window))[:, 40:], before[:, 40:])


def test_pasting_converts_colours_between_documents_of_different_profiles(window):
    wide = codec.to_vips(np.zeros((2, 2, 3), np.uint8))
    wide = wide.icc_transform("p3", input_profile="srgb").get("icc-profile-data")
    document = window.session.document
    full = np.iinfo(document.dtype).max
    red = (np.array([0.8, 0.2, 0.2, 1]) * full).astype(document.dtype)
    edit = active(window).tiles.edit()
    edit.fill(Rect(0, 0, 100, 80), tuple(red.tolist()))
    edit.commit()
    key(window, "C")
    document.icc = wide
    key(window, "V", CTRL | SHIFT)
    there = active(window).tiles.read(Rect(5, 5, 6, 6))[0, 0] / full
    # The same red is less of the wider gamut's.
    assert there[0] < 0.79
    key(window, "C")
    key(window, "V", CTRL | SHIFT)
    again = active(window).tiles.read(Rect(5, 5, 6, 6))[0, 0] / full
    assert np.array_equal(again, there)  # within one document nothing is converted
    document.icc = None
    key(window, "V", CTRL | SHIFT)
    back = active(window).tiles.read(Rect(5, 5, 6, 6))[0, 0].astype(int)
    assert np.abs(back - red).max() <= 0.012 * full


# --- files --------------------------------------------------------------------------------------


@pytest.fixture
def pictures(tmp_path):
    paths = [tmp_path / "red.png", tmp_path / "blue.png"]
    for path, color in zip(paths, ((200, 10, 10), (10, 10, 200)), strict=True):
        export(np.full((20, 30, 3), color, np.uint8), path)
    return paths


def drop(window, paths=(), *, at=None, keys=PLAIN, image=None):
    data = QMimeData()
    if paths:
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    if image is not None:
        data.setImageData(image)
    where = at or window.canvas.geometry().center()
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(where, copy, data, LEFT, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(where), copy, data, LEFT, keys))


def names(window):
    return [layer.name for layer in window.session.document.layers]


def test_a_dropped_file_asks_at_the_pointer_and_enter_opens_it(window, pictures):
    document = window.session.document
    drop(window, pictures[:1])
    assert window.drops.menu.isVisible()
    assert window.session.document is document
    QTest.keyClick(window.drops.menu, Qt.Key.Key_Return)
    file_work.settle(window)
    assert window.session.document.rect == Rect(0, 0, 30, 20)
    assert window.session.document.layers[0].kind is LayerKind.PHOTO


def test_a_dropped_file_becomes_a_layer_when_that_is_chosen(window, pictures):
    document = window.session.document
    drop(window, pictures[:1])
    QTest.keyClick(window.drops.menu, Qt.Key.Key_Down)
    QTest.keyClick(window.drops.menu, Qt.Key.Key_Return)
    assert window.session.document is document
    assert names(window) == ["Background", "Strokes", "red"]
    assert active(window).tiles.content_rect() == pytest.approx((35, 30, 65, 50), abs=1)
    assert document.history.labels() == ["Add picture"]
    document.undo()
    assert names(window) == ["Background", "Strokes"]


def test_escape_leaves_everything_as_it_was(window, pictures):
    document = window.session.document
    drop(window, pictures)
    QTest.keyClick(window.drops.menu, Qt.Key.Key_Escape)
    assert window.session.document is document
    assert names(window) == ["Background", "Strokes"]


@pytest.mark.parametrize("how", ["shift", "on the layers"])
def test_shift_and_the_panel_of_layers_mean_layers_all_in_one_step(window, pictures, how):
    if how == "shift":
        drop(window, pictures, keys=SHIFT)
    else:
        panel = window.layers
        drop(window, pictures, at=panel.mapTo(window, panel.rect().center()))
    assert not window.drops.menu.isVisible()
    assert names(window) == ["Background", "Strokes", "red", "blue"]
    assert window.session.document.history.labels() == ["Add picture"]
    top = window.session.document.dtype(np.iinfo(window.session.document.dtype).max // 255)
    rect = active(window).tiles.content_rect()
    assert (active(window).tiles.read(rect)[..., :3] == np.array([10, 10, 200]) * top).all()


def test_ctrl_means_open_and_unsaved_changes_are_asked_about(window, pictures, monkeypatch):
    window.session.add_layer()
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Cancel)
    drop(window, pictures[:1], keys=CTRL)
    assert "Strokes" in names(window)
    window.session.document.history.mark_saved()
    drop(window, pictures[:1], keys=CTRL)
    file_work.settle(window)
    assert window.session.document.rect == Rect(0, 0, 30, 20)


def test_a_bad_file_among_many_adds_nothing_and_is_named(window, pictures, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(QMessageBox, "open", lambda box: shown.append(box.text()))
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    drop(window, [*pictures, bad], keys=SHIFT)
    assert names(window) == ["Background", "Strokes"]
    assert len(shown) == 1
    assert "bad.png" in shown[0]


def test_a_picture_without_a_file_becomes_a_layer(window):
    drop(window, image=to_qimage(np.full((20, 10, 4), 255, np.uint8)))
    assert names(window)[-1] == "Dropped"


def test_copied_files_are_pasted_and_a_document_is_added_as_it_is_seen(
    window, pictures, tmp_path, monkeypatch
):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(pictures[0]))])
    QGuiApplication.clipboard().setMimeData(data)
    key(window, "V")
    assert names(window)[-1] == "red"
    window.files.path = tmp_path / "whole.ora"
    assert file_work.save(window)
    seen = window.session.document.composite(window.session.document.rect)
    monkeypatch.setattr(
        QFileDialog, "getOpenFileNames", lambda *_: ([str(tmp_path / "whole.ora")], "")
    )
    window.actions_by_id["add_picture"].trigger()
    assert names(window)[-1] == "whole"
    assert np.array_equal(active(window).tiles.read(window.session.document.rect), seen)


def test_the_program_ends_without_an_error_with_its_own_picture_on_the_clipboard():
    code = """
from PySide6.QtCore import QTimer
from sdedit_desktop.app import make_app, make_window
from sdedit_desktop.settings import Settings
app = make_app(Settings())
window = make_window(Settings(), lambda: None)
window.show()
window.session.activate_layer(window.session.document.layers[0].id)
window.actions_by_id["copy"].trigger()
assert not app.clipboard().image().isNull()
QTimer.singleShot(0, window.close)
app.exec()
"""
    subprocess.run([sys.executable, "-c", code], check=True)
