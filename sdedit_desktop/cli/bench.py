"""``sdedit-desktop bench``: measures the speed of this computer with a model."""

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from sdedit_desktop.cli.imports import without_collection
from sdedit_desktop.cli.progress import ProgressBar
from sdedit_desktop.document.files.saving import saving
from sdedit_desktop.editing import batch, models, presets
from sdedit_desktop.editing.document_requests import context_side
from sdedit_desktop.editing.request import (
    DEVICES,
    PRECISIONS,
    Cancelled,
    CancelToken,
    Candidate,
    EditParams,
    Note,
    Preview,
    Progress,
)
from sdedit_desktop.editing.samples import sample
from sdedit_desktop.errors import AppError

ABOUT = """\
Measures how fast this computer is with a model: network calls, candidates, stopping, the window.

The picture is a bundled one. Close other programs: what they use is missing here."""

_STARTS, _STOPS, _PUBLISHED_CALLS, _WINDOW_CALLS = 3, 4, 3, 6
_ROW, _LEFT, _WIDE, _RIGHT = 30, 330, 420, 120
"""Dimensions of the chart, in pixels."""


_WHOLE = 1000
"""Figures from this size on are printed without decimals."""


class Figure(NamedTuple):
    """A measurement.

    Attributes:
        name: What, for people.
        value: In ``unit``.
        unit: "s", "ms", "1/s" and so on.
    """

    name: str
    value: float
    unit: str

    def __str__(self) -> str:
        digits = f"{self.value:.3g}" if self.value < _WHOLE else f"{self.value:,.0f}"
        return f"{digits} {self.unit}".strip()


