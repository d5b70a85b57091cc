"""Edits without a window: reads a photo, writes candidates, a contact sheet and a record."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

import sdedit_desktop
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.journal.snapshot import Snapshot, Work
from sdedit_desktop.document.files.opening import open_painted
from sdedit_desktop.document.files.photo import export, export_document
from sdedit_desktop.document.files.saving import saving
from sdedit_desktop.document.tiles import Tiles
from sdedit_desktop.editing import models, source_photo
from sdedit_desktop.editing.document_requests import (
    context_side,
    guide_of,
    request_of,
    result_layer,
)
from sdedit_desktop.editing.protocol import Engine
from sdedit_desktop.editing.request import (
    LEAST_CONTEXT,
    CancelToken,
    Candidate,
    EditParams,
    EditRequest,
    Message,
    ModelFacts,
    Note,
    Raster,
)
from sdedit_desktop.errors import FileFormatError, ParameterError
from sdedit_desktop.texts import Text

_SHEET_SIDE = 384
"""Longer side of a picture on the contact sheet, in pixels."""


@dataclass(frozen=True, eq=False)
class Material:
    """The input of an edit.

    Attributes:
        document: The photo, the strokes on a layer above it, and the mask.
        files: The file of each part: "photo", "strokes", "mask".
        exemplars: Further photographs, if the model is made of them for this edit only.
    """

    document: Document
    files: Mapping[str, Path]
    exemplars: tuple[Path, ...] = ()

    @classmethod
    def open(cls, photo: Path, strokes: Path | None = None, mask: Path | None = None) -> "Material":
        """Reads the files.

        Args:
            photo: Any picture.
            strokes: A picture of the same size, transparent where nothing is painted; without
                it the photo itself is the guide.
            mask: A picture of the same size, white = may change; without it everything may.

        Raises:
            FileFormatError: For what cannot be read, and for sizes that differ.
        """
        document = open_painted(photo, strokes, mask)
        if mask is not None and not document.mask.content_rect():
            raise ParameterError(
                "The mask {0} is all black: nothing may change. White may change.", mask.name
            )
        given = {"photo": photo, "strokes": strokes, "mask": mask}
        return cls(document, {part: path for part, path in given.items() if path is not None})

    def request(self, params: EditParams, least_side: int = LEAST_CONTEXT) -> EditRequest:
        """The request for the part around the mask; without a mask, for the whole picture.

        For ``least_side`` see ``document_requests.context_side``.
        """
        document = self.document
        if "mask" in self.files:
            return request_of(document, params, least_side)
        rect = document.rect
        everything = np.full((rect.height, rect.width), 255, np.uint8)
        photo = source_photo.of_document(document, rect, everything)
        return EditRequest(params, guide_of(document, rect), everything, rect, photo, document.icc)

    def finished(self, candidate: Candidate) -> Document:
        """The document with a candidate in it.

        It looks like the photo, bit for bit, wherever the mask is 0: strokes that lie there were
        hints for the model only.
        """
        document = self.document.frozen()
        if "mask" in self.files:
            document.layers[-1].mask = _support_of(document.mask)
        document.layers.append(result_layer(document, candidate))
        return document


def edit(
    material: Material, params: EditParams, engine: Engine, folder: Path, cancel: CancelToken
) -> Iterator[Message | Path]:
    """Runs an edit and writes every candidate when it is finished.

    Yields:
        The engine's messages, and the path of each file when it is complete.

    Raises:
        Cancelled: Before the next network call, once ``cancel`` is set; complete files stay.
        AppError: The edit failed; files that were written before stay.
    """
    stem, document = material.files["photo"].stem, material.document
    sources: dict[str, object] = {part: _hashed(path) for part, path in material.files.items()}
    if material.exemplars:
        sources["exemplars"] = [_hashed(path) for path in material.exemplars]
    done: list[dict[str, Any]] = []
    request = material.request(params, context_side(engine.inspect(params.model)))
    shown = [("photo", _seen(_photo_of(document))), ("with strokes", _seen(document))]
    shown.append(("mask", _mask_of(material, request)))
    strength: dict[str, float] = {}
    yield from map(Note, document.warnings)
    for message in engine.run(request, cancel):
        yield message
        if isinstance(message, ModelFacts):
            strength["sigma"], strength["model_time"] = message.at(params.t0)
        if isinstance(message, Candidate) and message.reached == 1:
            path = folder / f"{stem}-seed{message.seed}.png"
            picture = material.finished(message)
            export_document(picture, path)
            loras = {"loras": list(message.origin.loras)} if message.origin.loras else {}
            precision = message.params.precision
            done.append({"seed": message.seed, "file": path.name, "precision": precision, **loras})
            with saving(folder / f"{stem}.json") as file:
                made_with = {**engine.description(), **strength}
                record = _record(sources, params, made_with, done)
                file.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
            yield path
            shown.append((f"seed {message.seed}", _seen(picture)))
    sheet = folder / f"{stem}-sheet.png"
    export(contact_sheet(shown), sheet)
    yield sheet
    yield folder / f"{stem}.json"


def writable(folder: Path) -> Path:
    """The folder, made if it was missing.

    Raises:
        FileFormatError: If nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".sdedit-desktop"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        reason = error.strerror or Text("it is not a folder")
        raise FileFormatError("Nothing can be written to {0}: {1}.", folder, reason) from error
    return folder


