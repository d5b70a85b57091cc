"""The dialog about an engine that does not respond."""

from typing import Protocol

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QMessageBox, QWidget


class Hung(Protocol):
    """What runs an engine that does not respond."""

    calmed: SignalInstance

    def abandon(self) -> None:
        """Starts a new engine and leaves the old one behind."""


def offer_to_abandon(window: QWidget, worker: Hung) -> None:
    """Offers to replace an engine that does not respond; closes itself when it does."""
    box = QMessageBox(
        QMessageBox.Icon.Question,
        window.tr("The engine does not answer"),
        window.tr("It has been told to stop, but goes on. It can be left behind."),
        parent=window,
    )
    role = QMessageBox.ButtonRole
    abandon = box.addButton(window.tr("Abandon and start a new engine"), role.AcceptRole)
    box.addButton(window.tr("Keep waiting"), role.RejectRole)
    abandon.clicked.connect(worker.abandon)
    worker.calmed.connect(box.close)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
