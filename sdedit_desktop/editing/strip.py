"""The strip of candidates: what each place in it shows, and how it is kept with the document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sdedit_desktop.document import codec
from sdedit_desktop.editing.jobs import Job, JobState
from sdedit_desktop.editing.request import Candidate, EditParams, EditRequest, Preview
from sdedit_desktop.errors import AppError
from sdedit_desktop.geometry import Rect

BUDGET_BYTES = 64 << 20
"""Most that the candidates of a document take up in its file."""

_INDEX = "candidates/index.json"


@dataclass(frozen=True, eq=False)
class Slot:
    """A place in the strip of candidates: first empty, then forming, then finished."""

    job: Job
    seed: int
    preview: Preview | None = None
    candidate: Candidate | None = None
    starred: bool = False


def pack(slots: Sequence[Slot], budget_bytes: int = BUDGET_BYTES) -> dict[str, bytes]:
    """The finished candidates as named blobs for ``Document.attachments``.

    Where they are too many, the oldest without a star go first, then the oldest.

    Args:
        slots: The strip, oldest first.
        budget_bytes: Most bytes that the pictures may take up together.
    """
    pictures: dict[int, bytes] = {}
    size = 0
    newest_first = reversed([place for place, slot in enumerate(slots) if slot.candidate])
    for place in sorted(newest_first, key=lambda place: not slots[place].starred):
        candidate = slots[place].candidate
        assert candidate is not None
        picture = codec.to_png(_with_alpha(candidate))
        size += len(picture)
        if size > budget_bytes:
            break
        pictures[place] = picture
    packed, entries = {}, []
    for number, place in enumerate(sorted(pictures)):
        name = f"candidates/{number}.png"
        packed[name] = pictures[place]
        entries.append(_entry(slots[place], name))
    if entries:
        packed[_INDEX] = json.dumps(entries, indent=1).encode()
    return packed


def unpack(attachments: Mapping[str, bytes]) -> list[Slot]:
    """The strip that ``pack`` was given; entries that make no sense are left out."""
    try:
        entries = json.loads(attachments.get(_INDEX, b"[]"))
    except ValueError:
        return []
    return list(_slots(entries, attachments)) if isinstance(entries, list) else []


def is_packed(name: str) -> bool:
    """Whether an attachment of this name is part of a packed strip."""
    return name.startswith("candidates/")


def _slots(entries: Sequence[Any], attachments: Mapping[str, bytes]) -> Iterator[Slot]:
    for entry in entries:
        try:
            values = dict(entry["params"])
            params = EditParams(**values | {"seeds": tuple(values["seeds"])})
            params.check()
            left, top = (int(value) for value in entry["at"])
            pixels = codec.open_bytes(attachments[entry["file"]], entry["file"]).pixels()
            seed, starred = int(entry["seed"]), bool(entry["starred"])
        except (AppError, KeyError, TypeError, ValueError):
            continue
        if pixels.shape[2] != 4:
            continue
        height, width, _ = pixels.shape
        rect = Rect(left, top, left + width, top + height)
        shift = np.uint8(8 * (pixels.dtype.itemsize - 1))
        image, alpha = pixels[..., :3].copy(), (pixels[..., 3] >> shift).astype(np.uint8)
        request = EditRequest(params, image, alpha, rect)
        candidate = Candidate(image, alpha, rect, params, seed)
        job = Job(0, request, state=JobState.FINISHED)
        yield Slot(job, seed, candidate=candidate, starred=starred)


def _entry(slot: Slot, name: str) -> dict[str, Any]:
    assert slot.candidate is not None
    rect = slot.candidate.rect
    return {
        "file": name,
        "at": [rect.left, rect.top],
        "seed": slot.seed,
        "starred": slot.starred,
        "params": asdict(slot.candidate.params),
    }


def _with_alpha(candidate: Candidate) -> Any:  # noqa: ANN401 - either depth
    """Straight RGBA in the candidate's depth; the alpha's 8 bits are spread over 16."""
    alpha = candidate.alpha.astype(candidate.image.dtype)
    if candidate.image.dtype == np.uint16:
        alpha *= np.uint16(257)
    return np.concatenate([candidate.image, alpha[..., None]], axis=2)
