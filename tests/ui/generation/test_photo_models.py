"""Photographs as models in the window: the list, the dialog, the offer."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QDialogButtonBox

from sdedit_desktop import paths
from sdedit_desktop.document.files.photo import Photo, as_document, export
from sdedit_desktop.editing import banks, models, presets
from sdedit_desktop.editing.request import DETAILS, Note
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.dialogs.photos import PhotosDialog


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "garden"
    folder.mkdir()
    for number in range(3):
        export(np.full((30, 40, 3), 60 * number, np.uint8), folder / f"{number}.png")
    (folder / "list.txt").write_text("no picture")
    return folder


@pytest.fixture
def own_models(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "user_models", lambda: tmp_path / "models")
    return tmp_path / "models"


def test_this_photo_is_the_first_model_and_says_so(open_window):
    box = open_window().params.model
    assert (box.itemText(0), box.itemData(0)) == ("This photo", models.THIS_PHOTO)
    assert "Nature photographs" in [box.itemText(row) for row in range(box.count())]
    assert (box.itemText(box.count() - 1), box.itemData(box.count() - 1)) == ("Photos…", None)


def test_choosing_another_kind_of_model_sets_its_usual_parameters(open_window, own_network):
    window = open_window()
    box, session = window.params.model, window.session
    session.replace_document(as_document(Photo(np.zeros((40, 40, 3), np.uint8), 8)))
    box.activated.emit(box.findData(models.THIS_PHOTO))
    assert session.params.model == models.THIS_PHOTO
    assert (session.params.t0, session.params.solver) == (0.35, "ddpm")
    assert box.currentText() == "This photo"
    box.activated.emit(box.findData(own_network))
    assert session.params.model == own_network
    usual = presets.defaults(own_network)
    assert (session.params.t0, session.params.calls) == (usual["t0"], usual["calls"])


def test_the_field_of_detail_sets_and_shows_it(open_window):
    window = open_window()
    detail = window.params.detail
    assert [detail.itemData(row) for row in range(detail.count())] == list(DETAILS)
    detail.setCurrentIndex(detail.findData("full"))
    detail.activated.emit(detail.currentIndex())
    assert window.session.params.detail == "full"
    window.session.change_params(replace(window.session.params, detail="off"))
    assert detail.currentData() == "off"


def test_a_dropped_folder_becomes_a_model_that_is_chosen(
    qtbot, open_window, pictures, own_models, monkeypatch
):
    window = open_window()

    def choose(dialog):
        dialog.add([pictures])
        assert dialog.name.text() == "garden"
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(PhotosDialog, "exec", choose)
    box = window.params.model
    box.activated.emit(box.count() - 1)
    qtbot.waitUntil(lambda: window.session.params.model == "garden")
    assert box.currentData() == "garden"
    assert len(banks.load(own_models / "garden").pictures) == 3


def test_a_name_that_is_taken_is_one_sentence(qtbot, open_window, pictures, own_models):
    banks.add(banks.pictures_in(pictures), "garden")
    window = open_window()
    said = []
    window.session.noticed.connect(said.append)
    before = window.session.params.model
    window.photo_models.make(banks.pictures_in(pictures), "garden")
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said[-1].startswith("There is a model named garden")
    assert window.session.params.model == before


def test_the_dialog_wants_pictures_and_a_name(qtbot, open_window, pictures):
    window = open_window()
    dialog = PhotosDialog(window, window.files.places)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled()
    dialog.add([pictures / "1.png", pictures / "1.png", pictures / "list.txt"])
    assert (dialog.count.text(), ok.isEnabled()) == ("1 / 50", False)
    dialog.name.setText("mine")
    assert ok.isEnabled()
    dialog.list.setCurrentRow(0)
    dialog.list.setFocus()
    QTest.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert (dialog.pictures, ok.isEnabled()) == ([], False)


def test_an_offered_model_is_one_click_away(qtbot, open_window, fake_engine):
    class Offering(type(fake_engine())):
        def run(self, request, cancel):
            yield Note(Text("Something is missing."), models.BUNDLED_PHOTOS)
            yield from super().run(request, cancel)

    engine = Offering()
    window = open_window(engine)
    window.session.change_params(replace(window.session.params, seeds=(1,)))
    status = window._making.bar.status
    assert not status.offer.isVisible()
    window.actions_by_id["generate"].trigger()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    assert "Something is missing." in status.text.text()
    assert status.offer.isVisible()
    status.offer.click()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    assert [request.params.model for request in engine.requests][-1] == models.BUNDLED_PHOTOS
