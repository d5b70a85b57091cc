import argparse
import contextlib
import csv
import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.errors import AppError, FileFormatError, ModelError
from sdedit_desktop.training import trainer
from sdedit_desktop.training.commands import add_train_arguments, run_train
from sdedit_desktop.training.recipe import Recipe
from sdedit_desktop.training.run import Plan, run

SMALL = Recipe(size=16, batch=2, warmup=5)


def plan(folder, output, **changes):
    settings = {"recipe": SMALL, "channels": (32, 32), "sample_size": 16} | changes
    return Plan(photographs=folder, output=output, **settings)


def make_steps(wanted, count):
    with contextlib.closing(run(wanted)) as steps:
        return list(itertools.islice(steps, count))


def losses(output):
    with (output / "training" / "loss.csv").open() as file:
        return [float(row["loss"]) for row in csv.DictReader(file)]


def weights(output):
    return open_model(output).network.state_dict()


def test_it_learns(folder, tmp_path):
    recipe = Recipe(size=16, batch=8, warmup=5, learning_rate=3e-3)
    make_steps(plan(folder, tmp_path / "out", recipe=recipe), 80)
    values = losses(tmp_path / "out")
    assert np.mean(values[-5:]) < 0.75 * np.mean(values[:5])


def test_resuming_changes_nothing(folder, tmp_path):
    make_steps(plan(folder, tmp_path / "whole"), 8)
    make_steps(plan(folder, tmp_path / "halves"), 3)
    make_steps(plan(folder, tmp_path / "halves", resume=True), 5)
    assert losses(tmp_path / "halves") == losses(tmp_path / "whole")
    whole, halves = weights(tmp_path / "whole"), weights(tmp_path / "halves")
    assert all(torch.equal(whole[name], halves[name]) for name in whole)


def test_a_stopped_training_leaves_a_model_and_reports(folder, tmp_path):
    make_steps(plan(folder, tmp_path / "out"), 2)
    card = open_model(tmp_path / "out").card
    assert (card.size, card.prediction, card.multiple) == (16, "v_prediction", 4)
    for name in ("loss.png", "samples.png"):
        with Image.open(tmp_path / "out" / "training" / name) as picture:
            picture.load()
    left = {path.name for path in (tmp_path / "out").rglob("*") if path.name.startswith(".")}
    assert not left


def test_time_runs_out(folder, tmp_path):
    with contextlib.closing(run(plan(folder, tmp_path / "out", minutes=1e-9))) as steps:
        progress = list(steps)
    assert [(p.step, p.remaining_s) for p in progress] == [(1, 0.0)]


def test_fine_tuning_starts_from_the_model(folder, tmp_path):
    make_steps(plan(folder, tmp_path / "first"), 2)
    still = Recipe(size=16, batch=2, learning_rate=0.0)
    make_steps(plan(folder, tmp_path / "second", recipe=still, start_from=tmp_path / "first"), 1)
    first, second = weights(tmp_path / "first"), weights(tmp_path / "second")
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_running_folder_is_not_overwritten_and_nothing_is_not_resumed(folder, tmp_path):
    with pytest.raises(ModelError, match="no training to resume"):
        make_steps(plan(folder, tmp_path / "out", resume=True), 1)
    make_steps(plan(folder, tmp_path / "out"), 1)
    with pytest.raises(FileFormatError, match="resume it"):
        make_steps(plan(folder, tmp_path / "out"), 1)


def test_steps_that_fail_are_thrown_away(folder, tmp_path, monkeypatch):
    real = trainer.loss
    calls = itertools.count()

    def sometimes_nan(*args):
        value = real(*args)
        return value * float("nan") if next(calls) in (1, 2) else value

    monkeypatch.setattr(trainer, "loss", sometimes_nan)
    make_steps(plan(folder, tmp_path / "out"), 4)
    assert np.isnan(losses(tmp_path / "out")).tolist() == [False, True, True, False]
    assert all(value.isfinite().all() for value in weights(tmp_path / "out").values())


def test_a_training_that_diverges_ends_with_a_sentence_and_a_model(folder, tmp_path, monkeypatch):
    real = trainer.loss
    monkeypatch.setattr(trainer, "loss", lambda *args: real(*args) * float("inf"))
    monkeypatch.setattr(trainer, "PATIENCE", 3)
    with pytest.raises(ModelError, match="lower learning rate"):
        make_steps(plan(folder, tmp_path / "out"), 10)
    assert all(value.isfinite().all() for value in weights(tmp_path / "out").values())


CHILD = """
import contextlib, sys
from pathlib import Path
import torch
from sdedit_desktop.training.recipe import Recipe
from sdedit_desktop.training.run import Plan, run
torch.set_num_threads(1)
plan = Plan(
    Path(sys.argv[1]), Path(sys.argv[2]), Recipe(size=16, batch=2, warmup=5),
    channels=(32, 32), sample_size=16, save_every_s=0, sheet_every_s=1e9,
)
for progress in run(plan):
    print(progress.step, flush=True)
"""


def test_killed_at_any_moment_it_goes_on_from_the_last_save(folder, tmp_path):
    output = tmp_path / "out"
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, folder, output],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as child:
        for line in child.stdout:
            if int(line) >= 6:
                break
        child.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    open_model(output)
    reached = len(losses(output))
    assert reached >= 4
    make_steps(plan(folder, output, resume=True), 8 - reached if reached < 8 else 1)
    made = len(losses(output))
    make_steps(plan(folder, tmp_path / "whole"), made)
    assert losses(output) == losses(tmp_path / "whole")


def parsed(*words):
    parser = argparse.ArgumentParser()
    add_train_arguments(parser)
    return parser.parse_args([str(word) for word in words])


def test_the_command_trains_and_ctrl_c_stops_it(folder, tmp_path):
    words = [folder, "-o", tmp_path / "out", "--channels", "32,32", "--size", 16, "--batch", 2]
    words += ["--sample-size", 16, "--device", "cpu"]
    seen = []

    def show(progress):
        seen.append(progress.step)
        if progress.step == 2:
            signal.raise_signal(signal.SIGINT)

    assert run_train(parsed(*words), show) == 130
    assert seen == [1, 2]
    assert len(losses(tmp_path / "out")) == 2
    assert run_train(parsed(*words, "--resume", "--minutes", 1e-9), show) == 0
    assert seen == [1, 2, 3]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--size", 20], "multiple of 16"),
        (["--batch", 0], "--batch must be"),
        (["--minutes", -1], "--minutes must be"),
    ],
)
def test_wrong_options_are_told(folder, tmp_path, words, sentence):
    with pytest.raises(AppError, match=sentence):
        run_train(parsed(folder, "-o", tmp_path / "out", *words), lambda _progress: None)
    assert not (tmp_path / "out").exists()
