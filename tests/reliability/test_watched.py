"""No network, no process, no pickle: as Python's own audit events tell, over a whole run."""

import json
import subprocess
import sys
from pathlib import Path

import children

LIBRARIES_LISTED = ["subprocess.Popen", "('/sbin/ldconfig', ['/sbin/ldconfig', '-p']"]
"""How Python's ctypes looks for a library; torch's CUDA build does when it is imported."""
CHILD = Path(__file__).with_name("watched.py")


def test_nothing_leaves_the_program(tmp_path):
    child = subprocess.run(
        [sys.executable, str(CHILD), str(tmp_path)],
        capture_output=True,
        text=True,
        env=children.environment(),
    )
    assert child.returncode == 0, child.stderr[-3000:]
    result = json.loads(child.stdout.splitlines()[-1])
    assert "error" not in result["report"]
    assert result["report"]["candidates"] == "1"
    event, begin = LIBRARIES_LISTED
    others = [one for one in result["seen"] if one[0] != event or not one[1].startswith(begin)]
    assert others == []
