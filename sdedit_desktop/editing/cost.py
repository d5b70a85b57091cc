"""How long the next candidates will take, from how long earlier ones took on this computer."""

import time
from collections.abc import Callable, Iterable

import numpy as np

from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.jobs import Job, JobQueue, JobState
from sdedit_desktop.editing.regions import region, scope
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.events import Event
from sdedit_desktop.geometry import Rect

_REMEMBERED = 32
_LARGEST_SIDE = 1024
"""Regions with more pixels than a square of this side are reduced, and cost no more."""

_SLOW_GFLOPS = 25.0
"""Below it a computer is slow: four candidates of the usual kind take minutes."""


class CostEstimator:
    """Learns from finished jobs what a step costs, for each model and way of using it.

    Attributes:
        changed: Something was learned.
    """

    def __init__(self, jobs: JobQueue, now: Callable[[], float] = time.monotonic) -> None:
        self.changed = Event[()]()
        self._now = now
        self._began: tuple[int, float] | None = None
        self._costs: dict[str, float] = {}
        jobs.changed.connect(self._follow)

    def seconds(self, params: EditParams, rect: Rect) -> float | None:
        """What a job will take, to within a factor of about 2; ``None`` if nothing is known.

        Args:
            params: What it is made with.
            rect: The part of the document that the model sees.
        """
        cost = self._costs.get(_key(params))
        return None if cost is None else cost * _steps(params) * _area(rect)

    @property
    def kept(self) -> tuple[str, ...]:
        """What is known, as text for the settings: "model solver …=seconds per step and pixel"."""
        latest = list(self._costs.items())[-_REMEMBERED:]
        return tuple(f"{key}={cost:.6g}" for key, cost in latest)

    def use(self, kept: Iterable[str]) -> None:
        """Takes what was known when the program was closed."""
        for entry in kept:
            key, _, cost = entry.rpartition("=")
            try:
                self._costs.setdefault(key, float(cost))
            except ValueError:
                continue
        self.changed.emit()

    def _follow(self, job: Job) -> None:
        """Measures from the first step on: loading a model happens once."""
        if job.state is JobState.RUNNING and job.progress and self._began_for(job) is None:
            self._began = job.id, self._now()
        began = self._began_for(job)
        if job.state is JobState.FINISHED and began is not None:
            self._learn(job, self._now() - began)

    def _began_for(self, job: Job) -> float | None:
        return self._began[1] if self._began and self._began[0] == job.id else None

    def _learn(self, job: Job, took_s: float) -> None:
        params = job.request.params
        key, cost = _key(params), took_s / (_steps(params) * _area(job.request.rect))
        earlier = self._costs.pop(key, cost)
        self._costs[key] = (earlier + cost) / 2
        self.changed.emit()


def seen_rect(document: Document) -> Rect:
    """The part of a document that a model would see now; cheap, see ``session.masked_part``."""
    marked = document.mask.content_rect() & document.rect or scope.painted_rect(document)
    return region.context_rect(marked, document.rect) if marked else document.rect


def is_slow_computer(measured_gflops: float | None = None) -> bool:
    """Whether the usual number of steps would take minutes, by a multiplication of matrices."""
    return (measured_gflops or _gflops()) < _SLOW_GFLOPS


def _gflops() -> float:
    side, best = 512, 0.0
    matrix = np.ones((side, side), np.float32)
    for _attempt in range(4):
        began = time.perf_counter()
        matrix @ matrix
        best = max(best, 2 * side**3 / max(time.perf_counter() - began, 1e-9))
    return best / 1e9


def _key(params: EditParams) -> str:
    how = params.solver, params.precision, params.device, params.detail, f"{params.scale:g}"
    return " ".join([params.model.replace("=", "_"), *how])


def _steps(params: EditParams) -> int:
    return params.calls * params.repeats * params.resamplings * len(params.seeds)


def _area(rect: Rect) -> int:
    return max(1, min(rect.width * rect.height, _LARGEST_SIDE**2))
