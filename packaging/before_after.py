"""Makes a sheet of the bundled photographs, what is painted on them, and results.

    python packaging/before_after.py [--model MODEL] [--t0 T0 ...] [FILE]

Each row is a photograph, the strokes, and an edit at each t0, all as a user would get them.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.document_requests import on_white, request_of
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.regions.region import paste
from sdedit_desktop.editing.request import CancelToken, Candidate, EditParams, Raster
from sdedit_desktop.editing.samples import document_of, samples

FILE = Path(__file__).parent / "screenshots" / "before-after.webp"
SEED = 20
CELL = 420, 280
QUALITY = 82


def composite(document: Document) -> Raster:
    """All that is seen of a document, straight RGB."""
    return on_white(document.composite(document.rect))


def edited(engine: TorchEngine, document: Document, params: EditParams) -> Raster:
    """The document with the one candidate that the engine makes."""
    request = request_of(document, params)
    messages = list(engine.run(request, CancelToken()))
    (candidate,) = (each for each in messages if isinstance(each, Candidate))
    whole, (left, top, right, bottom) = composite(document), request.rect
    part = whole[top:bottom, left:right]
    whole[top:bottom, left:right] = paste(part, candidate.image, candidate.alpha)
    return whole


def main() -> None:
    """Makes it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="this-photo")
    parser.add_argument("--t0", type=float, nargs="+", default=[0.35])
    parser.add_argument("--calls", type=int, default=12)
    parser.add_argument("--solver", default="ddpm")
    parser.add_argument("file", nargs="?", type=Path, default=FILE)
    options = parser.parse_args()
    engine = TorchEngine()
    params = EditParams(options.model, calls=options.calls, solver=options.solver, seeds=(SEED,))
    sheet = Image.new("RGB", (CELL[0] * (2 + len(options.t0)), CELL[1] * len(samples())))
    for row, sample in enumerate(samples()):
        document = document_of(sample)
        painted = composite(document)
        edits = [edited(engine, document, replace(params, t0=t0)) for t0 in options.t0]
        document.layers[-1].visible = False
        for column, picture in enumerate([composite(document), painted, *edits]):
            cell = ImageOps.fit(Image.fromarray(picture.astype(np.uint8)), CELL)
            sheet.paste(cell, (column * CELL[0], row * CELL[1]))
    sheet.save(options.file, "WEBP", quality=QUALITY)
    print(options.file)


if __name__ == "__main__":
    main()
