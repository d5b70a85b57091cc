"""A painter's half hour, with mouse, pen and keyboard, on the real window."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from sdedit_desktop.app import make_window
from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.files.photo import Photo, as_document
from sdedit_desktop.document.layers import BlendMode
from sdedit_desktop.settings import Settings

LEFT = Qt.MouseButton.LeftButton
PLAIN, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
GREY = (120, 130, 140)


@pytest.fixture(params=[8, 16])
def window(qtbot, will_close, request):
    """Given a grey photo in either depth."""
    one = 257 if request.param == 16 else 1
    pixels = np.full((200, 300, 3), GREY, np.uint16) * one
    dtype = np.uint16 if request.param == 16 else np.uint8
    window = will_close(make_window(Settings(), lambda: None))
    window.resize(1300, 800)
    with qtbot.waitExposed(window):
        window.show()
    window.files.adopt(as_document(Photo(pixels.astype(dtype), request.param)), "grey")
    return window


def at(window, x, y):
    return window.canvas.viewport.transform.map(QPointF(x, y)).toPoint()


def click(window, x, y, keys=PLAIN):
    QTest.mouseClick(window.canvas, LEFT, keys, at(window, x, y))


def press(window, key, keys=PLAIN):
    QTest.keyClick(window.canvas, key, keys)


def seen(window, x, y):
    document = window.session.document
    pixel = document.composite(document.rect)[y, x, :3].astype(int)
    return tuple(int(v) for v in np.rint(pixel / (257 if document.depth == 16 else 1)))


def test_a_fence_is_drawn_tinted_and_undone(window, tmp_path):
    session, history = window.session, window.session.document.history
    # Given the hard round brush in orange
    session.change_brush(replace(session.brush, radius=6, color=(240, 140, 20)))
    # When a frame is drawn with five clicks, four of them with Shift
    for number, corner in enumerate([(40, 40), (250, 40), (250, 160), (40, 160), (40, 40)]):
        click(window, *corner, keys=SHIFT if number else PLAIN)
    # Then there is one straight side for each, and one undo step
    for x, y in [(150, 40), (250, 100), (150, 160), (40, 100)]:
        assert seen(window, x, y) == (240, 140, 20)
    assert len(history.labels()) == 5

    # When the photo's grey is taken with Alt, made the background, and the inside filled with blue
    click(window, 150, 100, keys=ALT)
    assert session.brush.color == GREY
    press(window, Qt.Key.Key_X)
    session.change_brush(replace(session.brush, color=(30, 60, 200)))
    press(window, Qt.Key.Key_G)
    click(window, 150, 100)
    # Then the frame holds the paint in
    assert seen(window, 150, 100) == (30, 60, 200)
    assert seen(window, 10, 10) == GREY
    assert str(history.labels()[-1]) == "Fill"

    # When a white stroke in the mode Colour crosses frame and inside
    press(window, Qt.Key.Key_B)
    session.change_brush(replace(session.brush, color=(255, 255, 255), mode=BlendMode.COLOR))
    click(window, 150, 45)
    # Then what it covers has lost its colour and kept its light
    red, green, blue = seen(window, 150, 41)
    assert max(red, green, blue) - min(red, green, blue) <= 1
    assert red == pytest.approx(0.3 * 240 + 0.59 * 140 + 0.11 * 20, abs=1.5)

    # When the brush erases and goes over the middle
    session.change_brush(replace(session.brush, mode=BlendMode.NORMAL))
    press(window, Qt.Key.Key_E, SHIFT)
    click(window, 150, 100)
    # Then the photo is there again
    assert seen(window, 150, 100) == GREY
    press(window, Qt.Key.Key_E, SHIFT)

    # When it is saved and opened again, all is as it was
    picture = session.document.composite(session.document.rect)
    ora_writer.save(session.document, tmp_path / "fence.ora")
    again = ora_writer.load(tmp_path / "fence.ora")
    assert np.array_equal(again.composite(again.rect), picture)

    # When all is undone, so is the photo; redone, the fence is back
    for _ in range(8):
        press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert history.position == 0
    assert seen(window, 150, 40) == GREY
    for _ in range(8):
        press(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(session.document.composite(session.document.rect), picture)
