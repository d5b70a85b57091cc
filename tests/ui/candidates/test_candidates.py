"""The strip as a user sees it: pointing, choosing, sorting, and what each verb does."""

import threading
from dataclasses import replace

import pytest
from candidates_made import keep
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.candidates.order import Order
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.editing.request import Candidate
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.widgets.qimages import from_qimage

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot, open_window):
    """A white picture, all of which may change, and the candidates 1 to 4: greys 101 to 104."""
    window = open_window()
    window.session.change_params(window.session.params.__class__("fake", seeds=(1, 2, 3, 4)))
    generate(qtbot, window)
    window.candidates.choose()
    return window


def generate(qtbot, window, action="generate"):
    """Lets an action make candidates, and waits for them to be packed."""
    window.actions_by_id[action].trigger()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    qtbot.waitUntil(lambda: all(s.made and s.made.stored.is_packed for s in window.session.slots))


def seen(window):
    """The grey in the middle of the canvas."""
    pixels = from_qimage(window.canvas.grab().toImage())
    height, width, _ = pixels.shape
    return int(pixels[height // 2, width // 2, 0])


def middle(window, place):
    """Where a candidate's thumbnail is."""
    model = window.candidates.strip
    return window.candidates.visualRect(model.index(model.row(place))).center()


def point_at(window, place):
    at = QPointF(middle(window, place))
    move = QMouseEvent(
        QEvent.Type.MouseMove, at, at, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, PLAIN
    )
    QApplication.sendEvent(window.candidates.viewport(), move)


def leave(window):
    QApplication.sendEvent(window.candidates, QEvent(QEvent.Type.Leave))


def click(window, place, keys=PLAIN):
    QTest.mouseClick(window.candidates.viewport(), LEFT, keys, middle(window, place))


def seeds(window):
    return [slot.seed for slot in window.session.slots]


def shown_seeds(window):
    model = window.candidates.strip
    return [int(model.index(row).data()) for row in range(model.rowCount())]


# --- pointing and choosing ------------------------------------------------------------------


def test_pointing_shows_and_leaving_goes_back_to_the_chosen_one(qtbot, window):
    """Given a chosen candidate, when another is pointed at and left, both are seen in turn."""
    click(window, 1)
    assert seen(window) == 102
    point_at(window, 3)
    qtbot.waitUntil(lambda: seen(window) == 104)
    assert window.candidates.chosen_index() == 1
    leave(window)
    qtbot.waitUntil(lambda: seen(window) == 102)


def test_without_a_chosen_one_leaving_goes_back_to_the_picture(qtbot, window):
    point_at(window, 0)
    qtbot.waitUntil(lambda: seen(window) == 101)
    leave(window)
    qtbot.waitUntil(lambda: seen(window) == 255)


def test_only_the_thumbnail_that_the_pointer_rests_on_is_shown(qtbot, window):
    """Given the pointer moving over three thumbnails, when it rests, only the last was seen."""
    shown = []
    window.candidates.shown.connect(shown.append)
    for place in (0, 1, 2):
        point_at(window, place)
    qtbot.waitUntil(lambda: bool(shown))
    assert [slot.seed for slot in shown] == [3]
    point_at(window, 2)
    leave(window)
    point_at(window, 2)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not window.candidates._rest.isActive())
    assert len(shown) == 1  # out and in again shows nothing else in between


def test_arrow_keys_show_one_after_another_whatever_is_pointed_at(qtbot, window):
    window.candidates.setFocus()
    click(window, 0)
    point_at(window, 3)
    qtbot.waitUntil(lambda: seen(window) == 104)
    QTest.keyClick(window.candidates, Qt.Key.Key_Right)
    assert seen(window) == 102
    QTest.keyClick(window.candidates, Qt.Key.Key_Right)
    assert seen(window) == 103


def test_pointing_costs_a_stroke_nothing(qtbot, window):
    """Given a stroke under way, when a candidate is pointed at, then the canvas stays as it is."""
    canvas = window.canvas
    at = canvas.rect().center()
    QTest.mousePress(canvas, LEFT, PLAIN, at)
    assert canvas.is_busy
    opened = []
    window.session.strip.open = lambda slot: opened.append(slot)
    point_at(window, 2)
    qtbot.waitUntil(lambda: not window.candidates._rest.isActive())
    assert canvas.scene.shown_slot is None
    assert opened == []
    QTest.mouseRelease(canvas, LEFT, PLAIN, at)
    assert window.session.document.history.labels() == ["Brush stroke"]


def test_painting_takes_the_candidate_away(window):
    click(window, 1)
    QTest.mouseClick(window.canvas, LEFT, PLAIN, window.canvas.rect().center())
    assert window.candidates.chosen_indices() == []
    assert window.canvas.scene.shown_slot is None


def test_a_candidate_looked_at_twice_is_decoded_once(qtbot, window):
    opened = []
    keep = window.session.strip.open
    window.session.strip.open = lambda slot: opened.append(slot.seed) or keep(slot)
    for place in (1, 2, 1, 2, 1):
        window.candidates.choose(place)
        assert seen(window) == 101 + place
    assert opened == [2, 3]


def test_new_previews_of_the_hovered_candidate_are_shown(qtbot, open_window, fake_engine):
    """Given a forming candidate that is pointed at, when its next step comes, then it is seen."""
    gate = threading.Semaphore(0)

    class Gate:
        def wait(self, seconds):
            return gate.acquire(timeout=seconds)

    window = open_window(fake_engine(gate=Gate()))
    window.actions_by_id["generate"].trigger()
    window.candidates.choose()
    gate.release()
    qtbot.waitUntil(lambda: window.session.slots[0].preview is not None)
    point_at(window, 0)
    qtbot.waitUntil(lambda: seen(window) == 11)
    gate.release()
    qtbot.waitUntil(lambda: seen(window) == 12)
    gate.release(10)
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    assert seen(window) == 101


# --- before ---------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["canvas", "candidates"])
def test_backslash_shows_the_picture_without_the_candidate(window, where):
    """Given strokes and a candidate over them, when held, the strokes are seen, not the photo."""
    widget = getattr(window, where)
    QTest.mouseClick(window.canvas, LEFT, PLAIN, window.canvas.rect().center())
    strokes = seen(window)
    assert strokes < 255
    window.candidates.choose(2)
    widget.setFocus()
    assert seen(window) == 103
    QTest.keyPress(widget, Qt.Key.Key_Backslash)
    assert seen(window) == strokes
    QTest.keyRelease(widget, Qt.Key.Key_Backslash)
    assert seen(window) == 103
    QTest.keyPress(widget, Qt.Key.Key_Backslash)
    window.params.setFocus()
    window.layers.list.setFocus()
    assert seen(window) == 103  # the release went elsewhere


def test_backslash_without_a_candidate_shows_the_opened_picture(window):
    QTest.mouseClick(window.canvas, LEFT, PLAIN, window.canvas.rect().center())
    window.canvas.setFocus()
    QTest.keyPress(window.canvas, Qt.Key.Key_Backslash)
    assert seen(window) == 255
    QTest.keyRelease(window.canvas, Qt.Key.Key_Backslash)
    assert seen(window) < 255


# --- verbs ----------------------------------------------------------------------------------


def test_several_are_accepted_in_one_step_and_mixed_on_their_masks(window):
    """Given two accepted candidates, when the upper one's mask is erased, the lower one is seen."""
    click(window, 0)
    click(window, 2, CONTROL)
    window.candidates.setFocus()
    QTest.keyClick(window.candidates, Qt.Key.Key_Return)
    document = window.session.document
    assert document.history.labels() == ["Accept candidates"]
    assert seen(window) == 103
    upper = document.layers[-2]
    assert upper.name == "Candidate 3"
    window.session.activate_layer(upper.id, mask=True)
    window.actions_by_id["eraser"].trigger()
    QTest.mouseClick(window.canvas, LEFT, PLAIN, window.canvas.rect().center())
    assert seen(window) == 101
    assert document.history.labels() == ["Accept candidates", "Paint layer mask"]
    document.undo()
    assert seen(window) == 103
    document.undo()
    assert seen(window) == 255


def test_accepting_twice_and_after_undo_works_each_time(window):
    accept, undo = window.actions_by_id["accept"], window.actions_by_id["undo"]
    click(window, 1)
    accept.trigger()
    assert not accept.isEnabled()
    accept.trigger()
    assert len(window.session.document.history.labels()) == 1
    undo.trigger()
    assert seen(window) == 255
    click(window, 1)
    accept.trigger()
    assert seen(window) == 102
    click(window, 1)
    accept.trigger()
    assert [layer.name for layer in window.session.document.layers].count("Candidate 2") == 2


def test_several_are_starred_and_rejected_together(window):
    click(window, 0)
    click(window, 1, CONTROL)
    window.actions_by_id["star"].trigger()
    click(window, 3)
    click(window, 1, CONTROL)
    window.actions_by_id["star"].trigger()
    assert [slot.starred for slot in window.session.slots] == [True, True, False, True]
    window.actions_by_id["star"].trigger()
    assert [slot.starred for slot in window.session.slots] == [True, False, False, False]
    window.actions_by_id["discard"].trigger()
    assert seeds(window) == [1, 3]
    assert window.candidates.chosen_slot().seed == 3


def test_discarding_while_it_forms_goes_on_with_the_others(qtbot, open_window, fake_engine):
    """Given the first of two forming, when it is rejected, then the second is made."""
    gate = threading.Event()
    window = open_window(fake_engine(gate=gate))
    window.actions_by_id["generate"].trigger()
    assert window.candidates.chosen_index() == 0
    window.actions_by_id["discard"].trigger()
    assert seeds(window) == [2]
    gate.set()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    assert seeds(window) == [2]
    assert window.session.slots[0].is_finished
    assert window.candidates.chosen_slot().seed == 2


def test_again_and_more_like_this_leave_the_users_parameters_alone(qtbot, window):
    click(window, 1)
    params = window.session.params
    generate(qtbot, window, "again")
    assert len(seeds(window)) == 8
    assert not set(seeds(window)[4:]) & {1, 2, 3, 4}
    generate(qtbot, window, "more_like")
    assert {slot.made.params.t0 for slot in window.session.slots[8:]} == {0.3}
    assert window.session.params == params
    assert window.candidates.chosen_slot().seed == 2


def test_making_it_again_says_that_it_is_the_same(qtbot, window):
    click(window, 1)
    said = []
    window.session.noticed.connect(said.append)
    window.actions_by_id["make_again"].trigger()
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["Made again: it is the same to the last bit."]


def test_a_candidate_is_finished_at_full_detail(qtbot, window):
    action = window.actions_by_id["full_detail"]
    click(window, 1)
    assert not action.isEnabled()  # the picture is small: it has all the detail there is
    made = window.candidates.chosen_slot().made
    made.params = replace(made.params, detail="off")
    click(window, 0)
    click(window, 1)
    assert action.isEnabled()
    generate(qtbot, window, "full_detail")
    last = window.session.slots[-1]
    assert (last.seed, last.made.params.detail) == (made.seed, "full")


def test_impossible_candidate_actions_are_disabled(window):
    names = ("accept", "discard", "star", "reuse", "again", "more_like", "make_again")
    assert not any(window.actions_by_id[name].isEnabled() for name in names)
    click(window, 0)
    assert all(window.actions_by_id[name].isEnabled() for name in names)
    window.session.slots[0].made.guide = None
    click(window, 1)
    click(window, 0)
    assert [n for n in names if not window.actions_by_id[n].isEnabled()] == list(names[4:])


def test_a_document_closed_while_its_candidates_are_packed(qtbot, open_window, fake_engine):
    """Given work in the background, when another document is opened, nothing of it is seen."""
    window = open_window()
    waiting = []
    window.session.strip.background = lambda work, then: waiting.append((work, then))
    window.actions_by_id["generate"].trigger()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    window.candidates_panel.order.setCurrentIndex(2)
    window.candidates_panel.order.activated.emit(2)
    window.files.adopt(Document(30, 30), "other")
    for work, then in waiting:
        work()
        then()
    assert window.candidates.strip.rowCount() == 0
    assert window.candidates.chosen_slot() is None


# --- sorting and looks ----------------------------------------------------------------------


def sort(qtbot, window, order):
    panel = window.candidates_panel
    panel.order.setCurrentIndex(panel.order.findData(order))
    panel.order.activated.emit(panel.order.currentIndex())


def test_sorting_keeps_the_chosen_candidates(qtbot, window):
    """The guide is white: the lighter a candidate, the more faithful."""
    click(window, 1)
    sort(qtbot, window, Order.FAITHFULNESS)
    qtbot.waitUntil(lambda: shown_seeds(window) == [4, 3, 2, 1])
    assert window.candidates.chosen_slot().seed == 2
    assert seen(window) == 102
    QTest.keyClick(window.candidates, Qt.Key.Key_Right)
    assert window.candidates.chosen_slot().seed == 1
    window.actions_by_id["discard"].trigger()
    assert shown_seeds(window) == [4, 3, 2]
    assert seeds(window) == [2, 3, 4]
    sort(qtbot, window, Order.AGE)
    assert shown_seeds(window) == [2, 3, 4]


def test_sorting_by_closeness_starts_at_the_chosen_candidate(qtbot, window):
    click(window, 2)
    sort(qtbot, window, Order.CLOSENESS)
    qtbot.waitUntil(lambda: shown_seeds(window)[0] == 3)
    assert shown_seeds(window) in ([3, 2, 1, 4], [3, 4, 2, 1])


def test_the_item_model_passes_qts_tester(qtmodeltester, qtbot, window):
    qtmodeltester.check(window.candidates.strip)
    sort(qtbot, window, Order.FAITHFULNESS)
    qtmodeltester.check(window.candidates.strip)
    window.session.strip.discard([1])
    qtmodeltester.check(window.candidates.strip)


def test_a_strip_is_one_line_and_a_grid_as_many_as_are_needed(qtbot, window):
    panel = window.candidates_panel
    panel.side.setValue(200)
    window.resize(900, 800)
    for grid in (False, True):
        panel.grid.setChecked(grid)
        qtbot.waitUntil(
            lambda grid=grid: (middle(window, 0).y() == middle(window, 3).y()) is not grid
        )
    assert window.candidates.visualRect(window.candidates.strip.index(0)).width() > 200


def test_the_wheel_scrolls_along_and_with_ctrl_resizes(qtbot, window):
    panel = window.candidates_panel
    panel.grid.setChecked(False)
    panel.side.setValue(250)
    window.resize(900, 800)
    bar = window.candidates.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    wheel(window, -120)
    assert bar.value() > 0
    wheel(window, 240)
    assert bar.value() == 0
    wheel(window, -120, CONTROL)
    assert panel.side.value() == window.candidates.side == round(250 * 1.1**-1)


def wheel(window, delta, keys=PLAIN):
    at = QPointF(50, 50)
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, delta), LEFT.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(window.candidates.viewport(), event)


