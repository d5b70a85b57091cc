"""Progress of a job: an estimate of the remaining time, and a throttle for previews."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sdedit_desktop.editing.request import Progress

_REMEMBERED = 40
"""Number of recent steps for the estimate, so that it follows changes of speed."""


class ProgressEstimator:
    """Counts network calls and extrapolates from the second step on.

    The first step loads kernels and fills caches, so its duration is not representative.
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
        """Sets the number of remaining calls.

        Args:
            calls: Their number.
            work: Their total cost; by default their number.
        """
        self._total = self.done + calls
        self._total_work = self._work + (calls if work is None else work)

    def tick(self, done: int, work: float | None = None) -> None:
        """Sets the number of calls made so far, after each step; a batch makes several at once.

        Args:
            done: Calls in all.
            work: Their total cost; see ``expect``.
        """
        now_s, work = self._now(), done if work is None else work
        if self._last_s is not None:
            self._steps.append((done - self.done, work - self._work, now_s - self._last_s))
        self.done, self._work, self._last_s = done, work, now_s

    def progress(self) -> Progress:
        """The current progress."""
        calls = sum(calls for calls, _, _ in self._steps)
        work = sum(work for _, work, _ in self._steps)
        seconds = sum(seconds for _, _, seconds in self._steps)
        if not work or not seconds:
            return Progress(self.done, self._total)
        left = self._total_work - self._work
        return Progress(self.done, self._total, 1000 * left * seconds / work, calls / seconds)


class Throttle:
    """Limits how often something is done, and the share of time it takes.

    The first time is always allowed.
    """

    def __init__(
        self, least_ms: float, share: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Starts with the first time allowed.

        Args:
            least_ms: Minimum interval between two starts.
            share: Largest share of the time it may take, in (0, 1).
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
        """A context manager around the work, whose duration decides when it is ready again."""
        begin_ms = self._now() * 1000
        yield
        cost_ms = self._now() * 1000 - begin_ms
        self._next_ms = begin_ms + max(self._least_ms, cost_ms / self._share)
