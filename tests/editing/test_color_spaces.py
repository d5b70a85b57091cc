"""An edit looks the same whatever profile the photograph has: models see sRGB."""

from dataclasses import replace

import numpy as np
import pytest

from sdedit_desktop.document.files import colors, profiles
from sdedit_desktop.editing import models, presets
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.request import (
    CancelToken,
    Candidate,
    EditParams,
    EditRequest,
    PhotoPart,
)
from sdedit_desktop.geometry import Rect

# ROMM RGB: the primaries of ISO 22028-2 and a plain curve of 1.8.
PRO_PHOTO = profiles.written(
    "ProPhoto",
    ((0.79767, 0.28804, 0), (0.13519, 0.71188, 0), (0.03135, 0.00009, 0.82509)),
    b"curv\0\0\0\0\0\0\0\1\1\xcd\0\0",
)


def photograph(side):
    """A meadow below a sky, of colours that sRGB has, with grain: (side, side, 3) in [0, 1]."""
    y, x = np.mgrid[:side, :side] / side
    sky = np.stack([0.4 + 0.1 * y, 0.55 + 0.1 * y, 0.8 - 0.1 * x], 2)
    meadow = np.stack([0.35 + 0.1 * np.sin(40 * x), 0.5 + 0.1 * np.sin(25 * y), 0.2 + 0 * x], 2)
    grain = np.random.default_rng(0).normal(0, 0.03, (side, side, 1))
    return np.clip(np.where(y[..., None] < 0.5, sky, meadow) + grain, 0.1, 0.9).astype(np.float32)


def lab(values):
    """CIE Lab of sRGB (count, 3) in about [0, 1], by IEC 61966-2-1 and CIE 15."""
    size = np.abs(values)
    linear = np.where(size > 0.04045, ((size + 0.055) / 1.055) ** 2.4, size / 12.92)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = (np.sign(values) * linear) @ np.transpose(to_xyz) / np.sum(to_xyz, axis=1)
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116).T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], 1)


def edited(model, side, seed, icc):
    """A red stroke on the photograph in a space, edited: the result in Lab, inside the mask."""
    seen, mask = photograph(side), np.zeros((side, side), np.uint8)
    mask[side // 3 : -side // 4, side // 3 : -side // 4] = 255
    strokes = np.where(mask[..., None] > 0, np.float32([0.6, 0.3, 0.25]), seen)
    numbers, painted = (
        np.rint(65535 * np.clip(colors.from_srgb(each, icc), 0, 1)).astype(np.uint16)
        for each in (seen, strokes)
    )
    valid, rect = mask == 0, Rect(0, 0, side, side)
    part = PhotoPart(numbers * valid[..., None], valid, rect, icc)
    params = EditParams(model, seeds=(seed,), precision="fp32")
    params = replace(params, **presets.defaults(model))
    request = EditRequest(params, painted, mask, rect, lambda _rect: (part,), icc)
    messages = TorchEngine(device="cpu").run(request, CancelToken())
    (made,) = [message for message in messages if isinstance(message, Candidate)]
    return lab(colors.to_srgb(np.float32(made.image[mask > 0][None] / 65535), icc)[0])


@pytest.mark.parametrize(("model", "side"), [("network", 32), (models.THIS_PHOTO, 96)])
def test_an_edit_in_pro_photo_looks_as_in_srgb(model, side, tiny_model):
    model = tiny_model if model == "network" else model
    agreed = False
    for seed in range(16):
        here, there = (edited(model, side, seed, icc) for icc in (None, PRO_PHOTO))
        assert abs(np.hypot(*here.T[1:]).mean() - np.hypot(*there.T[1:]).mean()) < 0.5
        # Rounding decides between patches that are equally near: then other seeds tell.
        agreed = np.percentile(np.linalg.norm(here - there, axis=1), 95) < 1
        if agreed:
            break
    assert agreed
