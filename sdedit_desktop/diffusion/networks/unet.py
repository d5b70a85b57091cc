"""The U-Net of DDPM (Ho et al. 2020) and of its descendants: one network with options.

Parameters carry the names of diffusers' ``UNet2DModel``, so that a folder saved by it loads as it
is; other projects' checkpoints are renamed key by key in ``diffusion.checkpoints``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own idiom


@dataclass(frozen=True)
class UNetConfig:
    """What a U-Net is made of. Levels are counted from the finest to the coarsest.

    Attributes:
        channels: Width of each level.
        attention: Whether each level has self-attention after every residual block.
        blocks: Residual blocks per level on the way down (one more on the way up).
        in_channels: Channels of the picture.
        out_channels: Twice ``in_channels`` where the network also learns the variance.
        head_channels: Channels per attention head; ``None`` where ``heads`` counts.
        heads: Number of attention heads, if ``head_channels`` is ``None``.
        groups: Groups of every group normalisation.
        eps: Epsilon of every group normalisation.
        cosine_first: Whether the time embedding is [cos | sin] (else [sin | cos]).
        frequency_shift: 1 if the lowest frequency is 1/10000 exactly, 0 if just above.
        asymmetric_padding: Whether downsampling pads right and bottom only (DDPM), not all around.
        scale_shift: Whether time scales and shifts the second normalisation (guided-diffusion).
        residual_resampling: Whether levels are joined by residual blocks instead of convolutions.
        middle_attention: Whether the middle has self-attention.
    """

    channels: tuple[int, ...]
    attention: tuple[bool, ...]
    blocks: int = 2
    in_channels: int = 3
    out_channels: int = 3
    head_channels: int | None = None
    heads: int = 1
    groups: int = 32
    eps: float = 1e-6
    cosine_first: bool = False
    frequency_shift: float = 1.0
    asymmetric_padding: bool = True
    scale_shift: bool = False
    residual_resampling: bool = False
    middle_attention: bool = True

    @property
    def multiple(self) -> int:
        """Height and width of a picture must be multiples of this many pixels."""
        return int(2 ** (len(self.channels) - 1))

    def heads_of(self, channels: int) -> int:
        """Number of attention heads at a level of this width."""
        return channels // self.head_channels if self.head_channels else self.heads


class UNet(nn.Module):
    """Predicts from a noisy picture and a time label what its family predicts (noise, v, ...)."""

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        self.config = config
        width = config.channels
        self.conv_in = nn.Conv2d(config.in_channels, width[0], 3, padding=1)
        self.time_embedding = TimeEmbedding(config)
        self.down_blocks = nn.ModuleList()
        skips = [width[0]]
        above = width[0]
        for level, channels in enumerate(width):
            inputs = [above] + [channels] * (config.blocks - 1)
            self.down_blocks.append(Level(config, level, inputs, "down"))
            skips += [channels] * (config.blocks + (level < len(width) - 1))
            above = channels
        self.mid_block = Middle(config)
        self.up_blocks = nn.ModuleList()
        below = width[-1]
        for level in reversed(range(len(width))):
            inputs = []
            for _ in range(config.blocks + 1):
                inputs.append(below + skips.pop())
                below = width[level]
            self.up_blocks.append(Level(config, level, inputs, "up"))
        self.conv_norm_out = nn.GroupNorm(config.groups, width[0], config.eps)
        self.conv_out = nn.Conv2d(width[0], config.out_channels, 3, padding=1)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        """Runs the network.

        Args:
            x: (N, in_channels, H, W); H and W multiples of ``config.multiple``.
            labels: (N,), the times in the units it was trained with (0..999 for DDPM).

        Returns:
            (N, out_channels, H, W).
        """
        time = activate(self.time_embedding(labels, x.dtype))
        x = self.conv_in(x)
        skips = [x]
        for level in self.down_blocks:
            x = level(x, time, skips)
        x = self.mid_block(x, time)
        for level in self.up_blocks:
            x = level(x, time, skips)
        result: Tensor = self.conv_out(activate(self.conv_norm_out(x)))
        return result


class Level(nn.Module):
    """All blocks of one resolution on one side of the U."""

    def __init__(
        self,
        config: UNetConfig,
        level: int,
        inputs: Sequence[int],
        direction: Literal["down", "up"],
    ) -> None:
        super().__init__()
        self._upwards = direction == "up"
        channels = config.channels[level]
        self.resnets = nn.ModuleList(ResidualBlock(config, n, channels) for n in inputs)
        self.attentions = nn.ModuleList(
            Attention(config, channels) for _ in inputs if config.attention[level]
        )
        self.downsamplers = nn.ModuleList()
        self.upsamplers = nn.ModuleList()
        resamples = level > 0 if self._upwards else level < len(config.channels) - 1
        if resamples:
            samplers = self.upsamplers if self._upwards else self.downsamplers
            if config.residual_resampling:
                samplers.append(ResidualBlock(config, channels, channels, direction))
            elif self._upwards:
                samplers.append(Upsample(channels))
            else:
                samplers.append(Downsample(channels, config.asymmetric_padding))

    def forward(self, x: Tensor, time: Tensor, skips: list[Tensor]) -> Tensor:
        """Runs the level; on the way down adds to ``skips``, on the way up takes from it."""
        for index, resnet in enumerate(self.resnets):
            x = resnet(torch.cat([x, skips.pop()], dim=1) if self._upwards else x, time)
            if self.attentions:
                x = self.attentions[index](x)
            if not self._upwards:
                skips.append(x)
        for downsample in self.downsamplers:
            x = downsample(x, time)
            skips.append(x)
        for upsample in self.upsamplers:
            x = upsample(x, time)
        return x


class Middle(nn.Module):
    """The bottom of the U."""

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        channels = config.channels[-1]
        self.resnets = nn.ModuleList(ResidualBlock(config, channels, channels) for _ in range(2))
        self.attentions = nn.ModuleList(
            [Attention(config, channels)] if config.middle_attention else []
        )

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        """Two residual blocks around self-attention."""
        x = self.resnets[0](x, time)
        for attention in self.attentions:
            x = attention(x)
        result: Tensor = self.resnets[1](x, time)
        return result


class ResidualBlock(nn.Module):
    """Two convolutions with the time between them; resamples on the way in if asked to."""

    def __init__(
        self,
        config: UNetConfig,
        inputs: int,
        outputs: int,
        resampling: Literal["down", "up"] | None = None,
    ) -> None:
        super().__init__()
        self._scale_shift = config.scale_shift
        self._resampling = resampling
        self.norm1 = nn.GroupNorm(config.groups, inputs, config.eps)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        time_channels = 4 * config.channels[0]
        self.time_emb_proj = nn.Linear(time_channels, outputs * (2 if config.scale_shift else 1))
        self.norm2 = nn.GroupNorm(config.groups, outputs, config.eps)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else None

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        """Adds a change to ``x``; ``time``: (N, 4 * channels[0]), already activated."""
        hidden = activate(self.norm1(x))
        if self._resampling == "down":
            hidden, x = F.avg_pool2d(hidden, 2), F.avg_pool2d(x, 2)
        elif self._resampling == "up":
            hidden, x = enlarge(hidden), enlarge(x)
        hidden = self.conv1(hidden)
        shift = self.time_emb_proj(time)[:, :, None, None]
        if self._scale_shift:
            scale, shift = shift.chunk(2, dim=1)
            hidden = self.norm2(hidden) * (1 + scale) + shift
        else:
            hidden = self.norm2(hidden + shift)
        hidden = self.conv2(activate(hidden))
        result: Tensor = hidden + (x if self.conv_shortcut is None else self.conv_shortcut(x))
        return result


class Attention(nn.Module):
    """Self-attention over all pixels, added to its input."""

    def __init__(self, config: UNetConfig, channels: int) -> None:
        super().__init__()
        self._heads = config.heads_of(channels)
        self.group_norm = nn.GroupNorm(config.groups, channels, config.eps)
        self.to_q = nn.Linear(channels, channels)
        self.to_k = nn.Linear(channels, channels)
        self.to_v = nn.Linear(channels, channels)
        self.to_out = nn.ModuleList([nn.Linear(channels, channels)])

    def forward(self, x: Tensor) -> Tensor:
        """``x``: (N, C, H, W)."""
        n, channels, height, width = x.shape
        pixels = self.group_norm(x).permute(0, 2, 3, 1).reshape(n, height * width, channels)
        query, key, value = (
            project(pixels).view(n, height * width, self._heads, -1).transpose(1, 2)
            for project in (self.to_q, self.to_k, self.to_v)
        )
        mixed = F.scaled_dot_product_attention(query, key, value)
        pixels = mixed.transpose(1, 2).reshape(n, height * width, channels)
        for project in self.to_out:
            pixels = project(pixels)
        result: Tensor = x + pixels.view(n, height, width, channels).permute(0, 3, 1, 2)
        return result


class Downsample(nn.Module):
    """Halves height and width with a strided convolution."""

    def __init__(self, channels: int, asymmetric: bool) -> None:
        super().__init__()
        self._asymmetric = asymmetric
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=0 if asymmetric else 1)

    def forward(self, x: Tensor, _time: Tensor) -> Tensor:
        """``x``: (N, C, H, W) to (N, C, H / 2, W / 2)."""
        result: Tensor = self.conv(F.pad(x, (0, 1, 0, 1)) if self._asymmetric else x)
        return result


class Upsample(nn.Module):
    """Doubles height and width, then smooths with a convolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor, _time: Tensor) -> Tensor:
        """``x``: (N, C, H, W) to (N, C, 2 H, 2 W)."""
        result: Tensor = self.conv(enlarge(x))
        return result


