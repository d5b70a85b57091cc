"""Runs the tasks of an evaluation until all are done, the time is up, or it is stopped."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import as_completed
from dataclasses import dataclass
from typing import NamedTuple

import torch

from sdedit_desktop.training.trainer import single_threaded


class Progress(NamedTuple):
    """How much is done.

    Attributes:
        done: Work done, in network calls.
        total: All work.
        remaining_ms: Expected milliseconds left; None while unknown.
    """

    done: int
    total: int
    remaining_ms: float | None


class Stop:
    """Whether to stop now: on request, or when the time is up."""

    def __init__(self, minutes: float | None = None) -> None:
        self._end = None if minutes is None else time.monotonic() + 60 * minutes
        self._requested = threading.Event()

    def request(self) -> None:
        """Requests a stop."""
        self._requested.set()

    def left_s(self) -> float | None:
        """Seconds until the time is up; None without a limit."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    @property
    def requested(self) -> bool:
        """Whether a stop was requested."""
        return self._requested.is_set()

    def check(self) -> None:
        """Raises ``Stopped`` if it is time to stop."""
        if self.requested or self.left_s() == 0:
            raise Stopped


class Stopped(Exception):  # noqa: N818 - not an error
    """Raised inside a task that is stopped."""


@dataclass(frozen=True)
class Task:
    """A piece of work.

    Attributes:
        order: Lower is earlier.
        cost: In network calls.
        do: Does it.
    """

    order: float
    cost: float
    do: Callable[[], object]


def work(tasks: list[Task], device: torch.device, stop: Stop) -> Iterator[Progress]:
    """Does all tasks, on the CPU as many at a time as there are cores.

    Yields:
        One ``Progress`` per task. Stop iterating to stop.
    """
    began = time.monotonic()
    total, done = sum(task.cost for task in tasks), 0.0
    with single_threaded(device) as (pool, _):
        ordered = sorted(tasks, key=lambda task: task.order)
        costs = {pool.submit(_do, task, stop): task.cost for task in ordered}
        try:
            for future in as_completed(costs):
                future.result()
                done += costs[future]
                yield Progress(round(done), round(total), _remaining_ms(began, done, total, stop))
        except BaseException:
            stop.request()
            raise


def _do(task: Task, stop: Stop) -> None:
    try:
        stop.check()
        task.do()
    except Stopped:
        return


def _remaining_ms(began: float, done: float, total: float, stop: Stop) -> float:
    expected = (time.monotonic() - began) / done * (total - done)
    left = stop.left_s()
    return 1000 * (expected if left is None else min(left, expected))
