"""Live mode: a preview of the result whenever the brush rests."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.variations import LIVE_CALLS, LIVE_SCALE, live_params
from sdedit_desktop.errors import ModelError
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.canvas.live_preview import DELAY_MS, LIVE_SIDE

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def gate():
    """Holds each step of the engine."""
    return threading.Event()


@pytest.fixture
def live_window(open_window):
    """A window in live mode that waits for a stroke; its first live job is cancelled."""

    def live_window(engine, document=None):
        window = open_window(engine, document)
        window.actions_by_id["live"].trigger()
        window.live.timer.stop()
        return window

    return live_window


def at(window, x, y):
    return window.canvas.viewport.transform.map(QPointF(x, y)).toPoint()


def stroke(window, x=50, y=40):
    QTest.mouseClick(window.canvas, LEFT, pos=at(window, x, y))


def rest(window):
    """What happens when the hand has rested long enough."""
    assert window.live.timer.isActive()
    window.live.timer.stop()
    window.live.timer.timeout.emit()


def seen(window, x=50, y=40):
    return window.grab().toImage().pixelColor(window.canvas.mapTo(window, at(window, x, y))).red()


def shown(window):
    return window.live.overlay.image is not None and window.live.overlay.isVisible()


def test_live_preview_is_off_by_default_and_the_choice_is_remembered(open_window, fake_engine):
    kept, engine = [], fake_engine()
    window = open_window(engine, keep=kept.append)
    stroke(window)
    assert not window.live.timer.isActive()
    window.actions_by_id["live"].trigger()
    assert kept[-1].live
    assert window.live.timer.isActive()  # a first live preview
    window.actions_by_id["live"].trigger()
    assert not kept[-1].live
    stroke(window)
    assert not window.live.timer.isActive()
    assert engine.requests == []


def test_live_preview_is_on_at_the_start_if_it_was_left_on(open_window):
    assert open_window(settings=Settings(live=True)).live.is_on


def test_a_live_preview_starts_a_quarter_of_a_second_after_a_stroke(
    qtbot, live_window, fake_engine
):
    engine = fake_engine()
    window = live_window(engine)
    assert window.live.timer.interval() == DELAY_MS == 250
    stroke(window)
    rest(window)
    qtbot.waitUntil(lambda: window.live.overlay.label == "Live")
    (request,) = engine.requests
    assert request.params == live_params(window.session.params, keeps_seed=True)
    assert shown(window)
    assert seen(window) == 101  # what the engine made of it


def test_a_live_preview_reduces_large_pictures(qtbot, live_window, fake_engine):
    engine = fake_engine()
    window = live_window(engine, Document(3000, 2000))
    stroke(window)
    rest(window)
    qtbot.waitUntil(lambda: engine.requests != [])
    (request,) = engine.requests
    assert max(request.guide.shape) <= LIVE_SIDE
    assert request.mask.shape == request.guide.shape[:2]
    assert request.rect == window.session.document.rect


def test_a_live_preview_keeps_the_parameters_that_decide_the_look():
    dear = EditParams(
        "nature", t0=0.37, calls=500, repeats=3, solver="reference", seeds=(7, 8, 9),
        precision="bf16", resamplings=4, device="cpu", scale=0.5,
    )  # fmt: skip
    cheap = live_params(dear, keeps_seed=True)
    assert cheap == EditParams(
        "nature", t0=0.37, calls=LIVE_CALLS, seeds=(7,), precision="bf16", device="cpu",
        scale=0.5 * LIVE_SCALE, detail="off",
    )  # fmt: skip
    assert live_params(dear, keeps_seed=False).seeds == (0,)  # it shall not flicker
    assert live_params(replace(dear, calls=2), keeps_seed=True).calls == 2


def test_a_new_stroke_drops_the_live_preview_of_the_old_one(qtbot, live_window, fake_engine, gate):
    engine = fake_engine(gate=gate)
    window = live_window(engine)
    stroke(window)
    rest(window)
    qtbot.waitUntil(lambda: len(engine.requests) == 1)
    QTest.mousePress(window.canvas, LEFT, pos=at(window, 20, 20))
    assert not window.live.overlay.isVisible()
    assert not window.session.jobs.has_live
    gate.set()
    QTest.mouseRelease(window.canvas, LEFT, pos=at(window, 30, 30))
    rest(window)
    qtbot.waitUntil(lambda: window.live.overlay.label == "Live")
    assert len(engine.requests) == 2
    assert not np.array_equal(engine.requests[0].guide, engine.requests[1].guide)


def test_a_stroke_that_takes_long_gets_no_live_preview(live_window, fake_engine):
    engine = fake_engine()
    window = live_window(engine)
    stroke(window)
    QTest.mousePress(window.canvas, LEFT, pos=at(window, 20, 20))
    assert not window.live.timer.isActive()
    window.live.timer.timeout.emit()  # it was on its way already
    assert not window.session.jobs.has_live
    QTest.mouseRelease(window.canvas, LEFT, pos=at(window, 30, 30))


def test_painting_is_not_disturbed(qtbot, live_window, fake_engine, monkeypatch):
    monkeypatch.setattr(QMessageBox, "open", lambda _box: pytest.fail("a dialog"))
    window = live_window(fake_engine(error=ModelError("It is broken.")))
    window.canvas.setFocus()
    stroke(window)
    rest(window)
    qtbot.waitUntil(lambda: window.live.overlay.label == "Live: It is broken.")
    assert QApplication.focusWidget() is window.canvas
    assert window.session.slots == []
    assert window.queue.model.rowCount() == 0
    assert not window.actions_by_id["stop"].isEnabled()
    steps = window.session.document.history.labels()
    stroke(window, 20, 20)  # the overlay lets pointers through
    assert len(window.session.document.history.labels()) == len(steps) + 1


def test_real_jobs_go_first(qtbot, live_window, fake_engine, gate):
    engine = fake_engine(gate=gate)
    window = live_window(engine)
    stroke(window)
    rest(window)
    qtbot.waitUntil(lambda: len(engine.requests) == 1)
    window.actions_by_id["generate"].trigger()
    job = window.session.jobs.running or window.session.jobs.waiting[0]
    assert not window.live.overlay.isVisible()
    stroke(window, 20, 20)
    rest(window)
    assert window.session.jobs.has_live
    gate.set()
    qtbot.waitUntil(lambda: job.state is JobState.FINISHED)
    qtbot.waitUntil(lambda: window.live.overlay.label == "Live")
    seeds = [request.params.seeds for request in engine.requests]
    assert seeds == [(1,), (1, 2), (1,)]


def test_closing_does_not_ask_because_of_a_live_preview(
    qtbot, live_window, fake_engine, monkeypatch
):
    monkeypatch.setattr(QMessageBox, "question", lambda *_: pytest.fail("a question"))
    window = live_window(fake_engine(steps=10**9))
    stroke(window)
    rest(window)
    qtbot.waitUntil(lambda: shown(window))
    window.session.document.history.mark_saved()
    assert window.close()


def test_the_live_preview_follows_the_strength_that_is_chosen(qtbot, live_window, fake_engine):
    engine = fake_engine()
    window = live_window(engine)
    window.params.t0.set_number(0.4)
    assert not window.live.timer.isActive()
    stroke(window)
    rest(window)
    qtbot.waitUntil(lambda: window.live.overlay.label == "Live")
    window.params.count.setValue(7)
    assert not window.live.timer.isActive()  # that does not concern a live preview
    window.params.t0.set_number(0.6)
    rest(window)
    qtbot.waitUntil(lambda: len(engine.requests) == 2)
    assert engine.requests[1].params.t0 == 0.6


def test_accepting_is_no_stroke(qtbot, live_window, fake_engine):
    window = live_window(fake_engine())
    stroke(window)
    rest(window)
    qtbot.waitUntil(lambda: window.live.overlay.label == "Live")
    window.actions_by_id["generate"].trigger()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    window.actions_by_id["accept"].trigger()
    assert not window.live.timer.isActive()
    assert not window.live.overlay.isVisible()


def test_the_live_preview_covers_only_the_area_that_may_change(qtbot, live_window, fake_engine):
    window = live_window(fake_engine())
    document = window.session.document
    edit = document.mask.edit()
    edit.fill(type(document.rect)(40, 30, 60, 50), 255)
    edit.commit()
    window.actions_by_id["show_mask"].trigger()
    stroke(window)
    rest(window)
    qtbot.waitUntil(lambda: window.live.overlay.label == "Live")
    assert (seen(window, 50, 40), seen(window, 10, 10)) == (101, 255)
