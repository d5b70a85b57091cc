import file_work
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
)

from sdedit_desktop.document.files.photo import open_photo
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.dialogs.export import ExportDialog
from sdedit_desktop.ui.dialogs.settings import SettingsDialog
from sdedit_desktop.ui.menus.menu_bar import ACTIONS


@pytest.fixture
def dialog(qtbot):
    dialog = SettingsDialog(None, Settings(theme="dark"), ACTIONS)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_fields_that_are_not_edited_keep_their_values(dialog):
    assert dialog.chosen == Settings(theme="dark")


def test_every_field_is_named_and_explained(dialog):
    for kind in (QComboBox, QAbstractSpinBox):
        for field in dialog.findChildren(kind):
            assert field.accessibleName()
            assert field.toolTip()
    for field in dialog.findChildren(QAbstractButton):
        assert field.text() or field.accessibleName() or isinstance(field.parent(), QLineEdit)


def test_chosen_values_are_returned(dialog):
    dialog.theme.setCurrentIndex(dialog.theme.findData("light"))
    dialog.history.setValue(64)
    dialog.provenance.setChecked(False)
    dialog._show_mask_color("#00ff00")
    chosen = dialog.chosen
    assert (chosen.theme, chosen.history_bytes) == ("light", 64 << 20)
    assert (chosen.provenance, chosen.mask_color) == (False, "#00ff00")


def test_keys_that_are_used_are_named_and_not_taken(dialog):
    page = dialog.shortcuts
    assert not page.bind("eraser", "B")
    assert "Brush" in page.problem.text()
    assert page.bind("eraser", "K")
    assert page.problem.text() == ""
    assert dialog.chosen.shortcuts == ("eraser=K",)
    page.reset_all.click()
    assert dialog.chosen.shortcuts == ()


def test_actions_are_searched(dialog):
    page = dialog.shortcuts
    page.search.setText("eraser")
    shown = [item.text(0) for item in page._items.values() if not item.isHidden()]
    assert shown == ["Eraser", "Mask eraser"]


def test_other_keys_work_at_once(qtbot, open_window, monkeypatch):
    kept = []
    window = open_window(keep=kept.append)

    def answer(dialog):
        dialog.shortcuts.bind("eraser", "K")
        return SettingsDialog.DialogCode.Accepted

    monkeypatch.setattr(SettingsDialog, "exec", answer)
    window.actions_by_id["settings"].trigger()
    assert kept[-1].shortcuts == ("eraser=K",)
    QTest.keyClick(window.canvas, Qt.Key.Key_K)
    assert window.canvas.tool.name == "eraser"
    QTest.keyClick(window.canvas, Qt.Key.Key_B)
    QTest.keyClick(window.canvas, Qt.Key.Key_E)
    assert window.canvas.tool.name == "brush"


@pytest.mark.parametrize("tells", [True, False])
def test_exports_say_how_they_were_made_if_wanted(qtbot, open_window, tmp_path, monkeypatch, tells):
    window = open_window(settings=Settings(provenance=tells))
    job = window.session.generate()
    qtbot.waitUntil(lambda: job.state is JobState.FINISHED)
    window.session.accept(window.session.slots[0].candidate)
    path = tmp_path / "out.png"
    chosen = str(path), "PNG (*.png)"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: chosen)
    monkeypatch.setattr(ExportDialog, "exec", lambda _dialog: QDialog.DialogCode.Accepted)
    assert file_work.export(window)
    assert (b"sdedit" in path.read_bytes()) is tells
    assert open_photo(path).pixels.shape == (80, 100, 3)
