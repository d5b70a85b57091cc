"""Makes pictures and their features for an evaluation, and caches both."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch

from sdedit_desktop.diffusion.checkpoints import Model
from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.diffusion.recipes import edit
from sdedit_desktop.training.evaluation.cache import Store, Values, digest
from sdedit_desktop.training.evaluation.config import Case, Guide
from sdedit_desktop.training.evaluation.dataset import (
    Mask,
    Scenes,
    painted_inside,
    random_mask,
    simulate_strokes,
    softened,
)
from sdedit_desktop.training.evaluation.distances import perceptual, seam
from sdedit_desktop.training.evaluation.inception import FeatureNetwork, features
from sdedit_desktop.training.photographs import Pixels, jitter
from sdedit_desktop.training.recipe import to_pixels, to_tensor

_REMEMBERED = 512


class Material(NamedTuple):
    """What an edit starts from.

    Attributes:
        photograph: (H, W, 3), what was painted from.
        guide: (H, W, 3), what the model is given.
        mask: (H, W), where it may change.
    """

    photograph: Pixels
    guide: Pixels
    mask: Mask


class MaskedEdit(NamedTuple):
    """What an edit inside a mask measures.

    Attributes:
        painted: Perceptual distance from the photograph inside the mask, before; NaN if nothing
            can see it.
        edited: The same after.
        outside: Largest change outside, of 255.
        seam: See ``distances.seam``.
    """

    painted: float
    edited: float
    outside: float
    seam: float


class EvaluationRunner:
    """A model, a feature network, and scenes.

    Attributes:
        guides: Held-out scenes that strokes are made from.
        held_out: Held-out scenes that realism is measured against.
        training: Scenes that the model was trained on.
        sees: Whether there is a network that looks.
    """

    def __init__(
        self,
        model: Model,
        network: FeatureNetwork | None,
        store: Store,
        scenes: tuple[Scenes, Scenes, Scenes],
        seed: int = 0,
    ) -> None:
        self.guides, self.held_out, self.training = scenes
        self.has_features = network is not None
        self._model, self._network, self._store, self._seed = model, network, store, seed
        self._digest = _digest_of(model)
        self._remembered = lru_cache(_REMEMBERED)(self._material)

    def material(self, guide: Guide, index: int) -> Material:
        """What the picture at ``index`` starts from."""
        return self._remembered(guide, index)

    def edited(self, case: Case, index: int, check: Callable[[], None]) -> Pixels:
        """The result at ``index``, (H, W, 3); ``check`` may raise before each network call."""
        material = self.material(case.guide, index)

        def make() -> Pixels:
            device = next(self._model.network.parameters()).device
            mask = torch.from_numpy(material.mask.astype(np.float32) / 255).to(device)
            check()
            states = edit(
                self._model,
                to_tensor(np.stack([material.guide])).to(device),
                mask[None, None],
                recipe=case.recipe,
                t0=case.t0,
                calls=case.calls,
                noise=SeededNoise([self._seed + index]),
                colours_kept=case.colours_kept,
            )
            for state in states:
                z = state.z
                check()
            edited: Pixels = to_pixels(z)[0]
            return edited

        return self._store.picture(self._key(case, index), make)

    def find_edited(self, case: Case, index: int) -> Pixels | None:
        """The result at ``index``, if it was made."""
        return self._store.find_picture(self._key(case, index))

    def look(self, pixels: Pixels) -> Values:
        """Features of a picture, (C,). There must be a network."""
        return self._store.values(self._seen(digest(pixels)), lambda: self._features(pixels))

    def look_at_scene(self, scenes: Scenes, index: int) -> Values:
        """Features of a scene, (C,): its photograph is opened only if it was never seen."""
        key = self._seen(scenes.digest(index))
        return self._store.values(key, lambda: self._features(scenes.scene(index)))

    def find_look(self, pixels: Pixels) -> Values | None:
        """Features of a picture, if it was looked at."""
        return self._store.find_values(self._seen(digest(pixels)))

    def find_look_at_scene(self, scenes: Scenes, index: int) -> Values | None:
        """Features of a scene, if it was looked at."""
        return self._store.find_values(self._seen(scenes.digest(index)))

    def copied(self, index: int) -> Pixels:
        """A training scene, mirrored and slightly changed as in training: a known near copy."""
        scene = self.training.scene(index)[:, ::-1]
        return jitter(scene, np.random.default_rng((self._seed, index)))

    def measure_mask(self, case: Case, index: int, edited: Pixels) -> MaskedEdit:
        """What an edit with a mask measures."""
        material = self.material(case.guide, index)

        def make() -> Values:
            outside = np.abs(edited.astype(int) - material.guide)[material.mask == 0]
            measured = MaskedEdit(
                self._distance(material.guide, material),
                self._distance(edited, material),
                float(outside.max(initial=0)),
                seam(edited, material.photograph, material.mask),
            )
            return np.array(measured, np.float32)

        key = self._seen(digest("mask", edited, material.photograph, material.mask))
        return MaskedEdit(*map(float, self._store.values(key, make)))

    def _material(self, guide: Guide, index: int) -> Material:
        scene = self.guides.scene(index)
        everywhere: Mask = np.full(scene.shape[:2], 255, np.uint8)
        if guide == "nothing":
            return Material(scene, np.full_like(scene, 128), everywhere)
        if guide == "photograph":
            return Material(scene, scene, everywhere)
        strokes = simulate_strokes(scene)
        if guide == "strokes":
            return Material(scene, strokes, everywhere)
        mask = random_mask(len(scene), self._seed + index)
        painted = painted_inside(scene, strokes, mask)
        return Material(scene, painted, softened(mask) if guide == "soft mask" else mask)

    def _key(self, case: Case, index: int) -> str:
        how = case.recipe, case.t0, case.calls, case.colours_kept, self._seed + index
        return digest(self._digest, how, *self.material(case.guide, index)[1:])

    def _seen(self, name: str) -> str:
        return digest(name, self._network.name if self._network else None)

    def _features(self, pixels: Pixels) -> Values:
        assert self._network
        seen: Values = features(self._network, pixels[None])[0]
        return seen

    def _distance(self, pixels: Pixels, material: Material) -> float:
        if self._network is None:
            return float("nan")
        here, there = (self._network.maps(each[None]) for each in (pixels, material.photograph))
        return perceptual(here, there, material.mask)


def _digest_of(model: Model) -> str:
    weights = (
        value.to("cpu", torch.float32).numpy() for value in model.network.state_dict().values()
    )
    return digest(*weights, str(model.dtype), model.card.prediction)
