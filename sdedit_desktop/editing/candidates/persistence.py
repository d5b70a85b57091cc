"""Saves the candidates in the document, and loads them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any, TypeAlias

import numpy as np

from sdedit_desktop.document.files import codec
from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.editing.candidates.image_store import ImageStore, StoredImage
from sdedit_desktop.editing.candidates.slot import FinishedCandidate, Slot
from sdedit_desktop.editing.jobs import Job, JobState
from sdedit_desktop.editing.models import shared_name
from sdedit_desktop.editing.request import EditParams, EditRequest, Origin, without_words
from sdedit_desktop.errors import AppError, FileFormatError
from sdedit_desktop.geometry import NOWHERE, Rect

Layout: TypeAlias = tuple[tuple[int, int], tuple[Rect, ...]]
"""Height and width of a picture, and its parts outside of which it is zero."""

BUDGET_BYTES = 52 << 20
"""Largest size of a document's candidates in its file."""

PIXELS, PIXELS_PER_BYTE = 16_000_000, 16
"""Largest total number of pixels of saved candidates besides the number in the document: a
constant, plus so many per byte of their files. Photographs need a byte for one or two pixels."""

_FARTHEST, _LARGEST, _FARTHEST_CORNER, _MOST_PARTS = 1e6, 1e3, 100_000, 100
_INDEX = "candidates/index.json"
_BELOW = "-below"
_FIELDS = frozenset(field.name for field in fields(EditParams))
_UNSAID: Mapping[str, object] = {
    "colours_kept": 0.0,
    "detail": "off",
    "prompt": EditParams.prompt,
    "negative_prompt": EditParams.negative_prompt,
    "guidance": EditParams.guidance,
    "tile": EditParams.tile,
}
"""Default values of parameters that are newer than the format. They are not written, so that
earlier versions can read the candidates."""


def pack(
    slots: Sequence[Slot], budget_bytes: int = BUDGET_BYTES, *, keeps_words: bool = True
) -> dict[str, bytes]:
    """The finished candidates as named blobs for ``Document.attachments``.

    If they are too large, the oldest without a star are dropped first, then the oldest.

    Args:
        slots: The strip, oldest first.
        budget_bytes: Largest total size of the pictures.
        keeps_words: Whether prompts are written.
    """
    chosen = set(_affordable(slots, budget_bytes))
    packed: dict[str, bytes] = {}
    entries: list[dict[str, Any]] = []
    guides: dict[StoredImage, str] = {}
    for slot in slots:
        if slot.made is None or slot not in chosen:
            continue
        name = f"candidates/{len(entries)}"
        _put(packed, name, slot.made.stored)
        entry = _entry(slot, slot.made, name, keeps_words)
        if slot.made.stored.parts:
            entry["size"] = slot.made.stored.size
            entry["parts"] = slot.made.stored.parts
        guide = slot.made.guide
        if guide is not None:
            if guide not in guides:
                guides[guide] = f"candidates/guide{len(guides)}"
                _put(packed, guides[guide], guide)
                if guide.below is not None:
                    _put(packed, guides[guide] + _BELOW, guide.below)
            entry["guide"] = guides[guide]
        entries.append(entry)
    if entries:
        packed[_INDEX] = json.dumps(entries, indent=1).encode()
    return packed


def unpack(
    attachments: Mapping[str, bytes], store: ImageStore | None = None, frame: Rect = NOWHERE
) -> list[Slot]:
    """The strip that ``pack`` was given; entries that make no sense are left out.

    Pictures are decoded when they are asked for.

    Args:
        attachments: Named blobs of a document, which may be a stranger's.
        store: Where the pictures are kept.
        frame: The document's rectangle.
    """
    try:
        entries = json.loads(attachments.get(_INDEX, b"[]"))
    except (ValueError, RecursionError):
        return []
    if not isinstance(entries, list):
        return []
    budget = PIXELS + frame.width * frame.height
    return list(_slots(entries, _Pictures(attachments, store or ImageStore(), budget)))


