"""Prompt, negative prompt and guidance of text-conditioned models."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.editing import corrections, models, presets
from sdedit_desktop.editing.session import Session
from sdedit_desktop.errors import AppError
from sdedit_desktop.ui.translation import localized
from sdedit_desktop.ui.widgets.value_slider import ValueSlider

MOST_GUIDANCE = 20.0
_LINES = 2
_SHOWN = 60
_PREDICTIONS = (("epsilon", False), ("v_prediction", False), ("v_prediction", True))
"""Prediction types, and whether the highest noise level leaves no signal."""


class WordsBox(QWidget):
    """Edits prompt, negative prompt and guidance; shown only for models that use them.

    Attributes:
        corrected: The facts about the model of this id have changed.
    """

    corrected = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.prompt = _Field(self.tr("Prompt: what the picture should show"))
        self.prompt.setToolTip(
            self.tr(
                "Words for the model. (word:1.2) weighs more, (word:0.8) less; &lt;lora:name:0.8"
                '&gt; adds a LoRA from the folder "loras" beside the models.'
            )
        )
        self.negative = _Field(self.tr("Negative prompt: what the picture should not show"))
        self.negative.setToolTip(self.tr("Of no use at guidance 1"))
        self.guidance = ValueSlider(self.tr("Guidance"), 1, MOST_GUIDANCE, decimals=1)
        self.guidance.setToolTip(
            self.tr(
                "How strictly the words are followed. 1 takes half the time and is right for "
                "models that were made for few steps."
            )
        )
        self.earlier = QToolButton()
        self.earlier.setText(self.tr("Earlier"))
        self.earlier.setAccessibleName(self.tr("Earlier prompts"))
        self.earlier.setToolTip(self.tr("Prompts that candidates were made with, the latest first"))
        self.earlier.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.earlier.setMenu(QMenu(self.earlier))
        self.earlier.menu().aboutToShow.connect(self._list_earlier)
        self.few_steps = QToolButton()
        self.few_steps.setText(self.tr("Few steps"))
        self.few_steps.setAccessibleName(self.tr("Use few steps"))
        self.few_steps.clicked.connect(self._use_few_steps)
        self.prompt.textChanged.connect(lambda: self._change(prompt=self.prompt.toPlainText()))
        self.negative.textChanged.connect(
            lambda: self._change(negative_prompt=self.negative.toPlainText())
        )
        self.guidance.value_changed.connect(lambda value: self._change(guidance=value))
        self._make_prediction()
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.guidance, 1)
        row.addWidget(self.few_steps)
        row.addWidget(self.earlier)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.prompt)
        column.addWidget(self.negative)
        column.addLayout(row)
        column.addWidget(self.prediction)
        session.params_changed.connect(self._show)
        session.facts_changed.connect(self._show)
        self._show()

    def _make_prediction(self) -> None:
        self.prediction = QWidget()
        self._predicts = QComboBox()
        name = self.tr("Predicts")
        self._predicts.setAccessibleName(name)
        self._predicts.setToolTip(
            self.tr(
                "What the network was trained to predict. The file does not say it: if candidates "
                "are grey, garish or noise, another choice is right."
            )
        )
        self._predicts.addItems(
            [
                self.tr("noise (epsilon)"),
                self.tr("velocity (v)"),
                self.tr("velocity (v), zero terminal SNR"),
            ]
        )
        self._predicts.activated.connect(self._correct)
        row = QHBoxLayout(self.prediction)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel(name))
        row.addWidget(self._predicts, 1)

    def _correct(self) -> None:
        model = self._session.params.model
        prediction, zero_snr = _PREDICTIONS[self._predicts.currentIndex()]
        try:
            path = models.locate(model, self._session.model_folders)
            corrections.correct(path, prediction=prediction, zero_snr=zero_snr)
        except AppError as error:
            self._session.noticed.emit(localized(error.text))
        self.corrected.emit(model)

    def _change(self, **values: object) -> None:
        self._session.change_params(replace(self._session.params, **values))  # type: ignore[arg-type]

    def _show(self) -> None:
        params = self._session.params
        facts = self._session.facts.get(params.model)
        card = facts.card if facts else {}
        self.setVisible(bool(card.get("takes_words")))
        self.prompt.show_text(params.prompt)
        self.negative.show_text(params.negative_prompt)
        self.negative.setEnabled(params.guidance != 1)
        self.guidance.show_number(params.guidance)
        self.prediction.setVisible(bool(card.get("prediction_guessed")))
        predicts = str(card.get("prediction")), bool(card.get("zero_snr"))
        known = predicts in _PREDICTIONS
        self._predicts.setCurrentIndex(_PREDICTIONS.index(predicts) if known else -1)
        made_for = str(card.get("few_steps", ""))
        self.few_steps.setVisible(bool(made_for) and not presets.few_steps(made_for).is_in(params))
        self.few_steps.setToolTip(
            self.tr("This model was made for few steps ({0}): 4, without guidance").format(made_for)
        )
        self.earlier.setEnabled(bool(self._session.prompts))

    def _use_few_steps(self) -> None:
        facts = self._session.facts[self._session.params.model]
        preset = presets.few_steps(str(facts.card["few_steps"]))
        self._session.change_params(preset.applied(self._session.params))

    def _list_earlier(self) -> None:
        menu = self.earlier.menu()
        menu.clear()
        for words in self._session.prompts:
            shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
            action = menu.addAction(shown.replace("\n", " ").replace("&", "&&"))
            action.triggered.connect(lambda _=False, words=words: self._change(prompt=words))


class _Field(QPlainTextEdit):
    """A small plain text field with a placeholder."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setTabChangesFocus(True)
        lines = _LINES * self.fontMetrics().lineSpacing()
        self.setFixedHeight(round(lines + 2 * self.document().documentMargin() + 4))

    def show_text(self, text: str) -> None:
        """Replaces the text as one undoable edit."""
        if text == self.toPlainText():
            return
        blocked = self.blockSignals(True)
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.blockSignals(blocked)
