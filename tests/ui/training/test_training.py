"""Scenarios of training from the window; all but the last with a program that only pretends."""

import sys

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMessageBox,
)

from sdedit_desktop import paths
from sdedit_desktop.editing import models
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.ui.training.process import command

PRETENDER = """
import json, pathlib, sys
words = sys.argv[1:]
output = pathlib.Path(words[words.index("--output") + 1])
def tell(event, **values):
    print(json.dumps({"event": event, **values}), flush=True)
def go(step, left):
    tell("progress", step=step, loss=1 / step, elapsed_s=10.0 * step, remaining_s=left,
        steps_per_s=0.5, next_save_s=30.0)
def save(steps):
    (output / "training").mkdir(parents=True, exist_ok=True)
    (output / "training" / "loss.csv").write_text("step,loss\\n" + "1,1\\n" * steps)
    (output / "training" / "state.safetensors").write_text("state")
    (output / "training" / "options.json").write_text(json.dumps({"photographs": words[1]}))
    (output / "model_index.json").write_text("{}")
    tell("saved", step=steps, model=str(output))
if "bad" in words[1]:
    tell("failed", sentence="There are no photographs in {0}.", values=["bad"])
    sys.exit(2)
if "broken" in words[1]:
    print("Traceback:\\nBoom: it broke", file=sys.stderr)
    sys.exit(1)
print("a line that says nothing")
tell("started", photographs=19, held_out=1, parameters=5, step=0, device="cpu")
for step in range(1, 4):
    go(step, 600.0)
save(3)
sys.stdin.read()
go(4, 590.0)
save(4)
tell("note", sentence="{0} photographs were left out.", values=["2"])
sys.exit(130)
"""


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "photographs"
    folder.mkdir()
    return folder


@pytest.fixture
def own(tmp_path, monkeypatch):
    """The user's own models and trainings: none yet."""
    monkeypatch.setattr(paths, "user_models", lambda: tmp_path / "models")
    monkeypatch.setattr(paths, "trainings", lambda: tmp_path / "trainings")
    return tmp_path


@pytest.fixture
def opened(own, open_window, qtbot):
    """A window with its training dialog, and a program that pretends to train."""
    started = []

    def pretend(words):
        started.append(list(words))
        return sys.executable, ["-c", PRETENDER, *words]

    window = open_window()
    window.training.process.make_command = pretend
    window.started = started
    window.actions_by_id["train"].trigger()
    yield window
    window.training.process.stop()
    qtbot.waitUntil(lambda: not window.training.process.is_running)


@pytest.fixture
def answers(monkeypatch):
    """What is answered to questions, in turn; those asked are kept."""
    given, asked = [], []

    def ask(_parent, title, *_):
        asked.append(title)
        return given.pop(0)

    monkeypatch.setattr(QMessageBox, "question", ask)
    given_and_asked = given, asked
    yield given_and_asked
    assert not given


def start(window, qtbot, folder, name="Meadows"):
    dialog = window.training.dialog
    dialog.form.folder.setText(str(folder))
    dialog.form.name.setEditText(name)
    dialog.start_button.click()
    qtbot.waitUntil(lambda: len(dialog.curve.points) == 3)
    qtbot.waitUntil(dialog.use_button.isEnabled)
    return dialog


def stop(window, qtbot):
    window.training.dialog.stop_button.click()
    qtbot.waitUntil(lambda: not window.training.process.is_running)


def test_a_training_is_started_watched_stopped_and_used(opened, qtbot, folder):
    """Given a folder, when it is trained on and stopped, then the model is one of the user's."""
    dialog = start(opened, qtbot, folder)
    assert "Step 3 · loss 0.333 · 2.0 s/step · about 10 minutes left" in (dialog.state.text())
    assert (dialog.progress.value(), dialog.progress.maximum()) == (30, 630)
    assert not dialog.form.isEnabled()
    stop(opened, qtbot)
    assert dialog.state.text() == "Done after 4 steps. All is saved, and can be resumed."
    assert dialog.notes.text() == "2 photographs were left out."
    opened.session.choose_model(models.THIS_PHOTO)
    dialog.use_button.click()
    assert opened.session.params.model == "Meadows 4"
    assert opened.session.params.t0 == EditParams.t0  # not that of photographs
    assert opened.params.model.currentText() == "Meadows 4"
    added = models.found()["Meadows 4"]
    assert [path.name for path in added.iterdir()] == ["model_index.json"]
    dialog.use_button.click()  # once more is no mistake
    assert opened.session.params.model == "Meadows 4"


