"""The space a model works in: pixels, or the latents of an autoencoder."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from sdedit_desktop.diffusion.low_frequency import PIXEL_VARIANCE
from sdedit_desktop.diffusion.networks.autoencoder import Autoencoder
from sdedit_desktop.diffusion.tiling import in_tiles

_TILE, _OVERLAP = 96, 16
"""Side of the tiles that large pictures are encoded and decoded in, and by how much they overlap;
both in latents."""
LARGEST_DECODED = 2 * _TILE**2 * 64
"""Pixels of the largest picture that is encoded or decoded without tiling."""


class Space(Protocol):
    """Converts between pictures, (N, 3, H, W) in [-1, 1], and what samplers work on."""

    @property
    def variance(self) -> float:
        """Approximate variance of what samplers work on."""
        ...

    def encode(self, pictures: Tensor) -> Tensor:
        """Converts pictures to what samplers work on."""
        ...

    def decode(self, z: Tensor) -> Tensor:
        """The inverse of ``encode``."""
        ...

    def previewer(self, pictures: Tensor, z: Tensor) -> Callable[[Tensor], Tensor]:
        """Makes a cheap approximation of ``decode``, fitted to pictures and their encoding."""
        ...

    def reduce(self, mask: Tensor) -> Tensor:
        """Converts a mask, (N, 1, H, W) in [0, 1], to the resolution of samplers."""
        ...


class Pixels:
    """Pictures themselves."""

    @property
    def variance(self) -> float:
        """The variance of photographs."""
        return PIXEL_VARIANCE

    def encode(self, pictures: Tensor) -> Tensor:
        """The identity."""
        return pictures

    def decode(self, z: Tensor) -> Tensor:
        """The identity."""
        return z

    def previewer(self, _pictures: Tensor, _z: Tensor) -> Callable[[Tensor], Tensor]:
        """The identity."""
        return self.decode

    def reduce(self, mask: Tensor) -> Tensor:
        """The identity."""
        return mask


@dataclass(frozen=True, eq=False)
class Latents:
    """The latents of an autoencoder, of about unit variance.

    Attributes:
        autoencoder: Computes in float32: in half precision some overflow.
        scale: Latents are multiplied by this.
        tile: Side in pixels of the parts that larger pictures are encoded and decoded in, where
            memory is short; 0 is the usual one. Normalisation sees one part at a time, so that the
            smaller they are, the further colours may drift.
    """

    autoencoder: Autoencoder
    scale: float
    tile: int = 0

    @property
    def variance(self) -> float:
        """They are scaled to unit variance."""
        return 1.0

    @property
    def factor(self) -> int:
        """Pixels per latent along one side."""
        return self.autoencoder.config.factor

    @torch.inference_mode()
    def encode(self, pictures: Tensor) -> Tensor:
        """The means of the latents: (N, 4, H / factor, W / factor)."""

        def one(picture: Tensor) -> Tensor:
            return self.autoencoder.encode(picture)[0]

        found = [self._tiled(picture[None], one, 1) for picture in pictures.float()]
        return torch.cat(found) * self.scale

    @torch.inference_mode()
    def decode(self, z: Tensor) -> Tensor:
        """Pictures, decoded one at a time because of the memory that takes."""
        latents = z.float() / self.scale
        return torch.cat(
            [self._tiled(one[None], self.autoencoder.decode, self.factor) for one in latents]
        )

    def previewer(self, pictures: Tensor, z: Tensor) -> Callable[[Tensor], Tensor]:
        """A linear map from latents to colours, by least squares on these pictures."""
        colours = functional.avg_pool2d(pictures.float(), self.factor)
        fit = torch.linalg.lstsq(_rows(z.float()).cpu(), _flat(colours).cpu()).solution

        def preview(latents: Tensor) -> Tensor:
            n, _, height, width = latents.shape
            found = _rows(latents.float()) @ fit.to(latents.device)
            small = found.view(n, height, width, 3).movedim(-1, 1)
            return functional.interpolate(small, scale_factor=self.factor, mode="bilinear")

        return preview

    def reduce(self, mask: Tensor) -> Tensor:
        """The maximum over the pixels of each latent."""
        return functional.max_pool2d(mask, self.factor)

    def _tiled(self, x: Tensor, change: Callable[[Tensor], Tensor], enlarged: int) -> Tensor:
        """Applies the encoder or decoder in overlapping tiles that are blended.

        Args:
            x: (1, C, H, W), a picture or latents.
            change: The encoder or decoder.
            enlarged: Pixels per latent along a side; 1 when encoding.
        """
        unit = self.factor // enlarged  # of ``x``, per latent
        rows, columns = (length // unit for length in x.shape[2:])
        if rows * columns * self.factor**2 <= (self.tile**2 or LARGEST_DECODED):
            return change(x)
        ratio, tile, overlap = Fraction(enlarged, unit), _TILE, _OVERLAP
        if self.tile:
            tile = max(2, self.tile // self.factor)
            overlap = max(1, tile // 4)
        return in_tiles(x, change, tile=tile, overlap=overlap, unit=unit, enlarged=ratio)


def _flat(x: Tensor) -> Tensor:
    """(N, C, H, W) to (N * H * W, C)."""
    return x.movedim(1, -1).reshape(-1, x.shape[1])


def _rows(z: Tensor) -> Tensor:
    """(N, C, H, W) to (N * H * W, C + 1), with a one behind the values of each latent."""
    flat = _flat(z)
    return torch.cat([flat, torch.ones_like(flat[:, :1])], dim=1)
