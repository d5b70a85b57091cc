"""Several processes that train one network together, as ``torchrun`` starts them.

Each draws the same batch and takes its share; gradients and losses are summed over all. So the
result does not depend on how many there are, up to the order of sums.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, distributed

from sdedit_desktop.errors import ParameterError


class Processes(NamedTuple):
    """This process among those that train together.

    Attributes:
        rank: Its number; the first, 0, saves and reports.
        total: How many there are.
    """

    rank: int = 0
    total: int = 1

    def share(self, tensor: Tensor) -> Tensor:
        """The samples of this process: every ``total``-th."""
        return tensor[self.rank :: self.total]

    def add_up(self, tensors: Sequence[Tensor]) -> None:
        """Replaces tensors by their sums over all processes, in one exchange."""
        if self.total == 1:
            return
        together = torch.cat([tensor.reshape(-1) for tensor in tensors])
        distributed.all_reduce(together)
        sizes = [tensor.numel() for tensor in tensors]
        for tensor, added in zip(tensors, torch.split(together, sizes), strict=True):
            tensor.copy_(added.view_as(tensor))

    def any(self, wanted: bool) -> bool:
        """Whether any of the processes wants something."""
        votes = torch.tensor([float(wanted)], device=_device() if self.total > 1 else "cpu")
        self.add_up([votes])
        return bool(votes.item())


def local_device(device: str) -> str:
    """The device of this process: of several cards on a computer, each process has its own."""
    number = os.environ.get("LOCAL_RANK")
    return f"cuda:{number}" if device == "cuda" and number is not None else device


@contextlib.contextmanager
def joined(device: torch.device) -> Iterator[Processes]:
    """Joins the processes that ``torchrun`` has started; alone where it has not.

    Raises:
        ParameterError: They do not find each other.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        yield Processes()
        return
    try:
        if device.type == "cuda":
            torch.cuda.set_device(device)
        distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    except (RuntimeError, ValueError) as error:
        raise ParameterError("The processes do not find each other: {0}.", error) from error
    try:
        yield Processes(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()


def _device() -> torch.device:
    """Where the processes exchange tensors."""
    return torch.device("cuda" if distributed.get_backend() == "nccl" else "cpu")
