"""Networks to train, each trained for the same processor time, then compared.

    python tests/benchmarks/bench_architectures.py FOLDER [--list CSV] [--seconds 300]

Shown are root mean square errors of the clean picture, in levels of 255, on held-out photographs,
at times of DDPM's schedule; low times are detail, high ones composition. Every candidate sees the
same crops in the same order, so one that gets further has seen more of them.
"""

import argparse
import copy
import dataclasses
import functools
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from sdedit_desktop.diffusion.devices import keep_freed_memory
from sdedit_desktop.diffusion.networks.unet import UNet, UNetConfig
from sdedit_desktop.training.normalization import use_fast_group_norm
from sdedit_desktop.training.optimizers import Optimizer
from sdedit_desktop.training.photographs import Photographs, find_photographs
from sdedit_desktop.training.recipe import OURS, SCHEDULE, Recipe, loss, to_tensor
from sdedit_desktop.training.run import network_config
from sdedit_desktop.training.state import fresh_network
from sdedit_desktop.training.trainer import autocast, batch

TIMES = (100, 300, 500, 700)
PART = 8
CPU = torch.device("cpu")

say = functools.partial(print, flush=True)


def config(channels: tuple[int, ...], attention: set[int], patch: int = 1) -> UNetConfig:
    levels = tuple(level in attention for level in range(len(channels)))
    return dataclasses.replace(network_config(channels), attention=levels, patch=patch)


SMALL = config((32, 64, 96, 160, 224), {4})
LARGE = config((32, 64, 96, 192, 256, 256), {4, 5})
CANDIDATES = {
    "32-64-96-160-224, AdamW": (SMALL, False),
    "32-64-96-160-224": (SMALL, True),
    "32-64-96-192-256-256": (LARGE, True),
    "32-64-96-192-256-256, attention at 32": (config(LARGE.channels, {3, 4, 5}), True),
    "squares of 2, 64-96-160-256-256": (config((64, 96, 160, 256, 256), {3, 4}, 2), True),
    "squares of 4, 128-192-256-256": (config((128, 192, 256, 256), {2, 3}, 4), True),
}


class AdamW:
    """In the words of ``Optimizer``."""

    def __init__(self, network: nn.Module, weight_decay: float) -> None:
        self.adam = torch.optim.AdamW(
            network.parameters(), betas=(0.9, 0.99), weight_decay=weight_decay, fused=True
        )

    def parts(self, learning_rate: float) -> list:
        for group in self.adam.param_groups:
            group["lr"] = learning_rate
        return [self.adam.step]


def trained(
    start: UNetConfig, muon: bool, photographs: Photographs, recipe: Recipe, seconds: float
) -> tuple[UNet, int]:
    """The average of the weights after so much processor time, and the steps that were made."""
    network = fresh_network(start, 0).to(memory_format=torch.channels_last).train()
    average = copy.deepcopy(network).eval().requires_grad_(False)
    use_fast_group_norm(network)
    optimizer = (Optimizer if muon else AdamW)(network, recipe.weight_decay)
    step, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        parts = zip(*(t.split(PART) for t in batch(photographs, recipe, step)), strict=True)
        for parameter in network.parameters():
            parameter.grad = None
        for clean, times, noise in parts:
            with autocast(CPU):
                value = loss(network, clean, times, noise, recipe.snr_limit)
            (value * len(clean) / recipe.batch).backward()
        nn.utils.clip_grad_norm_(network.parameters(), recipe.clip)
        for part in optimizer.parts(recipe.learning_rate_at(step)):
            part()
        with torch.no_grad():
            pairs = list(average.parameters()), list(network.parameters())
            torch._foreach_lerp_(*pairs, 1 - recipe.average_decay_at(step))
        step += 1
    return average, step


def errors(network: UNet, clean: Tensor) -> list[float]:
    denoise, found = OURS.denoiser(network.bfloat16(), torch.bfloat16), []
    for t in TIMES:
        noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(t))
        sigma = SCHEDULE.sigmas[t]
        with torch.inference_mode():
            guesses = [denoise(z, sigma) for z in (clean + sigma.float() * noise).split(PART)]
        found.append(127.5 * float((torch.cat(guesses).float() - clean).square().mean().sqrt()))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", type=Path, dest="listing")
    parser.add_argument("--seconds", type=float, default=300)
    options = parser.parse_args()
    torch.set_num_threads(1)
    keep_freed_memory()
    split = find_photographs(options.folder, options.listing)
    photographs, held_out = Photographs(split.train), Photographs(split.held_out)
    recipe = Recipe(size=64, batch=16)
    judged = to_tensor(held_out.crops(64, 128, np.random.default_rng(5)))
    say(f"| trained for {options.seconds:.0f} s | steps | {' | '.join(map(str, TIMES))} |")
    say("|---" * (2 + len(TIMES)) + "|")
    for name, (start, muon) in CANDIDATES.items():
        network, steps = trained(start, muon, photographs, recipe, options.seconds)
        values = " | ".join(f"{value:.1f}" for value in errors(network, judged))
        say(f"| {name} | {steps} | {values} |")


if __name__ == "__main__":
    main()
