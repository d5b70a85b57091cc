"""Item model of the candidates strip."""

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QImage, QPixmap

from sdedit_desktop.bounded_cache import BoundedCache
from sdedit_desktop.document.history import Change
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.editing.candidates.image_store import small_pixels
from sdedit_desktop.editing.candidates.order import Ordering
from sdedit_desktop.editing.candidates.placement import arranged
from sdedit_desktop.editing.candidates.slot import FinishedCandidate, Slot
from sdedit_desktop.editing.jobs import Job
from sdedit_desktop.editing.request import Preview, Raster
from sdedit_desktop.editing.session import Session
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.ui.widgets.qimages import fitted, rgb_to_qimage

_Index = QModelIndex | QPersistentModelIndex
_State = tuple[FinishedCandidate | Preview, Matrix]
"""The key of a cached thumbnail: its picture, and the orientation of the document."""
_PIXMAPS_BYTES = 8 << 20

SlotRole = Qt.ItemDataRole.UserRole
AcceptedRole = SlotRole + 1
"""Whether the candidate was accepted as a layer of the document."""


class CandidatesModel(QAbstractListModel):
    """Presents ``session.slots`` to item views, sorted."""

    def __init__(self, session: Session, parent: QObject | None = None, side: int = 132) -> None:
        super().__init__(parent)
        self.ordering = Ordering(session.strip)
        self._session = session
        self._side = side
        self._indices: list[int] = []
        self._rows: dict[int, int] = {}
        self._pixmaps: BoundedCache[int, tuple[_State, QPixmap]] = BoundedCache(
            _PIXMAPS_BYTES, lambda known: _bytes_of(known[1].size())
        )
        self._arrange()
        session.strip.reset.connect(self._reset)
        session.strip.changed.connect(self._change)
        session.jobs.changed.connect(self._progress)
        session.document_changed.connect(self._follow)
        self.ordering.changed.connect(self._sort)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt signature
        return 0 if parent.isValid() else len(self._indices)

    def slot_index(self, row: int) -> int:
        """The index of the slot that a row shows."""
        return self._indices[row]

    def row(self, slot_index: int) -> int:
        """The row that shows the slot of this index; -1 if there is none."""
        return self._rows.get(slot_index, -1)

    def resize_thumbnails(self, side: int) -> None:
        """Sets the size of the thumbnails, in device pixels."""
        if side != self._side:
            self._side = side
            self._pixmaps.clear()

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Caption, thumbnail, description and the slot itself."""
        if not index.isValid():
            return None
        slot = self._session.slots[self._indices[index.row()]]
        if role == Qt.ItemDataRole.DisplayRole:
            return str(slot.seed)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(slot)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._description(slot)
        if role == AcceptedRole:
            return slot.made is not None and self._session.has_accepted(slot.made)
        return slot if role == SlotRole else None

    def _thumbnail(self, slot: Slot) -> QPixmap | None:
        source = slot.made or slot.preview
        if source is None:
            return None
        state = source, slot.made.moved if slot.made else slot.moved
        known = self._pixmaps.get(slot.id)
        if known is None or known[0] != state:
            known = state, QPixmap.fromImage(self._small(slot, state[1]))
            self._pixmaps[slot.id] = known
        return known[1]

    def _small(self, slot: Slot, moved: Matrix) -> QImage:
        """A square thumbnail; empty if the file is damaged."""
        pixels = _pixels_of(slot)
        if pixels is None:
            return QImage()
        pixels = arranged(pixels, moved)
        step = max(1, min(pixels.shape[:2]) // (2 * self._side))
        coarse = rgb_to_qimage(pixels[::step, ::step], self._session.document.icc)
        share = self._side / min(coarse.width(), coarse.height())
        return fitted(coarse, round(share * coarse.width()), round(share * coarse.height()))

    def _description(self, slot: Slot) -> str:
        params = slot.job.request.params
        facts = self.tr("Seed {0}, t0 {1}, {2} steps").format(slot.seed, params.t0, params.calls)
        if slot.was_stopped and slot.made is not None:
            hint = self.tr("Stopped at {0} %; can be accepted, or finished by the Candidates menu")
            return f"{facts}\n{hint.format(round(100 * slot.made.reached))}"
        if slot.is_finished:
            hint = self.tr("Click to see it in the picture, Enter or double-click to accept it")
            return f"{facts}\n{hint}"
        return self.tr("{0}, being made").format(facts)

    def _change(self, slot_index: int) -> None:
        if slot_index in self._rows:
            index = self.index(self._rows[slot_index])
            self.dataChanged.emit(index, index)

    def _follow(self, change: Change) -> None:
        if change.damage.layers and self._rows:
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def _progress(self, job: Job) -> None:
        for slot_index, slot in enumerate(self._session.slots):
            if slot.job is job and not slot.is_finished:
                self._change(slot_index)

    def _arrange(self) -> None:
        self._indices = self.ordering.indices()
        self._rows = {slot_index: row for row, slot_index in enumerate(self._indices)}

    def _reset(self) -> None:
        self.beginResetModel()
        self._arrange()
        ids = {slot.id for slot in self._session.slots}
        for gone in set(self._pixmaps) - ids:
            del self._pixmaps[gone]
        self.endResetModel()

    def _sort(self) -> None:
        """Sorts the rows; the selection is kept."""
        if len(self._indices) != len(self._session.slots):
            return  # slots were added or removed, which ``_reset`` handles
        self.layoutAboutToBeChanged.emit()
        persistent = self.persistentIndexList()
        slot_indices = [self._indices[index.row()] for index in persistent]
        self._arrange()
        for index, slot_index in zip(persistent, slot_indices, strict=True):
            self.changePersistentIndex(index, self.index(self._rows[slot_index]))
        self.layoutChanged.emit()


def _pixels_of(slot: Slot) -> Raster | None:
    """Straight RGB at the smallest size that is in memory."""
    if slot.made is None:
        return slot.preview.image if slot.preview is not None else None
    if slot.made.stored.thumbnail:
        return small_pixels(slot.made.stored.thumbnail)
    try:
        return slot.made.stored.decode()[0]
    except FileFormatError:
        return None


def _bytes_of(size: QSize) -> int:
    return 4 * size.width() * size.height()
