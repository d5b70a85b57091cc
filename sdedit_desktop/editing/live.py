"""What a glance at the brush's effect is made with: little enough to follow the hand."""

from dataclasses import replace

from sdedit_desktop.editing.request import SOLVERS, EditParams

LIVE_CALLS = 6
LIVE_SCALE = 0.5
_FAST_SOLVERS = ("dpmpp_2m_sde", "dpmpp_2m", "sa_solver", "ddim")


def live_params(params: EditParams, *, keeps_seed: bool) -> EditParams:
    """Few calls, one candidate, half the size; the same seed as long as none is chosen.

    What decides how the result looks stays: the model, t0, where it runs and how precisely.
    """
    return replace(
        params,
        calls=min(params.calls, LIVE_CALLS),
        repeats=1,
        resamplings=1,
        solver=params.solver if params.solver in _FAST_SOLVERS else SOLVERS[0],
        seeds=(params.seeds[0] if keeps_seed else 0,),
        scale=params.scale * LIVE_SCALE,
    )
