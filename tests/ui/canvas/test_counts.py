"""How many pixels are composited: what is drawn on costs its own size, whatever the picture's."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.canvas.tile_cache import SIDE
from sdedit_desktop.ui.canvas.tools import TOOLS

WIDTH, HEIGHT = 600, 400


class Counted:
    """Pixels that documents composited since the last time it was asked."""

    def __init__(self, monkeypatch):
        self.pixels, real = 0, Document.composite

        def counting(document, rect):
            self.pixels += rect.width * rect.height
            return real(document, rect)

        monkeypatch.setattr(Document, "composite", counting)

    def take(self):
        QApplication.processEvents()
        pixels, self.pixels = self.pixels, 0
        return pixels


@pytest.fixture
def counted(monkeypatch):
    return Counted(monkeypatch)


@pytest.fixture
def large(qtbot, counted):
    """A shown canvas on the middle of 24 megapixels, at 100 %."""
    session = Session(Document(6000, 4000), EditParams("m"))
    view = CanvasView(session, TOOLS[0])
    qtbot.addWidget(view)
    view.resize(WIDTH, HEIGHT)
    view.show()
    qtbot.waitExposed(view)
    view.look(view.viewport.centered(session.document.rect, 1.0))
    assert 0 < counted.take() <= (WIDTH + 2 * SIDE) * (HEIGHT + 2 * SIDE)
    return view, session


def test_a_stroke_and_its_undo_composite_only_the_pixels_they_touch(large, counted):
    view, session = large
    width = 2 * int(session.brush.radius) + 6
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 200))
    assert 0 < counted.take() <= 2 * width**2
    QTest.mouseMove(view, QPoint(140, 200))
    assert 0 < counted.take() <= 2 * width * (width + 40)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(140, 200))
    assert counted.take() <= 2 * width * (width + 40)
    session.document.undo()
    assert counted.take() <= 2 * width * (width + 40)


def test_panning_composites_only_the_part_that_comes_into_view(large, counted):
    view, _ = large
    for _ in range(4):
        view.look(view.viewport.panned(-20, 0))
        assert counted.take() <= SIDE * (HEIGHT + 2 * SIDE)
    for _ in range(4):
        view.look(view.viewport.panned(20, 0))
        assert counted.take() == 0
