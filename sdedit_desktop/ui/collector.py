"""Keeps Python's garbage collector on the GUI thread.

It runs on whatever thread allocates, and widgets that are freed on the engine's thread crash Qt.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 500


class GuiThreadGc(QObject):
    """Turns automatic collection off and collects from a timer instead."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect)
        self._timer.start(_EVERY_MS)


def collect() -> None:
    """Collects the oldest generation that is due, and with it all younger ones."""
    due = [
        generation
        for generation, (count, threshold) in enumerate(
            zip(gc.get_count(), gc.get_threshold(), strict=True)
        )
        if count > threshold
    ]
    if due:
        gc.collect(due[-1])
