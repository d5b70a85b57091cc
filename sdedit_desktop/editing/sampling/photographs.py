"""Prepares photographs as exemplars: those of a request, and those of a bank."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sdedit_desktop.diffusion import exemplars
from sdedit_desktop.diffusion.exemplars import Atlases, Exemplar, Preparation
from sdedit_desktop.diffusion.exemplars.atlas import PATCH
from sdedit_desktop.diffusion.exemplars.levels import BASE
from sdedit_desktop.diffusion.sdedit import State
from sdedit_desktop.document.files import colors
from sdedit_desktop.editing import banks, models
from sdedit_desktop.editing.banks import Bank
from sdedit_desktop.editing.regions.region import Region
from sdedit_desktop.editing.request import DETAILS, EditRequest, PhotoPart, Raster
from sdedit_desktop.editing.sampling.tensors import guide_of, mask_of
from sdedit_desktop.errors import ModelError
from sdedit_desktop.geometry import Rect

_SAMPLED, _SEEN_BEYOND, _FEW = 4, 2 / 255, 0.001
"""Of every so manieth pixel, by how much and how many may lie beyond sRGB."""

FADE = 1.3
"""Width of the fade at the mask's edge, in pixels of the finest level: 1 is none."""


@dataclass(frozen=True, eq=False)
class Material:
    """Photographs made ready for a request.

    Attributes:
        request: The request.
        atlases: Of the photographs.
        sizes: Of all levels, the smallest first.
        sha256: Of the photographs.
    """

    request: EditRequest
    atlases: Atlases
    sizes: Sequence[tuple[int, int]]
    sha256: str
    _regions: dict[tuple[int, int], Region] = field(default_factory=dict)

    @cached_property
    def prepared(self) -> Preparation:
        """The edit, prepared for all candidates."""
        device = self.atlases.device

        def at_size(size: tuple[int, int]) -> tuple[Tensor, Tensor]:
            region = self.at(size)
            return guide_of(region, device, 1), mask_of(region, device)

        return Preparation(self.request.mask.shape, at_size, self.atlases)

    def at(self, size: tuple[int, int]) -> Region:
        """The request at the size of a level."""
        if size not in self._regions:
            self._regions[size] = _region_at(self.request, size)
        return self._regions[size]


