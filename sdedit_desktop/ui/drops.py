"""Files that are dropped on the window."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class FileDrops(QObject):
    """Watches a window for files that are dropped on it, and opens the first of them."""

    def __init__(self, window: QWidget, open_path: Callable[[Path], object]) -> None:
        super().__init__(window)
        self._open_path = open_path
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Files are welcome, nothing else is."""
        if isinstance(event, QDragEnterEvent) and files_in(event.mimeData()):
            event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            event.acceptProposedAction()
            self._open_path(files_in(event.mimeData())[0])
            return True
        return False


def files_in(data: QMimeData) -> list[Path]:
    """The files on this machine that data names."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
