"""Samplers of networks and of photographs, behind one protocol."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from sdedit_desktop.diffusion import exemplars, recipes
from sdedit_desktop.diffusion.checkpoints import Model, open_model
from sdedit_desktop.diffusion.checkpoints.latent import LatentModel
from sdedit_desktop.diffusion.exemplars import ExemplarError
from sdedit_desktop.diffusion.exemplars.levels import UPPER_CALLS
from sdedit_desktop.diffusion.interruption import Check, never
from sdedit_desktop.diffusion.low_frequency import keep_low_frequencies
from sdedit_desktop.diffusion.noise import Noise, SeededNoise
from sdedit_desktop.diffusion.precision import open_automatic
from sdedit_desktop.diffusion.prompt import Conditioning
from sdedit_desktop.diffusion.schedule import sigma_of_t0
from sdedit_desktop.diffusion.sdedit import State
from sdedit_desktop.diffusion.solvers import SOLVERS
from sdedit_desktop.editing import banks, models
from sdedit_desktop.editing.banks import Bank
from sdedit_desktop.editing.regions.region import Region
from sdedit_desktop.editing.request import (
    PUBLISHED_SOLVERS,
    EditParams,
    EditRequest,
    Note,
    Origin,
)
from sdedit_desktop.editing.sampling.latents import LatentJob, prepare, prompt_of
from sdedit_desktop.editing.sampling.memory import (
    Need,
    View,
    need_of,
    need_of_levels,
    smaller_tile,
)
from sdedit_desktop.editing.sampling.noise_ahead import NoiseAhead
from sdedit_desktop.editing.sampling.photographs import (
    Material,
    MaterialCache,
    bundled,
    fit_srgb,
    in_colors_of,
    last_size,
    missing_share,
    pictures_for,
    reduced,
    relative_area,
    size_of,
)
from sdedit_desktop.editing.sampling.protocol import Sampler, Step
from sdedit_desktop.editing.sampling.request_cache import RequestCache
from sdedit_desktop.editing.sampling.tensors import guide_of, mask_of
from sdedit_desktop.errors import ParameterError
from sdedit_desktop.texts import Text

_FIRST_LEVEL = 0.4
"""What a call at the first level costs per pixel, in calls of the levels above: most of it is done
on reduced pictures."""
_REFINING = 0.05
"""Cost per pixel of a call above a network's own size, in calls of the network."""
_MUCH = 0.3
"""Share of missing colours from which other photographs are offered."""


def open_sampler(
    path: Path, device: torch.device, dtype: torch.dtype | None, check: Check = never
) -> Sampler:
    """Opens a model of any kind.

    Args:
        path: Its file or folder.
        device: Where it runs.
        dtype: What it computes in; None leaves that to the device and the model.
        check: Polled while weights are read and tried.

    Raises:
        ModelError: It cannot be used.
    """
    if banks.is_bank(path):
        return PhotographSampler(banks.load(path), device)
    if dtype is None:
        model = open_automatic(lambda kind: open_model(path, device, kind, check), device, check)
    else:
        model = open_model(path, device, dtype, check)
    if isinstance(model, LatentModel):
        return LatentSampler(model, device)
    return NetworkSampler(model, device)


