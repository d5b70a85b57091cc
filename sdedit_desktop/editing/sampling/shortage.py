"""Plans for a shortage of memory: fewer candidates at once, smaller parts, the CPU, less detail."""

from dataclasses import replace
from typing import NamedTuple

from sdedit_desktop.editing.request import DETAILS, EditRequest
from sdedit_desktop.editing.sampling.memory import PHOTOGRAPHS, Need
from sdedit_desktop.editing.sampling.photographs import less_detail
from sdedit_desktop.texts import Text

_LEAST_SCALE = 0.25


class SmallerPlan(NamedTuple):
    """A way to run a request in less memory.

    Attributes:
        batch: How many candidates at once.
        request: The request as it goes on.
        note: What the user is told.
        leaves_card: Whether it goes on on the CPU.
    """

    batch: int
    request: EditRequest
    note: Text
    leaves_card: bool = False


def smaller_plan(
    tried: int, request: EditRequest, short: Need | None, tile: int, *, on_cpu: bool
) -> SmallerPlan | None:
    """Chooses what takes less memory; ``None`` if nothing is left.

    First fewer at once, then tiles, then the other device, then less detail of photographs, then a
    smaller picture.

    Args:
        tried: How many candidates were to be made at once.
        request: What was to be done.
        short: What takes most of it, if that is known.
        tile: Side of smaller tiles; 0 if there can be none.
        on_cpu: Whether there is no other device.
    """
    params = request.params
    of_photographs = short is not None and short.kind == PHOTOGRAPHS
    if tried > 1:
        half = tried // 2
        note = Text("Not enough memory for {0} candidates at once; trying {1}.", tried, half)
        return SmallerPlan(half, request, note)
    if tile and not of_photographs:
        note = Text("Not enough memory for the whole at once; working in parts of {0} px.", tile)
        return SmallerPlan(1, replace(request, params=replace(params, tile=tile)), note)
    if not on_cpu:
        note = Text("Not enough graphics memory for this picture; going on with the CPU.")
        whole = replace(request, params=replace(params, tile=0))
        return SmallerPlan(1, whole, note, leaves_card=True)
    detail = less_detail(params.detail, short.size) if short and of_photographs else ""
    if detail == DETAILS[0]:
        note = Text("Not enough memory to add detail; going on without it.")
    elif detail:
        note = Text("Not enough memory for so much detail; adding it up to {0} px.", detail)
    if detail:
        return SmallerPlan(1, replace(request, params=replace(params, detail=detail)), note)
    scale = params.scale / 2
    if scale < _LEAST_SCALE:
        return None
    note = Text("Not enough memory at this size; the model sees the picture at {0:.0%}.", scale)
    return SmallerPlan(1, replace(request, params=replace(params, scale=scale)), note)
