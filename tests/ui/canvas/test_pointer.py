"""Mouse and pen on the canvas: one tool gets each event once, in the document's own pixels."""

from itertools import groupby

import pytest
from pens import LEFT, PLAIN, pen, strokes
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QPointingDeviceUniqueId, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sdedit_desktop.editing.gestures.interactive import InteractiveTool, Phase
from sdedit_desktop.editing.operations.mask_shapes import Modifiers
from sdedit_desktop.ui.canvas.tools import Tool

SHIFT = Qt.KeyboardModifier.ShiftModifier
RIGHT = Qt.MouseButton.RightButton


class Recorder(InteractiveTool):
    """Records the pointer events and modifier keys that a tool gets."""

    def __init__(self):
        super().__init__()
        self.events = []

    def press(self, event):
        self.events.append(event)

    move = release = press

    def change_modifiers(self, event):
        self.events.append(event.modifiers)


@pytest.fixture
def recorder(view):
    tool = Recorder()
    view.choose_tool(Tool("recorder", lambda _session: tool))
    return tool


def phases(recorder):
    """The phases recorded; repeated moves, which the test's own pointer causes, count once."""
    return [phase for phase, _ in groupby(event.phase for event in recorder.events)]


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_events_come_in_document_pixels(view, recorder, scale):
    view.look(view.viewport.centered(view._session.document.rect, scale).turned(90))
    QTest.mousePress(view, LEFT, SHIFT, QPoint(30, 20))
    event = recorder.events[-1]
    expected = view.viewport.to_document(QPointF(30, 20))
    assert event.sample[:2] == pytest.approx((expected.x(), expected.y()))
    assert event.sample.pressure == 1.0
    assert event.modifiers == Modifiers(shift=True)
    assert event.unit == pytest.approx(1 / scale)


def test_each_event_is_reported_once_and_in_order(view, recorder):
    QTest.mouseMove(view, QPoint(20, 20))  # it enters
    recorder.events.clear()
    QTest.mousePress(view, LEFT, PLAIN, QPoint(20, 20))
    QTest.mouseMove(view, QPoint(30, 20))
    QTest.mouseRelease(view, LEFT, PLAIN, QPoint(30, 20))
    QTest.mouseMove(view, QPoint(40, 20))
    assert phases(recorder) == [Phase.PRESS, Phase.MOVE, Phase.RELEASE, Phase.MOVE]


def test_a_pen_is_reported_with_its_pressure_and_the_mouse_is_ignored_meanwhile(view, recorder):
    pen(view, QEvent.Type.TabletPress, 20, 20, 0.5)
    QTest.mousePress(view, LEFT, PLAIN, QPoint(20, 20))
    pen(view, QEvent.Type.TabletMove, 30, 20, 0.75)
    QTest.mouseMove(view, QPoint(30, 20))
    QTest.mouseRelease(view, LEFT, PLAIN, QPoint(30, 20))
    pen(view, QEvent.Type.TabletRelease, 30, 20, 0.0)
    assert phases(recorder) == [Phase.PRESS, Phase.MOVE, Phase.RELEASE]
    assert [event.sample.pressure for event in recorder.events] == [0.5, 0.75, 0.0]
    QTest.mouseMove(view, QPoint(40, 20))
    assert phases(recorder)[-1] is Phase.MOVE


def test_modifier_keys_are_reported_while_the_pointer_rests(view, recorder):
    QTest.mouseMove(view, QPoint(30, 20))
    recorder.events.clear()
    for key in (Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_A):
        QTest.keyPress(view, key)
        QTest.keyRelease(view, key)
    plain = Modifiers()
    assert recorder.events == [Modifiers(shift=True), plain, Modifiers(alt=True), plain]


def test_another_button_neither_ends_nor_begins_anything(view, recorder):
    QTest.mousePress(view, LEFT, PLAIN, QPoint(20, 20))
    QTest.mousePress(view, RIGHT, PLAIN, QPoint(20, 20))
    QTest.mouseRelease(view, RIGHT, PLAIN, QPoint(20, 20))
    assert phases(recorder) == [Phase.PRESS]
    QTest.mouseRelease(view, LEFT, PLAIN, QPoint(20, 20))
    assert phases(recorder) == [Phase.PRESS, Phase.RELEASE]


def test_panning_sends_no_events_to_the_tool(view, recorder):
    QTest.keyPress(view, Qt.Key.Key_Space)
    x = view.viewport.x
    QTest.mousePress(view, LEFT, PLAIN, QPoint(20, 20))
    QTest.mouseMove(view, QPoint(30, 20))
    QTest.mouseRelease(view, LEFT, PLAIN, QPoint(30, 20))
    assert view.viewport.x == x + 10
    assert recorder.events == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Z])
def test_escape_and_undo_break_a_stroke_off(session, open_window, key):
    window = open_window()
    view, document = window.canvas, window.session.document
    view.look(view.viewport.centered(document.rect, 1.0))
    QTest.mouseClick(view, LEFT, PLAIN, view.rect().center())
    before = document.composite(document.rect).tobytes()
    QTest.mousePress(view, LEFT, PLAIN, view.rect().center() + QPoint(20, 20))
    assert document.composite(document.rect).tobytes() != before
    keys = Qt.KeyboardModifier.ControlModifier if key == Qt.Key.Key_Z else PLAIN
    QTest.keyClick(view, key, keys)
    QTest.mouseRelease(view, LEFT, PLAIN, view.rect().center() + QPoint(20, 20))
    assert document.composite(document.rect).tobytes() == before
    assert document.history.labels() == ["Brush stroke"]


def test_the_other_end_of_a_pen_erases(session, view):
    QTest.mouseClick(view, LEFT, PLAIN, QPoint(50, 40))
    assert strokes(session).any()
    kind = QPointingDevice.PointerType.Eraser
    device = QPointingDevice(
        "pen", 2, QInputDevice.DeviceType.Stylus, kind, QInputDevice.Capability.Position, 1, 1, "",
        QPointingDeviceUniqueId(),
    )  # fmt: skip
    session.change_brush(session.brush.__class__(radius=30))
    for event_type, down in (
        (QEvent.Type.TabletPress, LEFT),
        (QEvent.Type.TabletRelease, Qt.MouseButton.NoButton),
    ):
        at = QPointF(50, 40)
        event = QTabletEvent(event_type, device, at, at, 1.0, 0, 0, 0, 0, 0, PLAIN, LEFT, down)
        QApplication.sendEvent(view, event)
    assert not strokes(session).any()
    assert session.document.history.labels()[-1] == "Erase"


def test_shift_shows_the_line_to_come_until_the_pointer_leaves(session, view):
    QTest.mouseClick(view, LEFT, PLAIN, QPoint(20, 20))
    QTest.mouseMove(view, QPoint(70, 60))
    active = view.interaction.active
    assert not active.outline
    QTest.keyPress(view, Qt.Key.Key_Shift)
    assert list(active.outline) == [(20, 20), (70, 60)]
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert not active.outline
    assert len(session.document.history.labels()) == 1
