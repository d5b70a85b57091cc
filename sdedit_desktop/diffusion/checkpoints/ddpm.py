"""The ``.ckpt`` files of SDEdit, DDIM and their relatives: DDPM's U-Net by its first names.

Either a bare ``state_dict``, or DDIM's list [weights, optimiser, epoch, step, average].
"""

import re
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from sdedit_desktop.diffusion.checkpoints.card import Blueprint, Card, Corrections, unwrap
from sdedit_desktop.diffusion.checkpoints.container import Tree
from sdedit_desktop.diffusion.networks.unet import UNetConfig
from sdedit_desktop.diffusion.schedule import DiscreteVP
from sdedit_desktop.texts import Text

_RENAMED = (
    (r"^temb\.dense\.0", "time_embedding.linear_1"),
    (r"^temb\.dense\.1", "time_embedding.linear_2"),
    (r"^norm_out", "conv_norm_out"),
    (r"^mid\.block_1", "mid_block.resnets.0"),
    (r"^mid\.block_2", "mid_block.resnets.1"),
    (r"^mid\.attn_1", "mid_block.attentions.0"),
    (r"^(down|up)\.(\d+)\.block", r"\1_blocks.\2.resnets"),
    (r"^(down|up)\.(\d+)\.attn", r"\1_blocks.\2.attentions"),
    (r"^(down|up)\.(\d+)\.(down|up)sample", r"\1_blocks.\2.\3samplers.0"),
    (r"\.temb_proj\.", ".time_emb_proj."),
    (r"\.nin_shortcut\.", ".conv_shortcut."),
    (r"(attentions\.\d+)\.norm\.", r"\1.group_norm."),
    (r"(attentions\.\d+)\.(q|k|v)\.", r"\1.to_\2."),
    (r"(attentions\.\d+)\.proj_out\.", r"\1.to_out.0."),
)


def recognise(path: Path, tree: Tree, corrections: Corrections) -> Blueprint | None:
    """Describes such a checkpoint; None if it is none."""
    average = None
    if isinstance(tree, list | tuple) and tree and isinstance(tree[0], Mapping):
        average = isinstance(tree[-1], Mapping) and len(tree) > 1
        tree = tree[-1] if average else tree[0]
    found = unwrap(tree)
    if "temb.dense.0.weight" not in found or "conv_in.weight" not in found:
        return None
    config = _config(found)
    schedule = DiscreteVP.linear()
    coarsest = max((n for n, wanted in enumerate(config.attention) if wanted), default=0)
    card = Card(
        name=path.stem,
        family="DDPM",
        format=Text("DDIM training state")
        if average is not None
        else Text("SDEdit or DDIM checkpoint"),
        size=16 << coarsest,  # they all attend at 16 pixels
        multiple=config.multiple,
        parameters=sum(value.numel() for value in found.values()),
        prediction="epsilon",
        ema=average,
        sigma_min=schedule.sigma_min,
        sigma_max=schedule.sigma_max,
        learned_variance=False,
        path=path,
        notes=(
            Text("The schedule is not in the file: DDPM's, linear in 1000 steps, was assumed."),
        ),
    )
    return Blueprint(corrections.apply(card), schedule, config, lambda: _rename(found, config))


def _config(found: Mapping[str, Tensor]) -> UNetConfig:
    levels = 0
    while f"down.{levels}.block.0.conv1.weight" in found:
        levels += 1
    blocks = 0
    while f"down.0.block.{blocks}.conv1.weight" in found:
        blocks += 1
    return UNetConfig(
        channels=tuple(
            found[f"down.{level}.block.0.conv1.weight"].shape[0] for level in range(levels)
        ),
        attention=tuple(f"down.{level}.attn.0.q.weight" in found for level in range(levels)),
        blocks=blocks,
        in_channels=found["conv_in.weight"].shape[1],
        out_channels=found["conv_out.weight"].shape[0],
        time_width=found["temb.dense.0.weight"].shape[1],
    )


def _rename(found: Mapping[str, Tensor], config: UNetConfig) -> dict[str, Tensor]:
    renamed = {}
    for old, value in found.items():
        name = old
        for pattern, replacement in _RENAMED:
            name = re.sub(pattern, replacement, name)
        if name.startswith("up_blocks."):  # counted from the finest level there
            _, level, rest = name.split(".", 2)
            name = f"up_blocks.{len(config.channels) - 1 - int(level)}.{rest}"
        is_matrix = ".attentions." in name and value.dim() == 4
        renamed[name] = value[:, :, 0, 0] if is_matrix else value
    return renamed
