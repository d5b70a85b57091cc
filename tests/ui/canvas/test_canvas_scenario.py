"""Finding one's way about a picture, as the hand does it and as the eye sees it: given, when, then.

What is seen is measured in the pixels of the window: a red square lies on a white picture.
"""

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sdedit_desktop.document.commands import PaintTiles
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.history import Damage
from sdedit_desktop.document.layers import MASK
from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.widgets.qimages import from_qimage

LEFT, MIDDLE, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier
SQUARE, SIDE = Rect(300, 100, 340, 140), 40
WHITE, RED = np.array([255, 255, 255, 255], np.uint8), np.array([255, 0, 0, 255], np.uint8)


class Person:
    """A hand with a mouse, a touch pad and keys, and eyes that see the canvas."""

    def __init__(self, window):
        self.window, self.canvas = window, window.canvas

    def presses(self, name):
        """The keys of an action."""
        QTest.keySequence(self.canvas, self.window.actions_by_id[name].shortcut())
        QApplication.processEvents()

    def points_at(self, x, y):
        QTest.mouseMove(self.canvas, QPoint(round(x), round(y)))
        QApplication.processEvents()

    def drags(self, button, by, start=(200, 150)):
        QTest.mousePress(self.canvas, button, PLAIN, QPoint(*start))
        for share in (0.5, 1):
            at = QPoint(start[0] + round(share * by[0]), start[1] + round(share * by[1]))
            QTest.mouseMove(self.canvas, at)
            QApplication.processEvents()
        QTest.mouseRelease(self.canvas, button, PLAIN, at)

    def turns_wheel(self, x, y, notches):
        self._scrolls(QPointF(x, y), QPoint(), QPoint(0, 120 * notches))

    def moves_two_fingers(self, by):
        phase = Qt.ScrollPhase.ScrollUpdate
        self._scrolls(QPointF(200, 150), QPoint(*by), QPoint(0, 8 * by[1]), phase)

    def _scrolls(self, at, pixels, degrees, phase=Qt.ScrollPhase.NoScrollPhase):
        event = QWheelEvent(at, at, pixels, degrees, NONE, PLAIN, phase, False)
        QApplication.sendEvent(self.canvas, event)

    def sees(self):
        """What is on the canvas: (height, width, 3)."""
        QApplication.processEvents()
        return from_qimage(self.canvas.grab().toImage())[..., :3].astype(int)

    def square(self):
        """The middle and the area of the red that is seen."""
        rows, columns = np.nonzero(np.abs(self.sees() - RED[:3]).sum(-1) < 90)
        return columns.mean() + 0.5, rows.mean() + 0.5, rows.size


@pytest.fixture
def person(open_window):
    """Somebody before a white picture of 600 x 400 with a red square on it, which is marked."""
    window = open_window(document=Document(600, 400))
    document = window.session.document
    edit = document.layers[0].tiles.edit()
    edit.fill(document.rect, WHITE)
    edit.fill(SQUARE, RED)
    edit.commit()
    document.preview(Damage((document.rect,)))
    mark = document.mask.edit()
    mark.fill(SQUARE, 255)
    document.push(PaintTiles("Mark", MASK, mark.commit()))
    person = Person(window)
    if window.actions_by_id["show_mask"].isChecked():
        person.presses("show_mask")
    person.presses("actual_size")
    yield person
    assert document.history.labels() == ["Mark"]  # looking changes nothing


def test_the_wheel_zooms_at_the_pointer_from_the_least_to_the_most(person):
    x, y, area = person.square()
    person.turns_wheel(x, y, 4)
    *larger, more = person.square()
    assert larger == pytest.approx([x, y], abs=1)
    assert more == pytest.approx(4 * area, rel=0.08)  # edges are smoothed
    person.turns_wheel(x, y, -8)
    *smaller, less = person.square()
    assert smaller == pytest.approx([x, y], abs=1)
    assert less == pytest.approx(area / 4, rel=0.15)
    person.turns_wheel(x, y, 100)
    assert person.canvas.viewport.scale == 32
    person.turns_wheel(x, y, -100)
    assert person.canvas.viewport.scale == 0.02


