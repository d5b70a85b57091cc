"""Memory that really runs out, under a limit of the system."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = Path(__file__).with_name("short_of_memory.py")


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
def test_a_job_survives_a_real_shortage(tmp_path):
    """Given less memory than the first size needs, the job is done at a smaller one, and said."""
    child = subprocess.run(
        [sys.executable, str(CHILD), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert child.returncode == 0, child.stderr[-3000:]
    said = child.stdout.splitlines()
    assert any("Not enough memory" in line for line in said)
    assert said[-2:] == ["candidates 1", "candidates 1 without a note"]
