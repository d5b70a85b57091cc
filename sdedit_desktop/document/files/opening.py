"""Opens any file that can become a document."""

from collections.abc import Callable
from pathlib import Path

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_reader, photo

NATIVE = ".ora"


def open_document(
    path: Path,
    like: Path | None = None,
    report: Callable[[float], None] = lambda _share: None,
) -> Document:
    """A document from a saved one or from a photo.

    Args:
        path: The file.
        like: A name whose ending decides the format, if the file's own does not.
        report: Called with the share of a photo that is read, 0 to 1; an exception ends it.

    Raises:
        FileFormatError: With a sentence.
    """
    if (like or path).suffix.lower() == NATIVE:
        return ora_reader.load(path)
    return photo.open_as_document(path, report)


def open_painted(picture: Path, strokes: Path | None = None, mask: Path | None = None) -> Document:
    """A document of a photo, strokes and a mask, each a picture of the same size.

    Args:
        picture: The photo.
        strokes: What the upper layer holds, transparent where nothing is painted.
        mask: White = may change.

    Raises:
        FileFormatError: For what cannot be read, and for sizes that differ.
    """
    document = photo.open_as_document(picture)
    if strokes is not None:
        edit = document.layers[-1].tiles.edit()
        edit.write(document.rect, photo.open_strokes(strokes, document))
        edit.commit()
    if mask is not None:
        edit = document.mask.edit()
        size = document.rect.width, document.rect.height
        edit.write(document.rect, photo.open_mask(mask, size)[..., None])
        edit.commit()
    return document
