import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from pens import pen, strokes
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColorSpace, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.photo import Photo, as_document
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.ui.canvas.tools import TOOLS
from sdedit_desktop.ui.widgets import qimages
from sdedit_desktop.ui.widgets.qimages import from_qimage

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier


def drag(view, *points, button=LEFT, keys=PLAIN):
    QTest.mousePress(view, button, keys, QPoint(*points[0]))
    for point in points[1:]:
        QTest.mouseMove(view, QPoint(*point))
    QTest.mouseRelease(view, button, keys, QPoint(*points[-1]))


def test_a_drag_becomes_one_undo_step(session, view):
    drag(view, (20, 40), (50, 40), (80, 40))
    alpha = strokes(session)
    assert (alpha[40, 20:81] == 255).all()
    assert alpha[5].max() == 0
    assert session.document.history.labels() == ["Brush stroke"]
    session.document.undo()
    assert strokes(session).max() == 0


def test_the_canvas_shows_the_documents_pixels(session, view):
    drag(view, (20, 40), (80, 41))
    view.choose_tool(TOOLS[-1])  # no outline at the pointer
    shown = from_qimage(view.grab().toImage())
    assert np.array_equal(shown, session.document.composite(session.document.rect))


@pytest.mark.parametrize("ratio", ["1", "1.25", "1.5", "2"])
def test_pixels_are_exact_on_any_screen(ratio):
    code = """
import numpy as np
from PySide6.QtWidgets import QApplication, QWidget
from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.widgets.qimages import from_qimage
from sdedit_desktop.ui.canvas.tools import TOOLS

app = QApplication([])
document = Document(300, 200)
edit = document.layers[-1].tiles.edit()
noise = np.random.default_rng(0).integers(0, 256, (200, 300, 4), np.uint8)
noise[..., 3] = 255
edit.write(document.rect, noise)
edit.commit()
window = QWidget()
window.resize(401, 301)
view = CanvasView(Session(document, EditParams("m")), TOOLS[0])
view.setParent(window)
view.setGeometry(33, 27, 333, 244)
window.show()
app.processEvents()
view.look(view.viewport.centered(document.rect, 1.0))
shown = from_qimage(window.grab().toImage())
at = next(
    (y, x)
    for y in range(shown.shape[0] - 200)
    for x in range(shown.shape[1] - 300)
    if (shown[y, x : x + 50] == noise[0, :50]).all()
)
found = shown[at[0] : at[0] + 200, at[1] : at[1] + 300]
assert np.array_equal(found, noise), np.abs(found.astype(int) - noise).max()
"""
    environment = {**os.environ, "QT_SCALE_FACTOR": ratio}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def test_painting_goes_where_the_pointer_is_at_any_zoom(session, view):
    view.look(view.viewport.zoomed(4.0, QPointF(50, 40)))
    point = view.viewport.to_document(QPointF(30, 20))
    QTest.mouseClick(view, LEFT, PLAIN, QPoint(30, 20))
    rows, columns = np.nonzero(strokes(session))
    assert columns.mean() + 0.5 == pytest.approx(point.x(), abs=0.6)
    assert rows.mean() + 0.5 == pytest.approx(point.y(), abs=0.6)


def test_painting_goes_where_the_pointer_is_in_a_turned_and_mirrored_view(session, view):
    view.look(view.viewport.turned(90).mirrored_view())
    point = view.viewport.to_document(QPointF(45, 30))
    QTest.mouseClick(view, LEFT, PLAIN, QPoint(45, 30))
    rows, columns = np.nonzero(strokes(session))
    assert columns.mean() + 0.5 == pytest.approx(point.x(), abs=0.6)
    assert rows.mean() + 0.5 == pytest.approx(point.y(), abs=0.6)
    assert from_qimage(view.grab().toImage())[30, 45, :3].max() == 0


def test_escape_breaks_a_stroke_off(session, view):
    QTest.mousePress(view, LEFT, PLAIN, QPoint(50, 40))
    assert strokes(session).max() == 255
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert strokes(session).max() == 0
    QTest.mouseRelease(view, LEFT, PLAIN, QPoint(50, 40))
    assert session.document.history.labels() == []


def test_the_wheel_zooms_at_the_pointer(view):
    at = QPointF(70, 20)
    before = view.viewport.to_document(at)
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton, PLAIN, Qt.ScrollPhase(0), False
    )
    QApplication.sendEvent(view, event)
    assert view.viewport.scale == pytest.approx(2.0)
    after = view.viewport.to_document(at)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=0.5)


