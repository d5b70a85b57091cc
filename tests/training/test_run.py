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
from safetensors.torch import load_file

from sdedit_desktop.cli.main import main
from sdedit_desktop.cli.train import (
    add_train_arguments,
    complete,
    config_of,
    run_train,
)
from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.errors import AppError, FileFormatError, ModelError, ParameterError
from sdedit_desktop.texts import Text
from sdedit_desktop.training import trainer
from sdedit_desktop.training.config import TrainingConfig, spare_memory_bytes
from sdedit_desktop.training.events import (
    Failed,
    Note,
    Progress,
    Saved,
    Shown,
    Started,
    of_line,
    to_line,
)
from sdedit_desktop.training.recipe import Recipe
from sdedit_desktop.training.resume import STATE
from sdedit_desktop.training.run import run

SMALL = Recipe(size=16, batch=2, warmup=5)


def plan(folder, output, **changes):
    settings = {"recipe": SMALL, "channels": (32, 32), "sample_size": 16} | changes
    return TrainingConfig(photographs=folder, output=output, **settings)


def make_steps(wanted, count):
    with contextlib.closing(run(wanted)) as events:
        steps = (event for event in events if isinstance(event, Progress))
        return list(itertools.islice(steps, count))


def losses(output):
    with (output / "training" / "loss.csv").open() as file:
        return [float(row["loss"]) for row in csv.DictReader(file)]


def weights(output):
    return open_model(output).network.state_dict()


def test_the_loss_falls(folder, tmp_path):
    recipe = Recipe(size=16, batch=8, warmup=5, learning_rate=3e-3)
    make_steps(plan(folder, tmp_path / "out", recipe=recipe), 80)
    values = losses(tmp_path / "out")
    assert np.mean(values[-5:]) < 0.9 * np.mean(values[:5])


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
    assert (card.size, card.prediction, card.multiple) == (16, "v_prediction", 2)
    with Image.open(tmp_path / "out" / "training" / "samples.png") as sheet:
        assert sheet.size == (16, 5 * 16)  # of one held-out photograph
    left = {path.name for path in (tmp_path / "out").rglob("*") if path.name.startswith(".")}
    assert not left


def test_training_stops_after_the_given_minutes(folder, tmp_path):
    started, progress, saved, shown = run(plan(folder, tmp_path / "out", minutes=1e-9))
    assert (started.photographs, started.held_out, started.step) == (19, 1, 0)
    assert (progress.step, progress.remaining_s) == (1, 0.0)
    assert saved == Saved(1, str(tmp_path / "out"))
    assert Path(shown.sheet).is_file()


def test_fine_tuning_starts_from_the_model(folder, tmp_path):
    make_steps(plan(folder, tmp_path / "first"), 2)
    still = Recipe(size=16, batch=2, learning_rate=0.0)
    make_steps(plan(folder, tmp_path / "second", recipe=still, start_from=tmp_path / "first"), 1)
    first, second = weights(tmp_path / "first"), weights(tmp_path / "second")
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_an_existing_training_is_not_overwritten_and_a_missing_one_not_resumed(folder, tmp_path):
    with pytest.raises(ModelError, match="no training to resume"):
        make_steps(plan(folder, tmp_path / "out", resume=True), 1)
    make_steps(plan(folder, tmp_path / "out"), 1)
    with pytest.raises(FileFormatError, match="resume it"):
        make_steps(plan(folder, tmp_path / "out"), 1)


def test_steps_without_finite_numbers_are_thrown_away(folder, tmp_path, monkeypatch):
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


def killed_after_saving(folder, output, steps, *words):
    """Runs the program until it says that so many steps are saved, and kills it at once."""
    command = [sys.executable, "-m", "sdedit_desktop", "train", folder, "-o", output, *words]
    with subprocess.Popen(
        [*map(str, command), "--json-progress"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    ) as child:
        for line in child.stdout:
            event = of_line(line)
            if isinstance(event, Saved) and event.step >= steps:
                break
        child.kill()
    return event.step


def assert_same_state(output, other):
    found, wanted = (load_file(folder / STATE) for folder in (output, other))
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], wanted[name]) for name in found)