def is_packed(name: str) -> bool:
    """Whether an attachment of this name belongs to a packed strip."""
    return name.startswith("candidates/")


def _affordable(slots: Sequence[Slot], budget_bytes: int) -> Iterator[Slot]:
    """Starred candidates first, then the newest, as far as they fit."""
    newest_first = [slot for slot in reversed(slots) if slot.made]
    counted: set[StoredImage] = set()
    size = 0
    for slot in sorted(newest_first, key=lambda slot: not slot.starred):
        made = slot.made
        assert made is not None
        parts = [each for each in made.pictures() if each not in counted]
        counted.update(parts)
        size += sum(len(stored.png()) + len(stored.thumbnail) for stored in parts)
        if size > budget_bytes:
            return
        yield slot


def _put(packed: dict[str, bytes], name: str, stored: StoredImage) -> None:
    packed[f"{name}.png"] = stored.png()
    if stored.thumbnail:
        packed[f"{name}.jpg"] = stored.thumbnail


def _entry(slot: Slot, made: FinishedCandidate, name: str, keeps_words: bool) -> dict[str, Any]:
    params = made.params if keeps_words else without_words(made.params)
    params = replace(params, model=shared_name(params.model))
    return {
        "file": name,
        "at": [made.rect.left, made.rect.top],
        "moved": list(made.moved),
        "seed": slot.seed,
        "starred": slot.starred,
        "params": {
            name: value
            for name, value in asdict(params).items()
            if name not in _UNSAID or value != _UNSAID[name]
        },
        "origin": asdict(made.origin),
        "faithfulness": made.faithfulness,
        "reached": made.reached,
    }


class _Pictures:
    """The pictures of a packed strip; a guide shared by several candidates is loaded once."""

    def __init__(self, attachments: Mapping[str, bytes], store: ImageStore, pixels: int) -> None:
        self._attachments = attachments
        self._pixels_left = pixels
        self._charged: set[str] = set()
        self._store = store
        self._guides: dict[str, StoredImage] = {}

    def stored(self, name: str, layout: Layout = ((0, 0), ())) -> StoredImage:
        """A candidate's picture; earlier versions named the file with its ending."""
        stem = name.removesuffix(".png")
        png, small = self._attachments[f"{stem}.png"], self._attachments.get(f"{stem}.jpg", b"")
        stored = self._store.add_packed(png, small, *layout)
        pays = 0 if stem in self._charged else PIXELS_PER_BYTE * len(png)
        self._charged.add(stem)
        areas = [part.width * part.height for part in stored.parts]
        left = self._pixels_left + pays - (sum(areas) or stored.size[0] * stored.size[1])
        if left < 0:
            raise FileFormatError("A kept picture is damaged.")
        self._pixels_left = left
        return stored

    def guide(self, name: object, size: tuple[int, int], layout: Layout) -> StoredImage | None:
        """The guide of that name; ``None`` if it was not saved or does not fit."""
        if not isinstance(name, str):
            return None
        try:
            if name not in self._guides:
                guide = self._guides[name] = self.stored(name, layout)
                if f"{name}{_BELOW}.png" in self._attachments:
                    below = self.stored(name + _BELOW, layout)
                    guide.below = below if below.size == guide.size else None
        except (AppError, KeyError):
            return None
        guide = self._guides[name]
        return guide if guide.size == size else None


def _slots(entries: Sequence[Any], pictures: _Pictures) -> Iterator[Slot]:
    for entry in entries:
        try:
            params = _params(entry["params"])
            params.check()
            left, top = _corner(entry["at"])
            seed, starred = _seed(entry["seed"]), bool(entry["starred"])
            layout = _layout(entry)
            stored = pictures.stored(entry["file"], layout)
        except (AppError, AttributeError, KeyError, OverflowError, TypeError, ValueError):
            continue
        height, width = stored.size
        rect = Rect(left, top, left + width, top + height)
        guide = pictures.guide(entry.get("guide"), stored.size, layout)
        origin, known = _origin(entry.get("origin")), _share(entry.get("faithfulness"))
        home = _matrix(entry.get("moved")).inverse()
        made = FinishedCandidate(stored, guide, rect, params, seed, origin, known, home)
        made.reached = _share(entry.get("reached", 1.0)) or 1.0
        made.follow(Matrix())
        job = Job(0, _empty_request(params, rect), state=JobState.FINISHED)
        yield Slot(job, seed, made=made, starred=starred)


