import json
import os
import re
import shutil
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from sdedit_desktop import __version__, log, paths
from sdedit_desktop.cli.main import main
from sdedit_desktop.document.files.photo import export, open_photo
from sdedit_desktop.editing import models


@pytest.fixture(autouse=True)
def _no_log_is_left():
    yield
    log.uninstall()


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "hill.png"
    export(np.random.default_rng(0).integers(0, 256, (50, 60, 3)).astype(np.uint8), path)
    return path


@pytest.fixture
def mask(tmp_path):
    path = tmp_path / "mask.png"
    values = np.zeros((50, 60, 3), np.uint8)
    values[10:40, 20:50] = 255
    export(values, path)
    return path


def edit(photo, model, out, *more):
    given = ["edit", photo, "--model", model, "--steps", "2", "-n", "2", "--seed", "5", "-o", out]
    return main([str(argument) for argument in (*given, *more)])


def test_an_edit_writes_the_files_it_lists(photo, mask, tiny_model, tmp_path, capsys):
    out = tmp_path / "out"
    assert edit(photo, tiny_model, out, "--mask", mask, "--json") == 0
    said = capsys.readouterr()
    record = json.loads(said.out)
    assert record == json.loads((out / "hill.json").read_text())
    assert [c["seed"] for c in record["candidates"]] == [5, 6]
    assert record["made_with"]["sigma"] == pytest.approx(3.42, abs=0.01)
    assert record["made_with"]["model_time"] == pytest.approx(0.5, abs=0.005)
    assert {path.name for path in out.iterdir()} == {
        "hill-seed5.png",
        "hill-seed6.png",
        "hill-sheet.png",
        "hill.json",
    }
    before = open_photo(photo).pixels
    outside = open_photo(mask).pixels[..., 0] == 0
    results = [open_photo(out / f"hill-seed{seed}.png").pixels for seed in (5, 6)]
    for result in results:
        assert np.array_equal(result[outside], before[outside])
        assert not np.array_equal(result, before)
    assert not np.array_equal(*results)


def test_a_pasted_picture_is_blended_in_at_its_own_t0(photo, mask, tiny_model, tmp_path):
    patch = tmp_path / "patch.png"
    export(np.full((50, 60, 4), 200, np.uint8), patch)
    edit(photo, tiny_model, tmp_path / "out", "--patch", patch, "--mask", mask, "--no-clip")
    record = json.loads((tmp_path / "out" / "hill.json").read_text())
    assert (record["parameters"]["t0"], record["parameters"]["clip"]) == (0.35, False)
    assert record["parameters"]["colours_kept"] == 0.5
    assert set(record["sources"]) == {"photo", "strokes", "mask"}


def test_a_candidate_can_be_made_again_alone(photo, tiny_model, tmp_path):
    edit(photo, tiny_model, tmp_path / "both")
    edit(photo, tiny_model, tmp_path / "one", "-n", "1", "--seed", "6")
    both, one = (open_photo(tmp_path / f / "hill-seed6.png").pixels for f in ("both", "one"))
    assert np.array_equal(both, one)


