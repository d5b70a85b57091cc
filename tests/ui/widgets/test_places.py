"""Dialogs for files begin beside what was opened, and propose its name and format."""

from pathlib import Path

import file_work
import numpy as np
import pytest
from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QFileDialog

from sdedit_desktop.document.files.photo import export
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.dialogs.photos import PhotosDialog
from sdedit_desktop.ui.widgets.places import FilePlaces


@pytest.fixture
def asked(monkeypatch):
    """What each dialog proposed; nothing is chosen."""
    proposals = []

    def ask(_parent, _title, start, *_rest):
        proposals.append(start)
        return "", ""

    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, ask)
    return proposals


@pytest.fixture
def photo(tmp_path):
    def photo(name):
        path = tmp_path / "holiday" / name
        path.parent.mkdir(exist_ok=True)
        export(np.full((40, 50, 3), 90, np.uint8), path)
        return path

    return photo


@pytest.mark.parametrize(
    ("opened", "proposed"),
    [("hill.tif", "hill-edited.tif"), ("hill.png", "hill-edited.png"), ("a.jpg", "a-edited.png")],
)
def test_an_export_lies_beside_the_photo_and_never_on_top_of_it(
    open_window, asked, photo, opened, proposed
):
    window = open_window()
    said = []
    window.session.noticed.connect(said.append)
    path = photo(opened)
    assert file_work.open_path(window, path)
    file_work.trigger(window, "export")
    file_work.trigger(window, "save")
    window.actions_by_id["open"].trigger()
    stem = path.stem
    assert list(map(Path, asked)) == [
        path.parent / proposed,
        path.parent / f"{stem}.ora",
        path.parent,
    ]
    assert any("lossless" in str(sentence) for sentence in said) is opened.endswith(".jpg")


def test_the_last_folder_is_remembered(open_window, photo):
    kept = []
    window = open_window(keep=kept.append)
    path = photo("hill.png")
    file_work.open_path(window, path)
    assert kept[-1].last_folder == str(path.parent)
    places = FilePlaces(lambda **_values: None)
    places.use(kept[-1])
    assert places.folder == path.parent
    assert places.to_save("Untitled") == path.parent / "Untitled.ora"


def test_a_folder_that_is_gone_is_not_offered(tmp_path):
    places = FilePlaces(lambda **_values: None)
    places.use(Settings(last_folder=str(tmp_path / "gone"), photographs_folder=str(tmp_path / "g")))
    assert places.folder == Path.home()
    assert places.photographs == Path.home()


def test_photographs_of_models_have_a_folder_of_their_own(open_window, photo, monkeypatch):
    kept, begun = [], []
    window = open_window(keep=kept.append)
    pictures, elsewhere = photo("hill.png").parent, photo("hill.png").parent.parent
    window.files.places.remember(elsewhere / "document.ora")

    def answer(_parent, _title, begin, *_rest):
        begun.append(Path(begin))
        return str(pictures)

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", answer)
    dialog = PhotosDialog(window, window.files.places)
    dialog._ask_folder()
    window.actions_by_id["train"].trigger()
    window.training.dialog.form._ask_folder()
    assert begun == [elsewhere, pictures]
    assert kept[-1].photographs_folder == str(pictures)
    assert kept[-1].last_folder == str(elsewhere)


def test_the_same_export_again_asks_nothing(open_window, photo, monkeypatch):
    window = open_window(settings=Settings())
    path = photo("hill.png")
    file_work.open_path(window, path)
    target = path.with_name("out.png")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    monkeypatch.setattr("sdedit_desktop.ui.menus.export.ExportDialog.exec", lambda _self: 1)
    file_work.trigger(window, "export_again")  # asks, as nothing was exported yet
    assert target.is_file()
    target.unlink()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", None)
    file_work.trigger(window, "export_again")
    assert target.is_file()


def test_another_window_is_another_process(open_window, photo, monkeypatch):
    window = open_window()
    path = photo("hill.png")
    started = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(
        QProcess, "startDetached", lambda program, words: started.append([program, *words])
    )
    before = window.session.document
    window.actions_by_id["open_in_new_window"].trigger()
    assert started[0][-1] == str(path)
    assert window.session.document is before
