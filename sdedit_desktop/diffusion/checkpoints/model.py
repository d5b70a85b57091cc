"""A checkpoint, opened."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sdedit_desktop.diffusion.checkpoints.card import Blueprint, Card
from sdedit_desktop.diffusion.denoiser import Denoiser, VEDenoiser, VPDenoiser, layout_of
from sdedit_desktop.diffusion.interruption import Check, never
from sdedit_desktop.diffusion.prompt import Conditioning, Prompt
from sdedit_desktop.diffusion.schedule import VE, Schedule
from sdedit_desktop.diffusion.space import Pixels, Space
from sdedit_desktop.errors import ModelError


@dataclass(frozen=True, eq=False)
class Model:
    """A network and what is needed to use it.

    Attributes:
        network: In evaluation mode, on its device.
        schedule: Its noise levels.
        card: Facts about it.
        dtype: Type it computes in.
    """

    network: nn.Module
    schedule: Schedule
    card: Card
    dtype: torch.dtype

    @property
    def space(self) -> Space:
        """The space it works in."""
        return Pixels()

    def condition(self, _prompt: Prompt, _guide: Tensor, _mask: Tensor) -> Conditioning | None:
        """Prepares the conditioning of the network; once per job is enough.

        Args:
            _prompt: The words.
            _guide: (1, 3, H, W) in [-1, 1].
            _mask: (1, 1, H, W) in [0, 1], 1 = may change.

        Returns:
            What ``denoiser`` takes; None from a model that takes nothing.
        """
        return None

    def trial(self) -> tuple[tuple[int, ...], Conditioning | None]:
        """A small input for trials, half as large as what the model was made for.

        Returns:
            Its shape, (1, C, H, W), and a conditioning for the network.
        """
        return (1, 3, *[self.trial_side] * 2), None

    @property
    def trial_side(self) -> int:
        """Height and width in pixels of a trial input."""
        multiple = self.card.multiple
        return max(1, self.card.size // 2 // multiple) * multiple

    def denoiser(self, clip: bool = True, conditioning: Conditioning | None = None) -> Denoiser:
        """The network as samplers use it.

        Args:
            clip: Whether denoised pictures are clipped to [-1, 1].
            conditioning: See ``condition``.
        """
        match self.card.prediction:
            case "score" if isinstance(self.schedule, VE):
                return VEDenoiser(self.network, self.schedule, clip=clip, dtype=self.dtype)
            case "epsilon" | "v_prediction" | "sample" as target:
                return VPDenoiser(
                    self.network,
                    self.schedule,
                    target,
                    learned_variance=self.card.learned_variance,
                    clip=clip,
                    dtype=self.dtype,
                )
            case other:
                raise ModelError(
                    "{0} predicts '{1}', which is not known here.", self.card.name, other
                )


def build(blueprint: Blueprint, device: torch.device, dtype: torch.dtype, check: Check) -> Model:
    """Builds, loads and places the network; polls ``check`` in between.

    Raises:
        ModelError: The weights are not those of the network.
    """
    with torch.device("meta"):
        network = blueprint.build()
    fill(network, blueprint.card, blueprint.weights(), device, dtype, check)
    return Model(network, blueprint.schedule, blueprint.card, dtype)


def fill(
    network: nn.Module,
    card: Card,
    found: Mapping[str, Tensor],
    device: torch.device,
    dtype: torch.dtype,
    check: Check = never,
) -> None:
    """Loads the weights of a network that was created without values.

    ``check`` is polled before each array.

    Raises:
        ModelError: The weights are not those of the network.
    """
    expected = network.state_dict()
    trained = {name for name, _ in network.named_parameters()}
    check_weights(card, expected, found)
    check_storage(card, found)
    for name in expected:
        check()
        kind = dtype if name in trained else torch.float32  # time embeddings need full precision
        expected[name] = _settle(found[name], device, kind)
    network.load_state_dict(expected, assign=True)
    network.eval().requires_grad_(False)


def check_weights(card: Card, expected: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> None:
    """Compares keys and shapes before anything is copied.

    Raises:
        ModelError: Weights are missing, left over or of another shape.
    """
    for name, value in expected.items():
        if name not in found:
            raise ModelError("{0} is incomplete: the weights '{1}' are missing.", card.name, name)
        if found[name].shape != value.shape:
            raise ModelError(
                "{0} does not fit its own description: '{1}' has the shape {2}, not {3}.",
                card.name,
                name,
                tuple(found[name].shape),
                tuple(value.shape),
            )
    if surplus := sorted(set(found) - set(expected)):
        raise ModelError(
            "{0} has weights that are not known here, such as '{1}'.", card.name, surplus[0]
        )


def check_storage(card: Card, found: Mapping[str, Tensor]) -> None:
    """Makes sure that the file holds as many values as it promises, each of them once.

    Raises:
        ModelError: A few stored values pose as many.
    """
    storages = [value.untyped_storage() for value in found.values()]
    held = sum({storage.data_ptr(): storage.nbytes() for storage in storages}.values())
    if sum(value.numel() * value.element_size() for value in found.values()) > held:
        raise ModelError("{0} is damaged: it promises more weights than it holds.", card.name)


def _settle(value: Tensor, device: torch.device, dtype: torch.dtype) -> Tensor:
    layout = layout_of(dtype) if value.dim() == 4 else torch.contiguous_format
    return torch.empty_like(value, device=device, dtype=dtype, memory_format=layout).copy_(value)
