"""Models from files and folders of the user's choice, in the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from sdedit_desktop import paths
from sdedit_desktop.editing import models
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.dialogs.model_card import ModelCardDialog
from sdedit_desktop.ui.dialogs.settings import SettingsDialog


@pytest.fixture(autouse=True)
def own(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "user_models", lambda: tmp_path / "own")


@pytest.fixture
def checkpoint(tmp_path):
    path = tmp_path / "elsewhere" / "faces.pt"
    path.parent.mkdir()
    path.write_bytes(b"")
    return path


def listed(window):
    box = window.params.model
    return {box.itemData(row): box.itemText(row) for row in range(box.count() - 3)}


def test_models_in_the_folders_of_the_settings_are_listed(open_window, checkpoint):
    window = open_window(settings=Settings(model_folders=(str(checkpoint.parent),)))
    assert listed(window)[str(checkpoint)] == "faces"


def test_opening_a_model_uses_it_and_lists_its_folder(open_window, checkpoint, monkeypatch):
    kept = []
    window = open_window(keep=kept.append)
    assert str(checkpoint) not in listed(window)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(checkpoint), ""))
    window.actions_by_id["open_model"].trigger()
    assert window.session.params.model == str(checkpoint)
    assert window.params.model.currentText() == "faces"
    assert kept[-1].model_folders == (str(checkpoint.parent),)
    assert models.locate(str(checkpoint)) == checkpoint


def test_a_folder_of_diffusers_is_opened_by_its_description(open_window, tmp_path):
    window = open_window()
    folder = tmp_path / "elsewhere" / "church"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    window.models.use_file(folder / "config.json")
    assert window.session.params.model == str(folder)


def test_a_checkpoint_can_be_dropped_on_the_window(open_window, checkpoint):
    window = open_window()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(checkpoint))])
    no = Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    copy = Qt.DropAction.CopyAction
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(5, 5), copy, data, left, no))
    QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), copy, data, left, no))
    assert window.session.params.model == str(checkpoint)


def test_folders_are_added_and_removed_in_the_settings(open_window, checkpoint, monkeypatch):
    window = open_window()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(checkpoint.parent))

    def answer(dialog):
        dialog._add()
        dialog._add()
        assert dialog.folders.count() == 1
        return 1

    monkeypatch.setattr(SettingsDialog, "exec", answer)
    window.actions_by_id["settings"].trigger()
    assert window.settings.model_folders == (str(checkpoint.parent),)
    assert str(checkpoint) in listed(window)

    def remove(dialog):
        dialog.folders.setCurrentRow(0)
        dialog._remove()
        return 1

    monkeypatch.setattr(SettingsDialog, "exec", remove)
    window.actions_by_id["settings"].trigger()
    assert str(checkpoint) not in listed(window)


def test_the_folder_of_models_is_made_and_shown(open_window, monkeypatch):
    window = open_window()
    opened = []
    monkeypatch.setattr(
        "sdedit_desktop.ui.menus.models.QDesktopServices.openUrl",
        lambda url: opened.append(Path(url.toLocalFile())) or True,
    )
    window.actions_by_id["show_models"].trigger()
    assert opened == [paths.user_models()]
    assert opened[0].is_dir()


def choose_command(window, text):
    box = window.params.model
    box.setCurrentText(text)
    box.activated.emit(box.findText(text))


def shown_card(window):
    (dialog,) = window.findChildren(ModelCardDialog)
    return dialog


def test_the_card_of_a_model_can_be_read_in_the_window(open_window, tmp_path, qtbot):
    folder = paths.user_models() / "church"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "README.md").write_text("# Churches\n<!-- hidden -->\nTrained on *churches*.")
    window = open_window()
    window.models.use_file(folder / "config.json")
    qtbot.waitUntil(lambda: "church" in window.session.facts)
    choose_command(window, "About this model…")
    assert window.session.params.model == "church"
    text = shown_card(window).browser.toPlainText()
    assert "12,345 parameters" in text
    assert "Something was <guessed>." in text
    assert "Trained on churches." in text
    assert "hidden" not in text
    shown_card(window).reject()


def test_a_model_without_a_card_says_so_and_one_that_is_looked_at_is_shown_then(
    open_window, checkpoint, qtbot
):
    window = open_window()
    window.models.use_file(checkpoint)
    window.session.facts.clear()
    window.actions_by_id["about_model"].trigger()
    dialog = shown_card(window)
    assert "being inspected" in dialog.browser.toPlainText()
    qtbot.waitUntil(lambda: "12,345 parameters" in dialog.browser.toPlainText())
    assert "There is no card" in dialog.browser.toPlainText()
    dialog.reject()


def test_the_card_of_a_broken_model_says_why_it_cannot_be_used(open_window, checkpoint, qtbot):
    window = open_window()
    broken = checkpoint.rename(checkpoint.with_name("broken.pt"))
    window.models.use_file(broken)
    window.actions_by_id["about_model"].trigger()
    dialog = shown_card(window)
    qtbot.waitUntil(lambda: "It is broken." in dialog.browser.toPlainText())
    dialog.reject()


def test_arrow_keys_and_the_wheel_never_open_a_dialog(open_window):
    window = open_window()
    box = window.params.model
    wanted = []
    for signal in (box.card_wanted, box.photos_wanted):
        signal.disconnect()
        signal.connect(lambda: wanted.append(True))
    box.setFocus()
    for _ in range(box.count() + 2):
        QTest.keyClick(box, Qt.Key.Key_Down)
    last = list(listed(window))[-1]
    assert (window.session.params.model, box.currentData(), wanted) == (last, last, [])
    at = QPointF(box.rect().center())
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(
        at, at, QPoint(), QPoint(0, 120), *none, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(box, wheel)
    assert box.currentData() == last
    box.showPopup()
    assert box.model().item(box.count() - 1).isEnabled()
    box.hidePopup()
