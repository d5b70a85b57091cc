"""One job of the engine: its regions one after another, for each candidate."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import torch

from sdedit_desktop import __version__
from sdedit_desktop.diffusion import devices
from sdedit_desktop.editing.progress import ProgressEstimator, Throttle
from sdedit_desktop.editing.regions import islands
from sdedit_desktop.editing.regions.islands import Assembly
from sdedit_desktop.editing.request import (
    CancelToken,
    Candidate,
    EditRequest,
    Message,
    Origin,
    Preview,
)
from sdedit_desktop.editing.sampling.memory import Need
from sdedit_desktop.editing.sampling.protocol import Sampler, Step
from sdedit_desktop.editing.sampling.tensors import to_pictures
from sdedit_desktop.errors import ModelError

_PREVIEW_EVERY_MS, _PREVIEW_SHARE = 150, 0.02


class NotFiniteError(Exception):
    """The network returned infinities or NaN."""


class Work:
    """A request in progress: what remains, and how long it will take."""

    def __init__(self, request: EditRequest, cancel: CancelToken) -> None:
        self.waiting = list(request.params.seeds)
        self._sent = list[Message]()
        self.change(request)
        self.cancel = cancel
        self._pace = ProgressEstimator()

    def change(self, request: EditRequest) -> None:
        """Goes on with other parameters."""
        self._request, self._parts = request, islands.split(request)

    def notes(self, sampler: Sampler) -> Sequence[Message]:
        """Notes on any of the regions that were not sent before."""
        found = [note for part in self._parts for note in sampler.notes(part)]
        new = [note for note in dict.fromkeys(found) if note not in self._sent]
        self._sent += new
        return new

    def needs(self, sampler: Sampler, count: int) -> Sequence[Need]:
        """The memory that ``count`` candidates at once need in the largest region."""
        return sampler.needs(self._largest, count)

    def smaller_tile(self, sampler: Sampler) -> int:
        """Half of what is seen at once in the largest region; 0 if that cannot be."""
        return sampler.smaller_tile(self._largest)

    @property
    def _largest(self) -> EditRequest:
        return max(self._parts, key=lambda part: part.mask.size)

    def run(
        self, sampler: Sampler, device: torch.device, seeds: Sequence[int]
    ) -> Iterator[Message]:
        """Makes the candidates of some seeds, and removes the seeds from ``waiting``."""
        self.cancel.check()
        calls = [sampler.count_calls(part) for part in self._parts]
        self._pace.expect(sum(calls) * len(self.waiting))
        yield self._pace.progress()
        made = [Assembly(self._request) for _ in seeds]
        for number, part in enumerate(self._parts):
            others = sum(calls[:number]), sum(calls[number + 1 :])
            yield from self._run_region(part, sampler, seeds, others, made)
        request, origins = self._request, [sampler.origin(part) for part in self._parts]
        prints = list(dict.fromkeys(origin.model_sha256 for origin in origins))
        sha256 = prints[0] if len(prints) == 1 else _hash_of(prints)
        origin = _completed(replace(origins[0], model_sha256=sha256), device, seeds)
        for one, seed in zip(made, seeds, strict=True):
            yield Candidate(one.image, one.alpha, request.rect, request.params, seed, origin)
        del self.waiting[: len(seeds)]

    def _run_region(
        self,
        part: EditRequest,
        sampler: Sampler,
        seeds: Sequence[int],
        others: tuple[int, int],
        made: Sequence[Assembly],
    ) -> Iterator[Message]:
        """Puts a region into candidates; ``others`` are the calls of those before and after it."""
        calls, work = self._pace.done, self._pace.work
        step, rationed = None, Throttle(_PREVIEW_EVERY_MS, _PREVIEW_SHARE)
        for step in sampler.steps(part, seeds):
            if not step.state.denoised.isfinite().all():
                raise NotFiniteError
            self._count(step, calls, work, len(seeds), others)
            yield self._pace.progress()
            if rationed.ready:
                with rationed.measure():
                    estimates = to_pictures(step.state.denoised)
                    previews = [step.region.preview(picture) for picture in estimates]
                for preview, seed in zip(previews, seeds, strict=True):
                    yield Preview(preview, part.rect, seed)
            if self.cancel.is_stopped:
                yield from self._unfinished(step, part, seeds, others, made)
            self.cancel.check()
        assert step is not None  # there is at least one call
        final = step.state.z
        if not final.isfinite().all():
            raise NotFiniteError
        if final.shape[:2] != (len(seeds), 3):
            raise ModelError("The model gives something else than pictures.")
        for one, picture in zip(made, to_pictures(final), strict=True):
            one.put(part, *step.region.to_document(picture))

    def _count(
        self, step: Step, calls: int, work: float, samples: int, others: tuple[int, int]
    ) -> None:
        """Counts a step of so many samples, of a batch that began at these calls and this work."""
        done, total = step.state.done, step.state.total
        self._pace.tick(calls + done * samples, work + step.work * samples)
        waiting = len(self.waiting) - samples
        cost = step.total_work / total
        left = (sum(others) + total) * waiting + others[1] * samples
        self._pace.expect(
            left + (total - done) * samples,
            left * cost + (step.total_work - step.work) * samples,
        )

    def _unfinished(
        self,
        step: Step,
        part: EditRequest,
        seeds: Sequence[int],
        others: tuple[int, int],
        made: Sequence[Assembly],
    ) -> Iterator[Candidate]:
        """Candidates from the present estimate of a stopped job, marked as unfinished."""
        request = self._request
        reached = (others[0] + step.state.done) / (sum(others) + step.state.total)
        if reached == 1:
            return
        for one, picture, seed in zip(made, to_pictures(step.state.denoised), seeds, strict=True):
            one.put(part, *step.region.to_document(picture))
            yield Candidate(
                one.image, one.alpha, request.rect, request.params, seed, reached=reached
            )


def _hash_of(prints: Sequence[str]) -> str:
    """A fingerprint of several; empty as long as one is not known."""
    return hashlib.sha256("".join(prints).encode()).hexdigest() if all(prints) else ""


def _completed(origin: Origin, device: torch.device, seeds: Sequence[int]) -> Origin:
    """The origin of a candidate: parameters, model and device."""
    return replace(
        origin,
        device=devices.name_of(device),
        program=f"SDEdit Desktop {__version__}",
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        together=tuple(seeds),
    )
