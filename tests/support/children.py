"""The environment of programs that tests start."""

import os
from pathlib import Path

SUPPORT = Path(__file__).parent
ROOT = SUPPORT.parent.parent


def environment(**more):
    """The tests' environment; in it a child finds the program and these helpers from any folder."""
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{SUPPORT}", **more}
