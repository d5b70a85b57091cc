"""The menu of models, with the card of each, and the way to make one of photographs."""

import html
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox

from sdedit_desktop import paths
from sdedit_desktop.editing import models
from sdedit_desktop.editing.request import ModelFacts
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.translation import format_number, localized, model_name
from sdedit_desktop.ui.translation import translated as tr


class ModelBox(QComboBox):
    """A list of models by id.

    Attributes:
        wanted: Somebody shall look at the models of these ids: the list is about to be seen, or
            one is in use that nobody has looked at yet.
        chosen: The user wants the model of this id.
        photos_wanted: The user wants to make a model of photographs.
    """

    wanted = Signal(list)
    chosen = Signal(str)
    photos_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setAccessibleName(self.tr("Model"))
        self.setToolTip(
            self.tr(
                "Where photographic textures come from: this photo, other photographs, or a network"
            )
        )
        # A long name shall not widen the panel.
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
        super().showPopup()

    def list_models(self) -> None:
        """Lists the models that are on this computer now."""
        blocked = self.blockSignals(True)
        self.clear()
        for model in models.choices(self._session.model_folders):
            self.addItem(model_name(model), model)
        if self.count() == 0:
            self.setPlaceholderText(self.tr("No model found"))
        self.addItem(self.tr("Photos…"))
        self.setItemData(
            self.count() - 1,
            self.tr("Make a model of your own photographs, in seconds"),
            Qt.ItemDataRole.ToolTipRole,
        )
        self._show()
        self.blockSignals(blocked)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def _ask(self) -> None:
        """Asks once what the chosen model is, unless that is known or it is a bundled one.

        So parameters that only some models have can be shown before a job.
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
            self.photos_wanted.emit()
        else:
            self.chosen.emit(model)

    def _show_cards(self) -> None:
        for row in range(self.count()):
            if facts := self._session.facts.get(self.itemData(row)):
                self.setItemData(row, _card(facts), Qt.ItemDataRole.ToolTipRole)


def _card(facts: ModelFacts) -> str:
    """What is known of a model, a line each."""
    if facts.trouble:
        return localized(facts.trouble)
    card = facts.card
    found = card.get("notes")
    notes = [localized(note) for note in found] if isinstance(found, list) else []
    if "pictures" in card:
        pictures = card["pictures"]
        counted = [tr("{0} photographs").format(pictures)] if pictures else []
        lines = [model_name(facts.model), *counted, *notes]
        return "<br>".join(map(html.escape, lines))
    lines = [
        f"{card['name']}: {card['family']}, {localized(card['format'])}",
        tr("{parameters:,} parameters, {size} px, predicts {prediction}").format(**card),
        tr("sigma {sigma_min:.4g} to {sigma_max:.4g}").format(**card),
        *_memory(card),
        *notes,
    ]
    return "<br>".join(map(html.escape, lines))


def _memory(card: Mapping[str, object]) -> list[str]:
    """What a large model needs; nothing for those that fit everywhere."""
    needed = card.get("memory_bytes"), card.get("half_memory_bytes")
    if not all(isinstance(size, int) for size in needed):
        return []
    full, half = (format_number(float(str(size)) / 1e9, 1) for size in needed)
    return [tr("about {0} GB of memory in fp32, {1} GB in bf16").format(full, half)]
