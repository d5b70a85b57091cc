"""Memory that photographs take as models. Knows no torch, so that the window can tell it."""

from sdedit_desktop.editing import banks, models
from sdedit_desktop.editing.cost import worked_pixels
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.source_photo import NEAR_PIXELS
from sdedit_desktop.geometry import Rect

MOST_PIXELS = 3_670_000
"""Pixels of all photographs together at most: more are reduced, and so are results."""

_FIXED, _ATLAS, _LEVEL, _FREE, _SAMPLE = 50_000_000, 325, 380, 240, 144
"""Bytes as measured on a CPU for photographs of 1.5 to 6 megapixels: always; of each pixel of the
photographs, of the result and of what may change; of the result for each further candidate."""


def level_bytes(atlas_pixels: int, pixels: int, free_pixels: int, count: int = 1) -> int:
    """Memory of a level of an edit.

    Args:
        atlas_pixels: Of the photographs at this level.
        pixels: Of the result at this level.
        free_pixels: Of those, how many may change.
        count: How many candidates are made at once.
    """
    of_result = (_LEVEL + (count - 1) * _SAMPLE) * pixels
    return _FIXED + _ATLAS * atlas_pixels + of_result + _FREE * free_pixels


def expected_bytes(params: EditParams, rect: Rect, document: Rect) -> int | None:
    """Memory of a job at most, before it is prepared; ``None`` if its model is a network.

    Args:
        params: Of the job.
        rect: The part of the document that the model sees.
        document: All of the document.
    """
    if not models.is_of_photographs(params.model):
        return None
    area, whole = rect.width * rect.height, document.width * document.height
    pixels = min(worked_pixels(params, rect), MOST_PIXELS)
    near = min(max(area, NEAR_PIXELS), whole)
    atlas = near * pixels // max(1, area)
    if params.model != models.THIS_PHOTO:
        atlas += banks.USED_PICTURES * pixels
    return level_bytes(min(atlas, MOST_PIXELS), pixels, pixels)
