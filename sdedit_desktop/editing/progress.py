"""Progress of a job: an estimate of the remaining time, and a throttle for previews."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sdedit_desktop.editing.request import Progress

_REMEMBERED = 40
"""Steps that are looked back on: a machine that gets slower shall be noticed."""


class ProgressEstimator:
    """Counts network calls and extrapolates from the second step on.

    The first step loads kernels and fills caches: how long it took says nothing of the others.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.done = 0
        self._work = 0.0
        self._total = 0
        self._total_work = 0.0
        self._now = now
        self._last_s: float | None = None
        self._steps = deque[tuple[int, float, float]](maxlen=_REMEMBERED)

    @property
    def work(self) -> float:
        """Work done, in calls of cost 1."""
        return self._work

    def expect(self, calls: int, work: float | None = None) -> None:
        """Tells how many more calls there will be: fewer than thought if some were skipped.

        Args:
            calls: Their number.
            work: What they cost together; as many as there are unless told.
        """
        self._total = self.done + calls
        self._total_work = self._work + (calls if work is None else work)

    def tick(self, done: int, work: float | None = None) -> None:
        """Tells how many calls have been made, after each step; a batch makes several at once.

        Args:
            done: Calls in all.
            work: What they cost together; see ``expect``.
        """
        now_s, work = self._now(), done if work is None else work
        if self._last_s is not None:
            self._steps.append((done - self.done, work - self._work, now_s - self._last_s))
        self.done, self._work, self._last_s = done, work, now_s

    def progress(self) -> Progress:
        """How far the work is."""
        calls = sum(calls for calls, _, _ in self._steps)
        work = sum(work for _, work, _ in self._steps)
        seconds = sum(seconds for _, _, seconds in self._steps)
        if not work or not seconds:
            return Progress(self.done, self._total)
        left = self._total_work - self._work
        return Progress(self.done, self._total, 1000 * left * seconds / work, calls / seconds)


class Throttle:
    """Limits how often something is done, and the share of the time that it takes.

    The first time is always allowed, so that something is seen at once.
    """

    def __init__(
        self, least_ms: float, share: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Starts with the first time allowed.

        Args:
            least_ms: Time between one beginning and the next, however cheap it is.
            share: Most of the time that it may take, in (0, 1).
            now: A clock, in seconds.
        """
        self._least_ms = least_ms
        self._share = share
        self._now = now
        self._next_ms = -float("inf")

    @property
    def ready(self) -> bool:
        """Whether it may be done now."""
        return self._now() * 1000 >= self._next_ms

    @contextmanager
    def measure(self) -> Iterator[None]:
        """Surrounds the work; how long it takes decides when it is due again."""
        begin_ms = self._now() * 1000
        yield
        cost_ms = self._now() * 1000 - begin_ms
        self._next_ms = begin_ms + max(self._least_ms, cost_ms / self._share)