@pytest.mark.parametrize("means", ["space", "middle button", "touch pad", "hand"])
def test_the_picture_is_moved_by(person, means):
    x, y, area = person.square()
    if means == "space":
        QTest.keyPress(person.canvas, Qt.Key.Key_Space)
        person.drags(LEFT, (37, -21))
        QTest.keyRelease(person.canvas, Qt.Key.Key_Space)
    elif means == "middle button":
        person.drags(MIDDLE, (37, -21))
    elif means == "hand":
        person.presses("hand")
        person.drags(LEFT, (37, -21))
    else:
        person.moves_two_fingers((37, -21))
    assert person.square() == pytest.approx((x + 37, y - 21, area), abs=1)


def test_the_view_is_turned_and_mirrored_about_its_middle_and_put_upright_again(person):
    x, y, area = person.square()
    across, down = x - person.canvas.width() / 2, y - person.canvas.height() / 2
    for _ in range(6):
        person.presses("turn_right")  # 15 degrees each
    turned = x - across - down, y - down + across
    assert person.square() == pytest.approx((*turned, area), abs=2)
    person.presses("upright")
    person.presses("mirror")
    assert person.square() == pytest.approx((x - 2 * across, y, area), abs=2)
    person.presses("turn_left")
    person.presses("upright")
    assert person.square() == pytest.approx((x, y, area), abs=2)


def test_keys_show_the_whole_picture_actual_pixels_and_the_mask(person):
    person.presses("actual_size")
    assert person.square()[2] == SIDE**2
    person.turns_wheel(10, 10, 12)
    person.presses("fit")
    white = np.nonzero((person.sees() > 250).all(-1))
    height, width = (edges.max() - edges.min() + 1 for edges in white)
    assert width / height == pytest.approx(600 / 400, rel=0.02)
    assert width < person.canvas.width()
    assert height < person.canvas.height()
    person.presses("fit_mask")
    x, y, area = person.square()
    middle = person.canvas.width() / 2, person.canvas.height() / 2
    assert (x, y) == pytest.approx(middle, abs=2)
    shorter = min(person.canvas.width(), person.canvas.height())
    assert 0.8 * shorter < math.sqrt(area) < shorter


def test_single_pixels_get_a_grid_when_they_are_large(person):
    person.points_at(5, 5)
    person.presses("mirror")
    person.presses("upright")
    x, y, _ = person.square()
    assert len(np.unique(person.sees()[round(y) - 60, round(x) - 60 : round(x)])) == 1
    person.turns_wheel(x, y, 16)  # 2 ** 4 = 16 times
    row = person.sees()[round(y) + 3, round(x) - 100 : round(x) + 100, 1]
    lines = np.nonzero(row > row.min())[0]
    assert set(np.diff(lines).tolist()) == {16}


def test_rulers_come_when_asked_for_and_tell_where_the_pointer_is(person):
    frame = person.canvas.parentWidget()
    assert not frame.across.isVisible()
    person.presses("rulers")
    QApplication.processEvents()
    assert frame.across.isVisible()
    assert frame.down.isVisible()
    x, y, _ = person.square()
    person.points_at(x, y)
    assert (frame.across.mark(), frame.down.mark()) == pytest.approx((x, y), abs=1)
    person.presses("rulers")
    assert not frame.down.isVisible()


@pytest.mark.parametrize("notches", [0, 4])
def test_the_outline_at_the_pointer_is_as_large_as_the_brush(person, notches):
    person.presses("brush")
    radius = person.window.session.brush.radius
    x, y = (round(part) for part in person.square()[:2])
    person.turns_wheel(x, y, notches)
    person.points_at(5, 5)
    without = person.sees()
    person.points_at(x, y + 100)
    rows, columns = np.nonzero((person.sees() != without).any(-1))
    near = np.hypot(columns + 0.5 - x, rows + 0.5 - y - 100)
    near = near[near < 90]
    expected = radius * 2 ** (notches / 4)
    assert near.size
    assert near.mean() == pytest.approx(expected, abs=1.5)
    assert near.min() > expected - 4
