"""Polygons and the box around a layer, led on the canvas by pointer, pen and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QPointingDeviceUniqueId, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.history import Damage
from sdedit_desktop.document.layers import BlendMode
from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.widgets.qimages import from_qimage

LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
KEY = Qt.Key
BOX = Rect(100, 80, 200, 160)


@pytest.fixture
def window(open_window):
    """A picture of 400 x 300 with a red rectangle on the active layer."""
    window = open_window(document=Document(400, 300))
    window.canvas.setFocus()
    edit = window.session.document.layers[-1].tiles.edit()
    edit.fill(BOX, (200, 30, 30, 255))
    edit.commit()
    window.session.document.preview(Damage((BOX,)))
    return window


def at(window, x, y):
    return window.canvas.viewport.transform.map(QPointF(x, y)).toPoint()


def click(window, x, y, keys=NO_KEYS):
    QTest.mouseMove(window.canvas, at(window, x, y))
    QTest.mouseClick(window.canvas, LEFT, keys, at(window, x, y))


def drag(window, start, end, keys=NO_KEYS):
    QTest.mousePress(window.canvas, LEFT, keys, at(window, *start))
    QTest.mouseMove(window.canvas, at(window, *end))
    QTest.mouseRelease(window.canvas, LEFT, keys, at(window, *end))


def press_key(window, key, keys=NO_KEYS):
    QTest.keyClick(window.canvas, key, keys)


def mask(window):
    document = window.session.document
    return document.mask.read(document.rect)[..., 0]


def painted(window):
    return window.session.document.layers[-1].tiles.content_rect()


def labels(window):
    return window.session.document.history.labels()


# --- polygon ------------------------------------------------------------------------------------


def test_a_polygon_is_clicked_corrected_and_closed_by_enter(window):
    # Given the polygon tool
    press_key(window, KEY.Key_L, SHIFT)
    assert window.canvas.tool.name == "mask_polygon"
    # When three corners are clicked, a fourth by mistake, and that is taken back
    for corner in ((50, 50), (250, 50), (250, 250), (390, 290)):
        click(window, *corner)
    press_key(window, KEY.Key_Backspace)
    # Then nothing is marked yet
    assert mask(window).max() == 0
    # When Enter is pressed
    press_key(window, KEY.Key_Return)
    # Then the triangle is marked, in one step
    assert (mask(window) > 0).sum() == pytest.approx(200 * 200 / 2, rel=0.03)
    assert labels(window) == ["Mark polygon"]
    press_key(window, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert mask(window).max() == 0


def test_a_double_click_closes_and_alt_subtracts(window):
    window.actions_by_id["fill_mask"].trigger()
    press_key(window, KEY.Key_L, SHIFT)
    click(window, 50, 50, ALT)
    click(window, 250, 50)
    click(window, 250, 250)
    QTest.mouseDClick(window.canvas, LEFT, NO_KEYS, at(window, 250, 250))
    assert mask(window)[60, 200] == 0
    assert mask(window)[200, 60] == 255
    assert labels(window)[-1] == "Mark polygon"


def test_escape_and_another_tool_drop_a_polygon(window):
    press_key(window, KEY.Key_L, SHIFT)
    before = from_qimage(window.canvas.grab().toImage())
    for end in (lambda: press_key(window, KEY.Key_Escape), lambda: press_key(window, KEY.Key_B)):
        press_key(window, KEY.Key_L, SHIFT)
        click(window, 50, 50)
        click(window, 250, 50)
        assert not np.array_equal(from_qimage(window.canvas.grab().toImage()), before)
        end()
        assert labels(window) == []
    press_key(window, KEY.Key_L, SHIFT)
    QTest.mouseMove(window.canvas, QPoint(1, 1))
    assert np.array_equal(from_qimage(window.canvas.grab().toImage()), before)


def test_without_an_open_polygon_enter_accepts_a_candidate(qtbot, window):
    window.actions_by_id["generate"].trigger()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    press_key(window, KEY.Key_L, SHIFT)
    press_key(window, KEY.Key_Return)
    assert labels(window) == ["Accept candidate"]


# --- areas --------------------------------------------------------------------------------------


def test_an_area_follows_shift_while_it_is_dragged(window):
    window.actions_by_id["mask_rectangle"].trigger()
    QTest.mousePress(window.canvas, LEFT, NO_KEYS, at(window, 50, 50))
    QTest.mouseMove(window.canvas, at(window, 150, 100))
    QTest.keyPress(window.canvas, KEY.Key_Shift)
    QTest.mouseRelease(window.canvas, LEFT, SHIFT, at(window, 150, 100))
    QTest.keyRelease(window.canvas, KEY.Key_Shift)
    found = window.session.document.mask.content_rect()
    assert (found.width, found.height) == pytest.approx((100, 100), abs=2)


def test_alt_at_the_press_takes_an_area_away(window):
    window.actions_by_id["fill_mask"].trigger()
    window.actions_by_id["mask_lasso"].trigger()
    assert window.more_options.marking.isVisible()
    drag(window, (50, 50), (50, 50), ALT)
    QTest.mousePress(window.canvas, LEFT, ALT, at(window, 50, 50))
    for corner in ((150, 50), (150, 150), (50, 150)):
        QTest.mouseMove(window.canvas, at(window, *corner))
    QTest.mouseRelease(window.canvas, LEFT, ALT, at(window, 50, 150))
    assert mask(window)[100, 100] == 0
    assert mask(window)[200, 200] == 255


def test_the_options_set_how_areas_are_marked(window):
    window.actions_by_id["mask_rectangle"].trigger()
    options = window.more_options.marking
    options.combine.setFocus()
    QTest.keyClick(options.combine, KEY.Key_Down)
    options.combine.activated.emit(options.combine.currentIndex())
    assert window.session.marking.combine.value == "Subtract"
    options.hardness.set_number(40)
    assert window.session.marking.hardness == 0.4
    window.actions_by_id["brush"].trigger()
    assert not options.isVisible()


# --- the box around a layer ---------------------------------------------------------------------


def test_a_layer_is_moved_scaled_and_turned_in_one_step(window):
    document = window.session.document
    # Given the transform tool
    press_key(window, KEY.Key_V)
    before = document.composite(document.rect)
    # When the layer is dragged and its lower right corner is pulled
    drag(window, (150, 120), (170, 130))
    drag(window, (220, 170), (270, 210))
    # Then the document is as it was, and the picture shows what will be
    assert np.array_equal(document.composite(document.rect), before)
    assert labels(window) == []
    shown = from_qimage(window.canvas.grab().toImage())
    inside = at(window, 255, 195)
    assert shown[inside.y(), inside.x(), :3].tolist() == pytest.approx([200, 30, 30], abs=3)
    # When Enter is pressed, it is done, in one step that undo takes back
    press_key(window, KEY.Key_Return)
    assert painted(window) == pytest.approx((120, 90, 270, 210), abs=3)
    assert labels(window) == ["Transform layer"]
    press_key(window, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(document.composite(document.rect), before)


@pytest.mark.parametrize("look", ["turned", "mirrored", "zoomed"])
def test_the_box_is_held_where_it_is_seen(window, look):
    view = window.canvas.viewport
    middle = QPointF(view.width / 2, view.height / 2)
    views = {
        "turned": view.turned(50),
        "mirrored": view.mirrored_view(),
        "zoomed": view.zoomed(view.scale * 1.7, middle),
    }
    window.canvas.look(views[look])
    press_key(window, KEY.Key_V)
    drag(window, (200, 120), (250, 120))  # the middle of the right side
    press_key(window, KEY.Key_Return)
    assert painted(window) == pytest.approx((100, 80, 250, 160), abs=2)


def test_shift_snaps_the_turn_and_the_handle_above_turns(window):
    press_key(window, KEY.Key_V)
    frame = window.canvas.interaction.active
    turner = frame.handles(window.canvas.interaction.unit)[-1]
    QTest.mousePress(window.canvas, LEFT, NO_KEYS, at(window, *turner))
    QTest.mouseMove(window.canvas, at(window, 210, 125))
    assert frame.placement.degrees == pytest.approx(95, abs=2)
    QTest.keyPress(window.canvas, KEY.Key_Shift)
    QTest.mouseRelease(window.canvas, LEFT, SHIFT, at(window, 210, 125))
    QTest.keyRelease(window.canvas, KEY.Key_Shift)
    assert frame.placement.degrees == 90
    press_key(window, KEY.Key_Return)
    found = painted(window)
    assert (found.width, found.height) == (80, 100)


def test_arrows_move_by_pixels_and_escape_drops(window):
    press_key(window, KEY.Key_V)
    for _ in range(3):
        press_key(window, KEY.Key_Right)
    press_key(window, KEY.Key_Down, SHIFT)
    press_key(window, KEY.Key_Return)
    assert painted(window) == BOX.translated(3, 10)
    assert labels(window) == ["Transform layer"]
    press_key(window, KEY.Key_Left)
    press_key(window, KEY.Key_Escape)
    press_key(window, KEY.Key_Right)
    press_key(window, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)  # drops what is open
    assert painted(window) == BOX.translated(3, 10)
    assert labels(window) == ["Transform layer"]


def test_numbers_place_the_box(window):
    press_key(window, KEY.Key_V)
    fields = window.more_options.frame.fields
    assert fields["x"].value() == 150
    fields["across"].setValue(50)
    fields["x"].setValue(175)
    fields["degrees"].setValue(180)
    press_key(window, KEY.Key_Return)
    assert painted(window) == Rect(150, 80, 200, 160)
    assert fields["across"].value() == 100


def test_another_tool_applies_and_the_box_goes(window):
    press_key(window, KEY.Key_V)
    drag(window, (150, 120), (160, 120))
    press_key(window, KEY.Key_B)
    assert painted(window).left == pytest.approx(BOX.left + 10, abs=1)
    assert not window.more_options.frame.isVisible()
    assert window.canvas.scene._floating is None


def test_a_pen_moves_a_layer(window):
    pen = QPointingDevice(
        "pen",
        1,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Position,
        1,
        1,
        "",
        QPointingDeviceUniqueId(),
    )

    def send(kind, x, y, down=LEFT):
        where = QPointF(at(window, x, y))
        event = QTabletEvent(kind, pen, where, where, 1.0, 0, 0, 0, 0, 0, NO_KEYS, LEFT, down)
        QApplication.sendEvent(window.canvas, event)

    press_key(window, KEY.Key_V)
    send(QEvent.Type.TabletPress, 150, 120)
    send(QEvent.Type.TabletMove, 180, 120)
    drag(window, (10, 10), (60, 60))  # synthesised: the mouse is deaf
    send(QEvent.Type.TabletRelease, 180, 120, Qt.MouseButton.NoButton)
    press_key(window, KEY.Key_Return)
    assert painted(window).left == pytest.approx(BOX.left + 30, abs=1)
    assert painted(window).top == pytest.approx(BOX.top, abs=1)


def test_space_and_the_middle_button_pan_while_a_box_is_there(window):
    press_key(window, KEY.Key_V)
    before = window.canvas.viewport.x
    QTest.keyPress(window.canvas, KEY.Key_Space)
    drag(window, (150, 120), (180, 120))
    QTest.keyRelease(window.canvas, KEY.Key_Space)
    assert window.canvas.viewport.x != before
    before = window.canvas.viewport.x
    QTest.mousePress(window.canvas, Qt.MouseButton.MiddleButton, NO_KEYS, QPoint(300, 200))
    QTest.mouseMove(window.canvas, QPoint(320, 200))
    QTest.mouseRelease(window.canvas, Qt.MouseButton.MiddleButton, NO_KEYS, QPoint(320, 200))
    assert window.canvas.viewport.x == pytest.approx(before + 20)
    assert not window.canvas.interaction.active.is_open


@pytest.mark.parametrize("mode", [BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.DIFFERENCE])
@pytest.mark.parametrize("mode_above", [BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.SCREEN])
def test_a_layer_looks_the_same_while_moved_and_after_applying(window, mode, mode_above):
    """Moved by whole pixels, at 100 %, with layers above: the same to a rounding step."""
    session = window.session
    document = session.document
    document.layers[-1].mode = mode
    below = document.layers[0].tiles.edit()
    below.fill(document.rect, (250, 200, 120, 255))
    below.commit()
    session.add_layer()
    above = document.layers[-1].tiles.edit()
    above.fill(Rect(150, 100, 260, 130), (20, 60, 20, 80))
    above.commit()
    document.layers[-1].mode = mode_above
    session.add_layer()
    highest = document.layers[-1].tiles.edit()
    highest.fill(Rect(180, 90, 200, 200), (90, 0, 0, 90))
    highest.commit()
    document.preview(Damage((document.rect,)))
    session.activate_layer(document.layers[-3].id)
    window.actions_by_id["actual_size"].trigger()
    window.actions_by_id["transform"].trigger()
    drag(window, (120, 150), (150, 160))
    window.canvas.interaction._overlay.hide()
    shown = from_qimage(window.canvas.grab().toImage()).astype(int)
    window.canvas.interaction.active.apply()
    QTest.mouseMove(window.canvas, QPoint(2, 2))
    window.canvas.interaction._overlay.hide()
    after = from_qimage(window.canvas.grab().toImage()).astype(int)
    assert np.abs(shown - after).max() <= 3
    assert len(labels(window)) == 3


def test_the_window_keeps_its_size_whatever_the_tool(window):
    size = window.size()
    for name in ("transform", "brush", "mask_polygon", "transform", "mask_lasso", "brush"):
        window.actions_by_id[name].trigger()
        QApplication.processEvents()
        assert window.size() == size
