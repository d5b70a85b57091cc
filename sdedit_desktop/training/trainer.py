"""The training loop as a generator of steps; stop iterating to stop."""

import contextlib
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor

from sdedit_desktop.diffusion.devices import computes_in_bfloat16, free_cached, is_out_of_memory
from sdedit_desktop.errors import ModelError
from sdedit_desktop.training.photographs import Photographs
from sdedit_desktop.training.processes import Processes
from sdedit_desktop.training.recipe import Recipe, loss, to_tensor
from sdedit_desktop.training.state import TrainingState

PATIENCE = 20
"""Steps in a row that may fail to give finite numbers before training gives up."""


def train(
    state: TrainingState,
    photographs: Photographs,
    recipe: Recipe,
    processes: Processes = Processes(),  # noqa: B008 - immutable
) -> Iterator[float]:
    """Trains for as long as it is iterated over. The next crops are drawn meanwhile.

    Yields:
        The loss of each step, NaN if it was thrown away; ``state`` may be saved or sampled from
        in between.

    Raises:
        ModelError: Training diverged.
    """
    failures, split = 0, _Split()
    with single_threaded(state.device) as workers, ThreadPoolExecutor(1) as drawing:
        coming = drawing.submit(batch, photographs, recipe, state.step)
        while True:
            drawn = coming.result()
            coming = drawing.submit(batch, photographs, recipe, state.step + 1)
            value = _step(
                state, recipe, [processes.share(part) for part in drawn], workers, split, processes
            )
            failures = 0 if math.isfinite(value) else failures + 1
            if failures > PATIENCE:
                raise ModelError("Training diverged: try a lower learning rate.")
            yield value


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


@dataclass
class _Split:
    """Into how many parts, one after another, each worker divides its crops: more if memory ends.

    The sums are the same.
    """

    parts: int = 1


def _step(
    state: TrainingState,
    recipe: Recipe,
    drawn: Sequence[Tensor],
    workers: Workers,
    split: _Split,
    processes: Processes,
) -> float:
    value = _add_up_gradients(state, recipe, drawn, workers, split) / recipe.batch
    gradients = [parameter.grad for parameter in state.network.parameters()]
    total = torch.tensor([value], device=state.device)
    processes.add_up([total, *(gradient for gradient in gradients if gradient is not None)])
    value = value if processes.total == 1 else total.item()
    length = torch.nn.utils.clip_grad_norm_(state.network.parameters(), recipe.clip)
    finite = math.isfinite(value) and math.isfinite(length)
    if finite:
        work = state.optimizer.parts(recipe.learning_rate_at(state.step))
        with state.holding_variance():
            list(workers.pool.map(lambda part: part(), work))
        state.follow(recipe.average_decay_at(state.step))
    state.step += 1
    return value if finite else float("nan")


def _add_up_gradients(
    state: TrainingState, recipe: Recipe, drawn: Sequence[Tensor], workers: Workers, split: _Split
) -> float:
    """Leaves the gradients of the mean over a batch in the network; returns the sum of losses."""
    while True:
        chunks = [tensor.chunk(workers.cores * split.parts) for tensor in drawn]
        value = 0.0
        for parameter in state.network.parameters():
            parameter.grad = torch.zeros_like(parameter)
        try:
            for part, gradients in workers.pool.map(partial(_gradients, state, recipe), *chunks):
                value += part
                for parameter, gradient in zip(state.network.parameters(), gradients, strict=True):
                    assert parameter.grad is not None
                    parameter.grad.add_(gradient, alpha=1 / recipe.batch)
            return value
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error) or len(chunks[0]) >= len(drawn[0]):
                raise
        split.parts *= 2  # now that the error no longer holds what was computed
        free_cached(state.device)


def _gradients(
    state: TrainingState, recipe: Recipe, clean: Tensor, times: Tensor, noise: Tensor
) -> tuple[float, tuple[Tensor, ...]]:
    """The sums of one worker over its crops: of the loss, and of its gradients."""
    clean, noise = (part.to(state.device, non_blocking=True) for part in (clean, noise))
    with autocast(state.device):
        mean = loss(state.network, clean, times, noise, recipe.snr_limit, state.terms)
        value = mean * len(clean)
    return value.item(), torch.autograd.grad(value, list(state.network.parameters()))


def batch(photographs: Photographs, recipe: Recipe, step: int) -> tuple[Tensor, Tensor, Tensor]:
    """Draws clean crops, times and noise for a step. The same step gives the same batch."""
    rng = recipe.rng(step)
    clean = to_tensor(photographs.crops(recipe.batch, recipe.size, rng))
    times = recipe.times(recipe.batch, rng)
    stream = torch.Generator().manual_seed(int(rng.integers(1 << 62)))
    noise = torch.randn(clean.shape, generator=stream)
    if torch.cuda.is_available():  # so that it can be copied to a card meanwhile
        clean, noise = clean.pin_memory(), noise.pin_memory()
    return clean, times, noise


def autocast(device: torch.device) -> contextlib.AbstractContextManager[object]:
    """bfloat16 where the device computes faster in it."""
    return (
        torch.autocast(device.type, torch.bfloat16, cache_enabled=False)
        if computes_in_bfloat16(device)
        else contextlib.nullcontext()
    )
