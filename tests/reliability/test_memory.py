"""Memory that really runs out, under a limit of the system."""

import random
import subprocess
import sys
from pathlib import Path

import children
import numpy as np
import pytest
import torch

from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.request import CancelToken, Candidate, EditParams, EditRequest, Note
from sdedit_desktop.geometry import Rect

CHILD = Path(__file__).with_name("short_of_memory.py")


PARTS = "Not enough memory for the whole at once; working in parts of 512 px."
LESS_DETAIL = "Not enough memory to add detail; going on without it."


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
def test_jobs_survive_real_shortages(tmp_path):
    """Given less memory than a job needs, less is done at once or of it, and reported.

    As planned from what is free, no memory runs out.
    """
    jobs = [f"{kind} {how}" for kind in ("network", "photographs") for how in ("planned", "tried")]
    child = subprocess.run(
        [sys.executable, str(CHILD), str(tmp_path), *jobs],
        capture_output=True,
        text=True,
        timeout=600,
        env=children.environment(),
    )
    assert child.returncode == 0, child.stderr[-3000:]
    reports = [report.splitlines() for report in child.stdout.split("\n\n")]
    reports[0] = reports[0][1:]
    assert [name for name, *_ in reports] == jobs
    for name, *said in reports:
        assert said[0] == (PARTS if name.startswith("network") else LESS_DETAIL), reports
        assert (said[-3] == "shortages 0") == name.endswith("planned"), reports
        assert said[-2:] == ["candidates 1", "candidates 1 without a note"], reports


def too_much(kind):
    """Asks for more memory than any computer has: the exceptions are the libraries' own."""
    if kind == 0:
        torch.empty(1 << 60, dtype=torch.uint8)
    elif kind == 1:
        np.empty(1 << 60, np.uint8)
    else:
        bytearray(1 << 60)


def test_no_job_is_lost_when_memory_runs_out(tiny_model, monkeypatch, is_long):
    """Given a shortage at some call of each job, all candidates are there in the end."""
    engine, rng = TorchEngine(device="cpu"), random.Random(0)
    from sdedit_desktop.diffusion.denoiser import VPDenoiser

    predict, calls = VPDenoiser.predict, []

    def short(self, z, sigma):
        calls.append(1)
        if len(calls) == fault_at:
            too_much(kind)
        return predict(self, z, sigma)

    monkeypatch.setattr(VPDenoiser, "predict", short)
    for number in range(50 if is_long else 6):
        calls.clear()
        fault_at, kind = rng.randint(1, 4), number % 3
        guide = np.full((32, 32, 3), 90, np.uint8)
        mask = np.full((32, 32), 255, np.uint8)
        params = EditParams(tiny_model, calls=2, seeds=(1, 2), solver="ddim")
        request = EditRequest(params, guide, mask, Rect(0, 0, 32, 32))
        messages = list(engine.run(request, CancelToken()))
        assert [m.seed for m in messages if isinstance(m, Candidate)] == [1, 2]
        assert any("Not enough memory" in m.text for m in messages if isinstance(m, Note))