class NetworkSampler:
    """A network; detail of the photograph can be added, see ``EditParams.detail``."""

    def __init__(self, model: Model, device: torch.device) -> None:
        self._model, self._device = model, device
        self._photo = MaterialCache(device)
        self._planned = RequestCache[Region]()
        self._prepared = RequestCache[Material | None]()

    @property
    def dtype(self) -> torch.dtype:
        """The network's."""
        return self._model.dtype

    def notes(self, request: EditRequest) -> Sequence[Note]:
        """No notes: a network needs none."""
        return ()

    def count_calls(self, request: EditRequest) -> int:
        """Counts the network's calls and those above its own size."""
        params, larger = request.params, self._larger(request)
        calls = recipes.count_calls(
            self._model.schedule,
            recipe=params.solver,
            t0=params.t0,
            calls=params.calls,
            repeats=params.repeats,
            resamplings=params.resamplings,
        )
        return calls + (UPPER_CALLS * len(larger.sizes[1:]) if larger else 0)

    def steps(self, request: EditRequest, seeds: Sequence[int]) -> Iterator[Step]:
        """Samples at the network's own size, then above it if it is smaller than the region."""
        region = self._region(request)
        mask = mask_of(region, self._device)
        noise = NoiseAhead(seeds) if self._device.type == "cuda" else SeededNoise(seeds)
        larger = self._larger(request)
        sizes = larger.sizes[1:] if larger else ()
        state = None
        for state in self._states(request, region, noise, len(seeds)):
            upper = len(sizes) * UPPER_CALLS
            total = state.total + upper
            work = state.total + _REFINING * sum(map(relative_area, sizes)) * UPPER_CALLS
            yield Step(region, state._replace(total=total), state.done, work)
        if larger is None or state is None:
            return
        height, width = region.size
        made = torch.where(mask > 0, state.z, state.denoised)[..., :height, :width]
        refined = exemplars.refine_in_levels(
            made.clamp(-1, 1), larger.prepared, larger.sizes, noise=noise
        )
        done, spent = state.done, float(state.done)
        for state in refined:
            spent += _REFINING * relative_area(size_of(state))
            here = larger.at(size_of(state))
            counted = state._replace(done=done + state.done, total=done + state.total)
            yield Step(here, counted, spent, work)

    def needs(self, request: EditRequest, count: int) -> Sequence[Need]:
        """The network's calls, then the levels above its own size."""
        found = [need_of(self.view(request), request.params.tile, count)]
        larger = self._larger(request)
        if larger is not None:
            found.append(need_of_levels(self._model.card.path, larger, count))
        return found

    def smaller_tile(self, request: EditRequest) -> int:
        """Half of what the network sees at once."""
        return smaller_tile(self.view(request), request.params.tile)

    def view(self, request: EditRequest) -> View:
        """The network at the size of the region."""
        card, size = self._model.card, self._region(request).size
        return View(card.path, size, card.multiple, self._model.dtype, not card.takes_words)

    def origin(self, request: EditRequest) -> Origin:
        """The network's file; the photograph whose detail is used is not part of it."""
        return Origin(models.fingerprint_if_ready(self._model.card.path))

    def description(self) -> Mapping[str, str]:
        """Name, file and fingerprint of the network."""
        card = self._model.card
        return {
            "model": card.name,
            "model_file": str(card.path),
            "model_sha256": models.fingerprint(card.path),
        }

    def _states(
        self, request: EditRequest, region: Region, noise: Noise, count: int
    ) -> Iterator[State]:
        """So many samples at the network's own size, as pictures."""
        guide, mask = guide_of(region, self._device, count), mask_of(region, self._device)
        return self._edit(request.params, guide, mask, noise)

    def _edit(
        self,
        params: EditParams,
        guide: Tensor,
        mask: Tensor,
        noise: Noise,
        conditioning: Conditioning | None = None,
    ) -> Iterator[State]:
        return recipes.edit(
            self._model,
            guide,
            mask,
            recipe=params.solver,
            t0=params.t0,
            calls=params.calls,
            noise=noise,
            repeats=params.repeats,
            resamplings=params.resamplings,
            colours_kept=params.colours_kept,
            clip=params.clip,
            conditioning=conditioning,
            tile=params.tile,
        )

    def _region(self, request: EditRequest) -> Region:
        return self._planned.of(request, self._plan)

    def _plan(self, request: EditRequest) -> Region:
        card = self._model.card
        side = max(card.multiple, round(card.size * request.params.scale))
        return Region.plan(request, side, card.multiple, enlarges=card.takes_words)

    def _larger(self, request: EditRequest) -> Material | None:
        """The photograph that detail is taken from, if there is one."""
        return self._prepared.of(request, self._find_larger)

    def _find_larger(self, request: EditRequest) -> Material | None:
        params, region = request.params, self._region(request)
        if params.solver in PUBLISHED_SOLVERS or params.detail == "off":
            return None
        if relative_area(region.size) >= 0.9 * relative_area(last_size(request)):
            return None
        try:
            photo = request.photo(request.rect)
            found = self._photo.material(request, photo, (), first=region.size)
        except ExemplarError:
            return None
        return found if len(found.sizes) > 1 else None


class LatentSampler(NetworkSampler):
    """A text-conditioned latent model. Preparations are kept for a whole job."""

    def __init__(self, model: LatentModel, device: torch.device) -> None:
        super().__init__(model, device)
        self._latent = model
        self._job = RequestCache[LatentJob]()

    def notes(self, request: EditRequest) -> Sequence[Note]:
        """The truncated part of the prompt."""
        cut = self._prepare(request, self._region(request)).conditioning.cut
        if not cut:
            return ()
        said = Text('The words are too many for the model: "{0}" and what follows is ignored.', cut)
        return (Note(said),)

    def origin(self, request: EditRequest) -> Origin:
        """The network's file and those of the LoRAs that the prompt names."""
        loras = prompt_of(request.params, self._latent.card.path).loras
        found = tuple(models.fingerprint_if_ready(lora.path) for lora in loras)
        return replace(super().origin(request), loras=found)

    def _states(
        self, request: EditRequest, region: Region, noise: Noise, count: int
    ) -> Iterator[State]:
        """Previews are rough; the last state has the decoded result.

        Only the autoencoder works in tiles, see ``View.has_parts``.
        """
        models.fingerprint_if_ready(self._latent.card.path)  # large files are read meanwhile
        job = self._prepare(request, region)
        guide = job.latents.expand(count, -1, -1, -1)
        params = replace(request.params, tile=0)
        for state in self._edit(params, guide, job.mask, noise, job.conditioning):
            if state.done < state.total:
                yield state._replace(denoised=job.preview(state.denoised))
            else:
                picture = job.without_loss(job.space.decode(state.z))
                yield state._replace(z=picture, denoised=picture)

    def _prepare(self, request: EditRequest, region: Region) -> LatentJob:
        guide, mask = guide_of(region, self._device, 1), mask_of(region, self._device)
        return self._job.of(request, lambda one: prepare(self._latent, one.params, guide, mask))


