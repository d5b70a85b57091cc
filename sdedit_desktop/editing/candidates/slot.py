"""A slot of the strip, and the finished candidate in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from sdedit_desktop.document.matrix import Matrix
from sdedit_desktop.editing.candidates.image_store import StoredImage
from sdedit_desktop.editing.candidates.measures import faithfulness
from sdedit_desktop.editing.candidates.placement import placed
from sdedit_desktop.editing.jobs import Job
from sdedit_desktop.editing.models import shared_name
from sdedit_desktop.editing.request import Candidate, EditParams, EditRequest, Origin, Preview
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.geometry import Rect

if TYPE_CHECKING:
    from sdedit_desktop.document.layers import Json

_ids = count(1)


@dataclass(eq=False)
class FinishedCandidate:
    """A finished candidate, and what it was made from.

    Attributes:
        stored: The picture, and its opacity over what is below.
        guide: The guide and its mask; shared by all candidates of a job, and ``None`` if unknown.
        rect: Its rectangle in the document when it was made.
        home: ``Document.placement`` when it was made.
        moved: Transform from ``rect`` to the present placement of the document.
        reached: Fraction of the steps that were made; 1 unless the job was stopped.
        faithfulness: See ``measures.faithfulness``; ``None`` until it is measured.
    """

    stored: StoredImage
    guide: StoredImage | None
    rect: Rect
    params: EditParams
    seed: int
    origin: Origin = field(default_factory=Origin)
    faithfulness: float | None = None
    home: Matrix = field(default_factory=Matrix)
    moved: Matrix = field(default_factory=Matrix)
    reached: float = 1.0

    @property
    def place(self) -> Rect:
        """Where in the document it belongs now."""
        return self.moved.bounds(self.rect)

    def is_described_by(self, parameters: Mapping[str, Json]) -> bool:
        """Whether a result layer with these parameters is of this candidate."""
        own: dict[str, Json] = {
            "seed": self.seed,
            "model": shared_name(self.params.model),
            "t0": self.params.t0,
            "calls": self.params.calls,
            "model_sha256": self.origin.model_sha256,
            "made": self.origin.made,
        }
        return own.items() <= parameters.items()

    def follow(self, placement: Matrix) -> None:
        """Moves it with the document."""
        self.moved = displacement(self.home, placement)

    def candidate(self) -> Candidate:
        """The candidate with its pixels; ``FileFormatError`` if the file it is from is damaged."""
        image, alpha, rect = placed(*self.stored.pixels(), self.rect, self.moved)
        return Candidate(image, alpha, rect, self.params, self.seed, self.origin, self.reached)

    def request(self, params: EditParams) -> EditRequest | None:
        """The same request with other parameters; ``None`` if the guide is unknown."""
        if self.guide is None:
            return None
        guide, mask, rect = placed(*self.guide.pixels(), self.rect, self.moved)
        below = self.guide.below
        without = placed(*below.pixels(), self.rect, self.moved)[0] if below else None
        is_same = params.model == self.params.model
        sha256 = self.origin.model_sha256 if is_same else ""
        left, top = self.rect[:2]
        parts = (part.translated(left, top) for part in self.guide.parts)
        regions = tuple(self.moved.bounds(part) & rect for part in parts)
        return EditRequest(
            params, guide, mask, rect, model_sha256=sha256, regions=regions, below=without
        )

    def pictures(self) -> Sequence[StoredImage]:
        """The picture, and what is stored of what it was made from."""
        guide = self.guide
        return [each for each in (self.stored, guide, guide and guide.below) if each]

    def pack(self) -> None:
        """Encodes its images. Slow; may run on any thread."""
        for each in self.pictures():
            each.pack()

    def measure(self) -> None:
        """Measures how faithful it is, if its guide is known. Slow; may run on any thread."""
        if self.guide is None or self.faithfulness is not None:
            return
        try:
            self.faithfulness = faithfulness(self.stored.decode()[0], *self.guide.decode())
        except (FileFormatError, ValueError):  # a damaged file, or two depths in it
            self.guide = None


@dataclass(frozen=True, eq=False)
class Slot:
    """A slot of the strip: empty, then forming, then finished.

    Attributes:
        job: The job that makes or made it; without the request's pixels once it has ended.
        moved: Transform from where it was requested to the present; ``made`` has its own.
        id: Constant as long as the document is open.
    """

    job: Job
    seed: int
    preview: Preview | None = None
    made: FinishedCandidate | None = None
    starred: bool = False
    moved: Matrix = field(default_factory=Matrix)
    id: int = field(default_factory=lambda: next(_ids))

    @property
    def candidate(self) -> Candidate | None:
        """The finished candidate with its pixels; see ``FinishedCandidate.candidate``."""
        return self.made.candidate() if self.made else None

    @property
    def rect(self) -> Rect:
        """The candidate's present rectangle in the document."""
        return self.made.place if self.made else self.moved.bounds(self.job.request.rect)

    @property
    def is_finished(self) -> bool:
        """Whether it contains a candidate."""
        return self.made is not None

    @property
    def was_stopped(self) -> bool:
        """Whether the candidate is the estimate at the time the job was stopped."""
        return self.made is not None and self.made.reached < 1


def parts_of(request: EditRequest) -> tuple[Rect, ...]:
    """The regions of a request in its own pixels: outside of them its pictures are zero."""
    left, top = request.rect[:2]
    return tuple(region.translated(-left, -top) for region in request.regions)


def displacement(home: Matrix, placement: Matrix) -> Matrix:
    """The transform from one placement of the document to another."""
    return Matrix() if home == placement else home.inverse().then(placement)
