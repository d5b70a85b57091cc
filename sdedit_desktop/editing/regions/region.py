"""Regions: the part of a picture that the model works on, and how the result is put back.

A picture of any size is edited at the cost of its masked part: the mask's surroundings are cut
out, reduced to what the model was made for, and the *change* is brought back up. Where the model
changed nothing, the picture keeps every detail that the reduction lost.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sdedit_desktop.document.files import colors
from sdedit_desktop.editing.regions.feather import bounds, feather
from sdedit_desktop.editing.request import LEAST_CONTEXT, EditRequest, Raster
from sdedit_desktop.geometry import Rect

_GROWTH = 0.25
"""Context on each side, as a fraction of the mask's longer side."""

_NARROWEST = 1 / 8
"""Smallest side relative to the model's: shorter ones are reduced less if the longer ones allow."""

_UNTOUCHED = 0.06
"""A change of this size (in the range 0 to 1) fades the picture's own detail to 1/e."""

_BAND = 256
"""Rows of the full picture that are worked on at a time, to bound memory."""

Picture: TypeAlias = NDArray[np.float32]

_SMOOTH = Image.Resampling.LANCZOS


def context_rect(mask_bounds: Rect, picture: Rect, least_side: int = LEAST_CONTEXT) -> Rect:
    """The part of a picture for the model: the mask with context around it.

    Args:
        mask_bounds: Of what may change.
        picture: The whole picture.
        least_side: See ``document_requests.context_side``.
    """
    margin = math.ceil(_GROWTH * max(mask_bounds.width, mask_bounds.height))
    x = _span(
        (mask_bounds.left, mask_bounds.right), margin, (picture.left, picture.right), least_side
    )
    y = _span(
        (mask_bounds.top, mask_bounds.bottom), margin, (picture.top, picture.bottom), least_side
    )
    (left, right), (top, bottom) = x, y
    return Rect(left, top, right, bottom)


@dataclass(frozen=True, eq=False)
class Region:
    """A request at the size the model works at.

    Attributes:
        request: The request.
        size: Height and width of the reduced picture.
        guide: The reduced guide in sRGB, padded by reflection to the model's multiple,
            (height, width, 3) in [0, 1].
        mask: How strongly each reduced pixel may change, (height, width) in [0, 1], 1 = fully:
            the largest strength in it, however little of it the mask covers; 0 in the padding.
        reduced: The reduced guide in its own colours, not padded.
        beyond: Colours of the reduced guide outside sRGB, as the difference from ``guide``.
        widest_fade: Largest width of the fade at the mask's edge, in pixels of the request.
    """

    request: EditRequest
    size: tuple[int, int]
    guide: Picture
    mask: NDArray[np.float32]
    reduced: Picture
    beyond: Picture
    widest_fade: float = math.inf

    @classmethod
    def plan(
        cls, request: EditRequest, native: int, multiple: int, *, enlarges: bool = False
    ) -> Region:
        """Reduces a request for a model made for ``native`` squared pixels.

        Args:
            request: The request.
            native: Side of the squares the model was made for.
            multiple: Height and width must be multiples of it.
            enlarges: Whether smaller requests are enlarged to that size.
        """
        height, width = request.mask.shape
        scale = native / math.sqrt(height * width)
        # A very narrow picture may cost up to four times as much.
        scale = max(scale, min(2 * scale, _NARROWEST * native / min(height, width)))
        scale = scale if enlarges else min(1.0, scale)
        return cls.at(
            request, (max(1, round(height * scale)), max(1, round(width * scale))), multiple
        )

    @classmethod
    def at(
        cls,
        request: EditRequest,
        size: tuple[int, int],
        multiple: int = 1,
        *,
        widest_fade: float = math.inf,
    ) -> Region:
        """Reduces a request to a height and width, padded to multiples."""
        down, right = (-length % multiple for length in size)
        reduced = np.clip(_resized(_to_float(request.guide), size, _SMOOTH), 0, 1)
        seen = colors.to_srgb(reduced, request.icc)
        guide = np.clip(seen, 0, 1)
        mask = _to_float(_largest(_largest(request.mask, size[0], 0), size[1], 1))
        return cls(
            request,
            size,
            np.pad(guide, ((0, down), (0, right), (0, 0)), "symmetric"),
            np.pad(mask, ((0, down), (0, right))),
            reduced,
            seen - guide,
            widest_fade,
        )

    def preview(self, estimate: Picture) -> NDArray[np.uint8]:
        """The model's estimate as it will look, at the model's size.

        Args:
            estimate: (height, width, 3) in [0, 1], in the shape of ``guide``.
        """
        height, width = self.size
        mask = self.mask[:height, :width, None]
        estimated = colors.from_srgb(estimate[:height, :width], self.request.icc)
        seen = np.where(mask > 0, estimated, self.reduced)
        shown: NDArray[np.uint8] = _to_depth(seen, np.dtype(np.uint8))
        return shown

    def to_document(self, estimate: Picture) -> tuple[Raster, NDArray[np.uint8]]:
        """The model's final estimate at the size and in the type of the request's guide.

        Args:
            estimate: (height, width, 3) in [0, 1], in the shape of ``guide``.

        Returns:
            The image, (height, width, 3), and its opacity over the guide: (height, width) uint8, 0
            where the mask is 0. There the image equals the guide. Over strokes it is opaque, and
            fades to what is below them: a fade of the opacity would show them raw.
        """
        height, width = self.size
        change = np.abs(estimate[:height, :width] - self.guide[:height, :width])
        kept = np.exp(-((change.max(axis=2, keepdims=True) / _UNTOUCHED) ** 2))
        small = estimate[:height, :width] + kept * self.beyond
        small = colors.from_srgb(small, self.request.icc)
        full, alpha, masked = self.request.guide, self._alpha, bounds(self.request.mask)
        columns = slice(masked.left, masked.right)
        image = full.copy()
        for top in range(masked.top, masked.bottom, _BAND):
            rows = slice(top, min(top + _BAND, masked.bottom))
            band = _to_depth(self._faded(small, kept, rows, columns), full.dtype)
            np.copyto(image[rows, columns], band, where=alpha[rows, columns, None] > 0)
        return image, alpha

    @cached_property
    def _fade(self) -> NDArray[np.uint8]:
        return feather(self.request.mask, self.widest_fade)

    @cached_property
    def _painted(self) -> NDArray[np.bool_] | None:
        """Where strokes lie in the fade, (height, width)."""
        below, guide = self.request.below, self.request.guide
        if below is None:
            return None
        painted: NDArray[np.bool_] = (self._fade > 0) & (self._fade < 255)
        painted[painted] = (below[painted] != guide[painted]).any(axis=1)
        return painted

    @cached_property
    def _alpha(self) -> NDArray[np.uint8]:
        painted = self._painted
        return self._fade if painted is None else np.where(painted, np.uint8(255), self._fade)

    def _faded(self, small: Picture, kept: Picture, rows: slice, columns: slice) -> Picture:
        """A part of the estimate at full size, faded to what is below the strokes."""
        found = self._detailed(small, kept, rows, columns)
        below, painted = self.request.below, self._painted
        if below is None or painted is None:
            return found
        here, faded = painted[rows, columns], found.copy()
        before = _to_float(below[rows, columns][here])
        faded[here] = before + _to_float(self._fade[rows, columns][here])[:, None] * (
            found[here] - before
        )
        return faded

    def _detailed(self, small: Picture, kept: Picture, rows: slice, columns: slice) -> Picture:
        """A part of the estimate at full size, with the guide's detail where it still fits."""
        full = self.request.guide
        if self.size == full.shape[:2]:
            return small[rows, columns]
        layers = small, self.reduced, kept
        up = (_enlarged(layer, full.shape[:2], rows, columns) for layer in layers)
        small_up, guide_up, kept_up = up
        return small_up + kept_up * (_to_float(full[rows, columns]) - guide_up)


