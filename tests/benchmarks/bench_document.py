"""What a 6000 x 4000 document with photo, four layers and 200 strokes of history costs.

Run as a program; prints processor time, time that passed and memory.
"""

import gc
import math
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from sdedit_desktop.document.brush.brush import Brush, Sample
from sdedit_desktop.document.brush.stroke import Stroke
from sdedit_desktop.document.commands import AddLayer, PaintTiles
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.files.journal import Journal, Snapshot, Work
from sdedit_desktop.document.files.photo import as_document, export, open_photo
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

STROKES = 200
REST_S = 0.08


def photograph() -> np.ndarray:
    """Soft waves with a little noise: about as hard to compress as a photo."""
    y, x = np.mgrid[0:4000, 0:6000].astype(np.float32)
    waves = [np.sin(x / a + y / b) for a, b in ((310, 170), (130, 410), (70, 290))]
    noise = np.random.default_rng(0).normal(0, 0.02, (4000, 6000)).astype(np.float32)
    return np.stack([np.clip((w + noise) * 100 + 128, 0, 255) for w in waves], 2).astype(np.uint8)


def paint(document: Document, number: int) -> None:
    """One stroke across most of the picture, on one of the layers."""
    layer = document.layers[1 + number % 4]
    edit = layer.tiles.edit()
    brush = Brush(radius=40, color=(number % 256, 90, 160), hardness=0.5)
    stroke = Stroke(brush, edit, clip=document.rect)
    slope = math.tan(math.radians(number * 7 % 60 - 30))
    for i in range(100):
        x, y = 100 + 58 * i, 2000 + (58 * i - 2900) * slope + 300 * math.sin(i / 9 + number)
        stroke.add(Sample(x, y))
    document.push(PaintTiles(Text("Brush stroke"), ("layer", layer.id), edit.commit()))


def paint_and_rest(document: Document, number: int) -> None:
    """A stroke, and the second after it, in which the program makes old steps smaller."""
    paint(document, number)
    document.history.pack(REST_S)


def record(journal: Journal, document: Document) -> None:
    """What the window does every two seconds."""
    journal.record(Snapshot.of(document, Work("photo")), document)


def resident_mb() -> float:
    """Memory of this process."""
    gc.collect()
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def measure(name, work) -> object:
    """Runs ``work`` once and prints a line."""
    began_s, spent_s = time.perf_counter(), time.process_time()
    result = work()
    spent_ms = 1000 * (time.process_time() - spent_s)
    passed_ms = 1000 * (time.perf_counter() - began_s)
    sys.stdout.write(f"{name:44}{spent_ms:10.1f} ms of the processor{passed_ms:10.1f} ms passed\n")
    return result


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before_mb = resident_mb()
        export(photograph(), folder / "photo.png")
        document: Document = measure(
            "open PNG", lambda: as_document(open_photo(folder / "photo.png"))
        )
        for number in range(3):
            document.push(AddLayer(document.new_layer(f"Layer {number}"), len(document.layers)))
        measure(
            f"{STROKES} strokes of 100 events",
            lambda: [paint_and_rest(document, number) for number in range(STROKES)],
        )
        history_mb = document.history.size_bytes / 2**20
        sys.stdout.write(f"{'history':44}{history_mb:10.1f} MB\n")
        sys.stdout.write(f"{'memory of all this':44}{resident_mb() - before_mb:10.1f} MB\n")
        measure("undo", document.undo)
        measure("redo", document.redo)
        measure(
            "flatten a screen of 1500 x 1000",
            lambda: document.composite(Rect(2000, 1500, 3500, 2500)),
        )
        measure("flatten everything", lambda: document.composite(document.rect))
        measure("frozen copy", document.frozen)
        journal = Journal(folder / "state")
        for what in ("first", "after one more stroke"):
            measure(f"journal, {what}: snapshot", lambda: record(journal, document))
            measure(f"journal, {what}: written", lambda: journal.flush(600))
            paint(document, 0)
        journal.close()
        measure("save", lambda: ora_writer.save(document, folder / "a.ora"))
        measure("open", lambda: ora_writer.load(folder / "a.ora"))


if __name__ == "__main__":
    main()
