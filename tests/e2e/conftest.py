"""What tests of whole windows start from: a small photograph, open in a window."""

import file_work
import numpy as np
import pytest

from sdedit_desktop import paths
from sdedit_desktop.app import engine_factory, make_window
from sdedit_desktop.document.files.photo import export, open_photo
from sdedit_desktop.settings import Settings


@pytest.fixture
def photo(tmp_path):
    """A piece of a bundled photograph, 160 x 120 pixels."""
    whole = open_photo(paths.resources() / "samples" / "meadow.jpg").pixels
    export(np.ascontiguousarray(whole[400:520, 500:660]), tmp_path / "hill.png")
    return tmp_path / "hill.png"


@pytest.fixture
def window(qtbot, will_close, photo):
    """A window with the real engine, in which the photograph is open and the seed stays."""
    window = will_close(make_window(Settings(), engine_factory("cpu", ())))
    window.resize(1200, 800)
    with qtbot.waitExposed(window):
        window.show()
    assert file_work.open_path(window, photo)
    window.session.keeps_seed = True
    return window
