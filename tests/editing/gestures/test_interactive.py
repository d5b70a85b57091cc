"""Tools of one drag, led without a window."""

import pytest
from pointing import NO_KEYS, move, press, release

from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.gestures.interactive import DragTool
from sdedit_desktop.editing.gestures.painting import paint, pick_color
from sdedit_desktop.editing.operations.mask_shapes import Modifiers
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.session import Session

SHIFT, ALT = Modifiers(shift=True), Modifiers(alt=True)


@pytest.fixture
def session():
    return Session(Document(100, 80), EditParams("none"))


@pytest.fixture
def brush(session):
    return DragTool(session, paint, draws_lines=True, with_alt=pick_color)


def labels(session):
    return session.document.history.labels()


def alpha(session, x, y):
    return session.document.layers[-1].tiles.read(session.document.rect)[y, x, 3]


def test_another_tool_ends_a_stroke_and_keeps_it(session, brush):
    brush.press(press(20, 40))
    brush.move(move(60, 40))
    brush.leave()
    assert not brush.is_busy
    assert labels(session) == ["Brush stroke"]
    brush.leave()
    brush.release(release(60, 40))
    assert labels(session) == ["Brush stroke"]


def test_the_controller_is_idle_when_the_undo_step_is_announced(session, brush):
    busy = []
    session.document_changed.connect(lambda change: busy.append((change.is_step, brush.is_busy)))
    brush.press(press(20, 40))
    brush.release(release(20, 40))
    assert (False, True) in busy
    assert [is_busy for is_step, is_busy in busy if is_step] == [False]


def test_shift_joins_strokes_and_is_shown_before(session, brush):
    brush.press(press(20, 40))
    brush.release(release(20, 40))
    brush.move(move(80, 40, SHIFT))
    assert list(brush.outline) == [(20, 40), (80, 40)]
    assert alpha(session, 50, 40) == 0
    brush.press(press(80, 40, SHIFT))
    assert not brush.outline
    brush.release(release(80, 40, SHIFT))
    assert alpha(session, 50, 40) == 255
    session.replace_document(Document(100, 80))
    brush.move(move(80, 40, SHIFT))
    assert not brush.outline  # that stroke was in another document


def test_alt_picks_a_colour_and_leaves_the_end_of_the_stroke(session, brush):
    brush.press(press(20, 40))
    brush.release(release(20, 40))
    brush.press(press(70, 70, ALT))
    brush.release(release(70, 70, ALT))
    assert session.brush.color == (255, 255, 255)
    assert session.stroke_end[:2] == (20, 40)
    assert labels(session) == ["Brush stroke"]


def test_keys_that_change_during_a_stroke_paint_nothing(session, brush):
    said = []
    brush.press(press(20, 40))
    session.document_changed.connect(said.append)
    brush.change_modifiers(move(20, 40, SHIFT))
    brush.change_modifiers(move(20, 40, NO_KEYS))
    assert said == []
    brush.drop()
    assert labels(session) == []
    assert alpha(session, 20, 40) == 0
