"""Handles SIGINT by calling a stop function instead of raising at an arbitrary point."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def on_interrupt(stop: Callable[[], None]) -> Iterator[None]:
    """Calls ``stop`` on Ctrl+C, inside the block, instead of raising ``KeyboardInterrupt``."""
    before = signal.signal(signal.SIGINT, lambda _signal, _frame: stop())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
