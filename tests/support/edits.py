"""Requests for the real engine, and its messages."""

import numpy as np

from sdedit_desktop.editing.request import CancelToken, EditParams, EditRequest


def masked_request(params: EditParams, rect, dtype=np.uint8, values=(0, 256)):
    """A request with random pixels, in eight-bit values, whose middle may change."""
    shape = rect.height, rect.width
    guide = np.random.default_rng(0).integers(*values, (*shape, 3)).astype(dtype)
    mask = np.zeros(shape, np.uint8)
    left, right = 5 * rect.width // 24, 5 * rect.width // 6
    mask[rect.height // 4 : 3 * rect.height // 4, left:right] = 255
    return EditRequest(params, guide * (np.iinfo(dtype).max // 255), mask, rect)


def run(engine, wanted):
    return list(engine.run(wanted, CancelToken()))