@pytest.mark.parametrize(
    ("options", "saved_steps"),
    [
        (["--channels", "32,32", "--size", 16, "--batch", 2, "--save-every", 1e-6], (4,)),
        pytest.param(
            ["--size", 64, "--save-every", 0.1],
            (8, 16),
            marks=[pytest.mark.long, pytest.mark.timeout(1800)],
        ),
    ],
)
def test_killed_right_after_a_save_it_resumes_to_the_same_curve(
    folder, tmp_path, options, saved_steps
):
    output, whole = tmp_path / "killed", tmp_path / "whole"
    words = [*options, "--sheet-every", 1e6, "--device", "cpu"]
    for count, steps in enumerate(saved_steps):
        killed_after_saving(folder, output, steps, *words, *(["--resume"] if count else []))
    open_model(output)
    reached = len(losses(output))
    assert reached >= saved_steps[-1]
    run_for(parsed(folder, "-o", output, *words, "--resume"), 2)
    made = len(losses(output))
    run_for(parsed(folder, "-o", whole, *words), made)
    assert losses(output) == losses(whole)
    assert np.isfinite(losses(output)).all()
    assert_same_state(output, whole)
    left = {path.name for path in output.rglob(".*")}
    assert not left


def run_for(options, count):
    """As the command does, for so many steps."""
    complete(options)
    with contextlib.closing(run(config_of(options))) as events:
        steps = (event for event in events if isinstance(event, Progress))
        assert len(list(itertools.islice(steps, count))) == count


def test_killed_between_two_files_of_a_save_it_resumes_from_the_saved_step(folder, tmp_path):
    """The losses are written first; the state that belongs to them never was."""
    make_steps(plan(folder, tmp_path / "out"), 4)
    kept = (tmp_path / "out" / STATE).read_bytes()
    make_steps(plan(folder, tmp_path / "out", resume=True), 2)
    (tmp_path / "out" / STATE).write_bytes(kept)
    (tmp_path / "out" / "training" / ".state.0123abcd.safetensors").write_bytes(kept[:1000])
    make_steps(plan(folder, tmp_path / "out", resume=True), 1)
    make_steps(plan(folder, tmp_path / "whole"), 5)
    assert losses(tmp_path / "out") == losses(tmp_path / "whole")
    assert_same_state(tmp_path / "out", tmp_path / "whole")
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_loses_nothing(folder, tmp_path):
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    make_steps(plan(folder, tmp_path / "out"), 3)
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    wanted = plan(folder, tmp_path / "out", resume=True, save_every_s=0, sheet_every_s=1e9)
    running = run(wanted)
    seen = []
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
        seen += itertools.islice((n for n in running if not isinstance(n, Started)), 4)
        with pytest.raises(FileFormatError, match="cannot be written: File too large"):
            running.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [type(event) for event in seen] == [Progress, Note, Progress, Note]
    assert "What was saved before is safe" in seen[1].sentence
    assert "File too large" in seen[1].values[0]
    after = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    losses_file = tmp_path / "out" / "training" / "loss.csv"
    assert after.pop(losses_file).startswith(before.pop(losses_file))
    assert after == before
    make_steps(plan(folder, tmp_path / "out", resume=True), 2)
    make_steps(plan(folder, tmp_path / "whole"), 5)
    assert losses(tmp_path / "out") == losses(tmp_path / "whole")


def test_photographs_that_cannot_be_read_are_left_out_and_named_in_the_end(folder, tmp_path):
    for name in ("00.png", "05.png", "19.png"):  # the last one is held out
        (folder / name).write_text("no picture")
    wanted = plan(folder, tmp_path / "out", recipe=Recipe(size=16, batch=32, warmup=5))
    counted = itertools.count()
    *_, saved, shown, note = run(wanted, stopped=lambda: next(counted) == 3)
    assert (saved.step, type(shown)) == (4, Shown)
    text = Text(note.sentence, *note.values)
    assert text == "2 photographs that cannot be read were left out: 00.png, 05.png."


def test_crop_sizes_that_do_not_suit_the_network_are_refused(folder, tmp_path):
    make_steps(plan(folder, tmp_path / "first"), 1)
    odd = plan(folder, tmp_path / "out", recipe=Recipe(size=15), start_from=tmp_path / "first")
    with pytest.raises(ParameterError, match="a multiple of 2 pixels, not of 15"):
        make_steps(odd, 1)
    assert not (tmp_path / "out").exists()


