"""Renames keys of single-file Stable Diffusion (LDM layout) to those of our networks.

Everything is derived from keys and shapes; such a file has no description.
"""

import re
from collections.abc import Mapping

from torch import Tensor

Weights = dict[str, Tensor]


def part(tree: Mapping[str, Tensor], prefix: str) -> Weights:
    """The weights whose keys have a prefix, without it."""
    return {n.removeprefix(prefix): value for n, value in tree.items() if n.startswith(prefix)}


def count(names: Mapping[str, Tensor], pattern: str) -> int:
    """One more than the largest number that a pattern's group matches in keys; 0 if none."""
    return 1 + max((int(m[1]) for name in names if (m := re.match(pattern, name))), default=-1)


_RESIDUAL = {
    "in_layers.0": "norm1",
    "in_layers.2": "conv1",
    "out_layers.0": "norm2",
    "out_layers.3": "conv2",
    "emb_layers.1": "time_emb_proj",
    "skip_connection": "conv_shortcut",
}
_OUTSIDE = {
    "time_embed.0": "time_embedding.linear_1",
    "time_embed.2": "time_embedding.linear_2",
    "label_emb.0.0": "add_embedding.linear_1",
    "label_emb.0.2": "add_embedding.linear_2",
    "input_blocks.0.0": "conv_in",
    "out.0": "conv_norm_out",
    "out.2": "conv_out",
}


def unet(old: Mapping[str, Tensor]) -> Weights:
    """The U-Net, ``model.diffusion_model.`` in such a file.

    Raises:
        LookupError: A name is none of such a network's.
    """
    rows = count(old, r"output_blocks\.(\d+)\.")
    # The first block that resamples ends the first level.
    ends = (re.fullmatch(r"input_blocks\.(\d+)\.0\.op\.weight", name) for name in old)
    per_level = min((int(found[1]) for found in ends if found), default=rows)
    new = {}
    for name, value in old.items():
        stem, _, kind = name.rpartition(".")
        if stem in _OUTSIDE:
            new[f"{_OUTSIDE[stem]}.{kind}"] = value
        else:
            new[unet_block(name, per_level)] = value
    return new


def unet_block(name: str, per_level: int) -> str:
    """A name of a block of the U-Net, where a level and its resampling are so many blocks.

    Raises:
        LookupError: It is none of such a network's.
    """
    side, *where = name.split(".")
    index = int(where[0])
    if side == "middle_block":
        rest = ".".join(where[1:])
        if index == 1:
            return f"mid_block.attentions.0.{rest}"
        return f"mid_block.resnets.{index // 2}.{_residual(rest)}"
    slot, rest = where[1], ".".join(where[2:])
    down = {"input_blocks": True, "output_blocks": False}[side]
    level, place = divmod(index - down, per_level)
    target = f"{'down' if down else 'up'}_blocks.{level}"
    if rest.startswith("op."):
        return f"{target}.downsamplers.0.conv.{rest.removeprefix('op.')}"
    if rest.startswith("conv."):
        return f"{target}.upsamplers.0.{rest}"
    if slot == "0":
        return f"{target}.resnets.{place}.{_residual(rest)}"
    return f"{target}.attentions.{place}.{rest}"


def _residual(name: str) -> str:
    stem, _, kind = name.rpartition(".")
    return f"{_RESIDUAL[stem]}.{kind}"


_ATTENTION = {
    "norm": "group_norm",
    "q": "to_q",
    "k": "to_k",
    "v": "to_v",
    "proj_out": "to_out.0",
    "query": "to_q",
    "key": "to_k",
    "value": "to_v",
    "proj_attn": "to_out.0",
}
"""LDM's names of the autoencoder's attention, and diffusers' first ones."""
_AUTOENCODER = ("encoder.", "decoder.", "quant_conv.", "post_quant_conv.")


def autoencoder(old: Mapping[str, Tensor]) -> Weights:
    """The autoencoder, ``first_stage_model.`` in such a file, or in diffusers' names already."""
    levels = count(old, r"decoder\.up\.(\d+)\.")
    new = {}
    for name, value in old.items():
        if not name.startswith(_AUTOENCODER):
            continue  # only needed for training
        renamed = name
        if found := re.fullmatch(
            r"(encoder|decoder)\.(down|up)\.(\d+)\.(block|downsample|upsample)\.(.*)", name
        ):
            side, way, level, what, rest = found.groups()
            place = int(level) if way == "down" else levels - 1 - int(level)
            inside = f"resnets.{rest}" if what == "block" else f"{what}rs.0.{rest}"
            renamed = f"{side}.{way}_blocks.{place}.{inside}"
        elif found := re.fullmatch(r"(encoder|decoder)\.mid\.block_(\d)\.(.*)", name):
            renamed = f"{found[1]}.mid_block.resnets.{int(found[2]) - 1}.{found[3]}"
        elif found := re.fullmatch(r"(encoder|decoder)\.mid\.attn_1\.(.*)", name):
            renamed = f"{found[1]}.mid_block.attentions.0.{found[2]}"
        renamed = renamed.replace("nin_shortcut", "conv_shortcut")
        renamed = re.sub(r"\.norm_out\.", ".conv_norm_out.", renamed)
        if ".attentions." in renamed:
            stem, _, kind = renamed.rpartition(".")
            head, _, last = stem.rpartition(".")
            renamed = f"{head}.{_ATTENTION[last]}.{kind}" if last in _ATTENTION else renamed
            value = value.flatten(1) if value.dim() == 4 else value
        new[renamed] = value
    return new


_TEXT = ("embeddings.", "encoder.", "final_layer_norm.", "text_projection.")


def clip(old: Mapping[str, Tensor]) -> Weights:
    """A text encoder of transformers, with or without the wrapper that older versions had."""
    new = {name.removeprefix("text_model."): value for name, value in old.items()}
    return {
        name: value
        for name, value in new.items()
        if name.startswith(_TEXT) and not name.endswith("position_ids")
    }


_OPEN_CLIP = {
    "positional_embedding": "embeddings.position_embedding.weight",
    "token_embedding.weight": "embeddings.token_embedding.weight",
    "ln_final.weight": "final_layer_norm.weight",
    "ln_final.bias": "final_layer_norm.bias",
}
_OPEN_CLIP_LAYER = {
    "attn.out_proj": "self_attn.out_proj",
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
}


def open_clip(old: Mapping[str, Tensor]) -> Weights:
    """A text encoder of OpenCLIP.

    Raises:
        LookupError: A name is none of such a network's.
    """
    new = {}
    for name, value in old.items():
        found = re.fullmatch(r"transformer\.resblocks\.(\d+)\.(.*)", name)
        if name in _OPEN_CLIP:
            new[_OPEN_CLIP[name]] = value
        elif name == "text_projection":
            new["text_projection.weight"] = value.T
        elif found and found[2].startswith("attn.in_proj_"):
            kind = found[2].removeprefix("attn.in_proj_")
            for letter, rows in zip("qkv", value.chunk(3), strict=True):
                new[f"encoder.layers.{found[1]}.self_attn.{letter}_proj.{kind}"] = rows
        elif found:
            stem, _, kind = found[2].rpartition(".")
            new[f"encoder.layers.{found[1]}.{_OPEN_CLIP_LAYER[stem]}.{kind}"] = value
    return new
