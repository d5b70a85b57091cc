"""Draws the items of the candidates strip."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from sdedit_desktop.editing.candidates.slot import Slot
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.ui.candidates.model import AcceptedRole, SlotRole
from sdedit_desktop.ui.translation import format_number
from sdedit_desktop.ui.widgets.icons import pixmap

_Index = QModelIndex | QPersistentModelIndex
_CAPTION, _GAP = 20, 5
_ROOM_FOR_T0 = 110


class CandidateDelegate(QStyledItemDelegate):
    """Draws a slot: picture, progress bar, state and seed."""

    def __init__(self, side: int, parent: QObject) -> None:
        super().__init__(parent)
        self.side = side

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(self.side + 2 * _GAP, self.side + _CAPTION + 2 * _GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draws a slot."""
        slot: Slot = index.data(SlotRole)
        box: QRect = option.rect
        colors: QPalette = option.palette
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        frame = QRectF(box.left() + _GAP, box.top() + _GAP, self.side, self.side)
        outline = QPainterPath()
        outline.addRoundedRect(frame, 5, 5)
        painter.fillPath(outline, colors.color(QPalette.ColorRole.Window))
        painter.save()
        painter.setClipPath(outline)
        picture: QPixmap | None = index.data(Qt.ItemDataRole.DecorationRole)
        if picture is not None and not picture.isNull():
            painter.drawPixmap(frame, picture, _covering(picture, frame))
        if slot.was_stopped:
            self._draw_stopped(painter, frame, slot)
        if index.data(AcceptedRole):
            _draw_accepted(painter, frame, colors)
        if not slot.is_finished:
            self._draw_state(painter, frame, colors, slot, has_picture=picture is not None)
        painter.restore()
        rim = colors.color(QPalette.ColorRole.Accent if chosen else QPalette.ColorRole.Dark)
        painter.setPen(QPen(rim, 2.5 if chosen else 1))
        painter.drawPath(outline)
        if slot.starred:
            star = pixmap("star", QColor(255, 196, 60), 20)
            painter.drawPixmap(round(frame.right()) - 25, round(frame.top()) + 5, star)
        caption = QRectF(frame.left(), frame.bottom() + 2, self.side, _CAPTION)
        painter.setPen(colors.color(QPalette.ColorRole.Text))
        t0 = f"t0 {format_number(slot.job.request.params.t0, 2)}"
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setOpacity(1.0 if chosen else 0.75)
        painter.drawText(caption, middle | Qt.AlignmentFlag.AlignLeft, f" {slot.seed}")
        if self.side >= _ROOM_FOR_T0:
            painter.setOpacity(0.55)
            painter.drawText(caption, middle | Qt.AlignmentFlag.AlignRight, f"{t0} ")
        painter.restore()

    def _draw_stopped(self, painter: QPainter, frame: QRectF, slot: Slot) -> None:
        """Dims the thumbnail and says how far the candidate got."""
        reached = round(100 * slot.made.reached) if slot.made else 0
        painter.fillRect(frame, QColor(110, 110, 110, 150))
        line = QRectF(frame.left(), frame.bottom() - 22, frame.width(), 22)
        painter.fillRect(line, QColor(0, 0, 0, 150))
        painter.setPen(QColor(240, 240, 240))
        words = self.tr("stopped, {0} %").format(reached)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, words)

    def _draw_state(
        self, painter: QPainter, frame: QRectF, colors: QPalette, slot: Slot, *, has_picture: bool
    ) -> None:
        """Draws a progress bar; text only while there is no picture yet."""
        share = share_done(slot)
        bar = QRectF(frame.left(), frame.bottom() - 4, frame.width(), 4)
        painter.fillRect(bar, QColor(0, 0, 0, 110))
        bar.setWidth(frame.width() * share)
        painter.fillRect(bar, colors.color(QPalette.ColorRole.Accent))
        if not has_picture:
            words = (
                self.tr("starting…") if slot.job.state is JobState.RUNNING else self.tr("waiting")
            )
            if share > 0 or self._comes_later(slot):
                words = self.tr("next")
            painter.setPen(colors.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, words)

    def _comes_later(self, slot: Slot) -> bool:
        progress = slot.job.progress
        return progress is not None and progress.done > 0


def _draw_accepted(painter: QPainter, frame: QRectF, colors: QPalette) -> None:
    """Draws a tick in the upper left corner."""
    disc = QRectF(frame.left() + 5, frame.top() + 5, 20, 20)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colors.color(QPalette.ColorRole.Accent))
    painter.drawEllipse(disc)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    tick = pixmap("accept", QColor(255, 255, 255), 14)
    painter.drawPixmap(round(disc.left()) + 3, round(disc.top()) + 3, tick)


def share_done(slot: Slot) -> float:
    """Progress of a slot, 0 to 1; the candidates of a job are computed one after another."""
    progress, seeds = slot.job.progress, slot.job.request.params.seeds
    if slot.is_finished:
        return 1.0
    if progress is None or progress.total == 0:
        return 0.0
    each = progress.total / len(seeds)
    return min(max((progress.done - seeds.index(slot.seed) * each) / each, 0.0), 1.0)


def _covering(picture: QPixmap, frame: QRectF) -> QRectF:
    """The central part of a picture that fills a square frame."""
    side = min(picture.width(), picture.height())
    return QRectF((picture.width() - side) / 2, (picture.height() - side) / 2, side, side)
