"""Kernel Inception distance: how far a set of pictures is from a set of photographs."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BLOCKS = 200
Matrix = NDArray[np.float64]


class Kid(NamedTuple):
    """A distance between two sets, and its standard error.

    Attributes:
        mean: 0 on average for two samples of the same; below 0 about half the time then.
        spread: Standard deviation over blocks.
    """

    mean: float
    spread: float


def polynomial_kernel(x: Matrix, y: Matrix) -> Matrix:
    """``(x . y / d + 1) ** 3`` of all pairs of rows of (N, d) and (M, d)."""
    kernel: Matrix = (x @ y.T / x.shape[1] + 1) ** 3
    return kernel


def squared_mmd(within_x: Matrix, within_y: Matrix, between: Matrix) -> float:
    """The unbiased estimator of the squared maximum mean discrepancy (Gretton et al. 2012, eq. 3).

    Args:
        within_x: Kernel of x with itself, (N, N).
        within_y: Kernel of y with itself, (M, M).
        between: Kernel of x with y, (N, M).
    """
    return _off_diagonal(within_x) + _off_diagonal(within_y) - 2 * float(between.mean())


def kid(pictures: NDArray[np.float32], photographs: NDArray[np.float32]) -> Kid:
    """KID with the polynomial kernel (Binkowski et al. 2018, section 4).

    The mean is the unbiased estimate from all pictures. Blocks are ``BLOCKS`` random halves of both
    sets; their spread estimates the standard error of the mean (the delete-half jackknife).

    Args:
        pictures: Features (N, d), N at least 4.
        photographs: Features (M, d), M at least 4.
    """
    x, y = pictures.astype(np.float64), photographs.astype(np.float64)
    within_x, within_y, between = (polynomial_kernel(*pair) for pair in ((x, x), (y, y), (x, y)))
    rng = np.random.default_rng(0)
    values = []
    for _ in range(BLOCKS):
        some = rng.choice(len(x), len(x) // 2, replace=False)
        others = rng.choice(len(y), len(y) // 2, replace=False)
        values.append(
            squared_mmd(
                within_x[np.ix_(some, some)],
                within_y[np.ix_(others, others)],
                between[np.ix_(some, others)],
            )
        )
    return Kid(squared_mmd(within_x, within_y, between), float(np.std(values, ddof=1)))


def _off_diagonal(kernel: Matrix) -> float:
    count = len(kernel)
    return float((kernel.sum() - np.trace(kernel)) / (count * (count - 1)))
