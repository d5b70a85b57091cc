"""The stack of layers: what it looks like and what can be done with it."""

from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sdedit_desktop.document.commands import ChangeLayer
from sdedit_desktop.document.layers import BlendMode, Layer, LayerKind
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect
from sdedit_desktop.ui.actions import Actions
from sdedit_desktop.ui.icons import pixmap
from sdedit_desktop.ui.pixels import to_screen
from sdedit_desktop.ui.sliders import ValueSlider

_Index = QModelIndex | QPersistentModelIndex
_ROW, _THUMB, _ICON = 44, 36, 16
_THUMBNAILS_AFTER_MS = 300
_BUTTONS = (
    "add_layer", "duplicate_layer", "raise_layer", "lower_layer", "merge_down", "delete_layer",
)  # fmt: skip

LayerRole = Qt.ItemDataRole.UserRole


class LayersModel(QAbstractListModel):
    """Presents a session's layers, the topmost first."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._thumbnails: dict[int, QPixmap] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_THUMBNAILS_AFTER_MS)
        self._timer.timeout.connect(self._forget_thumbnails)
        session.document_replaced.connect(self.follow_document)
        self.follow_document()

    def follow_document(self) -> None:
        """Listens to the document that the session has now."""
        document = self._session.document
        self._thumbnails.clear()
        document.layers_changed.connect(self._reset)
        document.repainted.connect(lambda _rect: self._timer.start())
        self._reset()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt signature
        """Number of layers."""
        return 0 if parent.isValid() else len(self._session.document.layers)

    def layer(self, row: int) -> Layer:
        """The layer in a row."""
        return self._session.document.layers[-1 - row]

    def row_of(self, layer_id: int) -> int:
        """The row of a layer; -1 if it is gone."""
        rows = (row for row in range(self.rowCount()) if self.layer(row).id == layer_id)
        return next(rows, -1)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Name, thumbnail, description and the layer itself."""
        if not index.isValid():
            return None
        layer = self.layer(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return layer.name
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(layer)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return self._description(layer)
        return layer if role == LayerRole else None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: ANN401
        """Renames a layer."""
        layer = self.layer(index.row())
        name = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not name or name == layer.name:
            return False
        change_layer(self._session, layer, "Rename layer", name=name)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Layers can be chosen and renamed."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() else flags

    def _description(self, layer: Layer) -> str:
        kinds = {
            LayerKind.PHOTO: self.tr("Photo"),
            LayerKind.PAINT: self.tr("Paint"),
            LayerKind.RESULT: self.tr("Result"),
        }
        parts = [kinds[layer.kind]]
        if not layer.visible:
            parts.append(self.tr("hidden"))
        if layer.locked:
            parts.append(self.tr("locked"))
        if layer.mode is not BlendMode.NORMAL:
            parts.append(mode_name(layer.mode))
        if layer.opacity < 1:
            parts.append(f"{round(layer.opacity * 100)} %")
        return ", ".join(parts)

    def _thumbnail(self, layer: Layer) -> QPixmap:
        known = self._thumbnails.get(layer.id)
        if known is None:
            known = self._thumbnails[layer.id] = _thumbnail(layer, self._session.document.rect)
        return known

    def _forget_thumbnails(self) -> None:
        self._thumbnails.clear()
        if last := self.rowCount():
            decoration = [Qt.ItemDataRole.DecorationRole]
            self.dataChanged.emit(self.index(0), self.index(last - 1), decoration)

    def _reset(self) -> None:
        self.beginResetModel()
        self.endResetModel()


class LayerDelegate(QStyledItemDelegate):
    """Draws a layer as a row: eye, thumbnail, name and what is special, lock."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """One row."""
        return QSize(180, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
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
        painter.drawPixmap(_eye_box(box).topLeft(), pixmap(eye, color, _ICON))
        thumbnail: QPixmap = index.data(Qt.ItemDataRole.DecorationRole)
        painter.drawPixmap(box.left() + 30, box.top() + (_ROW - _THUMB) // 2, thumbnail)
        lock = "lock" if layer.locked else "unlock"
        if layer.locked or selected:
            painter.drawPixmap(_lock_box(box).topLeft(), pixmap(lock, color, _ICON))
        text = box.adjusted(30 + _THUMB + 8, 4, -30, -4)
        painter.setPen(color)
        left = Qt.AlignmentFlag.AlignLeft
        name = option.fontMetrics.elidedText(layer.name, Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, left | Qt.AlignmentFlag.AlignTop, name)
        painter.setOpacity(0.65)
        small = painter.font()
        small.setPointSizeF(max(small.pointSizeF() * 0.85, 6.0))
        painter.setFont(small)
        description = str(index.data(Qt.ItemDataRole.ToolTipRole))
        painter.drawText(text, left | Qt.AlignmentFlag.AlignBottom, description)
        painter.restore()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: _Index
    ) -> None:
        """Puts the field for a new name where the name is."""
        box: QRect = option.rect
        editor.setGeometry(box.adjusted(30 + _THUMB + 4, 8, -26, -8))

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: _Index,
    ) -> bool:
        """A click on the eye or the lock toggles it."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            at = event.position().toPoint()
            box: QRect = option.rect
            layer: Layer = index.data(LayerRole)
            if _eye_box(box).adjusted(-6, -14, 6, 14).contains(at):
                toggle_visible(self._session, layer)
                return True
            if _lock_box(box).adjusted(-6, -14, 6, 14).contains(at):
                toggle_locked(self._session, layer)
                return True
        return super().editorEvent(event, model, option, index)


class LayersPanel(QWidget):
    """The list of layers, with opacity and blend mode of the active one."""

    def __init__(self, session: Session, actions: Actions) -> None:
        super().__init__()
        self._session = session
        self.model = LayersModel(session)
        self.list = QListView()
        self.list.setModel(self.model)
        self._delegate = LayerDelegate(session)
        self.list.setItemDelegate(self._delegate)
        self.list.setAccessibleName(self.tr("Layers"))
        self.list.setToolTip(self.tr("Double-click or F2 renames; Space shows or hides a layer"))
        self.list.setEditTriggers(
            QListView.EditTrigger.DoubleClicked | QListView.EditTrigger.EditKeyPressed
        )
        self.list.installEventFilter(self)
        self.opacity = ValueSlider(self.tr("Opacity"), 0, 100, unit=" %")
        self.opacity.setToolTip(self.tr("How much of the layer is seen"))
        self.opacity.value_changed.connect(self._change_opacity)
        self.mode = QComboBox()
        self.mode.setAccessibleName(self.tr("Blend mode"))
        self.mode.setToolTip(self.tr("How the layer's colours meet those below"))
        for mode in BlendMode:
            self.mode.addItem(mode_name(mode), mode)
        self.mode.activated.connect(
            lambda _row: self._change("Blend mode", mode=self.mode.currentData())
        )
        self._lay_out(actions)
        self.list.selectionModel().currentChanged.connect(self._activate)
        self.model.modelReset.connect(self._show_active)
        session.active_layer_changed.connect(self._show_active)
        self._show_active()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Space in the list shows or hides the layer."""
        if isinstance(event, QKeyEvent) and _is_press_of(event, Qt.Key.Key_Space):
            index = self.list.currentIndex()
            if index.isValid():
                toggle_visible(self._session, self.model.layer(index.row()))
            return True
        return False

    def _lay_out(self, actions: Actions) -> None:
        top = QHBoxLayout()
        top.addWidget(self.mode)
        top.addWidget(self.opacity, 1)
        bottom = QHBoxLayout()
        bottom.setSpacing(2)
        for name in _BUTTONS:
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setIconSize(QSize(18, 18))
            button.setAccessibleName(actions[name].text())
            bottom.addWidget(button)
        bottom.insertStretch(len(_BUTTONS) - 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 6)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        column.addLayout(bottom)

    def _active(self) -> Layer | None:
        row = self.model.row_of(self._session.active_layer)
        return self.model.layer(row) if row >= 0 else None

    def _activate(self, index: QModelIndex) -> None:
        if index.isValid():
            layer = self.model.layer(index.row())
            if layer.id != self._session.active_layer:
                self._session.activate_layer(layer.id)

    def _show_active(self) -> None:
        layer = self._active()
        self.opacity.setEnabled(layer is not None)
        self.mode.setEnabled(layer is not None)
        if layer is not None:
            self.list.setCurrentIndex(self.model.index(self.model.row_of(layer.id)))
            self.opacity.show_number(layer.opacity * 100)
            self.mode.setCurrentIndex(self.mode.findData(layer.mode))

    def _change_opacity(self, percent: float) -> None:
        if layer := self._active():
            change_layer(self._session, layer, "Layer opacity", merge=True, opacity=percent / 100)

    def _change(self, label: str, **values: object) -> None:
        if layer := self._active():
            change_layer(self._session, layer, label, **dict[str, Any](values))


def change_layer(
    session: Session, layer: Layer, label: str, *, merge: bool = False, **values: object
) -> None:
    """Sets properties of a layer as one undo step; ``merge`` joins the many steps of a drag."""
    before = {name: getattr(layer, name) for name in values}
    if before != values:
        session.document.push(ChangeLayer(layer.id, before, values, label), merge=merge)


def toggle_visible(session: Session, layer: Layer) -> None:
    """Shows or hides a layer."""
    label = "Hide layer" if layer.visible else "Show layer"
    change_layer(session, layer, label, visible=not layer.visible)


def toggle_locked(session: Session, layer: Layer) -> None:
    """Locks or unlocks a layer."""
    label = "Unlock layer" if layer.locked else "Lock layer"
    change_layer(session, layer, label, locked=not layer.locked)


def mode_name(mode: BlendMode) -> str:
    """A blend mode in words."""
    return mode.name.replace("_", " ").capitalize()


def _thumbnail(layer: Layer, frame: Rect) -> QPixmap:
    """The layer as a small square, on a grey ground."""
    picture = QPixmap(_THUMB, _THUMB)
    picture.fill(Qt.GlobalColor.transparent)
    if not frame:
        return picture
    step = max(1, max(frame.width, frame.height) // (2 * _THUMB))
    rows = [
        layer.tiles.read(Rect(frame.left, y, frame.right, y + 1))[:, ::step]
        for y in range(frame.top, frame.bottom, step)
    ]
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    image = to_screen(np.concatenate(rows)).scaled(_THUMB, _THUMB, keep, smooth)
    painter = QPainter(picture)
    left, top = (_THUMB - image.width()) // 2, (_THUMB - image.height()) // 2
    painter.fillRect(left, top, image.width(), image.height(), Qt.GlobalColor.gray)
    painter.drawImage(left, top, image)
    painter.end()
    return picture


def _eye_box(row: QRect) -> QRect:
    return QRect(row.left() + 8, row.top() + (_ROW - _ICON) // 2, _ICON, _ICON)


def _lock_box(row: QRect) -> QRect:
    return QRect(row.right() - 8 - _ICON, row.top() + (_ROW - _ICON) // 2, _ICON, _ICON)


def _is_press_of(event: QKeyEvent, key: Qt.Key) -> bool:
    return event.type() == QEvent.Type.KeyPress and event.key() == key