def test_how_the_strip_looks_is_remembered(qtbot, open_window):
    kept = []
    chosen = Settings(
        thumbnail_size=90,
        candidates_in_grid=False,
        candidate_order="closeness",
        candidate_details=True,
    )
    window = open_window(settings=chosen, keep=kept.append)
    panel = window.candidates_panel
    assert (window.candidates.side, window.candidates.isWrapping()) == (90, False)
    assert panel.details.isVisibleTo(window.candidates_panel)
    assert window.candidates.strip.ordering.by is Order.CLOSENESS
    panel.side.setValue(120)
    window.close()
    last = kept[-1]
    assert (last.thumbnail_size, last.candidates_in_grid) == (120, False)
    assert (last.candidate_order, last.candidate_details) == ("closeness", True)


def test_details_tell_everything_and_can_be_used_again(qtbot, window):
    slot = window.session.slots[1]
    slot.made.origin = slot.made.origin.__class__("0123456789abcdef", "A <device>", "x", "y")
    window.candidates_panel.tells.click()
    text = window.candidates_panel.details.text
    assert "Choose a candidate" in text.text()
    click(window, 1)
    for fact in (
        "fake",
        "0.5",
        ">50 %<",
        "DPM++ 2M SDE",
        ">auto<",
        "0123456789ab",
        "&lt;device&gt;",
    ):
        assert fact in text.text()
    assert f"{100 * (1 - 102 / 255):.1f} %" in text.text()
    point_at(window, 2)
    qtbot.waitUntil(lambda: ">3<" in text.text())
    window.session.change_params(window.session.params.__class__("other", t0=0.9))
    window.actions_by_id["reuse"].trigger()
    assert window.session.params == slot.made.params.__class__("fake", seeds=(2,))
    assert window.session.keeps_seed


