"""Sheets of pictures, and the curve of realism over faithfulness."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sdedit_desktop.training.photographs import Pixels

_INK, _PAPER, _RULE, _CURVE, _OTHER = "#333333", "#ffffff", "#dddddd", "#1f6fb5", "#b5541f"
_MARGIN = 64
_GAP = 4
_HEAD = 20


class Point(NamedTuple):
    """A place in the plot.

    Attributes:
        name: Written beside it.
        x: Faithfulness.
        y: Realism.
        error: Standard error of ``y``.
        on_curve: Whether the curve goes through it.
    """

    name: str
    x: float
    y: float
    error: float
    on_curve: bool


def sheet(
    columns: Sequence[Sequence[Pixels]], names: Sequence[str], side: int = 160
) -> Image.Image:
    """Pictures in columns, each reduced to ``side`` pixels.

    Args:
        columns: (H, W, 3) each.
        names: Of the rows, written on their left.
        side: Height and width of each picture, in pixels.
    """
    step = side + _GAP
    size = _HEAD + len(columns) * step - _GAP, len(names) * step - _GAP
    picture = Image.new("RGB", size, _PAPER)
    for top, name in enumerate(names):
        label = Image.new("RGB", (side, _HEAD), _PAPER)
        ImageDraw.Draw(label).text((side / 2, 9), name, _INK, anchor="mm", font=_font(13))
        picture.paste(label.transpose(Image.Transpose.ROTATE_90), (0, top * step))
    for left, column in enumerate(columns):
        for top, pixels in enumerate(column):
            small = Image.fromarray(pixels).resize((side, side), Image.Resampling.LANCZOS)
            picture.paste(small, (_HEAD + left * step, top * step))
    return picture


def pairs(
    firsts: Sequence[Pixels],
    seconds: Sequence[Pixels],
    notes: Sequence[str],
    across: int = 6,
    side: int = 96,
) -> Image.Image:
    """Two pictures side by side, again and again, with a note below each pair."""
    width, height = 2 * side + 3 * _GAP, side + _HEAD
    down = -(-len(firsts) // across)
    picture = Image.new("RGB", (min(across, len(firsts)) * width - 3 * _GAP, down * height), _PAPER)
    draw = ImageDraw.Draw(picture)
    for index, (first, second, note) in enumerate(zip(firsts, seconds, notes, strict=True)):
        left, top = index % across * width, index // across * height
        for place, pixels in enumerate((first, second)):
            small = Image.fromarray(pixels).resize((side, side), Image.Resampling.LANCZOS)
            picture.paste(small, (left + place * side, top))
        draw.text((left + 2, top + side + 2), note, fill=_INK, font=_font(12))
    return picture


def plot(
    points: Sequence[Point], axes: tuple[str, str], size: tuple[int, int] = (800, 560)
) -> Image.Image:
    """Draws points with error bars, and a curve through those that are on it, in their order.

    Args:
        points: At least one.
        axes: What is measured along x and along y.
        size: Width and height of the picture.
    """
    picture = Image.new("RGB", size, _PAPER)
    draw = ImageDraw.Draw(picture)
    right, bottom = size[0] - _MARGIN, size[1] - _MARGIN
    furthest = max(point.x for point in points) * 1.05 or 1.0
    lowest = min(0.0, *(point.y - point.error for point in points))
    highest = max(point.y + point.error for point in points) * 1.05 or 1.0

    def place(x: float, y: float) -> tuple[float, float]:
        height = (y - lowest) / (highest - lowest)
        return _MARGIN + x / furthest * (right - _MARGIN), bottom - height * (bottom - _MARGIN / 2)

    for y in _ticks(lowest, highest):
        draw.line([place(0, y), place(furthest, y)], fill=_RULE)
        draw.text((_MARGIN - 8, place(0, y)[1]), f"{y:g}", fill=_INK, anchor="rm", font=_font(12))
    for x in _ticks(0, furthest):
        draw.text((place(x, 0)[0], bottom + 14), f"{x:g}", fill=_INK, anchor="mm", font=_font(12))
    curve = [place(point.x, point.y) for point in points if point.on_curve]
    if len(curve) > 1:
        draw.line(curve, fill=_CURVE, width=2)
    for point in points:
        colour = _CURVE if point.on_curve else _OTHER
        x, y = place(point.x, point.y)
        draw.line(
            [place(point.x, point.y - point.error), place(point.x, point.y + point.error)],
            fill=colour,
        )
        draw.circle((x, y), 4, fill=colour)
        draw.text((x + 9, y - 4), point.name, fill=_INK, anchor="lb", font=_font(13))
    draw.text(((_MARGIN + right) / 2, size[1] - 20), axes[0], _INK, anchor="mm", font=_font(14))
    draw.text((_MARGIN - 40, 8), axes[1], fill=_INK, font=_font(14))
    return picture


def _ticks(low: float, high: float) -> list[float]:
    rough = (high - low) / 6
    power = 10 ** np.floor(np.log10(rough))
    step = min((1, 2, 5, 10), key=lambda nice: abs(nice * power - rough)) * power
    first = np.ceil(low / step - 1e-9)
    # Adding 0 makes 0 of -0.
    return [float(step * tick) + 0.0 for tick in np.arange(first, high / step + 1e-9)]


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