@pytest.mark.parametrize("how", ["space", "middle"])
def test_panning_moves_the_picture_and_paints_nothing(session, view, how):
    if how == "space":
        QTest.keyPress(view, Qt.Key.Key_Space)
    drag(view, (50, 40), (60, 45), button=LEFT if how == "space" else Qt.MouseButton.MiddleButton)
    assert (view.viewport.x, view.viewport.y) == (10, 5)
    assert session.document.history.labels() == []


def test_alt_picks_the_colour_that_is_seen(session, view):
    drag(view, (50, 40), (50, 40))
    session.swap_colors()
    assert session.brush.color == (255, 255, 255)
    drag(view, (50, 40), (50, 40), keys=Qt.KeyboardModifier.AltModifier)
    assert session.brush.color == (0, 0, 0)
    assert session.document.history.labels() == ["Brush stroke"]


def test_pressure_makes_the_stroke_wider(session, view):
    pen(view, QEvent.Type.TabletPress, 20, 40, 0.25)
    pen(view, QEvent.Type.TabletMove, 80, 40, 1.0)
    pen(view, QEvent.Type.TabletRelease, 80, 40, 0.0)
    alpha = strokes(session)
    assert 0 < np.count_nonzero(alpha[:, 20]) < np.count_nonzero(alpha[:, 79])
    assert session.document.history.labels() == ["Brush stroke"]


def test_the_mouse_is_ignored_while_the_pen_is_down(session, view):
    pen(view, QEvent.Type.TabletPress, 20, 20, 0.5)
    drag(view, (80, 60), (85, 60))
    pen(view, QEvent.Type.TabletRelease, 20, 20, 0.0)
    assert strokes(session)[60, 80] == 0
    assert session.document.history.labels() == ["Brush stroke"]


def test_the_mask_is_seen_as_a_tint(session, view):
    before = from_qimage(view.grab().toImage())
    view.choose_tool(next(tool for tool in TOOLS if tool.name == "mask_brush"))
    drag(view, (50, 40), (50, 40))
    QTest.mouseMove(view, QPoint(1, 1))
    assert session.document.mask.read(session.document.rect)[40, 50, 0] == 255
    tinted = from_qimage(view.grab().toImage())
    assert (tinted[40, 50] != before[40, 50]).any()
    view.scene.mask_view.show(False)
    assert np.array_equal(from_qimage(view.grab().toImage())[40, 50], before[40, 50])


def test_before_and_after(session, view):
    drag(view, (50, 40), (50, 40))
    assert from_qimage(view.grab().toImage())[40, 50, 0] == 0
    QTest.keyPress(view, Qt.Key.Key_Backslash)
    assert from_qimage(view.grab().toImage())[40, 50, 0] == 255
    QTest.keyRelease(view, Qt.Key.Key_Backslash)
    assert from_qimage(view.grab().toImage())[40, 50, 0] == 0


def test_a_locked_layer_says_so_and_is_not_painted(session, view):
    said = []
    session.noticed.connect(said.append)
    session.activate_layer(session.document.layers[0].id)
    drag(view, (50, 40), (60, 40))
    assert len(said) == 1
    assert session.document.history.labels() == []


def test_an_accepted_candidate_looks_like_its_preview(qtbot, open_window):
    window = open_window()
    session, view = window.session, window.canvas
    edit = session.document.mask.edit()
    edit.fill(type(session.document.rect)(20, 20, 60, 60), 255)
    edit.commit()
    job = session.generate()
    qtbot.waitUntil(lambda: job.state is JobState.FINISHED)
    view.scene.mask_view.show(False)
    window.candidates.choose(1)
    preview = from_qimage(view.grab().toImage())
    window.actions_by_id["accept"].trigger()
    assert window.candidates.chosen_index() == -1
    assert np.array_equal(from_qimage(view.grab().toImage()), preview)
    session.document.undo()
    assert not np.array_equal(from_qimage(view.grab().toImage()), preview)


