"""Edition and build of this copy of the program, or that it runs from its source."""

import json
from dataclasses import dataclass

from sdedit_desktop import paths

SOURCE = "source"


@dataclass(frozen=True)
class BuildInfo:
    """Edition and build as written into a package (``packaging/frozen/freeze.py``).

    Attributes:
        edition: ``cpu`` or ``cuda``: for what its torch was built; ``source`` in no package.
        build: Date and name of the commit that it was built from; "" in no package.
    """

    edition: str = SOURCE
    build: str = ""

    def __str__(self) -> str:
        if self.edition == SOURCE:
            return "run from its source"
        return f"edition {self.edition}, build {self.build}"


def read() -> BuildInfo:
    """Reads what this copy tells of itself."""
    try:
        values = json.loads((paths.resources() / "build.json").read_text("utf-8"))
    except FileNotFoundError:
        return BuildInfo()
    return BuildInfo(values["edition"], values["build"])
