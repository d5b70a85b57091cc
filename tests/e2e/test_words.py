"""From words to a saved picture: the real window and command line, each tiny Stable Diffusion."""

import json
from dataclasses import replace

import file_work
import numpy as np
import pytest
from candidates_made import keep
from latent_models import NAMES, write_folder
from PySide6.QtTest import QTest

from sdedit_desktop.cli.main import main
from sdedit_desktop.document.files.photo import open_photo
from sdedit_desktop.editing import variations
from sdedit_desktop.editing.jobs import JobState

MINUTES = 300_000


@pytest.fixture(params=NAMES)
def model(request, tmp_path):
    return str(write_folder(request.param, tmp_path / request.param))


def picture(window):
    return window.session.document.composite(window.session.document.rect)


def paint_mask(window):
    document = window.session.document
    mask = np.zeros((document.rect.height, document.rect.width), np.uint8)
    mask[30:70, 40:100] = 255
    edit = document.mask.edit()
    edit.write(document.rect, mask[..., None])
    edit.commit()
    return mask


def finished(qtbot, window):
    window.actions_by_id["generate"].trigger()
    job = window.session.jobs.running
    qtbot.waitUntil(lambda: job.state.is_final, timeout=MINUTES)
    assert (job.state, job.error) == (JobState.FINISHED, None)
    return window.session.slots[-1]


def test_from_words_to_a_saved_picture_and_again(qtbot, window, model, tmp_path):
    words = window.params.words
    assert not words.isVisible()
    window.session.change_params(
        replace(window.session.params, model=model, calls=3, seeds=(5,), t0=0.6, detail="off")
    )
    qtbot.waitUntil(lambda: words.isVisible(), timeout=MINUTES)
    QTest.keyClicks(words.prompt, "a red tree")
    QTest.keyClicks(words.negative, "sky")
    mask, opened = paint_mask(window), picture(window)

    slot = finished(qtbot, window)
    made = slot.candidate.image
    window.session.accept(slot.candidate)
    accepted = picture(window)
    assert np.array_equal(accepted[mask == 0], opened[mask == 0])
    assert not np.array_equal(accepted, opened)
    window.session.document.undo()
    assert np.array_equal(picture(window), opened)
    window.session.document.redo()
    assert np.array_equal(picture(window), accepted)

    keep(window.session)
    window.files.path = tmp_path / "hill.ora"
    file_work.trigger(window, "save")
    qtbot.waitUntil(lambda: window.session.document.history.is_saved, timeout=MINUTES)
    assert file_work.open_path(window, tmp_path / "hill.ora")
    assert np.array_equal(picture(window), accepted)
    (kept,) = window.session.slots
    params = kept.made.params
    assert (params.prompt, params.negative_prompt) == ("a red tree", "sky")
    assert window.session.prompts == ["a red tree"]

    variations.make_again(window.session, kept)
    job = window.session.jobs.running
    qtbot.waitUntil(lambda: job.state.is_final, timeout=MINUTES)
    again = window.session.slots[-1].candidate.image
    assert np.array_equal(again, made)


def test_the_command_line_takes_words(photo, model, tmp_path, capsys):
    given = ["edit", photo, "--model", model, "-n", "1", "--seed", "5", "--steps", "2"]
    given += ["--detail", "off", "--prompt", "a red tree", "--negative-prompt", "sky"]
    for guidance in ("3", "6"):
        folder = tmp_path / guidance
        assert main([str(a) for a in (*given, "--guidance", guidance, "-o", folder)]) == 0
        record = json.loads((folder / "hill.json").read_text())
        assert record["parameters"]["prompt"] == "a red tree"
        assert record["parameters"]["negative_prompt"] == "sky"
        assert record["parameters"]["guidance"] == float(guidance)
    three, six = (open_photo(tmp_path / g / "hill-seed5.png").pixels for g in ("3", "6"))
    assert not np.array_equal(three, six)
    capsys.readouterr()
    assert main([str(a) for a in (*given, "--guidance", "0", "-o", tmp_path)]) == 2
    assert "Guidance must be above 0" in capsys.readouterr().err
