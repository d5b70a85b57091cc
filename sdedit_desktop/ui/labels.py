"""Names of things that the packages below know as values only."""

from collections.abc import Mapping

from sdedit_desktop.document.modes import BlendMode
from sdedit_desktop.ui.translation import marked as _
from sdedit_desktop.ui.translation import translated

_MODES: Mapping[BlendMode, str] = {
    BlendMode.NORMAL: _("Normal"),
    BlendMode.MULTIPLY: _("Multiply"),
    BlendMode.SCREEN: _("Screen"),
    BlendMode.OVERLAY: _("Overlay"),
    BlendMode.DARKEN: _("Darken"),
    BlendMode.LIGHTEN: _("Lighten"),
    BlendMode.COLOR_DODGE: _("Colour dodge"),
    BlendMode.COLOR_BURN: _("Colour burn"),
    BlendMode.HARD_LIGHT: _("Hard light"),
    BlendMode.SOFT_LIGHT: _("Soft light"),
    BlendMode.DIFFERENCE: _("Difference"),
    BlendMode.COLOR: _("Colour"),
    BlendMode.LUMINOSITY: _("Luminosity"),
    BlendMode.HUE: _("Hue"),
    BlendMode.SATURATION: _("Saturation"),
    BlendMode.ADD: _("Addition"),
}
_SOLVERS: Mapping[str, str] = {
    "dpmpp_2m_sde": "DPM++ 2M SDE",
    "dpmpp_2m": "DPM++ 2M",
    "sa_solver": "SA-Solver",
    "ddim": "DDIM",
    "ddpm": "DDPM",
    "ddpm_large": _("DDPM, large variance"),
    "euler_maruyama": "Euler-Maruyama",
    "heun": "Heun",
    "paper": _("SDEdit, the paper's algorithm"),
    "reference": _("SDEdit, the published program"),
}
_DEVICES: Mapping[str, str] = {
    "auto": _("The fastest"),
    "cpu": _("Processor"),
    "cuda": "CUDA",
    "mps": "Metal",
}


def mode_name(mode: BlendMode) -> str:
    """A blend mode in words."""
    return translated(_MODES[mode])


def solver_name(solver: str) -> str:
    """A solver as the literature calls it; its plain name if it is not known here."""
    return translated(_SOLVERS.get(solver, solver))


def device_name(device: str) -> str:
    """Where a network can run, in words."""
    return translated(_DEVICES[device])
