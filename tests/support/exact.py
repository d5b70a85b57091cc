"""A denoiser that is known in closed form."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GaussianDenoiser:
    """The exact denoiser of ``x_0 ~ N(mean, std**2)``."""

    mean: float = 0.0
    std: float = 1.0

    def __call__(self, z, sigma):
        return (self.std**2 * z + sigma**2 * self.mean) / (self.std**2 + sigma**2)
