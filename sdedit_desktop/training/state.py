"""The state of a training and its file: weights, average, optimizer and step."""

import contextlib
import copy
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from sdedit_desktop.diffusion.checkpoints.diffusers import save_unet
from sdedit_desktop.diffusion.networks.unet import UNet, UNetConfig
from sdedit_desktop.errors import ModelError
from sdedit_desktop.files import atomic_write
from sdedit_desktop.training.normalization import use_fast_group_norm
from sdedit_desktop.training.optimizers import Optimizer
from sdedit_desktop.training.parametrisation import Parametrisation
from sdedit_desktop.training.recipe import OURS, Recipe
from sdedit_desktop.training.resume import STATE


class TrainingState:
    """A network in training.

    Attributes:
        device: Where it trains.
        network: What is trained.
        average: The moving average of its weights, used for samples and export.
        optimizer: The optimizer with its moments.
        step: Steps made; with the recipe's seed it decides all randomness.
        terms: Target and noise schedule of the network.
    """

    def __init__(
        self,
        network: UNet,
        recipe: Recipe,
        device: torch.device,
        terms: Parametrisation = OURS,
    ) -> None:
        self.device = device
        self.terms = terms
        self.network = network.to(device).to(memory_format=torch.channels_last).train()
        self.average = copy.deepcopy(self.network).eval().requires_grad_(False)
        use_fast_group_norm(self.network)
        self.optimizer = Optimizer(self.network, recipe.weight_decay)
        self.step = 0

    @contextlib.contextmanager
    def holding_variance(self) -> Iterator[None]:
        """Keeps the weights of the learned variance unchanged while the block steps.

        They have no gradients, but weight decay would change them.
        """
        last = list(self.network.conv_out.parameters()) if self.terms.learned_variance else []
        held = [parameter.detach().chunk(2)[1].clone() for parameter in last]
        yield
        with torch.no_grad():
            for parameter, variance in zip(last, held, strict=True):
                parameter.chunk(2)[1].copy_(variance)

    def follow(self, decay: float) -> None:
        """Updates the moving average of the weights."""
        with torch.no_grad():
            torch._foreach_lerp_(
                list(self.average.parameters()), list(self.network.parameters()), 1 - decay
            )

    def save(self, folder: Path) -> None:
        """Writes the state to one file, atomically."""
        path = folder / STATE
        path.parent.mkdir(parents=True, exist_ok=True)
        about = {
            "step": str(self.step),
            "config": json.dumps(asdict(self.network.config)),
            "terms": self.terms.as_json(),
        }
        with atomic_write(path) as new:
            save_file(self._tensors(), new, metadata=about)

    @classmethod
    def load(cls, folder: Path, recipe: Recipe, device: torch.device) -> "TrainingState":
        """Reads what ``save`` wrote.

        Raises:
            ModelError: There is no state, or it is damaged.
        """
        path = folder / STATE
        try:
            with safe_open(path, "pt", device=str(device)) as file:
                about = file.metadata()
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except (OSError, SafetensorError) as error:
            raise ModelError("There is no training to resume in {0}.", folder) from error
        words = json.loads(about["config"])
        words |= {name: tuple(words[name]) for name in ("channels", "attention")}
        terms = Parametrisation.from_json(about["terms"]) if "terms" in about else OURS
        state = cls(UNet(UNetConfig(**words)), recipe, device, terms)
        state.step = int(about["step"])
        state._restore(tensors)
        return state

    def export(self, folder: Path, sample_size: int, dtype: torch.dtype = torch.float16) -> None:
        """Writes the average as a model in diffusers' format.

        The configuration files come last, so that a folder that looks like a model is complete.

        Args:
            folder: Made if missing; each file in it is replaced whole.
            sample_size: Size of the pictures that the model is used at, in pixels.
            dtype: Type of the stored weights.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as name:
            new = Path(name)
            save_unet(
                new,
                self.average,
                sample_size=sample_size,
                prediction=self.terms.target,
                schedule=self.terms.schedule,
                dtype=dtype,
            )
            for path in sorted(new.rglob("*.*"), reverse=True):
                target = folder / path.relative_to(new)
                target.parent.mkdir(exist_ok=True)
                with atomic_write(target) as written:
                    path.replace(written)

    def _tensors(self) -> dict[str, Tensor]:
        tensors = {}
        for part, network in (("network", self.network), ("average", self.average)):
            for name, value in network.state_dict().items():
                tensors[f"{part}.{name}"] = value.contiguous()
        moments = self.optimizer.tensors()
        return tensors | {f"optimizer.{name}": value for name, value in moments.items()}

    def _restore(self, tensors: dict[str, Tensor]) -> None:
        def part(start: str) -> dict[str, Tensor]:
            return {n.removeprefix(start): t for n, t in tensors.items() if n.startswith(start)}

        self.network.load_state_dict(part("network."))
        self.average.load_state_dict(part("average."))
        self.optimizer.restore(part("optimizer."))


def fresh_network(config: UNetConfig, seed: int) -> UNet:
    """Makes a network whose residual branches and output start at zero, which learns faster."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = UNet(config)
    for module in network.modules():
        for branch in ("conv2", "conv_out"):
            last = getattr(module, branch, None)
            if isinstance(last, nn.Conv2d):
                nn.init.zeros_(last.weight)
    return network
