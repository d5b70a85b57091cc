"""What the pointer does. A gesture is a generator: press, drag and release read as one story."""

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TypeAlias

from sdedit_desktop.document.brush.brush import Brush, Sample
from sdedit_desktop.document.brush.stroke import Stroke
from sdedit_desktop.document.commands import PaintLayerMask, PaintMask, PaintTiles
from sdedit_desktop.document.history import Command
from sdedit_desktop.document.layers import Layer, LayerKind
from sdedit_desktop.document.tiles import TileChange, TileEdit
from sdedit_desktop.editing.operations.fill import filled
from sdedit_desktop.editing.session import Session
from sdedit_desktop.events import Event
from sdedit_desktop.geometry import Outline, Rect
from sdedit_desktop.texts import Text

Gesture: TypeAlias = Generator[Outline | None, Sample | None, Command | None]
"""Started with ``next``, sent samples, then ``None`` on release, when it returns what was done.

It yields an outline to be seen over the picture until the next sample, or none. Closing it breaks
it off and leaves no trace.
"""

Tool: TypeAlias = Callable[[Session, Sample], Gesture]


def paint(session: Session, sample: Sample) -> Gesture:
    """Paints on the active layer with the brush, or erases if it is set to."""
    return _paint(session, sample, session.brush)


def erase(session: Session, sample: Sample) -> Gesture:
    """Takes paint off the active layer, with the size and hardness of the brush."""
    return _paint(session, sample, replace(session.brush, erase=True))


def paint_mask(session: Session, sample: Sample) -> Gesture:
    """Marks with the mask brush where the picture may change."""
    return _paint_mask(session, sample, session.mask_brush)


def erase_mask(session: Session, sample: Sample) -> Gesture:
    """Protects the picture again, with the mask brush."""
    return _paint_mask(session, sample, replace(session.mask_brush, erase=True))


def pick_color(session: Session, sample: Sample) -> Gesture:
    """Takes the colour under the pointer into the brush, until it is released."""
    at: Sample | None = sample
    while at is not None:
        color = session.color_at(at.x, at.y)
        if color is not None and color != session.brush.color:
            session.change_brush(replace(session.brush, color=color))
        at = yield None
    return None


def fill(session: Session, sample: Sample) -> Gesture:
    """Covers what is alike around the pointer with the brush's colour."""
    yield None
    layer = _open_layer(session, session.brush)
    if layer is None or not session.document.rect.contains(sample.x, sample.y):
        return None
    at = int(sample.x), int(sample.y)
    options, document = session.fill_options, session.document
    if session.paints_layer_mask and layer.mask is not None:
        shows = _as_light(session.brush)
        change = filled(document, layer.mask, shows, at, options)
        command: Command = PaintLayerMask(Text("Fill layer mask"), layer.id, change)
    else:
        locked = layer.alpha_locked
        change = filled(document, layer.tiles, session.brush, at, options, alpha_locked=locked)
        command = PaintTiles(Text("Fill"), layer.id, change)
    for area in change.areas:
        document.repainted.emit(area)
    return command


def _open_layer(session: Session, brush: Brush) -> Layer | None:
    """The layer to paint on; ``None``, and a word to the user, if there is none."""
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


def _paint(session: Session, sample: Sample, brush: Brush) -> Gesture:
    layer = _open_layer(session, brush)
    if layer is None:
        return None
    document = session.document
    if session.paints_layer_mask and layer.mask is not None:
        edit = layer.mask.edit()
        stroke = Stroke(_as_light(brush), edit, clip=document.rect)
        change = yield from _follow(stroke, edit, sample, document.repainted)
        return PaintLayerMask(Text("Paint layer mask"), layer.id, change) if change.keys else None
    edit = layer.tiles.edit()
    stroke = Stroke(brush, edit, alpha_locked=layer.alpha_locked, clip=document.rect)
    change = yield from _follow(stroke, edit, sample, document.repainted)
    label = Text("Erase") if brush.erase else Text("Brush stroke")
    return PaintTiles(label, layer.id, change) if change.keys else None


def _as_light(brush: Brush) -> Brush:
    """For a layer's mask: white shows, black and the eraser hide, colours lie between."""
    return replace(brush, strength=lightness(brush.color))


def lightness(color: tuple[int, int, int]) -> int:
    """How light a colour is, 0 to 255."""
    red, green, blue = color
    return round(0.299 * red + 0.587 * green + 0.114 * blue)


def _paint_mask(session: Session, sample: Sample, brush: Brush) -> Gesture:
    edit = session.document.mask.edit()
    stroke = Stroke(brush, edit, clip=session.document.rect)
    change = yield from _follow(stroke, edit, sample, session.document.mask_repainted)
    label = Text("Erase mask") if brush.erase else Text("Paint mask")
    return PaintMask(label, change) if change.keys else None


def _follow(
    stroke: Stroke, edit: TileEdit, sample: Sample, repainted: Event[Rect]
) -> Generator[Outline | None, Sample | None, TileChange]:
    """Leads a stroke along the samples it is sent; ends on ``None``, rolls back if closed."""
    at: Sample | None = sample
    try:
        while at is not None:
            repainted.emit(stroke.add(at))
            at = yield None
        repainted.emit(stroke.finish())
    except GeneratorExit:
        repainted.emit(edit.rollback())
        raise
    return edit.commit()
