"""What saving a document of 6000 x 4000 in 16 bits with a photo and four painted layers costs.

Run as a program; prints processor time and time that passed, for libvips and for the program.
"""

import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
from bench_document import measure, paint, photograph

from sdedit_desktop.document.commands import AddLayer
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import codec, ora_writer
from sdedit_desktop.document.layers import LayerKind

STROKES = 12
VIPS_LEVEL = 2


def painted() -> Document:
    """A photo whose low bytes are noise, as a camera's are, and strokes on four layers."""
    document, plain = Document(6000, 4000, 16), photograph()
    pixels = np.full((4000, 6000, 4), 65535, np.uint16)
    pixels[..., :3] = plain
    pixels[..., :3] *= 256
    pixels[..., :3] += np.random.default_rng(1).integers(0, 256, plain.shape, dtype=np.uint16)
    photo = document.layers[0]
    photo.kind = LayerKind.PHOTO
    photo.open_pixels(document.rect, pixels)
    while len(document.layers) < 5:
        document.push(AddLayer(document.new_layer("Strokes"), len(document.layers)))
    for number in range(STROKES):
        paint(document, number)
    return document


def write_with_vips(document: Document, folder: Path) -> None:
    """Writes the same rasters with libvips: each layer's content, and the flattened picture."""
    for number, layer in enumerate(document.layers):
        picture = codec.to_vips(layer.tiles.read(layer.tiles.content_rect() or document.rect))
        picture.pngsave(str(folder / f"{number}.png"), compression=VIPS_LEVEL)
    merged = codec.to_vips(document.straight(document.rect))
    merged.pngsave(str(folder / "merged.png"), compression=VIPS_LEVEL)


def main() -> None:
    """Prints the table."""
    document = painted()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "a.ora"
        measure("libvips, the same rasters", lambda: write_with_vips(document, folder))
        earlier = None
        for what in ("first save", "after one stroke", "nothing changed"):
            if what == "after one stroke":
                paint(document, STROKES)
            save = partial(ora_writer.save, document.frozen(), path, earlier=earlier)
            earlier = measure(what, save)
        sys.stdout.write(f"{'size':44}{path.stat().st_size / 2**20:10.1f} MB\n")


if __name__ == "__main__":
    main()
