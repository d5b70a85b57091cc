"""What the Layer menu does to the active layer alone: its switches and its own mask."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication

from sdedit_desktop.document.commands import ReplaceLayerMask
from sdedit_desktop.document.layers import Layer
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.editing import layer_edits
from sdedit_desktop.editing.gestures.transform import turned_over
from sdedit_desktop.editing.session import Session
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.actions import Actions
from sdedit_desktop.ui.translation import localized


class LayerActions:
    """Changes of one layer; each is one undo step."""

    def __init__(self, session: Session, actions: Actions) -> None:
        self._session = session
        self._actions = actions

    def by_id(self) -> Mapping[str, Callable[[], object]]:
        """What each action does."""
        return {
            "toggle_layer": lambda: layer_edits.toggle_visible(self._session, self._active),
            "lock_layer": lambda: layer_edits.toggle_locked(self._session, self._active),
            "lock_alpha": lambda: layer_edits.toggle_alpha_locked(self._session, self._active),
            "flip_layer_across": lambda: self._turn(across=-1),
            "flip_layer_down": lambda: self._turn(down=-1),
            "turn_layer_left": lambda: self._turn(degrees=-90),
            "turn_layer_right": lambda: self._turn(degrees=90),
            "add_layer_mask": self._add_mask,
            "paint_layer_mask": self._choose_target,
            "remove_layer_mask": self._remove_mask,
        }

    def possible(self) -> Mapping[str, bool]:
        """Which of the actions make sense now."""
        layers = {layer.id: layer for layer in self._session.document.layers}
        layer = layers.get(self._session.active_layer)
        if layer is None:  # undone just now; another follows at once
            return {}
        self._actions["paint_layer_mask"].setChecked(self._session.paints_layer_mask)
        has_mask = layer.mask is not None
        return {
            "add_layer_mask": not has_mask,
            "paint_layer_mask": has_mask,
            "remove_layer_mask": has_mask,
        }

    @property
    def _active(self) -> Layer:
        return self._session.document.layer(self._session.active_layer)

    def _turn(self, across: int = 1, down: int = 1, degrees: int = 0) -> None:
        layer = self._active
        if layer.locked:
            text = QCoreApplication.translate("LayerActions", "The layer {0} is locked.")
            self._session.noticed.emit(text.format(localized(layer.name)))
            return
        document = self._session.document
        command = turned_over(document, layer, across=across, down=down, degrees=degrees)
        if command is not None:
            document.push(command)

    def _add_mask(self) -> None:
        document, layer = self._session.document, self._active
        if document.mask.content_rect() & document.rect:
            mask = document.mask.copy()
        else:
            mask = Tiles(channels=1)
            edit = mask.edit()
            edit.fill(document.rect | layer.tiles.bounds(), 255)
            edit.commit()
        document.push(ReplaceLayerMask(Text("Add layer mask"), layer.id, None, mask))
        layer_edits.paint_on_mask(self._session, layer)

    def _choose_target(self) -> None:
        if self._session.paints_layer_mask:
            self._session.activate_layer(self._active.id)
        else:
            layer_edits.paint_on_mask(self._session, self._active)

    def _remove_mask(self) -> None:
        layer = self._active
        command = ReplaceLayerMask(Text("Remove layer mask"), layer.id, layer.mask, None)
        self._session.document.push(command)
