from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop.editing.progress import Throttle


class Clock:
    def __init__(self):
        self.ms = 5000.0

    def __call__(self):
        return self.ms / 1000


def test_the_first_time_is_always_ready_and_the_next_after_a_while():
    clock = Clock()
    throttle = Throttle(150, 0.03, clock)
    assert throttle.ready
    with throttle.measure():
        clock.ms += 1
    assert not throttle.ready
    clock.ms = 5149
    assert not throttle.ready
    clock.ms = 5150.001
    assert throttle.ready


@given(
    st.lists(st.floats(0.1, 400), min_size=1, max_size=50),
    st.floats(1, 3000),
    st.sampled_from([0.01, 0.03, 0.2]),
)
def test_the_throttled_work_stays_within_its_share_of_time(costs, step_ms, share):
    """Given steps of any length, when a preview is made at each that allows one."""
    clock = Clock()
    throttle = Throttle(150, share, clock)
    spent = last = 0.0
    for cost in costs * 4:
        clock.ms += step_ms
        if throttle.ready:
            with throttle.measure():
                clock.ms += cost
            spent, last = spent + cost, cost
    since_begin = clock.ms - 5000
    assert spent - last <= share * since_begin + 1e-3
