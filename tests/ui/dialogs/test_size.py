"""Given a picture, when its canvas changes, then it lies where it was said to; also undone."""

import numpy as np
import pytest

from sdedit_desktop.document.files.photo import Photo, as_document
from sdedit_desktop.ui.dialogs.size import CanvasSizeDialog

NOISE = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)


@pytest.mark.parametrize(
    ("anchor", "left", "top"),
    [(0, 0, 0), (1, 20, 0), (2, 40, 0), (3, 0, 10), (4, 20, 10), (5, 40, 10), (8, 40, 20)],
)
def test_a_larger_canvas_keeps_the_picture_at_its_anchor(
    open_window, monkeypatch, anchor, left, top
):
    window = open_window(document=as_document(Photo(NOISE, 8)))

    def answer(dialog):
        dialog.anchors.button(anchor).click()
        dialog.width_box.setValue(100)
        dialog.height_box.setValue(60)
        return dialog.DialogCode.Accepted

    monkeypatch.setattr(CanvasSizeDialog, "exec", answer)
    window.actions_by_id["canvas_size"].trigger()
    document = window.session.document
    assert document.rect == (0, 0, 100, 60)
    shown = document.composite(document.rect)
    assert np.array_equal(shown[top : top + 40, left : left + 60, :3], NOISE)
    assert np.count_nonzero(shown[..., 3]) == 40 * 60
    assert document.history.labels() == ["Canvas size"]
    document.undo()
    assert np.array_equal(document.composite(document.rect)[..., :3], NOISE)


def test_a_smaller_canvas_cuts_around_its_anchor(open_window, monkeypatch):
    window = open_window(document=as_document(Photo(NOISE, 8)))

    def answer(dialog):
        dialog.width_box.setValue(30)
        dialog.height_box.setValue(20)
        return dialog.DialogCode.Accepted

    monkeypatch.setattr(CanvasSizeDialog, "exec", answer)
    window.actions_by_id["canvas_size"].trigger()
    document = window.session.document
    assert np.array_equal(document.composite(document.rect)[..., :3], NOISE[10:30, 15:45])
