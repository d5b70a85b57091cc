"""The autoencoder of latent diffusion (Rombach et al. 2022, section 3.1).

Parameters carry the names of diffusers' ``AutoencoderKL``.
"""

from dataclasses import dataclass

from torch import Tensor, nn

from sdedit_desktop.diffusion.networks.layers import (
    Attention,
    Downsample,
    ResidualBlock,
    Upsample,
    activate,
)

_EPS = 1e-6


@dataclass(frozen=True)
class AutoencoderConfig:
    """Configuration of an autoencoder.

    Attributes:
        channels: Width of each level, from the finest to the coarsest.
        blocks: Residual blocks per level of the encoder (one more in the decoder).
        latent: Channels of the latents.
        groups: Groups of every group normalisation.
    """

    channels: tuple[int, ...]
    blocks: int = 2
    latent: int = 4
    groups: int = 32

    @property
    def factor(self) -> int:
        """Pixels per latent along one side."""
        return int(2 ** (len(self.channels) - 1))

    def residual_block(self, inputs: int, outputs: int) -> ResidualBlock:
        """A residual block of this network, which knows no time."""
        groups = self.groups, self.groups
        return ResidualBlock(inputs, outputs, None, groups=groups, eps=_EPS)


class Autoencoder(nn.Module):
    """Converts between pictures and latents, which are ``config.factor`` times smaller per side."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        self.quant_conv = nn.Conv2d(2 * config.latent, 2 * config.latent, 1)
        self.post_quant_conv = nn.Conv2d(config.latent, config.latent, 1)

    def encode(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures to the mean and the log variance of their latents.

        Args:
            pictures: (N, 3, H, W) in [-1, 1]; H and W multiples of ``config.factor``.
        """
        mean, log_variance = self.quant_conv(self.encoder(pictures)).chunk(2, dim=1)
        return mean, log_variance

    def decode(self, latents: Tensor) -> Tensor:
        """Latents (N, latent, H, W) to pictures in about [-1, 1]."""
        result: Tensor = self.decoder(self.post_quant_conv(latents))
        return result


class Encoder(nn.Module):
    """From pictures to mean and log variance, stacked."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        width = config.channels
        self.conv_in = nn.Conv2d(3, width[0], 3, padding=1)
        self.down_blocks = nn.ModuleList()
        for level, channels in enumerate(width):
            block = Level(config, width[max(level - 1, 0)], channels, config.blocks)
            if level < len(width) - 1:
                block.downsamplers.append(Downsample(channels, asymmetric=True))
            self.down_blocks.append(block)
        self.mid_block = Middle(config)
        self.conv_norm_out = nn.GroupNorm(config.groups, width[-1], _EPS)
        self.conv_out = nn.Conv2d(width[-1], 2 * config.latent, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, 3, H, W) to (N, 2 * latent, H / factor, W / factor)."""
        x = self.conv_in(x)
        for level in self.down_blocks:
            x = level(x)
        result: Tensor = self.conv_out(activate(self.conv_norm_out(self.mid_block(x))))
        return result


class Decoder(nn.Module):
    """From latents to pictures."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        width = config.channels[::-1]
        self.conv_in = nn.Conv2d(config.latent, width[0], 3, padding=1)
        self.mid_block = Middle(config)
        self.up_blocks = nn.ModuleList()
        for index, channels in enumerate(width):
            block = Level(config, width[max(index - 1, 0)], channels, config.blocks + 1)
            if index < len(width) - 1:
                block.upsamplers.append(Upsample(channels))
            self.up_blocks.append(block)
        self.conv_norm_out = nn.GroupNorm(config.groups, width[-1], _EPS)
        self.conv_out = nn.Conv2d(width[-1], 3, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, latent, H, W) to (N, 3, factor * H, factor * W)."""
        x = self.mid_block(self.conv_in(x))
        for level in self.up_blocks:
            x = level(x)
        result: Tensor = self.conv_out(activate(self.conv_norm_out(x)))
        return result


class Level(nn.Module):
    """All blocks of one resolution; its owner adds the resampling at the end."""

    def __init__(self, config: AutoencoderConfig, inputs: int, outputs: int, blocks: int) -> None:
        super().__init__()
        self.resnets = nn.ModuleList(
            config.residual_block(outputs if index else inputs, outputs) for index in range(blocks)
        )
        self.downsamplers = nn.ModuleList()
        self.upsamplers = nn.ModuleList()

    def forward(self, x: Tensor) -> Tensor:
        """``x``: (N, inputs, H, W)."""
        for part in (*self.resnets, *self.downsamplers, *self.upsamplers):
            x = part(x)
        return x


class Middle(nn.Module):
    """The coarsest level: two residual blocks around self-attention."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        width = config.channels[-1]
        self.resnets = nn.ModuleList(config.residual_block(width, width) for _ in range(2))
        self.attentions = nn.ModuleList([Attention(width, groups=config.groups, eps=_EPS)])

    def forward(self, x: Tensor) -> Tensor:
        """``x``: (N, C, H, W)."""
        result: Tensor = self.resnets[1](self.attentions[0](self.resnets[0](x)))
        return result