def test_painting_goes_on_while_a_job_runs(qtbot, open_window, fake_engine):
    gate = threading.Event()
    window = open_window(fake_engine(gate=gate))
    window.actions_by_id["generate"].trigger()
    job = window.session.jobs.running
    middle = window.canvas.rect().center()
    QTest.mouseClick(window.canvas, LEFT, PLAIN, middle)
    assert strokes(window.session).max() == 255
    assert from_qimage(window.canvas.grab().toImage())[middle.y(), middle.x(), :3].max() == 0
    assert job.state is JobState.RUNNING
    gate.set()
    qtbot.waitUntil(lambda: job.state is JobState.FINISHED)


def test_shift_joins_strokes_by_a_straight_line(session, view):
    drag(view, (20, 40), (20, 40))
    drag(view, (80, 40), (80, 40), keys=Qt.KeyboardModifier.ShiftModifier)
    assert (strokes(session)[40, 20:81] == 255).all()
    assert session.document.history.labels() == ["Brush stroke", "Brush stroke"]


def test_shift_and_a_drag_change_the_size_of_the_brush_and_paint_nothing(session, view):
    drag(view, (20, 40), (20, 40))
    before = session.brush.radius
    drag(view, (40, 40), (50, 40), (70, 41), keys=Qt.KeyboardModifier.ShiftModifier)
    assert session.brush.radius == before + 30
    drag(view, (70, 40), (40, 40), (10, 39), keys=Qt.KeyboardModifier.ShiftModifier)
    assert session.brush.radius == max(before + 30 - 60, 0.5)
    assert session.document.history.labels() == ["Brush stroke"]
    view.choose_tool(next(tool for tool in TOOLS if tool.name == "mask_brush"))
    radius = session.mask_brush.radius
    drag(view, (40, 40), (60, 40), keys=Qt.KeyboardModifier.ShiftModifier)
    assert session.mask_brush.radius == radius + 20
    assert not session.document.mask.bounds()


def test_an_area_is_outlined_while_it_is_drawn(session, view):
    view.choose_tool(next(tool for tool in TOOLS if tool.name == "mask_rectangle"))
    before = from_qimage(view.grab().toImage())
    QTest.mousePress(view, LEFT, PLAIN, QPoint(20, 20))
    QTest.mouseMove(view, QPoint(60, 50))
    assert (from_qimage(view.grab().toImage())[20, 25:55] != before[20, 25:55]).any()
    assert not session.document.mask.bounds()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert np.array_equal(from_qimage(view.grab().toImage()), before)
    drag(view, (20, 20), (60, 50))
    assert session.document.mask.content_rect()[:2] == (20, 20)


def test_a_second_area_beside_the_first_is_seen_at_once(session, view):
    view.choose_tool(next(tool for tool in TOOLS if tool.name == "mask_rectangle"))
    plain = from_qimage(view.grab().toImage())
    drag(view, (10, 10), (30, 30))
    view.grab()
    drag(view, (60, 50), (80, 70))
    shown = from_qimage(view.grab().toImage())
    assert (shown[20, 20] != plain[20, 20]).any()
    assert (shown[60, 65] != plain[60, 65]).any()
    session.document.undo()
    assert np.array_equal(from_qimage(view.grab().toImage())[60, 65], plain[60, 65])


def test_a_photo_with_another_profile_is_shown_in_its_own_colours(qtbot, open_window):
    """Adobe RGB's green lies outside of the screen's; its reds are redder than their numbers."""
    profile = bytes(QColorSpace(QColorSpace.NamedColorSpace.AdobeRgb).iccProfile())
    document = as_document(Photo(np.full((80, 100, 3), (200, 40, 60), np.uint8), 8, profile))
    view = open_window(document=document).canvas
    view.look(view.viewport.centered(document.rect, 1.0))
    middle = view.rect().center()
    shown = from_qimage(view.grab().toImage())[middle.y(), middle.x(), :3]
    expected = qimages.shown_color((200, 40, 60), profile).getRgb()[:3]
    assert np.abs(shown - np.array(expected)).max() <= 1
    assert shown[0] > 225
    assert (document.composite(document.rect)[..., :3] == (200, 40, 60)).all()


def test_after_a_stroke_other_scales_are_made_ready_while_the_hand_rests(qtbot, session, view):
    session.replace_document(Document(600, 400))
    view.look(view.viewport.centered(session.document.rect, 1.0))
    QApplication.processEvents()
    picture = view.scene._picture
    view.scene.small_picture()
    drag(view, (50, 40), (60, 45))
    QApplication.processEvents()
    assert picture._stale  # made for another scale, and not seen at this one
    qtbot.waitUntil(lambda: not picture._stale)
