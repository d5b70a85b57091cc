"""Work that would make the window wait, done beside it."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

logger = logging.getLogger(__name__)


class SerialTaskRunner(QObject):
    """Does one thing after another on a thread of its own, and tells of each end on this one."""

    _ended = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._ended.connect(self._end)

    def __call__(self, work: Callable[[], object], then: Callable[[], object]) -> None:
        """Runs ``work`` on the other thread, then ``then`` on this one, also if work failed."""
        self._pool.start(lambda: self._run(work, then))

    def close(self) -> None:
        """Waits for what has begun and drops the rest."""
        self._pool.clear()
        self._pool.waitForDone()

    def _run(self, work: Callable[[], object], then: Callable[[], object]) -> None:
        try:
            work()
        except Exception:
            logger.exception("Work in the background failed")
        self._ended.emit(then)

    @Slot(object)
    def _end(self, then: Callable[[], object]) -> None:
        then()
