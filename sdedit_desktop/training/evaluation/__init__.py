"""How good a model is: photographs it never saw, turned into strokes, edited and compared.

``quick`` looks on while a model is trained; all else is ``sdedit-desktop evaluate``, which measures
as the paper does and writes the model's card. Whatever was made once is kept and found again.
"""

from sdedit_desktop.training.evaluation.dataset import simulate_strokes
from sdedit_desktop.training.evaluation.distances import detail, l2
from sdedit_desktop.training.evaluation.validation import (
    Score,
    edit,
    evaluate,
    held_out_crops,
    model_denoiser,
    table,
)

__all__ = [
    "Score",
    "detail",
    "edit",
    "evaluate",
    "held_out_crops",
    "l2",
    "model_denoiser",
    "simulate_strokes",
    "table",
]
