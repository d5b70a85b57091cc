"""Runs the tasks of an evaluation by priority, until done, out of time, or stopped."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import as_completed
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import torch

from sdedit_desktop.training.evaluation.config import Case, Cases, EvaluationConfig
from sdedit_desktop.training.evaluation.dataset import Scenes, blurred
from sdedit_desktop.training.evaluation.runner import EvaluationRunner
from sdedit_desktop.training.trainer import single_threaded

COPIES = 64
"""Pictures of each kind whose nearest training scenes are shown."""
_A_LOOK = 0.6
"""What a look at a picture costs, in network calls."""
_FIRST, _LATER = 0.03, 0.8


class Progress(NamedTuple):
    """How far it is.

    Attributes:
        done: Work done, in network calls.
        total: All work.
        remaining_ms: Milliseconds left; None if that is not known yet.
    """

    done: int
    total: int
    remaining_ms: float | None


class Stop:
    """Whether to stop now: on request, or when the time is up."""

    def __init__(self, minutes: float | None = None) -> None:
        self._end = None if minutes is None else time.monotonic() + 60 * minutes
        self._asked = threading.Event()

    def ask(self) -> None:
        """Requests a stop."""
        self._asked.set()

    def left_s(self) -> float | None:
        """Seconds until the time is up."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    @property
    def asked(self) -> bool:
        """Whether somebody asked."""
        return self._asked.is_set()

    def check(self) -> None:
        """Raises ``Stopped`` if it is time."""
        if self.asked or self.left_s() == 0:
            raise Stopped


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """Raised when a task is stopped."""


@dataclass(frozen=True)
class Task:
    """A piece of work.

    Attributes:
        place: When it comes: lower is earlier.
        cost: In network calls.
        do: Makes what is missing.
    """

    place: float
    cost: float
    do: Callable[[], object]


def work(tasks: list[Task], device: torch.device, stop: Stop) -> Iterator[Progress]:
    """Does all of it, on the CPU as many at a time as there are cores.

    Yields:
        One ``Progress`` per task. Stop iterating to stop.
    """
    began = time.monotonic()
    total, done = sum(task.cost for task in tasks), 0.0
    with single_threaded(device) as (pool, _):
        ordered = sorted(tasks, key=lambda task: task.place)
        costs = {pool.submit(_do, task, stop): task.cost for task in ordered}
        try:
            for future in as_completed(costs):
                future.result()
                done += costs[future]
                yield Progress(round(done), round(total), _remaining_ms(began, done, total, stop))
        except BaseException:
            stop.ask()
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


def all_tasks(
    config: EvaluationConfig, cases: Cases, runner: EvaluationRunner, stop: Stop
) -> list[Task]:
    """Everything that the report is made from."""
    tasks = [task for case in cases.all() for task in _edits(case, runner, stop)]
    if not runner.has_features:
        return tasks
    for index in range(config.crops):
        tasks.append(_look(_FIRST, index, config.crops, partial(_look_at_guide, runner, index), 3))
    for scenes, count, urgency in (
        (runner.held_out, config.held_out_scenes, _FIRST),
        (runner.training, config.training_scenes, _LATER),
    ):
        for index in range(count):
            tasks.append(_look(urgency, index, count, partial(_look_at, runner, scenes, index)))
    for index in range(COPIES):
        tasks.append(_look(_LATER, index, COPIES, partial(_look_at_copy, runner, index)))
    return tasks


def _edits(case: Case, runner: EvaluationRunner, stop: Stop) -> Iterator[Task]:
    def do(index: int) -> None:
        pixels = runner.edited(case, index, stop.check)
        if case.guide in ("hard mask", "soft mask"):
            runner.measure_mask(case, index, pixels)
        elif runner.has_features:
            runner.look(pixels)

    for index in range(case.count):
        place = (index + 0.5) / case.count * case.urgency
        yield Task(place, case.calls + _A_LOOK, partial(do, index))


def _look(
    urgency: float, index: int, count: int, do: Callable[[], None], pictures: int = 1
) -> Task:
    return Task((index + 0.5) / count * urgency, pictures * _A_LOOK, do)


def _look_at_guide(runner: EvaluationRunner, index: int) -> None:
    photograph, strokes, _ = runner.material("strokes", index)
    for pixels in (photograph, strokes, blurred(strokes)):
        runner.look(pixels)


def _look_at(runner: EvaluationRunner, scenes: Scenes, index: int) -> None:
    runner.look_at_scene(scenes, index)


def _look_at_copy(runner: EvaluationRunner, index: int) -> None:
    runner.look(runner.copied(index))
