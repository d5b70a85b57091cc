"""The training loop as a generator of steps; stop iterating to stop."""

import contextlib
import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor

from sdedit_desktop.diffusion.devices import computes_in_bfloat16
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
    with single_threaded(state.device) as workers:
        while True:
            value = _step(state, photographs, recipe, workers)
            failures = 0 if math.isfinite(value) else failures + 1
            if failures > PATIENCE:
                raise ModelError("Training diverged: try a lower learning rate.")
            yield Step(state.step, value)


class Workers(NamedTuple):
    """Threads that compute, one for each core, each of them with one core."""

    pool: ThreadPoolExecutor
    cores: int


@contextlib.contextmanager
def single_threaded(device: torch.device) -> Iterator[Workers]:
    """One single-threaded worker per core: they share a batch, and wait for each other once a step.

    The other way, all cores in every operation, waits hundreds of times a step: on a busy machine
    that was measured to burn three times the processor time.
    """
    cores = 1
    if device.type == "cpu":
        cores = torch.get_num_threads()
        torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(cores) as pool:
            yield Workers(pool, cores)
    finally:
        if device.type == "cpu":
            torch.set_num_threads(cores)


def _step(
    state: TrainingState, photographs: Photographs, recipe: Recipe, workers: Workers
) -> float:
    clean, times, noise = batch(photographs, recipe, state.step)
    parts = (tensor.chunk(workers.cores) for tensor in (clean, times, noise))
    results = list(workers.pool.map(partial(_gradients, state, recipe), *parts))
    value = sum(part.loss for part in results) / recipe.batch
    for index, parameter in enumerate(state.network.parameters()):
        parameter.grad = torch.zeros_like(parameter)
        for part in results:
            parameter.grad.add_(part.gradients[index], alpha=1 / recipe.batch)
    length = torch.nn.utils.clip_grad_norm_(state.network.parameters(), recipe.clip)
    finite = math.isfinite(value) and math.isfinite(length)
    if finite:
        work = state.optimizer.parts(recipe.learning_rate_at(state.step))
        with state.holding_variance():
            list(workers.pool.map(lambda part: part(), work))
        state.follow(recipe.average_decay_at(state.step))
    state.step += 1
    return value if finite else float("nan")


class _Part(NamedTuple):
    """The sums of one worker over its crops."""

    loss: float
    gradients: tuple[Tensor, ...]


def _gradients(
    state: TrainingState, recipe: Recipe, clean: Tensor, times: Tensor, noise: Tensor
) -> _Part:
    clean, noise = clean.to(state.device), noise.to(state.device)
    with autocast(state.device):
        mean = loss(state.network, clean, times, noise, recipe.snr_limit, state.terms)
        value = mean * len(clean)
    return _Part(value.item(), torch.autograd.grad(value, list(state.network.parameters())))


def batch(photographs: Photographs, recipe: Recipe, step: int) -> tuple[Tensor, Tensor, Tensor]:
    """What a step is trained on: clean crops, times, noise. The same step gives the same batch."""
    rng = recipe.rng(step)
    clean = to_tensor(photographs.crops(recipe.batch, recipe.size, rng))
    times = recipe.times(recipe.batch, rng)
    stream = torch.Generator().manual_seed(int(rng.integers(1 << 62)))
    return clean, times, torch.randn(clean.shape, generator=stream)


def autocast(device: torch.device) -> contextlib.AbstractContextManager[object]:
    """bfloat16 where the device computes faster in it."""
    return (
        torch.autocast(device.type, torch.bfloat16, cache_enabled=False)
        if computes_in_bfloat16(device)
        else contextlib.nullcontext()
    )
