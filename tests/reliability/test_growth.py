"""Hours of work: memory, threads, handles and objects of Qt stay what they were."""

import ctypes
import gc
import os
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from painting import stroke
from PySide6.QtCore import QObject

from sdedit_desktop.app import make_window
from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.request import Candidate, Progress
from sdedit_desktop.settings import Settings

STROKES, JOBS, SAVES = 10_000, 300, 50


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


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read as Linux tells it")
def test_a_long_session_does_not_grow_in_memory(qtbot, will_close, tmp_path, is_long):
    share = 1 if is_long else 100
    window = will_close(make_window(Settings(), FakeEngine))
    window.show()
    window.files.adopt(Document(512, 512), "day")
    window.session.document.history.limit_to(1 << 24)
    window.files.path = tmp_path / "a.ora"
    session, jobs = window.session, []
    session.change_params(replace(session.params, model="fake", seeds=(1,)))

    def work(strokes, jobs_wanted, saves):
        for number in range(strokes):
            x, y = 37 * number % 500, 91 * number % 500
            stroke(session.document, (x, y), (x + 9, y + 9), layer=session.document.layers[1])
        for _ in range(jobs_wanted):
            jobs.append(session.generate())
            qtbot.waitUntil(lambda: jobs[-1].state.is_final)
            if len(session.slots) > 8:
                session.strip.discard([0])
        for _ in range(saves):
            assert window.files.save()

    work(2_000 // share + 20, 60 // share + 10, 10 // share + 2)  # warms everything up
    before, had = memory_bytes(), counts(window)
    work(STROKES // share, JOBS // share, SAVES // share + 1)
    jobs.clear()
    qtbot.wait(10)
    after, has = memory_bytes(), counts(window)
    assert has <= had, (had, has)
    # In the short form one page cache more or less would be most of it.
    assert after < before * (1.05 if is_long else 1.25)
