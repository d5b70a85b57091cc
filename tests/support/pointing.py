"""Pointer events for tools, without a window."""

from sdedit_desktop.document.brush.brush import Sample
from sdedit_desktop.editing.gestures.interactive import Phase, PointerEvent
from sdedit_desktop.editing.operations.mask_shapes import Modifiers

NO_KEYS = Modifiers()


def press(x, y, keys=NO_KEYS, unit=1.0):
    return PointerEvent(Sample(x, y), keys, Phase.PRESS, unit)


def move(x, y, keys=NO_KEYS):
    return PointerEvent(Sample(x, y), keys, Phase.MOVE)


def release(x=0, y=0, keys=NO_KEYS):
    return PointerEvent(Sample(x, y), keys, Phase.RELEASE)


def drag(session, function, *points, keys=NO_KEYS, is_eraser=False):
    """Drags a tool from the first point to the last; returns the outlines that it showed."""
    start = press(*points[0], keys)._replace(is_eraser=is_eraser)
    running = function(session, start)
    outlines = []
    try:
        outlines.append(next(running))
        for point in points[1:]:
            outlines.append(running.send(move(*point, keys)))
        running.send(release(*points[-1], keys))
    except StopIteration:
        return outlines
    raise AssertionError("it goes on after the release")