def add_bench_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of ``run_bench``."""
    parser.add_argument(
        "--model",
        metavar="ID|PATH",
        help="see 'sdedit-desktop models'; without it the photograph itself is the model",
    )
    parser.add_argument(
        "--reference",
        action="store_true",
        help="also the published algorithm, in fp32 and one candidate at a time, on as few calls "
        "as give its pace (networks only)",
    )
    parser.add_argument(
        "--steps", type=int, metavar="N", help="calls per candidate; else the usual"
    )
    parser.add_argument("--device", choices=DEVICES, default="auto", help="where the network runs")
    parser.add_argument("--precision", choices=PRECISIONS, default=PRECISIONS[0])
    parser.add_argument("--no-window", action="store_true", help="leave the window out")
    parser.add_argument("--json", action="store_true", help="print for programs")
    parser.add_argument(
        "-o", dest="folder", type=Path, metavar="DIR", help="write bench.md, .json and .png there"
    )
    parser.add_argument("--window-only", metavar="PARAMS", help=argparse.SUPPRESS)


def run_bench(options: argparse.Namespace) -> int:
    """Runs the benchmark; returns the exit code."""
    if options.window_only:
        return _measure_window(options.window_only)
    params = _params(options)
    params.check()
    models.locate(params.model)
    if options.folder is not None:
        batch.writable(options.folder)
    bench = _Bench(params, ProgressBar())
    figures: list[Figure] = []
    if not options.no_window:
        figures += bench.window()
    figures += bench.job()
    figures += bench.stopping()
    if options.reference:
        figures += bench.published()
    if sys.platform != "win32":
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        figures.append(
            Figure("memory at most", peak / (1e6 if sys.platform == "darwin" else 1e3), "MB")
        )
    values = {"figures": [one._asdict() for one in figures], **bench.description}
    written = table(figures, bench.description)
    if options.folder is not None:
        for name, text in (("bench.md", written), ("bench.json", json.dumps(values, indent=2))):
            with saving(options.folder / name) as file:
                file.write_text(f"{text}\n", encoding="utf-8")
        with saving(options.folder / "bench.png") as file:
            chart(figures).save(file, "PNG")
    print(json.dumps(values, indent=2) if options.json else written)
    return 0


def table(figures: Sequence[Figure], description: Mapping[str, object]) -> str:
    """The measurements as a Markdown table."""
    lines = ["| figure | measured |", "|---|---|"]
    lines += [f"| {one.name} | {one} |" for one in figures]
    said = "; ".join(f"{name}: {value}" for name, value in description.items())
    return "\n".join([*lines, "", said])


def chart(figures: Sequence[Figure]) -> Image.Image:
    """A bar chart of all times, logarithmic from a tenth of a millisecond."""
    factors = {"s": 1000.0, "ms": 1.0}
    times = [one for one in figures if one.unit in factors]
    decades = [max(0.1, math.log10(10 * one.value * factors[one.unit] + 1)) for one in times]
    font = ImageFont.load_default(14)
    picture = Image.new("RGB", (_LEFT + _WIDE + _RIGHT, _ROW * max(1, len(times))), "#ffffff")
    draw = ImageDraw.Draw(picture)
    for number, (one, length) in enumerate(zip(times, decades, strict=True)):
        top, right = number * _ROW, _LEFT + _WIDE * length / max(decades)
        draw.text((_LEFT - 10, top + _ROW / 2), one.name, "#333333", font, anchor="rm")
        draw.rectangle((_LEFT, top + 5, right, top + _ROW - 5), "#1f6fb5")
        draw.text((right + 8, top + _ROW / 2), str(one), "#333333", font, anchor="lm")
    return picture


class _Bench:
    """Measures one thing after another and shows how far it is."""

    def __init__(self, params: EditParams, bar: ProgressBar) -> None:
        from sdedit_desktop.editing.engine import TorchEngine

        self._params, self._bar = params, bar
        self._engine = TorchEngine(device=params.device)
        shown = sample("stream")
        material = batch.Material.open(shown.photo, shown.strokes, shown.mask)
        facts = self._engine.inspect(params.model)
        self._request = material.request(params, context_side(facts))
        self._computing_s = self._call_s = 0.0
        self._previews_s: list[float] = []
        self.description: dict[str, object] = {
            "system": f"{platform.system()} {platform.machine()}",
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "date": time.strftime("%Y-%m-%d"),
        }
        if hasattr(os, "getloadavg"):
            self.description["load before"] = round(os.getloadavg()[0], 2)

    def window(self) -> Iterator[Figure]:
        """Starts the window some times, the last time with a job."""
        starts, measured = [], dict[str, float]()
        for turn in range(_STARTS):
            self._bar.show(Progress(turn, _STARTS))
            calls = _WINDOW_CALLS if turn == _STARTS - 1 else 0
            began = time.time()
            measured = _child(replace(self._params, seeds=(0, 1)), calls)
            starts.append(measured["ready_at"] - began)
        yield Figure("start until the window is painted", statistics.median(starts), "s")
        yield Figure("timer gap during a job, p99", measured["gap_p99_ms"], "ms")
        yield Figure("brush of 100 px on 24 MP, p50", measured["brush_p50_ms"], "ms")
        yield Figure("brush of 100 px on 24 MP, p99", measured["brush_p99_ms"], "ms")

    def job(self) -> Iterator[Figure]:
        """Makes all candidates."""
        from sdedit_desktop.editing.sampling.speed import computing_s

        device = self._engine.device
        computing, before_s = list[tuple[int, float]](), computing_s(device)
        first_s, made, ends, size = 0.0, 0, list[tuple[int, float]](), None
        began = time.perf_counter()
        for message in self._engine.run(self._request, CancelToken()):
            now = time.perf_counter() - began
            match message:
                case Progress():
                    self._bar.show(message)
                    ends.append((message.done, now))
                    computing.append((message.done, computing_s(device)))
                case Preview():
                    first_s, size = first_s or now, size or message.image.shape[:2]
                case Candidate():
                    made += 1
                    self.description["precision"] = message.params.precision
                case Note():
                    self._bar.say(message.text)
        total_s = time.perf_counter() - began
        self._computing_s = computing_s(device) - before_s
        self.description |= self._engine.description()
        self.description.pop("model_file", None)
        self._call_s = _median_call(ends)
        yield Figure("first preview, model being opened", first_s, "s")
        yield Figure(f"{made} candidates of {self._params.calls} steps", total_s, "s")
        yield Figure("calls", 1 / self._call_s, "1/s")
        if size is not None:
            yield from self._share_of_peak(_median_call(computing), size)

    def _share_of_peak(self, call_s: float, size: tuple[int, int]) -> Iterator[Figure]:
        from sdedit_desktop.editing.sampling import speed

        params = self._params
        takes_words = bool(self._engine.inspect(params.model).card.get("takes_words"))
        pictures = 2 if takes_words and params.guidance != 1 else 1
        path = models.locate(params.model)
        operations = speed.operations_of(path, size, pictures)
        if operations is not None:
            peak = speed.matrix_peak(self._engine.device, str(self.description["precision"]))
            yield Figure("matrix peak", peak / 1e9, "GFLOP/s")
            yield Figure("share of it that calls reach", 100 * operations / call_s / peak, "%")

    def stopping(self) -> Iterator[Figure]:
        """Stops jobs at several moments of a call."""
        waits = [self._stop(turn / _STOPS) for turn in range(_STOPS)]
        yield Figure("from Stop to the end of a job, at most", 1000 * max(waits), "ms")
        if self._previews_s:
            first_s = statistics.median(self._previews_s)
            yield Figure("first preview, model open", first_s, "s")
            yield Figure("the same in calls", first_s / self._call_s, "")

    def _stop(self, phase: float) -> float:
        cancel, asked = CancelToken(), list[float]()

        def stop() -> None:
            asked.append(time.perf_counter())
            cancel.cancel()

        timer: threading.Timer | None = None
        seen, began = False, time.perf_counter()
        try:
            for message in self._engine.run(self._request, cancel):
                if isinstance(message, Preview) and not seen:
                    seen = True
                    self._previews_s.append(time.perf_counter() - began)
                if isinstance(message, Progress) and message.per_second and timer is None:
                    timer = threading.Timer(phase / message.per_second, stop)
                    timer.start()
        except Cancelled:
            return time.perf_counter() - asked[0]
        if timer is not None:
            timer.cancel()
        return 0.0

    def published(self) -> Iterator[Figure]:
        """The published algorithm, on as few calls as give its pace.

        Both are compared by a clock that other programs on a processor do not run.
        """
        from sdedit_desktop.editing.sampling.speed import computing_s

        computing = list[tuple[int, float]]()
        params = replace(self._params, solver="reference", precision="fp32", seeds=(0,))
        cancel, ends, total = CancelToken(), list[tuple[int, float]](), 0
        try:
            for message in self._engine.run(replace(self._request, params=params), cancel):
                if isinstance(message, Progress):
                    ends.append((message.done, time.perf_counter()))
                    computing.append((message.done, computing_s(self._engine.device)))
                    total = message.total
                    self._bar.show(Progress(message.done, 2 + _PUBLISHED_CALLS))
                    if message.done > _PUBLISHED_CALLS:
                        cancel.cancel()
        except Cancelled:
            pass
        except AppError as error:
            self._bar.say(str(error))
            return
        call_s = _median_call(ends[1:])
        calls = total * len(self._params.seeds)
        yield Figure("the published algorithm, a call", call_s, "s")
        yield Figure(f"the published algorithm, {total} calls each", call_s * calls, "s")
        yield Figure(
            "this program is faster by",
            _median_call(computing[1:]) * calls / self._computing_s,
            "x",
        )


def _median_call(ends: Sequence[tuple[int, float]]) -> float:
    """Seconds of a call, by how many were done at which times."""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(ends)]
    return statistics.median(seconds / calls for calls, seconds in steps if calls > 0)


def _params(options: argparse.Namespace) -> EditParams:
    model = options.model or models.default()
    usual = presets.defaults(model)
    if not models.is_of_photographs(model):
        usual["detail"] = "off"  # what follows above a network's own size are no calls of it
    if options.steps is not None:
        usual["calls"] = options.steps
    return EditParams(
        model, device=options.device, precision=options.precision, seeds=(0, 1, 2, 3), **usual
    )


def _child(params: EditParams, calls: int) -> dict[str, float]:
    """Measures the window in a process of its own; without calls there is no job."""
    from sdedit_desktop.ui.training.process import command

    program, words = command(["bench", "--window-only", json.dumps([asdict(params), calls])])
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [program, *words], env=environment, capture_output=True, text=True, check=False
    )
    try:
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError) as error:
        reason = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        raise AppError("The window cannot be measured: {0}.", reason) from error
    return found


def _measure_window(given: str) -> int:
    with without_collection():
        from sdedit_desktop.app import measure_window

    values, calls = json.loads(given)
    params = EditParams(**{**values, "seeds": tuple(values["seeds"])})
    print(json.dumps(measure_window(params, calls)), flush=True)
    return 0
