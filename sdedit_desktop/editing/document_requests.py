"""What an engine is given of a document, and the layer that a candidate becomes."""

from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.document import names
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.layers import BlendMode, Layer, LayerKind
from sdedit_desktop.document.tiles import Tiles, within
from sdedit_desktop.editing import models, source_photo
from sdedit_desktop.editing.regions import region, scope
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
    """Copies out of a document what an engine needs to edit it.

    Without a mask the surroundings of the strokes may change; see ``scope``. For ``least_side`` see
    ``context_side``.
    """
    rect, mask = masked_part(document, least_side)
    photo = source_photo.of_document(document, rect, mask)
    return EditRequest(params, guide_of(document, rect), mask, rect, photo, document.icc)


def context_side(facts: ModelFacts | None) -> int:
    """Pixels of a document along a side that a model shall see at least, by what is known of it.

    What is smaller would be enlarged for it.
    """
    size = facts.card.get("size") if facts else None
    return max(LEAST_CONTEXT, size if isinstance(size, int) else 0)


def masked_part(
    document: Document, least_side: int = LEAST_CONTEXT
) -> tuple[Rect, NDArray[np.uint8]]:
    """What the model shall see of a document, and the mask there; see ``scope``.

    Returns:
        A part of the document, and how strongly it may change there, (height, width) uint8.
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
    """What is seen, without the transparency of a photo; straight RGB of the document's depth.

    Where nothing is seen it is white, as is the paper of a canvas without a photo.
    """
    if not is_see_through(document, rect):
        return on_white(document.composite(rect))
    straight = document.straight(rect)
    straight[~straight.any(axis=2), :3] = np.iinfo(straight.dtype).max
    return straight[..., :3]


def is_see_through(document: Document, rect: Rect) -> bool:
    """Whether a photo is partly transparent, and nothing hides that: edits keep it so."""
    if not source_photo.has_photo(document):
        return False
    alpha = document.composite(rect & document.rect)[..., 3]
    return bool(alpha.size and alpha.min() < np.iinfo(alpha.dtype).max)


def on_white(pixels: Raster) -> Raster:
    """Premultiplied RGBA on white paper: straight RGB of the same depth; exact if opaque."""
    most = np.iinfo(pixels.dtype).max
    flat: Raster = pixels[..., :3] + (most - pixels[..., 3:])
    return flat


def result_layer(document: Document, candidate: Candidate, keeps_words: bool = True) -> Layer:
    """A candidate as a layer: its pixels, how much of them shows, and what made it.

    On a photo that is partly transparent it does not change how transparent.
    """
    params = candidate.params if keeps_words else without_words(candidate.params)
    top = np.iinfo(candidate.image.dtype).max
    height, width = candidate.alpha.shape
    opaque = np.full((height, width, 1), top, candidate.image.dtype)
    tiles = Tiles(dtype=candidate.image.dtype.type)
    edit = tiles.edit()
    edit.write(candidate.rect, np.concatenate([candidate.image, opaque], axis=2))
    edit.commit()
    mask = Tiles(channels=1)
    edit = mask.edit()
    edit.write(candidate.rect, candidate.alpha[..., None])
    edit.commit()
    return Layer(
        names.of_candidate(candidate.seed),
        kind=LayerKind.RESULT,
        tiles=tiles,
        mask=mask,
        mode=BlendMode.ATOP if is_see_through(document, candidate.rect) else BlendMode.NORMAL,
        parameters={
            **asdict(params),
            "model": models.shared_name(candidate.params.model),
            "seed": candidate.seed,
            "model_sha256": candidate.origin.model_sha256,
            "made": candidate.origin.made,
            **({"loras": list(candidate.origin.loras)} if candidate.origin.loras else {}),
        },
    )
