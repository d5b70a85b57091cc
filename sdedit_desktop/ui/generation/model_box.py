"""The menu of models, with the card of each."""

import html

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox

from sdedit_desktop.editing import models
from sdedit_desktop.editing.request import ModelFacts
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.translation import localized
from sdedit_desktop.ui.translation import translated as tr


class ModelBox(QComboBox):
    """A list of models that says when it is opened, so that somebody can look at them."""

    opened = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setAccessibleName(self.tr("Model"))
        self.setToolTip(self.tr("The network that paints"))
        # A long name shall not widen the panel.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        session.facts_changed.connect(self._show_cards)
        session.params_changed.connect(lambda: self.setCurrentText(session.params.model))
        self.list_models()

    def showPopup(self) -> None:
        """Opens the list."""
        self.opened.emit()
        super().showPopup()

    def list_models(self) -> None:
        """Lists the models that are on this computer now."""
        blocked = self.blockSignals(True)
        self.clear()
        self.addItems(list(models.found()))
        if self.count() == 0:
            self.setPlaceholderText(self.tr("No model found"))
        self.setCurrentText(self._session.params.model)
        self.blockSignals(blocked)

    def _show_cards(self) -> None:
        for row in range(self.count()):
            if facts := self._session.facts.get(self.itemText(row)):
                self.setItemData(row, _card(facts), Qt.ItemDataRole.ToolTipRole)


def _card(facts: ModelFacts) -> str:
    """What is known of a model, a line each."""
    if facts.trouble:
        return localized(facts.trouble)
    card = facts.card
    notes = card.get("notes")
    lines = [
        f"{card['name']}: {card['family']}, {localized(card['format'])}",
        tr("{parameters:,} parameters, {size} px, predicts {prediction}").format(**card),
        tr("sigma {sigma_min:.4g} to {sigma_max:.4g}").format(**card),
        *(map(localized, notes) if isinstance(notes, list) else []),
    ]
    return "<br>".join(map(html.escape, lines))
