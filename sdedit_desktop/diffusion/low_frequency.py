"""Keeping the colours of large areas, which networks let drift."""

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional

from sdedit_desktop.diffusion.denoiser import Denoiser, Prediction, predict

AREAS_ALONG = 8
"""Areas are squares, so many along the shorter side of a picture."""
PIXEL_VARIANCE = 0.25
"""Of photographs in [-1, 1], about (Karras et al. 2022, EDM, table 1: sigma_data)."""


@dataclass(frozen=True, eq=False)
class ColourKeeper:
    """A denoiser that gives areas the guide's colours back.

    Networks paint an orange slope in the green that most slopes have. What is finer than an area
    stays the network's, as in ILVR (Choi et al. 2021), here on the clean picture.

    Attributes:
        denoise: The one that lets colours drift.
        guide: (N, C, H, W) in [-1, 1].
        share: How much of the difference is taken back, in [0, 1].
    """

    denoise: Denoiser
    guide: Tensor
    share: float

    def __call__(self, z: Tensor, sigma: Tensor) -> Tensor:
        """Denoises ``z`` at ``sigma``."""
        return self.predict(z, sigma).denoised

    def predict(self, z: Tensor, sigma: Tensor) -> Prediction:
        """Denoises ``z`` at ``sigma``, with the variance if one was learned."""
        found = predict(self.denoise, z, sigma)
        means = functional.adaptive_avg_pool2d(self.guide - found.denoised, _areas(z))
        broad = functional.interpolate(means, z.shape[2:], mode="bilinear", align_corners=False)
        return found._replace(denoised=found.denoised + self.share * broad)


def keeping_colours(
    denoise: Denoiser,
    guide: Tensor,
    sigma: float,
    strictness: float,
    variance: float = PIXEL_VARIANCE,
) -> Denoiser:
    """A denoiser that keeps as much of the colours of areas as can be told under noise.

    That is Wiener's share of them, of areas that differ by as much as photographs do: nearly all
    at a low t0, hardly any at 1.

    Args:
        denoise: Any denoiser.
        guide: (N, C, H, W) in [-1, 1], or latents.
        sigma: The noise level at which a descent begins.
        strictness: In [0, 1]; 0 leaves everything to ``denoise``.
        variance: Of pictures as ``guide`` is one.
    """
    if strictness == 0:
        return denoise
    rows, columns = _areas(guide)
    pixels = guide[0, 0].numel() / (rows * columns)
    known = variance / (variance + sigma**2 / pixels)
    return ColourKeeper(denoise, guide, strictness * known)


def _areas(picture: Tensor) -> tuple[int, int]:
    """Rows and columns of areas."""
    height, width = picture.shape[2:]
    side = min(height, width) / AREAS_ALONG
    return round(height / side), round(width / side)
