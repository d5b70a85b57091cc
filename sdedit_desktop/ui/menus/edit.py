"""What the Edit, Image and Layer menus do to the document."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from sdedit_desktop.document import transforms
from sdedit_desktop.document.blending import full_value
from sdedit_desktop.document.commands import (
    DuplicateLayer,
    MergeDown,
    MoveLayer,
    PaintTiles,
    RemoveLayer,
)
from sdedit_desktop.document.history import Command
from sdedit_desktop.document.layers import Layer
from sdedit_desktop.editing.session import Session
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.dialogs.size import CanvasSizeDialog, SizeDialog


class EditActions:
    """Changes to the picture that need no pointer; each is one undo step."""

    def __init__(self, session: Session, window: QWidget) -> None:
        self._session = session
        self._window = window

    def by_id(self) -> Mapping[str, Callable[[], object]]:
        """What each action does."""
        return {
            "undo": lambda: self._session.document.undo(),
            "redo": lambda: self._session.document.redo(),
            "swap_colors": self._session.swap_colors,
            "add_layer": self._session.add_layer,
            "duplicate_layer": self._duplicate,
            "delete_layer": self._delete,
            "raise_layer": lambda: self._move(1),
            "lower_layer": lambda: self._move(-1),
            "merge_down": self._merge_down,
            "fill_layer": self._fill,
            "turn_image_left": lambda: self._push(transforms.turned(self._session.document, 3)),
            "turn_image_right": lambda: self._push(transforms.turned(self._session.document, 1)),
            "flip_across": lambda: self._push(transforms.mirrored(self._session.document)),
            "flip_down": lambda: self._push(
                transforms.mirrored(self._session.document, upside_down=True)
            ),
            "crop_to_mask": self._crop_to_mask,
            "scale_image": self._scale,
            "canvas_size": self._change_canvas,
        }

    def possible(self) -> Mapping[str, bool]:
        """Which of the actions make sense now."""
        document = self._session.document
        ids = [layer.id for layer in document.layers]
        if self._session.active_layer not in ids:  # undone just now; another follows at once
            return {}
        index, count = ids.index(self._session.active_layer), len(ids)
        return {
            "undo": document.history.undo_label is not None,
            "redo": document.history.redo_label is not None,
            "delete_layer": count > 1,
            "raise_layer": index < count - 1,
            "lower_layer": index > 0,
            "merge_down": index > 0 and not document.layers[index - 1].locked,
        }

    @property
    def _active(self) -> Layer:
        return self._session.document.layer(self._session.active_layer)

    def _push(self, command: Command | None) -> None:
        if command is not None:
            self._session.document.push(command)

    def _duplicate(self) -> None:
        command = DuplicateLayer(self._active.id)
        self._push(command)
        if command.copy is not None:
            self._session.activate_layer(command.copy.id)

    def _delete(self) -> None:
        layers = self._session.document.layers
        index = layers.index(self._active)
        neighbour = layers[index - 1] if index else layers[1]
        self._push(RemoveLayer(self._active.id))
        self._session.activate_layer(neighbour.id)

    def _move(self, direction: int) -> None:
        index = self._session.document.layers.index(self._active) + direction
        if 0 <= index < len(self._session.document.layers):
            self._push(MoveLayer(self._active.id, index))

    def _merge_down(self) -> None:
        document = self._session.document
        below = document.layers[document.layers.index(self._active) - 1]
        self._push(MergeDown(self._active.id))
        self._session.activate_layer(below.id)

    def _fill(self) -> None:
        document, layer = self._session.document, self._active
        if layer.locked:
            self._session.noticed.emit(Text("The layer {0} is locked.", layer.name))
            return
        full = document.dtype(full_value(document.dtype) // 255)
        edit = layer.tiles.edit()
        edit.fill(document.rect, tuple(int(v * full) for v in (*self._session.brush.color, 255)))
        self._push(PaintTiles(Text("Fill"), layer.id, edit.commit()))

    def _crop_to_mask(self) -> None:
        document = self._session.document
        rect = document.mask.content_rect() & document.rect
        if rect:
            self._push(transforms.cropped(document, rect))
        else:
            self._session.noticed.emit(self._window.tr("Mark with the mask what shall be kept."))

    def _scale(self) -> None:
        document = self._session.document
        size = document.rect.width, document.rect.height
        title = self._window.tr("Scale image")
        dialog = SizeDialog(self._window, title, size, proportional=True)
        if dialog.exec() == SizeDialog.DialogCode.Accepted and dialog.size_chosen != size:
            self._push(transforms.resized(document, *dialog.size_chosen))

    def _change_canvas(self) -> None:
        document = self._session.document
        dialog = CanvasSizeDialog(self._window, (document.rect.width, document.rect.height))
        if dialog.exec() != CanvasSizeDialog.DialogCode.Accepted:
            return
        if dialog.rect_chosen != document.rect:
            label = Text("Canvas size")
            self._push(transforms.cropped(document, dialog.rect_chosen, label))
