"""Without a mask only the surroundings of the strokes change: it is shown, said and changed."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.photo import Photo, as_document
from sdedit_desktop.editing.regions.scope import Scope, covers_everything, scope_of

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(open_window):
    return open_window(document=as_document(Photo(np.full((300, 400, 3), 90, np.uint8), 8)))


def at(window, x, y):
    return window.canvas.viewport.transform.map(QPointF(x, y)).toPoint()


def paint(window, x=200, y=150):
    QTest.mouseClick(window.canvas, LEFT, PLAIN, at(window, x, y))


def test_the_bar_comes_with_the_first_stroke_and_leads_to_the_whole_picture_and_back(window):
    bar, document = window.scope_bar, window.session.document
    assert not bar.isVisible()
    paint(window)
    assert bar.isVisible()
    assert bar.text.text() == "Only around your strokes will change"
    assert "around the strokes" in window.statusBar()._mask.text()
    QTest.mouseClick(bar.whole, LEFT)
    assert covers_everything(document)
    assert bar.text.text() == "The whole picture will change"
    QTest.mouseClick(bar.strokes, LEFT)
    assert scope_of(document) is Scope.STROKES
    QTest.mouseClick(bar.edit, LEFT)
    assert scope_of(document) is Scope.MASK
    assert window.canvas.tool.name == "mask_brush"
    assert not bar.isVisible()


def test_the_outline_is_seen_while_a_stroke_is_painted(qtbot, window):
    assert window.stroke_outline.lines == []
    QTest.mousePress(window.canvas, LEFT, PLAIN, at(window, 200, 150))
    QTest.mouseMove(window.canvas, at(window, 240, 150))
    qtbot.waitUntil(lambda: window.stroke_outline.lines != [])
    right = max(line.x2() for line in window.stroke_outline.lines)
    assert 240 < right < 300
    QTest.mouseRelease(window.canvas, LEFT, PLAIN, at(window, 240, 150))
    window.session.document.undo()
    qtbot.waitUntil(lambda: window.stroke_outline.lines == [])


def test_nothing_lies_over_a_candidate(qtbot, window):
    paint(window)
    window.actions_by_id["generate"].trigger()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    assert window.canvas.scene.shown_slot is not None
    assert not window.scope_bar.isVisible()
    without = window.canvas.grab().toImage()
    window.stroke_outline.lines = []
    window.canvas.update()
    assert window.canvas.grab().toImage() == without


def test_a_canvas_without_a_photograph_has_no_bar(open_window):
    window = open_window(document=Document(400, 300))
    paint(window)
    assert not window.scope_bar.isVisible()
    assert "whole picture" in window.statusBar()._mask.text()
