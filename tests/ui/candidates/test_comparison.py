"""Two pictures at once: the line between before and after, and two candidates side by side."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.history import Damage
from sdedit_desktop.ui.widgets.qimages import from_qimage

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qtbot, open_window):
    """A white picture that fills the view, and the candidates 1 to 3: greys 101 to 103."""
    window = open_window(document=Document(2000, 1500))
    window.session.change_params(window.session.params.__class__("fake", seeds=(1, 2, 3)))
    window.actions_by_id["generate"].trigger()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    window.candidates.choose(0)
    look(window, 1.0)
    return window


def look(window, scale, angle=0.0, mirrored=False):
    view = window.canvas.viewport.centered(window.session.document.rect, scale).turned(angle)
    window.canvas.look(view.mirrored_view() if mirrored else view)


def greys(widget):
    """A row of pixels from the middle of the upper half, clear of labels and handles."""
    pixels = from_qimage(widget.grab().toImage())
    return pixels[pixels.shape[0] // 4, :, 0]


def compare(window, name="compare_slider"):
    window.actions_by_id[name].trigger()


def line(window):
    return round(window.comparison.divider.x_below)


def is_split(window, at, before, after):
    """Whether the view shows one grey to the left of the line and another to its right."""
    row = greys(window.canvas)
    left, right = row[: at - 4], row[at + 4 :]
    return (left == before).all() and (right == after).all()


VIEWS = [
    (1.0, 0.0, False),
    (1.0, 90.0, False),
    (1.0, 37.0, True),
    (1.0, 180.0, True),
    (3.0, 0.0, True),
    (0.8, 0.0, False),
]


@pytest.mark.parametrize("view", VIEWS)
def test_left_of_the_line_is_before_and_right_of_it_is_after(window, view):
    """However the view is turned, mirrored or scaled."""
    look(window, *view)
    compare(window)
    assert window.comparison.divider.isVisible()
    for x in (line(window), 100, window.canvas.width() - 100):
        window.comparison.divider.go_to(x)
        assert is_split(window, line(window), 255, 101)


def test_the_line_follows_the_mouse_and_the_arrow_keys(window):
    compare(window)
    divider = window.comparison.divider
    start = line(window)
    middle = divider.rect().center()
    QTest.mousePress(divider, LEFT, PLAIN, middle)
    for step in (10, 60, 120):
        QTest.mouseMove(divider, middle + QPoint(step, 0))
        QApplication.processEvents()
    QTest.mouseRelease(divider, LEFT, PLAIN, middle)
    assert line(window) > start
    assert is_split(window, line(window), 255, 101)
    before = divider.value()
    QTest.keyClick(divider, Qt.Key.Key_Left)
    assert divider.value() == before - divider.singleStep()
    QTest.keyClick(divider, Qt.Key.Key_End)
    assert line(window) == window.canvas.width()
    QTest.keyClick(divider, Qt.Key.Key_Home)
    assert line(window) == 0
    assert (greys(window.canvas)[4:] == 101).all()


def test_the_line_is_reached_and_left_by_keys_alone(window):
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_C)
    divider = window.comparison.divider
    assert divider.hasFocus()
    assert divider.accessibleName()
    QTest.keyClick(divider, Qt.Key.Key_F6)
    assert window.canvas.hasFocus()
    for _ in range(8):
        if not divider.hasFocus():
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
    assert divider.hasFocus()
    QTest.keyClick(divider, Qt.Key.Key_C)
    assert not divider.isVisible()
    assert window.canvas.hasFocus()
    assert (greys(window.canvas) == 101).all()


def test_moving_the_divider_repaints_only_the_strip_between(qtbot, window):
    compare(window)
    drawn = []
    draw = window.canvas.scene.draw
    window.canvas.scene.draw = lambda p, v, clip: drawn.append(clip) or draw(p, v, clip)

    def is_quiet():
        drawn.clear()
        QApplication.processEvents()
        return not drawn

    qtbot.waitUntil(is_quiet)
    divider = window.comparison.divider
    divider.setValue(divider.value() + 20)
    # Nothing else is let in between: a timer may have all of the picture drawn again.
    QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
    assert drawn
    assert all(clip.width() < window.canvas.width() / 4 for clip in drawn), drawn


def test_the_line_keeps_its_share_when_the_window_grows(qtbot, window):
    compare(window)
    window.comparison.divider.setValue(250)
    window.resize(1500, 800)
    qtbot.waitUntil(lambda: abs(line(window) - window.canvas.width() / 4) <= 1)
    look(window, 1.0)
    qtbot.waitUntil(lambda: is_split(window, line(window), 255, 101))


def test_before_is_the_picture_without_the_candidate_strokes_included(window):
    layer = window.session.document.layers[1]
    edit = layer.tiles.edit()
    edit.fill(window.session.document.rect, np.array([40, 40, 40, 255]))
    edit.commit()
    window.session.document.preview(Damage((window.session.document.rect,)))
    compare(window)
    assert is_split(window, line(window), 40, 101)
    window.candidates.choose()
    assert is_split(window, line(window), 255, 40)  # no candidate: the opened picture


def test_another_candidate_can_be_chosen_while_comparing(window):
    compare(window)
    window.candidates.choose(2)
    assert is_split(window, line(window), 255, 103)
    window.canvas.setFocus()
    QTest.keyPress(window.canvas, Qt.Key.Key_Backslash)
    assert is_split(window, line(window), 255, 255)
    QTest.keyRelease(window.canvas, Qt.Key.Key_Backslash)
    assert is_split(window, line(window), 255, 103)


def test_painting_ends_the_comparison(window):
    compare(window)
    QTest.mouseClick(window.canvas, LEFT, PLAIN, QPoint(50, 200))
    assert not window.comparison.divider.isVisible()
    assert not window.actions_by_id["compare_slider"].isChecked()
    assert window.session.document.history.labels() == ["Brush stroke"]


def test_opening_another_picture_ends_the_comparison(window):
    compare(window)
    window.files.adopt(Document(50, 50), "other")
    assert not window.comparison.divider.isVisible()
    assert window.canvas.scene.divider is None


# --- side by side ---------------------------------------------------------------------------


def beside(window, *places):
    window.candidates.choose(*places)
    compare(window, "side_by_side")
    QApplication.processEvents()
    look(window, 1.0)
    return window.comparison.beside


def turn_wheel(widget, at, by):
    turned, phase = QPoint(0, by), Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, at, QPoint(), turned, LEFT.NoButton, PLAIN, phase, False)
    QApplication.sendEvent(widget, event)


def test_two_candidates_are_seen_in_two_views(window):
    """Given two chosen ones, when side by side is asked for, then the older one is on the left."""
    second = beside(window, 2, 0)
    assert second.isVisible()
    assert abs(second.width() - window.canvas.width()) <= 1
    assert (greys(window.canvas) == 101).all()
    assert (greys(second) == 103).all()


def test_the_two_views_show_the_same_place_at_the_same_scale(window):
    second = beside(window, 0, 1)

    def is_linked():
        one, other = (
            v.viewport.to_document(QPointF(v.viewport.width / 2, v.viewport.height / 2))
            for v in (window.canvas, second)
        )
        near = abs(one.x() - other.x()) <= 1 and abs(one.y() - other.y()) <= 1
        turned = (window.canvas.viewport.angle, window.canvas.viewport.mirrored)
        return (
            near
            and second.viewport.scale == window.canvas.viewport.scale
            and (second.viewport.angle, second.viewport.mirrored) == turned
        )

    look(window, 2.0, 30.0, True)
    assert is_linked()
    start = window.canvas.viewport
    at = QPointF(120, 90)
    under = second.viewport.to_document(at)
    turn_wheel(second, at, 240)
    assert window.canvas.viewport.scale > start.scale
    assert is_linked()
    after = second.viewport.to_document(at)
    assert abs(after.x() - under.x()) < 1
    assert abs(after.y() - under.y()) < 1
    QTest.mousePress(second, LEFT, PLAIN, QPoint(50, 50))
    before = window.canvas.viewport.x
    QTest.mouseMove(second, QPoint(90, 70))
    QApplication.processEvents()
    QTest.mouseRelease(second, LEFT, PLAIN, QPoint(90, 70))
    assert window.canvas.viewport.x != before
    assert is_linked()


@pytest.mark.parametrize(("angle", "mirrored"), [(0.0, False), (90.0, True), (30.0, False)])
def test_rulers_leave_the_two_views_in_line(window, angle, mirrored):
    """Given rulers beside one of them, then both have every document point at the same height."""
    second = beside(window, 0, 1)
    window.actions_by_id["rulers"].trigger()
    QApplication.processEvents()
    look(window, 1.0, angle, mirrored)

    def heights_of(view):
        seen = (view.viewport.transform.map(QPointF(x, y)) for x, y in ((1000, 750), (1300, 700)))
        return [view.mapTo(window, point).y() for point in seen]

    assert window.canvas.height() < second.height()
    assert heights_of(second) == pytest.approx(heights_of(window.canvas), abs=1)
    at = QPointF(120, 90)
    under = second.viewport.to_document(at)
    turn_wheel(second, at, 240)
    assert window.canvas.viewport.scale > 1.0
    assert heights_of(second) == pytest.approx(heights_of(window.canvas), abs=1)
    after = second.viewport.to_document(at)
    assert (after.x(), after.y()) == pytest.approx((under.x(), under.y()), abs=1)


def test_side_by_side_needs_two_and_ends_without_them(window):
    action = window.actions_by_id["side_by_side"]
    assert not action.isEnabled()
    window.candidates.choose(0, 1, 2)
    assert not action.isEnabled()
    second = beside(window, 0, 1)
    assert action.isEnabled()
    window.actions_by_id["discard"].trigger()
    assert not second.isVisible()
    assert not action.isChecked()
    assert window.candidates.chosen_slot().seed == 3
    QApplication.processEvents()
    look(window, 1.0)
    assert (greys(window.canvas) == 103).all()


def test_pointing_at_a_third_one_leaves_the_two_alone(qtbot, window):
    second = beside(window, 0, 1)
    window.candidates._point_at(window.session.slots[2].id)
    qtbot.waitUntil(lambda: not window.candidates._rest.isActive())
    assert (greys(window.canvas) == 101).all()
    assert (greys(second) == 102).all()


def test_the_line_and_side_by_side_take_turns(window):
    second = beside(window, 0, 1)
    compare(window)
    assert not second.isVisible()
    assert window.comparison.divider.isVisible()
    compare(window, "side_by_side")
    assert second.isVisible()
    assert not window.comparison.divider.isVisible()


def test_accepting_from_side_by_side_takes_both(window):
    beside(window, 0, 2)
    window.actions_by_id["accept"].trigger()
    assert window.session.document.history.labels() == ["Accept candidates"]
    assert not window.comparison.beside.isVisible()
    QApplication.processEvents()
    look(window, 1.0)
    assert (greys(window.canvas) == 103).all()


def test_a_stroke_is_seen_in_both_views_and_ends_them(window):
    second = beside(window, 0, 1)
    QTest.mouseClick(window.canvas, LEFT, PLAIN, QPoint(50, 200))
    assert not second.isVisible()
    assert window.candidates.chosen_indices() == []
