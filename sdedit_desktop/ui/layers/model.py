"""Item model of the layer stack, the topmost first."""

import secrets
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
)
from PySide6.QtGui import QImage, QPainter, QPixmap

from sdedit_desktop.document.commands import MoveLayer
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.history import Change
from sdedit_desktop.document.layers import ActiveLayer, BlendMode, Layer, LayerKind
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.editing import layer_edits
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.translation import localized, mode_name
from sdedit_desktop.ui.widgets.qimages import grey_to_qimage, to_screen

Index = QModelIndex | QPersistentModelIndex

THUMB = 36
LayerRole = Qt.ItemDataRole.UserRole
MaskRole = Qt.ItemDataRole.UserRole + 1
"""The thumbnail of a layer's mask; none without a mask."""

_ROW_MIME = "application/x-sdedit-desktop-layer"
_THUMBNAILS_AFTER_MS = 300


class LayersModel(QAbstractListModel):
    """Presents a session's layers, the topmost first; supports reordering by drag and drop."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._token = secrets.token_hex(8)
        self._thumbnails: dict[tuple[int, int], QPixmap] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_THUMBNAILS_AFTER_MS)
        self._timer.timeout.connect(self._forget_thumbnails)
        session.document_replaced.connect(self._start_anew)
        session.document_changed.connect(self._follow)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt signature
        return 0 if parent.isValid() else len(self._session.document.layers)

    def layer(self, row: int) -> Layer:
        """The layer in a row."""
        return self._session.document.layers[-1 - row]

    def row_of(self, layer_id: int) -> int:
        """The row of a layer; -1 if it is gone."""
        rows = (row for row in range(self.rowCount()) if self.layer(row).id == layer_id)
        return next(rows, -1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Name, thumbnails, description and the layer itself."""
        if not index.isValid():
            return None
        layer = self.layer(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return localized(layer.name)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(layer.id, layer.tiles)
        if role == MaskRole:
            return self._thumbnail(layer.id, layer.mask) if layer.mask else None
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return self._description(layer)
        return layer if role == LayerRole else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: ANN401
        layer = self.layer(index.row())
        name = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not name or name == localized(layer.name):
            return False
        layer_edits.change_layer(self._session, layer, Text("Rename layer"), name=name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Layers can be selected, renamed and dragged, and dropped between others."""
        flags = super().flags(index)
        if not index.isValid():
            return flags | Qt.ItemFlag.ItemIsDropEnabled
        return flags | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled

    # --- dragging ---------------------------------------------------------------------------

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_ROW_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The ids of the dragged layer and of its window."""
        data = QMimeData()
        data.setData(_ROW_MIME, f"{self._token} {self.layer(indexes[0].row()).id}".encode())
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Moves the dragged layer above ``row``, or to the bottom."""
        token, _, layer_id = bytes(data.data(_ROW_MIME).data()).decode().partition(" ")
        if token != self._token or parent.isValid():
            return False
        source = self.row_of(int(layer_id))
        goal = self.rowCount() if row < 0 else row
        return source >= 0 and self.moveRows(QModelIndex(), source, 1, QModelIndex(), goal)

    def moveRows(
        self, source_parent: Index, source: int, count: int, goal_parent: Index, goal: int
    ) -> bool:
        """Moves one layer above another row, as one undo step."""
        if count != 1 or goal in (source, source + 1):
            return False
        layer = self.layer(source)
        row = goal if goal < source else goal - 1
        command = MoveLayer(layer.id, self.rowCount() - 1 - row)
        self._session.document.push(command, active=ActiveLayer(layer.id))
        return True

    # --- details ----------------------------------------------------------------------------

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
        if layer.alpha_locked:
            parts.append(self.tr("transparency locked"))
        if layer.mode is not BlendMode.NORMAL:
            parts.append(mode_name(layer.mode))
        if layer.opacity < 1:
            parts.append(f"{round(layer.opacity * 100)} %")
        return ", ".join(parts)

    def _thumbnail(self, layer_id: int, tiles: Tiles) -> QPixmap:
        known = self._thumbnails.get((layer_id, tiles.channels))
        if known is None:
            known = thumbnail(tiles, self._session.document)
            self._thumbnails[layer_id, tiles.channels] = known
        return known

    def _forget_thumbnails(self) -> None:
        self._thumbnails.clear()
        if last := self.rowCount():
            roles = [Qt.ItemDataRole.DecorationRole, MaskRole]
            self.dataChanged.emit(self.index(0), self.index(last - 1), roles)

    def _start_anew(self) -> None:
        self._thumbnails.clear()
        self._reset()

    def _follow(self, change: Change) -> None:
        if change.damage.layers:
            self._reset()
        if change.damage.picture:
            self._timer.start()

    def _reset(self) -> None:
        self.beginResetModel()
        self.endResetModel()


def thumbnail(tiles: Tiles, document: Document) -> QPixmap:
    """A square thumbnail of a raster: a layer on grey, a mask in shades of grey."""
    frame = document.rect
    picture = QPixmap(THUMB, THUMB)
    picture.fill(Qt.GlobalColor.transparent)
    if not frame:
        return picture
    step = max(1, max(frame.width, frame.height) // (2 * THUMB))
    rows = [
        tiles.read(Rect(frame.left, y, frame.right, y + 1))[:, ::step]
        for y in range(frame.top, frame.bottom, step)
    ]
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    image = _image(np.concatenate(rows), document.icc).scaled(THUMB, THUMB, keep, smooth)
    painter = QPainter(picture)
    left, top = (THUMB - image.width()) // 2, (THUMB - image.height()) // 2
    painter.fillRect(left, top, image.width(), image.height(), Qt.GlobalColor.gray)
    painter.drawImage(left, top, image)
    painter.end()
    return picture


def _image(pixels: NDArray[np.unsignedinteger], icc: bytes | None) -> QImage:
    if pixels.shape[2] == 1:
        return grey_to_qimage(pixels[..., 0].astype(np.uint8))
    return to_screen(pixels, icc)
