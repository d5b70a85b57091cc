"""How many pictures a step makes besides the network: what they cost grows with the picture."""

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.diffusion.schedule import VP, noise_levels
from sdedit_desktop.diffusion.sdedit import sdedit
from sdedit_desktop.diffusion.solvers import SOLVERS

MOST = {
    "ddim": 6,
    "heun": 8,
    "dpmpp_2m": 9,
    "ddpm": 10,
    "ddpm_large": 10,
    "euler_maruyama": 10,
    "dpmpp_2m_sde": 13,
    "sa_solver": 37,
}
"""Pictures per step, of which holding the pixels outside the mask takes three, and noise two."""


class Allocations(TorchDispatchMode):
    """Counts new tensors as large as the picture."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size, self.count = size, 0

    def __torch_dispatch__(self, function, types, arguments=(), options=None):
        made = function(*arguments, **(options or {}))
        known = {_storage(each) for each in arguments if isinstance(each, torch.Tensor)}
        if isinstance(made, torch.Tensor) and made.numel() >= self.size:
            self.count += _storage(made) not in known
        return made


def _storage(tensor: torch.Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def counted(name: str, calls: int) -> int:
    guide, mask = torch.zeros(1, 3, 32, 32), torch.ones(1, 1, 32, 32)
    mask[..., :8] = 0
    sigmas = noise_levels(VP(), 0.5, calls)
    with Allocations(guide.numel()) as found:
        for _ in sdedit(
            lambda z, _sigma: z,
            guide,
            mask,
            sigmas=sigmas,
            solver=SOLVERS[name],
            noise=SeededNoise([0]),
        ):
            pass
    return found.count


@pytest.mark.parametrize("name", SOLVERS)
def test_a_step_makes_few_pictures(name):
    steps = counted(name, 30) - counted(name, 20)  # sa_solver needs that many
    assert 0 < steps <= 10 * MOST[name]
