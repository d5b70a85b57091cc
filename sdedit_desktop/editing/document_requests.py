"""Makes requests from a document, and layers from candidates."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.document import names
from sdedit_desktop.document.blending import premultiplied
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.layers import BlendMode, Layer, LayerKind, composite
from sdedit_desktop.document.tiles import Tiles, keys_in, rect_of, within
from sdedit_desktop.editing import models, source_photo
from sdedit_desktop.editing.regions import islands, region, scope
from sdedit_desktop.editing.request import (
    LEAST_CONTEXT,
    Candidate,
    EditParams,
    EditRequest,
    ModelFacts,
    Raster,
    without_words,
)
from sdedit_desktop.geometry import Rect


def request_of(
    document: Document, params: EditParams, least_side: int = LEAST_CONTEXT
) -> EditRequest:
    """Copies what an engine needs from a document.

    Without a mask the surroundings of the strokes may change; see ``scope``. For ``least_side`` see
    ``context_side``.
    """
    rect, mask = masked_part(document, least_side)
    regions = islands.regions_of(mask, rect, document.rect, least_side)
    if len(regions) < 2:
        guide, regions = guide_of(document, rect), ()
    else:
        rect, mask = _around(regions, rect, mask)
        guide = np.zeros((*mask.shape, 3), document.dtype)
        for seen in regions:
            guide[within(seen, rect)] = guide_of(document, seen)
    photo = source_photo.of_document(document, rect, mask)
    below = _below_strokes(document, guide, rect, regions or (rect,))
    return EditRequest(params, guide, mask, rect, photo, document.icc, regions=regions, below=below)


def _below_strokes(
    document: Document, guide: Raster, rect: Rect, regions: Sequence[Rect]
) -> Raster | None:
    """The guide of some regions without the strokes, where something opaque is below them.

    ``None`` if there are no strokes in them.
    """
    painted, strokes = scope.painted_rect(document), scope.strokes(document)
    if not any(painted & seen for seen in regions):
        return None
    others = [layer for layer in document.layers if layer not in strokes]
    found = np.zeros_like(guide)
    for seen in regions:
        found[within(seen, rect)] = guide[within(seen, rect)]
        if part := painted & seen:
            pixels = composite(others, part, document.dtype)
            opaque = pixels[..., 3:] == np.iinfo(document.dtype).max
            np.copyto(found[within(part, rect)], pixels[..., :3], where=opaque)
    return found


def _around(
    regions: Sequence[Rect], rect: Rect, mask: NDArray[np.uint8]
) -> tuple[Rect, NDArray[np.uint8]]:
    """A mask as it is around all regions of it."""
    there = Rect.union(regions)
    if there == rect:
        return rect, mask
    found = np.zeros((there.height, there.width), np.uint8)
    common = there & rect
    found[within(common, there)] = mask[within(common, rect)]
    return there, found


def context_side(facts: ModelFacts | None) -> int:
    """Smallest side of the context for a model, in document pixels.

    A smaller context would have to be enlarged.
    """
    size = facts.card.get("size") if facts else None
    return max(LEAST_CONTEXT, size if isinstance(size, int) else 0)


def masked_part(
    document: Document, least_side: int = LEAST_CONTEXT
) -> tuple[Rect, NDArray[np.uint8]]:
    """The part of a document for the model, and its mask; see ``scope``.

    Returns:
        The rectangle, and the strength of the mask in it, (height, width) uint8.
    """
    masked = document.mask.content_rect() & document.rect
    if masked:
        rect = region.context_rect(masked, document.rect, least_side)
        mask: NDArray[np.uint8] = document.mask.read(rect)[..., 0]
        return rect, mask
    around = scope.around_strokes(document)
    if around is None:
        rect = document.rect
        return rect, np.full((rect.height, rect.width), 255, np.uint8)
    rect = region.context_rect(around.rect, document.rect, least_side)
    mask = np.zeros((rect.height, rect.width), np.uint8)
    mask[within(around.rect, rect)] = around.mask
    return rect, mask


def guide_of(document: Document, rect: Rect) -> Raster:
    """The visible picture without transparency: straight RGB in the document's depth.

    White where nothing is visible, as is the paper of a canvas without a photo.
    """
    if not is_see_through(document, rect):
        return on_white(document.composite(rect))
    straight = document.straight(rect)
    straight[~straight.any(axis=2), :3] = np.iinfo(straight.dtype).max
    return straight[..., :3]


def is_see_through(document: Document, rect: Rect, mask: NDArray[np.uint8] | None = None) -> bool:
    """Whether a photo is partly transparent and nothing covers that; edits keep it transparent.

    Args:
        document: Where the photo may be.
        rect: A part of it.
        mask: What counts of that, if not all: where (height, width) is not 0.
    """
    if not source_photo.has_photo(document):
        return False
    most = np.iinfo(document.dtype).max
    for key in keys_in(rect & document.rect):
        part = rect & document.rect & rect_of(key)
        counts = mask is None or mask[within(part, rect)].any()
        if counts and document.composite(part)[..., 3].min() < most:
            return True
    return False


def on_white(pixels: Raster) -> Raster:
    """Composites premultiplied RGBA on white: straight RGB of the same depth; exact if opaque."""
    most = np.iinfo(pixels.dtype).max
    flat: Raster = pixels[..., :3] + (most - pixels[..., 3:])
    return flat


def result_layer(document: Document, candidate: Candidate, keeps_words: bool = True) -> Layer:
    """A candidate as a layer: its pixels, mask and parameters.

    On a partly transparent photo it keeps the transparency.
    """
    see_through = is_see_through(document, candidate.rect, candidate.alpha)
    params = candidate.params if keeps_words else without_words(candidate.params)
    tiles = Tiles(dtype=candidate.image.dtype.type)
    mask = Tiles(channels=1)
    edit, mask_edit = tiles.edit(), mask.edit()
    for key in keys_in(candidate.rect):
        part = candidate.rect & rect_of(key)
        inside = within(part, candidate.rect)
        if candidate.alpha[inside].any():
            edit.write(part, premultiplied(candidate.image[inside]))
            mask_edit.write(part, candidate.alpha[inside][..., None])
    edit.commit()
    mask_edit.commit()
    return Layer(
        names.of_candidate(candidate.seed),
        kind=LayerKind.RESULT,
        tiles=tiles,
        mask=mask,
        mode=BlendMode.ATOP if see_through else BlendMode.NORMAL,
        parameters={
            **asdict(params),
            "model": models.shared_name(candidate.params.model),
            "seed": candidate.seed,
            "model_sha256": candidate.origin.model_sha256,
            "made": candidate.origin.made,
            **({"loras": list(candidate.origin.loras)} if candidate.origin.loras else {}),
        },
    )
