"""The training dialog, and what to do when the window closes during a training."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from sdedit_desktop.editing import models
from sdedit_desktop.editing.session import Session
from sdedit_desktop.errors import AppError
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.training.dialog import TrainingDialog
from sdedit_desktop.ui.training.process import TrainingProcess
from sdedit_desktop.ui.translation import marked as _
from sdedit_desktop.ui.widgets.places import FilePlaces


class TrainingActions(QObject):
    """Holds the one training of a window and its dialog."""

    failed = Signal(object)
    models_changed = Signal()

    def __init__(self, session: Session, window: QWidget, device: str, places: FilePlaces) -> None:
        super().__init__(window)
        self.process = TrainingProcess(self)
        self.dialog: TrainingDialog | None = None
        self._session = session
        self._window = window
        self._device = device
        self._places = places
        self._closes = False
        self.process.ended.connect(self._close_at_last)
        window.installEventFilter(self)

    def open(self) -> None:
        """Shows the dialog in its last state."""
        if self.dialog is None:
            self.dialog = TrainingDialog(
                self._window, self._session, self.process, self._device, self._places
            )
            self.dialog.wanted.connect(self._use)
            self.dialog.finished.connect(self._tell_that_it_goes_on)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Delays closing the window until the training has ended, after one question."""
        if event.type() != QEvent.Type.Close or not self.process.is_running:
            return False
        if not self._closes and self._may_stop() and self.dialog is not None:
            self._closes = True
            self.dialog.stop()
        event.ignore()
        return True

    def _may_stop(self) -> bool:
        answer = QMessageBox.question(
            self._window,
            self.tr("A training is under way"),
            self.tr(
                "Stop the training and close? Everything is saved first, and can be resumed later."
            ),
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No,
            QMessageBox.StandardButton.No,
        )
        return answer == QMessageBox.StandardButton.Yes

    def _close_at_last(self) -> None:
        if self._closes:
            self._closes = False
            QTimer.singleShot(0, self._window, self._window.close)

    def _tell_that_it_goes_on(self) -> None:
        if self.process.is_running:
            self._session.noticed.emit(
                self.tr("The training goes on. The Generate menu shows it again.")
            )

    def _use(self, folder: Path, name: str) -> None:
        """Copies a model to the user's own and chooses it."""
        try:
            if name not in models.found():
                models.add(folder, name)
        except AppError as error:
            self.failed.emit(error)
            return
        self._session.choose_model(name)
        self.models_changed.emit()
        self._session.noticed.emit(self.tr("{0} is used from now on.").format(name))


ACTIONS: Entries[TrainingActions] = (
    Action(
        "train",
        _("Train on a folder…"),
        _("Make a model of your own photographs, or train one further, offline"),
        TrainingActions.open,
    ),
)
