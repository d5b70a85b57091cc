"""``sdedit-desktop evaluate`` from the command line to the report, with a tiny model."""

import argparse
import csv
import re
import shutil
import signal
from dataclasses import replace

import pytest
import torch
from PIL import Image

from sdedit_desktop.cli.evaluate import add_evaluate_arguments, run_evaluate
from sdedit_desktop.cli.main import main
from sdedit_desktop.training.evaluation import config as configs
from sdedit_desktop.training.evaluation import editors
from sdedit_desktop.training.evaluation import run as running
from sdedit_desktop.training.evaluation.run import Progress
from sdedit_desktop.training.recipe import Recipe
from sdedit_desktop.training.run import network_config
from sdedit_desktop.training.state import TrainingState, fresh_network

SIZE = 32


class Averages:
    """Sees nothing but colours, coarsely and more coarsely."""

    name = "averages"

    def maps(self, pixels):
        x = torch.tensor(pixels).permute(0, 3, 1, 2) / 255 + 0.01
        return [torch.nn.functional.avg_pool2d(x, side) for side in (4, 8)]


@pytest.fixture
def model(tmp_path):
    network = fresh_network(network_config((32, 32)), 0)
    state = TrainingState(network, Recipe(), torch.device("cpu"))
    state.export(tmp_path / "model", SIZE)
    return tmp_path / "model"


@pytest.fixture
def listing(folder, tmp_path):
    """The last six of the twenty photographs are held out."""
    path = tmp_path / "list.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "split"])
        for index, photograph in enumerate(sorted(folder.iterdir())):
            rows.writerow([photograph.name, "train" if index < 14 else "heldout"])
    return path


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(editors.NetworkEditor, "calls", 3)
    monkeypatch.setattr(running, "find_inception", lambda _device: Averages())


@pytest.fixture
def evaluate(model, folder, listing, tmp_path):
    def start(*more):
        given = ["evaluate", model, folder, "--list", listing, "-o", tmp_path / "out"]
        given += ["--crops", "8", "--size", SIZE, "--quick", "--calls", "2", "--t0", "0.3,0.5"]
        return main([str(each) for each in (*given, *more)])

    return start


@pytest.fixture
def config(model, folder, listing, tmp_path):
    return configs.EvaluationConfig(
        model=model,
        photographs=folder,
        output=tmp_path / "out",
        listing=listing,
        size=SIZE,
        crops=8,
        t0s=(0.3, 0.5),
        calls=(2,),
    )


def rows(report):
    """The first two columns of all tables: what, and how many pictures."""
    found = re.findall(r"^\| ([^|]+) \| (\d+) \|", report, re.MULTILINE)
    return {name: int(count) for name, count in found}


def test_a_model_is_measured(evaluate, tmp_path, capsys):
    assert evaluate() == 0
    report = (tmp_path / "out" / "report.md").read_text()
    assert rows(report) == {
        "photographs": 8,
        "strokes": 8,
        "t0 0.3, 3 calls": 4,
        "t0 0.5, 3 calls": 8,
        "t0 0.5, 2 calls": 4,
        "model, t0 0.45": 8,
    }
    for name in ("photographs", "strokes"):
        assert report.count(f"| {name} | 8 |") == 2  # whole pictures, and inside masks
    assert "nan" not in report
    assert "None" not in report
    assert "unknown" not in report
    assert "Largest change outside the masks: 0 of 255." in report
    # the photographs are themselves, and the strokes are the guide
    assert report.count("| photographs | 8 | 1.00 |") == 2
    assert len(re.findall(r"\| strokes \| 8 \| \d+\.\d\d ± \d\.\d\d \| 0\.0 \|", report)) == 2
    # and there are pictures of all of it
    shown = re.findall(r"\]\((.+?)\)", report)
    assert sorted(shown) == ["masked.webp", "strengths.webp"]
    for name, edits in (("masked.webp", 1), ("strengths.webp", 3)):
        with Image.open(tmp_path / "out" / name) as picture:
            assert picture.size == ((8 if edits == 1 else 4) * SIZE, (2 + edits) * SIZE)
    assert str(tmp_path / "out" / "report.md") in capsys.readouterr().err


def test_nothing_is_made_twice(evaluate, tmp_path, monkeypatch):
    assert evaluate() == 0
    path = tmp_path / "out" / "report.md"
    first = path.read_text()
    monkeypatch.setattr(editors, "edit", None)  # would be called
    monkeypatch.setattr(Averages, "maps", None)
    assert evaluate() == 0
    assert path.read_text() == first


