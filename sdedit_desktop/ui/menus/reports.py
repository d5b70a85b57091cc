"""Reports of what went wrong, in one sentence each."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from sdedit_desktop.errors import AppError
from sdedit_desktop.ui.translation import localized

logger = logging.getLogger(__name__)


class Reports(QObject):
    """Shows sentences above a window, without waiting for an answer; the same one only once.

    Attributes:
        box: What is on the screen.
    """

    bug_found = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.box: QMessageBox | None = None

    def attempt(self, work: Callable[[], object]) -> bool:
        """Runs an operation; shows failures that the user can understand."""
        try:
            work()
        except AppError as error:
            self.show_error(error)
            return False
        return True

    def show_error(self, error: Exception) -> None:
        """Shows a sentence; for a bug, says where the details are."""
        if isinstance(error, AppError):
            self.say(self.tr("That did not work"), localized(error))
        else:
            logger.error("A bug was shown to the user", exc_info=error)
            self.bug_found.emit()
            self.say(
                self.tr("Something went wrong inside the program"),
                self.tr("Your picture is safe. Details are in the log: {0}").format(error),
            )

    def say(self, title: str, text: str) -> None:
        """Shows a sentence, unless it is on the screen already."""
        if self.box is not None and self.box.text() == text:
            return
        self.box = QMessageBox(QMessageBox.Icon.Information, title, text, parent=self._window)
        self.box.finished.connect(self._forget)
        self.box.open()

    def _forget(self) -> None:
        if self.box is not None:
            self.box.deleteLater()
            self.box = None
