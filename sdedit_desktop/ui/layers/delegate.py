"""Draws layers as rows of the list and handles clicks on their parts."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sdedit_desktop.document.layers import Layer
from sdedit_desktop.editing import layer_edits
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.layers.model import THUMB, Index, LayerRole, MaskRole
from sdedit_desktop.ui.widgets.icons import pixmap

_ROW, _ICON, _GAP, _EDGE = 40, 16, 6, 3
_THUMB_LEFT = 30
_RIGHT = 8


class LayerDelegate(QStyledItemDelegate):
    """Draws a layer: eye, thumbnails of layer and mask, name and state, locks."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(180, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws a row."""
        layer: Layer = index.data(LayerRole)
        box: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        colors: QPalette = option.palette
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        color = colors.color(role)
        painter.save()
        if selected:
            painter.fillRect(box, colors.color(QPalette.ColorRole.Highlight))
        painter.setOpacity(1.0 if layer.visible else 0.45)
        eye = "eye" if layer.visible else "eye_off"
        painter.drawPixmap(eye_box(box).topLeft(), pixmap(eye, color, _ICON))
        self._draw_thumbnails(painter, box, index, color)
        if layer.locked or selected:
            name = "lock" if layer.locked else "unlock"
            painter.drawPixmap(lock_box(box).topLeft(), pixmap(name, color, _ICON))
        if layer.alpha_locked or selected:
            name = "alpha_lock" if layer.alpha_locked else "alpha_unlock"
            painter.drawPixmap(alpha_lock_box(box).topLeft(), pixmap(name, color, _ICON))
        self._draw_text(painter, option, index, color)
        painter.restore()

    def _draw_thumbnails(self, painter: QPainter, box: QRect, index: Index, color: QColor) -> None:
        layer: Layer = index.data(LayerRole)
        picture: QPixmap = index.data(Qt.ItemDataRole.DecorationRole)
        painter.drawPixmap(picture_box(box).topLeft(), picture)
        if layer.mask is None:
            return
        painter.drawPixmap(mask_box(box).topLeft(), index.data(MaskRole))
        if layer.id == self._session.active_layer:
            on_mask = self._session.paints_layer_mask
            chosen = mask_box(box) if on_mask else picture_box(box)
            painter.setPen(QPen(color, 2))
            painter.drawRect(chosen.adjusted(-1, -1, 0, 0))

    def _draw_text(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, color: QColor
    ) -> None:
        text = _text_box(option.rect, index).adjusted(0, 3, 0, -3)
        painter.setPen(color)
        left, elide = Qt.AlignmentFlag.AlignLeft, Qt.TextElideMode.ElideRight
        name = option.fontMetrics.elidedText(index.data(), elide, text.width())
        painter.drawText(text, left | Qt.AlignmentFlag.AlignTop, name)
        painter.setOpacity(0.65)
        small = painter.font()
        small.setPointSizeF(max(small.pointSizeF() * 0.85, 6.0))
        painter.setFont(small)
        description = str(index.data(Qt.ItemDataRole.ToolTipRole))
        description = painter.fontMetrics().elidedText(description, elide, text.width())
        painter.drawText(text, left | Qt.AlignmentFlag.AlignBottom, description)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Places the editor of the name over the name."""
        editor.setGeometry(_text_box(option.rect, index).adjusted(-4, 8, 4, -8))

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Toggles eye or lock; a click on a thumbnail selects what is painted on."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            at = event.position().toPoint()
            box: QRect = option.rect
            layer: Layer = index.data(LayerRole)
            if _is_on(eye_box(box), at):
                layer_edits.toggle_visible(self._session, layer)
                return True
            if _is_on(lock_box(box), at):
                layer_edits.toggle_locked(self._session, layer)
                return True
            if _is_on(alpha_lock_box(box), at):
                layer_edits.toggle_alpha_locked(self._session, layer)
                return True
            if mask_box(box).contains(at) and layer.mask is not None:
                layer_edits.paint_on_mask(self._session, layer)
            elif picture_box(box).contains(at):
                self._session.activate_layer(layer.id)
        return super().editorEvent(event, model, option, index)


def eye_box(row: QRect) -> QRect:
    """The rectangle of the eye in a row."""
    return QRect(row.left() + 8, _middle(row, _ICON), _ICON, _ICON)


def lock_box(row: QRect) -> QRect:
    """The rectangle of the lock."""
    return QRect(row.right() - _RIGHT - _ICON, row.top() + _EDGE, _ICON, _ICON)


def alpha_lock_box(row: QRect) -> QRect:
    """The rectangle of the transparency lock, below the other."""
    return QRect(row.right() - _RIGHT - _ICON, row.bottom() - _EDGE - _ICON + 1, _ICON, _ICON)


def picture_box(row: QRect) -> QRect:
    """The rectangle of the layer's thumbnail."""
    return QRect(row.left() + _THUMB_LEFT, _middle(row, THUMB), THUMB, THUMB)


def mask_box(row: QRect) -> QRect:
    """The rectangle of the mask's thumbnail."""
    return picture_box(row).translated(THUMB + _GAP, 0)


def _text_box(row: QRect, index: Index) -> QRect:
    layer: Layer = index.data(LayerRole)
    left = (mask_box(row) if layer.mask else picture_box(row)).right() + 9
    return QRect(left, row.top(), row.right() - _RIGHT - _ICON - 6 - left, row.height())


def _middle(row: QRect, height: int) -> int:
    return row.top() + (row.height() - height) // 2


def _is_on(icon: QRect, at: QPoint) -> bool:
    return icon.adjusted(-_GAP, -3, _GAP, 3).contains(at)
