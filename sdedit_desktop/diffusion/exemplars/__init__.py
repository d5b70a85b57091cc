"""A denoiser that needs no training: the posterior mean under patches of exemplar pictures.

With ``z = x_0 + sigma * n`` a network has to learn ``E[x_0 | z]``. If every patch of ``x_0`` is
equally likely to be any patch ``e_k`` of some exemplar pictures, it is known in closed form::

    E[patch of x_0 | patch q of z] = sum_k w_k e_k,    w_k ~ exp(-|q - e_k|^2 / (2 sigma^2))

Estimates of overlapping patches are averaged. Patches are always as many pixels wide; under much
noise they are patches of a reduced picture, so that what is compared grows with the noise. The mean
colours of what was painted count as one more observation: strokes keep their place and colour.

Sources: Kamb and Ganguli 2024 (an equivariant local score machine explains what diffusion models
create); Niedoba et al. 2024, arXiv 2411.19339 (overlapping patch posteriors); Qiu, Kutulakos and
Lindell 2026, arXiv 2606.04299 (single-image diffusion in closed form, over scales); Barnes et al.
2009 and 2010 (PatchMatch); Granot et al. 2022 (generation by nearest patches, coarse to fine).
"""

from sdedit_desktop.diffusion.exemplars.atlas import (
    BANK_PENALTY,
    MOST_BYTES,
    Atlases,
    Exemplar,
)
from sdedit_desktop.diffusion.exemplars.denoiser import ExemplarDenoiser
from sdedit_desktop.diffusion.exemplars.levels import (
    Preparation,
    edit_in_levels,
    first_size,
    level_sizes,
    refine_in_levels,
)
from sdedit_desktop.diffusion.exemplars.palette import missing_colours
from sdedit_desktop.diffusion.exemplars.search import Search
from sdedit_desktop.errors import ExemplarError

__all__ = [
    "BANK_PENALTY",
    "MOST_BYTES",
    "Atlases",
    "Exemplar",
    "ExemplarDenoiser",
    "ExemplarError",
    "Preparation",
    "Search",
    "edit_in_levels",
    "first_size",
    "level_sizes",
    "missing_colours",
    "refine_in_levels",
]
