"""LoRA (Hu et al. 2022): small changes to a model's weights, in files of their own.

A weight W becomes ``W + strength * alpha / rank * up @ down``. Files name their layers in one of
three ways: kohya's, flat and with diffusers' or LDM's names; PEFT's; and diffusers' first.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from sdedit_desktop.diffusion.checkpoints import ldm_keys
from sdedit_desktop.diffusion.checkpoints.card import unwrap
from sdedit_desktop.diffusion.checkpoints.container import read_tree
from sdedit_desktop.diffusion.prompt import Lora
from sdedit_desktop.errors import ModelError

UNET = "unet"
"""The name of the network; the text encoders are "text0" and "text1"."""

_PARTS = (
    ("lora_unet_", UNET),
    ("lora_te1_", "text0"),
    ("lora_te2_", "text1"),
    ("lora_te_", "text0"),
    ("unet.", UNET),
    ("text_encoder_2.", "text1"),
    ("text_encoder.", "text0"),
)
_ENDINGS = {
    "lora_down.weight": "down",
    "lora_up.weight": "up",
    "lora_A.weight": "down",
    "lora_B.weight": "up",
    "lora.down.weight": "down",
    "lora.up.weight": "up",
    "lora_linear_layer.down.weight": "down",
    "lora_linear_layer.up.weight": "up",
    "alpha": "alpha",
}
_FIRST_DIFFUSERS = re.compile(r"\.processor\.(to_q|to_k|to_v|to_out)_lora\.(down|up)\.weight$")


class _Change(NamedTuple):
    """The change of a layer's weight: ``scale * up @ down``."""

    down: Tensor
    up: Tensor
    scale: float

    def delta(self, like: Tensor) -> Tensor:
        """The change in the shape of a weight, in float32."""
        up, down = self.up.float().flatten(1), self.down.float().flatten(1)
        return (self.scale * (up @ down)).view(like.shape)


Changes = Mapping[str, Mapping[str, _Change]]
"""The changes by part of the model and flat name of the layer."""


def read(path: Path) -> Changes:
    """Reads a LoRA.

    Raises:
        ModelError: It is damaged, or of a kind that is not known here.
    """
    layers: dict[tuple[str, str], dict[str, Tensor]] = {}
    for name, value in unwrap(read_tree(path)[0]).items():
        key = _key(name)
        if key is None:
            raise ModelError(
                "{0} is no LoRA of a kind that is known here: it has '{1}'.", path.name, name
            )
        part, layer, role = key
        layers.setdefault((part, layer), {})[role] = value
    found: dict[str, dict[str, _Change]] = {}
    for (part, layer), held in layers.items():
        if not {"down", "up"} <= held.keys() or held["up"].shape[1] != held["down"].shape[0]:
            raise ModelError("{0} is incomplete: half of '{1}' is missing.", path.name, layer)
        rank = held["down"].shape[0]
        scale = held["alpha"].float().item() / rank if "alpha" in held else 1.0
        found.setdefault(part, {})[layer] = _Change(held["down"], held["up"], scale)
    if not found:
        raise ModelError("{0} holds no weights.", path.name)
    return found


def _key(name: str) -> tuple[str, str, str] | None:
    """Part, flat name of the layer, and which factor of the change a tensor is."""
    first = _FIRST_DIFFUSERS.search(name)
    if first is not None:
        layer = f"{first[1]}_0" if first[1] == "to_out" else first[1]
        name = f"{name[: first.start()]}.{layer}.lora.{first[2]}.weight"
    for prefix, part in _PARTS:
        if not name.startswith(prefix):
            continue
        for ending, role in _ENDINGS.items():
            if name.endswith(f".{ending}"):
                layer = name[len(prefix) : -len(ending) - 1]
                flat = layer.replace(".", "_").removeprefix("text_model_")
                return part, flat, role
    return None


def merge(network: nn.Module, part: str, loras: Iterable[Lora]) -> set[str]:
    """Adds changes to a network's weights, in place.

    Args:
        network: A part of a model.
        part: Which one, as ``read`` calls it.
        loras: Several may change the same weight.

    Returns:
        Names of the weights that were changed.

    Raises:
        ModelError: A LoRA is not for such a model.
    """
    weights = {
        name.removesuffix(".weight").replace(".", "_"): (name, value)
        for name, value in network.named_parameters()
        if name.endswith(".weight")
    }
    changed: set[str] = set()
    for path, strength in loras:
        for layer, change in read(path).get(part, {}).items():
            place = weights.get(layer) or weights.get(_of_ldm(layer, network))
            if place is None or place[1].numel() != len(change.up) * change.down[0].numel():
                raise ModelError("{0} is a LoRA for another model.", path.name)
            name, weight = place
            with torch.inference_mode():
                fresh = weight.detach().float().cpu() + strength * change.delta(weight)
                weight.data.copy_(fresh)
            changed.add(name)
    return changed


def _of_ldm(layer: str, network: nn.Module) -> str:
    """The flat diffusers name of a layer with an LDM name such as ``input_blocks_4_1_proj_in``."""
    blocks = getattr(getattr(network, "config", None), "blocks", None)
    found = re.match(
        r"(input_blocks|output_blocks)_(\d+)_(\d+)_(.*)|middle_block_(\d+)_(.*)", layer
    )
    if found is None or blocks is None:
        return layer
    where = (found[1], found[2], found[3]) if found[1] else ("middle_block", found[5])
    rest = re.sub(r"^(in_layers|emb_layers|out_layers)_(\d)$", r"\1.\2", found[4] or found[6])
    try:
        named = ldm_keys.unet_block(".".join([*where, f"{rest}.weight"]), blocks + 1)
    except LookupError:
        return layer
    return named.removesuffix(".weight").replace(".", "_")
