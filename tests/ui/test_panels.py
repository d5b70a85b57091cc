import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.layers import BlendMode
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.editing.models import THIS_PHOTO
from sdedit_desktop.editing.photograph_memory import expected_bytes
from sdedit_desktop.editing.request import ModelFacts
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.candidates.delegate import share_done
from sdedit_desktop.ui.candidates.model import CandidatesModel
from sdedit_desktop.ui.color.panel import ColorPanel
from sdedit_desktop.ui.history_panel import HistoryModel
from sdedit_desktop.ui.layers.model import LayersModel
from sdedit_desktop.ui.translation import remaining_in_words
from sdedit_desktop.ui.widgets.value_slider import ValueSlider

LEFT = Qt.MouseButton.LeftButton


def history_model(session):
    return HistoryModel(session, lambda: None)


@pytest.mark.parametrize("model", [CandidatesModel, history_model, LayersModel])
def test_models_keep_the_rules_of_item_models(session, qtmodeltester, model, qapp):
    session.generate()
    session.add_layer()
    qtmodeltester.check(model(session))


def test_a_thumbnail_shows_the_preview_then_the_candidate(qtbot, open_window, fake_engine):
    gate = threading.Event()
    window = open_window(fake_engine(gate=gate))
    strip = window.candidates.strip
    decoration = Qt.ItemDataRole.DecorationRole
    window.actions_by_id["generate"].trigger()
    assert strip.rowCount() == 2
    assert strip.data(strip.index(0), decoration) is None
    colors = []
    strip.dataChanged.connect(
        lambda *_: colors.append(
            picture.toImage().pixelColor(3, 3).red()
            if (picture := strip.data(strip.index(0), decoration))
            else None
        )
    )
    gate.set()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    seen = list(dict.fromkeys(colors))
    assert seen == [None, 11, 12, 13, 101]


def test_the_bars_of_a_job_fill_one_after_another(session):
    from sdedit_desktop.editing.request import Progress

    job = session.generate()
    session.jobs.receive(job.id, Progress(6, 8))
    assert [share_done(slot) for slot in session.slots] == [1.0, 0.5]


def test_the_menu_of_models_shows_their_cards(qtbot, open_window, monkeypatch):
    found = {"good": Path("good"), "broken": Path("broken")}
    monkeypatch.setattr("sdedit_desktop.editing.models.found", lambda *_: found)
    monkeypatch.setattr(QComboBox, "showPopup", lambda _self: None)  # it grabs the keyboard
    window = open_window()
    panel = window.params
    panel.model.list_models()
    window.session.change_params(replace(window.session.params, model="good", t0=0.5))
    panel.model.showPopup()
    qtbot.waitUntil(lambda: {"good", "broken"} <= window.session.facts.keys())
    tip = Qt.ItemDataRole.ToolTipRole
    good, broken = (panel.model.itemData(row, tip) for row in range(2))
    assert "12,345 parameters, 64 px" in good
    assert "Something was &lt;guessed&gt;." in good
    assert broken == "It is broken."
    assert "(sigma) of 3.42. The model's own time: 0.500" in panel.t0.toolTip()
    window.session.change_params(replace(window.session.params, model="broken"))
    assert "sigma" not in panel.t0.toolTip()


def test_discarding_chooses_the_next(qtbot, open_window):
    window = open_window()
    window.actions_by_id["generate"].trigger()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    window.candidates.setFocus()
    QTest.keyClick(window.candidates, Qt.Key.Key_Delete)
    assert [slot.seed for slot in window.session.slots] == [2]
    assert window.candidates.chosen_slot().seed == 2


def test_the_choice_survives_a_job_that_ends(qtbot, open_window, fake_engine):
    gate = threading.Event()
    window = open_window(fake_engine(gate=gate))
    window.actions_by_id["generate"].trigger()
    window.candidates.choose(1)
    window.actions_by_id["generate"].trigger()
    assert window.candidates.chosen_slot().seed == 2
    gate.set()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    assert window.candidates.chosen_index() == 1


def test_the_eye_hides_a_layer(open_window):
    window = open_window()
    rows = window.layers.list
    box = rows.visualRect(window.layers.model.index(0))
    QTest.mouseClick(rows.viewport(), LEFT, pos=QPoint(box.left() + 14, box.center().y()))
    assert not window.session.document.layers[-1].visible
    assert window.session.document.history.labels() == ["Hide layer"]
    QTest.keyClick(rows, Qt.Key.Key_Space)
    assert window.session.document.layers[-1].visible


def test_a_layer_is_renamed_in_the_list(open_window):
    window = open_window()
    model = window.layers.model
    assert model.setData(model.index(0), "Sky")
    assert not model.setData(model.index(0), "  ")
    assert window.session.document.layers[-1].name == "Sky"
    window.session.document.undo()
    assert window.session.document.layers[-1].name == "Strokes"


