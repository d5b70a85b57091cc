"""The options of a training, saved beside it, so that resuming needs none.

Nothing here knows torch: the window reads it too.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from sdedit_desktop.files import atomic_write

Json = str | float | list[list[str | float]] | None
STATE = Path("training") / "state.safetensors"
"""Where the state of a training is, in the folder of its model."""
LOSSES = STATE.with_name("loss.csv")
"""Where the loss of every step is: written with the state, a line each below a heading."""

_FILE = STATE.with_name("options.json")


def read(output: Path) -> Mapping[str, Json]:
    """The options of the training in a folder; empty where there are none."""
    try:
        values = json.loads((output / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}


def saved_steps(output: Path) -> int:
    """How many steps the model in a folder has been trained, as far as it is saved."""
    try:
        with (output / LOSSES).open(encoding="utf-8") as lines:
            return max(0, sum(1 for _ in lines) - 1)
    except OSError:
        return 0


def write(output: Path, options: Mapping[str, Json]) -> None:
    """Keeps the options of a training that begins.

    Raises:
        OSError: The folder cannot be written.
    """
    path = output / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as new:
        new.write_text(json.dumps(options, indent=2) + "\n", encoding="utf-8")
