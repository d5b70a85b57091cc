"""Imports without garbage collection: what modules create lives on, and is scanned in vain."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Leaves out garbage collection while the window's modules are imported in this block.

    What is there at the end is never scanned again. ``ui.threads.GuiThreadGc`` collects afterwards.
    """
    gc.disable()
    yield
    gc.freeze()
