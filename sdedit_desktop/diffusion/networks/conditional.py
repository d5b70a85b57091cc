"""The U-Net of Stable Diffusion (Rombach et al. 2022): with cross-attention to a text.

Parameters carry the names of diffusers' ``UNet2DConditionModel``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from sdedit_desktop.diffusion.networks.layers import (
    Downsample,
    ResidualBlock,
    TimeEmbedding,
    Upsample,
    activate,
    level_inputs,
    sinusoids,
)

_EPS = 1e-5


@dataclass(frozen=True)
class ConditionalUNetConfig:
    """Configuration of such a U-Net. Levels are counted from the finest to the coarsest.

    Attributes:
        channels: Width of each level.
        depth: Transformer layers after every residual block of each level; 0 where it has none.
        heads: Attention heads of each level.
        context: Width of the text's embedding.
        blocks: Residual blocks per level on the way down (one more on the way up).
        in_channels: Channels of the latents; 9 with mask and masked latents.
        out_channels: Channels of the prediction.
        linear: Whether transformers use linear layers at both ends, instead of convolutions.
        added: Width of the vector of pooled text and picture sizes (SDXL); None without it.
        groups: Groups of every group normalisation.
    """

    channels: tuple[int, ...]
    depth: tuple[int, ...]
    heads: tuple[int, ...]
    context: int
    blocks: int = 2
    in_channels: int = 4
    out_channels: int = 4
    linear: bool = False
    added: int | None = None
    groups: int = 32

    @property
    def multiple(self) -> int:
        """Height and width of latents must be multiples of this."""
        return int(2 ** (len(self.channels) - 1))

    def residual_block(self, inputs: int, outputs: int) -> ResidualBlock:
        """A residual block of this network."""
        groups = self.groups, self.groups
        return ResidualBlock(inputs, outputs, 4 * self.channels[0], groups=groups, eps=_EPS)

    def transformer(self, level: int, depth: int) -> "Transformer":
        """A transformer of this network."""
        return Transformer(self, self.channels[level], self.heads[level], depth)


class ConditionalUNet(nn.Module):
    """Predicts noise or v from noisy latents, a time label and an embedded text."""

    def __init__(self, config: ConditionalUNetConfig) -> None:
        super().__init__()
        self.config = config
        width, time = config.channels, 4 * config.channels[0]
        self.conv_in = nn.Conv2d(config.in_channels, width[0], 3, padding=1)
        self.time_embedding = TimeEmbedding(width[0], time)
        self.add_embedding = TimeEmbedding(config.added, time) if config.added else None
        down, up = level_inputs(width, config.blocks)
        self.down_blocks = nn.ModuleList(
            Level(config, level, inputs, "down") for level, inputs in enumerate(down)
        )
        self.mid_block = Middle(config)
        self.up_blocks = nn.ModuleList(
            Level(config, level, inputs, "up") for level, inputs in reversed(list(enumerate(up)))
        )
        self.conv_norm_out = nn.GroupNorm(config.groups, width[0], _EPS)
        self.conv_out = nn.Conv2d(width[0], config.out_channels, 3, padding=1)

    def forward(
        self, x: Tensor, labels: Tensor, context: Tensor, added: Tensor | None = None
    ) -> Tensor:
        """Runs the network.

        Args:
            x: (N, in_channels, H, W) latents; H and W multiples of ``config.multiple``.
            labels: (N,), times in 0..999.
            context: (N, length, config.context), the embedded text.
            added: (N, config.added), see ``added_vector``; only where the network has it.

        Returns:
            (N, out_channels, H, W).
        """
        waves = sinusoids(labels, self.config.channels[0], cosine_first=True, shift=0.0)
        time = self.time_embedding.embed(waves.to(x.dtype))
        if self.add_embedding is not None and added is not None:
            time = time + self.add_embedding.embed(added.to(x.dtype))
        time, context, x = activate(time), context.to(x.dtype), self.conv_in(x)
        skips = [x]
        for level in self.down_blocks:
            x = level(x, time, context, skips)
        x = self.mid_block(x, time, context)
        for level in self.up_blocks:
            x = level(x, time, context, skips)
        result: Tensor = self.conv_out(activate(self.conv_norm_out(x)))
        return result


def added_vector(pooled: Tensor, sizes: Tensor, width: int) -> Tensor:
    """The additional conditioning of SDXL (Podell et al. 2023, section 2.2).

    Args:
        pooled: (N, P), the pooled text.
        sizes: (N, 6): height and width of the original, top and left of the crop, height and
            width of the target; in pixels.
        width: Waves per number.

    Returns:
        (N, P + 6 * width).
    """
    waves = sinusoids(sizes.flatten(), width, cosine_first=True, shift=0.0)
    return torch.cat([pooled, waves.view(len(sizes), -1)], dim=1)


class Level(nn.Module):
    """All blocks of one resolution on one side of the U."""

    def __init__(
        self,
        config: ConditionalUNetConfig,
        level: int,
        inputs: Sequence[int],
        direction: Literal["down", "up"],
    ) -> None:
        super().__init__()
        self._upwards = direction == "up"
        channels, depth = config.channels[level], config.depth[level]
        self.resnets = nn.ModuleList(config.residual_block(n, channels) for n in inputs)
        self.attentions = nn.ModuleList(config.transformer(level, depth) for _ in inputs if depth)
        self.downsamplers = nn.ModuleList()
        self.upsamplers = nn.ModuleList()
        if self._upwards and level > 0:
            self.upsamplers.append(Upsample(channels))
        elif not self._upwards and level < len(config.channels) - 1:
            self.downsamplers.append(Downsample(channels, asymmetric=False))

    def forward(self, x: Tensor, time: Tensor, context: Tensor, skips: list[Tensor]) -> Tensor:
        """Runs the level; on the way down adds to ``skips``, on the way up takes from it."""
        for index, resnet in enumerate(self.resnets):
            x = resnet(torch.cat([x, skips.pop()], dim=1) if self._upwards else x, time)
            if self.attentions:
                x = self.attentions[index](x, context)
            if not self._upwards:
                skips.append(x)
        for downsample in self.downsamplers:
            x = downsample(x)
            skips.append(x)
        for upsample in self.upsamplers:
            x = upsample(x)
        return x


class Middle(nn.Module):
    """The bottom of the U."""

    def __init__(self, config: ConditionalUNetConfig) -> None:
        super().__init__()
        width, last = config.channels[-1], len(config.channels) - 1
        # As deep as the coarsest level that has transformers: SD 1 and 2 have none in the last.
        depth = next(layers for layers in reversed(config.depth) if layers)
        self.resnets = nn.ModuleList(config.residual_block(width, width) for _ in range(2))
        self.attentions = nn.ModuleList([config.transformer(last, depth)])

    def forward(self, x: Tensor, time: Tensor, context: Tensor) -> Tensor:
        """Two residual blocks around a transformer."""
        x = self.attentions[0](self.resnets[0](x, time), context)
        result: Tensor = self.resnets[1](x, time)
        return result


class Transformer(nn.Module):
    """Transformer layers over all latents of a level, added to its input."""

    def __init__(self, config: ConditionalUNetConfig, width: int, heads: int, depth: int) -> None:
        super().__init__()
        self.linear = config.linear
        self.norm = nn.GroupNorm(config.groups, width, 1e-6)
        self.proj_in, self.proj_out = (
            nn.Linear(width, width) if config.linear else nn.Conv2d(width, width, 1)
            for _ in range(2)
        )
        self.transformer_blocks = nn.ModuleList(
            TransformerLayer(width, config.context, heads) for _ in range(depth)
        )

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        """``x``: (N, C, H, W); ``context``: (N, length, width)."""
        n, width, rows, columns = x.shape
        hidden = self.norm(x)
        if not self.linear:
            hidden = self.proj_in(hidden)
        hidden = hidden.permute(0, 2, 3, 1).reshape(n, rows * columns, width)
        if self.linear:
            hidden = self.proj_in(hidden)
        for layer in self.transformer_blocks:
            hidden = layer(hidden, context)
        if self.linear:
            hidden = self.proj_out(hidden)
        hidden = hidden.view(n, rows, columns, width).permute(0, 3, 1, 2)
        result: Tensor = x + (hidden if self.linear else self.proj_out(hidden))
        return result


class TransformerLayer(nn.Module):
    """Self-attention, attention to the text, and a gated feed-forward network."""

    def __init__(self, width: int, context: int, heads: int) -> None:
        super().__init__()
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))
        self.attn1 = CrossAttention(width, width, heads)
        self.attn2 = CrossAttention(width, context, heads)
        self.ff = FeedForward(width)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        """``x``: (N, pixels, width)."""
        hidden = self.norm1(x)
        x = x + self.attn1(hidden, hidden)
        x = x + self.attn2(self.norm2(x), context)
        result: Tensor = x + self.ff(self.norm3(x))
        return result


class CrossAttention(nn.Module):
    """Attention of one sequence to another, or to itself."""

    def __init__(self, width: int, context: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_k = nn.Linear(context, width, bias=False)
        self.to_v = nn.Linear(context, width, bias=False)
        self.to_out = nn.ModuleList([nn.Linear(width, width)])

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        """``x``: (N, pixels, width); ``context``: (N, length, width of the text)."""
        n, length, width = x.shape
        query, key, value = (
            project(source).view(n, -1, self.heads, width // self.heads).transpose(1, 2)
            for project, source in ((self.to_q, x), (self.to_k, context), (self.to_v, context))
        )
        mixed = functional.scaled_dot_product_attention(query, key, value)
        result: Tensor = self.to_out[0](mixed.transpose(1, 2).reshape(n, length, width))
        return result


class FeedForward(nn.Module):
    """Four times as wide inside, gated by GELU (Shazeer 2020, GEGLU)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        # diffusers has dropout at place 1.
        self.net = nn.ModuleList([_Gate(width), nn.Identity(), nn.Linear(4 * width, width)])

    def forward(self, x: Tensor) -> Tensor:
        """(N, pixels, width) to the same."""
        for part in self.net:
            x = part(x)
        return x


class _Gate(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.proj = nn.Linear(width, 8 * width)

    def forward(self, x: Tensor) -> Tensor:
        value, gate = self.proj(x).chunk(2, dim=-1)
        result: Tensor = value * functional.gelu(gate)
        return result