def _layout(entry: Mapping[str, Any]) -> Layout:
    """Size and parts of a picture that is zero elsewhere; ``ValueError`` if they do not fit."""
    if "parts" not in entry:
        return (0, 0), ()
    height, width = entry["size"]
    whole = Rect(0, 0, width, height)
    parts = [Rect(*part) for part in entry["parts"]]
    numbers = [height, width, *(number for part in parts for number in part)]
    if not all(type(number) is int and 0 <= number <= _FARTHEST_CORNER for number in numbers):
        raise ValueError("no numbers of pixels")
    fit = all(part.left < part.right and part.top < part.bottom for part in parts)
    fit = fit and 2 <= len(parts) <= _MOST_PARTS and all(map(whole.encloses, parts))
    if not fit or width * height > codec.MAX_PIXELS:
        raise ValueError("parts that do not fit")
    return (height, width), tuple(parts)


def _corner(value: Sequence[Any]) -> tuple[int, int]:
    left, top = value
    if not (type(left) is type(top) is int and max(abs(left), abs(top)) <= _FARTHEST_CORNER):
        raise ValueError("no place in a document")
    return left, top


def _seed(value: object) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError("no seed")
    return value


def _params(entry: dict[str, Any]) -> EditParams:
    """The parameters of a candidate; raises various errors if they are invalid.

    An earlier version corrected the drift of colours in every call, so that almost all of it was
    corrected in the end.
    """
    known = {name: value for name, value in entry.items() if name in _FIELDS}
    values: dict[str, Any] = {**_UNSAID, **known, "seeds": tuple(entry["seeds"])}
    if (each := entry.get("colours", 0)) != 0:
        values["colours_kept"] = 1 - (1 - float(each)) ** values["calls"]
    return EditParams(**values)  # keys of later versions are ignored


def _origin(entry: object) -> Origin:
    if not isinstance(entry, dict):
        return Origin()
    texts = {
        name: entry[name]
        for name in ("model_sha256", "device", "program", "made")
        if isinstance(entry.get(name), str)
    }
    seeds = entry.get("together")
    together = seeds if isinstance(seeds, list) and all(type(s) is int for s in seeds) else ()
    loras = entry.get("loras")
    named = loras if isinstance(loras, list) and all(type(s) is str for s in loras) else ()
    return Origin(**texts, together=tuple(together), loras=tuple(named))


def _matrix(value: object) -> Matrix:
    """The displacement of a candidate; the identity if it is invalid."""
    parts = value if isinstance(value, list) else []
    if len(parts) != 6 or not all(_is_finite(part) for part in parts):
        return Matrix()
    matrix = Matrix(*map(float, parts))
    upright = (matrix.xx == 0) == (matrix.yy == 0) != (matrix.xy == 0) == (matrix.yx == 0)
    near = max(map(abs, matrix[4:])) < _FARTHEST
    sane = all(part == 0 or 1 / _LARGEST < abs(part) < _LARGEST for part in matrix[:4])
    return matrix if upright and near and sane else Matrix()


def _is_finite(value: object) -> bool:
    try:
        return isinstance(value, int | float) and math.isfinite(value)
    except OverflowError:  # an integer too large for a float
        return False


def _share(value: object) -> float | None:
    return float(value) if isinstance(value, float | int) and 0 <= value <= 1 else None


def _empty_request(params: EditParams, rect: Rect) -> EditRequest:
    """The request of a job from an earlier run, as far as it is known."""
    return EditRequest(params, np.empty((0, 0, 3), np.uint8), np.empty((0, 0), np.uint8), rect)
