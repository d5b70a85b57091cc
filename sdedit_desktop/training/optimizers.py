"""Optimizers: Muon for matrices and kernels, AdamW for the rest."""

import math
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

_MUON_SHARE = 3.0
"""Learning rate of Muon in terms of AdamW's. Stable at 3; other values were not compared."""
_MOMENTUM = 0.95
_QUINTIC = 3.4445, -4.7750, 2.0315
_ITERATIONS = 5
_SMALLEST = 1e-7


class Optimizer:
    """Updates all weights of a network.

    The gradient of a matrix is replaced by the nearest orthogonal matrix, so that all of its
    directions are learned at the same rate (Muon: Jordan et al. 2024; scaled to AdamW's step as in
    Liu et al. 2025). Convolution kernels are matrices with one row per output. AdamW updates the
    first and the last convolution, biases and normalisations.

    A step is split into independent parts, so that threads can share it.
    """

    def __init__(self, network: nn.Module, weight_decay: float) -> None:
        named = list(network.named_parameters())
        self._parameters = [parameter for _, parameter in named]
        self._matrices = {
            index: nn.Parameter(_as_matrix(parameter.detach()))
            for index, (name, parameter) in enumerate(named)
            if parameter.dim() > 1 and name.split(".")[0] not in ("conv_in", "conv_out")
        }
        others = [p for index, p in enumerate(self._parameters) if index not in self._matrices]
        on_card = next(network.parameters()).device.type == "cuda"
        largest_first = sorted(self._matrices.values(), key=_work, reverse=True)
        self._muons: list[torch.optim.Optimizer] = (
            [_muon_of_torch(largest_first, weight_decay)]
            if on_card
            else [_Muon([m], {"lr": 0.0, "weight_decay": weight_decay}) for m in largest_first]
        )
        self._adam = torch.optim.AdamW(
            others, betas=(0.9, 0.99), weight_decay=weight_decay, fused=True
        )

    def parts(self, learning_rate: float) -> list[Callable[[], object]]:
        """The independent parts of one step with the present gradients; each is to be called once.

        The longest come first, so that threads which take one after another end together.

        Args:
            learning_rate: AdamW's; Muon's follows.
        """
        for index, matrix in self._matrices.items():
            gradient = self._parameters[index].grad
            matrix.grad = None if gradient is None else _as_matrix(gradient)
        for group in self._adam.param_groups:
            group["lr"] = learning_rate
        for muon in self._muons:
            for group in muon.param_groups:
                group["lr"] = _MUON_SHARE * learning_rate
        return [*(muon.step for muon in self._muons), self._adam.step]

    def tensors(self) -> dict[str, Tensor]:
        """The state of the optimizer, by "index of the parameter.name"."""
        return {
            f"{index}.{name}": value.contiguous()
            for index, (optimizer, key) in self._keepers().items()
            for name, value in optimizer.state[key].items()
        }

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Restores what ``tensors`` returned; what is missing or of another kind starts anew."""
        keepers = self._keepers()
        for word, value in tensors.items():
            number, _, name = word.partition(".")
            optimizer, key = keepers[int(number)]
            if (name == "momentum_buffer") != (int(number) in self._matrices):
                continue
            if value.dim():  # fused AdamW needs moments with the memory layout of the weights
                value = torch.empty_like(key).copy_(value)
            optimizer.state[key][name] = value

    def _keepers(self) -> dict[int, tuple[torch.optim.Optimizer, nn.Parameter]]:
        """The optimizer and the key of the state of each parameter."""
        owners = {
            id(key): optimizer
            for optimizer in (self._adam, *self._muons)
            for group in optimizer.param_groups
            for key in group["params"]
        }
        keys = {**dict(enumerate(self._parameters)), **self._matrices}
        return {index: (owners[id(key)], key) for index, key in keys.items()}


class _Muon(torch.optim.Optimizer):
    """Muon in float32: torch's own computes in bfloat16, which few processors support."""

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Updates all matrices that have a gradient."""
        for group in self.param_groups:
            for matrix in group["params"]:
                if matrix.grad is None:
                    continue
                memory = self.state[matrix]
                if "momentum_buffer" not in memory:
                    memory["momentum_buffer"] = torch.zeros_like(matrix)
                momentum = memory["momentum_buffer"].lerp_(matrix.grad, 1 - _MOMENTUM)
                direction = orthogonalized(matrix.grad.lerp(momentum, _MOMENTUM))
                length = 0.2 * math.sqrt(max(matrix.shape))  # the average size of AdamW's steps
                matrix.mul_(1 - group["lr"] * group["weight_decay"])
                matrix.add_(direction, alpha=-group["lr"] * length)


def _muon_of_torch(matrices: Sequence[nn.Parameter], weight_decay: float) -> torch.optim.Optimizer:
    """The Muon of torch in bfloat16, for graphics cards; its state has the same names."""
    return torch.optim.Muon(
        matrices,
        lr=0.0,
        weight_decay=weight_decay,
        momentum=_MOMENTUM,
        ns_coefficients=_QUINTIC,
        ns_steps=_ITERATIONS,
        adjust_lr_fn="match_rms_adamw",
    )


def orthogonalized(matrix: Tensor) -> Tensor:
    """Brings all singular values of a matrix near 1, between 0.7 and 1.2.

    Jordan's quintic Newton-Schulz iteration, ``X <- (a + b X X' + c (X X')**2) X``. All its factors
    are polynomials in the first ``X X'``, so they are multiplied in the smaller dimension, and
    ``X`` is multiplied once: half the work or less for kernels, which have many inputs per output.

    Args:
        matrix: (M, N), float32. Singular values below 1/500 of its norm stay smaller.
    """
    if matrix.shape[0] > matrix.shape[1]:
        return orthogonalized(matrix.T).T
    a, b, c = _QUINTIC
    x = matrix / matrix.norm().clamp(min=_SMALLEST)
    gram = x @ x.T
    gathered = torch.eye(len(x), dtype=x.dtype, device=x.device)
    for _ in range(_ITERATIONS):
        factor = torch.addmm(gram, gram, gram, beta=b, alpha=c)
        factor.diagonal().add_(a)
        gathered = factor @ gathered
        gram = factor @ gram @ factor
    result: Tensor = gathered @ x
    return result


def _as_matrix(weights: Tensor) -> Tensor:
    """Views weights as a matrix with one row per output; kernels are channels-last in memory."""
    if weights.dim() == 2:
        return weights
    channels_last = weights.contiguous(memory_format=torch.channels_last)
    return channels_last.permute(0, 2, 3, 1).flatten(1)


def _work(matrix: Tensor) -> int:
    """Cost of orthogonalising a matrix, up to a factor."""
    return min(matrix.shape) * matrix.numel()
