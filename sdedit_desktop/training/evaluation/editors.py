"""The two kinds of models behind one interface: networks, and photographs as exemplars."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from sdedit_desktop.diffusion.checkpoints import Model
from sdedit_desktop.diffusion.exemplars import (
    BANK_PENALTY,
    Atlases,
    Exemplar,
    Preparation,
    edit_in_levels,
    level_sizes,
)
from sdedit_desktop.diffusion.exemplars.levels import DEFAULT_CALLS as EXEMPLAR_CALLS
from sdedit_desktop.diffusion.exemplars.levels import DEFAULT_SOLVER as EXEMPLAR_SOLVER
from sdedit_desktop.diffusion.exemplars.levels import DEFAULT_T0
from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.diffusion.recipes import edit
from sdedit_desktop.diffusion.sdedit import State
from sdedit_desktop.diffusion.solvers import DEFAULT_CALLS, DEFAULT_SOLVER, SOLVERS
from sdedit_desktop.training.evaluation.cache import digest
from sdedit_desktop.training.evaluation.dataset import Mask, Scene
from sdedit_desktop.training.photographs import Pixels
from sdedit_desktop.training.recipe import to_tensor


class NetworkEditor:
    """A diffusion network, with the default solver.

    Attributes:
        name: For the report.
        key: Distinguishes its results in the cache.
        masked_t0s: Strengths at which edits inside masks are measured.
        calls: Network calls of an edit unless others are compared.
    """

    masked_t0s: ClassVar = (0.45,)
    calls: ClassVar[int] = DEFAULT_CALLS

    def __init__(self, model: Model) -> None:
        self.name = model.card.name
        weights = (each.to("cpu", torch.float32) for each in model.network.state_dict().values())
        self.key = digest(*(each.numpy() for each in weights), model.dtype, model.card.prediction)
        self._model = model

    def edit(
        self, scene: Scene, t0: float, calls: int, seed: int, solver: str = DEFAULT_SOLVER
    ) -> Iterator[State]:
        """Edits a scene; the last state is the result."""
        device = next(self._model.network.parameters()).device
        return edit(
            self._model,
            to_tensor(scene.guide[None]).to(device),
            _mask(scene).to(device),
            recipe=solver,
            t0=t0,
            calls=calls,
            noise=SeededNoise([seed]),
        )


@dataclass(frozen=True)
class ExemplarEditor:
    """The edited photograph outside the mask, and further photographs, as exemplars.

    Attributes:
        name: As in ``NetworkEditor``, like the other attributes that are not listed.
        choose: Chooses further photographs for a guide and a mask.
        device: Where it computes.
    """

    name: str
    choose: Callable[[Pixels, Mask], Sequence[Pixels]]
    device: str
    masked_t0s: ClassVar = (DEFAULT_T0, 0.45)
    calls: ClassVar[int] = EXEMPLAR_CALLS

    @property
    def key(self) -> str:
        """Distinguishes its results in the cache."""
        return self.name

    def edit(
        self, scene: Scene, t0: float, calls: int, seed: int, solver: str = EXEMPLAR_SOLVER
    ) -> Iterator[State]:
        """Edits a scene; the last state is the result."""
        known = torch.from_numpy(scene.mask == 0).to(self.device)
        exemplars = [Exemplar(self._tensor(scene.photograph)[0], known)]
        for pixels in self.choose(scene.guide, scene.mask):
            picture = self._tensor(pixels)[0]
            scale = max(1.0, min(pixels.shape[:2]) / len(scene.mask))
            everywhere = torch.ones_like(picture[0], dtype=torch.bool)
            exemplars.append(Exemplar(picture, everywhere, scale, BANK_PENALTY))
        atlases = Atlases(exemplars)
        prepared = Preparation.of(self._tensor(scene.guide), _mask(scene).to(self.device), atlases)
        sizes = level_sizes(scene.mask.shape, atlases)
        noise, chosen = SeededNoise([seed]), SOLVERS[solver]
        return edit_in_levels(prepared, sizes, t0=t0, calls=calls, noise=noise, solver=chosen)

    def _tensor(self, pixels: Pixels) -> torch.Tensor:
        return to_tensor(pixels[None]).to(self.device)


Editor = NetworkEditor | ExemplarEditor


def _mask(scene: Scene) -> torch.Tensor:
    return torch.from_numpy(scene.mask.astype(np.float32) / 255)[None, None]
