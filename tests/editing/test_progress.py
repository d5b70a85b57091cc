import random

import pytest

from sdedit_desktop.editing.progress import ProgressEstimator
from sdedit_desktop.editing.request import Progress

# Processor time in seconds of each network call of a job of two candidates, recorded with a
# network of 10.6 million weights at 384 px on one core: the first call after loading is slower.
RECORDED = (
    1.408, 1.263, 1.259, 1.266, 1.274, 1.273, 1.285, 1.285, 1.252, 1.259, 1.264, 1.263,
    1.400, 1.258, 1.272, 1.288, 1.271, 1.293, 1.278, 1.254, 1.232, 1.252, 1.255, 1.259,
)  # fmt: skip


class Steps:
    """A clock that stands still but for the steps of the work."""

    def __init__(self):
        self.now_s = 100.0
        self.estimator = ProgressEstimator(now=lambda: self.now_s)

    def work(self, durations, calls=1):
        for seconds in durations:
            self.now_s += seconds
            self.estimator.tick(self.estimator.done + calls)


def estimates(durations, calls=1):
    """After each step, what is said to be left and what really is, in seconds."""
    steps = Steps()
    steps.estimator.expect(len(durations) * calls)
    for place, seconds in enumerate(durations, 1):
        steps.work([seconds], calls)
        yield steps.estimator.progress().remaining_ms, 1000 * sum(durations[place:])


def test_there_is_nothing_to_say_before_the_second_step():
    steps = Steps()
    steps.estimator.expect(10)
    assert steps.estimator.progress() == Progress(0, 10)
    steps.work([3])
    assert steps.estimator.progress() == Progress(1, 10)
    steps.work([2])
    assert steps.estimator.progress() == Progress(2, 10, pytest.approx(16_000), pytest.approx(0.5))


def test_the_time_left_of_a_recorded_job_is_right_within_a_tenth():
    for said, left in list(estimates(RECORDED))[1:-1]:
        assert said == pytest.approx(left, rel=0.1)


@pytest.mark.parametrize("slow", [1.0, 1.4, 2.0, 10.0, 100.0])
@pytest.mark.parametrize("seed", range(20))
def test_the_time_left_is_right_within_a_fifth_from_the_second_step_on(slow, seed):
    chance = random.Random(seed)
    durations = [0.5 * slow, *(0.5 * chance.uniform(0.87, 1.13) for _ in range(99))]
    for said, left in list(estimates(durations))[1:-5]:
        assert said == pytest.approx(left, rel=0.2)


def test_batches_count_as_many_calls_as_they_make():
    for said, left in list(estimates([9.0] + [2.0] * 9, calls=4))[1:]:
        assert said == pytest.approx(left)
    steps = Steps()
    steps.estimator.expect(40)
    steps.work([9, 2], calls=4)
    assert steps.estimator.progress().per_second == pytest.approx(2)


def test_a_machine_that_gets_slower_is_noticed():
    durations = [0.1] * 50 + [0.4] * 100
    said, left = list(estimates(durations))[90]
    assert said == pytest.approx(left, rel=0.01)


def test_skipped_candidates_leave_the_estimate():
    steps = Steps()
    steps.estimator.expect(100)
    steps.work([1, 1])
    steps.estimator.expect(10)
    assert steps.estimator.progress() == Progress(2, 12, pytest.approx(10_000), pytest.approx(1))
