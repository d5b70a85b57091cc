"""NCSN++ and DDPM++ (Song et al. 2021, appendix H), and the DDPM of the same project.

A U-Net whose resampling is filtered, whose sums keep their variance, and which can carry a small
picture along on the way down and up. Parameters are named after their role, as in ``unet``; the
flat lists in which the checkpoints keep them are renamed in ``diffusion.checkpoints``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own idiom

from sdedit_desktop.diffusion.networks.layers import (
    Attention,
    ResidualBlock,
    TimeEmbedding,
    activate,
    amplify,
    enlarge,
    shrink,
    sinusoids,
)

Pyramid = Literal["none", "skip", "residual"]
"""Whether small pictures accompany the features, and how."""


@dataclass(frozen=True)
class NCSNppConfig:
    """Configuration of an NCSN++. Levels are counted from the finest to the coarsest.

    Attributes:
        channels: Width of each level.
        attention: Whether each level has self-attention: after every block on the way down, once
            on the way up.
        width: Waves of the time embedding are this many, or twice that if ``fourier``.
        blocks: Residual blocks per level on the way down (one more on the way up).
        picture_channels: Channels of the picture, 3.
        input_pyramid: How the shrunken input joins the features on the way down.
        output_pyramid: How the output is gathered on the way up.
        concatenates: Whether the input pyramid is put beside the features, not added.
        fourier: Whether time is embedded by random waves of ``log sigma``.
        residual_resampling: Whether levels are joined by residual blocks instead of convolutions.
        filtered: Whether resampling is smoothed by the filter [1, 3, 3, 1].
        rescales: Whether sums are divided by the square root of 2.
        divides_by_sigma: Whether the output is divided by the label, a noise level.
        unit_range: Whether pictures come in [0, 1] and are centred here.
        narrow_groups: Whether normalisations have a group per 4 channels where 32 are too many.
        attention_groups: Groups of attention's normalisation on all levels, and of the first one
            in up blocks with attention, if not by the same rule (diffusers).
    """

    channels: tuple[int, ...]
    attention: tuple[bool, ...]
    width: int
    blocks: int = 2
    picture_channels: int = 3
    input_pyramid: Pyramid = "skip"
    output_pyramid: Pyramid = "skip"
    concatenates: bool = False
    fourier: bool = True
    residual_resampling: bool = True
    filtered: bool = True
    rescales: bool = True
    divides_by_sigma: bool = True
    unit_range: bool = True
    narrow_groups: bool = True
    attention_groups: int | None = None

    @property
    def multiple(self) -> int:
        """Height and width of a picture must be multiples of this many pixels."""
        return int(2 ** (len(self.channels) - 1))

    @property
    def gain(self) -> float:
        """Factor of the sum of two branches."""
        return math.sqrt(0.5) if self.rescales else 1.0

    def groups_of(self, channels: int) -> int:
        """Number of groups of a normalisation of this width."""
        return min(channels // 4, 32) if self.narrow_groups else 32

    def norm(self, channels: int) -> nn.GroupNorm:
        """A normalisation of this network."""
        return nn.GroupNorm(self.groups_of(channels), channels, 1e-6)

    def residual_block(
        self,
        inputs: int,
        outputs: int,
        resampling: Literal["down", "up"] | None = None,
        first_groups: int | None = None,
    ) -> ResidualBlock:
        """A residual block of this network."""
        ways = (shrink_filtered, enlarge_filtered) if self.filtered else (shrink, enlarge)
        return ResidualBlock(
            inputs,
            outputs,
            4 * self.width,
            groups=(first_groups or self.groups_of(inputs), self.groups_of(outputs)),
            resample=dict(zip(("down", "up"), ways, strict=True)).get(resampling or ""),
            shortcut=True if resampling else None,
            gain=self.gain,
        )

    def self_attention(self, channels: int, groups: int | None = None) -> Attention:
        """Self-attention of this network."""
        return Attention(channels, groups=groups or self.groups_of(channels), gain=self.gain)


class NCSNpp(nn.Module):
    """Predicts the score, or the noise, from a noisy picture and a label."""

    fourier: Tensor

    def __init__(self, config: NCSNppConfig) -> None:
        super().__init__()
        self.config = config
        width, picture = config.channels, config.picture_channels
        if config.fourier:
            self.register_buffer("fourier", torch.empty(config.width))
        waves = 2 * config.width if config.fourier else config.width
        self.time_embedding = TimeEmbedding(waves, 4 * config.width)
        self.conv_in = nn.Conv2d(picture, config.width, 3, padding=1)
        self.down_blocks = nn.ModuleList()
        skips, above, pyramid = [config.width], config.width, picture
        for level, channels in enumerate(width):
            block = DownLevel(config, level, above, pyramid)
            self.down_blocks.append(block)
            skips += [channels] * config.blocks + ([block.outputs] if block.resamples else [])
            above = block.outputs
            pyramid = above if config.input_pyramid == "residual" else picture
        self.mid_block = Middle(config)
        self.up_blocks = nn.ModuleList()
        below, pyramid = width[-1], 0
        for level in reversed(range(len(width))):
            inputs = []
            for _ in range(config.blocks + 1):
                inputs.append(below + skips.pop())
                below = width[level]
            self.up_blocks.append(UpLevel(config, level, inputs, pyramid))
            pyramid = below
        self.conv_norm_out = None if config.output_pyramid == "skip" else config.norm(width[0])
        if self.conv_norm_out is not None:
            self.conv_out = nn.Conv2d(width[0], picture, 3, padding=1)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        """Runs the network.

        Args:
            x: (N, picture_channels, H, W); H and W multiples of ``config.multiple``; in [0, 1]
                plus noise if ``config.unit_range``, else in [-1, 1] plus noise, scaled.
            labels: (N,), noise levels if ``config.fourier``, else times as in training.

        Returns:
            Like ``x``.
        """
        config = self.config
        if config.fourier:
            angles = labels.float().log()[:, None] * self.fourier * (2 * math.pi)
            waves = torch.cat([angles.sin(), angles.cos()], dim=1)
        else:
            waves = sinusoids(labels, config.width)
        time = self.time_embedding(waves.to(x.dtype))
        x = 2 * x - 1 if config.unit_range else x
        pyramid = x
        x = self.conv_in(x)
        skips = [x]
        for level in self.down_blocks:
            x, pyramid = level(x, pyramid, time, skips)
        x = self.mid_block(x, time)
        output: Tensor | None = None
        for level in self.up_blocks:
            x, output = level(x, output, time, skips)
        if self.conv_norm_out is not None:
            output = self.conv_out(activate(self.conv_norm_out(x)))
        assert output is not None  # either gathered by the pyramid or made just now
        return (
            output / labels.to(output)[:, None, None, None] if config.divides_by_sigma else output
        )


class DownLevel(nn.Module):
    """All blocks of one resolution on the way down."""

    def __init__(self, config: NCSNppConfig, level: int, above: int, pyramid: int) -> None:
        super().__init__()
        self.config = config
        channels = config.channels[level]
        self.resamples = level < len(config.channels) - 1
        self.outputs = channels
        inputs = [above] + [channels] * (config.blocks - 1)
        self.resnets = nn.ModuleList(config.residual_block(n, channels) for n in inputs)
        self.attentions = nn.ModuleList(
            config.self_attention(channels, config.attention_groups)
            for _ in inputs
            if config.attention[level]
        )
        if not self.resamples:
            return
        if config.residual_resampling:
            self.resample: nn.Module = config.residual_block(channels, channels, "down")
        else:
            self.resample = Shrink(channels, channels, config.filtered)
        if config.input_pyramid == "skip":
            self.pyramid: nn.Module = nn.Conv2d(pyramid, channels, 1)
            self.outputs = channels * (2 if config.concatenates else 1)
        elif config.input_pyramid == "residual":
            self.pyramid = Shrink(pyramid, channels, config.filtered)

    def forward(
        self, x: Tensor, pyramid: Tensor, time: Tensor, skips: list[Tensor]
    ) -> tuple[Tensor, Tensor]:
        """Runs the level; adds to ``skips``."""
        for index, resnet in enumerate(self.resnets):
            x = resnet(x, time)
            if self.attentions:
                x = self.attentions[index](x)
            skips.append(x)
        if self.resamples:
            x = self.resample(x, time)
            if self.config.input_pyramid == "skip":
                pyramid = (shrink_filtered if self.config.filtered else shrink)(pyramid)
                joined = self.pyramid(pyramid)
                x = torch.cat([joined, x], dim=1) if self.config.concatenates else joined + x
            elif self.config.input_pyramid == "residual":
                x = pyramid = amplify(self.pyramid(pyramid) + x, self.config.gain)
            skips.append(x)
        return x, pyramid


class Middle(nn.Module):
    """The bottom of the U."""

    def __init__(self, config: NCSNppConfig) -> None:
        super().__init__()
        channels = config.channels[-1]
        self.resnets = nn.ModuleList(config.residual_block(channels, channels) for _ in range(2))
        self.attentions = nn.ModuleList([config.self_attention(channels)])

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        """Two residual blocks around self-attention."""
        result: Tensor = self.resnets[1](self.attentions[0](self.resnets[0](x, time)), time)
        return result


class UpLevel(nn.Module):
    """All blocks of one resolution on the way up."""

    def __init__(
        self, config: NCSNppConfig, level: int, inputs: Sequence[int], pyramid: int
    ) -> None:
        super().__init__()
        self.config = config
        channels, picture = config.channels[level], config.picture_channels
        attends, first = config.attention[level], pyramid == 0
        groups = config.attention_groups if attends else None
        self.resnets = nn.ModuleList(
            config.residual_block(n, channels, first_groups=groups) for n in inputs
        )
        self.attentions = nn.ModuleList(
            [config.self_attention(channels, groups)] if attends else []
        )
        if config.output_pyramid == "skip" or (config.output_pyramid == "residual" and first):
            outputs = picture if config.output_pyramid == "skip" else channels
            self.pyramid_norm = config.norm(channels)
            self.pyramid: nn.Module = nn.Conv2d(channels, outputs, 3, padding=1)
        elif config.output_pyramid == "residual":
            self.pyramid = Enlarge(pyramid, channels, config.filtered)
        self.resample: nn.Module | None = None
        if level > 0 and config.residual_resampling:
            self.resample = config.residual_block(channels, channels, "up")
        elif level > 0:
            self.resample = Enlarge(channels, channels, config.filtered)

    def forward(
        self, x: Tensor, pyramid: Tensor | None, time: Tensor, skips: list[Tensor]
    ) -> tuple[Tensor, Tensor | None]:
        """Runs the level; takes from ``skips``."""
        for resnet in self.resnets:
            x = resnet(torch.cat([x, skips.pop()], dim=1), time)
        for attention in self.attentions:
            x = attention(x)
        if self.config.output_pyramid == "skip":
            shown = self.pyramid(activate(self.pyramid_norm(x)))
            if pyramid is not None:
                shown = shown + (enlarge_filtered if self.config.filtered else enlarge)(pyramid)
            pyramid = shown
        elif self.config.output_pyramid == "residual" and pyramid is None:
            pyramid = self.pyramid(activate(self.pyramid_norm(x)))
        elif self.config.output_pyramid == "residual":
            x = pyramid = amplify(self.pyramid(pyramid, time) + x, self.config.gain)
        if self.resample is not None:
            x = self.resample(x, time)
        return x, pyramid


class Shrink(nn.Module):
    """Halves height and width with a convolution, filtered first if wanted."""

    def __init__(self, inputs: int, outputs: int, filtered: bool) -> None:
        super().__init__()
        self.filtered = filtered
        self.conv = nn.Conv2d(inputs, outputs, 3, stride=2)

    def forward(self, x: Tensor, _time: Tensor | None = None) -> Tensor:
        """``x``: (N, inputs, H, W) to (N, outputs, H / 2, W / 2)."""
        if self.filtered:
            x = F.conv2d(x, smoothing(x), padding=2, groups=x.shape[1])
        else:
            x = F.pad(x, (0, 1, 0, 1))
        result: Tensor = self.conv(x)
        return result


class Enlarge(nn.Module):
    """Doubles height and width with a convolution, filtered afterwards if wanted."""

    def __init__(self, inputs: int, outputs: int, filtered: bool) -> None:
        super().__init__()
        self.filtered = filtered
        self.conv = nn.Conv2d(inputs, outputs, 3, padding=1)

    def forward(self, x: Tensor, _time: Tensor | None = None) -> Tensor:
        """``x``: (N, inputs, H, W) to (N, outputs, 2 H, 2 W)."""
        if not self.filtered:
            result: Tensor = self.conv(enlarge(x))
            return result
        turned = self.conv.weight.flip(2, 3).transpose(0, 1)
        x = F.conv_transpose2d(x, turned, stride=2)
        return F.conv2d(x, 4 * smoothing(x), self.conv.bias, padding=1, groups=x.shape[1])


def shrink_filtered(x: Tensor) -> Tensor:
    """Halves height and width after smoothing with [1, 3, 3, 1] (Zhang 2019)."""
    taps = smoothing(x)
    return F.conv2d(x, taps, stride=2, padding=1, groups=x.shape[1])


def enlarge_filtered(x: Tensor) -> Tensor:
    """Doubles height and width, smoothing with [1, 3, 3, 1]."""
    taps = smoothing(x)
    return F.conv_transpose2d(x, 4 * taps, stride=2, padding=1, groups=x.shape[1])


def smoothing(x: Tensor) -> Tensor:
    """The filter [1, 3, 3, 1] in both directions, once per channel of ``x``: (C, 1, 4, 4)."""
    line = torch.tensor([1.0, 3.0, 3.0, 1.0], dtype=x.dtype, device=x.device) / 8
    return torch.outer(line, line).expand(x.shape[1], 1, 4, 4)
