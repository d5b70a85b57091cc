"""The ``.pt`` files of OpenAI's guided-diffusion and improved-diffusion, and of their many forks.

Bare ``state_dict``s. Heads, their order and the schedule are not in the file: they are guessed from
the architecture of the published models, and can be corrected (see ``card.Corrections``).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from torch import Tensor

from sdedit_desktop.diffusion.checkpoints.card import Blueprint, Card, Corrections, unwrap
from sdedit_desktop.diffusion.checkpoints.container import Tree
from sdedit_desktop.diffusion.networks.unet import UNetConfig
from sdedit_desktop.diffusion.schedule import DiscreteVP
from sdedit_desktop.errors import ModelError
from sdedit_desktop.texts import Text

_RESIDUAL = {
    "in_layers.0": "norm1",
    "in_layers.2": "conv1",
    "emb_layers.1": "time_emb_proj",
    "out_layers.0": "norm2",
    "out_layers.3": "conv2",
    "skip_connection": "conv_shortcut",
    "op": "conv",
    "conv": "conv",
}


def recognise(path: Path, tree: Tree, corrections: Corrections) -> Blueprint | None:
    """Describes such a checkpoint; None if it is none."""
    found = unwrap(tree)
    if "time_embed.0.weight" not in found or "input_blocks.0.0.weight" not in found:
        return None
    if "label_emb.weight" in found:
        raise ModelError(
            "{0} makes pictures of a given class, which is not supported: use the "
            "unconditional model of the same family.",
            path.name,
        )
    config = _config(found, corrections)
    steps = corrections.steps or 1000
    schedule = (
        DiscreteVP.cosine(steps)
        if corrections.noise_schedule == "cosine"
        # The same range of betas for any number of steps.
        else DiscreteVP.linear(0.1 / steps, 20 / steps, steps)
    )
    levels = [level for level, wanted in enumerate(config.attention) if wanted] or [0]
    card = Card(
        name=path.stem,
        family="guided-diffusion" if config.residual_resampling else "improved-diffusion",
        format=Text("OpenAI checkpoint"),
        size=(16 if len(levels) == 1 else 8) << levels[-1],  # as the published ones attend
        multiple=config.multiple,
        parameters=sum(value.numel() for value in found.values()),
        prediction="epsilon",
        ema="ema" in path.stem or None,
        sigma_min=schedule.sigma_min,
        sigma_max=schedule.sigma_max,
        learned_variance=config.out_channels == 2 * config.in_channels,
        path=path,
        notes=_guesses(config, corrections),
    )
    return Blueprint(
        corrections.apply(card),
        schedule,
        config,
        lambda: dict(_rename(found, config, corrections.new_attention_order or False)),
    )


def _config(found: Mapping[str, Tensor], corrections: Corrections) -> UNetConfig:
    outputs = 1 + max(int(name.split(".")[1]) for name in found if name.startswith("output_blocks"))
    levels = 1 + sum(
        name.endswith((".conv.weight", ".in_layers.0.weight")) and name.split(".")[2] != "0"
        for name in found
        if name.startswith("output_blocks.")
    )
    rows = outputs // levels  # residual blocks and one resampling, on each level
    channels = tuple(
        found[f"input_blocks.{level * rows + 1}.0.out_layers.3.weight"].shape[0]
        for level in range(levels)
    )
    resampling = levels > 1 and f"input_blocks.{rows}.0.in_layers.0.weight" in found
    head_channels = corrections.head_channels
    if head_channels is None and corrections.heads is None and resampling:
        head_channels = 64 if all(width % 64 == 0 for width in channels) else None
    return UNetConfig(
        channels=channels,
        attention=tuple(
            f"input_blocks.{level * rows + 1}.1.qkv.weight" in found for level in range(levels)
        ),
        blocks=rows - 1,
        in_channels=found["input_blocks.0.0.weight"].shape[1],
        out_channels=found["out.2.weight"].shape[0],
        head_channels=head_channels,
        heads=corrections.heads or 4,
        eps=1e-5,
        cosine_first=True,
        frequency_shift=0.0,
        asymmetric_padding=False,
        scale_shift=found["input_blocks.1.0.emb_layers.1.weight"].shape[0] == 2 * channels[0],
        residual_resampling=resampling,
        time_width=found["time_embed.0.weight"].shape[1],
    )


def _guesses(config: UNetConfig, corrections: Corrections) -> tuple[str, ...]:
    guesses = []
    if corrections.heads is None and corrections.head_channels is None:
        if config.head_channels:
            guesses.append(
                Text(
                    "The heads of attention are not in the file: {0} channels each was assumed.",
                    config.head_channels,
                )
            )
        else:
            guesses.append(Text("The heads of attention are not in the file: 4 were assumed."))
    if corrections.noise_schedule is None:
        guesses.append(Text("The schedule is not in the file: linear in 1000 steps was assumed."))
    return tuple(guesses)


def _rename(
    found: Mapping[str, Tensor], config: UNetConfig, new_order: bool
) -> Iterator[tuple[str, Tensor]]:
    rows = config.blocks + 1
    for old, value in found.items():
        first, *rest = old.split(".")
        kind = rest[-1]
        if first == "time_embed":
            yield f"time_embedding.linear_{1 + int(rest[0]) // 2}.{kind}", value
        elif first == "out":
            yield f"{'conv_norm_out' if rest[0] == '0' else 'conv_out'}.{kind}", value
        elif old.startswith("input_blocks.0.0."):
            yield f"conv_in.{kind}", value
        elif first == "middle_block":
            part = {"0": "resnets.0", "1": "attentions.0", "2": "resnets.1"}[rest[0]]
            yield from _part(f"mid_block.{part}", rest[1:], value, config, new_order)
        else:
            is_input, index = first == "input_blocks", int(rest[0]) - (first == "input_blocks")
            block = f"{'down' if is_input else 'up'}_blocks.{index // rows}"
            attends, place = rest[2] in ("norm", "qkv", "proj_out"), index % rows
            if attends:
                part = f"attentions.{place}"
            elif is_input and place == config.blocks:
                part = "downsamplers.0"
            elif not is_input and rest[1] != "0":
                part = "upsamplers.0"
            else:
                part = f"resnets.{place}"
            yield from _part(f"{block}.{part}", rest[2:], value, config, new_order)


def _part(
    target: str, rest: list[str], value: Tensor, config: UNetConfig, new_order: bool
) -> Iterator[tuple[str, Tensor]]:
    kind = rest[-1]
    inner = ".".join(rest[:-1])
    if inner == "norm":
        yield f"{target}.group_norm.{kind}", value
    elif inner == "proj_out":
        yield f"{target}.to_out.0.{kind}", value.squeeze(-1)
    elif inner == "qkv":
        heads = config.heads_of(value.shape[0] // 3)
        for name, third in zip("qkv", _thirds(value, heads, new_order), strict=True):
            yield f"{target}.to_{name}.{kind}", third
    else:
        yield f"{target}.{_RESIDUAL.get(inner, inner)}.{kind}", value


def _thirds(value: Tensor, heads: int, new_order: bool) -> tuple[Tensor, ...]:
    """Query, key and value: three blocks in the new order, three per head in the old."""
    matrix = value.squeeze(-1) if value.dim() == 3 else value
    if new_order:
        return matrix.chunk(3)
    rows = matrix.reshape(heads, 3, -1, *matrix.shape[1:])
    return tuple(part.flatten(0, 1) for part in rows.unbind(1))
