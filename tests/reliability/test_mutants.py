"""Files of every kind, changed at random: no crash, no hang, no raw traceback, no great memory."""

import json
import subprocess
import sys
from pathlib import Path

import children
import pytest

CHILD = Path(__file__).with_name("mutants.py")


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
def test_mutated_files_are_read_or_refused(tmp_path, is_long):
    count = 5000 if is_long else 390
    child = subprocess.run(
        [sys.executable, str(CHILD), str(tmp_path / "files"), "0", str(count)],
        capture_output=True,
        text=True,
        env=children.environment(XDG_STATE_HOME=str(tmp_path / "state")),
    )
    lines = [json.loads(line) for line in child.stdout.splitlines()]
    assert child.returncode == 0, (lines[-1:], child.stderr[-2000:])
    assert [line for line in lines if line[1] is not None] == []
    assert len(lines) == count
