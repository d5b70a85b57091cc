"""Reads mutated files of every kind under limits of time and memory; a line for each that is bad.

Run as ``mutants.py FOLDER FIRST COUNT``. A mutant is made from its number alone, so that one that
does harm can be made again.
"""

import json
import random
import re
import resource
import shutil
import signal
import sys
import traceback
import warnings
from functools import partial
from pathlib import Path

import numpy as np
from candidates_made import add
from PIL import Image

from sdedit_desktop import settings
from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer, photo
from sdedit_desktop.document.files.journal import Journal, Snapshot, Work, recoverable
from sdedit_desktop.editing import presets
from sdedit_desktop.editing.candidates import persistence
from sdedit_desktop.editing.candidates.strip import Strip
from sdedit_desktop.editing.jobs import JobQueue
from sdedit_desktop.editing.operations import brush_presets
from sdedit_desktop.errors import AppError
from sdedit_desktop.geometry import Rect

SECONDS = 5
ROOM_BYTES = 1 << 30
MODELS = Path(__file__).parents[1] / "parity" / "data"
NUMBERS = ["-1", "0", "1e30", "1e999", "NaN", "9" * 400, "-5", "null", '"x"', "[]", "1e-320"]


def seeds(folder):
    """Good files to begin with, and what reads each kind."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (40, 60, 4), dtype=np.uint8)
    image = Image.fromarray(pixels)
    for name in ("a.png", "a.webp", "a.tif"):
        image.save(folder / name)
    image.convert("RGB").save(folder / "a.jpg", exif=Image.Exif().tobytes())
    document = Document(60, 40)
    edit = document.layers[1].tiles.edit()
    edit.write(Rect(5, 5, 65, 45), pixels)
    edit.commit()
    strip = Strip(JobQueue())
    add(strip, 1)
    document.attachments = persistence.pack(strip.slots)
    document.metadata = {"exif": b"Exif", "dpi": b"300"}
    ora_writer.save(document, folder / "a.ora")
    settings.save(settings.Settings(recent_files=("/a", "/b")), folder / "settings.json")
    shutil.copy(brush_presets.paths.resources() / "brushes" / "pencil.json", folder / "brush.json")
    shutil.copy(next((presets.paths.resources() / "presets").glob("*.json")), folder / "p.json")
    shutil.copy(MODELS / "sdedit" / "tiny_celeba_hq.ckpt", folder / "m.ckpt")
    shutil.copytree(MODELS / "diffusers" / "ddpm_tiny_safetensors", folder / "model")
    journal = Journal(folder / "journals")
    journal.record(Snapshot.of(document, Work("a"), lambda: document.attachments), document)
    assert journal.flush(60)
    (written,) = (folder / "journals").glob("*.journal")
    shutil.copy(written, folder / "session-1.journal")
    journal.close()


def read_document(path):
    document = ora_writer.load(path)
    for slot in persistence.unpack(document.attachments, frame=document.rect)[:3]:
        slot.made.measure()
        slot.made.candidate()
    ora_writer.save(document, path.with_name("again.ora"))


def read_journal(path):
    for recovery in recoverable(path.parent):
        try:
            recovery.load()
        finally:
            recovery.delete()


def read_model_folder(part, path):
    folder = path.parent / "model"
    shutil.copytree(path.parent.parent / "seeds" / "model", folder)
    shutil.copy(path, folder / part)
    open_model(folder)


READERS = {
    "a.ora": read_document,
    "a.png": photo.open_photo,
    "a.jpg": photo.open_photo,
    "a.tif": photo.open_photo,
    "a.webp": photo.open_mask,
    "settings.json": settings.load,
    "brush.json": brush_presets.read,
    "p.json": presets.load,
    "m.ckpt": open_model,
    "model/unet/config.json": partial(read_model_folder, "unet/config.json"),
    "model/scheduler/scheduler_config.json": partial(
        read_model_folder, "scheduler/scheduler_config.json"
    ),
    "model/unet/diffusion_pytorch_model.safetensors": partial(
        read_model_folder, "unet/diffusion_pytorch_model.safetensors"
    ),
    "session-1.journal": read_journal,
}


def mutated(data, rng):
    """One to four changes."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        kind, at = rng.randrange(6), rng.randrange(max(1, len(data)))
        if kind == 0:
            data[at : at + 1] = bytes([rng.randrange(256)])
        elif kind == 1:
            del data[at:]
        elif kind == 2:
            del data[at : at + rng.randint(1, 64)]
        elif kind == 3:
            data[at:at] = data[at : at + rng.randint(1, 64)] * rng.randint(1, 9)
        elif kind == 4:
            extreme = rng.choice([b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff"])
            data[at : at + 4] = extreme
        else:
            numbers = list(re.finditer(rb"-?\d+(?:\.\d+)?", data))
            if numbers and len(data) < 1 << 16:
                start, end = rng.choice(numbers).span()
                data[start:end] = rng.choice(NUMBERS).encode()
    return bytes(data)


def give_up(*_):
    raise TimeoutError("it took too long")


def trouble_with(number, folder):
    """Reads one mutant: what went wrong, if anything did."""
    rng = random.Random(number)
    name = list(READERS)[number % len(READERS)]
    place = folder / "mutant"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    path = place / Path(name).name
    path.write_bytes(mutated((folder / "seeds" / name).read_bytes(), rng))
    signal.alarm(SECONDS)
    try:
        READERS[name](path)
    except AppError:
        return None
    except BaseException:  # noqa: BLE001 - whatever else comes is what is looked for
        return f"{name}: {traceback.format_exc()[-1500:]}"
    finally:
        signal.alarm(0)
    return None


def main(folder, first, count):
    warnings.simplefilter("ignore")
    seeds(folder / "seeds")
    for name, reader in READERS.items():  # each seed is good, and all is imported
        place = folder / "mutant"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        shutil.copy(folder / "seeds" / name, place / Path(name).name)
        reader(place / Path(name).name)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + ROOM_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    signal.signal(signal.SIGALRM, give_up)
    for number in range(first, first + count):
        sys.stdout.write(f"{json.dumps([number, None])}\n")
        sys.stdout.flush()
        if (said := trouble_with(number, folder)) is not None:
            sys.stdout.write(f"{json.dumps([number, said])}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