def test_only_visible_thumbnails_are_made(qtbot, open_window):
    """Given many candidates, when the strip is drawn, only pictures in view are decoded."""
    window = open_window()
    window.session.change_params(
        window.session.params.__class__("fake", seeds=tuple(range(1, 201)))
    )
    generate(qtbot, window)
    window.candidates.choose()
    window.candidates_panel.grid.setChecked(False)
    model = window.candidates.strip
    model._pixmaps.clear()
    window.candidates.grab()
    seen_now = window.candidates.viewport().width() // window.candidates.side + 2
    assert 0 < len(model._pixmaps) <= seen_now
    assert window.session.strip.store.bytes_at_hand <= 8 << 20


def test_thumbnails_turn_with_the_picture(qtbot, open_window, fake_engine):
    """Given a candidate that is light on the right, when the picture is flipped, its left is."""

    class Halves(fake_engine):
        def run(self, request, cancel):
            for result in super().run(request, cancel):
                if isinstance(result, Candidate):
                    result.image[:] = 0
                    result.image[:, result.image.shape[1] // 2 :] = 200
                yield result

    window = open_window(Halves())
    generate(qtbot, window)

    def ends():
        model = window.candidates.strip
        pixmap = model.data(model.index(0), Qt.ItemDataRole.DecorationRole)
        pixels = from_qimage(pixmap.toImage())
        return int(pixels[5, 5, 0]), int(pixels[5, -5, 0])

    assert ends() == pytest.approx((0, 200), abs=5)
    window.actions_by_id["flip_across"].trigger()
    assert ends() == pytest.approx((200, 0), abs=5)
    window.actions_by_id["undo"].trigger()
    assert ends() == pytest.approx((0, 200), abs=5)


def test_a_damaged_candidate_is_one_sentence(qtbot, window, tmp_path):
    """Given a saved file with a damaged picture, when it is chosen, it goes, and others stay."""
    window.files.path = tmp_path / "a.ora"
    keep(window.session)
    attachments = window.session.document.attachments
    png = attachments["candidates/1.png"]
    attachments["candidates/1.png"] = png[:60]
    other = Document(100, 80)
    other.attachments = attachments
    said = []
    window.session.noticed.connect(said.append)
    window.files.adopt(other, "other")
    assert seeds(window) == [1, 2, 3, 4]
    window.candidates.choose(1)
    assert said == ["A kept candidate was damaged in the file; it has been removed."]
    assert seeds(window) == [1, 3, 4]
    window.candidates.choose(1)
    assert seen(window) == 103


def test_a_failed_job_removes_its_empty_slots(qtbot, open_window, fake_engine):
    window = open_window(fake_engine(error=ValueError("broken")))
    window.files.reports.show_error = lambda error: None
    window.actions_by_id["generate"].trigger()
    job = window.session.jobs.running
    qtbot.waitUntil(lambda: job.state is JobState.FAILED)
    assert seeds(window) == []
    assert window.candidates.chosen_slot() is None
    assert window.canvas.scene.shown_slot is None
