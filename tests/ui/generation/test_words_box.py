"""The box for words: shown where a model takes them, and what it sets."""

import json
from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from sdedit_desktop.editing.request import ModelFacts
from sdedit_desktop.editing.session import MOST_PROMPTS
from sdedit_desktop.ui.generation.words_box import WordsBox


@pytest.fixture
def box(qtbot, session):
    panel = QWidget()
    box = WordsBox(session)
    QVBoxLayout(panel).addWidget(box)
    qtbot.addWidget(panel)
    panel.show()
    yield box  # noqa: PT022 - the panel lives as long


def learn(session, **card):
    session.learn(ModelFacts("fake", {"takes_words": True} | card, (0.0, 1.0), (0.0, 1.0)))


def test_the_prompt_box_is_shown_only_for_models_that_take_prompts(box, session):
    assert not box.isVisible()
    learn(session)
    assert box.isVisible()
    session.change_params(replace(session.params, model="another"))
    assert not box.isVisible()


def test_words_become_parameters(box, session):
    learn(session)
    QTest.keyClicks(box.prompt, "a tree")
    QTest.keyClicks(box.negative, "fog")
    box.guidance.show_number(5)
    box.guidance.value_changed.emit(5.0)
    params = session.params
    assert (params.prompt, params.negative_prompt, params.guidance) == ("a tree", "fog", 5.0)


def test_typing_and_replacing_can_be_undone(box, session):
    learn(session)
    QTest.keyClicks(box.prompt, "a tree")
    session.change_params(replace(session.params, prompt="a hill"))
    assert box.prompt.toPlainText() == "a hill"
    box.prompt.undo()
    assert session.params.prompt == "a tree"
    box.prompt.undo()
    assert session.params.prompt == ""


def test_the_last_prompts_can_be_taken_again(box, session):
    learn(session)
    assert not box.earlier.isEnabled()
    for number in range(MOST_PROMPTS + 5):
        session.change_params(replace(session.params, prompt=f"tree {number}"))
        session.generate()
    session.change_params(replace(session.params, prompt="tree 7"))
    session.generate()
    assert len(session.prompts) == MOST_PROMPTS
    assert session.prompts[:2] == ["tree 7", f"tree {MOST_PROMPTS + 4}"]
    box.earlier.menu().aboutToShow.emit()
    box.earlier.menu().actions()[1].trigger()
    assert session.params.prompt == f"tree {MOST_PROMPTS + 4}"


@pytest.mark.parametrize(
    ("made_for", "solver"),
    [("LCM", "consistency"), ("Turbo", "euler_trailing"), ("Lightning", "euler_trailing")],
)
def test_few_steps_are_proposed_to_models_made_for_them(box, session, made_for, solver):
    learn(session)
    assert not box.few_steps.isVisible()
    learn(session, few_steps=made_for)
    assert box.few_steps.isVisible()
    box.few_steps.click()
    params = session.params
    assert (params.calls, params.guidance, params.solver) == (4, 1.0, solver)
    assert not box.few_steps.isVisible()
    assert not box.negative.isEnabled()


def test_settings_missing_from_the_file_are_chosen_here_and_kept_beside_it(box, session, tmp_path):
    model = tmp_path / "anime.safetensors"
    model.write_bytes(b"")
    session.change_params(replace(session.params, model=str(model)))
    corrected_models = []
    box.corrected.connect(corrected_models.append)

    def learned(**card):
        session.learn(ModelFacts(str(model), {"takes_words": True} | card, (0.0, 1.0), (0.0, 1.0)))

    learned(prediction="epsilon")
    assert not box.prediction.isVisible()
    learned(prediction="epsilon", prediction_guessed=True)
    assert box.prediction.isVisible()
    choice = box.prediction.findChild(QComboBox)
    assert choice.currentIndex() == 0
    choice.setCurrentIndex(2)
    choice.activated.emit(2)
    assert corrected_models == [str(model)]
    written = json.loads((tmp_path / "anime.safetensors.json").read_text())
    assert written == {"prediction": "v_prediction", "zero_snr": True}
    learned(prediction="v_prediction", prediction_guessed=True, zero_snr=True)
    assert choice.currentIndex() == 2
