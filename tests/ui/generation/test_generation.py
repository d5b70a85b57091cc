"""The Generation panel: parameters, presets, the queue and what t0 is asked about."""

import json
import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog

from sdedit_desktop import paths
from sdedit_desktop.app import make_window
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.editing.request import EditParams, ModelFacts, Progress
from sdedit_desktop.editing.retry import RetryOption
from sdedit_desktop.errors import ModelError, OutOfMemory
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.generation.job_text import progress_in_words
from sdedit_desktop.ui.generation.params_panel import SANE_T0
from sdedit_desktop.ui.generation.queue_panel import JobRole, JobsModel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def own_presets(monkeypatch, tmp_path):
    """A folder for presets that is nobody's."""
    folder = tmp_path / "presets"
    monkeypatch.setattr(paths, "user_presets", lambda: folder)
    return folder


@pytest.fixture
def gate():
    """Holds each step of the engine."""
    return threading.Event()


def idle(qtbot, window):
    qtbot.waitUntil(lambda: window.session.jobs.running is None)


def show_queue(window):
    bar = window._making.tabs.tabBar()
    QTest.mouseClick(bar, LEFT, pos=bar.tabRect(1).center())
    assert window.queue.isVisible()


def listed(window):
    model = window.queue.model
    return [model.data(model.index(row), JobRole).state for row in range(model.rowCount())]


# --- parameters -----------------------------------------------------------------------------


def test_the_panel_fits_into_the_first_window_without_scrolling(qapp, fake_engine, will_close):
    window = will_close(make_window(Settings(), fake_engine))
    window.resize(1440, 900)
    window.show()
    window.generate_bar.status.text.setText(
        "Two lines of words, as they are shown when all is done. " * 2
    )
    qapp.processEvents()
    shown = window.params.parentWidget()
    assert window.params.minimumSizeHint().width() <= shown.width()
    assert window.params.height() <= shown.height()
    window.params.more.click()
    assert window.params._rare.isVisible()


def test_the_sane_range_is_marked_on_the_slider(open_window):
    slider = open_window().params.t0
    assert SANE_T0 == slider.marks == (0.3, 0.6)
    picture = slider.grab().toImage()
    accent = slider.palette().color(slider.palette().ColorRole.Accent)
    row = picture.height() - 2 * round(picture.devicePixelRatio())
    marked = [x for x in range(picture.width()) if picture.pixelColor(x, row) == QColor(accent)]
    share = [x / picture.width() for x in (marked[0], marked[-1])]
    t0 = [slider._low + each * (slider._high - slider._low) for each in share]
    assert t0 == pytest.approx(SANE_T0, abs=0.02)


@pytest.mark.parametrize(
    ("name", "value"), [("precision", "bf16"), ("device", "cpu"), ("solver", "ddim")]
)
def test_choices_reach_the_request(qtbot, open_window, fake_engine, name, value):
    engine = fake_engine()
    window = open_window(engine)
    box = getattr(window.params, name)
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())
    window.params.resamplings.setValue(2)
    window.params.colours.set_number(40)
    window.actions_by_id["generate"].trigger()
    idle(qtbot, window)
    made_with = engine.requests[0].params
    assert (getattr(made_with, name), made_with.resamplings) == (value, 2)
    assert made_with.colours_kept == 0.4


def test_the_device_is_kept_in_the_settings_and_follows_them(open_window):
    kept = []
    window = open_window(settings=Settings(device="cpu"), keep=kept.append)
    window.session.change_params(replace(window.session.params, device="cpu"))
    box = window.params.device
    box.setCurrentIndex(box.findData("cuda"))
    box.activated.emit(box.currentIndex())
    assert kept[-1].device == "cuda"
    window.settings = replace(window.settings, device="auto")
    window._use_settings()
    assert window.session.params.device == box.currentData() == "auto"


def test_precision_starts_as_in_the_settings_and_automatic_shows_its_choice(open_window):
    window = open_window(settings=Settings(precision="fp32"))
    box = window.params.precision
    window.session.change_params(replace(window.session.params, precision="fp32"))
    assert box.currentData() == "fp32"
    window.settings = replace(window.settings, precision="auto")
    window._use_settings()
    assert window.session.params.precision == box.currentData() == "auto"
    assert box.currentText() == "Automatic"
    model = window.session.params.model
    window.session.learn(ModelFacts(model, {"precision": "bf16"}, (0.0, 1.0), (0.0, 1.0)))
    assert box.currentText() == "Automatic (bf16)"


