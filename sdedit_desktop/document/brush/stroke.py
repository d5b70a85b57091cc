"""Strokes: from pointer samples to dabs to pixels."""

import math
from collections.abc import Iterable, Iterator

import numpy as np

from sdedit_desktop.document.brush.brush import Brush, Sample, between
from sdedit_desktop.document.brush.dabs import Coverage, Dab, coverage_of, paper, weakened
from sdedit_desktop.document.brush.ink import Ink
from sdedit_desktop.document.tiles import TILE, Key, TileEdit, keys_in, rect_of, within
from sdedit_desktop.geometry import NOWHERE, Rect

_CONTINUOUS = 0.5
"""Largest spacing, in radii, at which a stroke should look continuous."""

_TINY = 1e-6
"""Negligible distance, in pixels."""

_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
"""Rotations by this angle are evenly distributed and never repeat."""


class Stroke:
    """Adds evenly spaced dabs along the pointer's path to an open edit.

    The dabs of a stroke are accumulated in a *wash*, the coverage of each pixel, by which the
    original tiles are mixed with the colour. So a stroke is no darker where it crosses itself, and
    each pixel is rounded once.
    """

    def __init__(
        self, brush: Brush, edit: TileEdit, *, alpha_locked: bool = False, clip: Rect | None = None
    ) -> None:
        """Starts a stroke.

        Args:
            brush: What to paint with.
            edit: Of premultiplied RGBA tiles in 8 or 16 bits, or of a mask with one channel.
            alpha_locked: Changes colours, not transparency.
            clip: Nothing is painted outside; usually the document's rectangle.
        """
        self._brush = brush
        self._edit = edit
        self._clip = clip
        self._ink = Ink(brush, edit, alpha_locked)
        self._grain = 1 - np.float32(brush.grain) * paper(TILE) if brush.grain > 0 else None
        self._wash: dict[Key, Coverage] = {}
        self._goal: Sample | None = None
        self._last: Sample | None = None
        self._ahead = self._gap = 0.0
        self._laid = 0

    def add(self, sample: Sample) -> Rect:
        """Continues the stroke to ``sample`` and returns what to repaint."""
        self._goal = sample
        last = self._last
        to = sample if last is None else self._brush.followed(last, sample)
        return self._lay(self._dabs(to))

    def finish(self) -> Rect:
        """Completes the stroke to the pointer, if it lags; returns what to repaint."""
        if self._goal is None:
            return NOWHERE
        lagging = self._lay(self._dabs(self._goal)) if self._goal != self._last else NOWHERE
        return lagging | self._lay(self._last_dab(self._goal))

    def _lay(self, dabs: Iterable[Dab]) -> Rect:
        changed: dict[Key, Rect] = {}
        for dab in dabs:
            for key, part in self._wet(dab):
                changed[key] = changed.get(key, NOWHERE) | part
        for key, part in changed.items():
            inner = within(part, rect_of(key))
            self._edit.pixels(key)[inner] = self._ink.on(
                self._edit.before(key)[inner], self._wash[key][inner]
            )
        return Rect.union(changed.values())

    def _dabs(self, to: Sample) -> Iterator[Dab]:
        """Dabs from the last sample to this one, evenly spaced across samples."""
        a = self._last
        self._last = to
        if a is None:
            dab = self._dab(to)
            self._gap = self._ahead = self._step(dab.radius)
            yield dab
            return
        length = math.hypot(to.x - a.x, to.y - a.y)
        while self._ahead <= length and length > 0:
            dab = self._dab(between(a, to, self._ahead / length))
            step = self._step(dab.radius)
            yield self._thinned(dab, step)
            self._ahead += step
            self._gap = step
        self._ahead -= length

    def _last_dab(self, at: Sample) -> Iterator[Dab]:
        """Adds a final dab at the pointer if a continuous stroke would end before it."""
        covered = self._gap - self._ahead
        if self._brush.spacing <= _CONTINUOUS and covered > _TINY:
            self._ahead = self._gap
            yield self._thinned(self._dab(at), covered)

    def _thinned(self, dab: Dab, step: float) -> Dab:
        """The dab with less flow if it is closer to the previous one than the spacing."""
        share = min(1.0, step / self._spacing(dab.radius))
        return dab._replace(flow=1 - (1 - self._brush.flow) ** share)

    def _dab(self, at: Sample) -> Dab:
        size = at.pressure if self._brush.pressure_size else 1.0
        strength = at.pressure if self._brush.pressure_opacity else 1.0
        stretch, angle = self._brush.stretch(at) if self._brush.tilt else (1.0, 0.0)
        if self._brush.tip is not None:
            angle += self._brush.turn * self._laid * _GOLDEN_ANGLE
            self._laid += 1
        radius = self._brush.radius * size
        return Dab(at.x, at.y, radius, strength, self._brush.flow, stretch, angle)

    def _spacing(self, radius: float) -> float:
        return max(radius * self._brush.spacing, 0.5)

    def _step(self, radius: float) -> float:
        """How far the next dab is: the brush's spacing, or less where single dabs would show.

        Dabs closer than the spacing carry less flow each, so that the paint stays the same.
        """
        spacing = self._spacing(radius)
        if self._brush.spacing > _CONTINUOUS:
            return spacing
        # Between discs this far apart the rim dips by an eighth of the width in which it fades.
        rim = math.sqrt(radius * max(1.0, (1 - self._brush.hardness) * radius))
        even = 0.15 * radius if self._brush.flow < 1 else rim
        return max(min(spacing, rim, even), 0.5)

    def _wet(self, dab: Dab) -> Iterator[tuple[Key, Rect]]:
        """Adds a dab to the wash and returns the changed area."""
        frame, coverage = coverage_of(dab, self._brush.hardness, self._brush.tip)
        if dab.strength < 1:
            coverage = weakened(coverage, dab.strength)
        for key in keys_in(frame & self._clip if self._clip else frame):
            part = frame & rect_of(key)
            if self._clip:
                part = part & self._clip
            wash = self._wash.get(key)
            if wash is None:
                wash = self._wash[key] = np.zeros((TILE, TILE), np.uint16)
            inner = within(part, rect_of(key))
            target = coverage[within(part, frame)]
            if self._grain is not None:
                target = (target * self._grain[inner]).astype(np.uint16)
            if _raise_towards(wash[inner], target, dab.flow):
                yield key, part


def _raise_towards(wash: Coverage, coverage: Coverage, flow: float) -> bool:
    """Raises the wash towards full coverage by ``flow``; returns whether it changed."""
    if not (coverage > wash).any():
        return False
    if flow < 1:
        lacking = np.maximum(coverage, wash)
        lacking -= wash
        wash += np.ceil(lacking * np.float32(flow)).astype(np.uint16)
    else:
        np.maximum(wash, coverage, out=wash)
    return True
