"""The history panel: undo steps with thumbnails."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QFont, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QListView, QProgressBar, QVBoxLayout, QWidget

from sdedit_desktop.bounded_cache import BoundedCache
from sdedit_desktop.document.history import Change, History
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.translation import format_number, localized
from sdedit_desktop.ui.widgets.qimages import fitted

_Index = QModelIndex | QPersistentModelIndex
_THUMB = QSize(44, 30)
_MOST_THUMBNAILS = 400
_LOOK_AFTER_MS = 250
_PACK_EVERY_MS, _PACK_FOR_S = 50, 0.004
_MIB = 1 << 20


class HistoryModel(QAbstractListModel):
    """Row n is the state after n steps; rows after the current one were undone.

    Thumbnails are made when nothing has changed for a moment.
    """

    def __init__(
        self,
        session: Session,
        look: Callable[[], QImage | None],
        parent: QObject | None = None,
    ) -> None:
        """Connects to the session.

        Args:
            session: Whose history it is.
            look: Returns a small picture of the document; ``None`` while it is being changed.
            parent: The Qt parent.
        """
        super().__init__(parent)
        self._session = session
        self._look = look
        self._thumbnails: BoundedCache[int, QPixmap] = BoundedCache(_MOST_THUMBNAILS)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LOOK_AFTER_MS)
        self._timer.timeout.connect(self.note_look)
        session.document_replaced.connect(self._start_anew)
        session.document_changed.connect(self._follow)
        self._reset()

    @property
    def _history(self) -> History:
        return self._session.document.history

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt signature
        return 0 if parent.isValid() else len(self._history.labels()) + 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Name and thumbnail of a step; undone ones are in italics."""
        if not index.isValid():
            return None
        row = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{self._label(row)}  ●" if self._is_saved(row) else self._label(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            saved = self.tr("{0}, saved").format(self._label(row))
            return saved if self._is_saved(row) else self._label(row)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnails.get(self._history.states()[row], _blank())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tr("Go to this state")
        if role == Qt.ItemDataRole.FontRole:
            font = QFont()
            font.setItalic(row > self._history.position)
            return font
        return None

    def note_look(self) -> None:
        """Stores a thumbnail of the current state, if there is none."""
        state = self._history.state
        if state in self._thumbnails:
            return
        image = self._look()
        if image is None:
            self._timer.start()
            return
        self._thumbnails[state] = _framed(image)
        here = self.index(self._history.position)
        self.dataChanged.emit(here, here, [Qt.ItemDataRole.DecorationRole])

    def _label(self, row: int) -> str:
        return localized(self._history.labels()[row - 1]) if row else self.tr("Opened")

    def _is_saved(self, row: int) -> bool:
        return row == self._history.saved_position

    def _start_anew(self) -> None:
        self._thumbnails.clear()
        self._reset()

    def _follow(self, change: Change) -> None:
        if change.listed:
            self._reset()

    def _reset(self) -> None:
        self.beginResetModel()
        self.endResetModel()
        self._timer.start()


class HistoryPanel(QWidget):
    """The list of states and their memory; selecting one goes there."""

    def __init__(self, session: Session, look: Callable[[], QImage | None]) -> None:
        super().__init__()
        self._session = session
        self.model = HistoryModel(session, look, self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setIconSize(_THUMB)
        self.list.setAccessibleName(self.tr("History"))
        self.list.setToolTip(self.tr("Click a step to go back or forth to it; ● is saved"))
        self.memory = QProgressBar()
        self.memory.setRange(0, 1000)
        self.memory.setTextVisible(False)
        self.memory.setFixedHeight(4)
        self.words = QLabel()
        self.words.setContentsMargins(8, 2, 8, 4)
        for sign in (self.memory, self.words):
            sign.setAccessibleName(self.tr("Memory of the history"))
            sign.setToolTip(
                self.tr("What undo keeps; beyond the limit, which the settings hold, the oldest "
                        "steps are forgotten")
            )  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.list, self.memory, self.words):
            column.addWidget(part)
        self._packing = QTimer(self)
        self._packing.setInterval(_PACK_EVERY_MS)
        self._packing.timeout.connect(self._pack)
        self.model.modelReset.connect(self._show_position)
        self.model.modelReset.connect(self._packing.start)
        session.document_changed.connect(self._postpone)
        self.list.selectionModel().currentChanged.connect(self._go)
        self._show_position()

    def _postpone(self, change: Change) -> None:
        if change.damage.picture and self._packing.isActive():
            self._packing.start()

    def _show_position(self) -> None:
        history = self._session.document.history
        selection = self.list.selectionModel()
        blocked = selection.blockSignals(True)
        self.list.setCurrentIndex(self.model.index(history.position))
        selection.blockSignals(blocked)
        self.list.viewport().update()
        self.list.scrollTo(self.list.currentIndex())
        self._show_memory()

    def _pack(self) -> None:
        """Compresses old steps, a little at a time, while nobody paints."""
        if not self._session.document.history.pack(_PACK_FOR_S):
            self._packing.stop()
        self._show_memory()

    def _show_memory(self) -> None:
        history = self._session.document.history
        self.memory.setValue(round(1000 * history.size_bytes / max(history.budget_bytes, 1)))
        used, most = (
            format_number(size / _MIB, 0) for size in (history.size_bytes, history.budget_bytes)
        )
        self.words.setText(self.tr("{0} of {1} MiB").format(used, most))

    def _go(self, index: QModelIndex) -> None:
        document = self._session.document
        if index.isValid() and index.row() != document.history.position:
            document.go_to(index.row())


def _framed(image: QImage) -> QPixmap:
    """A picture centred in a frame of a fixed size."""
    small = fitted(image, _THUMB.width(), _THUMB.height())
    pixmap = _blank()
    painter = QPainter(pixmap)
    left, top = (_THUMB.width() - small.width()) // 2, (_THUMB.height() - small.height()) // 2
    painter.fillRect(left, top, small.width(), small.height(), Qt.GlobalColor.gray)
    painter.drawImage(left, top, small)
    painter.end()
    return pixmap


def _blank() -> QPixmap:
    pixmap = QPixmap(_THUMB)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap
