"""Makes a model card's picture: the bundled photographs, what is painted on them, and results.

    python packaging/before_after.py [MODEL] [FILE]

Each row is a photograph, the strokes, and an edit at each t0, all as a user would get them.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from sdedit_desktop import paths
from sdedit_desktop.document.document import Document
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.region import paste
from sdedit_desktop.editing.request import CancelToken, Candidate, EditParams, Raster
from sdedit_desktop.editing.samples import document_of, samples
from sdedit_desktop.editing.session import on_white, request_of

MODEL = "nature-small"
T0S = (0.3, 0.4, 0.5, 0.6)
SEED = 20
CELL = 300, 200
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
    parser.add_argument("model", nargs="?", default=MODEL)
    default = paths.resources() / "models" / MODEL / "samples.webp"
    parser.add_argument("file", nargs="?", type=Path, default=default)
    options = parser.parse_args()
    engine = TorchEngine()
    params = EditParams(options.model, seeds=(SEED,))
    sheet = Image.new("RGB", (CELL[0] * (2 + len(T0S)), CELL[1] * len(samples())))
    for row, sample in enumerate(samples()):
        document = document_of(sample)
        painted = composite(document)
        edits = [edited(engine, document, replace(params, t0=t0)) for t0 in T0S]
        document.layers[-1].visible = False
        for column, picture in enumerate([composite(document), painted, *edits]):
            cell = ImageOps.fit(Image.fromarray(picture.astype(np.uint8)), CELL)
            sheet.paste(cell, (column * CELL[0], row * CELL[1]))
    sheet.save(options.file, "WEBP", quality=QUALITY)
    print(options.file)


if __name__ == "__main__":
    main()
