"""Fingers on the canvas: one paints or pans, two pan and zoom."""

import pytest
from pens import PEN, pen, strokes
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtTest import QTest

SCREEN = QTest.createTouchDevice()


def touch(view, **fingers):
    """Sends one event; fingers are f0, f1 with "press", "move", "stay" or "release", and where."""
    sequence = QTest.touchEvent(view, SCREEN, False)
    for name, (kind, *at) in fingers.items():
        number = int(name[1:])
        if kind == "stay":
            sequence.stationary(number)
        else:
            getattr(sequence, kind)(number, QPoint(*at), view)
    sequence.commit()


def test_one_finger_pans_unless_it_may_paint(view, session):
    before = view.viewport
    touch(view, f0=("press", 20, 20))
    touch(view, f0=("move", 32, 27))
    touch(view, f0=("release", 32, 27))
    ratio = view.devicePixelRatioF()
    assert view.viewport.scale == before.scale
    assert (view.viewport.x - before.x, view.viewport.y - before.y) == (12 * ratio, 7 * ratio)
    assert not strokes(session).any()
    assert session.document.history.position == 0


def test_one_finger_paints_where_the_user_wants_it(view, session):
    view.touch.paints = True
    before = view.viewport
    touch(view, f0=("press", 40, 40))
    touch(view, f0=("move", 60, 40))
    touch(view, f0=("release", 60, 40))
    assert view.viewport == before
    assert strokes(session).any()
    session.document.undo()
    assert not strokes(session).any()
    assert session.document.history.position == 0  # it was one step


@pytest.mark.parametrize("paints", [False, True])
def test_two_fingers_zoom_about_their_middle(view, paints):
    view.touch.paints = paints
    before, ratio = view.viewport, view.devicePixelRatioF()
    middle = before.to_document(QPoint(50, 40) * ratio)
    touch(view, f0=("press", 40, 40), f1=("press", 60, 40))
    touch(view, f0=("move", 30, 40), f1=("move", 70, 40))
    assert view.viewport.scale == pytest.approx(2 * before.scale)
    after = view.viewport.to_document(QPoint(50, 40) * ratio)
    assert (after.x(), after.y()) == pytest.approx((middle.x(), middle.y()))
    touch(view, f0=("release", 30, 40), f1=("release", 70, 40))


def test_two_fingers_pan_together(view):
    before, ratio = view.viewport, view.devicePixelRatioF()
    touch(view, f0=("press", 40, 40), f1=("press", 60, 40))
    touch(view, f0=("move", 45, 50), f1=("move", 65, 50))
    assert view.viewport.scale == pytest.approx(before.scale)
    assert view.viewport.x - before.x == pytest.approx(5 * ratio)
    assert view.viewport.y - before.y == pytest.approx(10 * ratio)
    touch(view, f0=("release", 45, 50), f1=("release", 65, 50))


def test_a_second_finger_takes_the_stroke_back_and_zooms(view, session):
    view.touch.paints = True
    before = view.viewport
    touch(view, f0=("press", 40, 40))
    touch(view, f0=("move", 45, 40))
    assert view.is_busy
    touch(view, f0=("stay",), f1=("press", 65, 40))
    assert not view.is_busy
    assert not strokes(session).any()
    touch(view, f0=("stay",), f1=("move", 85, 40))
    assert view.viewport.scale == pytest.approx(2 * before.scale)
    touch(view, f0=("release", 45, 40), f1=("release", 85, 40))
    assert session.document.history.position == 0
    touch(view, f0=("press", 40, 40))  # the next finger paints again
    touch(view, f0=("release", 40, 40))
    assert strokes(session).any()


def test_the_palm_does_nothing_while_a_pen_is_down(view, session):
    view.touch.paints = True
    before = view.viewport
    pen(view, QEvent.Type.TabletPress, 20, 20, 0.5)
    touch(view, f0=("press", 70, 60))
    touch(view, f0=("move", 80, 60))
    touch(view, f0=("release", 80, 60))
    pen(view, QEvent.Type.TabletRelease, 20, 20, 0)
    assert view.viewport == before
    assert PEN.type() != SCREEN.type()
    at = view.viewport.to_document(QPoint(75, 60) * view.devicePixelRatioF())
    assert strokes(session)[int(at.y()), int(at.x())] == 0
