"""Masks of several parts: near ones share a region, distant ones have regions of their own.

One region around distant parts would have to be reduced until their detail is lost. All regions
together are one candidate: one seed, one layer, one undo step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.document.tiles import within
from sdedit_desktop.editing.regions.feather import bounds
from sdedit_desktop.editing.regions.region import context_rect
from sdedit_desktop.editing.request import LEAST_CONTEXT, EditRequest, Raster
from sdedit_desktop.geometry import Rect

MOST_REGIONS = 8
"""Largest number of regions; the nearest parts are joined."""

_BLOCK, _BLOCKS = 32, 128
"""Pixels of a mask are looked at in squares of this side, or in so many to the longer side of a
large mask; parts nearer than that are one."""

_MOST_ISLANDS = 4 * MOST_REGIONS
"""Of more, near ones are joined before all pairs are compared."""

_WORTH = 1.5
"""Regions are joined if the joint one is at most so many times as large as both together."""


def regions_of(
    mask: NDArray[np.uint8], rect: Rect, picture: Rect, least_side: int = LEAST_CONTEXT
) -> tuple[Rect, ...]:
    """The regions of a picture that a model is given one after another; they do not overlap.

    Args:
        mask: (height, width), 0 = must not change.
        rect: The part of the picture that the mask covers.
        picture: All of it.
        least_side: See ``document_requests.context_side``.
    """

    def around(island: Rect) -> tuple[Rect, Rect]:
        return island, context_rect(island, picture, least_side)

    found = [around(each.translated(rect.left, rect.top)) for each in _islands(mask)]
    while len(found) > 1:
        pairs = combinations(range(len(found)), 2)
        joint = [(around(found[a][0] | found[b][0]), a, b) for a, b in pairs]
        growth, best = min((_growth(j, found[a], found[b]), i) for i, (j, a, b) in enumerate(joint))
        if growth > _WORTH and len(found) <= MOST_REGIONS:
            break
        together, one, other = joint[best]
        found = [each for index, each in enumerate(found) if index not in (one, other)]
        found.append(together)
    return tuple(sorted((seen for _, seen in found), key=lambda seen: (seen.top, seen.left)))


def split(request: EditRequest) -> Sequence[EditRequest]:
    """A request for each of its regions; the request itself if there is only one."""
    if len(request.regions) < 2:
        return (request,)
    parts = []
    for seen in request.regions:
        inside = within(seen, request.rect)
        guide, mask = request.guide[inside], request.mask[inside]
        below = None if request.below is None else request.below[inside]
        part = replace(
            request, guide=guide, mask=mask, below=below, rect=seen, regions=(), whole=request
        )
        parts.append(part)
    return parts


class Assembly:
    """Assembles the picture of a candidate from those of its regions."""

    def __init__(self, request: EditRequest) -> None:
        self._request = request
        self.image: Raster = request.guide
        self.alpha: NDArray[np.uint8] = np.zeros(request.mask.shape, np.uint8)

    def put(self, part: EditRequest, image: Raster, alpha: NDArray[np.uint8]) -> None:
        """Inserts a region's picture."""
        request = self._request
        if part is request:
            self.image, self.alpha = image, alpha
            return
        if self.image is request.guide:
            # Zeros that are not written to take no memory: only regions are copied.
            self.image = np.zeros_like(request.guide)
            for seen in request.regions:
                inside = within(seen, request.rect)
                self.image[inside] = request.guide[inside]
        inside = within(part.rect, request.rect)
        self.image[inside], self.alpha[inside] = image, alpha


def _growth(joint: tuple[Rect, Rect], one: tuple[Rect, Rect], other: tuple[Rect, Rect]) -> float:
    """How much larger a joint region is than both together; 0 if they overlap."""
    if one[1] & other[1]:
        return 0.0
    return _area(joint[1]) / (_area(one[1]) + _area(other[1]))


def _area(rect: Rect) -> int:
    return rect.width * rect.height


def _islands(mask: NDArray[np.uint8]) -> list[Rect]:
    """Rectangles around the parts of a mask that do not touch each other, not too many."""
    block = max(_BLOCK, -(-max(mask.shape) // _BLOCKS))
    found = _islands_of(mask, block)
    while len(found) > _MOST_ISLANDS:
        block *= 2
        found = _islands_of(mask, block)
    return found


def _islands_of(mask: NDArray[np.uint8], block: int) -> list[Rect]:
    blocks = mask
    for axis in (0, 1):
        blocks = np.maximum.reduceat(blocks, np.arange(0, mask.shape[axis], block), axis)
    waiting = set(zip(*(indices.tolist() for indices in np.nonzero(blocks)), strict=True))
    found = []
    while waiting:
        edge = [waiting.pop()]
        area = Rect(0, 0, 0, 0)
        while edge:
            row, column = edge.pop()
            left, top = column * block, row * block
            area |= Rect(left, top, left + block, top + block)
            around = {(row + y, column + x) for y in (-1, 0, 1) for x in (-1, 0, 1)} & waiting
            waiting -= around
            edge += around
        area &= Rect(0, 0, mask.shape[1], mask.shape[0])
        exact = bounds(mask[area.top : area.bottom, area.left : area.right])
        found.append(exact.translated(area.left, area.top))
    return found
