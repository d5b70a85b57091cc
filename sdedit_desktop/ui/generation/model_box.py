"""The menu of models."""

import html

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox

from sdedit_desktop import paths
from sdedit_desktop.editing import models
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.translation import card_in_words, model_name

_COMMANDS = 2
"""Number of entries below the models that are commands."""


class ModelBox(QComboBox):
    """A list of models by id.

    Attributes:
        wanted: The models of these ids should be inspected: the list is about to open, or one
            is in use that has not been inspected.
        chosen: The user chose the model with this id.
        photos_wanted: The user wants to make a model of photographs.
        card_wanted: The user wants to read about the model in use.
    """

    wanted = Signal(list)
    chosen = Signal(str)
    photos_wanted = Signal()
    card_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setAccessibleName(self.tr("Model"))
        self.setToolTip(
            self.tr(
                "Where photographic textures come from: this photo, other photographs, or a network"
            )
        )
        # A long name must not widen the panel.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        session.facts_changed.connect(self._show_cards)
        session.params_changed.connect(self._show)
        self.activated.connect(self._choose)
        session.params_changed.connect(self._ask)
        self._asked = ""
        self.list_models()

    def showPopup(self) -> None:
        self.wanted.emit(list(models.choices(self._session.model_folders)))
        self._offer_commands(True)
        super().showPopup()

    def hidePopup(self) -> None:
        super().hidePopup()
        self._offer_commands(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leaves the wheel to what scrolls: another model is no small change."""
        event.ignore()

    def _offer_commands(self, offered: bool) -> None:
        """Lets commands be chosen in the open list; arrow keys on the closed one pass them by."""
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for row in range(self.count() - _COMMANDS, self.count()):
            model.item(row).setEnabled(offered)

    def list_models(self) -> None:
        """Lists the models that are installed."""
        blocked = self.blockSignals(True)
        self.clear()
        for model in models.choices(self._session.model_folders):
            self.addItem(model_name(model), model)
        if self.count() == 0:
            self.setPlaceholderText(self.tr("No model found"))
        self.insertSeparator(self.count())
        self._add_command(
            self.tr("About this model…"), self.tr("Read what is known of the model in use")
        )
        self._add_command(
            self.tr("Photos…"), self.tr("Make a model of your own photographs, in seconds")
        )
        self._offer_commands(False)
        self._show()
        self.blockSignals(blocked)

    def _add_command(self, text: str, tip: str) -> None:
        self.addItem(text)
        self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def _ask(self) -> None:
        """Requests an inspection of the chosen model, unless it is known or bundled.

        Parameters that only some models have can then be shown before a job.
        """
        model = self._session.params.model
        if model == self._asked or model in self._session.facts:
            return
        self._asked = model
        path = models.found().get(model)
        if path is None or not path.is_relative_to(paths.resources()):
            self.wanted.emit([model])

    def _show(self) -> None:
        self.setCurrentIndex(self.findData(self._session.params.model))

    def _choose(self, row: int) -> None:
        model = self.itemData(row)
        if model is None:
            self._show()
            is_last = row == self.count() - 1
            (self.photos_wanted if is_last else self.card_wanted).emit()
        else:
            self.chosen.emit(model)

    def _show_cards(self) -> None:
        for row in range(self.count()):
            if facts := self._session.facts.get(self.itemData(row)):
                tip = "<br>".join(map(html.escape, card_in_words(facts)))
                self.setItemData(row, tip, Qt.ItemDataRole.ToolTipRole)
