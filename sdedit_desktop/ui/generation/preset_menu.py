"""The preset menu."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QInputDialog, QMenu, QSizePolicy, QToolButton

from sdedit_desktop.editing import presets
from sdedit_desktop.editing.presets import Preset
from sdedit_desktop.editing.session import Session
from sdedit_desktop.errors import AppError
from sdedit_desktop.ui.translation import localized


class PresetMenu(QToolButton):
    """Shows the preset in use, and offers the others."""

    def __init__(self, session: Session, own: Path | None = None) -> None:
        """Reads the presets now, and again whenever it is opened.

        Args:
            session: Whose parameters are shown.
            own: Another folder for the user's presets.
        """
        super().__init__()
        self._session = session
        self._store = presets.store(own=own)
        self._known: Sequence[Preset] = ()
        self.setObjectName("framed")
        self.setAccessibleName(self.tr("Preset"))
        self.setToolTip(self.tr("Parameters that go together; save your own here"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)
        self._read()
        session.params_changed.connect(self._show)

    def choose_model(self, model: str) -> None:
        """Changes the model and suits the parameters to it; the preset in use stays in use."""
        self._session.choose_model(model, self._known)

    def apply(self, preset: Preset) -> None:
        """Applies a preset to the parameters."""
        self._session.change_params(preset.applied(self._session.params))

    def _read(self) -> None:
        self._known, errors = self._store.read()
        self._show()
        if errors:
            self._session.noticed.emit(" ".join(map(localized, errors)))

    def _show(self) -> None:
        name = next((p.name for p in self._known if p.is_in(self._session.params)), "")
        self.setText(localized(name) or self.tr("Preset: none"))

    def _fill(self) -> None:
        self._read()
        menu = self.menu()
        menu.clear()
        group = QActionGroup(menu)
        for preset in self._known:
            action = menu.addAction(localized(preset.name))
            action.setToolTip(localized(preset.description))
            action.setCheckable(True)
            action.setEnabled(preset.suits(self._session.params.model))
            action.setChecked(preset.is_in(self._session.params))
            action.triggered.connect(lambda _=False, preset=preset: self.apply(preset))
            group.addAction(action)
        menu.addSeparator()
        menu.addAction(self.tr("Save as preset…")).triggered.connect(self._ask_name)
        own = [preset for preset in self._known if preset.is_own]
        if own:
            deleting = menu.addMenu(self.tr("Delete"))
            for preset in own:
                action = deleting.addAction(preset.name)
                action.triggered.connect(lambda _=False, preset=preset: self._delete(preset))

    def _ask_name(self) -> None:
        name, agreed = QInputDialog.getText(
            self.window(),
            self.tr("Save as preset"),
            self.tr("Everything but the model and the device is kept under this name:"),
        )
        if agreed and name.strip():
            self._attempt_to_save(name.strip())

    def _attempt_to_save(self, name: str) -> None:
        try:
            presets.save(presets.of(name, self._session.params), self._store)
        except AppError as error:
            self._session.noticed.emit(localized(error))
        self._read()

    def _delete(self, preset: Preset) -> None:
        try:
            self._store.delete(preset)
        except AppError as error:
            self._session.noticed.emit(localized(error))
        self._read()
