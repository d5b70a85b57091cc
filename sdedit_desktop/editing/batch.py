"""One edit without a window: reads a photo, writes candidates, a contact sheet and a record."""

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
from sdedit_desktop.document.files.photo import Photo, export, open_mask, open_photo, open_strokes
from sdedit_desktop.document.files.saving import saving
from sdedit_desktop.editing import source_photo
from sdedit_desktop.editing.regions import feather, region
from sdedit_desktop.editing.request import (
    CancelToken,
    Candidate,
    EditParams,
    EditRequest,
    Engine,
    Message,
    ModelFacts,
    Note,
    Raster,
)
from sdedit_desktop.errors import FileFormatError, ParameterError
from sdedit_desktop.geometry import Rect
from sdedit_desktop.texts import Text

_SHEET_SIDE = 384
"""Longer side of a picture on the contact sheet, in pixels."""


@dataclass(frozen=True, eq=False)
class Material:
    """What is edited.

    Attributes:
        photo: The opened photograph.
        guide: The photograph with the strokes on it, straight RGB, (height, width, 3).
        mask: Where it may change, (height, width) uint8, 255 = fully.
        valid: What of the photograph patches may be taken from, booleans (height, width): neither
            masked nor painted over nor transparent.
        files: Where each part came from: "photo", "strokes", "mask".
        exemplars: Other photographs that the model was made of for this once.
    """

    photo: Photo
    guide: Raster
    mask: NDArray[np.uint8]
    valid: NDArray[np.bool_]
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
        opened = open_photo(photo)
        picture = opened.pixels[..., :3]
        height, width, _ = picture.shape
        files = {"photo": photo}
        guide = picture
        valid = np.ones((height, width), np.bool_)
        if opened.pixels.shape[2] == 4:
            valid &= opened.pixels[..., 3] == np.iinfo(picture.dtype).max
        if strokes is not None:
            files["strokes"] = strokes
            painted = open_strokes(strokes, (width, height))
            guide = _covered(picture, painted)
            valid &= painted[..., 3] == 0
        may_change = np.full((height, width), 255, np.uint8)
        if mask is not None:
            files["mask"] = mask
            may_change = open_mask(mask, (width, height))
            if not may_change.any():
                raise ParameterError(
                    "The mask {0} is all black: nothing may change. White may change.", mask.name
                )
            valid &= may_change == 0
        return cls(opened, guide, may_change, valid, files)

    def request(self, params: EditParams) -> EditRequest:
        """The part around the mask, ready for an engine."""
        height, width = self.mask.shape
        rect = region.context_rect(feather.bounds(self.mask), Rect(0, 0, width, height))
        rows, columns = slice(rect.top, rect.bottom), slice(rect.left, rect.right)
        photo = source_photo.of_pixels(self.photo.pixels[..., :3], self.valid, rect)
        guide, mask = self.guide[rows, columns], self.mask[rows, columns]
        return EditRequest(params, guide, mask, rect, photo)

    def finished(self, candidate: Candidate) -> Raster:
        """The whole photo with a candidate in it, in the photo's shape and depth.

        Equal to the photo, bit for bit, wherever the mask is 0: strokes that lie there were hints
        for the model only.
        """
        rect = candidate.rect
        rows, columns = slice(rect.top, rect.bottom), slice(rect.left, rect.right)
        result = self.photo.pixels.copy()
        inside = self.mask[rows, columns, None] > 0
        under = np.where(inside, self.guide[rows, columns], result[rows, columns, :3])
        result[rows, columns, :3] = region.paste(under, candidate.image, candidate.alpha)
        return result


def edit(
    material: Material, params: EditParams, engine: Engine, folder: Path, cancel: CancelToken
) -> Iterator[Message | Path]:
    """Runs one edit and writes every candidate as soon as it is there.

    Yields:
        What the engine says, and the path of each file once it is whole.

    Raises:
        Cancelled: Before the next network call, once ``cancel`` is set; whole files stay.
        AppError: With a sentence; files that were written before stay.
    """
    stem, photo = material.files["photo"].stem, material.photo
    sources: dict[str, object] = {part: _hashed(path) for part, path in material.files.items()}
    if material.exemplars:
        sources["exemplars"] = [_hashed(path) for path in material.exemplars]
    done: list[dict[str, Any]] = []
    shown = [
        ("photo", thumbnail(photo.pixels[..., :3])),
        ("with strokes", thumbnail(material.guide)),
        ("mask", thumbnail(np.repeat(material.mask[..., None], 3, axis=2))),
    ]
    strength: dict[str, float] = {}
    yield from map(Note, photo.warnings)
    for message in engine.run(material.request(params), cancel):
        yield message
        if isinstance(message, ModelFacts):
            strength["sigma"], strength["model_time"] = message.at(params.t0)
        if isinstance(message, Candidate) and message.reached == 1:
            path = folder / f"{stem}-seed{message.seed}.png"
            picture = material.finished(message)
            export(picture, path, depth=photo.depth, icc=photo.icc, metadata=photo.metadata)
            done.append({"seed": message.seed, "file": path.name})
            with saving(folder / f"{stem}.json") as file:
                made_with = {**engine.description(), **strength}
                record = _record(sources, params, made_with, done)
                file.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
            yield path
            shown.append((f"seed {message.seed}", thumbnail(picture[..., :3])))
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


def _covered(picture: Raster, strokes: Raster) -> Raster:
    """Straight RGBA over RGB; the picture's type and, where nothing is painted, its values."""
    most = np.iinfo(picture.dtype).max
    ratio = np.float32(most / np.iinfo(strokes.dtype).max)
    alpha = strokes[..., 3:].astype(np.float32) / np.iinfo(strokes.dtype).max
    change = strokes[..., :3] * ratio - picture.astype(np.float32)
    covered: Raster = np.rint(picture + alpha * change).astype(picture.dtype)
    return covered


def _record(
    sources: Mapping[str, Any],
    params: EditParams,
    made_with: Mapping[str, object],
    done: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Everything that is needed to make each candidate again."""
    parameters = asdict(params)
    del parameters["seeds"]
    if "exemplars" in sources:
        parameters["model"] = ""  # there is nothing but them
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
    return {"path": str(path.resolve()), "sha256": digest}