def paste(guide: Raster, image: Raster, alpha: NDArray[np.uint8]) -> Raster:
    """The guide with the image over it; equal to the guide, bit for bit, where ``alpha`` is 0.

    Args:
        guide: (height, width, 3) uint8 or uint16.
        image: In the shape and type of ``guide``.
        alpha: (height, width) uint8.
    """
    before, after = _to_float(guide), _to_float(image)
    weight = alpha[..., None].astype(np.float32) / 255
    result: Raster = _to_depth(before + weight * (after - before), guide.dtype)
    return result


def _span(
    masked: tuple[int, int], margin: int, picture: tuple[int, int], least_side: int
) -> tuple[int, int]:
    """One side of the context: grown, at least ``least_side`` long, shifted into the picture."""
    low, high = masked
    missing = max(0, least_side - (high - low + 2 * margin))
    low, high = low - margin - missing // 2, high + margin + (missing + 1) // 2
    shift = max(0, picture[0] - low) - max(0, high - picture[1])
    return max(picture[0], low + shift), min(picture[1], high + shift)


def _to_float(pixels: Raster) -> Picture:
    """Unsigned integers of any depth to [0, 1]."""
    return pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)


def _to_depth(picture: Picture, dtype: np.dtype[Any]) -> Any:  # noqa: ANN401 - either depth
    """[0, 1] to unsigned integers; rounds, then clips."""
    most = np.iinfo(dtype).max
    return np.clip(np.rint(picture * most), 0, most).astype(dtype)


def _resized(picture: Picture, size: tuple[int, int], how: Image.Resampling) -> Picture:
    """(H, W, C) at another height and width."""
    if picture.shape[:2] == size:
        return picture
    return _per_channel(picture, lambda channel: channel.resize(size[::-1], how))


def _enlarged(picture: Picture, size: tuple[int, int], rows: slice, columns: slice) -> Picture:
    """A part of (H, W, C) enlarged, as if the whole array had been."""
    down, across = picture.shape[0] / size[0], picture.shape[1] / size[1]
    box = columns.start * across, rows.start * down, columns.stop * across, rows.stop * down
    target = columns.stop - columns.start, rows.stop - rows.start
    return _per_channel(picture, lambda c: c.resize(target, Image.Resampling.BICUBIC, box=box))


def _largest(mask: NDArray[np.uint8], length: int, axis: int) -> NDArray[np.uint8]:
    """A mask reduced along an axis by maxima, or enlarged by repetition."""
    starts = np.arange(length) * mask.shape[axis] // length
    reduced: NDArray[np.uint8]
    if length >= mask.shape[axis]:
        reduced = mask.take(starts, axis)
    else:
        reduced = np.maximum.reduceat(mask, starts, axis)
    return reduced


def _per_channel(picture: Picture, change: Callable[[Image.Image], Image.Image]) -> Picture:
    """Pillow resamples floating point one channel at a time."""
    channels = (Image.fromarray(np.ascontiguousarray(c)) for c in np.moveaxis(picture, 2, 0))
    return np.stack([np.asarray(change(channel)) for channel in channels], axis=2)
