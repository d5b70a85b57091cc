"""The view of the candidates strip."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyleOptionViewItem

from sdedit_desktop.editing.candidates.slot import Slot
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.candidates.delegate import CandidateDelegate
from sdedit_desktop.ui.candidates.model import CandidatesModel

SMALLEST, USUAL, LARGEST = 72, 132, 256
"""Thumbnail sizes, in pixels."""

_HOVER_AFTER_MS = 60
_NOTCH = 120


class CandidatesStrip(QListView):
    """All candidates in one line or in a grid.

    ``shown`` is emitted with the slot to show on the canvas: the one under the pointer, else the
    chosen one.
    """

    chosen = Signal(object)
    shown = Signal(object)
    before_held = Signal(bool)
    resized_by_wheel = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._kept: list[int] = []
        self._hovered = self._pointed_at = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_HOVER_AFTER_MS)
        self._rest.timeout.connect(self._hover)
        self.strip = CandidatesModel(session, self)
        self._delegate = CandidateDelegate(USUAL, self)
        self.setModel(self.strip)
        self.setItemDelegate(self._delegate)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setAccessibleName(self.tr("Candidates"))
        self.setToolTip(
            self.tr("Point at a candidate to see it in the picture, Enter accepts the chosen one")
        )
        self.show_as_grid(True)
        self.selectionModel().selectionChanged.connect(self._emit_choice)
        self.selectionModel().currentChanged.connect(self._emit_choice)
        self.strip.modelReset.connect(self._restore)
        self.strip.layoutChanged.connect(lambda: self.scrollTo(self.currentIndex()))
        session.strip.changed.connect(self._emit_change)

    # --- how it looks -----------------------------------------------------------------------

    @property
    def side(self) -> int:
        """Size of the thumbnails, in pixels."""
        return self._delegate.side

    def resize_thumbnails(self, side: int) -> None:
        """Sets the size of the thumbnails."""
        self._delegate.side = min(max(side, SMALLEST), LARGEST)
        self.strip.resize_thumbnails(round(self.side * self.devicePixelRatioF()))
        self.setMinimumHeight(self._item_height() + 4)
        self.scheduleDelayedItemsLayout()

    def show_as_grid(self, grid: bool) -> None:
        """Wraps the strip into lines, or shows one line that scrolls horizontally."""
        off, needed = (
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff,
            Qt.ScrollBarPolicy.ScrollBarAsNeeded,
        )
        self.setWrapping(grid)
        self.setHorizontalScrollBarPolicy(off if grid else needed)
        self.setVerticalScrollBarPolicy(needed if grid else off)
        self.setMinimumHeight(self._item_height() + 4)

    def scroll_to(self, slot_index: int) -> None:
        """Scrolls to the slot of this index."""
        self.scrollTo(self.strip.index(self.strip.row(slot_index)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Shows a placeholder text while there are no candidates."""
        super().paintEvent(event)
        if not self._session.slots:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(self.palette().ColorRole.PlaceholderText))
            words = self.tr("Generated pictures appear here, from their first step on.")
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, words)
            painter.end()

    # --- what is chosen ---------------------------------------------------------------------

    def chosen_indices(self) -> list[int]:
        """Indices of the chosen slots, oldest first."""
        rows = (index.row() for index in self.selectionModel().selectedIndexes())
        return sorted(self.strip.slot_index(row) for row in rows)

    def chosen_index(self) -> int:
        """Index of the slot chosen last; -1 if none is."""
        chosen, current = self.chosen_indices(), self.currentIndex()
        if current.isValid() and self.strip.slot_index(current.row()) in chosen:
            return self.strip.slot_index(current.row())
        return chosen[0] if chosen else -1

    def chosen_slots(self) -> list[Slot]:
        """The chosen slots as they are now, oldest first."""
        return [self._session.slots[slot_index] for slot_index in self.chosen_indices()]

    def chosen_slot(self) -> Slot | None:
        """The slot chosen last."""
        slot_index = self.chosen_index()
        return self._session.slots[slot_index] if slot_index >= 0 else None

    def choose(self, *indices: int) -> None:
        """Selects slots, the last one as current; indices that do not exist are ignored."""
        self.stop_hovering()
        self._choose(
            slot_index for slot_index in indices if 0 <= slot_index < len(self._session.slots)
        )

    def shown_slot(self) -> Slot | None:
        """The slot to show on the canvas."""
        slot_index = self._session.strip.index_of(self._hovered)
        if slot_index >= 0:
            hovered = self._session.slots[slot_index]
            if hovered.made or hovered.preview:
                return hovered
        return self.chosen_slot()

    # --- pointing ---------------------------------------------------------------------------

    def stop_hovering(self) -> None:
        """Shows the chosen candidate until the pointer moves again."""
        self._point_at(0)
        self._hover()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        slot_index = self.strip.slot_index(index.row()) if index.isValid() else -1
        self._point_at(self._session.slots[slot_index].id if slot_index >= 0 else 0)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolls along the strip; with Ctrl, resizes the thumbnails."""
        notches = event.angleDelta().y() / _NOTCH
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.resized_by_wheel.emit(round(self.side * 1.1**notches))
            event.accept()
        elif not self.isWrapping() and notches:
            bar = self.horizontalScrollBar()
            bar.setValue(round(bar.value() - notches * self.side))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys select; backslash shows the picture before."""
        if event.key() == Qt.Key.Key_Backslash:
            if not event.isAutoRepeat():
                self.before_held.emit(True)
            return
        self.stop_hovering()
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backslash and not event.isAutoRepeat():
            self.before_held.emit(False)
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Resets a key that is down: its release will not be received."""
        self.before_held.emit(False)
        super().focusOutEvent(event)

    # --- details ----------------------------------------------------------------------------

    def _item_height(self) -> int:
        return self._delegate.sizeHint(QStyleOptionViewItem(), self.rootIndex()).height()

    def _point_at(self, slot_id: int) -> None:
        if slot_id != self._pointed_at:
            self._pointed_at = slot_id
            self._rest.start()

    def _hover(self) -> None:
        self._rest.stop()
        if self._hovered != self._pointed_at:
            self._hovered = self._pointed_at
            self.shown.emit(self.shown_slot())

    def _choose(self, indices: Iterable[int]) -> None:
        flag = QItemSelectionModel.SelectionFlag
        model = self.selectionModel()
        indexes = [self.strip.index(self.strip.row(slot_index)) for slot_index in indices]
        if not indexes:
            self.clearSelection()
            return
        model.setCurrentIndex(indexes[-1], flag.ClearAndSelect)
        for index in indexes[:-1]:
            model.select(index, flag.Select)

    def _emit_choice(self) -> None:
        slots = self.chosen_slots()
        last = self.chosen_slot()
        self._kept = [slot.id for slot in slots if slot is not last]
        self._kept += [last.id] if last else []
        self.chosen.emit(last)
        self.shown.emit(self.shown_slot())

    def _emit_change(self, slot_index: int) -> None:
        slot = self._session.slots[slot_index]
        if slot is self.chosen_slot():
            self.chosen.emit(slot)
        if slot is self.shown_slot():
            self.shown.emit(slot)

    def _restore(self) -> None:
        """Restores the selection."""
        indices = [self._session.strip.index_of(slot_id) for slot_id in self._kept]
        self._choose([slot_index for slot_index in indices if slot_index >= 0])
        self._emit_choice()
