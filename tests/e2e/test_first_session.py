"""A new user's first minutes, with the real engine, on the smallest screen."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSize

from sdedit_desktop import paths
from sdedit_desktop.document.files.photo import export, open_photo
from sdedit_desktop.ui import window_layout

sys.path.insert(0, str(Path(__file__).parent))
import first_session


@pytest.fixture
def photo(tmp_path):
    """A piece of a bundled photograph, so that this takes seconds."""
    whole = open_photo(paths.resources() / "samples" / "meadow.jpg").pixels
    export(whole[400:640, 500:820].copy(), tmp_path / "hill.png")
    return tmp_path / "hill.png"


def test_the_first_session(qtbot, will_close, photo, tmp_path, monkeypatch):
    size = window_layout.first_size(QSize(1280, 720))
    monkeypatch.setattr(window_layout, "first_size", lambda _available: size)
    window = will_close(first_session.open_window("dark", "en"))
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    steps = list(first_session.tour(window, photo, tmp_path / "tour.ora"))
    assert len(steps) == 8
    assert window.size() == size
