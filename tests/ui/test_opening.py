"""Files are opened in the background: the window shows how far that is, and can cancel it."""

from threading import Event

import file_work
import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox

from sdedit_desktop.document.commands import PaintTiles
from sdedit_desktop.document.files.photo import export
from sdedit_desktop.document.layers import LayerKind
from sdedit_desktop.editing import models, presets
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.menus import file as module


@pytest.fixture
def window(open_window):
    return open_window()


@pytest.fixture
def large(tmp_path):
    export(np.full((1200, 900, 3), 90, np.uint8), tmp_path / "large.png")
    return tmp_path / "large.png"


def stroke_on(document, layer_id):
    edit = document.layer(layer_id).tiles.edit()
    edit.fill(Rect(0, 0, 9, 9), (9, 9, 9, 255))
    return PaintTiles(Text("Paint"), ("layer", layer_id), edit.commit())


def test_reading_a_photo_shows_progress_and_can_be_cancelled(window, large, monkeypatch):
    shares = []
    opened = module.open_document

    def watched(path, **options):
        def report(share):
            shares.append(share)
            window.files.task.stop()
            options["report"](share)

        return opened(path, report=report)

    before = window.session.document
    monkeypatch.setattr(module, "open_document", watched)
    assert not file_work.open_path(window, large)
    assert shares == [0.0]
    assert window.session.document is before
    monkeypatch.undo()
    assert file_work.open_path(window, large)
    assert window.session.document.rect[2:] == (900, 1200)
    assert not window.files.task.is_running


def test_strokes_painted_while_a_file_opens_are_asked_about(window, large, monkeypatch):
    opened, asked, painted = module.open_document, [], Event()

    def slow(path, **options):
        assert painted.wait(30)
        return opened(path, **options)

    def paint():
        document = window.session.document
        document.push(stroke_on(document, window.session.active_layer))
        painted.set()

    QTimer.singleShot(0, paint)
    monkeypatch.setattr(module, "open_document", slow)
    button = QMessageBox.StandardButton
    monkeypatch.setattr(QMessageBox, "question", lambda *_: asked.append(1) or button.Cancel)
    before = window.session.document
    assert not file_work.open_path(window, large)
    assert asked
    assert window.session.document is before


def test_a_document_made_with_a_model_that_is_gone_loses_nothing(qtbot, open_window, tmp_path):
    """Given such a document, its candidate is accepted; what it was made with has to suit another.

    The first window's engine knows the model, the second one's is never asked.
    """
    made_in = open_window()
    made_in.session.change_params(EditParams("nature-small", t0=0.77, seeds=(7,)))
    made_in.session.generate()
    qtbot.waitUntil(lambda: made_in.session.jobs.running is None)
    (made,) = made_in.session.slots
    made_in.files.path = tmp_path / "old.ora"
    made_in.actions_by_id["save"].trigger()
    qtbot.waitUntil((tmp_path / "old.ora").is_file)

    window, said = open_window(), []
    assert file_work.open_path(window, tmp_path / "old.ora")
    (slot,) = window.session.slots
    assert slot.made.params == made.made.params
    window.session.noticed.connect(said.append)
    window.candidates.choose(0)
    window.actions_by_id["reuse"].trigger()
    usual = models.BUNDLED_PHOTOS  # on a canvas without a photo
    assert window.session.params == EditParams(usual, seeds=(7,), **presets.defaults(usual))
    assert said == ["The model nature-small was not found; Nature photographs is used instead."]
    window.actions_by_id["accept"].trigger()
    assert LayerKind.RESULT in [layer.kind for layer in window.session.document.layers]
    assert slot.made.params == made.made.params
