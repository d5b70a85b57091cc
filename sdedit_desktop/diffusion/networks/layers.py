"""Layers shared by the networks: residual blocks, attention, resampling, time embedding.

They run in the type and memory layout of their input. Names of parameters are those of diffusers.
"""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own idiom


class ResidualBlock(nn.Module):
    """Two convolutions with the time embedding between them, added to the input.

    Autoencoders have no time embedding: ``time_channels`` is ``None`` then.

    Attributes:
        scale_shift: Whether the embedding scales and shifts the second normalisation, or is added.
        resample: Applied to input and change, if given.
        gain: Factor of the sum.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        time_channels: int | None,
        *,
        groups: tuple[int, int],
        eps: float = 1e-6,
        scale_shift: bool = False,
        resample: Callable[[Tensor], Tensor] | None = None,
        shortcut: bool | None = None,
        gain: float = 1.0,
    ) -> None:
        super().__init__()
        self.scale_shift = scale_shift
        self.resample = resample
        self.gain = gain
        self.norm1 = nn.GroupNorm(groups[0], inputs, eps)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        shifts = outputs * (2 if scale_shift else 1)
        self.time_emb_proj = nn.Linear(time_channels, shifts) if time_channels else None
        self.norm2 = nn.GroupNorm(groups[1], outputs, eps)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        projects = inputs != outputs if shortcut is None else shortcut
        self.conv_shortcut = nn.Conv2d(inputs, outputs, 1) if projects else None

    def forward(self, x: Tensor, time: Tensor | None = None) -> Tensor:
        """``x``: (N, C, H, W); ``time``: (N, time_channels), already activated."""
        hidden = activate(self.norm1(x))
        if self.resample is not None:
            hidden, x = self.resample(hidden), self.resample(x)
        hidden = self.conv1(hidden)
        if self.time_emb_proj is None:
            hidden = self.norm2(hidden)
        elif self.scale_shift:
            scale, shift = self.time_emb_proj(time)[:, :, None, None].chunk(2, dim=1)
            hidden = self.norm2(hidden) * (1 + scale) + shift
        else:
            hidden = self.norm2(merged(hidden, self.time_emb_proj(time)[:, :, None, None]))
        hidden = self.conv2(activate(hidden))
        straight = x if self.conv_shortcut is None else self.conv_shortcut(x)
        return amplify(merged(hidden, straight), self.gain)


class Attention(nn.Module):
    """Self-attention over all pixels, added to its input and multiplied by ``gain``."""

    def __init__(
        self, channels: int, *, groups: int, eps: float = 1e-6, heads: int = 1, gain: float = 1.0
    ) -> None:
        super().__init__()
        self.heads = heads
        self.gain = gain
        self.group_norm = nn.GroupNorm(groups, channels, eps)
        self.to_q = nn.Linear(channels, channels)
        self.to_k = nn.Linear(channels, channels)
        self.to_v = nn.Linear(channels, channels)
        self.to_out = nn.ModuleList([nn.Linear(channels, channels)])

    def forward(self, x: Tensor) -> Tensor:
        """``x``: (N, C, H, W)."""
        n, channels, height, width = x.shape
        pixels = self.group_norm(x).permute(0, 2, 3, 1).reshape(n, height * width, channels)
        query, key, value = (
            project(pixels).view(n, height * width, self.heads, -1).transpose(1, 2)
            for project in (self.to_q, self.to_k, self.to_v)
        )
        mixed = F.scaled_dot_product_attention(query, key, value)
        pixels = mixed.transpose(1, 2).reshape(n, height * width, channels)
        for project in self.to_out:
            pixels = project(pixels)
        return amplify(x + pixels.view(n, height, width, channels).permute(0, 3, 1, 2), self.gain)


class Downsample(nn.Module):
    """Halves height and width with a strided convolution."""

    def __init__(self, channels: int, asymmetric: bool) -> None:
        super().__init__()
        self.asymmetric = asymmetric
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=0 if asymmetric else 1)

    def forward(self, x: Tensor, _time: Tensor | None = None) -> Tensor:
        """``x``: (N, C, H, W) to (N, C, H / 2, W / 2)."""
        result: Tensor = self.conv(F.pad(x, (0, 1, 0, 1)) if self.asymmetric else x)
        return result


class Upsample(nn.Module):
    """Doubles height and width, then smooths with a convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor, _time: Tensor | None = None) -> Tensor:
        """``x``: (N, C, H, W) to (N, C, 2 H, 2 W)."""
        result: Tensor = self.conv(enlarge(x))
        return result


