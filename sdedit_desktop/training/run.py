"""A training from start to end: where it begins, when it saves and reports, when it is over."""

import csv
import math
import time
from collections import deque
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.diffusion.networks.unet import UNet, UNetConfig
from sdedit_desktop.diffusion.schedule import DiscreteVP
from sdedit_desktop.errors import FileFormatError, ModelError
from sdedit_desktop.files import replacing
from sdedit_desktop.training.evaluation import held_out_crops
from sdedit_desktop.training.photographs import Photographs, find_photographs, shares_of_folders
from sdedit_desktop.training.recipe import PREDICTION, SCHEDULE, Recipe
from sdedit_desktop.training.report import loss_curve, sample_sheet
from sdedit_desktop.training.state import STATE, TrainingState, fresh_network
from sdedit_desktop.training.trainer import train

CHANNELS = (64, 96, 160, 256, 256)
SHEET_PHOTOGRAPHS = 8
_LOSSES = STATE.with_name("loss.csv")
_RECENT_STEPS = 100


@dataclass(frozen=True)
class Plan:
    """What a user asks for.

    Attributes:
        photographs: Folder of photographs; folders below it count.
        output: Folder of the model, and of ``training/`` with all that is needed to resume.
        recipe: How to train.
        listing: Which photographs to take; see ``find_photographs``.
        shares: How often to draw from which subfolder; see ``shares_of_folders``.
        channels: Width of each level of a new network.
        start_from: A model to fine-tune; None for a new one.
        resume: Go on with the training in ``output``.
        minutes: When to stop; None for never.
        sample_size: Size of pictures the finished model is used at, in pixels.
        save_every_s: Seconds between saves.
        sheet_every_s: Seconds between sample sheets.
        device: Where to train.
    """

    photographs: Path
    output: Path
    recipe: Recipe = field(default_factory=Recipe)
    listing: Path | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    channels: tuple[int, ...] = CHANNELS
    start_from: Path | None = None
    resume: bool = False
    minutes: float | None = None
    sample_size: int = 256
    save_every_s: float = 180
    sheet_every_s: float = 600
    device: str = "cpu"


class Progress(NamedTuple):
    """How a training goes.

    Attributes:
        step: Steps made since the very first.
        loss: Mean of the latest steps.
        elapsed_s: Seconds since this run began.
        remaining_s: Seconds left; None if there is no limit.
    """

    step: int
    loss: float
    elapsed_s: float
    remaining_s: float | None


def run(plan: Plan) -> Generator[Progress]:
    """Trains, saves and reports. Stop iterating, and close, to stop early: all is saved then.

    Yields:
        One ``Progress`` per step.

    Raises:
        FileFormatError: The photographs cannot be read, or the folder cannot be written.
        ModelError: There is nothing to resume or fine-tune, or training diverged.
    """
    split = find_photographs(plan.photographs, plan.listing)
    shares = shares_of_folders(split.train, plan.photographs, plan.shares)
    state = _beginning(plan)
    judged = held_out_crops(Photographs(split.held_out), SHEET_PHOTOGRAPHS, plan.recipe.size)
    losses = _read_losses(plan.output, state.step)
    recent: deque[float] = deque(maxlen=_RECENT_STEPS)
    began = saved = reported = time.monotonic()
    try:
        for step in train(state, Photographs(split.train, shares), plan.recipe):
            losses.append(step.loss)
            if math.isfinite(step.loss):
                recent.append(step.loss)
            now = time.monotonic()
            left = None if plan.minutes is None else max(0.0, 60 * plan.minutes - (now - began))
            yield Progress(step.step, sum(recent) / max(1, len(recent)), now - began, left)
            if left == 0:
                break
            if now - saved > plan.save_every_s:
                _save(plan, state, losses)
                saved = time.monotonic()
            if now - reported > plan.sheet_every_s:
                _report(plan, state, losses, judged)
                reported = time.monotonic()
    finally:
        _save(plan, state, losses)
        _report(plan, state, losses, judged)


def _beginning(plan: Plan) -> TrainingState:
    device = torch.device(plan.device)
    if plan.resume:
        return TrainingState.load(plan.output, plan.recipe, device)
    if (plan.output / STATE).exists():
        raise FileFormatError(
            f"{plan.output} holds a training already: resume it, or choose another folder."
        )
    if plan.start_from is None:
        network = fresh_network(network_config(plan.channels), plan.recipe.seed)
    else:
        network = _foreign_network(plan.start_from)
    return TrainingState(network, plan.recipe, device)


def network_config(channels: tuple[int, ...]) -> UNetConfig:
    """One block per level, squares of four pixels taken as one, self-attention where it is coarse.

    Of the networks compared it learned most for the same processor time (the README's decisions).
    """
    return UNetConfig(
        channels=channels,
        attention=tuple(level >= len(channels) - 2 for level in range(len(channels))),
        patch=2,
        blocks=1,
        head_channels=32,
        groups=16,
        eps=1e-5,
        cosine_first=True,
        frequency_shift=0.0,
        asymmetric_padding=False,
    )


def _foreign_network(path: Path) -> UNet:
    model = open_model(path)
    network, schedule = model.network, model.schedule
    same = isinstance(schedule, DiscreteVP) and torch.equal(schedule.betas, SCHEDULE.betas)
    if not (isinstance(network, UNet) and same and model.card.prediction == PREDICTION):
        raise ModelError(
            f"{model.card.name} cannot be trained on: only models that predict v on DDPM's "
            "schedule can, such as the bundled one."
        )
    return network.requires_grad_(True)


def _read_losses(output: Path, steps: int) -> list[float]:
    """The losses of the steps made so far; those after the last save are made again."""
    path = output / _LOSSES
    if not steps or not path.exists():
        return [float("nan")] * steps
    with path.open(encoding="utf-8", newline="") as file:
        losses = [float(row["loss"]) for row in csv.DictReader(file)]
    return losses[:steps] + [float("nan")] * (steps - len(losses))


def _save(plan: Plan, state: TrainingState, losses: list[float]) -> None:
    try:
        state.save(plan.output)
        state.export(plan.output, plan.sample_size)
        with replacing(plan.output / _LOSSES) as new, new.open("w", encoding="utf-8") as file:
            file.write("step,loss\n")
            file.writelines(f"{step},{value!r}\n" for step, value in enumerate(losses, 1))
    except OSError as error:
        raise FileFormatError(f"{plan.output} cannot be written: {error.strerror}.") from error


def _report(plan: Plan, state: TrainingState, losses: list[float], judged: np.ndarray) -> None:
    folder = (plan.output / STATE).parent
    for name, picture in (
        ("loss.png", loss_curve(losses)),
        ("samples.png", sample_sheet(state, judged)),
    ):
        with replacing(folder / name) as new:
            picture.save(new)
