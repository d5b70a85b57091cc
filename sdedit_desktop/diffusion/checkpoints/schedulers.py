"""Noise schedules in diffusers' ``scheduler_config.json``."""

from collections.abc import Mapping
from typing import Any

import torch

from sdedit_desktop.diffusion.schedule import VE, DiscreteVP, Schedule
from sdedit_desktop.errors import ModelError


def schedule_of(config: Mapping[str, Any]) -> Schedule:
    """The schedule that a ``scheduler_config.json`` describes."""
    kind = config.get("_class_name", "DDPMScheduler")
    if kind in ("ScoreSdeVeScheduler", "VeSdeScheduler"):
        return VE(
            2 * float(config.get("sigma_min", 0.01)), 2 * float(config.get("sigma_max", 1348))
        )
    if kind not in ("DDPMScheduler", "DDIMScheduler", "DPMSolverMultistepScheduler"):
        raise ModelError("This model's scheduler, {0}, is not known here.", kind)
    return discrete_schedule(config)


def discrete_schedule(config: Mapping[str, Any]) -> DiscreteVP:
    """The training schedule of any variance preserving scheduler."""
    steps = int(config.get("num_train_timesteps", 1000))
    if not 2 <= steps <= 100_000:
        raise ModelError("This model claims {0} steps of training.", steps)
    if config.get("trained_betas") is not None:
        return DiscreteVP(torch.tensor(config["trained_betas"], dtype=torch.float64))
    start, end = float(config.get("beta_start", 1e-4)), float(config.get("beta_end", 2e-2))
    match config.get("beta_schedule", "linear"):
        case "linear":
            return DiscreteVP.linear(start, end, steps)
        case "scaled_linear":
            return DiscreteVP.scaled_linear(start, end, steps)
        case "squaredcos_cap_v2":
            return DiscreteVP.cosine(steps)
        case other:
            raise ModelError("This model's noise schedule, '{0}', is not known here.", other)


def scheduler_json(
    prediction: str, schedule: DiscreteVP | None = None, *, learned_variance: bool = False
) -> dict[str, Any]:
    """The configuration of ``DDPMScheduler`` for a schedule, by default DDPM's own."""
    schedule = schedule or DiscreteVP.linear()
    return {
        "_class_name": "DDPMScheduler",
        **_betas(schedule),
        "clip_sample": True,
        "num_train_timesteps": len(schedule.betas),
        "prediction_type": prediction,
        "variance_type": "learned_range" if learned_variance else "fixed_small",
    }


def _betas(schedule: DiscreteVP) -> dict[str, Any]:
    """The betas: by name if diffusers names their schedule, else one by one."""
    start, end, steps = schedule.betas[0].item(), schedule.betas[-1].item(), len(schedule.betas)
    for name, named in (
        ("linear", DiscreteVP.linear(start, end, steps)),
        ("scaled_linear", DiscreteVP.scaled_linear(start, end, steps)),
        ("squaredcos_cap_v2", DiscreteVP.cosine(steps)),
    ):
        if torch.allclose(named.betas, schedule.betas, rtol=1e-9, atol=0):
            return {"beta_end": end, "beta_schedule": name, "beta_start": start}
    return {"trained_betas": schedule.betas.tolist()}
