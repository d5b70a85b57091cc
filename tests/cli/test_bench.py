"""The command that measures: every figure is there, for every kind of model."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from sdedit_desktop.cli import bench
from sdedit_desktop.cli.bench import Figure, chart, table
from sdedit_desktop.cli.main import main
from sdedit_desktop.editing.models import THIS_PHOTO
from sdedit_desktop.editing.samples import sample


@pytest.fixture
def measured_window(monkeypatch):
    """The window is measured in another test, once."""
    asked = []

    def child(params, calls):
        asked.append((params.model, calls))
        return {"ready_at": 2e9, "gap_p99_ms": 7.0, "brush_p50_ms": 1.0, "brush_p99_ms": 2.0}

    monkeypatch.setattr(bench, "_child", child)
    return asked


@pytest.fixture
def small_sample(monkeypatch, tmp_path):
    """The sample at a quarter of its size: its figures take as many calls and less memory."""

    def small(name):
        whole, files = sample(name), {}
        for part in ("photo", "strokes", "mask"):
            files[part] = tmp_path / f"{part}.png"
            Image.open(getattr(whole, part)).reduce(4).save(files[part])
        return replace(whole, **files)

    monkeypatch.setattr(bench, "sample", small)


@pytest.mark.usefixtures("small_sample")
@pytest.mark.parametrize("of_photographs", [True, False])
def test_all_is_measured_and_written(of_photographs, tiny_model, measured_window, tmp_path, capsys):
    model = THIS_PHOTO if of_photographs else tiny_model
    given = [
        "bench",
        "--model",
        model,
        "--steps",
        "2",
        "--reference",
        "--json",
        "-o",
        str(tmp_path),
    ]
    assert main(given) == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    figures = {one["name"]: one["value"] for one in found["figures"]}
    assert all(value >= 0 for value in figures.values())
    assert {"calls", "4 candidates of 2 steps", "timer gap during a job, p99"} <= figures.keys()
    assert [calls for _, calls in measured_window] == [0, 0, 6]
    assert found["precision"] in ("fp32", "bf16")
    published = [name for name in figures if "published" in name]
    if of_photographs:
        assert not published
        assert "is for networks" in said.err
        assert "share of it that calls reach" not in figures
    else:
        assert published == [
            "the published algorithm, a call",
            "the published algorithm, 500 calls each",
        ]
        assert figures["first preview, model open"] > 0
        assert figures["the same in calls"] >= 1  # nothing is seen before the first call
        assert 0 < figures["share of it that calls reach"] < 100  # no cheaper calls among them
        once, all_of_them = (figures[name] for name in published)
        assert all_of_them == pytest.approx(4 * 500 * once)
    assert json.loads((tmp_path / "bench.json").read_text()) == found
    assert "| calls |" in (tmp_path / "bench.md").read_text()
    with Image.open(tmp_path / "bench.png") as picture:
        assert np.asarray(picture).std() > 10


def test_the_window_is_measured_in_a_process_of_its_own(tmp_path):
    params = bench._params(
        bench.argparse.Namespace(model=None, steps=1, device="cpu", precision="auto")
    )
    measured = bench._child(params, calls=1)
    assert measured.keys() == {
        "ready_at",
        "gap_p50_ms",
        "gap_p99_ms",
        "brush_p50_ms",
        "brush_p99_ms",
    }
    assert all(value > 0 for value in measured.values())


def test_figures_are_a_table_and_longer_bars_are_longer_times():
    figures = [Figure("start", 0.5, "s"), Figure("memory", 1234.5, "MB"), Figure("gap", 5, "ms")]
    assert table(figures, {"cores": 2}).splitlines() == [
        "| figure | measured |",
        "|---|---|",
        "| start | 0.5 s |",
        "| memory | 1,234 MB |",
        "| gap | 5 ms |",
        "",
        "cores: 2",
    ]
    pixels = np.asarray(chart(figures))
    blue = (pixels == (0x1F, 0x6F, 0xB5)).all(axis=2)
    lengths = [int(blue[row].sum()) for row in (15, 45)]
    assert lengths[0] > lengths[1] > 0
    assert blue.shape[0] == 60  # memory is no time
