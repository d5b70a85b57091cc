"""Moving the view by hand: it moves under the hand, and the picture stays as it is."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QInputDevice,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sdedit_desktop.document.commands import PaintTiles
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.history import Damage
from sdedit_desktop.document.layers import MASK
from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.canvas.overlays import CornerLabel
from sdedit_desktop.ui.widgets.qimages import from_qimage

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
AT, NOWHERE = QPointF(200, 150), QPointF()
Native = Qt.NativeGestureType


@pytest.fixture
def window(open_window):
    return open_window(document=Document(600, 400))


@pytest.fixture
def view(window):
    return window.canvas


def under(view, at):
    point = view.viewport.to_document(QPointF(at))
    return point.x(), point.y()


def fingers(view, kind, value=0.0, at=AT, delta=NOWHERE):
    device = QPointingDevice.primaryPointingDevice()
    event = QNativeGestureEvent(kind, device, 2, at, at, at, value, delta)
    QApplication.sendEvent(view, event)


def scroll(view, pixels, degrees=0, keys=PLAIN, device=None):
    args = (AT, AT, pixels, QPoint(0, degrees), Qt.MouseButton.NoButton, keys)
    phase = Qt.ScrollPhase.NoScrollPhase if device else Qt.ScrollPhase.ScrollUpdate
    source = Qt.MouseEventSource.MouseEventNotSynthesized
    extra = (source, device) if device else ()
    QApplication.sendEvent(view, QWheelEvent(*args, phase, False, *extra))


def test_two_fingers_move_the_view_and_zoom_with_control(view):
    before = under(view, QPoint(200, 150))
    scroll(view, QPoint(30, -20))
    assert under(view, QPoint(230, 130)) == pytest.approx(before, abs=1)
    scale = view.viewport.scale
    scroll(view, QPoint(0, 30), 120, keys=CONTROL)
    assert view.viewport.scale > scale


def test_a_touch_pad_that_is_named_needs_no_phase(view):
    pad = QPointingDevice(
        "pad",
        9,
        QInputDevice.DeviceType.TouchPad,
        QPointingDevice.PointerType.Finger,
        QInputDevice.Capability.Position | QInputDevice.Capability.PixelScroll,
        2,
        0,
    )
    before = under(view, QPoint(200, 150))
    scroll(view, QPoint(12, 7), device=pad)
    assert under(view, QPoint(212, 157)) == pytest.approx(before, abs=1)


def test_pinching_zooms_and_turns_about_the_fingers(view):
    at = QPointF(220, 170)
    before = under(view, at.toPoint())
    fingers(view, Native.ZoomNativeGesture, 0.5, at)
    assert under(view, at.toPoint()) == pytest.approx(before, abs=1)
    fingers(view, Native.RotateNativeGesture, 33.0, at)
    assert view.viewport.angle == pytest.approx(33)
    assert under(view, at.toPoint()) == pytest.approx(before, abs=1)
    fingers(view, Native.PanNativeGesture, 0.0, at, QPointF(10, 5))
    assert under(view, QPoint(230, 175)) == pytest.approx(before, abs=1)


def test_tapping_twice_with_two_fingers_goes_between_whole_and_actual_size(view):
    view.fit()
    fitted = view.viewport
    fingers(view, Native.SmartZoomNativeGesture)
    assert view.viewport.scale == 1.0
    assert not view.fits
    fingers(view, Native.SmartZoomNativeGesture)
    assert view.viewport == fitted


def drag(view, *points, button=MIDDLE, keys=PLAIN):
    QTest.mousePress(view, button, keys, QPoint(*points[0]))
    for point in points[1:]:
        moved = QPointF(*point)
        around = view.mapToGlobal(moved), Qt.MouseButton.NoButton
        event = QMouseEvent(QEvent.Type.MouseMove, moved, *around, button, keys)
        QApplication.sendEvent(view, event)
    QTest.mouseRelease(view, button, keys, QPoint(*points[-1]))


@pytest.mark.parametrize("mirrored", [False, True])
def test_dragging_with_shift_turns_the_view_with_the_hand(window, view, mirrored):
    if mirrored:
        view.look(view.viewport.mirrored_view())
    middle = QPointF(view.width() / 2, view.height() / 2)
    start, end = middle + QPointF(100, 0), middle + QPointF(0, 100)  # a quarter, clockwise
    grasped = under(view, start.toPoint())
    drag(view, start.toPoint().toTuple(), end.toPoint().toTuple(), keys=SHIFT)
    assert view.viewport.angle == pytest.approx(90, abs=1)
    assert under(view, end.toPoint()) == pytest.approx(grasped, abs=3)
    assert window.session.document.history.labels() == []


def test_turning_with_control_snaps(view):
    middle = QPointF(view.width() / 2, view.height() / 2).toPoint()
    ends = [(middle + QPoint(100, y)).toTuple() for y in (0, 40)]  # 21.8 degrees
    drag(view, *ends, keys=SHIFT | CONTROL)
    assert view.viewport.angle == pytest.approx(15)
    view.look(view.viewport.turned(-15))
    drag(view, *ends, keys=SHIFT)
    assert view.viewport.angle == pytest.approx(21.8, abs=0.5)


def test_space_and_shift_turn_by_pen_or_mouse(window, view):
    QTest.keyPress(view, Qt.Key.Key_Space)
    middle = QPointF(view.width() / 2, view.height() / 2).toPoint()
    ends = [(middle + QPoint(100, y)).toTuple() for y in (0, 100)]
    drag(view, *ends, button=LEFT, keys=SHIFT)
    QTest.keyRelease(view, Qt.Key.Key_Space)
    assert view.viewport.angle == pytest.approx(45, abs=1)
    assert window.session.document.history.labels() == []


def test_arrow_keys_move_the_view(view):
    view.setFocus()
    before = under(view, QPoint(200, 150))
    QTest.keyClick(view, Qt.Key.Key_Right)
    step = round(0.1 * view.width())
    assert under(view, QPoint(200 - step, 150)) == pytest.approx(before, abs=1)
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert under(view, QPoint(200, 150 - round(0.1 * view.height()))) == pytest.approx(
        before, abs=1
    )


def test_the_mask_is_shown_as_large_as_it_fits(window, view):
    action = window.actions_by_id["fit_mask"]
    assert not action.isEnabled()
    edit = window.session.document.mask.edit()
    edit.fill(Rect(410, 300, 450, 320), 255)
    window.session.document.push(PaintTiles("Mark", MASK, edit.commit()))
    assert action.isEnabled()
    for turn in (0, 90):
        view.look(view.viewport.turned(turn))
        action.trigger()
        shown = view.viewport.to_view(Rect(410, 300, 450, 320))
        assert view.viewport.scale > 2
        inside = np.array(shown.getCoords())
        assert (inside >= 0).all()
        assert inside[2] <= view.width()
        assert inside[3] <= view.height()
        assert shown.center().x() == pytest.approx(view.width() / 2, abs=2)
        assert max(shown.width() / view.width(), shown.height() / view.height()) > 0.8


# --- what is drawn while it moves -----------------------------------------------------------------


@pytest.fixture
def busy_view(view):
    """On a picture of noise, with words in a corner and the outline of a brush at the pointer."""
    session = view.window().session
    edit = session.document.layers[0].tiles.edit()
    noise = np.random.default_rng(0).integers(0, 256, (400, 600, 4), np.uint8)
    edit.write(session.document.rect, noise | np.array([0, 0, 0, 255], np.uint8))
    edit.commit()
    session.document.preview(Damage((session.document.rect,)))
    session.change_brush(replace(session.brush, radius=40))
    QTest.mouseMove(view, QPoint(220, 130))
    label = CornerLabel(view)
    label.say("Before")
    QApplication.processEvents()
    yield view
    label.deleteLater()


def on_screen(view):
    """What was really drawn so far; ``grab`` would draw everything anew."""
    window = view.window()
    screen = from_qimage(window.screen().grabWindow(window.winId()).toImage())
    box = QRect(view.mapTo(window, QPoint(0, 0)), view.size())
    return screen[box.top() : box.bottom() + 1, box.left() : box.right() + 1, :3].astype(int)


@pytest.mark.parametrize("scale", [0.3, 0.6, 1.0, 3.0, 10.0])
def test_after_a_pan_the_screen_is_as_if_drawn_anew(busy_view, scale):
    view = busy_view
    view.look(view.viewport.centered(Rect(0, 0, 600, 400), scale))
    for dx, dy in ((7, -3), (-130, 40), (0, 2000), (20.4, -1999.7)):
        view.look(view.viewport.panned(dx, dy))
        view.look(view.viewport.panned(3, 5))
        QApplication.processEvents()
        difference = np.abs(on_screen(view) - from_qimage(view.grab().toImage())[..., :3])
        different = (
            difference.max(-1) > 1
        )  # smooth lines are rounded differently where they are cut
        assert np.count_nonzero(different) <= 20
        assert difference.max() <= 32


@pytest.mark.parametrize(("turn", "share"), [(0, 0.1), (90, 1)])
def test_a_pan_repaints_only_the_newly_visible_part(busy_view, monkeypatch, turn, share):
    view = busy_view
    view.look(view.viewport.centered(Rect(0, 0, 600, 400), 1.0).turned(turn))
    QApplication.processEvents()
    drawn = []
    monkeypatch.setattr(view, "draw_scene", lambda painter, clip: drawn.append(clip))
    view.look(view.viewport.panned(3, 0))
    QApplication.processEvents()
    area = sum(clip.width() * clip.height() for clip in drawn)
    assert 0 < area <= 1.1 * share * view.width() * view.height()


def test_a_line_between_before_and_after_stays_where_it_is(window, view):
    document = window.session.document
    edit = document.layers[-1].tiles.edit()
    edit.fill(document.rect, (200, 30, 30, 255))
    edit.commit()
    document.preview(Damage((document.rect,)))
    window.actions_by_id["compare_slider"].trigger()
    QApplication.processEvents()
    view.look(view.viewport.panned(60, 0))
    QApplication.processEvents()
    assert np.abs(on_screen(view) - from_qimage(view.grab().toImage())[..., :3]).max() <= 1
