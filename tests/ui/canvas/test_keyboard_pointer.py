"""Painting by keyboard: arrows move a pointer, Space presses and lifts it."""

import pytest
from pens import strokes
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sdedit_desktop.document.document import Document
from sdedit_desktop.ui.canvas.keyboard_pointer import FAR, STEP

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(open_window):
    window = open_window(document=Document(400, 300))
    window.canvas.look(window.canvas.viewport.centered(window.session.document.rect, 1.0))
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, KEY.Key_F7)
    assert window.actions_by_id["keyboard_pointer"].isChecked()
    return window


def press(window, *keys, held=Qt.KeyboardModifier.NoModifier):
    for key in keys:
        QTest.keyClick(window.canvas, key, held)


def test_a_stroke_is_painted_from_where_space_is_pressed_to_where_it_is_again(window):
    press(window, KEY.Key_Right)
    assert not strokes(window.session).any()
    press(window, KEY.Key_Space)
    press(window, KEY.Key_Right, KEY.Key_Right, held=SHIFT)
    press(window, KEY.Key_Down, KEY.Key_Space)
    press(window, KEY.Key_Right, held=SHIFT)
    painted = window.session.document.layer(window.session.active_layer).tiles.content_rect()
    size = 2 * window.session.brush.radius
    assert painted.width == pytest.approx(2 * FAR + size, abs=3)
    assert painted.height == pytest.approx(STEP + size, abs=3)
    assert window.session.document.history.labels() == ["Brush stroke"]


def test_the_pointer_stays_inside_the_view_and_the_picture_where_it_is(window):
    place = window.canvas.viewport
    press(window, *[KEY.Key_Left] * 40, held=SHIFT)
    press(window, KEY.Key_Space, KEY.Key_Space)
    assert window.canvas.viewport == place
    for key, back, far in (
        (KEY.Key_Right, KEY.Key_Left, window.canvas.width()),
        (KEY.Key_Down, KEY.Key_Up, window.canvas.height()),
    ):
        for there, here in ((key, back), (back, key)):
            press(window, *[there] * (far // FAR + 9), held=SHIFT)
            at_the_edge = window.canvas.keyboard._cross.pos()
            press(window, there)
            assert window.canvas.keyboard._cross.pos() == at_the_edge
            press(window, here)
            assert window.canvas.keyboard._cross.pos() != at_the_edge
    press(window, KEY.Key_F7)
    press(window, KEY.Key_Left)
    assert window.canvas.viewport != place  # arrows move the picture again


def test_losing_the_keyboard_ends_the_stroke(window):
    press(window, KEY.Key_Space, KEY.Key_Down)
    assert window.canvas.is_busy
    window.layers.list.setFocus()
    assert not window.canvas.is_busy
    assert window.session.document.history.labels() == ["Brush stroke"]


def test_every_tool_is_led_by_keys(window):
    press(window, KEY.Key_R, KEY.Key_Space)
    press(window, KEY.Key_Right, KEY.Key_Down, held=SHIFT)
    press(window, KEY.Key_Space)
    marked = window.session.document.mask.content_rect()
    assert (marked.width, marked.height) == pytest.approx((FAR, FAR), abs=2)
    press(window, KEY.Key_B, KEY.Key_Space, KEY.Key_Space)
    assert strokes(window.session).any()
    press(window, KEY.Key_Delete)
    assert not strokes(window.session)[marked.top : marked.bottom, marked.left : marked.right].any()
    assert strokes(window.session).any()  # what was not marked
    assert window.session.document.history.labels()[-1] == "Clear layer"
