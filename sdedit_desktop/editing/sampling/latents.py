"""Preparation of a job on latents, shared by its candidates."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from torch import Tensor

from sdedit_desktop.diffusion.checkpoints.latent import LatentModel
from sdedit_desktop.diffusion.prompt import Conditioning, Lora, Prompt, without_loras
from sdedit_desktop.diffusion.space import Latents
from sdedit_desktop.editing import models
from sdedit_desktop.editing.request import EditParams


@dataclass(frozen=True, eq=False)
class LatentJob:
    """The data that all candidates of a request share.

    Attributes:
        conditioning: The conditioning.
        latents: (1, 4, H / 8, W / 8), the guide's.
        mask: Of the latents.
        preview: Approximates the picture of latents.
        guide: (1, 3, H, W) in [-1, 1].
        decoded: The guide, encoded and decoded.
        space: What encodes and decodes, in parts if the job is to.
    """

    conditioning: Conditioning
    latents: Tensor
    mask: Tensor
    preview: Callable[[Tensor], Tensor]
    guide: Tensor
    decoded: Tensor
    space: Latents

    def without_loss(self, pictures: Tensor) -> Tensor:
        """Restores what only the autoencoder lost, where nothing else has changed."""
        change = (pictures - self.decoded).abs().amax(dim=1, keepdim=True)
        kept = (-((change / _UNCHANGED) ** 2)).exp()
        return pictures + kept * (self.guide - self.decoded)


_UNCHANGED = 0.12
"""Of the range from -1 to 1: a change of this size fades what the autoencoder had lost to 1/e."""


def prepare(model: LatentModel, params: EditParams, guide: Tensor, mask: Tensor) -> LatentJob:
    """Embeds the prompt and encodes the guide.

    Args:
        model: The model.
        params: With the prompt.
        guide: (1, 3, H, W) in [-1, 1].
        mask: (1, 1, H, W) in [0, 1], 1 = may change.

    Raises:
        ModelError: There is no LoRA of a name, or one is for another model.
    """
    space = replace(model.latents, tile=params.tile)
    model = replace(model, latents=space)
    conditioning = model.condition(prompt_of(params, model.card.path), guide, mask)
    latents = space.encode(guide)
    preview, decoded = space.previewer(guide, latents), space.decode(latents)
    return LatentJob(conditioning, latents, space.reduce(mask), preview, guide, decoded, space)


def prompt_of(params: EditParams, model: Path) -> Prompt:
    """The prompt of parameters, with its LoRAs.

    Raises:
        ModelError: There is no LoRA of a name.
    """
    wanted, loras = without_loras(params.prompt)
    found = tuple(Lora(models.locate_lora(name, model), strength) for name, strength in loras)
    return Prompt(wanted, params.negative_prompt, params.guidance, found)
