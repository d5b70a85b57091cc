"""Figures of training and evaluation; curves need matplotlib, of the extra ``evaluation``."""

import importlib.util
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sdedit_desktop.training.photographs import Pixels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]


class Point(NamedTuple):
    """A labelled point with an error bar along y."""

    name: str
    x: float
    y: float
    error: float


def loss_curve(losses: Sequence[float]) -> Image.Image | None:
    """Plots the loss over the steps on a logarithmic scale; None without matplotlib.

    Args:
        losses: One per step from the first; NaN where a step was discarded.
    """
    if not _has_matplotlib():
        return None
    steps, means = binned(losses)
    figure, axes = _axes("step", "loss")
    axes.set_yscale("log" if len(means) else "linear")
    axes.plot(steps, means)
    return _rendered(figure)


def scatter(points: Sequence[Point], x: str, y: str) -> Image.Image | None:
    """Plots labelled points with error bars; None without points or without matplotlib.

    Args:
        points: What to plot.
        x: Label of the axis.
        y: Label of the axis.
    """
    if not points or not _has_matplotlib():
        return None
    figure, axes = _axes(x, y)
    names, xs, ys, errors = zip(*points, strict=True)
    axes.errorbar(xs, ys, errors, fmt="o")
    for name, point in zip(names, zip(xs, ys, strict=True), strict=True):
        axes.annotate(name, point, textcoords="offset points", xytext=(6, 4), fontsize="small")
    return _rendered(figure)


def picture_grid(rows: Sequence[Sequence[Pixels]], side: int) -> Image.Image:
    """Rows of pictures, each scaled to ``side`` pixels.

    Args:
        rows: (H, W, 3) pictures, as many in each row.
        side: Height and width of each, in pixels.
    """
    grid = Image.new("RGB", (side * len(rows[0]), side * len(rows)))
    for down, row in enumerate(rows):
        for across, pixels in enumerate(row):
            small = Image.fromarray(pixels).resize((side, side), Image.Resampling.LANCZOS)
            grid.paste(small, (across * side, down * side))
    return grid


def binned(losses: Sequence[float]) -> tuple[Floats, Floats]:
    """Means over at most 100 bins of neighbouring steps; bins without a loss are left out.

    Returns:
        The middle step of each bin, counted from 1, and its mean.
    """
    bins = np.array_split(np.asarray(losses, np.float64), max(1, min(100, len(losses))))
    ends = np.cumsum([len(each) for each in bins])
    middles = ends - np.array([len(each) - 1 for each in bins]) / 2
    known = [index for index, each in enumerate(bins) if np.isfinite(each).any()]
    return middles[known], np.array([np.nanmean(bins[index]) for index in known])


def _has_matplotlib() -> bool:
    return importlib.util.find_spec("matplotlib") is not None


def _axes(x: str, y: str) -> tuple["Figure", "Axes"]:
    from matplotlib.figure import Figure  # slow to import

    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(alpha=0.3)
    return figure, axes


def _rendered(figure: "Figure") -> Image.Image:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return Image.open(buffer)
