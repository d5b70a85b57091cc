"""The Layer menu: the layer stack, and the active layer with its mask."""

from sdedit_desktop.document.layers import Layer
from sdedit_desktop.editing import layer_edits
from sdedit_desktop.editing.gestures.transform import turned_over
from sdedit_desktop.editing.operations import clipboard
from sdedit_desktop.editing.session import Session
from sdedit_desktop.texts import Text
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.translation import marked as _


class LayerActions:
    """Changes to layers; each is one undo step."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def _active(self) -> Layer:
        return self._session.document.layer(self._session.active_layer)

    @property
    def count(self) -> int:
        """Number of layers."""
        return len(self._session.document.layers)

    @property
    def index(self) -> int:
        """Position of the active layer; 0 is the lowest."""
        return self._session.document.layers.index(self._active)

    @property
    def has_mask(self) -> bool:
        """Whether the active layer has a mask of its own."""
        return self._active.mask is not None

    def paints_on_mask(self) -> bool:
        """Whether strokes are painted on the active layer's mask."""
        return self._session.paints_layer_mask

    def can_merge_down(self) -> bool:
        """Whether there is an editable layer below."""
        return self.index > 0 and not self._session.document.layers[self.index - 1].locked

    # --- the stack --------------------------------------------------------------------------

    def add(self) -> None:
        """Adds an empty layer above the active one."""
        self._session.add_layer()

    def duplicate(self) -> None:
        """Adds a copy of the active layer above it."""
        layer_edits.duplicate(self._session)

    def delete(self) -> None:
        """Deletes the active layer."""
        layer_edits.delete(self._session)

    def clear(self) -> None:
        """Erases the masked part of the active layer, or all of it without a mask."""
        layer = self._active
        if layer.locked or layer.alpha_locked:
            self._session.noticed.emit(Text("The layer {0} is locked.", layer.name))
            return
        command = clipboard.cut(self._session.document, layer, Text("Clear layer"))
        if command is not None:
            self._session.document.push(command)

    def move(self, direction: int) -> None:
        """Moves the active layer up by ``step`` positions, or down if it is negative."""
        layer_edits.move(self._session, direction)

    def merge_down(self) -> None:
        """Merges the active layer with the one below."""
        layer_edits.merge_down(self._session)

    # --- the active layer -------------------------------------------------------------------

    def toggle_visible(self) -> None:
        """Shows or hides the active layer."""
        layer_edits.toggle_visible(self._session, self._active)

    def toggle_locked(self) -> None:
        """Locks or unlocks the active layer."""
        layer_edits.toggle_locked(self._session, self._active)

    def toggle_alpha_locked(self) -> None:
        """Locks or unlocks the transparency of the active layer."""
        layer_edits.toggle_alpha_locked(self._session, self._active)

    def turn(self, across: int = 1, down: int = 1, degrees: int = 0) -> None:
        """Mirrors the active layer if a factor is -1, and rotates it clockwise."""
        layer = self._active
        if layer.locked:
            self._session.noticed.emit(Text("The layer {0} is locked.", layer.name))
            return
        document = self._session.document
        command = turned_over(document, layer, across=across, down=down, degrees=degrees)
        if command is not None:
            document.push(command)

    # --- its mask ---------------------------------------------------------------------------

    def add_mask(self) -> None:
        """Adds a layer mask from the mask, or a full one if nothing is masked."""
        layer_edits.add_mask(self._session)

    def toggle_painting_on_mask(self) -> None:
        """Switches between painting on the active layer and on its mask."""
        if self._session.paints_layer_mask:
            self._session.activate_layer(self._active.id)
        else:
            layer_edits.paint_on_mask(self._session, self._active)

    def remove_mask(self) -> None:
        """Removes the active layer's mask."""
        layer_edits.remove_mask(self._session)


MENU: Entries[LayerActions] = (
    Action(
        "add_layer",
        _("Add layer"),
        _("Put an empty layer above the active one"),
        LayerActions.add,
        keys="Ctrl+Shift+N Ins",
        icon="add",
    ),
    "add_picture",
    Action(
        "duplicate_layer",
        _("Duplicate layer"),
        _("Put a copy of the active layer above it"),
        LayerActions.duplicate,
        keys="Ctrl+J",
        icon="duplicate",
    ),
    Action(
        "delete_layer",
        _("Delete layer"),
        _("Take the active layer away"),
        LayerActions.delete,
        keys="Shift+Del",
        icon="discard",
        enabled=lambda layers: layers.count > 1,
    ),
    Action(
        "clear_layer",
        _("Clear layer"),
        _("Take what the mask marks off the active layer, or all of it if nothing is marked"),
        LayerActions.clear,
        keys="Del",
        local="canvas",
    ),
    "|",
    Action(
        "raise_layer",
        _("Move layer up"),
        _("Move the active layer up in the stack"),
        lambda layers: layers.move(1),
        keys="Ctrl+PgUp",
        icon="up",
        enabled=lambda layers: layers.index < layers.count - 1,
    ),
    Action(
        "lower_layer",
        _("Move layer down"),
        _("Move the active layer down in the stack"),
        lambda layers: layers.move(-1),
        keys="Ctrl+PgDown",
        icon="down",
        enabled=lambda layers: layers.index > 0,
    ),
    Action(
        "merge_down",
        _("Merge down"),
        _("Join the active layer with the one below"),
        LayerActions.merge_down,
        keys="Ctrl+Alt+E",
        icon="merge_down",
        enabled=LayerActions.can_merge_down,
    ),
    "|",
    Action(
        "toggle_layer",
        _("Show or hide layer"),
        _("Of the active layer"),
        LayerActions.toggle_visible,
        keys="Ctrl+Shift+H",
    ),
    Action(
        "lock_layer",
        _("Lock or unlock layer"),
        _("No tool paints on a locked one"),
        LayerActions.toggle_locked,
    ),
    Action(
        "lock_alpha",
        _("Lock or unlock transparency"),
        _("Paint changes colours only; nothing is painted where nothing was"),
        LayerActions.toggle_alpha_locked,
        keys="/",
    ),
    "|",
    Action(
        "flip_layer_across",
        _("Flip layer horizontally"),
        _("Exchange left and right of the active layer"),
        lambda layers: layers.turn(across=-1),
    ),
    Action(
        "flip_layer_down",
        _("Flip layer vertically"),
        _("Exchange top and bottom of the active layer"),
        lambda layers: layers.turn(down=-1),
    ),
    Action(
        "turn_layer_left",
        _("Rotate layer left"),
        _("Turn the active layer by a quarter"),
        lambda layers: layers.turn(degrees=-90),
    ),
    Action(
        "turn_layer_right",
        _("Rotate layer right"),
        _("Turn the active layer by a quarter"),
        lambda layers: layers.turn(degrees=90),
    ),
    "|",
    Action(
        "add_layer_mask",
        _("Add layer mask"),
        _("Show only what is marked of the active layer, or all of it if nothing is marked"),
        LayerActions.add_mask,
        icon="layer_mask",
        enabled=lambda layers: not layers.has_mask,
    ),
    Action(
        "paint_layer_mask",
        _("Paint on layer mask"),
        _("White paint shows the active layer, black paint and the eraser hide it"),
        LayerActions.toggle_painting_on_mask,
        keys="Ctrl+Shift+M",
        enabled=lambda layers: layers.has_mask,
        checked=LayerActions.paints_on_mask,
    ),
    Action(
        "remove_layer_mask",
        _("Remove layer mask"),
        _("Show all of the active layer again"),
        LayerActions.remove_mask,
        enabled=lambda layers: layers.has_mask,
    ),
)