class MaterialCache:
    """Caches the atlases that were used last, which candidates of one photograph share."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._last: tuple[tuple[object, ...], Atlases] | None = None

    def material(
        self,
        request: EditRequest,
        photo: Sequence[PhotoPart],
        others: Sequence[Raster],
        first: tuple[int, int] | None = None,
    ) -> Material:
        """Prepares photographs.

        Args:
            request: What is asked.
            photo: The photograph that is edited.
            others: Further ones.
            first: Height and width of the first level, if it is not the usual one.

        Raises:
            ExemplarError: Nothing of them can be used.
        """
        shape, sha256 = request.mask.shape, _hash(photo, others)
        most = _last_scale(request)
        key = sha256, shape, request.rect, most if others else None
        if self._last is None or self._last[0] != key:
            self._last = None
            scale = shape[1] / request.rect.width
            found = [_of_part(part, scale, self._device) for part in photo if part.valid.any()]
            found += [_of_picture(each, min(shape), most, self._device) for each in others]
            self._last = key, Atlases(found)
        atlases = self._last[1]
        sizes = exemplars.level_sizes(shape, atlases, most, first)
        return Material(request, atlases, sizes, sha256)


def last_size(request: EditRequest) -> tuple[int, int]:
    """Height and width up to which detail is added."""
    height, width = request.mask.shape
    scale = _last_scale(request)
    return max(1, round(height * scale)), max(1, round(width * scale))


def less_detail(detail: str, size: tuple[int, int]) -> str:
    """The next choice of ``DETAILS`` with less than a last level of some size; empty if none is.

    Args:
        detail: The present one.
        size: Height and width of the last level.
    """
    side = math.sqrt(size[0] * size[1])
    if detail == DETAILS[0]:
        return ""
    fitting = [each for each in DETAILS[1:-1] if int(each) < 0.9 * side]
    return fitting[-1] if fitting else DETAILS[0]


def _last_scale(request: EditRequest) -> float:
    params = request.params
    height, width = request.mask.shape
    sides = {"off": float(BASE), "full": math.inf}
    side = sides.get(params.detail) or float(params.detail)
    return params.scale * min(1.0, side / math.sqrt(height * width))


def _of_part(part: PhotoPart, scale: float, device: torch.device) -> Exemplar:
    """A part of the photograph, for a region that has ``scale`` pixels per document pixel."""
    valid = torch.from_numpy(part.valid).to(device)
    return Exemplar(
        _tensor(part.pixels, part.icc, device), valid, part.valid.shape[1] / part.rect.width / scale
    )


def _of_picture(pixels: Raster, side: int, least: float, device: torch.device) -> Exemplar:
    """A picture of a bank, taken to be as large as the region, whose shorter side is ``side``.

    One with fewer pixels is taken to be smaller: it is to have the detail of the last level, whose
    scale is ``least``.
    """
    valid = torch.ones(pixels.shape[:2], dtype=torch.bool, device=device)
    scale = max(least, min(valid.shape) / side)
    return Exemplar(_tensor(pixels, None, device), valid, scale, exemplars.BANK_PENALTY)


def _tensor(pixels: Raster, icc: bytes | None, device: torch.device) -> Tensor:
    """Pixels in sRGB, (3, H, W) in about [-1, 1]."""
    values = pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)
    picture = torch.from_numpy(colors.to_srgb(values, icc)).to(device)
    return (picture * 2 - 1).permute(2, 0, 1).contiguous()


def reduced(part: PhotoPart, request: EditRequest) -> PhotoPart:
    """A part for a request that is planned smaller: no finer than its last level needs.

    Others keep all pixels, so that what is copied for them does not depend on the detail.
    """
    pixels_per_pixel = part.valid.shape[1] / part.rect.width
    factor = int(pixels_per_pixel / _last_scale(request)) if request.params.scale < 1 else 1
    rows, columns = (side // factor for side in part.valid.shape)
    if factor < 2 or min(rows, columns) < PATCH:
        return part

    height, width = rows * factor, columns * factor
    blocks = part.pixels[:height, :width].reshape(rows, factor, columns, factor, 3)
    valid = part.valid[:height, :width].reshape(rows, factor, columns, factor).min((1, 3))
    means = blocks.mean((1, 3), dtype=np.float32).round().astype(part.pixels.dtype)
    left, top = part.rect[:2]
    right, bottom = left + round(width / pixels_per_pixel), top + round(height / pixels_per_pixel)
    return replace(part, pixels=means, valid=valid, rect=Rect(left, top, right, bottom))


def in_colors_of(request: EditRequest, part: PhotoPart) -> PhotoPart:
    """The part as numbers that mean what those of the guide mean."""
    if part.icc == request.icc:
        return replace(part, icc=None)
    return replace(part, pixels=colors.converted(part.pixels, part.icc, request.icc), icc=None)


def fit_srgb(photo: Sequence[PhotoPart]) -> bool:
    """Whether sRGB contains the colours of a photograph, but for a few pixels."""
    for part in photo:
        sample = part.pixels[::_SAMPLED, ::_SAMPLED][part.valid[::_SAMPLED, ::_SAMPLED]]
        if sample.size:
            values = sample[None] / np.float32(np.iinfo(sample.dtype).max)
            seen = colors.to_srgb(values.astype(np.float32), part.icc)
            beyond = np.abs(seen - seen.clip(0, 1)).max(axis=2) > _SEEN_BEYOND
            if beyond.mean() > _FEW:
                return False
    return True


def pictures_for(bank: Bank, request: EditRequest, taken_for: bytes | None) -> Sequence[Raster]:
    """A bank's pictures that are used for a request.

    Args:
        bank: Where they are.
        request: What is wanted.
        taken_for: The profile that numbers are read by; if it is not that of the guide, they are
            taken for what they mean there.

    Raises:
        ModelError: One cannot be read.
    """
    chosen = banks.most_similar(bank, eight_bits(request), request.mask)
    icc = None if taken_for == request.icc else request.icc
    return [colors.converted(banks.pixels_of(each), None, icc) for each in chosen]


def bundled() -> Bank:
    """The bundled photographs, for edits whose mask leaves nothing of the photograph."""
    try:
        return banks.load(models.locate(models.BUNDLED_PHOTOS))
    except ModelError as error:
        raise ModelError(
            "There is no part of a photo that is neither masked nor painted over."
        ) from error


def missing_share(request: EditRequest, photo: Sequence[PhotoPart]) -> float:
    """Share of painted pixels whose colours the photograph does not have, in [0, 1]."""
    step = max(1, sum(np.count_nonzero(part.valid) for part in photo) // banks.PALETTE)
    colours = [_eight_bits(part.pixels[part.valid][None, ::step], part.icc)[0] for part in photo]
    palette = np.concatenate(colours) if colours else np.empty((0, 3), np.uint8)
    return banks.missing_share(eight_bits(request), request.mask, palette)


def eight_bits(request: EditRequest) -> NDArray[np.uint8]:
    """The guide in sRGB, (height, width, 3), for what needs no more than 8 bits."""
    return _eight_bits(request.guide, request.icc)


def _eight_bits(pixels: Raster, icc: bytes | None) -> NDArray[np.uint8]:
    shift = np.uint8(8 * (pixels.dtype.itemsize - 1))
    narrow = (pixels >> shift).astype(np.uint8)
    return colors.converted(narrow, icc, None).astype(np.uint8) if narrow.size else narrow


def _hash(photo: Sequence[PhotoPart], others: Sequence[Raster]) -> str:
    digest = hashlib.sha256()
    for part in photo:
        for values in (part.pixels, part.valid):
            digest.update(repr((values.shape, str(values.dtype))).encode())
            digest.update(np.ascontiguousarray(values).data)
        digest.update(repr(tuple(part.rect)).encode())
    for pixels in others:
        digest.update(repr(pixels.shape).encode())
        digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def size_of(state: State) -> tuple[int, int]:
    """Height and width of a state's pictures."""
    return state.z.shape[2], state.z.shape[3]


def _region_at(request: EditRequest, size: tuple[int, int]) -> Region:
    """A request at the size of a level, with a narrow fade.

    Exemplars continue the picture across the mask's edge by themselves; a wide fade would blur
    their texture there. See ``tests/benchmarks/bench_pasted.py``.
    """
    scale = request.mask.shape[0] / size[0]
    return Region.at(request, size, widest_fade=FADE * max(1.0, scale))


def relative_area(size: tuple[int, int]) -> float:
    """Pixels of a picture, relative to the usual size of the first level."""
    return size[0] * size[1] / BASE**2
