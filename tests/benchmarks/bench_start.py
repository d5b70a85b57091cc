"""From nothing to a painted window, to the first preview and to the first candidate.

Not a test: ``python tests/benchmarks/bench_start.py [RUNS]``. Each run is a process of its own, in
which *Generate* is pressed as soon as the welcome picture is seen. Bytecode is kept for the
program's modules, as it is where the program is installed.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 7
CHILD = """
import os, time
from sdedit_desktop import app, settings

def reached(name):
    print(name, time.process_time(), time.time(), sep="\\t", flush=True)

chosen = settings.Settings()
qt = app.make_app(chosen)
window = app.make_window(chosen, app.engine_factory("auto", ()))
window.show()
qt.processEvents()
reached("first paint")
app.welcome(window)
qt.processEvents()
reached("with the welcome picture")
window.actions_by_id["generate"].trigger()
slots = window.session.slots
while not any(slot.preview is not None or slot.candidate is not None for slot in slots):
    qt.processEvents()
    time.sleep(0.005)
reached("first preview")
while not any(slot.candidate is not None for slot in slots):
    qt.processEvents()
    time.sleep(0.005)
reached("first candidate of four")
os._exit(0)
"""


def measured(environment: dict[str, str]) -> dict[str, tuple[float, float]]:
    """Processor time and wall clock of each event of one start, in seconds."""
    began = time.time()
    lines = subprocess.run(
        [sys.executable, "-c", CHILD], env=environment, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    events = (line.split("\t") for line in lines)
    return {name: (float(cpu), float(at) - began) for name, cpu, at in events}


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory() as bytecode:
        environment = os.environ | {
            "PYTHONPYCACHEPREFIX": bytecode,
            "PYTHONDONTWRITEBYTECODE": "",
            "QT_QPA_PLATFORM": "offscreen",
        }
        measured(environment)  # writes the bytecode
        starts = [measured(environment) for _ in range(runs)]
    say = print
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    say(f"medians of {runs} starts, load {load}")
    for name in starts[0]:
        cpu, wall = (
            statistics.median(column) for column in zip(*(s[name] for s in starts), strict=True)
        )
        say(f"{name:26} processor {cpu:6.2f} s   wall clock {wall:6.2f} s")


if __name__ == "__main__":
    main()
