"""Making the mask from strokes and changing it by amounts, with the outcome seen meanwhile."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from sdedit_desktop.document.document import Document
from sdedit_desktop.geometry import Rect
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.dialogs.mask import MaskDialog
from sdedit_desktop.ui.widgets.qimages import from_qimage

BOX = Rect(150, 100, 250, 200)
CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def with_paint(open_window, **options):
    window = open_window(document=Document(400, 300), **options)
    edit = window.session.document.layers[-1].tiles.edit()
    edit.fill(BOX, 255)
    edit.commit()
    window.canvas.setFocus()
    return window


@pytest.fixture
def window(open_window):
    return with_paint(open_window)


def asked(window):
    """The dialog that is open."""
    return next(dialog for dialog in window.findChildren(MaskDialog) if dialog.isVisible())


def end(window, button):
    QTest.mouseClick(
        asked(window).findChild(QDialogButtonBox).button(button), Qt.MouseButton.LeftButton
    )


def accept(window):
    end(window, QDialogButtonBox.StandardButton.Ok)


def mask(window):
    document = window.session.document
    return document.mask.read(document.rect)[..., 0].astype(int)


def is_tinted(window, x, y):
    at = window.canvas.viewport.transform.map(QPointF(x, y)).toPoint()
    color = from_qimage(window.canvas.grab().toImage())[at.y(), at.x(), :3]
    return bool(np.ptp(color.astype(int)) > 20)


def test_the_mask_from_strokes_is_adjusted_by_eye(qtbot, window):
    document = window.session.document
    # Given paint on a layer, and the dialog opened by its key
    QTest.keyClick(window.canvas, Qt.Key.Key_M, CTRL_ALT)
    grow, _feather = asked(window).sliders
    assert not asked(window).isModal()
    # Then the usual mask is seen, though the document has none yet
    assert grow.number == 4
    assert is_tinted(window, 152, 150)
    assert not is_tinted(window, 120, 150)
    assert mask(window).max() == 0
    # When it is to be larger
    grow.set_number(40)
    qtbot.waitUntil(lambda: is_tinted(window, 120, 150))
    assert mask(window).max() == 0
    # When that is accepted
    accept(window)
    # Then it is the mask, in one step
    assert mask(window)[150, 115] == 255
    assert mask(window)[150, 100] == 0
    assert document.history.labels() == ["Mask from strokes"]
    document.undo()
    assert mask(window).max() == 0


def test_a_feathered_mask_fades(window):
    QTest.keyClick(window.canvas, Qt.Key.Key_M, CTRL_ALT)
    grow, feather = asked(window).sliders
    grow.set_number(20)
    feather.set_number(20)
    accept(window)
    row = mask(window)[150, :200]
    assert (np.diff(row) >= 0).all()
    assert row[130] == pytest.approx(128, abs=40)
    assert row[100] < 20
    assert row[160] > 235


def test_cancelling_the_dialog_leaves_mask_and_history_unchanged(window):
    before = from_qimage(window.canvas.grab().toImage())
    QTest.keyClick(window.canvas, Qt.Key.Key_M, CTRL_ALT)
    asked(window).sliders[0].set_number(50)
    asked(window).preview()
    assert not np.array_equal(from_qimage(window.canvas.grab().toImage()), before)
    end(window, QDialogButtonBox.StandardButton.Cancel)
    assert np.array_equal(from_qimage(window.canvas.grab().toImage()), before)
    assert window.session.document.history.labels() == []


def test_the_amounts_are_kept_for_the_key_without_questions_and_for_the_next_start(open_window):
    kept = []
    window = with_paint(open_window, keep=kept.append)
    QTest.keyClick(window.canvas, Qt.Key.Key_M, CTRL_ALT)
    asked(window).sliders[0].set_number(33)
    asked(window).sliders[1].set_number(8)
    accept(window)
    chosen = mask(window)
    assert (kept[-1].strokes_grow, kept[-1].strokes_feather) == (33, 8)
    window.session.document.undo()
    QTest.keyClick(window.canvas, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(mask(window), chosen)
    again = with_paint(open_window, settings=kept[-1])
    QTest.keyClick(again.canvas, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(mask(again), chosen)
    assert Settings().strokes_grow == 0


@pytest.mark.parametrize(
    ("action", "inside", "outside"),
    [("grow_mask", 255, 255), ("shrink_mask", 0, 0), ("feather_mask", 128, 128)],
)
def test_growing_shrinking_and_feathering_are_seen_first(window, action, inside, outside):
    edit = window.session.document.mask.edit()
    edit.fill(BOX, 255)
    edit.commit()
    before = mask(window)
    window.actions_by_id[action].trigger()
    asked(window).sliders[0].set_number(10)
    asked(window).preview()
    assert np.array_equal(mask(window), before)
    accept(window)
    assert mask(window)[150, 151] == pytest.approx(inside, abs=60)
    assert mask(window)[150, 148] == pytest.approx(outside, abs=60)
    assert len(window.session.document.history.labels()) == 1


def test_without_paint_or_mask_no_dialog_opens(open_window):
    window, said = open_window(), []
    window.session.noticed.connect(said.append)
    window.actions_by_id["mask_from_strokes_as"].trigger()
    window.actions_by_id["grow_mask"].trigger()
    assert not [dialog for dialog in window.findChildren(MaskDialog) if dialog.isVisible()]
    assert "Nothing is painted" in said[0]
    assert "no mask" in said[1]


def test_another_document_ends_the_dialog(window):
    QTest.keyClick(window.canvas, Qt.Key.Key_M, CTRL_ALT)
    dialog = asked(window)
    window.files.adopt(Document(50, 40), "other")
    QApplication.processEvents()
    assert dialog not in window.findChildren(MaskDialog)
    assert window.canvas.scene.mask_view.bounds == Rect(0, 0, 0, 0)
