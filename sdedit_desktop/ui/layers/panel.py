"""The layers panel."""

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QListView, QVBoxLayout, QWidget

from sdedit_desktop.document.history import Change
from sdedit_desktop.document.layers import BlendMode, Layer
from sdedit_desktop.editing import layer_edits
from sdedit_desktop.editing.session import Session
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.actions import Actions, button_for
from sdedit_desktop.ui.layers.delegate import LayerDelegate
from sdedit_desktop.ui.layers.model import LayersModel
from sdedit_desktop.ui.translation import mode_name
from sdedit_desktop.ui.widgets.value_slider import ValueSlider

_BUTTONS = (
    "add_layer", "duplicate_layer", "raise_layer", "lower_layer", "merge_down", "delete_layer",
)  # fmt: skip


class LayersPanel(QWidget):
    """The list of layers, with opacity and blend mode of the active one."""

    def __init__(self, session: Session, actions: Actions) -> None:
        super().__init__()
        self._session = session
        self.model = LayersModel(session, self)
        self.list = QListView()
        self.list.setModel(self.model)
        self._delegate = LayerDelegate(session, self)
        self.list.setItemDelegate(self._delegate)
        self.list.setAccessibleName(self.tr("Layers"))
        self.list.setToolTip(
            self.tr(
                "Drag moves a layer; double-click or F2 renames; Space shows or hides; a click on "
                "a mask paints on it"
            )
        )
        self.list.setDragDropMode(QListView.DragDropMode.DragDrop)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.list.setEditTriggers(
            QListView.EditTrigger.DoubleClicked | QListView.EditTrigger.EditKeyPressed
        )
        self.list.installEventFilter(self)
        self.opacity = ValueSlider(self.tr("Opacity"), 0, 100, unit=" %")
        self.opacity.setToolTip(self.tr("How opaque the layer is"))
        self.opacity.value_changed.connect(self._change_opacity)
        self.mode = QComboBox()
        self.mode.setAccessibleName(self.tr("Blend mode"))
        self.mode.setToolTip(self.tr("How the layer's colours meet those below"))
        for mode in BlendMode:
            self.mode.addItem(mode_name(mode), mode)
        self.mode.activated.connect(
            lambda _row: self._change(Text("Blend mode"), mode=self.mode.currentData())
        )
        self._lay_out(actions)
        self.list.selectionModel().currentChanged.connect(self._activate)
        self.model.modelReset.connect(self._show_active)
        session.document_changed.connect(self._follow)
        self._show_active()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Space in the list shows or hides the layer."""
        if isinstance(event, QKeyEvent) and _is_press_of(event, Qt.Key.Key_Space):
            index = self.list.currentIndex()
            if index.isValid():
                layer_edits.toggle_visible(self._session, self.model.layer(index.row()))
            return True
        return False

    def _lay_out(self, actions: Actions) -> None:
        top = QHBoxLayout()
        top.addWidget(self.mode)
        top.addWidget(self.opacity, 1)
        bottom = QHBoxLayout()
        bottom.setSpacing(2)
        for name in _BUTTONS:
            button = button_for(actions[name])
            button.setIconSize(QSize(18, 18))
            bottom.addWidget(button)
        bottom.insertStretch(len(_BUTTONS) - 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 2)
        column.setSpacing(4)
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

    def _follow(self, change: Change) -> None:
        if change.activated:
            self._show_active()

    def _show_active(self) -> None:
        layer = self._active()
        self.opacity.setEnabled(layer is not None)
        self.mode.setEnabled(layer is not None)
        if layer is not None:
            self.list.setCurrentIndex(self.model.index(self.model.row_of(layer.id)))
            self.opacity.show_number(layer.opacity * 100)
            self.mode.setCurrentIndex(self.mode.findData(layer.mode))
            self.list.viewport().update()

    def _change_opacity(self, percent: float) -> None:
        if layer := self._active():
            layer_edits.change_layer(
                self._session, layer, Text("Layer opacity"), merge=True, opacity=percent / 100
            )

    def _change(self, label: Text, **values: object) -> None:
        if layer := self._active():
            layer_edits.change_layer(self._session, layer, label, **dict[str, Any](values))


def _is_press_of(event: QKeyEvent, key: Qt.Key) -> bool:
    return event.type() == QEvent.Type.KeyPress and event.key() == key
