"""How smooth the window stays while candidates stream in, and what a live preview costs.

Run as a program; prints a table. A timer of 5 ms runs on the GUI thread; its gaps tell how long
the window was deaf. Four candidates are made by this photo, or by an engine that only
hands out pictures as fast as they are taken, so that what is measured is the window alone.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np

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
from sdedit_desktop.ui.speed import gaps_until

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


def generate(window: MainWindow, calls: int) -> list[float]:
    """Gaps while four candidates are made."""
    session = window.session
    session.change_params(replace(session.params, calls=calls, seeds=(0, 1, 2, 3)))
    window.actions_by_id["generate"].trigger()
    return gaps_until(lambda: session.jobs.running is None)


def row(name: str, times: list[float]) -> None:
    """Prints one line of the table."""
    median, most, worst = np.percentile(times, [50, 99, 100])
    line = f"{name:44}{len(times):7}{median:8.1f}{most:8.1f}{worst:8.1f}{TARGET_MS:8}\n"
    sys.stdout.write(line)
    sys.stdout.flush()


def main() -> None:
    """Measures everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", action="store_true", help="with this photo as the model as well")
    parser.add_argument("--calls", type=int, default=6, help="of each candidate of the real model")
    options = parser.parse_args()
    chosen = settings.Settings(theme="dark")
    application = app.make_app(chosen)
    application.setQuitOnLastWindowClosed(False)
    head = f"{'gaps of a 5 ms timer, in ms':44}{'gaps':>7}{'p50':>8}{'p99':>8}{'most':>8}{'aim':>8}"
    sys.stdout.write(f"{head}\n")
    kinds = [("four candidates stream, no model", Streaming, STEPS)]
    if options.real:
        real = app.engine_factory("cpu", ())
        kinds.append(("four candidates, this photo on the CPU", real, options.calls))
    for name, make_engine, calls in kinds:
        window = app.make_window(chosen, make_engine)
        window.show()
        app.welcome(window)
        start = time.monotonic()
        row("nothing to do", gaps_until(lambda start=start: time.monotonic() > start + 3))
        row(name, generate(window, calls))
        window.candidates.choose()
        window.live.switch(True)
        start = time.perf_counter()
        window.live.timer.timeout.emit()
        taken_ms = 1000 * (time.perf_counter() - start)
        sys.stdout.write(f"{'starting a live preview':44}{taken_ms:15.1f}\n")
        window.live.switch(False)
        window.session.document.history.mark_saved()
        window.close()


if __name__ == "__main__":
    main()
