"""The page of the settings with all shortcuts."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.ui.actions import Action, may_share_keys, shown_keys
from sdedit_desktop.ui.translation import translated


class ShortcutsPage(QWidget):
    """Edits and searches the shortcuts of all actions; conflicts are reported and rejected."""

    def __init__(self, records: Sequence[Action[Any]], changed: dict[str, str]) -> None:
        """Lists all actions; ``changed`` are the user's shortcuts."""
        super().__init__()
        self.changed = dict(changed)
        self._records = {record.id: record for record in records}
        self._own = {record.id: record.keys for record in records}
        self._texts = {record.id: translated(record.text) for record in records}
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        _introduce(self.search, self.tr("Search"), self.tr("Shows actions with these letters"))
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.tree.setRootIsDecorated(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        _introduce(self.tree, self.tr("Actions"), self.tr("Choose one, then press its new keys"))
        self.keys = QKeySequenceEdit()
        self.keys.setMaximumSequenceLength(1)
        _introduce(self.keys, self.tr("New keys"), self.tr("Press the keys for the chosen action"))
        self.reset = QPushButton(self.tr("Reset this one"))
        self.reset_all = QPushButton(self.tr("Reset all"))
        _introduce(self.reset, self.reset.text(), self.tr("Give the action its own keys again"))
        _introduce(self.reset_all, self.reset_all.text(), self.tr("All keys as they came"))
        self.problem = QLabel()
        self._lay_out()
        self._fill()
        self.search.textChanged.connect(self._filter)
        self.keys.editingFinished.connect(self._take)
        self.reset.clicked.connect(self._reset)
        self.reset_all.clicked.connect(self._reset_all)

    def keys_of(self, name: str) -> str:
        """The edited shortcuts of an action, separated by spaces."""
        return self.changed.get(name, self._own[name])

    def bind(self, name: str, keys: str) -> bool:
        """Sets the shortcuts of an action; shows a sentence and returns False on a conflict."""
        others = (
            other
            for other, record in self._records.items()
            if other != name and not may_share_keys(record, self._records[name])
        )
        taken = {key: other for other in others for key in self.keys_of(other).split()}
        clash = next((key for key in keys.split() if key in taken), None)
        if clash is not None:
            text = self.tr("{0} is already used by “{1}”.")
            self.problem.setText(text.format(shown_keys(clash), self._texts[taken[clash]]))
            return False
        self.problem.setText("")
        self.changed.pop(name, None)
        if keys != self._own[name]:
            self.changed[name] = keys
        self._items[name].setText(1, shown_keys(keys))
        return True

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.keys, 1)
        row.addWidget(self.reset)
        row.addWidget(self.reset_all)
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addLayout(row)
        column.addWidget(self.problem)

    def _fill(self) -> None:
        self._items = {}
        for name, text in self._texts.items():
            item = QTreeWidgetItem([text, shown_keys(self.keys_of(name))])
            item.setData(0, Qt.ItemDataRole.UserRole, name)
            self.tree.addTopLevelItem(item)
            self._items[name] = item

    def _filter(self, letters: str) -> None:
        for item in self._items.values():
            item.setHidden(letters.lower() not in f"{item.text(0)} {item.text(1)}".lower())

    def _chosen(self) -> str | None:
        item = self.tree.currentItem()
        return item.data(0, Qt.ItemDataRole.UserRole) if item else None

    def _take(self) -> None:
        name, keys = self._chosen(), self.keys.keySequence().toString()
        if name is not None and keys:
            self.bind(name, keys)
            self.keys.setKeySequence(QKeySequence())

    def _reset(self) -> None:
        if name := self._chosen():
            self.bind(name, self._own[name])

    def _reset_all(self) -> None:
        self.changed.clear()
        self.problem.setText("")
        for name, item in self._items.items():
            item.setText(1, shown_keys(self._own[name]))


def _introduce(widget: QWidget, name: str, tip: str) -> None:
    widget.setAccessibleName(name)
    widget.setToolTip(tip)