def test_dragging_the_opacity_of_a_layer_is_one_step(open_window):
    window = open_window()
    slider = window.layers.opacity
    for value in (80, 60, 40):
        slider.set_number(value)
    assert window.session.document.layers[-1].opacity == 0.4
    assert window.session.document.history.labels() == ["Layer opacity"]
    window.layers.mode.setCurrentIndex(window.layers.mode.findData(BlendMode.SCREEN))
    window.layers.mode.activated.emit(0)
    assert window.session.document.layers[-1].mode is BlendMode.SCREEN


def test_layers_are_added_moved_merged_and_deleted(open_window):
    window = open_window()
    session, do = window.session, window.actions_by_id
    do["add_layer"].trigger()
    assert len(session.document.layers) == 3
    assert session.document.layers[-1].id == session.active_layer
    do["lower_layer"].trigger()
    assert session.document.layers[1].id == session.active_layer
    do["duplicate_layer"].trigger()
    assert session.document.layers[2].id == session.active_layer
    do["merge_down"].trigger()
    assert len(session.document.layers) == 3
    do["delete_layer"].trigger()
    assert len(session.document.layers) == 2
    session.document.go_to(0)
    assert [layer.name for layer in session.document.layers] == ["Background", "Strokes"]
    assert any(layer.id == session.active_layer for layer in session.document.layers)


def test_clicking_a_step_of_the_history_goes_there(open_window):
    window = open_window()
    for _ in range(3):
        window.actions_by_id["add_layer"].trigger()
    window.history.list.setCurrentIndex(window.history.model.index(1))
    assert len(window.session.document.layers) == 3
    window.history.list.setCurrentIndex(window.history.model.index(3))
    assert len(window.session.document.layers) == 5


def test_the_mask_is_made_from_strokes_inverted_and_cleared(open_window):
    window = open_window()
    document, do = window.session.document, window.actions_by_id
    do["mask_from_strokes"].trigger()
    assert document.history.labels() == []
    edit = document.layers[-1].tiles.edit()
    edit.fill(type(document.rect)(30, 30, 50, 50), 255)
    edit.commit()
    do["mask_from_strokes"].trigger()
    mask = document.mask.read(document.rect)[..., 0]
    assert (mask[30:50, 30:50] == 255).all()
    assert mask[27, 40] == 255
    assert mask[5, 5] == 0
    do["invert_mask"].trigger()
    assert np.array_equal(document.mask.read(document.rect)[..., 0], 255 - mask)
    do["clear_mask"].trigger()
    assert not document.mask.bounds()
    document.undo()
    assert np.array_equal(document.mask.read(document.rect)[..., 0], 255 - mask)


def test_colours_are_set_by_number_and_by_hue(qtbot, session):
    panel = ColorPanel(session, Settings())
    qtbot.addWidget(panel)
    panel.show()
    panel.hex.setText("#336699")
    panel.hex.editingFinished.emit()
    assert session.brush.color == (0x33, 0x66, 0x99)
    panel.strip.setValue(0)
    red, green, blue = session.brush.color
    assert (red, green == blue) == (0x99, True)
    panel.square.picked.emit(0.0, 1.0)
    assert session.brush.color == (255, 255, 255)


def test_a_hue_is_not_forgotten_in_black(qtbot, session):
    panel = ColorPanel(session, Settings())
    qtbot.addWidget(panel)
    panel.strip.setValue(200)
    panel.square.picked.emit(1.0, 0.0)
    panel.square.picked.emit(1.0, 1.0)
    assert panel.strip.value() == 200


def test_a_slider_is_dragged_typed_and_stepped(qtbot):
    slider = ValueSlider("Size", 1, 1000, unit=" px", curve=2.5)
    qtbot.addWidget(slider)
    slider.resize(200, 24)
    slider.show()
    changed, settled = [], []
    slider.value_changed.connect(changed.append)
    slider.value_settled.connect(settled.append)
    QTest.mousePress(slider, LEFT, pos=QPoint(50, 10))
    QTest.mouseMove(slider, QPoint(100, 10))
    QTest.mouseRelease(slider, LEFT, pos=QPoint(100, 10))
    assert changed == sorted(changed)
    assert settled == [changed[-1]]
    assert 150 < slider.number < 200
    QTest.keyClick(slider, Qt.Key.Key_Return)
    QTest.keyClicks(slider._editor, "42")
    QTest.keyClick(slider._editor, Qt.Key.Key_Return)
    assert slider.number == 42
    slider.show_number(5000)
    assert slider.number == 1000
    assert settled[-1] == 42


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (800, "almost done"),
        (40_400, "about 40 seconds left"),
        (240_000, "about 4 minutes left"),
        (9_000_000, "about 2.5 hours left"),
    ],
)
def test_times_in_words(ms, words):
    assert remaining_in_words(ms) == words


