"""What a network call will cost, told before it is made."""

import re
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from torch import nn

from sdedit_desktop.diffusion.checkpoints.detect import detect
from sdedit_desktop.diffusion.denoiser import layout_of


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
) -> Estimate:
    """Predicts the cost of a call without reading weights or running the network.

    Args:
        path: A checkpoint.
        size: Height and width in pixels; the model's own if not given.
        batch: Pictures per call.
        device: Where it will run; its speed is measured once, in a fraction of a second.
        dtype: What it will compute in.

    Raises:
        ModelError: As ``open_model``.
    """
    blueprint = detect(path)
    config = blueprint.config
    height, width = size or (max(blueprint.card.size, blueprint.card.multiple),) * 2
    coarsest = config.multiple**2
    pixels = [
        batch * height * width * 4**level // coarsest for level in range(len(config.channels))
    ][::-1]
    with torch.device("meta"):
        shapes = {name: value.shape for name, value in blueprint.build().state_dict().items()}
    operations, widest = 0, 0
    for name, shape in shapes.items():
        if len(shape) < 2 or "time_" in name:
            continue
        here = pixels[_level(name, len(pixels))]
        operations += 2 * shape.numel() * here
        widest = max(widest, shape[1] * here)
        if name.endswith("to_q.weight"):  # attention's two products besides its projections
            operations += 4 * shape[0] * here * here // batch
    kept = sum(
        (config.blocks + 1) * channels * here
        for channels, here in zip(config.channels, pixels, strict=True)
    )
    return Estimate(
        weights_bytes=sum(shape.numel() for shape in shapes.values()) * dtype.itemsize,
        # What the way up still needs, and a few copies of its widest input.
        activations_bytes=(kept + 3 * widest) * dtype.itemsize,
        operations=operations,
        call_ms=operations / _speed(str(device), dtype),
    )


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
    """Operations per millisecond that a network reaches here: most of a convolution's."""
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
