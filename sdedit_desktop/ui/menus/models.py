"""Models from files, or from folders in the settings."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from sdedit_desktop import paths
from sdedit_desktop.editing import models
from sdedit_desktop.editing.session import Session
from sdedit_desktop.settings import KeepSettings, Settings
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.dialogs.model_card import ModelCardDialog
from sdedit_desktop.ui.generation.params_panel import ParamsPanel
from sdedit_desktop.ui.menus.drop import PictureDrops
from sdedit_desktop.ui.translation import marked as _
from sdedit_desktop.ui.translation import model_name


class ModelActions(QObject):
    """Adds models from files to the list; nothing is copied."""

    def __init__(
        self,
        session: Session,
        params: ParamsPanel,
        drops: PictureDrops,
        keep: KeepSettings,
    ) -> None:
        super().__init__(params)
        self._session = session
        self._params = params
        self._keep = keep
        self._card: ModelCardDialog | None = None
        drops.model_dropped.connect(self.use_file)
        params.model.card_wanted.connect(self.show_card)
        session.facts_changed.connect(self._show_facts)

    def use(self, settings: Settings) -> None:
        """Lists the models in the folders of the settings."""
        folders = tuple(map(Path, settings.model_folders))
        if folders != self._session.model_folders:
            self._session.model_folders = folders
            self._params.model.list_models()

    def open(self) -> None:
        """Asks for a model file and uses it."""
        patterns = " ".join(f"*{suffix}" for suffix in sorted(models.SUFFIXES))
        start = self._session.model_folders[-1:] or (paths.user_models(),)
        name, _ = QFileDialog.getOpenFileName(
            self._params.window(),
            self.tr("Open a model"),
            str(start[0] if start[0].is_dir() else Path.home()),
            self.tr("Models ({0} config.json model_index.json);;All files (*)").format(patterns),
        )
        if name:
            self.use_file(Path(name))

    def use_file(self, path: Path) -> None:
        """Uses a model file, or the folder of a description, and lists its folder."""
        model = path.absolute().parent if path.suffix == ".json" else path.absolute()
        folders = self._session.model_folders
        if model.parent not in (*folders, paths.user_models()):
            folders = (*folders, model.parent)
            self._session.model_folders = folders
            self._keep(model_folders=tuple(map(str, folders)))
        self._params.model.list_models()
        known = models.choices(folders)
        chosen = next((id_ for id_, place in known.items() if place == model), str(model))
        self._params.presets.choose_model(chosen)
        self._session.noticed.emit(self.tr("{0} is used from now on.").format(model_name(chosen)))

    def show_card(self) -> None:
        """Shows what is known about the current model, and asks the engine for more."""
        model, facts = self._session.params.model, self._session.facts
        path = models.choices(self._session.model_folders).get(model)
        self._card = ModelCardDialog(self._params.window(), model, path, lambda: facts.get(model))
        self._card.finished.connect(self._forget_card)
        self._card.open()
        if model not in facts:
            self._params.model.wanted.emit([model])

    def _show_facts(self) -> None:
        if self._card is not None:
            self._card.show_facts()

    def _forget_card(self) -> None:
        if self._card is not None:
            self._card.deleteLater()
            self._card = None

    def show_folder(self) -> None:
        """Opens the folder of the user's own models."""
        folder = paths.user_models()
        folder.mkdir(parents=True, exist_ok=True)
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._session.noticed.emit(self.tr("Models go into {0}.").format(folder))


ACTIONS: Entries[ModelActions] = (
    Action(
        "open_model",
        _("Open a model…"),
        _("Use a checkpoint from anywhere on this computer, and list its folder"),
        ModelActions.open,
    ),
    Action(
        "about_model",
        _("About this model…"),
        _("Read what is known of the model in use"),
        ModelActions.show_card,
    ),
    Action(
        "show_models",
        _("Show the models folder"),
        _("Open the folder in which models of your own are looked for"),
        ModelActions.show_folder,
    ),
)
