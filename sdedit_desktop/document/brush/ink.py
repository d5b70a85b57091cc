"""Applies the coverage of a stroke to pixels."""

import numpy as np

from sdedit_desktop.document.blending import blended, full_value, mixed, recolored, scaled, spread
from sdedit_desktop.document.brush.brush import Brush
from sdedit_desktop.document.brush.dabs import FULL, Coverage
from sdedit_desktop.document.modes import BlendMode
from sdedit_desktop.document.tiles import TILE, Pixels, TileEdit


class Ink:
    """Applies a brush's colour, eraser or mask value to pixels by coverage."""

    def __init__(self, brush: Brush, edit: TileEdit, alpha_locked: bool) -> None:
        self._brush = brush
        self._is_mask = edit.channels == 1
        self._alpha_locked = alpha_locked
        self._dtype = edit.dtype
        self._opacity = np.uint32(round(brush.opacity * FULL))
        full = full_value(edit.dtype)
        values = [brush.strength] if self._is_mask else [*brush.color, 255]
        paint = [0] * len(values) if brush.erase else [v * full // 255 for v in values]
        self._values = tuple(paint)
        self._paint: Pixels = np.empty((TILE, TILE, edit.channels), edit.dtype)
        self._paint[:] = paint

    @property
    def solid(self) -> tuple[int, ...] | None:
        """The value of every fully covered pixel; ``None`` if it depends on the pixel."""
        covers = self._opacity == FULL and self._brush.mode is BlendMode.NORMAL
        return self._values if covers and not (self._alpha_locked or self._brush.erase) else None

    def on(self, before: Pixels, wash: Coverage) -> Pixels:
        """The pixels (height, width, channels) after painting."""
        alpha = self._alpha(wash)
        height, width = alpha.shape
        paint = self._paint[:height, :width]
        if self._is_mask:
            return mixed(before, paint, alpha[..., None])
        if self._brush.mode is BlendMode.COLOR and not self._brush.erase:
            return recolored(before, self._values, alpha, atop=self._alpha_locked)
        spread_alpha = spread(alpha)
        if self._brush.erase:
            return before if self._alpha_locked else scaled(before, ~spread_alpha)
        if self._brush.mode is not BlendMode.NORMAL:
            source = scaled(paint, spread_alpha)
            return blended(before, source, self._brush.mode, atop=self._alpha_locked)
        if self._alpha_locked:
            paint = scaled(paint, spread(before[..., 3]))
        return mixed(before, paint, spread_alpha)

    def _alpha(self, wash: Coverage) -> Pixels:
        """The coverage in the depth of the pixels, times the brush's opacity."""
        product = wash * self._opacity
        product += np.uint32(1 << 15)
        product += product >> np.uint32(16)
        product >>= np.uint32(16)
        if self._dtype == np.uint8:
            product *= np.uint32(255)
            product += np.uint32(32768)
            product += product >> np.uint32(16)
            product >>= np.uint32(16)
        return product.astype(self._dtype)
