"""Hours of work: memory, threads, handles and objects of Qt stay what they were."""

import ctypes
import gc
import os
import sys
import threading
from dataclasses import replace
from pathlib import Path

import file_work
import numpy as np
import pytest
from painting import stroke
from PySide6.QtCore import QObject

from sdedit_desktop.app import make_window
from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.request import Candidate, Progress
from sdedit_desktop.settings import Settings

STROKES, JOBS, SAVES = 10_000, 300, 50
ROUNDS, WARM_UP = 5, 2


class FakeEngine:
    """Makes a candidate for each seed, at once."""

    def run(self, request, cancel):
        for seed in request.params.seeds:
            yield Progress(1, 1)
            yield Candidate(request.guide, request.mask, request.rect, request.params, seed)

    def inspect(self, model):
        raise NotImplementedError

    def prepare(self, params, given_up):
        """Has nothing to open."""


def memory_bytes():
    """What the process holds, after Python and glibc have given back what they can."""
    gc.collect()
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def counts(window):
    """Threads, open files and objects of Qt."""
    files = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a listing, not paths
    return threading.active_count(), files, len(window.findChildren(QObject))


def growth(memory):
    """How much memory grows over some rounds, as a share, along the line through them.

    Single rounds differ by some percent with what pages glibc could give back.
    """
    slope, start = np.polyfit(np.arange(len(memory)), memory, 1)
    return slope * (len(memory) - 1) / start


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read as Linux tells it")
def test_a_long_session_does_not_grow_in_memory(qtbot, will_close, tmp_path, is_long):
    """Given rounds of work, memory stays at a level once the bounded caches are full.

    The last of them, tiles of earlier states, is full after the second of the long rounds.
    """
    share = 1 if is_long else 100
    window = will_close(make_window(Settings(), FakeEngine))
    window.show()
    window.files.adopt(Document(512, 512), "day")
    window.session.document.history.limit_to(1 << 24)
    window.files.path = tmp_path / "a.ora"
    session = window.session
    session.change_params(replace(session.params, model="fake", seeds=(1,)))

    def work(strokes, jobs, saves):
        for number in range(strokes):
            x, y = 37 * number % 500, 91 * number % 500
            stroke(session.document, (x, y), (x + 9, y + 9), layer=session.document.layers[1])
        for _ in range(jobs):
            job = session.generate()
            qtbot.waitUntil(lambda job=job: job.state.is_final)
            if len(session.slots) > 8:
                session.strip.discard([0])
        for _ in range(saves):
            assert file_work.save(window)
        qtbot.wait(10)

    def work_a_round():
        work(
            STROKES // ROUNDS // share, JOBS // ROUNDS // share or 1, SAVES // ROUNDS // share or 1
        )

    work(20, 10, 2)
    for _ in range(WARM_UP):
        work_a_round()
    memory, had = [memory_bytes()], counts(window)
    for _ in range(ROUNDS):
        work_a_round()
        memory.append(memory_bytes())
    assert counts(window) <= had
    sys.stderr.write(f"MB after each round: {[size >> 20 for size in memory]}\n")
    # In the short form one page cache more or less would be most of it.
    assert growth(memory) < (0.05 if is_long else 0.25)