def test_a_candidates_parameters_come_back_but_not_its_device(qtbot, open_window):
    window = open_window()
    before = replace(window.session.params, precision="bf16", resamplings=3, device="cuda")
    window.session.change_params(before)
    window.actions_by_id["generate"].trigger()
    idle(qtbot, window)
    window.session.change_params(EditParams("other", device="cpu"))
    window.candidates.choose(1)
    window.actions_by_id["reuse"].trigger()
    assert window.session.params == replace(before, seeds=(2,), device="cpu")


@pytest.mark.parametrize(("name", "field"), [("live", "live"), ("provenance", "provenance")])
def test_switches_in_the_menu_are_settings(open_window, name, field):
    kept = []
    window = open_window(keep=kept.append)
    action = window.actions_by_id[name]
    before = getattr(Settings(), field)
    assert action.isChecked() is before
    action.trigger()
    assert getattr(kept[-1], field) is not before
    assert window.exports.tells_provenance is kept[-1].provenance


def test_both_switches_of_provenance_are_where_one_exports(open_window):
    window = open_window()
    texts = [action.text() for action in window.menuBar().actions()[0].menu().actions()]
    assert texts.index("Export…") + 2 == texts.index("Note parameters in exports")


# --- presets --------------------------------------------------------------------------------


def entries(menu):
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions() if action.text()}


def test_a_preset_sets_everything_at_once_and_is_named_until_something_changes(open_window):
    window = open_window()
    presets = window.params.presets
    entries(presets.menu())["Composite"].trigger()
    assert (window.session.params.t0, len(window.session.params.seeds)) == (0.35, 4)
    assert window.params.count.value() == 4
    assert presets.text() == "Composite"
    window.params.t0.set_number(0.4)
    assert presets.text() == "Preset: none"


def test_ones_own_preset_is_saved_applied_and_deleted(open_window, monkeypatch, own_presets):
    window = open_window()
    presets = window.params.presets
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("Forests", True))
    window.session.change_params(replace(window.session.params, t0=0.44, calls=7))
    entries(presets.menu())["Save as preset…"].trigger()
    assert [path.name for path in own_presets.iterdir()] == ["my-forests.json"]
    window.session.change_params(replace(window.session.params, t0=0.9))
    entries(presets.menu())["Forests"].trigger()
    assert (window.session.params.t0, window.session.params.calls) == (0.44, 7)
    entries(presets.menu())["Delete"].menu().actions()[0].trigger()
    assert "Forests" not in entries(presets.menu())
    assert list(own_presets.iterdir()) == []


def test_a_broken_preset_is_reported_in_the_status_bar_and_left_out(open_window, own_presets):
    own_presets.mkdir()
    (own_presets / "bad.json").write_text("{", "utf-8")
    (own_presets / "good.json").write_text(json.dumps({"name": "Good", "t0": 0.2}), "utf-8")
    window = open_window()
    assert "Good" in entries(window.params.presets.menu())
    assert window.statusBar().currentMessage().startswith("The preset bad.json was left out")


# --- the queue ------------------------------------------------------------------------------


def test_the_queue_lists_running_waiting_and_ended_jobs(qtbot, open_window, fake_engine, gate):
    window = open_window(fake_engine(gate=gate))
    for _ in range(3):
        window.actions_by_id["generate"].trigger()
    waiting, running = JobState.QUEUED, JobState.RUNNING
    assert listed(window) == [running, waiting, waiting]
    show_queue(window)
    window.queue.list.setFocus()
    window.queue.list.setCurrentIndex(window.queue.model.index(1))
    QTest.keyClick(window.queue.list, Qt.Key.Key_Delete)
    assert listed(window) == [running, waiting, JobState.CANCELLED]
    gate.set()
    idle(qtbot, window)
    assert listed(window) == [JobState.FINISHED, JobState.FINISHED, JobState.CANCELLED]
    QTest.mouseClick(window.queue.clear, LEFT)
    assert listed(window) == []


def test_a_job_stays_chosen_while_the_list_changes_around_it(qtbot, open_window, fake_engine, gate):
    window = open_window(fake_engine(gate=gate))
    for _ in range(3):
        window.actions_by_id["generate"].trigger()
    window.queue.list.setCurrentIndex(window.queue.model.index(2))
    chosen = window.queue.chosen()
    gate.set()
    idle(qtbot, window)
    assert window.queue.chosen() is chosen
    assert not window.queue.cancel.isEnabled()


