"""Low-frequency guidance: keeps the colours of large areas, which networks let drift."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from sdedit_desktop.diffusion.denoiser import Denoiser, Prediction, predict

AREAS_ALONG = 8
"""Number of areas along the shorter side of a picture; areas are squares."""
PIXEL_VARIANCE = 0.25
"""Approximate variance of photographs in [-1, 1] (Karras et al. 2022, EDM, table 1: sigma_data)."""


@dataclass(frozen=True, eq=False)
class LowFrequencyGuidance:
    """A denoiser that moves the mean colours of areas towards those of the guide.

    As in ILVR (Choi et al. 2021) only frequencies below an area's are changed, here in the denoised
    picture. The guide counts as a measurement of the areas' colours with an error: the smaller
    their remaining uncertainty at a noise level, the smaller the shift. So the shifts of all calls
    add up to ``share``, however many calls there are, and candidates differ as long as it is below
    1.

    Attributes:
        denoise: The wrapped denoiser.
        guide: (N, C, H, W) in [-1, 1], or latents.
        start: The highest noise level of the edit.
        share: Share of the drift that is corrected, in [0, 1]: at 1 all candidates have the guide's
            colours. The variance between candidates decreases likewise.
        variance: Of pictures of the kind of ``guide``.
    """

    denoise: Denoiser
    guide: Tensor
    start: float
    share: float
    variance: float = PIXEL_VARIANCE

    def __call__(self, z: Tensor, sigma: Tensor) -> Tensor:
        """Denoises ``z`` at ``sigma``."""
        return self.predict(z, sigma).denoised

    def predict(self, z: Tensor, sigma: Tensor) -> Prediction:
        """Denoises ``z`` at ``sigma``, with the variance if one was learned."""
        found = predict(self.denoise, z, sigma)
        shift = self._gain(sigma.item()) * low_frequencies(self.guide - found.denoised)
        return found._replace(denoised=found.denoised + shift)

    def _gain(self, sigma: float) -> float:
        """Kalman's gain: the uncertainty of an area's colour against the measurement's error.

        The error's variance is such that the gain is ``share`` at the start.
        """
        still_open = self._open(sigma) / self._open(self.start)
        return self.share * still_open / (self.share * still_open + 1 - self.share)

    def _open(self, sigma: float) -> float:
        """Variance of an area's mean colour given the picture at a noise level."""
        rows, columns = _areas(self.guide)
        noise = sigma**2 * rows * columns / self.guide[0, 0].numel()
        return self.variance * noise / (self.variance + noise)


def keep_low_frequencies(
    denoise: Denoiser,
    guide: Tensor,
    start: float,
    share: float,
    variance: float = PIXEL_VARIANCE,
) -> Denoiser:
    """``LowFrequencyGuidance``, or the denoiser as it is for no share."""
    return LowFrequencyGuidance(denoise, guide, start, share, variance) if share else denoise


def low_frequencies(picture: Tensor) -> Tensor:
    """A smooth picture with the same means of areas, (N, C, H, W) like ``picture``."""
    height, width = picture.shape[2:]
    rows, columns = _areas(picture)
    means = functional.adaptive_avg_pool2d(picture, (rows, columns))
    nodes = torch.linalg.solve(_smoothing(rows, height).to(means), means)
    nodes = torch.linalg.solve(_smoothing(columns, width).to(means).T, nodes, left=False)
    return functional.interpolate(nodes, (height, width), mode="bilinear", align_corners=False)


def _smoothing(areas: int, length: int) -> Tensor:
    """The matrix that maps interpolated areas to their means along one side: (areas, areas)."""
    each = functional.interpolate(torch.eye(areas)[None], length, mode="linear")
    return functional.adaptive_avg_pool1d(each, areas)[0].T


def _areas(picture: Tensor) -> tuple[int, int]:
    """Number of rows and columns of areas."""
    height, width = picture.shape[2:]
    side = max(1.0, min(height, width) / AREAS_ALONG)  # latents may be few
    return round(height / side), round(width / side)
