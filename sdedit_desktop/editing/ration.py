"""Doing something only as often as it takes a small share of the time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Throttle:
    """Allows work again when it has cost no more than a share of the time since it began.

    The first time is always allowed: something shall be seen at once.
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
