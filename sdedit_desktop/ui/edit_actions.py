"""What the Edit, Layer and Mask menus do to the document."""

from collections.abc import Callable, Mapping

from sdedit_desktop.document.commands import DuplicateLayer, MergeDown, MoveLayer, RemoveLayer
from sdedit_desktop.document.history import Command
from sdedit_desktop.document.layers import Layer
from sdedit_desktop.editing import masking
from sdedit_desktop.editing.session import Session


class EditActions:
    """Changes to the document that need no pointer; each is one undo step."""

    def __init__(self, session: Session) -> None:
        self._session = session

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
            "clear_mask": lambda: self._push(masking.cleared(self._session.document)),
            "invert_mask": lambda: self._push(masking.inverted(self._session.document)),
            "mask_from_strokes": self._mask_from_strokes,
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

    def _mask_from_strokes(self) -> None:
        command = masking.from_strokes(self._session.document, self._active)
        if command is None:
            self._session.noticed.emit(f"Nothing is painted on {self._active.name}.")
        else:
            self._session.document.push(command)
