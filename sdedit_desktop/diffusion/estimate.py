"""Predicts the cost of a network call."""

import math
import re
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from torch import nn

from sdedit_desktop.diffusion.checkpoints.card import Blueprint, LatentParts
from sdedit_desktop.diffusion.checkpoints.detect import detect
from sdedit_desktop.diffusion.denoiser import layout_of
from sdedit_desktop.diffusion.networks.autoencoder import Autoencoder
from sdedit_desktop.diffusion.networks.text import TextEncoder
from sdedit_desktop.diffusion.space import LARGEST_DECODED


@dataclass(frozen=True)
class Estimate:
    """The cost of one network call.

    Attributes:
        weights_bytes: Memory of the weights.
        activations_bytes: Largest memory held beside them during the call, roughly.
        operations: Floating point operations.
        call_ms: Time of a call on this device, within a factor of about 2.
    """

    weights_bytes: int
    activations_bytes: int
    operations: int
    call_ms: float

    @property
    def memory_bytes(self) -> int:
        """Memory of weights and call together."""
        return self.weights_bytes + self.activations_bytes


def estimate(
    path: Path,
    *,
    size: tuple[int, int] | None = None,
    batch: int = 1,
    device: str | torch.device = "cpu",
    dtype: torch.dtype = torch.float32,
    measures: bool = True,
    decoded: int = LARGEST_DECODED,
) -> Estimate:
    """Predicts the cost of a call without reading weights or running the network.

    Args:
        path: A checkpoint.
        size: Height and width in pixels; the model's own if not given.
        batch: Pictures per call.
        device: Where it will run; its speed is measured once, in a fraction of a second.
        dtype: What it will compute in.
        measures: Whether the device's speed is measured; else the time of a call is not known.
        decoded: Pixels that an autoencoder encodes or decodes at once, at most.

    Raises:
        ModelError: As ``open_model``.
    """
    blueprint = detect(path)
    height, width = size or (max(blueprint.card.size, blueprint.card.multiple),) * 2
    operations, weights, activations = _network_cost(blueprint, height, width, batch)
    weights, activations = weights * dtype.itemsize, activations * dtype.itemsize
    if blueprint.latent is not None:
        beside, peak = _latent_cost(blueprint.latent, min(height * width, decoded))
        weights, activations = weights + beside, max(activations, peak)
    return Estimate(
        weights_bytes=weights,
        activations_bytes=activations,
        operations=operations,
        call_ms=operations / _speed(str(device), dtype) if measures else math.nan,
    )


def _network_cost(
    blueprint: Blueprint, height: int, width: int, batch: int
) -> tuple[int, int, int]:
    """Operations of a call; values of the weights; values held beside them, roughly."""
    config = blueprint.config
    coarsest = blueprint.card.multiple**2
    pixels = [
        batch * height * width * 4**level // coarsest for level in range(len(config.channels))
    ][::-1]
    with torch.device("meta"):
        shapes = {name: value.shape for name, value in blueprint.build().state_dict().items()}
    operations, widest = 0, 0
    for name, shape in shapes.items():
        if len(shape) < 2 or "time_" in name or "add_embedding" in name:
            continue
        here = pixels[_level(name, len(pixels))]
        of_text = ".attn2." in name
        seen = _TOKENS * batch if of_text else here  # tokens of attention
        operations += 2 * shape.numel() * (seen if name.endswith(_OF_SEEN) and of_text else here)
        widest = max(widest, shape[1] * here)
        if name.endswith("to_q.weight"):  # attention's two products besides its projections
            operations += 4 * shape[0] * here * seen // batch
    kept = sum(
        (config.blocks + 1) * channels * here
        for channels, here in zip(config.channels, pixels, strict=True)
    )
    # What the way up still needs, and a few copies of its widest input.
    return operations, sum(shape.numel() for shape in shapes.values()), kept + 3 * widest


_TOKENS = 77
_OF_SEEN = ("to_k.weight", "to_v.weight")


def _latent_cost(parts: LatentParts, decoded: int) -> tuple[int, int]:
    """Memory of the autoencoder, and the largest of it or the text encoders while in use.

    Both compute in float32, and never at the same time as the network.
    """
    with torch.device("meta"):
        autoencoder = Autoencoder(parts.autoencoder)
        texts = [TextEncoder(config) for config in parts.texts]
    values = sum(value.numel() for text in texts for value in text.parameters())
    finest, *coarser = parts.autoencoder.channels
    decoding = (3 * finest + (coarser or [finest])[0]) * decoded
    beside = sum(value.numel() for value in autoencoder.parameters())
    return beside * _FLOAT_BYTES, max(values, decoding) * _FLOAT_BYTES


_FLOAT_BYTES = 4


def _level(name: str, levels: int) -> int:
    """The level at whose size a weight is applied."""
    found = re.match(r"(down|up)_blocks\.(\d+)\.(downsamplers|upsamplers|resample|pyramid)?", name)
    if found is None:
        return levels - 1 if name.startswith("mid_block") else 0
    if found[1] == "down":
        return min(int(found[2]) + bool(found[3]), levels - 1)
    finer = found[3] in ("upsamplers", "resample")
    return max(levels - 1 - int(found[2]) - finer, 0)


@cache
def _speed(device: str, dtype: torch.dtype) -> float:
    """Measured operations per millisecond, scaled from a convolution to a network."""
    layer = nn.Conv2d(256, 256, 3, padding=1).to(device, dtype)
    layer = layer.to(memory_format=layout_of(dtype))
    x = torch.zeros(1, 256, 64, 64, device=device, dtype=dtype).to(memory_format=layout_of(dtype))
    fastest_ms = float("inf")
    with torch.inference_mode():
        for _ in range(4):
            before = time.perf_counter()
            layer(x).sum().item()  # waits for the device
            fastest_ms = min(fastest_ms, (time.perf_counter() - before) * 1000)
    return 0.7 * 2 * 9 * 256 * 256 * 64 * 64 / fastest_ms
