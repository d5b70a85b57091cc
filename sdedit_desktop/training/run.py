"""A training from start to end."""

import contextlib
from collections.abc import Callable, Generator

import torch

from sdedit_desktop.diffusion.checkpoints import inspect, open_model
from sdedit_desktop.diffusion.networks.unet import UNetConfig
from sdedit_desktop.errors import FileFormatError, ModelError, OutOfMemory, ParameterError
from sdedit_desktop.texts import Text
from sdedit_desktop.training.checkpointing import Checkpointer, remove_partial_files
from sdedit_desktop.training.config import TrainingConfig, spare_memory_bytes
from sdedit_desktop.training.events import Note, Started, TrainingEvent
from sdedit_desktop.training.parametrisation import Parametrisation
from sdedit_desktop.training.photographs import (
    Photographs,
    Split,
    find_photographs,
    shares_of_folders,
)
from sdedit_desktop.training.processes import Processes, joined
from sdedit_desktop.training.resume import STATE
from sdedit_desktop.training.samples import held_out_crops
from sdedit_desktop.training.state import TrainingState, fresh_network
from sdedit_desktop.training.trainer import train

NEW_MODELS_SIZE = 256
_NAMED_FILES = 3


def run(
    config: TrainingConfig, stopped: Callable[[], bool] = lambda: False
) -> Generator[TrainingEvent]:
    """Trains, saves and reports, until the time is over or ``stopped`` returns True.

    Closing the generator stops it as well. Everything is saved in all cases.

    Yields:
        ``Started``, then one ``Progress`` per step, and ``Saved``, ``Shown`` and ``Note`` between.

    Raises:
        FileFormatError: The photographs cannot be read, or the folder cannot be written.
        ModelError: There is nothing to resume or fine-tune, or training diverged.
        OutOfMemory: The crops of one step do not fit.
        ParameterError: The crops do not suit the network.
    """
    with joined(torch.device(config.device)) as processes:
        yield from _run(config, stopped, processes)


def _run(
    config: TrainingConfig, stopped: Callable[[], bool], processes: Processes
) -> Generator[TrainingEvent]:
    if config.recipe.batch < processes.total:
        raise ParameterError(
            "{0} processes cannot share {1} crops: try more crops per step.",
            processes.total,
            config.recipe.batch,
        )
    split = find_photographs(config.photographs, config.listing, without=config.output)
    shares = shares_of_folders(split.train, config.photographs, config.shares)
    memory_bytes = spare_memory_bytes() if config.memory_bytes is None else config.memory_bytes
    photographs = Photographs(split.train, shares, memory_bytes)
    state, sample_size = _start(config, is_first=processes.rank == 0)
    if processes.rank > 0:
        for _ in train(state, photographs, config.recipe, processes):
            if processes.any(False):
                return
    held_out = held_out_crops(split, config.recipe.size)
    checkpointer = Checkpointer(config, state, sample_size, held_out)
    yield _started(state, split)
    try:
        for loss in train(state, photographs, config.recipe, processes):
            progress = checkpointer.record(loss)
            yield progress
            if processes.any(progress.remaining_s == 0 or stopped()):
                break
            yield from checkpointer.save_if_due()
    except torch.OutOfMemoryError as error:
        raise OutOfMemory(
            "There is not enough memory on the device: try fewer crops per step, or smaller ones."
        ) from error
    finally:
        events = checkpointer.save(), checkpointer.draw()
    yield from events
    if photographs.unreadable:
        yield _unreadable(photographs)


def _start(config: TrainingConfig, is_first: bool) -> tuple[TrainingState, int]:
    """The state to train from, and the size of pictures that the model is used at."""
    device = torch.device(config.device)
    size = NEW_MODELS_SIZE
    if config.resume:
        state = TrainingState.load(config.output, config.recipe, device)
        with contextlib.suppress(ModelError):  # it was killed before it had written one
            size = inspect(config.output).size or size
        if is_first:
            remove_partial_files(config.output)
    elif (config.output / STATE).exists():
        raise FileFormatError(
            "{0} holds a training already: resume it, or choose another folder.", config.output
        )
    elif config.start_from is None:
        network = fresh_network(network_config(config.channels), config.recipe.seed)
        state = TrainingState(network, config.recipe, device)
    else:
        model = open_model(config.start_from)
        terms, network = Parametrisation.of(model)
        state = TrainingState(network.requires_grad_(True), config.recipe, device, terms)
        size = model.card.size or size
    multiple = state.network.config.multiple
    for value in (config.recipe.size, config.sample_size or size):
        if value % multiple:
            raise ParameterError(
                "This network takes pictures of a multiple of {0} pixels, not of {1}.",
                multiple,
                value,
            )
    return state, config.sample_size or size


def network_config(channels: tuple[int, ...]) -> UNetConfig:
    """One block per level, self-attention at the coarsest: most of the quality for the time."""
    return UNetConfig(
        channels=channels,
        attention=(False,) * (len(channels) - 1) + (True,),
        blocks=1,
        head_channels=32,
        groups=16,
        eps=1e-5,
        cosine_first=True,
        frequency_shift=0.0,
        asymmetric_padding=False,
    )


def _started(state: TrainingState, split: Split) -> Started:
    parameters = sum(parameter.numel() for parameter in state.network.parameters())
    sizes = len(split.train), len(split.held_out)
    return Started(*sizes, parameters, state.step, str(state.device))


def _unreadable(photographs: Photographs) -> Note:
    names = [photographs.paths[index].name for index in sorted(photographs.unreadable)]
    more = ", …" if len(names) > _NAMED_FILES else ""
    listed = ", ".join(names[:_NAMED_FILES])
    if len(names) == 1:
        return Note.of(Text("A photograph that cannot be read was left out: {0}.", listed))
    return Note.of(
        Text("{0} photographs that cannot be read were left out: {1}.", len(names), listed + more)
    )