def test_fine_tuning_keeps_the_size_that_the_model_is_used_at(folder, tmp_path):
    make_steps(plan(folder, tmp_path / "first", sample_size=48), 1)
    changes = {"sample_size": None}
    make_steps(plan(folder, tmp_path / "out", start_from=tmp_path / "first", **changes), 1)
    make_steps(plan(folder, tmp_path / "out", resume=True, **changes), 1)
    assert open_model(tmp_path / "out").card.size == 48


def parsed(*words):
    parser = argparse.ArgumentParser()
    add_train_arguments(parser)
    return parser.parse_args([str(word) for word in words])


def test_the_command_trains_and_ctrl_c_stops_it(folder, tmp_path):
    words = [folder, "-o", tmp_path / "out", "--channels", "32,32", "--size", 16, "--batch", 2]
    words += ["--sample-size", 16, "--device", "cpu"]
    seen = []

    def show(event):
        if isinstance(event, Progress):
            seen.append(event.step)
            if event.step == 2:
                signal.raise_signal(signal.SIGINT)

    assert run_train(parsed(*words), show) == 130
    assert seen == [1, 2]
    assert len(losses(tmp_path / "out")) == 2
    forgetful = ["-o", tmp_path / "out", "--device", "cpu", "--resume", "--minutes", 1e-9]
    assert run_train(parsed(*forgetful), show) == 0
    assert seen == [1, 2, 3]
    make_steps(plan(folder, tmp_path / "whole", recipe=Recipe(size=16, batch=2)), 3)
    assert losses(tmp_path / "out") == losses(tmp_path / "whole")


def test_in_the_background_it_stops_when_its_input_ends(folder, tmp_path):
    words = [folder, "-o", tmp_path / "out", "--channels", "32,32", "--size", 16, "--batch", 2]
    words += ["--device", "cpu", "--json-progress", "--background"]
    with subprocess.Popen(
        [sys.executable, "-m", "sdedit_desktop", "train", *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as child:
        events = [of_line(child.stdout.readline()) for _ in range(2)]
        child.stdin.close()
        events += map(of_line, child.stdout)
    assert child.returncode == 130
    assert [type(event) for event in (*events[:2], *events[-2:])] == [
        Started,
        Progress,
        Saved,
        Shown,
    ]
    assert len(losses(tmp_path / "out")) == events[-2].step


def test_a_failure_is_an_event_for_programs_as_well(tmp_path, capsys):
    words = ["train", str(tmp_path / "none"), "-o", str(tmp_path / "out"), "--json-progress"]
    assert main(words) == 2
    seen = capsys.readouterr()
    assert of_line(seen.out) == Failed("There is no folder {0}.", (str(tmp_path / "none"),))
    assert seen.err == f"sdedit-desktop: There is no folder {tmp_path / 'none'}.\n"


def test_a_folder_must_be_named(tmp_path):
    with pytest.raises(ParameterError, match="Say which FOLDER"):
        run_train(parsed("-o", tmp_path / "out"), lambda _event: None)


def test_events_survive_being_a_line_of_json_and_other_lines_are_ignored():
    for event in (
        Progress(3, 0.5, 1.0, None, 2.0, 9.0),
        Saved(3, "out"),
        Note("Ä {0}", ("ö",)),
        Failed("no"),
    ):
        assert of_line(to_line(event)) == event
    assert of_line(to_line(Progress(1, float("nan"), 1.0, None, 1.0, 1.0))).loss is None
    for line in ("", "step 5", "[1]", '{"event": "unheard"}', '{"event": "saved"}', "null"):
        assert of_line(line) is None


def test_photographs_may_take_an_eighth_of_memory(monkeypatch):
    assert 1 << 20 < spare_memory_bytes() < 1 << 40
    monkeypatch.setattr("sys.platform", "win32")  # which has no os.sysconf
    assert spare_memory_bytes() == 1 << 30


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--size", 40], "multiple of 16 pixels, not of 40"),
        (["--batch", 0], "--batch must be"),
        (["--minutes", -1], "--minutes must be"),
        (["--memory", 0], "--memory must be"),
        (["--device", "abacus"], "no device 'abacus' here"),
    ],
)
def test_wrong_options_get_one_sentence(folder, tmp_path, words, sentence):
    def started(event):
        if isinstance(event, Progress):
            raise AssertionError("It has started.")

    with pytest.raises(AppError, match=sentence):
        run_train(parsed(folder, "-o", tmp_path / "out", *words), started)
    assert not (tmp_path / "out").exists()
