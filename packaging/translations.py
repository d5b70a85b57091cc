"""Brings the translations up to date: finds all texts in the code, then compiles.

Run ``python packaging/translations.py``, translate what is marked as unfinished in
``resources/translations/*.ts`` (Qt Linguist, or any editor), and run it again.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
TOOLS = Path(sys.executable).parent
MARKS = ["-tr-function-alias", "tr+=_,tr+=AppError,tr+=FileFormatError,tr+=ModelError"]
MARKS[-1] += ",tr+=ParameterError,tr+=OutOfMemory"


def update(target: Path) -> None:
    """Adds new texts of the code to a translation, and drops those that are gone."""
    sources = sorted(map(str, (ROOT / "sdedit_desktop").rglob("*.py")))
    options = ["-no-obsolete", "-locations", "none", "-silent", *MARKS]
    run("pyside6-lupdate", *options, *sources, "-ts", str(target))


def compile_(source: Path, target: Path) -> None:
    """Makes of a translation what the program reads."""
    run("pyside6-lrelease", "-silent", str(source), "-qm", str(target))


def run(tool: str, *arguments: str) -> None:
    """Runs one of Qt's tools."""
    subprocess.run([TOOLS / tool, *arguments], check=True)


if __name__ == "__main__":
    for path in sorted(FOLDER.glob("*.ts")):
        update(path)
        compile_(path, path.with_suffix(".qm"))
