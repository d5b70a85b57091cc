"""How quick the window is: gaps of a timer, and the time from a pointer event to its picture."""

import math
import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from sdedit_desktop.ui.main_window import MainWindow

TICK_MS = 5
_POLL_S = 0.0005


class TimerGaps:
    """Times between the calls of a timer, in milliseconds: how long the window was deaf."""

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


def gaps_until(is_over: Callable[[], bool]) -> list[float]:
    """Gaps of the timer until something is so."""
    gaps = TimerGaps()
    while not is_over():
        QApplication.processEvents()
        time.sleep(_POLL_S)
    return gaps.stop()


def stroke_latencies(window: MainWindow, events: int, radius: float) -> list[float]:
    """Milliseconds from each event of a long curved stroke to its being painted."""
    view, session = window.canvas, window.session
    session.change_brush(replace(session.brush, radius=radius, hardness=0.8))

    def send(kind: QEvent.Type, x: float, y: float) -> float:
        at, left = QPointF(x, y), Qt.MouseButton.LeftButton
        event = QMouseEvent(kind, at, at, left, left, Qt.KeyboardModifier.NoModifier)
        began = time.perf_counter()
        QApplication.sendEvent(view, event)
        QApplication.processEvents()
        return 1000 * (time.perf_counter() - began)

    width, height = view.width(), view.height()
    send(QEvent.Type.MouseButtonPress, width / 5, height / 2)
    times = []
    for number in range(events):
        x = width * (0.2 + 0.6 * number / events)
        y = height * (0.5 + 0.3 * math.sin(number / 20))
        times.append(send(QEvent.Type.MouseMove, x, y))
    send(QEvent.Type.MouseButtonRelease, 0.8 * width, height / 2)
    return times
