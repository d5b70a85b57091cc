"""Drags that paint, erase, pick a colour or fill."""

from collections.abc import Callable, Generator
from dataclasses import replace

from sdedit_desktop.document.brush.brush import Brush
from sdedit_desktop.document.brush.stroke import Stroke
from sdedit_desktop.document.commands import PaintTiles
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.history import Command, Damage
from sdedit_desktop.document.layers import MASK, Layer, LayerKind
from sdedit_desktop.document.tiles import TileChange, TileEdit
from sdedit_desktop.editing.gestures.interactive import Drag, Phase, PointerEvent
from sdedit_desktop.editing.operations.fill import filled
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Outline, Rect
from sdedit_desktop.texts import Text


def paint(session: Session, event: PointerEvent) -> Drag:
    """Paints on the active layer with the brush; erases with an eraser brush or pen end."""
    brush = replace(session.brush, erase=True) if event.is_eraser else session.brush
    return _paint(session, event, brush)


def erase(session: Session, event: PointerEvent) -> Drag:
    """Erases on the active layer, with the size and hardness of the brush."""
    return _paint(session, event, replace(session.brush, erase=True))


def paint_mask(session: Session, event: PointerEvent) -> Drag:
    """Paints the mask with the mask brush; the eraser end of a pen clears it."""
    brush = replace(session.mask_brush, erase=True) if event.is_eraser else session.mask_brush
    return _paint_mask(session, event, brush)


def erase_mask(session: Session, event: PointerEvent) -> Drag:
    """Clears the mask with the mask brush."""
    return _paint_mask(session, event, replace(session.mask_brush, erase=True))


def pick_color(session: Session, event: PointerEvent) -> Drag:
    """Sets the brush colour from under the pointer, until it is released."""
    while event.phase is not Phase.RELEASE:
        color = session.color_at(event.sample.x, event.sample.y)
        if color is not None and color != session.brush.color:
            session.change_brush(replace(session.brush, color=color))
        event = yield None


def fill(session: Session, event: PointerEvent) -> Drag:
    """Fills an area of similar colour at the press."""
    sample = event.sample
    while event.phase is not Phase.RELEASE:
        event = yield None
    layer = _open_layer(session, session.brush)
    if layer is None or not session.document.rect.contains(sample.x, sample.y):
        return
    at = int(sample.x), int(sample.y)
    options, document = session.fill_options, session.document
    if session.paints_layer_mask and layer.mask is not None:
        shows = _as_light(session.brush)
        change = filled(document, layer.mask, shows, at, options)
        command: Command = PaintTiles(Text("Fill layer mask"), ("layer mask", layer.id), change)
    else:
        locked = layer.alpha_locked
        change = filled(document, layer.tiles, session.brush, at, options, alpha_locked=locked)
        command = PaintTiles(Text("Fill"), ("layer", layer.id), change)
    document.push(command)


def _open_layer(session: Session, brush: Brush) -> Layer | None:
    """The layer to paint on; ``None``, with a message, if there is none."""
    layer = session.document.layer(session.active_layer)
    on_mask = session.paints_layer_mask
    if layer.kind is LayerKind.RESULT and not (layer.locked or brush.erase or on_mask):
        session.add_layer()  # a result is kept as the model made it
        layer = session.document.layer(session.active_layer)
    if layer.locked or not layer.visible:
        if layer.locked:
            session.noticed.emit(Text("The layer {0} is locked.", layer.name))
        else:
            session.noticed.emit(Text("The layer {0} is hidden.", layer.name))
        return None
    return layer


def _paint(session: Session, event: PointerEvent, brush: Brush) -> Drag:
    layer = _open_layer(session, brush)
    if layer is None:
        return
    document = session.document
    if session.paints_layer_mask and layer.mask is not None:
        edit = layer.mask.edit()
        stroke = Stroke(_as_light(brush), edit, clip=document.rect)
        change = yield from _lead(stroke, edit, event, _preview_picture(document))
        command: Command = PaintTiles(Text("Paint layer mask"), ("layer mask", layer.id), change)
    else:
        edit = layer.tiles.edit()
        stroke = Stroke(brush, edit, alpha_locked=layer.alpha_locked, clip=document.rect)
        change = yield from _lead(stroke, edit, event, _preview_picture(document))
        label = Text("Erase") if brush.erase else Text("Brush stroke")
        command = PaintTiles(label, ("layer", layer.id), change)
    if change.keys:
        document.push(command, previewed=True)


def _as_light(brush: Brush) -> Brush:
    """The brush for a layer mask: its lightness decides how much is shown."""
    return replace(brush, strength=lightness(brush.color))


def lightness(color: tuple[int, int, int]) -> int:
    """The lightness of a colour, 0 to 255."""
    red, green, blue = color
    return round(0.299 * red + 0.587 * green + 0.114 * blue)


def _paint_mask(session: Session, event: PointerEvent, brush: Brush) -> Drag:
    document = session.document
    edit = document.mask.edit()
    stroke = Stroke(brush, edit, clip=document.rect)
    change = yield from _lead(
        stroke, edit, event, lambda rect: document.preview(Damage(mask=(rect,)))
    )
    label = Text("Erase mask") if brush.erase else Text("Paint mask")
    if change.keys:
        document.push(PaintTiles(label, MASK, change), previewed=True)


def _preview_picture(document: Document) -> Callable[[Rect], None]:
    return lambda rect: document.preview(Damage((rect,)))


def _lead(
    stroke: Stroke, edit: TileEdit, event: PointerEvent, preview: Callable[[Rect], None]
) -> Generator[Outline | None, PointerEvent, TileChange]:
    """Adds pointer events to a stroke until the release; rolls back if closed."""
    try:
        while event.phase is not Phase.RELEASE:
            preview(stroke.add(event.sample))
            event = yield None
        preview(stroke.finish())
    except GeneratorExit:
        preview(edit.rollback())
        raise
    return edit.commit()
