"""Figures of speed: what the device can do, and what a model needs."""

import time
from pathlib import Path

import torch

from sdedit_desktop.diffusion.estimate import estimate
from sdedit_desktop.editing import banks

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
_CPU_SIDE, _CARD_SIDE = 2048, 8192
_ATTEMPTS = 12


def computing_s(device: torch.device) -> float:
    """A clock, in seconds, that other programs on a processor do not run.

    On the CPU it is the processor time of this program for each of its threads.
    """
    if device.type == "cpu":
        return time.process_time() / torch.get_num_threads()
    return time.perf_counter()


def matrix_peak(device: torch.device, precision: str) -> float:
    """Operations per second of the best of some products of large square matrices.

    Seconds are those of ``computing_s``.

    Args:
        device: Where.
        precision: "fp32", "bf16" or "fp16".
    """
    side = _CPU_SIDE if device.type == "cpu" else _CARD_SIDE
    matrix = torch.ones(side, side, device=device, dtype=_DTYPES[precision])
    best_s = float("inf")
    with torch.inference_mode():
        for _ in range(_ATTEMPTS):
            began = computing_s(device)
            (matrix @ matrix)[0, 0].item()  # waits for the device
            best_s = min(best_s, computing_s(device) - began)
    return 2 * side**3 / best_s


def operations_of(model: Path, size: tuple[int, int], pictures: int) -> int | None:
    """Operations of a network call; ``None`` for photographs as models, which have no network.

    Args:
        model: Its file or folder.
        size: Height and width of what it sees, in pixels; rounded up to its multiple.
        pictures: How many there are in a call: two for one candidate with guidance.
    """
    if banks.is_bank(model):
        return None
    return estimate(model, size=size, batch=pictures, measures=False).operations
