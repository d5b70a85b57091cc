"""A training from start to end: where it begins, what it is made on, when it is over."""

import contextlib
from collections.abc import Callable, Generator
from typing import NamedTuple

import numpy as np
import torch

from sdedit_desktop.diffusion.checkpoints import inspect, open_model
from sdedit_desktop.diffusion.networks.unet import UNetConfig
from sdedit_desktop.errors import FileFormatError, ModelError, OutOfMemory, ParameterError
from sdedit_desktop.texts import Text
from sdedit_desktop.training.checkpointing import Checkpointer, sweep
from sdedit_desktop.training.config import TrainingConfig, spare_memory_bytes
from sdedit_desktop.training.evaluation import held_out_crops
from sdedit_desktop.training.events import Note, Started, TrainingEvent
from sdedit_desktop.training.parametrisation import Parametrisation
from sdedit_desktop.training.photographs import (
    Photographs,
    Pixels,
    Split,
    find_photographs,
    shares_of_folders,
)
from sdedit_desktop.training.resume import STATE
from sdedit_desktop.training.state import TrainingState, fresh_network
from sdedit_desktop.training.trainer import train

SHEET_PHOTOGRAPHS = 8
NEW_MODELS_SIZE = 256
_NAMED_FILES = 3


def run(
    config: TrainingConfig, stopped: Callable[[], bool] = lambda: False
) -> Generator[TrainingEvent]:
    """Trains, saves and reports, until the time is over or ``stopped`` says so.

    Whoever stops iterating, and closes, stops it as well: all is saved then.

    Yields:
        ``Started``, then one ``Progress`` per step, and what else there is to tell.

    Raises:
        FileFormatError: The photographs cannot be read, or the folder cannot be written.
        ModelError: There is nothing to resume or fine-tune, or training diverged.
        OutOfMemory: The crops of one step do not fit.
        ParameterError: The crops do not suit the network.
    """
    split = find_photographs(config.photographs, config.listing, without=config.output)
    shares = shares_of_folders(split.train, config.photographs, config.shares)
    memory_bytes = spare_memory_bytes() if config.memory_bytes is None else config.memory_bytes
    photographs = Photographs(split.train, shares, memory_bytes)
    state, sample_size = _beginning(config)
    course = Checkpointer(config, state, sample_size, _judged(split, config.recipe.size))
    yield _started(state, split)
    try:
        for step in train(state, photographs, config.recipe):
            progress = course.follow(step)
            yield progress
            if progress.remaining_s == 0 or stopped():
                break
            yield from course.keep_if_time()
    except torch.OutOfMemoryError as error:
        raise OutOfMemory(
            "There is not enough memory on the device: try fewer crops per step, or smaller ones."
        ) from error
    finally:
        event = course.save(), course.draw()
    yield from event
    if photographs.unreadable:
        yield _left_out(photographs)


class _Beginning(NamedTuple):
    state: TrainingState
    sample_size: int


def _beginning(config: TrainingConfig) -> _Beginning:
    device = torch.device(config.device)
    size = NEW_MODELS_SIZE
    if config.resume:
        state = TrainingState.load(config.output, config.recipe, device)
        with contextlib.suppress(ModelError):  # it was killed before it had written one
            size = inspect(config.output).size or size
        sweep(config.output)
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
    return _Beginning(state, config.sample_size or size)


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


def _judged(split: Split, size: int) -> Pixels:
    """The same few crops every time, of photographs kept apart if any can be read."""
    for paths in (split.held_out, split.train):
        photographs = Photographs(paths)
        places = np.linspace(0, len(paths) - 1, SHEET_PHOTOGRAPHS).round().astype(int)
        readable = [paths[place] for place in np.unique(places) if photographs.readable(place)]
        if readable:
            return held_out_crops(Photographs(readable), SHEET_PHOTOGRAPHS, size)
    raise FileFormatError("None of the photographs can be read.")


def _started(state: TrainingState, split: Split) -> Started:
    parameters = sum(parameter.numel() for parameter in state.network.parameters())
    sizes = len(split.train), len(split.held_out)
    return Started(*sizes, parameters, state.step, str(state.device))


def _left_out(photographs: Photographs) -> Note:
    names = [photographs.paths[place].name for place in sorted(photographs.unreadable)]
    more = ", …" if len(names) > _NAMED_FILES else ""
    listed = ", ".join(names[:_NAMED_FILES])
    if len(names) == 1:
        return Note.of(Text("A photograph that cannot be read was left out: {0}.", listed))
    return Note.of(
        Text("{0} photographs that cannot be read were left out: {1}.", len(names), listed + more)
    )