def test_an_earlier_training_is_gone_on_with_by_its_name(opened, qtbot, folder):
    dialog = start(opened, qtbot, folder)
    stop(opened, qtbot)
    dialog.form.name.setEditText("Another")
    dialog.form.folder.setText("")
    assert dialog.start_button.text() == "Start"
    assert dialog.form.start.isEnabled()
    assert not dialog.use_button.isEnabled()
    dialog.form.name.setCurrentText("Meadows")
    assert dialog.start_button.text() == "Resume"
    assert dialog.form.folder.text() == str(folder)
    assert not dialog.form.start.isEnabled()
    start(opened, qtbot, folder)
    first, second = opened.started
    assert "--resume" not in first
    assert "--resume" in second
    assert "--init" not in second


def test_without_a_network_a_training_begins_with_a_new_one(opened, folder):
    form = opened.training.dialog.form
    form.folder.setText(str(folder))
    assert [form.start.itemText(row) for row in range(form.start.count())] == ["A new network"]
    assert "--init" not in form.words()


def test_the_fields_become_words_of_the_command_line(own_network, opened, own, folder, monkeypatch):
    form = opened.training.dialog.form
    chosen = [str(folder)]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: chosen[0])
    form.choose.click()
    form.name.setEditText("Sea")
    assert form.start.currentText() == form.start.itemText(1) == own_network
    form.minutes.setValue(90)
    form.device.setCurrentIndex(form.device.findData("cpu"))
    output = str(own / "trainings" / "Sea")
    words = [str(folder), "--output", output, "--device", "cpu", "--sheet-every", "4"]
    init = ["--init", str(models.locate(own_network))]
    assert list(form.words()) == [*words, "--minutes", "90", *init]
    form.minutes.setValue(0)
    assert form.minutes.text() == "until stopped"
    form.start.setCurrentIndex(0)
    assert list(form.words()) == words
    chosen[0] = ""  # cancelled
    form.choose.click()
    assert form.folder.text() == str(folder)


@pytest.mark.parametrize("name", ["", "a/b", "..", ".hidden", "  "])
def test_an_impossible_model_name_is_reported_and_nothing_starts(opened, folder, name):
    dialog = opened.training.dialog
    dialog.form.folder.setText(str(folder))
    dialog.form.name.setEditText(name)
    dialog.start_button.click()
    assert "cannot be the name of a model" in dialog.state.text()
    assert opened.started == []


def test_without_a_folder_nothing_starts(opened, own):
    dialog = opened.training.dialog
    for folder in ("", str(own / "none")):
        dialog.form.folder.setText(folder)
        dialog.start_button.click()
        assert dialog.state.text() == "Choose a folder of photographs first."
    assert opened.started == []


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("bad", "Not done: There are no photographs in bad."),
        ("broken", "unexpectedly (Boom: it broke). What was saved is safe."),
    ],
)
def test_a_failed_training_shows_one_sentence(opened, qtbot, own, name, sentence):
    (own / name).mkdir()
    dialog = opened.training.dialog
    dialog.form.folder.setText(str(own / name))
    dialog.start_button.click()
    qtbot.waitUntil(lambda: sentence in dialog.state.text())
    assert dialog.start_button.isEnabled()


def test_a_training_program_that_does_not_start_is_reported(opened, qtbot, folder):
    opened.training.process.make_command = lambda _words: ("no-such-program", [])
    dialog = opened.training.dialog
    dialog.form.folder.setText(str(folder))
    dialog.start_button.click()
    qtbot.waitUntil(lambda: "could not be started" in dialog.state.text())
    assert dialog.start_button.isEnabled()