class PhotographSampler:
    """Patches of the edited photograph, and of the most similar ones of a bank."""

    def __init__(self, bank: Bank, device: torch.device) -> None:
        self._bank = bank
        # Eigenvectors are computed in float64, which Apple's GPUs have not.
        self._device = torch.device("cpu") if device.type == "mps" else device
        self._cache = MaterialCache(self._device)
        self._prepared = RequestCache[tuple[Material, Sequence[Note]]]()
        self._sha256 = ""

    @property
    def dtype(self) -> torch.dtype:
        """Always the same: distances between patches need its digits."""
        return torch.float32

    def notes(self, request: EditRequest) -> Sequence[Note]:
        """Whether other photographs are used or would help."""
        return self._prepare(request)[1]

    def count_calls(self, request: EditRequest) -> int:
        """Counts the calls of all levels."""
        params = request.params
        first = params.calls * params.repeats * params.resamplings
        return first + UPPER_CALLS * len(self._prepare(request)[0].sizes[1:])

    def steps(self, request: EditRequest, seeds: Sequence[int]) -> Iterator[Step]:
        """Samples level by level, up to the region's own resolution if so much detail is wanted.

        Raises:
            ParameterError: The solver is for networks only.
        """
        params = request.params
        if params.solver not in SOLVERS:
            raise ParameterError(
                "The solver {0!r} is for networks. Choose another one for photographs.",
                params.solver,
            )
        material, _ = self._prepare(request)
        states = exemplars.edit_in_levels(
            material.prepared,
            material.sizes,
            t0=params.t0,
            noise=SeededNoise(seeds),
            calls=params.calls,
            solver=SOLVERS[params.solver],
            repeats=params.repeats,
            resamplings=params.resamplings,
            wrap=lambda denoise, guide: keep_low_frequencies(
                denoise, guide, sigma_of_t0(params.t0), params.colours_kept
            ),
        )
        first, *upper = map(relative_area, material.sizes)
        spent = 0.0
        for state in states:
            below = state.total - len(upper) * UPPER_CALLS
            total = _FIRST_LEVEL * first * below + UPPER_CALLS * sum(upper)
            spent += (_FIRST_LEVEL if state.done <= below else 1) * relative_area(size_of(state))
            yield Step(material.at(size_of(state)), state, spent, total)

    def needs(self, request: EditRequest, count: int) -> Sequence[Need]:
        """The largest level."""
        return (need_of_levels(self._bank.path, self._prepare(request)[0], count),)

    def smaller_tile(self, request: EditRequest) -> int:
        """There are no parts."""
        return 0

    def origin(self, request: EditRequest) -> Origin:
        """All pixels that patches were taken from, and which of them are valid."""
        return Origin(self._prepare(request)[0].sha256)

    def description(self) -> Mapping[str, str]:
        """The bank's name and folder; the hash is of the photographs last used."""
        found = {"model": self._bank.name, "model_file": str(self._bank.path)}
        if self._sha256:
            found["model_sha256"] = self._sha256
        return found

    def _prepare(self, request: EditRequest) -> "tuple[Material, Sequence[Note]]":
        return self._prepared.of(request, self._prepare_anew)

    def _prepare_anew(self, request: EditRequest) -> "tuple[Material, Sequence[Note]]":
        photo = [reduced(part, request) for part in request.photo(request.rect)]
        own = request
        if not fit_srgb(photo):
            # A photograph is a model of its own colours, too: nothing of a wide gamut is lost.
            own = replace(request, icc=None)
            photo = [in_colors_of(request, part) for part in photo]
        notes: Sequence[Note] = ()
        try:
            found = self._cache.material(own, photo, pictures_for(self._bank, request, own.icc))
            if not self._bank.pictures and missing_share(own, photo) > _MUCH:
                offer = Text(
                    "Much of what was painted has colours that this photo lacks. Other "
                    "photographs may have them."
                )
                notes = (Note(offer, models.BUNDLED_PHOTOS),)
            elif not photo:
                notes = (Note(Text("Without a photo expect a painting, not a photograph.")),)
        except ExemplarError:
            found = self._cache.material(own, (), pictures_for(bundled(), request, own.icc))
            said = Text(
                "There is no part of a photo that is neither masked nor painted over: other "
                "photographs are used."
            )
            notes = (Note(said),)
        self._sha256 = found.sha256
        return found, notes