def test_progress_is_shown_in_words(qtbot, open_window, fake_engine):
    gate = threading.Event()
    window = open_window(fake_engine(gate=gate))
    window.actions_by_id["generate"].trigger()
    job = window.session.jobs.running
    assert "Loading" in window.generate_bar.status.text.text()
    gate.set()
    qtbot.waitUntil(lambda: job.state is JobState.FINISHED)
    assert window.generate_bar.status.text.text().startswith("Done")
    assert window.generate_bar.status.bar.value() == window.generate_bar.status.bar.maximum()


def test_a_candidate_is_starred_and_its_parameters_used_again(qtbot, open_window):
    window = open_window()
    session, do = window.session, window.actions_by_id
    made_with = session.params
    do["generate"].trigger()
    qtbot.waitUntil(lambda: session.jobs.running is None)
    window.candidates.choose(1)
    do["star"].trigger()
    assert [slot.starred for slot in session.slots] == [False, True]
    window.params.t0.set_number(0.9)
    session.keeps_seed = False
    do["reuse"].trigger()
    assert (session.params.t0, session.params.seeds) == (made_with.t0, (2,))
    assert window.params._lock.isChecked()


def test_the_t0_strip_has_one_seed_at_rising_t0(qtbot, open_window):
    window = open_window()
    window.actions_by_id["t0_strip"].trigger()
    qtbot.waitUntil(lambda: window.session.jobs.running is None)
    slots = window.session.slots
    assert [slot.job.request.params.t0 for slot in slots] == [0.3, 0.4, 0.5, 0.6, 0.7]
    assert {slot.candidate.seed for slot in slots} == {1}
    assert window.session.params.t0 == 0.5


def test_a_hidden_mask_is_not_kept_quiet(open_window):
    window = open_window()
    window.actions_by_id["fill_mask"].trigger()
    window.actions_by_id["show_mask"].trigger()
    assert "hidden but works" in window.statusBar()._mask.text()


def test_skip_and_finish_this_one_reach_the_engine(qtbot, open_window, fake_engine):
    gate = threading.Event()
    window = open_window(fake_engine(gate=gate))
    window.actions_by_id["generate"].trigger()
    job = window.session.jobs.running
    window.actions_by_id["finish_this_one"].trigger()
    assert not job.cancel.wants_more
    gate.set()
    qtbot.waitUntil(lambda: job.state.is_final)


def test_the_button_tells_the_cost_before_the_press(qtbot, open_window):
    window = open_window()
    window.session.change_params(replace(window.session.params, calls=25))
    button = window.generate_bar.generate
    assert button.text() == "Generate (2)"
    window.session.costs.use(
        [f"fake dpmpp_2m_sde auto auto {window.session.params.detail} 1={40 / (50 * 8000):g}"]
    )
    assert button.text() == "Generate (2 · about 40 s)"
    window.params.count.setValue(4)
    assert button.text() == "Generate (4 · about 80 s)"
    window.session.change_params(replace(window.session.params, calls=100))
    assert button.text() == "Generate (4 · about 5 min)"


def test_the_button_tells_the_memory_that_a_large_model_needs(open_window):
    window = open_window()
    session, button = window.session, window.generate_bar.generate
    model = session.params.model
    for small in (True, False):
        full, half = (4e6, 2e6) if small else (6_400_000_000, 3_700_000_000)
        card = {"memory_bytes": int(full), "half_memory_bytes": int(half)}
        session.learn(ModelFacts(model, card, (0.0, 1.0), (0.0, 1.0)))
        assert ("GB of memory" in button.toolTip()) is not small
    assert "Needs about 6.4 GB of memory." in button.toolTip()
    session.learn(ModelFacts(model, card | {"precision": "bf16"}, (0.0, 1.0), (0.0, 1.0)))
    assert "Needs about 3.7 GB of memory." in button.toolTip()
    session.change_params(replace(session.params, precision="fp32"))
    assert "Needs about 6.4 GB of memory." in button.toolTip()


def test_the_button_tells_the_memory_of_large_edits_with_photographs(open_window):
    window = open_window(document=Document(3000, 2000))
    session, button = window.session, window.generate_bar.generate
    session.change_params(replace(session.params, model=THIS_PHOTO, detail="off"))
    assert "GB of memory" not in button.toolTip()
    session.change_params(replace(session.params, detail="full"))
    expected = expected_bytes(session.params, session.document.rect, session.document.rect)
    assert f"Needs about {expected / 1e9:.1f} GB of memory." in button.toolTip()
    card = {"pictures": 0, "memory_ratio": 2.0}
    session.learn(ModelFacts(THIS_PHOTO, card, (0.0, 1.0), (0.0, 1.0)))
    assert f"Needs about {2 * expected / 1e9:.1f} GB of memory." in button.toolTip()
