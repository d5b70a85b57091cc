"""The U-Net of DDPM (Ho et al. 2020) and of its descendants: one network with options.

Parameters carry the names of diffusers' ``UNet2DModel``, so that a folder saved by it loads as it
is; other projects' checkpoints are renamed key by key in ``diffusion.checkpoints``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from sdedit_desktop.diffusion.networks.layers import (
    Attention,
    Downsample,
    ResidualBlock,
    TimeEmbedding,
    Upsample,
    activate,
    enlarge,
    level_inputs,
    shrink,
    sinusoids,
)


@dataclass(frozen=True)
class UNetConfig:
    """Configuration of a U-Net. Levels are counted from the finest to the coarsest.

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
        time_width: Waves of the time embedding; None if as many as the finest level is wide.
        patch: Side of the squares of pixels that the finest level takes as one (space to depth).
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
    time_width: int | None = None
    patch: int = 1

    @property
    def multiple(self) -> int:
        """Height and width of a picture must be multiples of this many pixels."""
        return int(self.patch * 2 ** (len(self.channels) - 1))

    @property
    def learns_variance(self) -> bool:
        """Whether the second half of the output is the variance of a step."""
        return self.out_channels == 2 * self.in_channels

    @property
    def waves(self) -> int:
        """Number of waves of the time embedding."""
        return self.time_width or self.channels[0]

    def residual_block(
        self, inputs: int, outputs: int, resampling: Literal["down", "up"] | None = None
    ) -> ResidualBlock:
        """A residual block of this network."""
        return ResidualBlock(
            inputs,
            outputs,
            4 * self.waves,
            groups=(self.groups, self.groups),
            eps=self.eps,
            scale_shift=self.scale_shift,
            resample={"down": shrink, "up": enlarge}[resampling] if resampling else None,
        )

    def self_attention(self, channels: int) -> Attention:
        """Self-attention of this network."""
        return Attention(channels, groups=self.groups, eps=self.eps, heads=self.heads_of(channels))

    def heads_of(self, channels: int) -> int:
        """Number of attention heads at a level of this width."""
        return channels // self.head_channels if self.head_channels else self.heads


class UNet(nn.Module):
    """Predicts noise, v or whatever its family predicts, from a noisy picture and a time label."""

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        self.config = config
        width = config.channels
        self.conv_in = nn.Conv2d(config.in_channels * config.patch**2, width[0], 3, padding=1)
        self.time_embedding = TimeEmbedding(config.waves, 4 * config.waves)
        down, up = level_inputs(width, config.blocks)
        self.down_blocks = nn.ModuleList(
            Level(config, level, inputs, "down") for level, inputs in enumerate(down)
        )
        self.mid_block = Middle(config)
        self.up_blocks = nn.ModuleList(
            Level(config, level, inputs, "up") for level, inputs in reversed(list(enumerate(up)))
        )
        self.conv_norm_out = nn.GroupNorm(config.groups, width[0], config.eps)
        outputs = config.out_channels * config.patch**2
        self.conv_out = nn.Conv2d(width[0], outputs, 3, padding=1)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        """Runs the network.

        Args:
            x: (N, in_channels, H, W); H and W multiples of ``config.multiple``.
            labels: (N,), the times in the units it was trained with (0..999 for DDPM).

        Returns:
            (N, out_channels, H, W).
        """
        waves = sinusoids(
            labels,
            self.config.waves,
            cosine_first=self.config.cosine_first,
            shift=self.config.frequency_shift,
        )
        time = self.time_embedding(waves.to(x.dtype))
        x = self.conv_in(functional.pixel_unshuffle(x, self.config.patch))
        skips = [x]
        for level in self.down_blocks:
            x = level(x, time, skips)
        x = self.mid_block(x, time)
        for level in self.up_blocks:
            x = level(x, time, skips)
        x = self.conv_out(activate(self.conv_norm_out(x)))
        return functional.pixel_shuffle(x, self.config.patch)


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
        self.resnets = nn.ModuleList(config.residual_block(n, channels) for n in inputs)
        self.attentions = nn.ModuleList(
            config.self_attention(channels) for _ in inputs if config.attention[level]
        )
        self.downsamplers = nn.ModuleList()
        self.upsamplers = nn.ModuleList()
        resamples = level > 0 if self._upwards else level < len(config.channels) - 1
        if resamples:
            samplers = self.upsamplers if self._upwards else self.downsamplers
            if config.residual_resampling:
                samplers.append(config.residual_block(channels, channels, direction))
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
        self.resnets = nn.ModuleList(config.residual_block(channels, channels) for _ in range(2))
        self.attentions = nn.ModuleList(
            [config.self_attention(channels)] if config.middle_attention else []
        )

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        """Two residual blocks around self-attention."""
        x = self.resnets[0](x, time)
        for attention in self.attentions:
            x = attention(x)
        result: Tensor = self.resnets[1](x, time)
        return result
