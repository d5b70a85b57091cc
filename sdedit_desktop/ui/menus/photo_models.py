"""Makes models of the user's photographs, in the background."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from sdedit_desktop.editing import banks
from sdedit_desktop.editing.session import Session
from sdedit_desktop.errors import AppError
from sdedit_desktop.ui.dialogs.photos import PhotosDialog
from sdedit_desktop.ui.generation.params_panel import ParamsPanel
from sdedit_desktop.ui.threads import SerialTaskRunner
from sdedit_desktop.ui.translation import localized
from sdedit_desktop.ui.widgets.places import FilePlaces


class PhotoModels(QObject):
    """Asks for photographs when the list of models requests it, and makes a model of them."""

    def __init__(
        self,
        session: Session,
        params: ParamsPanel,
        tasks: SerialTaskRunner,
        window: QWidget,
        places: FilePlaces,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._params = params
        self._window = window
        self._tasks = tasks
        self._places = places
        params.model.photos_wanted.connect(self.ask)

    def ask(self) -> None:
        """Asks for photographs and starts."""
        dialog = PhotosDialog(self._window, self._places)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.make(dialog.pictures, dialog.name.text().strip())

    def make(self, pictures: Sequence[Path], name: str) -> None:
        """Makes a model and chooses it; shows a sentence if it fails."""
        errors: list[AppError] = []

        def work() -> None:
            try:
                banks.add(tuple(pictures), name)
            except AppError as error:
                errors.append(error)

        def end() -> None:
            for error in errors:
                self._session.noticed.emit(localized(error))
            if not errors:
                self._params.model.list_models()
                self._params.presets.choose_model(name)
                self._session.noticed.emit(self.tr("{0} is ready.").format(name))

        self._session.noticed.emit(self.tr("Reading %n photographs…", "", len(pictures)))
        self._tasks(work, end)
