"""Records the README's moving picture: somebody paints, generates, chooses and accepts.

Drives the real window with real events and the real engine, and writes an animated WebP. Run
``python packaging/recording.py [FILE] [--calls N] [--candidates N]``.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sdedit_desktop import app, settings
from sdedit_desktop.ui.main_window import MainWindow

SIZE = 1440, 900
WIDTH = 900
QUALITY = 80
MOST_BYTES = 3 << 20
WAIT_S = 900.0
STROKE_FRAME_MS, FORMING_FRAME_MS, LOOK_MS = 60, 120, 1400
FORMING_EVERY_S = 0.35
SEED = 20
STROKES: Sequence[tuple[str, float, Sequence[tuple[float, float]]]] = (
    ("#22382a", 13, ((764, 566), (760, 592), (769, 616), (757, 640), (772, 648))),
    ("#b8692c", 14, ((548, 668), (580, 654), (612, 664), (640, 656))),
)
"""Colour, radius and way of what is painted, in pixels of the welcome picture."""


@dataclass(frozen=True, eq=False)
class Frame:
    """A picture of the window, and how long it is seen."""

    picture: Image.Image
    shown_ms: int


class Recorder:
    """Films a window; draws the pointer, which a grabbed picture does not have."""

    def __init__(self, qt: QApplication, window: MainWindow) -> None:
        self.frames: list[Frame] = []
        self._qt = qt
        self._window = window
        self.pointer: QPoint | None = None

    def film(self, shown_ms: int) -> None:
        """Takes a picture."""
        self._qt.processEvents()
        image = self._window.grab().toImage()
        if self.pointer is not None:
            _draw_pointer(image, self.pointer)
        smooth = Qt.TransformationMode.SmoothTransformation
        self.frames.append(Frame(_to_pillow(image.scaledToWidth(WIDTH, smooth)), shown_ms))

    def film_until(self, is_over: Callable[[], bool]) -> None:
        """Takes a picture whenever something has happened: how long it took is not shown."""
        limit = time.monotonic() + WAIT_S
        due = 0.0
        while not is_over():
            if time.monotonic() > limit:
                sys.exit("The engine did not answer in time.")
            self._qt.processEvents()
            time.sleep(0.005)
            if time.monotonic() >= due:
                self.film(FORMING_FRAME_MS)
                if _look_alike(*self.frames[-2:]):
                    self.frames.pop()
                due = time.monotonic() + FORMING_EVERY_S
        self.film(FORMING_FRAME_MS)

    def save(self, path: Path) -> int:
        """Writes the film, looped, and returns its size in bytes."""
        frames = list(_joined(self.frames))
        first, *others = (frame.picture for frame in frames)
        first.save(
            path,
            "WEBP",
            save_all=True,
            append_images=others,
            duration=[frame.shown_ms for frame in frames],
            loop=0,
            quality=QUALITY,
            method=4,
            allow_mixed=True,
            minimize_size=True,
        )
        return path.stat().st_size


def paint(recorder: Recorder, window: MainWindow) -> None:
    """Paints the strokes with the mouse, a few events at a time."""
    canvas = window.canvas
    for color, radius, way in STROKES:
        rgb = QColor(color)
        brush = replace(
            window.session.brush, color=(rgb.red(), rgb.green(), rgb.blue()), radius=radius
        )
        window.session.change_brush(brush)
        points = [canvas.viewport.transform.map(QPointF(*point)) for point in _dense(way)]
        for number, point in enumerate(points):
            kind = QEvent.Type.MouseButtonPress if number == 0 else QEvent.Type.MouseMove
            _send(window, kind, point)
            recorder.pointer = canvas.mapTo(window, point.toPoint())
            if number % 3 == 0:
                recorder.film(STROKE_FRAME_MS)
        _send(window, QEvent.Type.MouseButtonRelease, points[-1])
        recorder.film(4 * STROKE_FRAME_MS)
    recorder.pointer = None
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))


def tell(recorder: Recorder, window: MainWindow, calls: int, candidates: int) -> None:
    """The whole story."""
    session = window.session
    seeds = tuple(range(SEED, SEED + candidates))
    session.change_params(replace(session.params, calls=calls, seeds=seeds))
    session.keeps_seed = True
    recorder.film(LOOK_MS)
    paint(recorder, window)
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    recorder.film_until(lambda: session.jobs.running is None)
    for row in range(candidates):
        window.candidates.choose(row)
        recorder.film(LOOK_MS)
    press(window, Qt.Key.Key_Backslash, hold=lambda: recorder.film(LOOK_MS))
    recorder.film(LOOK_MS // 2)
    window.actions_by_id["accept"].trigger()
    window.actions_by_id["show_mask"].trigger()
    recorder.film(2 * LOOK_MS)


def press(
    window: MainWindow,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    hold: Callable[[], None] = lambda: None,
) -> None:
    """Presses a key on the canvas; ``hold`` happens before it is let go."""
    window.canvas.setFocus()
    QTest.keyPress(window.canvas, key, modifier)
    hold()
    QTest.keyRelease(window.canvas, key, modifier)


def main() -> None:
    """Records it."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).parent / "screenshots" / "recording.webp"
    parser.add_argument("file", nargs="?", type=Path, default=default)
    parser.add_argument("--calls", type=int, default=12, help="network calls of each candidate")
    parser.add_argument("--candidates", type=int, default=4, help="how many are made")
    options = parser.parse_args()
    chosen = settings.Settings(theme="dark")
    qt = app.make_app(chosen)
    window = app.make_window(chosen, app.engine_factory("auto", ()))
    window.resize(*SIZE)
    window.show()
    window.activateWindow()
    app.welcome(window)
    window.hint.hide()
    recorder = Recorder(qt, window)
    tell(recorder, window, options.calls, options.candidates)
    size = recorder.save(options.file)
    window.session.document.history.mark_saved()
    window.close()
    print(f"{options.file}: {size / 1e6:.2f} MB, {len(recorder.frames)} frames")
    if size > MOST_BYTES:
        sys.exit("That is too large for the README: make fewer calls or candidates.")


def _send(window: MainWindow, kind: QEvent.Type, at: QPointF) -> None:
    left = Qt.MouseButton.LeftButton
    event = QMouseEvent(kind, at, at, left, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window.canvas, event)


def _dense(way: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Points on a polyline, a few pixels apart."""
    for (x0, y0), (x1, y1) in pairwise(way):
        for step in range(5):
            yield x0 + (x1 - x0) * step / 5, y0 + (y1 - y0) * step / 5
    yield way[-1]


def _draw_pointer(image: QImage, at: QPoint) -> None:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(Qt.GlobalColor.black, 1.5))
    painter.setBrush(Qt.GlobalColor.white)
    corners = ((0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12))
    painter.drawPolygon([at + QPoint(*corner) for corner in corners])
    painter.end()


def _to_pillow(image: QImage) -> Image.Image:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    size = plain.width(), plain.height()
    return Image.frombytes(
        "RGB", size, bytes(plain.constBits()), "raw", "RGB", plain.bytesPerLine()
    )


def _look_alike(one: Frame, other: Frame) -> bool:
    return one.picture.tobytes() == other.picture.tobytes()


def _joined(frames: Sequence[Frame]) -> Iterator[Frame]:
    """Frames without repetitions: one that looks like the one before is shown with it."""
    kept = frames[0]
    for frame in frames[1:]:
        if _look_alike(frame, kept):
            kept = replace(kept, shown_ms=kept.shown_ms + frame.shown_ms)
        else:
            yield kept
            kept = frame
    yield kept


if __name__ == "__main__":
    main()
