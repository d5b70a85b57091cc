"""What large photographs cost: opening, a masked edit, exporting; and against ``vips copy``.

Run as a program; prints a table. Each take is a process of its own, so that its peak of memory is
known. Times are processor times of the process and its threads, ``vips copy`` likewise. All numbers
are medians of three takes that take turns.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

SIZES = {1: (1200, 800), 24: (6000, 4000), 100: (12000, 8333)}
EDIT = 400


def say(text: str) -> None:
    """Prints a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def make(path: Path, megapixels: int) -> None:
    """A 16-bit TIFF of soft waves with noise: about as hard to compress as a photo."""
    import pyvips

    width, height = SIZES[megapixels]
    x = pyvips.Image.xyz(width, height)
    waves = [
        ((x[0] / a + x[1] / b).sin() + 1) * 24000 for a, b in ((310, 170), (130, 410), (70, 290))
    ]
    noise = pyvips.Image.gaussnoise(width, height, sigma=600, mean=4000)
    picture = waves[0].bandjoin(waves[1:]) + noise
    picture.cast("ushort").copy(interpretation="rgb16").tiffsave(
        str(path), compression="deflate", predictor="horizontal"
    )


def peak_mb() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def open_edit_export(source: Path, target: Path) -> None:
    """The whole way, with a mask of 400 pixels; prints seconds and megabytes."""
    import numpy as np

    from sdedit_desktop.document.files.opening import open_document
    from sdedit_desktop.document.files.photo import export_document
    from sdedit_desktop.editing import models, presets
    from sdedit_desktop.editing.document_requests import request_of, result_layer
    from sdedit_desktop.editing.engine import TorchEngine
    from sdedit_desktop.editing.request import CancelToken, Candidate, EditParams
    from sdedit_desktop.geometry import Rect

    params = EditParams(models.THIS_PHOTO, **presets.defaults(models.THIS_PHOTO) | {"seeds": (5,)})
    engine = TorchEngine(device="cpu")
    own, times = peak_mb(), [time.process_time()]
    document = open_document(source)
    times.append(time.process_time())
    left, top = document.rect.width // 2, document.rect.height // 2
    mask = document.mask.edit()
    square = np.full((EDIT, EDIT, 1), 255, np.uint8)
    mask.write(Rect(left, top, left + EDIT, top + EDIT), square)
    mask.commit()
    found = engine.run(request_of(document, params), CancelToken())
    (candidate,) = [message for message in found if isinstance(message, Candidate)]
    document.layers.append(result_layer(document, candidate))
    times.append(time.process_time())
    edited = peak_mb()
    export_document(document, target)
    times.append(time.process_time())
    steps = [after - before for before, after in pairwise(times)]
    numbers = [*steps, edited - own, peak_mb() - own]
    say(" ".join(f"{number:.2f}" for number in numbers))


def open_export(source: Path, target: Path) -> None:
    """Opens and exports; prints processor seconds."""
    from sdedit_desktop.document.files.opening import open_document
    from sdedit_desktop.document.files.photo import export_document

    begin = time.process_time()
    export_document(open_document(source), target)
    say(f"{time.process_time() - begin:.2f}")


def vips_copy(source: Path, target: Path) -> None:
    """What ``vips copy`` does with the same compression; prints processor seconds."""
    import pyvips

    pyvips.cache_set_max(0)
    begin = time.process_time()
    picture = pyvips.Image.new_from_file(str(source), access="sequential")
    picture.tiffsave(str(target), compression="deflate", predictor="horizontal")
    say(f"{time.process_time() - begin:.2f}")


STEPS = {one.__name__: one for one in (open_edit_export, open_export, vips_copy)}


def measured(step: str, source: Path, target: Path) -> list[float]:
    """Numbers that a step prints in a process of its own."""
    command = [sys.executable, __file__, "--step", step, str(source), str(target)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [float(number) for number in done.stdout.split()]


def main() -> None:
    """Makes the pictures, runs the steps, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step", nargs=3, metavar=("STEP", "SOURCE", "TARGET"))
    parser.add_argument("--sizes", nargs="+", type=int, default=[1, 24, 100], metavar="MP")
    options = parser.parse_args()
    if options.step:
        STEPS[options.step[0]](*map(Path, options.step[1:]))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        edits, target = {}, folder / "out.tif"
        sources = {size: folder / f"{size}.tif" for size in options.sizes}
        for size, source in sources.items():
            make(source, size)
        rounds = [
            [measured("open_edit_export", source, target) for source in sources.values()]
            for _ in range(3)
        ]
        for number, (size, source) in enumerate(sources.items()):
            takes = [each[number] for each in rounds]
            medians = map(statistics.median, zip(*takes, strict=True))
            opened, edited, written, peak, total = medians
            edits[size] = edited
            say(
                f"{size} MP, 16 bit: open {opened:.1f} s, edit of {EDIT} px {edited:.1f} s, export "
                f"{written:.1f} s; memory over the process's own {peak:.0f} MB, with export "
                f"{total:.0f} MB"
            )
            if size == 24:
                takes = [
                    [measured(step, source, target)[0] for step in ("open_export", "vips_copy")]
                    for _ in range(3)
                ]
                own, theirs = map(statistics.median, zip(*takes, strict=True))
                say(
                    f"24 MP, open and export: {own:.1f} s, vips copy {theirs:.1f} s: "
                    f"{own / theirs:.2f} times"
                )
        if 1 in edits:
            for size, edited in edits.items():
                say(f"edit in {size} MP against 1 MP: {edited / edits[1]:.2f}")


if __name__ == "__main__":
    main()
