"""The training loop, as a generator: one state of affairs per step; stop iterating to stop."""

import contextlib
import ctypes
import platform
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from sdedit_desktop.errors import ModelError
from sdedit_desktop.training.photographs import Photographs
from sdedit_desktop.training.recipe import Recipe, loss, to_tensor
from sdedit_desktop.training.state import TrainingState

PATIENCE = 20
"""Steps in a row that may fail to give finite numbers before training gives up."""


class Step(NamedTuple):
    """One step, made.

    Attributes:
        step: How many steps were made, this one included.
        loss: Of this step's crops; NaN if the step was thrown away.
    """

    step: int
    loss: float


def train(state: TrainingState, photographs: Photographs, recipe: Recipe) -> Iterator[Step]:
    """Trains for as long as it is iterated over.

    Yields:
        One ``Step`` per step; ``state`` may be saved or sampled from in between.

    Raises:
        ModelError: Training diverged.
    """
    failures = 0
    while True:
        value = _step(state, photographs, recipe)
        failures = 0 if np.isfinite(value) else failures + 1
        if failures > PATIENCE:
            raise ModelError("Training diverged: try a lower learning rate.")
        yield Step(state.step, value)


def _step(state: TrainingState, photographs: Photographs, recipe: Recipe) -> float:
    for group in state.optimizer.param_groups:
        group["lr"] = recipe.learning_rate_at(state.step)
    clean, times, noise = batch(photographs, recipe, state.step)
    with autocast(state.device):
        value = loss(
            state.network,
            clean.to(state.device),
            times.to(state.device),
            noise.to(state.device),
            recipe.snr_limit,
        )
    value.backward()  # type: ignore[no-untyped-call]
    length = torch.nn.utils.clip_grad_norm_(state.network.parameters(), recipe.clip)
    finite = bool(torch.isfinite(length)) and bool(torch.isfinite(value))
    if finite:
        state.optimizer.step()
        state.follow(recipe.average_decay_at(state.step))
    state.optimizer.zero_grad()
    state.step += 1
    return value.item() if finite else float("nan")


def batch(photographs: Photographs, recipe: Recipe, step: int) -> tuple[Tensor, Tensor, Tensor]:
    """What a step is trained on: clean crops, times, noise. The same step gives the same batch."""
    rng = recipe.rng(step)
    clean = to_tensor(photographs.crops(recipe.batch, recipe.size, rng))
    times = recipe.times(recipe.batch, rng)
    stream = torch.Generator().manual_seed(int(rng.integers(1 << 62)))
    return clean, times, torch.randn(clean.shape, generator=stream)


def autocast(device: torch.device) -> contextlib.AbstractContextManager[object]:
    """bfloat16 where the device computes faster in it."""
    if device.type == "cuda":
        fast = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        fast = device.type == "cpu" and torch.cpu.get_capabilities().get("avx512_bf16", False)
    return torch.autocast(device.type, torch.bfloat16) if fast else contextlib.nullcontext()


def choose_device(name: str) -> str:
    """What "auto" means here: a GPU if there is one."""
    if name != "auto":
        return name
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def keep_freed_memory() -> None:
    """Tells glibc to keep what is freed for reuse: large activations are freed at every layer."""
    if platform.libc_ver()[0] == "glibc":
        trim_threshold, mmap_max = -1, -4
        libc = ctypes.CDLL(None)
        libc.mallopt(mmap_max, 0)
        libc.mallopt(trim_threshold, 1 << 30)
