"""Programs that tests start."""

import os
from pathlib import Path

SUPPORT = Path(__file__).parent
ROOT = SUPPORT.parent.parent


def environment(**more):
    """That of the tests, with which a child imports what they import, from wherever it starts."""
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{SUPPORT}", **more}
