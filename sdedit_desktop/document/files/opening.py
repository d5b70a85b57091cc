"""Any file that can become a document."""

from pathlib import Path

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_reader, photo

NATIVE = ".ora"


def open_document(path: Path, like: Path | None = None) -> Document:
    """A document from a saved one or from a photo.

    Args:
        path: The file.
        like: A name whose ending tells what it is, if it is not its own.

    Raises:
        FileFormatError: With a sentence.
    """
    if (like or path).suffix.lower() == NATIVE:
        return ora_reader.load(path)
    return photo.as_document(photo.open_photo(path))