def test_a_whole_edit_opens_no_socket(photo, tiny_model, tmp_path):
    given = ["edit", photo, "--model", tiny_model, "-n", "1", "--steps", "1", "-o", tmp_path]
    code = f"""
import socket, sys
def refuse(*_args, **_more): raise AssertionError("a socket was opened")
socket.socket.__init__ = refuse
socket.create_connection = socket.getaddrinfo = refuse
from sdedit_desktop.cli.main import main
sys.exit(main({[str(argument) for argument in given]}))
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (tmp_path / "hill.json").exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--t0", "0"], "t0 must be above 0 and at most 1, not 0."),
        (["--colours", "-1"], "Colours can be kept from 0 to 1, not -1."),
        (["--t0", "1.01"], "t0 must be above 0 and at most 1, not 1.01."),
        (["-n", "0"], "The number of candidates must be at least 1, not 0."),
        (["--steps", "0"], "The number of steps must be at least 1, not 0."),
        (["--solver", "magic"], "There is no solver 'magic'. Known are: dpmpp_2m_sde,"),
        (["--model", "nowhere"], "There is no model 'nowhere'. Found are:"),
        (["--mask", "nowhere.png"], "nowhere.png"),
        (["--strokes", "nowhere.png"], "nowhere.png"),
    ],
)
def test_bad_input_gets_one_sentence(photo, tiny_model, tmp_path, capsys, more, sentence):
    out = tmp_path / "out"
    assert edit(photo, tiny_model, out, *more) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1
    assert not out.exists()


def bad_picture(tmp_path, kind):
    path = tmp_path / f"{kind}.jpg"
    if kind == "text":
        path.write_text("no picture at all")
    elif kind == "cut":
        export(np.zeros((80, 80, 3), np.uint8), path)
        path.write_bytes(path.read_bytes()[:300])
    elif kind == "folder":
        path.mkdir()
    return path


@pytest.mark.parametrize("kind", ["missing", "text", "cut", "folder"])
def test_a_picture_that_cannot_be_read_is_named(tiny_model, tmp_path, capsys, kind):
    path = bad_picture(tmp_path, kind)
    assert edit(path, tiny_model, tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert f"{kind}.jpg" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_an_output_folder_that_cannot_be_written_is_named(photo, tiny_model, capsys):
    assert edit(photo, tiny_model, photo) == 2
    assert "Nothing can be written to" in capsys.readouterr().err


@pytest.mark.parametrize(
    "given",
    [
        ["edit"],
        ["edit", "a.png"],
        ["edit", "a.png", "-o", "x", "--t0", "much"],
        ["--what"],
        ["benhc"],
    ],
)
def test_a_command_that_makes_no_sense_gets_one_sentence(given, capsys):
    with pytest.raises(SystemExit) as end:
        main(given)
    assert end.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_version_and_help(capsys):
    for given in (["--version"], ["--help"], ["edit", "--help"]):
        with pytest.raises(SystemExit) as end:
            main(given)
        assert end.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith(__version__)
    assert re.search(r"program +run from its source\ndevice +\S.*\ntorch +\d", said)
    assert "white where the photograph may change" in said


def test_version_puts_warnings_into_the_log_not_on_the_terminal(monkeypatch, caplog):
    def warning(_engine):
        warnings.showwarning("no source text", UserWarning, "torch.py", 1)
        return {}

    monkeypatch.setattr("sdedit_desktop.editing.engine.TorchEngine.description", warning)
    with pytest.raises(SystemExit):
        main(["--version"])
    assert [record.name for record in caplog.records if "no source" in record.message] == [
        "py.warnings"
    ]


def test_models_are_listed_and_the_folder_for_more_is_named(capsys):
    assert main(["models", "--json"]) == 0
    said = capsys.readouterr()
    listed = json.loads(said.out)
    assert said.err == ""
    assert main(["models"]) == 0
    said = capsys.readouterr()
    assert all(name in said.out for name in listed)
    assert str(paths.user_models()) in said.err


def test_a_model_is_described_or_refused(photo, tiny_model, capsys):
    assert main(["models", "inspect", tiny_model, "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert (card["family"], card["size"], card["parameters"] > 1000) == ("DDPM", 32, True)
    assert card["memory_bytes"] > 4 * card["parameters"]
    assert main(["models", "inspect", str(photo)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_model_is_added_once(photo, tiny_model, capsys):
    added = paths.user_models() / Path(tiny_model).name
    try:
        assert main(["models", "add", tiny_model]) == 0
        assert capsys.readouterr().out.strip() == str(added)
        assert models.found()[added.name] == added
        assert main(["models", "add", tiny_model]) == 2
        assert "already" in capsys.readouterr().err
        assert main(["models", "add", str(photo)]) == 2
        assert sorted(paths.user_models().iterdir()) == [added]
    finally:
        shutil.rmtree(paths.user_models())


def test_a_model_can_be_trained_and_used(tmp_path, photo, capsys):
    for number in range(3):
        shutil.copy(photo, tmp_path / f"{number}.png")
    model = tmp_path / "model"
    given = ["train", tmp_path, "-o", model, "--minutes", "0.02", "--size", "32", "--batch", "2"]
    given += ["--channels", "32,32", "--sample-size", "32"]
    assert main([str(argument) for argument in given]) == 0
    assert edit(photo, model, tmp_path / "out", "-n", "1") == 0


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
def test_ctrl_c_leaves_whole_files_only(photo, tiny_model, tmp_path):
    out = tmp_path / "out"
    given = ["edit", photo, "--model", tiny_model, "-n", "1000", "--steps", "10", "-o", out]
    running = subprocess.Popen(
        [sys.executable, "-m", "sdedit_desktop", *map(str, given)],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "Numeric precision: " in running.stderr.readline()
    assert running.stderr.readline().strip().endswith(".png")  # the first candidate is written
    running.send_signal(signal.SIGINT)
    _, said = running.communicate()
    assert running.returncode == 130
    assert "Stopped." in said
    assert "Traceback" not in said
    pictures = list(out.glob("*.png"))
    assert pictures
    for path in pictures:
        assert open_photo(path).pixels.shape == (50, 60, 3)
    assert {path.suffix for path in out.iterdir()} == {".png", ".json"}
    json.loads((out / "hill.json").read_text())


@pytest.fixture
def meadow(tmp_path):
    """A piece of a bundled photograph, something painted on it, and a mask."""
    whole = open_photo(paths.resources() / "samples" / "meadow.jpg").pixels
    export(np.ascontiguousarray(whole[300:400, 300:440]), tmp_path / "meadow.png")
    strokes = np.zeros((100, 140, 4), np.uint8)
    strokes[40:60, 50:80] = (150, 150, 90, 255)
    export(strokes, tmp_path / "strokes.png")
    mask = np.zeros((100, 140, 3), np.uint8)
    mask[30:70, 40:90] = 255
    export(mask, tmp_path / "mask.png")
    return [tmp_path / f"{name}.png" for name in ("meadow", "strokes", "mask")]


def test_without_a_model_the_photo_itself_is_one_and_the_record_makes_it_again(meadow, tmp_path):
    """As a process of its own: what the record says is all that is needed."""
    photo, strokes, mask = meadow
    begin = [sys.executable, "-m", "sdedit_desktop", "edit"]
    given = [photo, "--strokes", strokes, "--mask", mask, "--steps", "4", "--seed", "7", "-n", "1"]
    subprocess.run([*begin, *map(str, given), "-o", str(tmp_path / "one")], check=True)
    record = json.loads((tmp_path / "one" / "meadow.json").read_text())
    parameters, sources = record["parameters"], record["sources"]
    assert (parameters["model"], parameters["t0"]) == (models.THIS_PHOTO, 0.35)
    assert (parameters["solver"], parameters["detail"]) == ("ddpm", "1024")
    assert str(tmp_path) not in json.dumps(record)
    files = {kind: tmp_path / sources[kind]["name"] for kind in ("photo", "strokes", "mask")}
    again = [files["photo"], "--strokes", files["strokes"]]
    again += ["--mask", files["mask"], "--model", parameters["model"]]
    again += ["--t0", parameters["t0"], "--steps", parameters["calls"]]
    again += ["--solver", parameters["solver"], "--detail", parameters["detail"], "-n", 1]
    again += ["--seed", record["candidates"][0]["seed"], "-o", tmp_path / "two"]
    subprocess.run([*begin, *map(str, again)], check=True)
    one, two = (open_photo(tmp_path / f / "meadow-seed7.png").pixels for f in ("one", "two"))
    assert np.array_equal(one, two)
    hashed = json.loads((tmp_path / "two" / "meadow.json").read_text())["made_with"]
    assert hashed["model_sha256"] == record["made_with"]["model_sha256"]
    before, inside = open_photo(photo).pixels, open_photo(mask).pixels[..., 0] > 0
    assert np.array_equal(one[~inside], before[~inside])
    assert not np.array_equal(one[inside], before[inside])


def test_exemplars_are_files_or_folders_for_this_once(meadow, tmp_path):
    photo, strokes, mask = meadow
    (tmp_path / "more").mkdir()
    shutil.copy(paths.resources() / "samples" / "peaks.jpg", tmp_path / "more" / "peaks.jpg")
    given = ["edit", photo, "--strokes", strokes, "--mask", mask, "--steps", "2", "-n", "1"]
    given += ["--seed", "1", "-o", tmp_path / "out", "--exemplars", tmp_path / "more", photo]
    assert main([str(argument) for argument in given]) == 0
    record = json.loads((tmp_path / "out" / "meadow.json").read_text())
    names = [each["name"] for each in record["sources"]["exemplars"]]
    assert names == ["peaks.jpg", "meadow.png"]
    assert all(len(each["sha256"]) == 64 for each in record["sources"]["exemplars"])
    assert record["parameters"]["model"] == ""


def test_a_folder_of_photographs_is_added_as_a_model(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(paths, "user_models", lambda: tmp_path / "models")
    given = ["models", "add", "--exemplars", str(paths.resources() / "samples"), "mine"]
    assert main(given) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "models" / "mine")
    assert main(["models", "inspect", str(tmp_path / "models" / "mine"), "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert (card["name"], card["family"]) == ("mine", "photographs")
    assert card["pictures"] == len(list((paths.resources() / "samples").glob("*.[jp][pn]g")))
    assert main(given) == 2
    assert "There is a model named mine" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--detail", "300"], "There is no detail '300'. Known are: off, 512, 1024, 2048, full."),
        (["--solver", "reference"], "The solver 'reference' is for networks."),
        (["--exemplars", "nowhere.png"], "nowhere.png"),
        (["--exemplars", "nowhere.png", "--model", "this-photo"], "not allowed with"),
    ],
)
def test_bad_input_about_photographs_gets_one_sentence(meadow, tmp_path, capsys, more, sentence):
    given = ["edit", str(meadow[0]), "-o", str(tmp_path / "out"), "-n", "1", *more]
    try:
        code = main(given)
    except SystemExit as end:
        code = end.code
    assert code == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said
