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
        self._total = 0
        self._now = now
        self._last_s: float | None = None
        self._steps = deque[tuple[int, float]](maxlen=_REMEMBERED)

    def expect(self, calls: int) -> None:
        """Tells how many more calls there will be: fewer than thought if some were skipped."""
        self._total = self.done + calls

    def tick(self, done: int) -> None:
        """Tells how many calls have been made, after each step; a batch makes several at once."""
        now_s = self._now()
        if self._last_s is not None:
            self._steps.append((done - self.done, now_s - self._last_s))
        self.done, self._last_s = done, now_s

    def progress(self) -> Progress:
        """How far the work is."""
        calls = sum(calls for calls, _ in self._steps)
        seconds = sum(seconds for _, seconds in self._steps)
        if not calls or not seconds:
            return Progress(self.done, self._total)
        left = self._total - self.done
        return Progress(self.done, self._total, 1000 * left * seconds / calls, calls / seconds)


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