def test_a_stopped_evaluation_reports_so_far_and_continues_later(config, evaluate):
    # given an evaluation that is stopped after a while
    stopped = []
    steps = running.run(config, lambda: bool(stopped))
    for _ in range(30):
        next(steps)
    stopped.append(True)
    *_, path = steps
    # then its report tells of fewer pictures
    assert path == config.output / "report.md"
    partly = rows(path.read_text())
    assert 0 < sum(count for name, count in partly.items() if name.startswith("t0")) < 16
    made = set((config.output / "work").iterdir())
    # when it is started again, then it makes the rest
    assert evaluate() == 0
    whole = rows(path.read_text())
    assert whole["t0 0.5, 3 calls"] == 8
    assert made < set((config.output / "work").iterdir())


def test_ctrl_c_leaves_a_report(model, folder, listing, tmp_path):
    parser = argparse.ArgumentParser()
    add_evaluate_arguments(parser)
    given = [model, folder, "--list", listing, "-o", tmp_path / "out", "--size", SIZE]
    options = parser.parse_args([str(each) for each in (*given, "--quick", "--crops", "8")])
    shown = []

    def show(event):
        shown.append(event)
        if len(shown) == 20:
            signal.raise_signal(signal.SIGINT)

    assert run_evaluate(options, show) == 130
    assert shown[-1] == tmp_path / "out" / "report.md"
    assert rows(shown[-1].read_text()).get("t0 0.5, 3 calls", 0) < 8


def test_when_the_time_is_up_it_reports_on_nothing(config):
    *progress, path = running.run(replace(config, minutes=1e-9))
    assert all(isinstance(each, Progress) for each in progress)
    assert rows(path.read_text()) == {}


def test_without_the_extra_it_says_how_to_get_it_and_measures_the_rest(
    evaluate, tmp_path, monkeypatch
):
    monkeypatch.setattr(running, "find_inception", lambda _device: None)
    assert evaluate() == 0
    path = tmp_path / "out" / "report.md"
    report = path.read_text()
    assert "pip install 'sdedit-desktop[evaluation]'" in report
    line = re.search(r"\| t0 0.5, 3 calls \| 8 \| \d.* \| (\d+\.\d) ± .* \| unknown \|", report)
    assert float(line[1]) > 0
    assert re.search(r"\| model, t0 0.45 \| 8 \| \d.* \| unknown \| \d.* \| \d+, \d+ \|", report)
    # once there is the extra, pictures are looked at and not made again
    monkeypatch.setattr(running, "find_inception", lambda _device: Averages())
    monkeypatch.setattr(editors, "edit", None)
    assert evaluate() == 0
    assert "unknown" not in path.read_text()


def test_another_model_is_not_mistaken_for_the_first(evaluate, model, tmp_path):
    assert evaluate() == 0
    report = (tmp_path / "out" / "report.md").read_text()
    before = set((tmp_path / "out" / "work").iterdir())
    shutil.rmtree(model)
    network = fresh_network(network_config((32, 32)), seed=1)
    TrainingState(network, Recipe(), torch.device("cpu")).export(model, SIZE)
    assert evaluate() == 0
    assert (tmp_path / "out" / "report.md").read_text() != report
    # but photographs and strokes are not looked at again
    edited = 4 + 8 + 4 + 8
    assert len(set((tmp_path / "out" / "work").iterdir()) - before) == 2 * edited


def test_only_held_out_photographs_are_edited(config, folder):
    guides, references = running.held_out_scenes(config)
    names = sorted(path.name for path in folder.iterdir())
    assert sorted(path.name for path in guides.paths) == names[14:]
    assert references.paths == guides.paths
    assert (guides.pixels(0) != references.pixels(0)).any()


def test_calls_are_compared_at_the_t0_nearest_to_a_half(config, model):
    editor = editors.NetworkEditor(running.open_model(model))
    found = running.rows_of(replace(config, t0s=(0.3, 0.45, 0.6), calls=(2, 3, 7)), [editor])
    edited = [row for row in found if row.editor]
    whole = [(row.t0, row.calls) for row in edited if not row.masked]
    assert whole == [(0.3, 3), (0.45, 2), (0.45, 3), (0.45, 7), (0.6, 3)]
    assert [row.count for row in edited] == [4, 4, 8, 4, 4, 8]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--minutes", "0"], "--minutes must be more than 0."),
        (["--crops", "2"], "--crops must be at least 4."),
        (["--size", "40"], "--size must be a multiple of 32."),
        (["--size", "256"], "None of the held-out photographs has 256 x 256 pixels."),
        (["--share", "nowhere=1"], "There is no folder with photographs named nowhere"),
    ],
)
def test_options_out_of_range_get_one_sentence(evaluate, capsys, given, sentence):
    assert evaluate(*given) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("given", [["--t0", "0,0.5"], ["--t0", "x"], ["--calls", "0"]])
def test_options_that_are_no_numbers_are_refused(evaluate, capsys, given):
    with pytest.raises(SystemExit):
        evaluate(*given)
    assert "--help" in capsys.readouterr().err
