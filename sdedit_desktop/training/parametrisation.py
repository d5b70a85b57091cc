"""Prediction target and noise schedule: fixed for new networks, kept when fine-tuning.

A network is fine-tuned in its own parametrisation, so that other programs can still open it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args

import torch
from torch import Tensor

from sdedit_desktop.diffusion.checkpoints import Model
from sdedit_desktop.diffusion.checkpoints.diffusers import unet_json
from sdedit_desktop.diffusion.checkpoints.schedulers import schedule_of, scheduler_json
from sdedit_desktop.diffusion.denoiser import Denoiser, Network, Target, VPDenoiser
from sdedit_desktop.diffusion.networks.unet import UNet
from sdedit_desktop.diffusion.schedule import DiscreteVP, sigma_of_t0
from sdedit_desktop.errors import ModelError

LOUDEST = sigma_of_t0(0.75)
"""Noise level at which the weight of errors of predicted noise stops growing: in terms of the clean
picture they weigh ``sigma**2``, and a few crops would dominate the loss."""


class Goal(NamedTuple):
    """The training target of the network, and its weight in the loss.

    Attributes:
        wanted: (N, C, H, W).
        leverage: (N, 1, 1, 1), change of the clean picture per error of the prediction; at most
            that at ``LOUDEST``.
    """

    wanted: Tensor
    leverage: Tensor


@dataclass(frozen=True, eq=False)
class Parametrisation:
    """Prediction target and noise schedule of a network.

    Attributes:
        target: What it predicts.
        schedule: Its levels of noise.
        learned_variance: Whether the second half of its output is the variance of a step. Only
            the first half, the mean, is trained.
    """

    target: Target
    schedule: DiscreteVP
    learned_variance: bool = False

    @classmethod
    def of(cls, model: Model) -> tuple["Parametrisation", UNet]:
        """The parametrisation of an opened model, and its network.

        Raises:
            ModelError: It cannot be trained on here; the sentence says why.
        """
        network, schedule, card = model.network, model.schedule, model.card
        if not isinstance(network, UNet) or not isinstance(schedule, DiscreteVP):
            raise ModelError(
                "{0} cannot be trained on: it is of the family {1}, and only DDPM's U-Nets with "
                "finitely many steps can.",
                card.name,
                card.family,
            )
        if network.config.in_channels != 3 or schedule.label_step != 1:
            raise ModelError("{0} cannot be trained on: it is no model of RGB pictures.", card.name)
        try:
            unet_json(network.config, card.size)
        except ModelError as error:
            raise ModelError("{0} cannot be trained on. {1}", card.name, error) from error
        for target in get_args(Target):
            if card.prediction == target:
                return cls(target, schedule, card.learned_variance), network
        raise ModelError("{0} predicts '{1}', which is not known here.", card.name, card.prediction)

    @classmethod
    def from_json(cls, text: str) -> "Parametrisation":
        """Reads what ``as_json`` wrote."""
        config: Mapping[str, Any] = json.loads(text)
        schedule = schedule_of(config)
        assert isinstance(schedule, DiscreteVP)
        return cls(config["prediction_type"], schedule, config["variance_type"] == "learned_range")

    def as_json(self) -> str:
        """Writes it as the configuration of a diffusers scheduler."""
        learned = self.learned_variance
        return json.dumps(scheduler_json(self.target, self.schedule, learned_variance=learned))

    def steps(self, sigmas: Tensor) -> Tensor:
        """The steps of the schedule whose noise levels are nearest to these."""
        return self.schedule.index(sigmas).round().long()

    def goal(self, clean: Tensor, noise: Tensor, sigma: Tensor) -> Goal:
        """The target for ``clean + sigma * noise``.

        Args:
            clean: (N, C, H, W) in [-1, 1].
            noise: Standard normal, shaped like ``clean``.
            sigma: (N, 1, 1, 1), noise levels.
        """
        alpha = (1 + sigma**2).rsqrt()
        match self.target:
            case "epsilon":
                return Goal(noise, sigma.clamp(max=LOUDEST))
            case "v_prediction":  # Salimans and Ho 2022
                return Goal(alpha * noise - alpha * sigma * clean, alpha * sigma)
            case "sample":
                return Goal(clean, torch.ones_like(sigma))

    def mean(self, output: Tensor) -> Tensor:
        """The part of a network's output that is trained."""
        return output.chunk(2, dim=1)[0] if self.learned_variance else output

    def denoiser(self, network: Network, dtype: torch.dtype = torch.float32) -> Denoiser:
        """Wraps a network with this parametrisation."""
        return VPDenoiser(
            network,
            self.schedule,
            self.target,
            learned_variance=self.learned_variance,
            clip=True,
            dtype=dtype,
        )
