"""The bundled samples: photographs with strokes and a mask."""

import json
from dataclasses import dataclass
from pathlib import Path

from sdedit_desktop import paths
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.opening import open_painted
from sdedit_desktop.errors import ParameterError
from sdedit_desktop.texts import Text


@dataclass(frozen=True)
class Sample:
    """A bundled photograph with its strokes. ``mask``: white = may change."""

    name: str
    title: Text
    author: str
    licence: str
    photo: Path
    strokes: Path
    mask: Path


def samples(folder: Path | None = None) -> tuple[Sample, ...]:
    """All bundled samples, the one for the welcome first; none if their list is missing."""
    folder = folder or paths.resources() / "samples"
    listing = folder / "samples.json"
    if not listing.is_file():
        return ()
    return tuple(
        Sample(
            entry["name"],
            Text(entry["title"]),
            entry["author"],
            entry["licence"],
            *(folder / entry[part] for part in ("photo", "strokes", "mask")),
        )
        for entry in json.loads(listing.read_text("utf-8"))
    )


def sample(name: str) -> Sample:
    """The bundled sample of this name.

    Raises:
        ParameterError: There is none; the sentence lists the known ones.
    """
    known = samples()
    for one in known:
        if one.name == name:
            return one
    listed = ", ".join(one.name for one in known) or Text("none")
    raise ParameterError("There is no sample {0!r}. Known are: {1}.", name, listed)


def document_of(sample: Sample) -> Document:
    """A document with the photo, the strokes on a layer above it, and the mask."""
    return open_painted(sample.photo, sample.strokes, sample.mask)
