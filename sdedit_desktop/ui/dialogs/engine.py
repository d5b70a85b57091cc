"""The dialog about an engine that does not respond."""

from typing import Protocol

from PySide6.QtCore import QObject, Qt, SignalInstance
from PySide6.QtWidgets import QMessageBox, QWidget


class Hung(Protocol):
    """A worker whose engine may stop responding."""

    hung: SignalInstance
    calmed: SignalInstance

    def abandon(self) -> None:
        """Starts a new engine and leaves the old one behind."""


class AbandonOffer(QObject):
    """Offers to replace an engine that does not respond, whenever that happens."""

    def __init__(self, window: QWidget, worker: Hung) -> None:
        super().__init__(window)
        self._window, self._worker = window, worker
        worker.hung.connect(self._ask)

    def _ask(self) -> None:
        """Asks without blocking; the question goes away when the engine responds again."""
        window, role = self._window, QMessageBox.ButtonRole
        box = QMessageBox(
            QMessageBox.Icon.Question,
            window.tr("The engine does not answer"),
            window.tr("It was asked to stop, but goes on. It can be abandoned."),
            parent=window,
        )
        abandon = box.addButton(window.tr("Abandon and start a new engine"), role.AcceptRole)
        box.addButton(window.tr("Keep waiting"), role.RejectRole)
        abandon.clicked.connect(self._worker.abandon)
        self._worker.calmed.connect(box.close)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
