"""The card of a model: facts from its file, and the Markdown card in its folder."""

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from sdedit_desktop import files
from sdedit_desktop.editing.request import ModelFacts
from sdedit_desktop.ui.translation import card_in_words, model_name

CARD = "README.md"
"""The name of a card in a model's folder."""

_MOST_BYTES = 1 << 20
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_USUAL_SIZE, _MARGIN = QSize(860, 700), QSize(80, 90)
"""Of the window, and how much of the screen it leaves free."""


class ModelCardDialog(QDialog):
    """Shows Markdown from the model's folder below the facts; links are not followed."""

    def __init__(
        self,
        parent: QWidget,
        model: str,
        path: Path | None,
        facts: Callable[[], ModelFacts | None],
    ) -> None:
        """Shows what is known; ``show_facts`` shows what has been learned since.

        Args:
            parent: The window above which it lies.
            model: The model's id.
            path: Its file or folder, if known.
            facts: Facts from the engine, if it has read the model.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("About this model"))
        self._model, self._path, self._facts = model, path, facts
        self.browser = QTextBrowser()
        self.browser.setAccessibleName(self.tr("The model's card"))
        self.browser.setOpenLinks(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.browser, 1)
        column.addWidget(buttons)
        self.resize(_USUAL_SIZE.boundedTo(parent.screen().availableSize() - _MARGIN))
        self.show_facts()

    def show_facts(self) -> None:
        """Updates the facts."""
        document = self.browser.document()
        if self._path is not None:
            document.setBaseUrl(QUrl.fromLocalFile(f"{self._path}/"))
        document.setDefaultFont(self.font())
        document.setDocumentMargin(14)
        document.setMarkdown(self._text(), QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        self.browser.moveCursor(QTextCursor.MoveOperation.Start)

    def _text(self) -> str:
        """Markdown: the facts, where the model is, and its card."""
        facts = self._facts()
        lines = card_in_words(facts) if facts else [self.tr("The model is being inspected…")]
        parts = [f"- {_escaped(line)}" for line in lines if line != model_name(self._model)]
        if self._path is not None:
            parts.append(f"- `{self._path}`")
        card = self._card()
        title = "" if card.startswith("# ") else f"# {model_name(self._model)}"
        return "\n".join([title, "", *parts, "", card])

    def _card(self) -> str:
        """The Markdown in the model's folder; its pictures are read from there only."""
        none = self.tr("There is no card ({0}) in the model's folder.").format(CARD)
        if self._path is None or not self._path.is_dir():
            return none
        try:
            text = files.read_regular(self._path / CARD, _MOST_BYTES).decode("utf-8", "replace")
        except OSError:
            return none
        return _COMMENT.sub("", text).strip()


def _escaped(text: str) -> str:
    """Escaped for Markdown."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", text)
