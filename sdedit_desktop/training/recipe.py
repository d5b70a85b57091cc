"""The training recipe: loss, noise levels, learning rate and averaging."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own idiom

from sdedit_desktop.diffusion.denoiser import Network, Target
from sdedit_desktop.diffusion.schedule import DiscreteVP
from sdedit_desktop.training.parametrisation import Parametrisation

PREDICTION: Target = "v_prediction"
SCHEDULE = DiscreteVP.linear()
OURS = Parametrisation(PREDICTION, SCHEDULE)
"""The parametrisation of new networks."""
DATA_STD = 0.5
"""Standard deviation of photographs in [-1, 1], about."""
SQUARES = (1, 4, 16, 64)
"""Sides, in pixels, of squares whose means are judged. Each weighs ``side ** 0.5``: as errors of
photographs are spread over scales, all of them then move the weights about alike."""


@dataclass(frozen=True)
class Recipe:
    """Hyperparameters of a training. All randomness follows from ``seed`` and the step.

    Attributes:
        size: Height and width of the crops, in pixels.
        batch: Crops per step.
        learning_rate: The maximum, reached after ``warmup`` steps.
        warmup: Steps of linear warm-up.
        plateau: Step from which the learning rate falls with the square root of the steps.
        weight_decay: Of AdamW.
        clip: Largest norm of the gradient; larger ones are scaled down.
        t0_usual: Noise levels up to this time are trained most of the time: SDEdit samples there.
        beyond_share: Share of crops noised beyond ``t0_usual``.
        snr_limit: Largest signal-to-noise ratio that counts in the loss (min-SNR).
        averaging: Width of the moving average of weights, relative to the steps made.
        seed: Decides crops, times and noise.
    """

    size: int = 64
    batch: int = 8
    learning_rate: float = 1e-3
    warmup: int = 100
    plateau: int = 1000
    weight_decay: float = 0.01
    clip: float = 1.0
    t0_usual: float = 0.75
    beyond_share: float = 0.1
    snr_limit: float = 25.0
    averaging: float = 0.1
    seed: int = 0

    def learning_rate_at(self, step: int) -> float:
        """Linear warm-up, plateau, then ``step ** -0.5``, so that no last step need be known."""
        rising = (step + 1) / self.warmup
        falling = math.sqrt(self.plateau / max(step, self.plateau))
        return self.learning_rate * min(1.0, rising, falling)

    def average_decay_at(self, step: int) -> float:
        """Decay of the moving average of weights (Karras et al. 2024, EDM2, eq. 127).

        The average is a power function of the step: its width grows with the training.
        """
        exponent = _averaging_exponent(self.averaging)
        return float((1 - 1 / (step + 1)) ** (exponent + 1))

    def times(self, count: int, rng: np.random.Generator) -> Tensor:
        """Draws stratified steps of the schedule, (count,) int64 in 0..999."""
        quantile = (np.arange(count) + rng.random(count)) / count
        usual_share = 1 - self.beyond_share
        t = np.interp(quantile, [0, usual_share, 1], [0, self.t0_usual, 1])
        return torch.from_numpy((t * len(SCHEDULE.betas)).astype(np.int64))

    def rng(self, step: int) -> np.random.Generator:
        """The random generator of a step."""
        return np.random.default_rng((self.seed, step))


def loss(
    network: Network,
    clean: Tensor,
    times: Tensor,
    noise: Tensor,
    snr_limit: float,
    terms: Parametrisation = OURS,
) -> Tensor:
    """Weighted mean squared error of the predicted clean picture.

    Whatever is predicted, the weight is ``SNR + 4``, that of Karras et al. 2022 (EDM, table 1) for
    data with a standard deviation of 1/2. The SNR is limited to ``snr_limit`` (Hang et al. 2023,
    min-SNR): errors at lower noise are mostly the noise of the photographs themselves.

    The error is averaged over squares of ``SQUARES`` pixels as well, as in Hoogeboom et al. 2023
    (simple diffusion, section 3.3). The minimum is the same; but an error of a whole sky is a small
    part of the sum over pixels, and would be learned late.

    Args:
        network: Predicts the target of ``terms``.
        clean: (N, 3, H, W) in [-1, 1].
        times: (N,) steps of ``SCHEDULE``, on the CPU; the network gets its own nearest steps.
        noise: Standard normal, shaped like ``clean``.
        snr_limit: See ``Recipe``.
        terms: Target and schedule of the network.

    Returns:
        A scalar.
    """
    steps = terms.steps(SCHEDULE.sigmas[times])
    sigma = terms.schedule.sigmas[steps].to(clean)[:, None, None, None]
    alpha = (1 + sigma**2).rsqrt()
    guess = terms.mean(network(alpha * (clean + sigma * noise), steps.to(clean)))
    goal = terms.goal(clean, noise, sigma)
    weight = ((sigma**-2).clamp(max=snr_limit) + DATA_STD**-2) * goal.leverage**2
    error = weight.sqrt() * (guess.float() - goal.wanted)
    squares = [side for side in SQUARES if side <= min(error.shape[2:])]
    shares = torch.tensor(squares, device=error.device).sqrt()
    costs = torch.stack([F.avg_pool2d(error, side).square().mean() for side in squares])
    return (shares * costs).sum() / shares.sum()


def to_tensor(pixels: NDArray[np.uint8]) -> Tensor:
    """Converts (N, H, W, 3) bytes to (N, 3, H, W) in [-1, 1], channels last."""
    return torch.tensor(pixels).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def to_pixels(pictures: Tensor) -> NDArray[np.uint8]:
    """Converts (N, 3, H, W) in [-1, 1] to (N, H, W, 3) bytes; rounds, then clips."""
    values = ((pictures.float().cpu() + 1) * 127.5).round().clamp(0, 255)
    return values.permute(0, 2, 3, 1).to(torch.uint8).numpy()


def _averaging_exponent(width: float) -> float:
    """Solves ``width**2 = (g + 1) / ((g + 2)**2 (g + 3))`` for g (EDM2, eq. 126)."""
    roots = np.roots([1, 7, 16 - width**-2, 12 - width**-2])
    return float(roots.real.max())
