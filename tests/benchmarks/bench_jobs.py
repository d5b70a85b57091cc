"""How smooth the window stays while candidates stream in, and what a glance costs it.

Run as a program; prints a table. A timer of 5 ms runs on the GUI thread; its gaps tell how long
the window was deaf. Four candidates are made with the bundled model, or with an engine that only
hands out pictures as fast as they are taken, so that what is measured is the window alone.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from sdedit_desktop import app, settings
from sdedit_desktop.editing.request import (
    CancelToken,
    Candidate,
    EditRequest,
    Message,
    ModelFacts,
    Preview,
    Progress,
)
from sdedit_desktop.ui.main_window import MainWindow

TICK_MS = 5
STEPS = 25
PREVIEWS_PER_S = 1000 / 150
TARGET_MS = 16


class Streaming:
    """Makes no pictures but sends some, at the pace of the real engine on a fast device."""

    def run(self, request: EditRequest, cancel: CancelToken) -> Iterator[Message]:
        """Yields a preview of 384 px for each step."""
        params = request.params
        rng = np.random.default_rng(0)
        for number, seed in enumerate(params.seeds):
            for step in range(1, STEPS + 1):
                cancel.check()
                time.sleep(1 / PREVIEWS_PER_S)
                yield Progress(number * STEPS + step, len(params.seeds) * STEPS, 1000.0, 7.0)
                noise = rng.integers(0, 256, (384, 384, 3), np.uint8)
                yield Preview(noise, request.rect, seed)
            yield Candidate(request.guide, request.mask, request.rect, params, seed)

    def inspect(self, model: str) -> ModelFacts:
        """Knows nothing."""
        return ModelFacts(model, {}, trouble="It is none.")

    def description(self) -> dict[str, str]:
        """Nothing, too."""
        return {}


class Gaps:
    """Times between the calls of a timer, in milliseconds."""

    def __init__(self) -> None:
        self.ms: list[float] = []
        self._last: float | None = None
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def stop(self) -> list[float]:
        """Ends it and returns what was measured."""
        self._timer.stop()
        return self.ms

    def _tick(self) -> None:
        now = time.perf_counter()
        if self._last is not None:
            self.ms.append(1000 * (now - self._last))
        self._last = now


def during(qt: QApplication, is_over: Callable[[], bool]) -> list[float]:
    """Gaps of the timer until something is so."""
    gaps = Gaps()
    while not is_over():
        qt.processEvents()
        time.sleep(0.0005)
    return gaps.stop()


def generate(qt: QApplication, window: MainWindow, calls: int) -> list[float]:
    """Gaps while four candidates are made."""
    session = window.session
    session.change_params(replace(session.params, calls=calls, seeds=(0, 1, 2, 3)))
    window.actions_by_id["generate"].trigger()
    return during(qt, lambda: session.jobs.running is None)


def row(name: str, times: list[float]) -> None:
    """Prints one line of the table."""
    median, most, worst = np.percentile(times, [50, 99, 100])
    line = f"{name:44}{len(times):7}{median:8.1f}{most:8.1f}{worst:8.1f}{TARGET_MS:8}\n"
    sys.stdout.write(line)
    sys.stdout.flush()


def main() -> None:
    """Measures everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", action="store_true", help="with the bundled model as well")
    parser.add_argument("--calls", type=int, default=6, help="of each candidate of the real model")
    options = parser.parse_args()
    chosen = settings.Settings(theme="dark")
    qt = app.make_app(chosen)
    head = f"{'gaps of a 5 ms timer, in ms':44}{'gaps':>7}{'p50':>8}{'p99':>8}{'most':>8}{'aim':>8}"
    sys.stdout.write(f"{head}\n")
    kinds = [("four candidates stream, no model", Streaming, STEPS)]
    if options.real:
        real = app.engine_factory("cpu", ())
        kinds.append(("four candidates, bundled model on the CPU", real, options.calls))
    for name, make_engine, calls in kinds:
        window = app.make_window(chosen, make_engine)
        window.show()
        app.welcome(window)
        start = time.monotonic()
        row("nothing to do", during(qt, lambda start=start: time.monotonic() > start + 3))
        row(name, generate(qt, window, calls))
        window.candidates.choose()
        window.live.switch(True)
        start = time.perf_counter()
        window.live.timer.timeout.emit()
        taken_ms = 1000 * (time.perf_counter() - start)
        sys.stdout.write(f"{'asking for a glance':44}{taken_ms:15.1f}\n")
        window.live.switch(False)
        window.session.document.history.mark_saved()
        window.close()


if __name__ == "__main__":
    main()
