"""Brings the translations up to date: finds all texts in the code, then compiles.

Run ``python packaging/translations.py``, translate what is marked as unfinished in
``resources/translations/*.ts`` (Qt Linguist, or any editor), and run it again.

German says what can be done in the infinitive ("Maske laden…"), addresses nobody, and has one word
for each thing: blend mode Mischmodus, brush Pinsel, candidate Kandidat, dab Tupfer, feather weiche
Kante, flow Fluss, generate erzeugen, grain Körnung, job Auftrag, layer Ebene, mask Maske, opacity
Deckkraft, panel Bedienfeld, preset Vorgabe, repeats Durchläufe, resampling Wiederholungen, seed
Startwert, solver Löser, spacing Abstand, step Schritt, strength t0 Stärke t0, stroke Strich, swatch
Farbfeld.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from sdedit_desktop import errors

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
TOOLS = Path(sys.executable).parent
ERRORS = [
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.AppError)
]
MARKS = ",".join(f"tr+={name}" for name in ["_", "Text", "translated", *ERRORS])
EMPTY = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
"""How such a file begins."""


def sources() -> list[str]:
    """All texts in the code that can be translated, each once, sorted.

    Qt's tool tells them apart by class; here a text means the same everywhere, and is found
    whichever class it is shown by. What is bundled has names as well.
    """
    files = sorted(map(str, (ROOT / "sdedit_desktop").rglob("*.py")))
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.ts"
        options = ["-locations", "none", "-silent", "-tr-function-alias", MARKS]
        run("pyside6-lupdate", *options, *files, "-ts", str(found))
        messages = ElementTree.parse(found).iter("message")
    texts = {message.findtext("source", "") for message in messages}
    return sorted(texts.union(_bundled()))


def _bundled() -> Iterator[str]:
    resources = ROOT / "resources"
    for path in [*resources.glob("brushes/*.json"), *resources.glob("presets/*.json")]:
        values = json.loads(path.read_text("utf-8"))
        yield from (values[key] for key in ("name", "description") if key in values)
    for sample in json.loads((resources / "samples" / "samples.json").read_text("utf-8")):
        yield sample["title"]


def update(target: Path) -> None:
    """Adds new texts of the code to a translation, and drops those that are gone."""
    root = ElementTree.parse(target).getroot()
    known = {message.findtext("source"): message for message in root.iter("message")}
    for context in root.findall("context"):
        root.remove(context)
    context = ElementTree.SubElement(root, "context")
    ElementTree.SubElement(context, "name").text = ""
    # In English only plurals have anything to be told: everything else is as in the code.
    only_plurals = root.get("language") == "en"
    for text in sources():
        if counts(text) or not only_plurals:
            context.append(_untranslated(text) if known.get(text) is None else known[text])
    ElementTree.indent(root, "")
    written = ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)
    target.write_text(f"{EMPTY}{written}\n", encoding="utf-8")


def counts(text: str) -> bool:
    """Whether a text speaks of a number, and has plural forms."""
    return "%n" in text


def _untranslated(text: str) -> ElementTree.Element:
    message = ElementTree.Element("message", {"numerus": "yes"} if counts(text) else {})
    ElementTree.SubElement(message, "source").text = text
    ElementTree.SubElement(message, "translation", {"type": "unfinished"})
    return message


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
