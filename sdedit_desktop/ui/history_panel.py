"""The steps that were taken, and the way back to each."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from sdedit_desktop.editing.session import Session

_Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractListModel):
    """Row n is the state after n steps; rows after the present one are those undone."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        session.document_replaced.connect(self.follow_document)
        self.follow_document()

    def follow_document(self) -> None:
        """Listens to the document that the session has now."""
        self._history = self._session.document.history
        self._history.changed.connect(self._reset)
        self._reset()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt signature
        """All steps, and the beginning."""
        return 0 if parent.isValid() else len(self._history.labels()) + 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """What a step was; undone ones are slanted."""
        if not index.isValid():
            return None
        row = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            label = self._history.labels()[row - 1] if row else self.tr("Opened")
            return f"{label}  ●" if row == self._history.saved_position and row else label
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tr("Go to this state")
        if role == Qt.ItemDataRole.FontRole:
            font = QFont()
            font.setItalic(row > self._history.position)
            return font
        return None

    def _reset(self) -> None:
        self.beginResetModel()
        self.endResetModel()


class HistoryPanel(QWidget):
    """A list of states; choosing one goes there."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.model = HistoryModel(session)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self.tr("History"))
        self.list.setToolTip(self.tr("Click a step to go back or forth to it; ● is saved"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        self.model.modelReset.connect(self._show_position)
        self.list.selectionModel().currentChanged.connect(self._go)
        self._show_position()

    def _show_position(self) -> None:
        selection = self.list.selectionModel()
        blocked = selection.blockSignals(True)
        self.list.setCurrentIndex(self.model.index(self._session.document.history.position))
        selection.blockSignals(blocked)
        self.list.viewport().update()
        self.list.scrollTo(self.list.currentIndex())

    def _go(self, index: QModelIndex) -> None:
        document = self._session.document
        if index.isValid() and index.row() != document.history.position:
            document.go_to(index.row())
