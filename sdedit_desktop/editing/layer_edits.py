"""Changes to layers, each one undo step, for menus, the layers panel and shortcuts."""

from sdedit_desktop.document.blending import full_value
from sdedit_desktop.document.commands import (
    AddLayer,
    ChangeLayer,
    MergeDown,
    MoveLayer,
    PaintTiles,
    RemoveLayer,
    ReplaceLayerMask,
)
from sdedit_desktop.document.layers import ActiveLayer, Layer
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.editing.session import Session
from sdedit_desktop.texts import Text


def active(session: Session) -> Layer:
    """The active layer."""
    return session.document.layer(session.active_layer)


def change_layer(
    session: Session, layer: Layer, label: Text, *, merge: bool = False, **values: object
) -> None:
    """Sets properties of a layer; ``merge`` combines the steps of a drag."""
    before = {name: getattr(layer, name) for name in values}
    if before != values:
        session.document.push(ChangeLayer(layer.id, before, values, label), merge=merge)


def toggle_visible(session: Session, layer: Layer) -> None:
    """Shows or hides a layer."""
    label = Text("Hide layer") if layer.visible else Text("Show layer")
    change_layer(session, layer, label, visible=not layer.visible)


def toggle_locked(session: Session, layer: Layer) -> None:
    """Locks or unlocks a layer."""
    label = Text("Unlock layer") if layer.locked else Text("Lock layer")
    change_layer(session, layer, label, locked=not layer.locked)


def toggle_alpha_locked(session: Session, layer: Layer) -> None:
    """Locks or unlocks a layer's transparency."""
    label = Text("Unlock transparency") if layer.alpha_locked else Text("Lock transparency")
    change_layer(session, layer, label, alpha_locked=not layer.alpha_locked)


def duplicate(session: Session) -> None:
    """Adds a copy of the active layer above it and activates the copy."""
    document, layer = session.document, active(session)
    copy = layer.duplicate(Text("{0} copy", layer.name))
    index = document.layers.index(layer) + 1
    command = AddLayer(copy, index, Text("Duplicate layer"))
    document.push(command, active=ActiveLayer(copy.id))


def delete(session: Session) -> None:
    """Deletes the active layer and activates the one below, or above the lowest."""
    session.document.push(RemoveLayer(session.active_layer))


def move(session: Session, steps: int) -> None:
    """Moves the active layer up by ``steps``, or down if negative, as far as possible."""
    index = session.document.layers.index(active(session)) + steps
    if 0 <= index < len(session.document.layers):
        session.document.push(MoveLayer(session.active_layer, index))


def merge_down(session: Session) -> None:
    """Merges the active layer into the one below, which is activated."""
    session.document.push(MergeDown(session.active_layer))


def fill(session: Session) -> None:
    """Fills the active layer with the brush's colour; shows a message if it is locked."""
    document, layer = session.document, active(session)
    if layer.locked:
        session.noticed.emit(Text("The layer {0} is locked.", layer.name))
        return
    full = document.dtype(full_value(document.dtype) // 255)
    edit = layer.tiles.edit()
    edit.fill(document.rect, tuple(int(value * full) for value in (*session.brush.color, 255)))
    document.push(PaintTiles(Text("Fill"), ("layer", layer.id), edit.commit()))


def paint_on_mask(session: Session, layer: Layer) -> None:
    """Switches painting to a layer's mask, and explains that."""
    session.activate_layer(layer.id, mask=True)
    session.noticed.emit(
        Text("Now on the mask of {0}: white paint shows the layer, black hides it.", layer.name)
    )


def add_mask(session: Session) -> None:
    """Adds a mask to the active layer: a copy of the document's, or all white if that is empty."""
    document, layer = session.document, active(session)
    if document.mask.content_rect() & document.rect:
        mask = document.mask.copy()
    else:
        mask = Tiles(channels=1)
        edit = mask.edit()
        edit.fill(document.rect | layer.tiles.bounds(), 255)
        edit.commit()
    command = ReplaceLayerMask(Text("Add layer mask"), layer.id, None, mask)
    document.push(command, active=ActiveLayer(layer.id, on_mask=True))
    paint_on_mask(session, layer)


def remove_mask(session: Session) -> None:
    """Removes the active layer's own mask."""
    layer = active(session)
    command = ReplaceLayerMask(Text("Remove layer mask"), layer.id, layer.mask, None)
    session.document.push(command)
