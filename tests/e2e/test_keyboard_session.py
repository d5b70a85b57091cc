"""A first session by keyboard alone, with the real engine: no mouse event is ever sent."""

import sys
from pathlib import Path

import file_work
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from sdedit_desktop import paths
from sdedit_desktop.app import welcome
from sdedit_desktop.document.files.photo import export, open_photo

sys.path.insert(0, str(Path(__file__).parent))
import first_session

KEY = Qt.Key
ALT, CONTROL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qtbot, will_close):
    window = will_close(first_session.open_window("dark", "en"))
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    welcome(window)
    window.canvas.setFocus()
    return window


@pytest.fixture
def photo(tmp_path):
    whole = open_photo(paths.resources() / "samples" / "meadow.jpg").pixels
    export(whole[400:640, 500:820].copy(), tmp_path / "hill.png")
    return tmp_path / "hill.png"


def press(*keys, held=PLAIN):
    """Presses keys where the keyboard is."""
    for key in keys:
        where = QApplication.activePopupWidget() or QApplication.focusWidget()
        QTest.keyClick(where or QApplication.activeWindow(), key, held)
        QApplication.processEvents()


def walk_to(widget, key):
    """Presses a key that moves the keyboard on until a widget has it."""
    for _ in range(40):
        if widget.hasFocus():
            return
        press(key)
    pytest.fail(f"{widget.accessibleName()} cannot be reached")


def choose_in_menu(letter, name):
    """Opens a menu by its letter and chooses an entry with the arrow keys."""
    press(letter, held=ALT)
    menu = QApplication.activePopupWidget()
    for _ in menu.actions():
        press(KEY.Key_Down)
        if menu.activeAction().objectName() == name:
            press(KEY.Key_Return)
            return
    pytest.fail(f"{name} is not in the menu")


def test_from_the_welcome_to_a_saved_document(qtbot, window, photo, tmp_path, monkeypatch):
    target = tmp_path / "hill.ora"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(photo), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    session = window.session

    press(KEY.Key_F1)
    assert window.help.manual.isVisible()
    QTest.keyClick(window.help.manual, KEY.Key_Escape)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.canvas.setFocus()
    press(KEY.Key_O, held=CONTROL)
    file_work.settle(window)
    document = session.document
    assert document.rect[2:] == (320, 240)

    press(KEY.Key_B, KEY.Key_F7, KEY.Key_Space)
    press(KEY.Key_Right, KEY.Key_Right, held=SHIFT)
    press(KEY.Key_Space)
    assert document.history.labels() == ["Brush stroke"]
    assert window.scope_bar.isVisible()

    walk_to(window.params.t0, KEY.Key_F6)
    before = session.params.t0
    press(KEY.Key_Right)
    assert session.params.t0 > before
    walk_to(window.params.count, KEY.Key_Tab)
    press(KEY.Key_1, KEY.Key_Return)
    qtbot.waitUntil(window.canvas.hasFocus)
    walk_to(window.params.t0, KEY.Key_F6)
    walk_to(window.params.calls, KEY.Key_Tab)
    press(KEY.Key_3)
    walk_to(window.params.detail, KEY.Key_Tab)
    press(KEY.Key_Home)
    assert (len(session.params.seeds), session.params.calls, session.params.detail) == (1, 3, "off")

    press(KEY.Key_Return, held=CONTROL)
    job = session.jobs.running
    qtbot.waitUntil(lambda: job.state.is_final)
    assert job.error is None
    walk_to(window.canvas, KEY.Key_F6)
    seen = document.composite(document.rect)
    press(KEY.Key_Return)
    result = document.composite(document.rect)
    assert (result != seen).any()
    press(KEY.Key_Z, held=CONTROL)
    assert (document.composite(document.rect) == seen).all()
    press(KEY.Key_Z, held=CONTROL | SHIFT)
    assert (document.composite(document.rect) == result).all()

    press(KEY.Key_M, KEY.Key_Space, KEY.Key_Down, KEY.Key_Down, KEY.Key_Space)
    assert document.mask.content_rect()
    choose_in_menu(KEY.Key_F, "save")
    qtbot.waitUntil(lambda: document.history.is_saved)
    assert target.is_file()
