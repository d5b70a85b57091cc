"""How long a pointer event and a frame take on the canvas, on a 6000 x 4000 document.

Run as a program; prints a table of medians and 99th percentiles in milliseconds. A pointer event
is measured from the event to the repainted window, offscreen. The hand rests for a second between
painting and zooming.
"""

import gc
import math
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sdedit_desktop.document.commands import AddLayer
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.photo import Photo, as_document
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.canvas.canvas import CanvasView
from sdedit_desktop.ui.canvas.tools import TOOLS
from sdedit_desktop.ui.threads import GuiThreadGc

EVENTS = 300
FRAMES = 60
REST_MS = 1000
SIZE = 1500, 1000
STROKE_TARGETS_MS = {20: (1, 4), 100: (3, 8), 300: (10, 20)}
FRAME_TARGETS_MS = (8, 16)


def document_of_24_megapixels() -> Document:
    """A photo and four layers with paint on them."""
    rng = np.random.default_rng(0)
    small = rng.integers(0, 256, (500, 750, 3), np.uint8)
    document = as_document(Photo(small.repeat(8, 0).repeat(8, 1), 8))
    for number in range(3):
        document.push(AddLayer(document.new_layer(f"Layer {number}"), len(document.layers)))
    for layer in document.layers[1:]:
        edit = layer.tiles.edit()
        for x in range(0, 6000, 1500):
            edit.write(document.rect.translated(x, 0) & document.rect, np.array([9, 9, 9, 60]))
        edit.commit()
    return document


class Bench:
    """A canvas, and a clock around what is done to it."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        self.session = Session(document_of_24_megapixels(), EditParams("none"))
        self.view = CanvasView(self.session, TOOLS[0])
        self.view.resize(*SIZE)
        self.view.show()
        app.processEvents()

    def timed_ms(self, work: Callable[[], object]) -> float:
        """How long something takes, with the painting that it causes."""
        start = time.perf_counter()
        work()
        self.app.processEvents()
        return 1000 * (time.perf_counter() - start)

    def send(self, kind: QEvent.Type, x: float, y: float) -> None:
        """A mouse event with the left button down."""
        at, left = QPointF(x, y), Qt.MouseButton.LeftButton
        event = QMouseEvent(kind, at, at, left, left, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.view, event)

    def stroke(self, radius: float) -> list[float]:
        """Milliseconds of each event of a long curved stroke."""
        self.session.change_brush(replace(self.session.brush, radius=radius, hardness=0.8))
        self.send(QEvent.Type.MouseButtonPress, 300, 500)
        times = []
        for number in range(EVENTS):
            x = 300 + 900 * number / EVENTS
            y = 500 + 300 * math.sin(number / 20)
            times.append(self.timed_ms(lambda x=x, y=y: self.send(QEvent.Type.MouseMove, x, y)))
        release = self.timed_ms(lambda: self.send(QEvent.Type.MouseButtonRelease, 1200, 500))
        undo = self.timed_ms(self.session.document.undo)
        sys.stdout.write(f"{'':24}release {release:.1f} ms, undo {undo:.1f} ms\n")
        return times

    def frames(self, change: Callable[[int], None]) -> list[float]:
        """Milliseconds of each frame of a moving view."""
        return [self.timed_ms(lambda n=n: change(n)) for n in range(FRAMES)]


def row(name: str, times: list[float], target: tuple[float, float]) -> None:
    """Prints one line of the table."""
    median, worst = np.percentile(times, [50, 99])
    sys.stdout.write(f"{name:28}{median:8.2f} {worst:8.2f}      {target[0]} / {target[1]}\n")


def main() -> None:
    """Measures everything."""
    app = QApplication([])
    GuiThreadGc(app)
    sys.stdout.write(f"{'milliseconds':28}{'p50':>8} {'p99':>8}      target\n")
    start = time.perf_counter()
    bench = Bench(app)
    sys.stdout.write(f"{'open and show, fitted':28}{1000 * (time.perf_counter() - start):8.0f}\n")
    view, document = bench.view, bench.session.document
    for name, scale in (("100 %", 1.0), ("fitted", view.viewport.scale)):
        view.look(view.viewport.centered(document.rect, scale))
        app.processEvents()
        for radius, target in STROKE_TARGETS_MS.items():
            gc.collect()
            row(f"stroke r={radius}, {name}", bench.stroke(radius), target)
    for name, scale in (("400 %", 4.0), ("100 %", 1.0), ("60 %", 0.6), ("fitted", 0.24)):
        view.look(view.viewport.centered(document.rect, scale))
        for _ in range(FRAMES):
            view.look(view.viewport.panned(5, 3))
            app.processEvents()
        times = bench.frames(lambda n: view.look(view.viewport.panned(-5, -3)))
        row(f"pan, {name}", times, FRAME_TARGETS_MS)
    middle = QPointF(SIZE[0] / 2, SIZE[1] / 2)
    QTest.qWait(REST_MS)
    times = bench.frames(lambda n: view.look(view.viewport.zoomed(0.25 * 1.05**n, middle)))
    row("zoom, 25 % to 470 %", times, FRAME_TARGETS_MS)


if __name__ == "__main__":
    main()
