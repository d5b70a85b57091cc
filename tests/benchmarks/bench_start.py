"""From nothing to a painted window, in processes of their own.

Not a test: ``python tests/benchmarks/bench_start.py``.

Bytecode is kept for the program's modules, as it is where the program is installed.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 7
STARTS = {"first paint": "", "with the welcome picture": "app.welcome(window)"}
CHILD = """
import os, time
from sdedit_desktop import app, settings
chosen = settings.Settings()
qt = app.make_app(chosen)
window = app.make_window(chosen, app.engine_factory("auto", ()))
window.show()
{}
qt.processEvents()
print(time.process_time(), time.time(), flush=True)
os._exit(0)
"""


def measured(code: str, environment: dict[str, str]) -> tuple[float, float]:
    """Processor time and wall clock of one start, in seconds."""
    began = time.time()
    words = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout.split()
    return float(words[0]), float(words[1]) - began


def main() -> None:
    with tempfile.TemporaryDirectory() as bytecode:
        environment = os.environ | {
            "PYTHONPYCACHEPREFIX": bytecode,
            "PYTHONDONTWRITEBYTECODE": "",
            "QT_QPA_PLATFORM": "offscreen",
        }
        say = print
        for name, last in (
            ("first paint", ""),
            ("with the welcome picture", "app.welcome(window)"),
        ):
            runs = [measured(CHILD.format(last), environment) for _ in range(RUNS + 1)][1:]
            cpu, wall = (statistics.median(column) for column in zip(*runs, strict=True))
            say(f"{name:26} processor {cpu:.2f} s   wall clock {wall:.2f} s   aim 0.8")


if __name__ == "__main__":
    main()
