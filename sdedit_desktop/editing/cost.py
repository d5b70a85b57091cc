"""Predicts how long jobs take on this computer.

Predictions come from earlier jobs; before the first one, from a timed calculation.
"""

import math
import time
from collections.abc import Callable, Iterable
from functools import cache

import numpy as np

from sdedit_desktop.document.document import Document
from sdedit_desktop.editing import models
from sdedit_desktop.editing.jobs import Job, JobQueue, JobState
from sdedit_desktop.editing.regions import region, scope
from sdedit_desktop.editing.request import LEAST_CONTEXT, EditParams, ModelFacts
from sdedit_desktop.events import Event
from sdedit_desktop.geometry import Rect

_REMEMBERED = 32
_LARGEST_SIDE = 1024
"""Regions with more pixels than a square of this side are reduced, and cost no more."""

_PROBE_S = 0.52e-3
"""Duration of the calculation of ``slowness`` where the costs below were measured."""

_STEP_S, _PIXEL_S = 0.06, 0.18e-6
"""Measured cost of a step of a model of photographs with one thread, and of each pixel of it."""

_SMALL_SIDE = 256
"""Side up to which such a model works without detail."""

_LONG_S = 60.0
"""Longest acceptable duration of the first job."""


class CostEstimator:
    """Learns the cost of a step from finished jobs, for each model and its parameters.

    Attributes:
        changed: Emitted when something was learned.
    """

    def __init__(
        self,
        jobs: JobQueue,
        now: Callable[[], float] = time.monotonic,
        slowness: Callable[[], float] | None = None,
    ) -> None:
        """Knows nothing yet.

        Args:
            jobs: The queue to learn from.
            now: A clock, in seconds.
            slowness: Time factor relative to the computer where costs were measured.
        """
        self._slowness = slowness or measured_slowness
        self.changed = Event[()]()
        self._now = now
        self._began: tuple[int, float] | None = None
        self._costs: dict[str, float] = {}
        jobs.changed.connect(self._follow)

    def seconds(
        self, params: EditParams, rect: Rect, facts: ModelFacts | None = None
    ) -> float | None:
        """Predicted duration of a job, within a factor of about 2; ``None`` if nothing is known.

        Args:
            params: Of the job.
            rect: The part of the document that the model sees.
            facts: Facts about the model, if it was inspected.
        """
        cost = self._costs.get(_key(params))
        if cost is not None:
            return cost * _work(params, rect)
        call_ms = facts.card.get("call_ms") if facts else None
        if isinstance(call_ms, int | float):
            return call_ms / 1000 * params.scale**2 * _steps(params)
        if models.is_of_photographs(params.model):
            return self._slowness() * _work(params, rect)
        return None

    def is_long(self, params: EditParams, rect: Rect) -> bool:
        """Whether a job takes longer than ``_LONG_S``."""
        return (self.seconds(params, rect) or 0.0) > _LONG_S

    @property
    def kept(self) -> tuple[str, ...]:
        """Learned costs as text: "model solver …=cost"."""
        latest = list(self._costs.items())[-_REMEMBERED:]
        return tuple(f"{key}={cost:.6g}" for key, cost in latest)

    def use(self, kept: Iterable[str]) -> None:
        """Restores learned costs from the settings."""
        for entry in kept:
            key, _, cost = entry.rpartition("=")
            try:
                self._costs.setdefault(key, float(cost))
            except ValueError:
                continue
        self.changed.emit()

    def _follow(self, job: Job) -> None:
        """Measures from the first step on, because a model is loaded once."""
        if job.state is JobState.RUNNING and job.progress and self._began_for(job) is None:
            self._began = job.id, self._now()
        began = self._began_for(job)
        if job.state is JobState.FINISHED and began is not None:
            self._learn(job, self._now() - began)

    def _began_for(self, job: Job) -> float | None:
        return self._began[1] if self._began and self._began[0] == job.id else None

    def _learn(self, job: Job, took_s: float) -> None:
        params = job.request.params
        key, cost = _key(params), took_s / _work(params, job.request.rect)
        earlier = self._costs.pop(key, cost)
        self._costs[key] = (earlier + cost) / 2
        self.changed.emit()


def seen_rect(document: Document, least_side: int = LEAST_CONTEXT) -> Rect:
    """The part of a document that a model would be given now; fast, see ``masked_part``."""
    marked = document.mask.content_rect() & document.rect or scope.painted_rect(document)
    return region.context_rect(marked, document.rect, least_side) if marked else document.rect


@cache
def measured_slowness() -> float:
    """Time factor of a small calculation, the best of some attempts; takes 5 ms.

    Like a search for patches it gathers rows and adds up squares. What fits into the processor's
    cache depends least on other processes.
    """
    rows = 1 << 13
    order = np.arange(rows) * 7919 % rows
    features, best_s = np.ones((rows, 16), np.float32), math.inf
    for _attempt in range(8):
        began = time.perf_counter()
        np.square(features[order]).sum(1)
        best_s = min(best_s, time.perf_counter() - began)
    return best_s / _PROBE_S


def _key(params: EditParams) -> str:
    how = params.solver, params.precision, params.device, params.detail, f"{params.scale:g}"
    return " ".join([params.model.replace("=", "_"), *how])


def _steps(params: EditParams) -> int:
    return params.calls * params.repeats * params.resamplings * len(params.seeds)


def _work(params: EditParams, rect: Rect) -> float:
    """The relative cost of a job; the factor depends on model, settings and computer."""
    if models.is_of_photographs(params.model):
        return _steps(params) * (_STEP_S + _PIXEL_S * worked_pixels(params, rect))
    return _steps(params) * _area(rect)


def worked_pixels(params: EditParams, rect: Rect) -> int:
    """Pixels that a model of photographs computes for a part of the document."""
    if params.detail == "full":
        return rect.width * rect.height
    side = _SMALL_SIDE if params.detail == "off" else int(params.detail)
    return min(rect.width * rect.height, side**2)


def _area(rect: Rect) -> int:
    return max(1, min(rect.width * rect.height, _LARGEST_SIDE**2))
