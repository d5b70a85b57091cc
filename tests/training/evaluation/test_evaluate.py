"""``sdedit-desktop evaluate`` from the command line to the card, with a tiny model."""

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
from sdedit_desktop.training.evaluation.report import BEGIN, END
from sdedit_desktop.training.evaluation.tasks import Progress, Stop
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
        card=tmp_path / "out" / "card",
        listing=listing,
        size=SIZE,
        crops=8,
        t0s=(0.3, 0.5),
        calls=(2,),
    )


def rows(card):
    """The first two columns of all tables: what, and how many pictures."""
    found = re.findall(r"^\| ([^|]+) \| (\d+) \|", card, re.MULTILINE)
    return {name: int(count) for name, count in found}


def test_a_model_gets_its_card(evaluate, model, tmp_path, capsys):
    # given a model whose card says something already
    (model / "README.md").write_text("# Tiny\n\nWritten by hand.\n")
    # when it is evaluated
    assert evaluate("--card", model) == 0
    # then the card has every measure, below what was written by hand
    card = (model / "README.md").read_text()
    assert card.startswith("# Tiny\n\nWritten by hand.\n")
    assert rows(card) == {
        "the photographs themselves": 8,
        "strokes": 8,
        "t0 0.3, 3 calls": 4,
        "t0 0.5, 3 calls": 8,
        "t0 0.5, 2 calls": 4,
        "photograph": 8,
        "model, t0 0.45": 8,
    }
    assert card.count("| strokes | 8 |") == 2  # whole pictures, and inside masks
    assert "nan" not in card
    assert "unknown" not in card
    assert "Largest change outside the masks: 0 of 255." in card
    # and shows pictures of all of it, which are there
    shown = re.findall(r"\]\((.+?)\)", card)
    assert set(shown) == {path.name for path in model.glob("*.webp")}
    assert len(shown) == 2
    for name in shown:
        with Image.open(model / name) as picture:
            picture.verify()
    assert str(model / "README.md") in capsys.readouterr().err


def test_nothing_is_made_twice(evaluate, tmp_path, monkeypatch):
    assert evaluate() == 0
    readme = tmp_path / "out" / "card" / "README.md"
    first = readme.read_text()
    monkeypatch.setattr(editors, "edit", None)  # would be called
    monkeypatch.setattr(Averages, "maps", None)
    assert evaluate() == 0
    assert readme.read_text() == first
    assert first.count(BEGIN) == first.count(END) == 1


def test_stopped_it_reports_on_what_there_is_and_goes_on_later(config, evaluate):
    # given an evaluation that is stopped after a while
    stop = Stop()
    steps = running.run(config, stop)
    for _ in range(40):
        next(steps)
    stop.request()
    *_, card = steps
    # then its card tells of fewer pictures
    assert card == config.card / "README.md"
    partly = rows(card.read_text())
    assert partly["strokes"] == 8
    assert 0 < sum(count for name, count in partly.items() if name.startswith("t0")) < 16
    made = set((config.output / "work").iterdir())
    # when it is started again, then it makes the rest
    assert evaluate() == 0
    whole = rows(card.read_text())
    assert whole["t0 0.5, 3 calls"] == 8
    assert made < set((config.output / "work").iterdir())


def test_ctrl_c_leaves_a_card(model, folder, listing, tmp_path):
    parser = argparse.ArgumentParser()
    add_evaluate_arguments(parser)
    given = [model, folder, "--list", listing, "-o", tmp_path / "out", "--size", SIZE]
    options = parser.parse_args([str(each) for each in (*given, "--quick", "--crops", "8")])
    shown = []

    def show(news):
        shown.append(news)
        if len(shown) == 20:
            signal.raise_signal(signal.SIGINT)

    assert run_evaluate(options, show) == 130
    assert shown[-1] == tmp_path / "out" / "card" / "README.md"
    assert rows(shown[-1].read_text()).get("t0 0.5, 3 calls", 0) < 8


def test_when_the_time_is_up_it_reports_on_nothing(config):
    *progress, card = running.run(config, Stop(minutes=1e-9))
    assert all(isinstance(each, Progress) for each in progress)
    assert rows(card.read_text()).keys() == {
        "the photographs themselves",
        "strokes",
        "photograph",
    }


def test_without_the_extra_it_says_how_to_get_it_and_measures_the_rest(
    evaluate, tmp_path, monkeypatch
):
    monkeypatch.setattr(running, "find_inception", lambda _device: None)
    assert evaluate() == 0
    card = (tmp_path / "out" / "card" / "README.md").read_text()
    assert "pip install 'sdedit-desktop[evaluation]'" in card
    line = re.search(r"\| t0 0.5, 3 calls \| 8 \| (\d+\.\d) ± .* \| unknown \| \d", card)
    assert float(line[1]) > 0
    assert re.search(r"\| model, t0 0.45 \| 8 \| \d.* \| unknown \| \d+, \d+ \|", card)
    # once there is the extra, pictures are looked at and not made again
    monkeypatch.setattr(running, "find_inception", lambda _device: Averages())
    monkeypatch.setattr(editors, "edit", None)
    assert evaluate() == 0
    card = (tmp_path / "out" / "card" / "README.md").read_text()
    assert "unknown" not in card


def test_another_model_is_not_mistaken_for_the_first(evaluate, model, tmp_path):
    assert evaluate() == 0
    work = tmp_path / "out" / "work"
    first, looks = set(work.glob("*.png")), set(work.glob("*.npy"))
    shutil.rmtree(model)
    network = fresh_network(network_config((32, 32)), seed=1)
    TrainingState(network, Recipe(), torch.device("cpu")).export(model, SIZE)
    assert evaluate() == 0
    assert len(set(work.glob("*.png"))) == 2 * len(first)
    # but photographs are not looked at again
    assert len(set(work.glob("*.npy")) - looks) <= len(first)


def test_only_held_out_photographs_are_edited(config, folder):
    guides, references = running.held_out_scenes(config)
    names = sorted(path.name for path in folder.iterdir())
    assert sorted(path.name for path in guides.paths) == names[14:]
    assert references.paths == guides.paths
    assert guides.digest(0) != references.digest(0)


def test_calls_are_compared_at_the_t0_nearest_to_a_half(config, model):
    editor = editors.NetworkEditor(running.open_model(model))
    found = running.cases(replace(config, t0s=(0.3, 0.45, 0.6), calls=(2, 3, 7)), [editor])
    whole = [(case.t0, case.calls) for case in found if not case.masked]
    assert whole == [(0.3, 3), (0.45, 2), (0.45, 3), (0.45, 7), (0.6, 3)]
    assert [case.count for case in found] == [4, 4, 8, 4, 4, 8]


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
def test_what_cannot_be_is_said_in_a_sentence(evaluate, capsys, given, sentence):
    assert evaluate(*given) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("given", [["--t0", "0,0.5"], ["--t0", "x"], ["--calls", "0"]])
def test_what_is_no_number_is_refused(evaluate, capsys, given):
    with pytest.raises(SystemExit):
        evaluate(*given)
    assert "--help" in capsys.readouterr().err
