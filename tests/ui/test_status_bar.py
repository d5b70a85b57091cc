"""Given a window, when something happens in it, then the line at the bottom tells."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from sdedit_desktop.document.commands import PaintTiles
from sdedit_desktop.editing.request import Candidate, Origin
from sdedit_desktop.geometry import Rect

GREEN = Rect(0, 0, 100, 40)


@pytest.fixture
def window(open_window):
    window = open_window()
    document = window.session.document
    layer = document.layer(window.session.active_layer)
    edit = layer.tiles.edit()
    edit.write(GREEN, np.full((40, 100, 4), (10, 200, 30, 255), np.uint8))
    document.push(PaintTiles("Green", ("layer", layer.id), edit.commit()))
    window.canvas.fit()
    return window


def localized(window, name):
    bar = window.statusBar()
    labels = [*bar.findChildren(QLabel), *bar.findChildren(QLineEdit)]
    found = (label for label in labels if label.accessibleName() == name)
    return next(found).text()


def point_at(window, x, y):
    QTest.mouseMove(window.canvas, window.canvas.viewport.transform.map(QPointF(x, y)).toPoint())


def test_position_and_colour_follow_the_pointer(window, qtbot):
    point_at(window, 50.5, 20.5)
    qtbot.waitUntil(lambda: localized(window, "Colour") == "#0ac81e")
    assert localized(window, "Position") in (
        "50, 20",
        "51, 21",
    )  # a screen pixel is not one of these
    point_at(window, 50.5, 60.5)
    qtbot.waitUntil(lambda: localized(window, "Colour") == "#ffffff")
    window.canvas.pointer_left.emit()
    qtbot.waitUntil(lambda: localized(window, "Colour") == localized(window, "Position") == "")


def test_memory_counts_layers_and_undo(window):
    before = localized(window, "Memory")
    document = window.session.document
    layer = document.layer(window.session.active_layer)
    edit = layer.tiles.edit()
    edit.write(Rect(0, 0, 2000, 1000), np.zeros((1000, 2000, 4), np.uint8) + np.uint8(3))
    document.push(PaintTiles("Much", ("layer", layer.id), edit.commit()))
    tiles = layer.tiles.size_bytes + document.history.size_bytes
    shown = int(localized(window, "Memory").removesuffix(" MB"))
    assert before == "0 MB"
    assert 8 <= tiles / 1e6 <= shown <= tiles / 1e6 + 1


def test_the_status_bar_shows_the_chosen_device_until_a_candidate_names_its_own(window):
    session = window.session
    assert localized(window, "Device") == "Automatic"
    session.change_params(replace(session.params, device="cpu"))
    assert localized(window, "Device") == "Processor"
    job = session.generate()
    origin = Origin(device="a fast one")
    rect = job.request.rect
    picture = np.zeros((rect.height, rect.width, 3), np.uint8)
    made = Candidate(picture, picture[..., 0], rect, session.params, 1, origin)
    session.jobs.candidate_ready.emit(job, made)
    assert localized(window, "Device") == "a fast one"


def test_a_zoom_can_be_typed(window, qtbot):
    field = window.statusBar().zoom
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "150")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.canvas.viewport.scale == 1.5
    assert field.text() == "150 %"
    qtbot.waitUntil(window.canvas.hasFocus)
    field.selectAll()
    QTest.keyClicks(field, "much")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.canvas.viewport.scale == 1.5
    assert field.text() == "150 %"
