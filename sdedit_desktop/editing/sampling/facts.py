"""Facts about a model, read without opening it."""

from pathlib import Path

import torch

from sdedit_desktop.diffusion.checkpoints.detect import detect
from sdedit_desktop.diffusion.estimate import estimate
from sdedit_desktop.diffusion.schedule import sigma_of_t0
from sdedit_desktop.editing import banks
from sdedit_desktop.editing.request import ModelFacts


def facts_of(model: str, path: Path, memory_ratio: float = 1.0) -> ModelFacts:
    """The facts about a model file or folder; reads no weights and no pictures.

    Args:
        model: Id or path, as it was asked for.
        path: Where it is.
        memory_ratio: By how much calls need more memory than is expected.

    Raises:
        ModelError: With a sentence that says why it cannot be used.
    """
    times = tuple(step / 100 for step in range(101))
    if banks.is_bank(path):
        card = {**banks.card(banks.load(path)), "memory_ratio": memory_ratio}
        return ModelFacts(model, card, tuple(map(sigma_of_t0, times)), times)
    blueprint = detect(path)
    schedule = blueprint.schedule
    sigmas = [sigma_of_t0(t0, schedule.t0_factor) for t0 in times]
    known = torch.tensor(sigmas).double().clamp(schedule.sigma_min, schedule.sigma_max)
    own_times = tuple(schedule.time(known).tolist())
    card = blueprint.card.as_json()
    card |= memory_of(path, 2 if blueprint.latent else 1, memory_ratio)
    return ModelFacts(model, card, tuple(sigmas), own_times)


def memory_of(path: Path, pictures: int, ratio: float) -> dict[str, int]:
    """The most memory that a candidate needs at the model's own size, for its card: in bytes.

    Args:
        path: The model's file or folder.
        pictures: Number per call; with guidance there are two per candidate.
        ratio: By how much calls need more than is expected.

    Raises:
        ModelError: The model cannot be used.
    """

    def needed(dtype: torch.dtype) -> int:
        cost = estimate(path, batch=pictures, dtype=dtype, measures=False)
        return cost.weights_bytes + round(cost.activations_bytes * ratio)

    return {"memory_bytes": needed(torch.float32), "half_memory_bytes": needed(torch.bfloat16)}
