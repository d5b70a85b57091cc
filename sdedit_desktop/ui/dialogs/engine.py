"""The question about an engine that does not stop."""

from typing import Protocol

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QMessageBox, QWidget


class Hung(Protocol):
    """What runs the engine; it may be left behind."""

    calmed: SignalInstance

    def abandon(self) -> None:
        """Goes on with a new engine."""


def offer_to_abandon(window: QWidget, worker: Hung) -> None:
    """Asks what to do with an engine that does not stop; goes away if it does."""
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