def test_the_list_of_jobs_keeps_the_rules_of_item_models(session, qtmodeltester, qapp):
    model = JobsModel(session.jobs)
    session.generate()
    session.generate()
    qtmodeltester.check(model)


def test_the_panel_shows_why_a_job_failed_and_offers_retries(qtbot, open_window, fake_engine):
    engine = fake_engine(error=OutOfMemory("Not enough memory for this picture."))
    window = open_window(engine)
    window.actions_by_id["generate"].trigger()
    idle(qtbot, window)
    status = window.generate_bar.status
    assert status.text.text() == "Not done: Not enough memory for this picture."
    offered = [r for r, button in status.retry_options.buttons.items() if button.isVisible()]
    assert offered == [RetryOption.SMALLER, RetryOption.FEWER, RetryOption.AGAIN]
    engine.error = None
    QTest.mouseClick(status.retry_options.buttons[RetryOption.SMALLER], LEFT)
    qtbot.waitUntil(lambda: listed(window) == [JobState.FINISHED, JobState.FAILED])
    assert engine.requests[-1].params.scale == 0.5
    assert not status.retry_options.isVisible()


def test_the_sentence_of_a_failed_job_stays_with_it(qtbot, open_window, fake_engine):
    engine = fake_engine(error=ModelError("There is no model 'x'."))
    window = open_window(engine)
    window.actions_by_id["generate"].trigger()
    idle(qtbot, window)
    engine.error = None
    window.actions_by_id["generate"].trigger()
    idle(qtbot, window)
    show_queue(window)
    queue = window.queue
    queue.list.setCurrentIndex(queue.model.index(1))
    assert queue.sentence.text() == "There is no model 'x'."
    assert not queue.retry_options.isHidden()
    queue.list.setCurrentIndex(queue.model.index(0))
    assert queue.retry_options.isHidden()


def test_the_tab_tells_how_much_there_is_to_do(qtbot, open_window, fake_engine, gate):
    window = open_window(fake_engine(gate=gate))
    tabs = window.queue.parentWidget().parentWidget()
    for _ in range(2):
        window.actions_by_id["generate"].trigger()
    assert tabs.tabText(1) == "Jobs (2)"
    gate.set()
    idle(qtbot, window)
    assert tabs.tabText(1) == "Jobs"


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (None, "Loading the model…"),
        (Progress(1, 9), "Step 1 of 9"),
        (Progress(2, 9, 7000.0, 2.04), "Step 2 of 9 · 2.0 steps/s · about 7 seconds left"),
        (Progress(2, 9, 70_000.0, 0.1234), "Step 2 of 9 · 8.1 s/step · about 70 seconds left"),
    ],
)
def test_progress_tells_steps_speed_and_time(progress, words):
    assert progress_in_words(progress) == words


# --- t0 -------------------------------------------------------------------------------------


def test_the_sheet_has_a_row_for_each_seed_and_a_column_for_each_t0(
    qtbot, open_window, fake_engine
):
    engine = fake_engine()
    window = open_window(engine)
    window.actions_by_id["t0_sheet"].trigger()
    idle(qtbot, window)
    cells = [(slot.seed, slot.job.request.params.t0) for slot in window.session.slots]
    assert cells == [(seed, t0) for seed in (1, 2) for t0 in (0.3, 0.4, 0.5, 0.6, 0.7)]
    assert all(slot.candidate for slot in window.session.slots)
    assert len({id(request.guide) for request in engine.requests}) == 1


def test_accepting_from_the_t0_strip_keeps_its_t0(qtbot, open_window):
    window = open_window()
    window.actions_by_id["t0_strip"].trigger()
    idle(qtbot, window)
    window.candidates.choose(3)
    window.actions_by_id["accept"].trigger()
    assert window.session.params.t0 == 0.6
    window.params.t0.set_number(0.35)
    window.actions_by_id["generate"].trigger()
    idle(qtbot, window)
    window.params.t0.set_number(0.4)
    window.candidates.choose(len(window.session.slots) - 1)
    window.actions_by_id["accept"].trigger()
    assert window.session.params.t0 == 0.4  # accepting what was not made to choose changes nothing