def thumbnail(picture: Raster) -> Image.Image:
    """A small copy of straight RGB, (height, width, 3) of any depth."""
    shift = 8 * (picture.dtype.itemsize - 1)
    image = Image.fromarray((picture >> np.uint8(shift)).astype(np.uint8))
    image.thumbnail((_SHEET_SIDE, _SHEET_SIDE), Image.Resampling.LANCZOS)
    return image


def contact_sheet(pictures: Sequence[tuple[str, Image.Image]]) -> NDArray[np.uint8]:
    """Pictures of one size side by side with their names below, (height, width, 3) uint8."""
    font = ImageFont.load_default(14)
    gap, line = 12, 26
    columns = min(len(pictures), 4)
    rows = -(-len(pictures) // columns)
    width, height = pictures[0][1].size
    cell_width, cell_height = width + gap, height + gap + line
    sheet = Image.new("RGB", (columns * cell_width + gap, rows * cell_height + gap), (32, 32, 34))
    draw = ImageDraw.Draw(sheet)
    for index, (name, picture) in enumerate(pictures):
        left = gap + index % columns * cell_width
        top = gap + index // columns * cell_height
        sheet.paste(picture, (left, top))
        draw.text((left, top + height + 4), name, (220, 220, 222), font)
    return np.asarray(sheet)


def _support_of(mask: Tiles) -> Tiles:
    """255 wherever a mask is not 0."""
    support = Tiles(channels=1)
    support.put({key: (tile > 0) * np.uint8(255) for key, tile in mask.snapshot().items()})
    return support


def _photo_of(document: Document) -> Document:
    """The document without its strokes."""
    alone = document.frozen()
    alone.layers = alone.layers[:1]
    return alone


def _mask_of(material: Material, request: EditRequest) -> Image.Image:
    """A thumbnail of the mask, as large as those of the picture."""
    rect = material.document.rect
    mask = Document(rect.width, rect.height)
    edit = mask.layers[-1].tiles.edit()
    edit.fill(rect, (0, 0, 0, 255))
    grey = np.repeat(request.mask[..., None], 4, axis=2)
    grey[..., 3] = 255
    edit.write(request.rect, grey)
    edit.commit()
    return _seen(mask)


def _seen(document: Document) -> Image.Image:
    """A thumbnail of the visible picture."""
    return thumbnail(Snapshot.of(document, Work("")).reduced(2 * _SHEET_SIDE)[..., :3])


def _record(
    sources: Mapping[str, Any],
    params: EditParams,
    made_with: Mapping[str, object],
    done: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Everything that is needed to reproduce each candidate."""
    parameters = asdict(params)
    del parameters["seeds"]
    parameters["model"] = models.shared_name(params.model)
    if "exemplars" in sources:
        parameters["model"] = ""  # the picture has no other layers
    return {
        "program": f"SDEdit Desktop {sdedit_desktop.__version__}",
        "sources": sources,
        "parameters": parameters,
        "made_with": made_with,
        "candidates": list(done),
    }


def _hashed(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": path.name, "sha256": digest}