def test_closing_the_dialog_does_not_stop_the_training(opened, qtbot, folder):
    dialog = start(opened, qtbot, folder)
    said = []
    opened.session.noticed.connect(said.append)
    dialog.close_button.click()
    assert not dialog.isVisible()
    assert opened.training.process.is_running
    assert "goes on" in said[0]
    opened.actions_by_id["train"].trigger()
    assert opened.training.dialog is dialog
    assert dialog.isVisible()


def test_closing_the_window_asks_once_and_saves_first(opened, qtbot, folder, answers):
    given, asked = answers
    button = QMessageBox.StandardButton
    dialog = start(opened, qtbot, folder)
    given.append(button.No)
    assert not opened.close()
    assert opened.training.process.is_running
    given.append(button.Yes)
    assert not opened.close()
    assert dialog.state.text() == "Saving…"
    assert not opened.close()  # in a hurry
    assert len(asked) == 2
    qtbot.waitUntil(lambda: not opened.isVisible())
    assert not opened.training.process.is_running
    assert (dialog.form.output / "training" / "loss.csv").read_text().count("\n") == 5


def test_two_things_at_once_are_possible_and_said_to_be_slow(
    own, open_window, qtbot, folder, fake_engine
):
    import threading

    gate = threading.Event()
    window = open_window(fake_engine(gate=gate))
    window.training.process.make_command = lambda words: (
        sys.executable,
        ["-c", PRETENDER, *words],
    )
    window.actions_by_id["train"].trigger()
    dialog = start(window, qtbot, folder)
    assert not dialog.slow.isVisible()
    job = window.session.generate()
    assert dialog.slow.isVisible()
    gate.set()
    qtbot.waitUntil(lambda: job.state.is_final)
    assert not dialog.slow.isVisible()
    stop(window, qtbot)


def test_every_field_can_be_found_by_name_and_by_keyboard(opened):
    dialog = opened.training.dialog
    for kind in (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit):
        for field in dialog.findChildren(kind):
            if field.parent().metaObject().className() not in ("QSpinBox", "QComboBox"):
                assert field.accessibleName(), field
                assert field.toolTip(), field
                assert field.focusPolicy().value & 1, field


def test_a_packaged_program_is_its_own_interpreter(monkeypatch):
    assert command(["train"]) == (sys.executable, ["-m", "sdedit_desktop", "train"])
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command(["train"]) == (sys.executable, ["train"])


def test_before_the_start_there_are_no_empty_boxes(opened):
    dialog = opened.training.dialog
    assert not dialog.curve.isVisible()
    assert not dialog.sheet.isVisible()
    assert dialog.height() < 500


def test_the_curve_falls_and_forgets_points_but_not_its_ends(opened):
    curve = opened.training.dialog.curve
    for step in range(1, 2000):
        curve.add(step, 1 / step)
    curve.add(2000, None)
    assert curve.points[0][0] == 1
    assert curve.points[-1][0] == 1999
    assert len(curve.points) <= 600
    picture = curve.grab().toImage()
    accent = curve.palette().color(curve.palette().ColorRole.Accent)
    found = [
        (x, y)
        for x in range(0, picture.width(), 2)
        for y in range(picture.height())
        if abs(picture.pixelColor(x, y).blue() - accent.blue()) < 6
        and abs(picture.pixelColor(x, y).red() - accent.red()) < 6
    ]
    assert min(found)[1] < max(found)[1] - 30


def test_a_real_training_leaves_a_model_that_opens(own, open_window, qtbot, folder, own_network):
    from sdedit_desktop.diffusion.checkpoints import open_model

    for index in range(3):
        pixels = np.random.default_rng(index).integers(0, 256, (40, 60, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{index}.png")
    window = open_window()
    window.actions_by_id["train"].trigger()
    dialog = window.training.dialog
    dialog.form.folder.setText(str(folder))
    dialog.form.start.setCurrentText(own_network)
    dialog.form.device.setCurrentIndex(dialog.form.device.findData("cpu"))
    QTest.mouseClick(dialog.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(dialog.curve.points) >= 1, timeout=120_000)
    dialog.stop_button.click()
    qtbot.waitUntil(lambda: not window.training.process.is_running, timeout=120_000)
    assert dialog.state.text().startswith("Done after")
    assert not dialog.sheet.picture.isNull()
    assert open_model(dialog.form.output).card.prediction == "epsilon"
