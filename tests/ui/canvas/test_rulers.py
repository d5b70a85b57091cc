import math
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest

from sdedit_desktop.document.document import Document
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.canvas.rulers import THICKNESS, axis_of, ticks
from sdedit_desktop.ui.canvas.viewport import LEAST_SCALE, MOST_SCALE, Viewport
from sdedit_desktop.ui.widgets.qimages import from_qimage

viewports = st.builds(
    Viewport,
    width=st.integers(50, 3000),
    height=st.integers(50, 3000),
    scale=st.floats(LEAST_SCALE, MOST_SCALE),
    x=st.floats(-5000, 5000),
    y=st.floats(-5000, 5000),
    angle=st.sampled_from([0.0, 90.0, 180.0, 270.0]),
    mirrored=st.booleans(),
)


@given(viewports, st.booleans(), st.sampled_from([1.0, 1.25, 2.0]))
def test_ruler_lines_are_where_the_canvas_shows_their_coordinates(viewport, down, ratio):
    axis = axis_of(viewport, down=down)
    length = viewport.height if down else viewport.width
    lines = list(ticks(axis, length, ratio))
    for tick in lines:
        point = QPointF(tick.value, 0) if axis.is_x else QPointF(0, tick.value)
        seen = viewport.transform.map(point)
        assert (seen.y() if down else seen.x()) == pytest.approx(tick.at, abs=0.01)
    places = sorted(tick.at for tick in lines)
    step = max(np.diff(places), default=length)
    assert places[0] <= step + 0.01
    assert places[-1] >= length - step - 0.01
    main = sorted(tick.at for tick in lines if tick.share == 1)
    gaps = np.diff(main)
    assert (gaps >= 60 * ratio).all()
    assert (np.diff(places) >= min(6 * ratio, abs(axis.scale)) - 0.01).all()


@given(viewports, st.booleans())
def test_numbers_are_round(viewport, down):
    axis = axis_of(viewport, down=down)
    main = sorted(t.value for t in ticks(axis, 4000, 1.0) if t.share == 1)
    for step in set(np.diff(main).tolist()):
        assert step / 10 ** math.floor(math.log10(step)) in (1, 2, 5)


def test_an_askew_view_has_no_scale():
    assert axis_of(Viewport(300, 200, angle=15), down=False) is None
    turned = Viewport(300, 200, angle=90)
    assert not axis_of(turned, down=False).is_x
    assert axis_of(turned, down=True).is_x


@pytest.fixture
def window(open_window):
    return open_window(document=Document(600, 400))


def test_rulers_are_hidden_until_asked_for_and_remembered(open_window):
    kept = []
    window = open_window(keep=kept.append)
    assert not window._frame.across.isVisible()
    window.actions_by_id["rulers"].trigger()
    assert window._frame.across.isVisible()
    assert window._frame.across.height() == THICKNESS
    assert window._frame.down.width() == THICKNESS
    assert window._frame.across.width() == window.canvas.width()
    window.session.document.history.mark_saved()
    window.close()
    assert kept[-1].rulers
    again = open_window(settings=Settings(rulers=True))
    assert again._frame.down.isVisible()
    again.actions_by_id["rulers"].trigger()
    assert not again._frame.down.isVisible()


def test_a_line_is_drawn_where_the_picture_begins(window):
    window.actions_by_id["rulers"].trigger()
    view, frame = window.canvas, window._frame
    view.look(view.viewport.centered(window.session.document.rect, 1.0))
    shown = from_qimage(frame.across.grab().toImage())[..., :3].astype(int)
    ground = shown[0, 0]
    begin = round(view.viewport.x)
    columns = np.flatnonzero(np.abs(shown[1] - ground).max(axis=1) > 10)
    assert begin in columns  # a long line at 0; the numbers are to the right of lines
    assert begin - 1 not in columns
    assert begin + 100 in columns


@pytest.mark.parametrize("turn", [0, 90])
def test_the_mark_follows_the_pointer(window, turn):
    window.actions_by_id["rulers"].trigger()
    view, frame = window.canvas, window._frame
    view.look(view.viewport.turned(turn))
    assert frame.across.mark() is None
    for at in (QPoint(50, 50), QPoint(120, 90)):
        QTest.mouseMove(view, at)
    assert frame.across.mark() == pytest.approx(120, abs=1)
    assert frame.down.mark() == pytest.approx(90, abs=1)
    view.leaveEvent(None)
    assert frame.across.mark() is None


@pytest.mark.parametrize("ratio", ["1.25", "2"])
def test_rulers_fit_the_canvas_on_any_screen(ratio):
    code = """
from dataclasses import replace
from sdedit_desktop.app import make_app, make_window
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.canvas.rulers import axis_of, ticks
app = make_app(Settings())
window = make_window(Settings(rulers=True), lambda: None)
window.resize(1200, 800)
window.show()
app.processEvents()
view, ruler = window.canvas, window._frame.across
view.look(replace(view.viewport, scale=1.0, x=40.0, y=30.0))
line = next(t for t in ticks(axis_of(view.viewport, down=False), 3000, 1.0) if t.value == 0)
# The canvas and its ruler begin at the same pixel, and so do their zeros.
assert ruler.mapToGlobal(ruler.rect().topLeft()).x() == view.mapToGlobal(view.rect().topLeft()).x()
assert line.at == round(view.viewport.x)
assert ruler.grab().width() == view.grab().width()
window.close()
"""
    environment = {**os.environ, "QT_SCALE_FACTOR": ratio}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
