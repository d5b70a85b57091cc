"""The interface of samplers, which make candidates for the engine."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

import torch

from sdedit_desktop.diffusion.sdedit import State
from sdedit_desktop.editing.regions.region import Region
from sdedit_desktop.editing.request import EditRequest, Note, Origin
from sdedit_desktop.editing.sampling.memory import Need


class Step(NamedTuple):
    """A call that was made.

    Attributes:
        region: What ``state`` is a picture of.
        state: The sampler after the call; ``total`` counts all of a candidate's calls.
        work: What the calls so far have cost, in some unit.
        total_work: What all will have cost.
    """

    region: Region
    state: State
    work: float
    total_work: float


class Sampler(Protocol):
    """Makes candidates; the same seed gives the same one, alone or with others."""

    def notes(self, request: EditRequest) -> Sequence[Note]:
        """Notes for the user before candidates of this request are made."""
        ...

    def count_calls(self, request: EditRequest) -> int:
        """The number of steps of a candidate."""
        ...

    def steps(self, request: EditRequest, seeds: Sequence[int]) -> Iterator[Step]:
        """Makes a candidate for each seed; the last step has the results."""
        ...

    def needs(self, request: EditRequest, count: int) -> Sequence[Need]:
        """The memory that ``count`` candidates at once need, for each part of the work."""
        ...

    def smaller_tile(self, request: EditRequest) -> int:
        """Half the side of what is seen at once, in pixels; 0 if that cannot be."""
        ...

    def origin(self, request: EditRequest) -> Origin:
        """Fingerprints of all that candidates of this request are made from besides it."""
        ...

    def description(self) -> Mapping[str, str]:
        """The model's name and place, for records."""
        ...

    @property
    def dtype(self) -> torch.dtype:
        """The type that it computes in."""
        ...