class TimeEmbedding(nn.Module):
    """Sinusoids of the time label, then two linear layers (Vaswani et al. 2017, section 3.5)."""

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        width = config.channels[0]
        self._cosine_first = config.cosine_first
        self._half = width // 2
        self._shift = config.frequency_shift
        self.linear_1 = nn.Linear(width, 4 * width)
        self.linear_2 = nn.Linear(4 * width, 4 * width)

    def forward(self, labels: Tensor, dtype: torch.dtype) -> Tensor:
        """``labels``: (N,) to (N, 4 * channels[0]) of the given type; angles in float32."""
        steps = torch.arange(self._half, dtype=torch.float32, device=labels.device)
        frequencies = torch.exp(-math.log(10000) / (self._half - self._shift) * steps)
        angles = labels.float()[:, None] * frequencies
        waves = [angles.cos(), angles.sin()] if self._cosine_first else [angles.sin(), angles.cos()]
        result: Tensor = self.linear_2(activate(self.linear_1(torch.cat(waves, dim=1).to(dtype))))
        return result


def activate(x: Tensor) -> Tensor:
    """SiLU; in place when no gradient is wanted (``x`` is always a fresh tensor here)."""
    return F.silu(x, inplace=not torch.is_grad_enabled())


def enlarge(x: Tensor) -> Tensor:
    """Doubles height and width by repeating pixels."""
    return F.interpolate(x, scale_factor=2.0, mode="nearest")
