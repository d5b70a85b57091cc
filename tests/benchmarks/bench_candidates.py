"""What 500 candidates cost in memory and time, and what previews cost a job.

Run as a program; prints a table of processor times and memory. Pictures are cut from a bundled
photograph, so that they compress as photographs do; four candidates share a guide.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from bench_document import resident_mb
from PySide6.QtWidgets import QApplication

from sdedit_desktop import app, paths, settings
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.files.photo import open_photo
from sdedit_desktop.editing.candidates.order import Order
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.editing.request import Candidate, EditParams, EditRequest
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.main_window import MainWindow

CANDIDATES, TOGETHER = 500, 4
SIDES = (256, 512)


def row(name: str, value: float, unit: str, target: str = "") -> None:
    """Prints a line of the table."""
    sys.stdout.write(f"{name:58}{value:10.1f} {unit:4}{target}\n")
    sys.stdout.flush()


def timed_ms(work: Callable[[], object]) -> float:
    """Processor time that something takes, on all threads: other programs do not count."""
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


class Pictures:
    """Parts of a photograph with a disc of mask, each a little different."""

    def __init__(self, side: int) -> None:
        photo = open_photo(paths.resources() / "samples" / "meadow.jpg").pixels[..., :3]
        self.photo = np.ascontiguousarray(photo)
        self.side = side
        y, x = np.mgrid[:side, :side] - side / 2
        self.mask = (255 * (x**2 + y**2 < (0.35 * side) ** 2)).astype(np.uint8)
        self.rng = np.random.default_rng(0)

    def guide(self) -> np.ndarray:
        """Some part of the photograph."""
        height, width, _ = self.photo.shape
        top, left = self.rng.integers(0, (height - self.side, width - self.side))
        return self.photo[top : top + self.side, left : left + self.side].copy()

    def result(self, guide: np.ndarray) -> np.ndarray:
        """The guide with another part of the photograph in the masked part."""
        return np.where(self.mask[..., None] > 0, self.guide(), guide)


def fill(qt: QApplication, session: Session, side: int) -> None:
    """Plays the engine until the strip has all its candidates, each packed before the next job."""
    pictures = Pictures(side)
    for first in range(0, CANDIDATES, TOGETHER):
        params = EditParams("none", seeds=tuple(range(first, first + TOGETHER)))
        guide = pictures.guide()
        request = EditRequest(params, guide, pictures.mask, Rect(0, 0, side, side))
        job = session.jobs.submit(request)
        for seed in params.seeds:
            image = pictures.result(guide)
            found = Candidate(image, pictures.mask, request.rect, params, seed)
            session.jobs.receive(job.id, found)
        session.jobs.settle(job.id, JobState.FINISHED)
        session.jobs.forget_ended()
        wait(qt, session)


def shown(qt: QApplication, window: MainWindow, place: int) -> None:
    """Chooses a candidate and paints the canvas."""
    window.candidates.choose(place)
    window.canvas.repaint()
    qt.processEvents()


def scrolled(qt: QApplication, window: MainWindow) -> None:
    """Goes through all thumbnails, as with the page keys."""
    bar = window.candidates.verticalScrollBar()
    for value in range(0, bar.maximum() + 1, bar.pageStep()):
        bar.setValue(value)
        qt.processEvents()


def made(qt: QApplication, side: int, path: Path) -> None:
    """Makes and keeps candidates of one size."""
    sys.stdout.write(f"\n{CANDIDATES} candidates of {side} x {side}\n")
    window = app.make_window(settings.Settings(), lambda: None)
    window.show()
    session = window.session
    session.jobs.started._callbacks.clear()  # no engine: messages are played
    session.replace_document(Document(side, side))
    shown(qt, window, -1)
    before_mb = resident_mb()
    each_ms = timed_ms(lambda: fill(qt, session, side)) / CANDIDATES
    row("each: made up here, packed and measured beside", each_ms, "ms")
    scrolled(qt, window)

    def keep() -> None:
        session.document.attachments = session.packing()()

    row("memory while they are new", resident_mb() - before_mb, "MB", "100")
    row("first save: collect", timed_ms(keep), "ms")
    row("second save: collect", timed_ms(keep), "ms")
    ora_writer.save(session.document, path)
    session.document.history.mark_saved()  # or closing waits for an answer
    row("file", path.stat().st_size / 2**20, "MB")
    window.close()


def wait(qt: QApplication, session: Session) -> None:
    """Lets the program run until the background has caught up."""
    while not all(slot.made and slot.made.stored.is_packed for slot in session.slots):
        qt.processEvents()
        time.sleep(0.001)


def opened_in(qt: QApplication, window: MainWindow, path: Path) -> None:
    """Opens a file in a window."""
    window.files.open_path(path)
    while window.files.task.is_running:
        qt.processEvents()
    qt.processEvents()


def opened(qt: QApplication, path: Path) -> None:
    """Opens a file and looks around in it."""
    window = app.make_window(settings.Settings(), lambda: None)
    window.show()
    qt.processEvents()
    before_mb = resident_mb()
    took_ms = timed_ms(lambda: opened_in(qt, window, path))
    kept = len(window.session.slots)
    row(f"open the file: {kept} were kept", took_ms, "ms", "500")
    row("memory after opening", resident_mb() - before_mb, "MB", "100")
    times = [timed_ms(lambda place=place: shown(qt, window, place)) for place in range(0, kept, 9)]
    row("see another on the canvas, median", float(np.median(times)), "ms")
    again = [timed_ms(lambda place=place: shown(qt, window, place)) for place in (0, 1, 0, 1, 0, 1)]
    row("and back again, median", float(np.median(again[2:])), "ms")
    row("go through all thumbnails", timed_ms(lambda: scrolled(qt, window)), "ms")
    ordering = window.candidates.strip.ordering
    ordering.choose(Order.CLOSENESS)
    measured_ms = timed_ms(lambda: until_measured(qt, window))
    row("measure all for closeness, beside the GUI's thread", measured_ms, "ms")
    row("sort by closeness", timed_ms(ordering.indices), "ms")
    row("memory after all this", resident_mb() - before_mb, "MB", "100")
    window.close()


def until_measured(qt: QApplication, window: MainWindow) -> None:
    """Lets the program run until closeness is known."""
    while len(window.candidates.strip.ordering._signatures) < len(window.session.slots):
        qt.processEvents()
        time.sleep(0.001)


def preview_share() -> None:
    """What previews cost a job of the bundled photographs, with the real engine."""
    from sdedit_desktop.editing import models
    from sdedit_desktop.editing.engine import TorchEngine
    from sdedit_desktop.editing.regions.region import Region
    from sdedit_desktop.editing.request import CancelToken, Preview

    sys.stdout.write("\nPreviews of the bundled photographs, 800 x 800, 10 calls\n")
    spent = []
    make = Region.preview

    def clocked(region: Region, picture: np.ndarray) -> np.ndarray:
        start = time.process_time()
        made = make(region, picture)
        spent.append(time.process_time() - start)
        return made

    Region.preview = clocked
    params = EditParams(models.BUNDLED_PHOTOS, calls=10, seeds=(1, 2))
    pictures = Pictures(800)
    request = EditRequest(params, pictures.guide(), pictures.mask, Rect(0, 0, 800, 800))
    engine = TorchEngine(device="cpu")
    list(engine.run(request, CancelToken()))  # warms up
    spent.clear()
    start = time.process_time()
    seen = sum(isinstance(m, Preview) for m in engine.run(request, CancelToken()))
    whole = time.process_time() - start
    row(f"the job, with {seen} previews", 1000 * whole, "ms")
    row("each preview", 1000 * float(np.mean(spent)), "ms")
    row("share of the job", 100 * sum(spent) / whole, "%", "3")


def main() -> None:
    """Prints the table; each part is a process of its own, with its own memory."""
    if len(sys.argv) == 1:
        sys.stdout.write(f"{'':58}{'':10}      target\n")
        sys.stdout.flush()
        with tempfile.TemporaryDirectory() as folder:
            for side in SIDES:
                for part in ("made", "opened"):
                    subprocess.run(
                        [sys.executable, __file__, part, f"{side}", f"{folder}/{side}.ora"],
                        check=True,
                    )
        preview_share()
        return
    part, side, path = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    qt = app.make_app(settings.Settings(theme="dark"))
    if part == "made":
        made(qt, side, path)
    else:
        opened(qt, path)


if __name__ == "__main__":
    main()