class TimeEmbedding(nn.Module):
    """Two linear layers on top of waves of the time label (or of other numbers)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.linear_1 = nn.Linear(inputs, outputs)
        self.linear_2 = nn.Linear(outputs, outputs)

    def forward(self, waves: Tensor) -> Tensor:
        """(N, inputs) to (N, outputs), already activated."""
        return activate(self.embed(waves))

    def embed(self, waves: Tensor) -> Tensor:
        """(N, inputs) to (N, outputs), not yet activated: another embedding may be added to it."""
        result: Tensor = self.linear_2(activate(self.linear_1(waves)))
        return result


def sinusoids(
    labels: Tensor, width: int, *, cosine_first: bool = False, shift: float = 1.0
) -> Tensor:
    """Waves of geometrically growing length (Vaswani et al. 2017, section 3.5).

    Args:
        labels: (N,) float32.
        width: Number of waves, even.
        cosine_first: Whether the order is [cos | sin], else [sin | cos].
        shift: 1 if the lowest frequency is 1/10000 exactly, 0 if just above.

    Returns:
        (N, width) float32.
    """
    half = width // 2
    steps = torch.arange(half, dtype=torch.float32, device=labels.device)
    angles = labels.float()[:, None] * torch.exp(-math.log(10000) / (half - shift) * steps)
    waves = [angles.cos(), angles.sin()] if cosine_first else [angles.sin(), angles.cos()]
    return torch.cat(waves, dim=1)


def merged(fresh: Tensor, other: Tensor) -> Tensor:
    """The sum, computed in place in ``fresh`` where that is possible."""
    if torch.is_grad_enabled() or fresh.dtype != other.dtype:
        return fresh + other
    return fresh.add_(other)


def activate(x: Tensor) -> Tensor:
    """SiLU; in place when no gradient is wanted (``x`` is always a fresh tensor here)."""
    return F.silu(x, inplace=not torch.is_grad_enabled())


def amplify(x: Tensor, gain: float) -> Tensor:
    """``x`` times ``gain``; free if that is 1."""
    return x if gain == 1 else x * gain


def enlarge(x: Tensor) -> Tensor:
    """Doubles height and width by repeating pixels."""
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


def shrink(x: Tensor) -> Tensor:
    """Halves height and width by averaging pixels."""
    return F.avg_pool2d(x, 2)


def level_inputs(channels: Sequence[int], blocks: int) -> tuple[list[list[int]], list[list[int]]]:
    """Input channels of the residual blocks of each level of a U-Net, down and up.

    On the way up each block also receives what the way down stored: the output of the first
    convolution, of each block, and of each downsampling.

    Args:
        channels: Of each level, the finest first.
        blocks: Residual blocks per level on the way down; one more on the way up.
    """
    down, skips, above = [], [channels[0]], channels[0]
    for level, width in enumerate(channels):
        down.append([above] + [width] * (blocks - 1))
        skips += [width] * (blocks + (level < len(channels) - 1))
        above = width
    up, below = [], channels[-1]
    for width in reversed(channels):
        inputs = []
        for _ in range(blocks + 1):
            inputs.append(below + skips.pop())
            below = width
        up.append(inputs)
    return down, up[::-1]
