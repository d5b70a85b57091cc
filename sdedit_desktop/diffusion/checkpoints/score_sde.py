"""The ``.pth`` files of score_sde_pytorch: NCSN++, DDPM++ and DDPM as flat lists of modules.

A dictionary {optimizer, model, ema, step}. The average in ``ema`` is a list without names, in the
order of the trained parameters. What the network is made of shows in the sequence of its modules.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

from torch import Tensor

from sdedit_desktop.diffusion.checkpoints.card import Blueprint, Card, Corrections, unwrap
from sdedit_desktop.diffusion.checkpoints.container import Tree
from sdedit_desktop.diffusion.networks.ncsnpp import NCSNppConfig
from sdedit_desktop.diffusion.schedule import VE, VP, Schedule
from sdedit_desktop.errors import ModelError
from sdedit_desktop.texts import Text


class Module(NamedTuple):
    """One module of the list, with its tensors by name."""

    kind: str
    inside: Mapping[str, Tensor]

    def width(self, name: str, dim: int = 0) -> int:
        """Size of one of its tensors."""
        return int(self.inside[name].shape[dim])


def recognise(path: Path, tree: Tree, corrections: Corrections) -> Blueprint | None:
    """Describes such a checkpoint; None if it is none."""
    whole = tree.get("model", tree) if isinstance(tree, Mapping) else {}
    found = unwrap(whole)
    if not any(name.startswith("all_modules.") for name in found):
        return None
    averaged = _average(path, tree, found)
    modules = _modules(averaged or found)
    try:
        config = _config(modules)
    except (LookupError, StopIteration) as error:
        raise ModelError(
            "{0} is no NCSN++, DDPM++ or DDPM that is known here.", path.name
        ) from error
    schedule: Schedule = VP()
    if config.fourier and "sigmas" in found:
        largest, smallest = found["sigmas"].max().item(), found["sigmas"].min().item()
        schedule = VE(2 * smallest, 2 * largest)
    elif config.fourier:
        schedule = VE()
    return Blueprint(
        corrections.apply(_card(path, config, schedule, modules, averaged is not None)),
        schedule,
        config,
        lambda: dict(_rename(path, modules, config)),
    )


def _card(
    path: Path, config: NCSNppConfig, schedule: Schedule, modules: list[Module], ema: bool
) -> Card:
    plain = "DDPM++" if config.residual_resampling else "DDPM"
    note = Text("The file does not say that its noise is variance preserving: it was assumed.")
    coarsest = max((n for n, wanted in enumerate(config.attention) if wanted), default=0)
    return Card(
        name=path.stem,
        family="NCSN++" if config.fourier else plain,
        format=Text("score_sde checkpoint"),
        size=16 << coarsest,  # they all attend at 16 pixels
        multiple=config.multiple,
        parameters=sum(value.numel() for m in modules for value in m.inside.values()),
        prediction="score" if config.fourier else "epsilon",
        ema=ema,
        sigma_min=schedule.sigma_min,
        sigma_max=schedule.sigma_max,
        learned_variance=False,
        path=path,
        notes=() if config.fourier else (note,),
    )


def _average(path: Path, tree: Tree, found: Mapping[str, Tensor]) -> dict[str, Tensor] | None:
    """The averaged weights by name: the nameless list zipped with the trained parameters."""
    average = tree.get("ema") if isinstance(tree, Mapping) else None
    if not isinstance(average, Mapping) or not average.get("shadow_params"):
        return None
    trained = [name for name in found if name not in ("sigmas", "all_modules.0.W")]
    shadows = average["shadow_params"]
    if [found[name].shape for name in trained] != [shadow.shape for shadow in shadows]:
        raise ModelError("In {0} the averaged weights are not those of the network.", path.name)
    return {**found, **dict(zip(trained, shadows, strict=True))}


def _modules(found: Mapping[str, Tensor]) -> list[Module]:
    """The modules in order; those without weights are not in the file."""
    entries: dict[int, dict[str, Tensor]] = {}
    for name, value in found.items():
        if name.startswith("all_modules."):
            _, index, inside = name.split(".", 2)
            entries.setdefault(int(index), {})[inside] = value
    return [Module(_kind(entry), entry) for _, entry in sorted(entries.items())]


def _kind(entry: Mapping[str, Tensor]) -> str:
    if "GroupNorm_1.weight" in entry:
        has_shortcut = "Conv_2.weight" in entry
        inputs, outputs = entry["GroupNorm_0.weight"].shape[0], entry["GroupNorm_1.weight"].shape[0]
        return "resampling block" if has_shortcut and inputs == outputs else "block"
    if "GroupNorm_0.weight" in entry:
        return "attention"
    if "W" in entry:
        return "fourier"
    inner = next((entry[n] for n in _CONVOLUTIONS if n in entry), None)
    if inner is not None:
        return "joint" if inner.shape[-1] == 1 else "resampling"
    return {1: "norm", 2: "linear"}.get(entry["weight"].dim(), "convolution")


_CONVOLUTIONS = ("Conv.weight", "Conv_0.weight", "Conv2d_0.weight")


def _config(modules: list[Module]) -> NCSNppConfig:
    """Reads off what the network is made of.

    Raises:
        LookupError: The sequence is none that a network of this project has.
    """
    fourier = modules[0].kind == "fourier"
    start = modules[3 if fourier else 2]
    runs, joints = _split(modules[4 if fourier else 3 :])
    blocks = sum(module.kind == "block" for module in runs[0])
    # The bottom's run goes on through the middle and into the way up.
    long = 2 * blocks + 3
    bottom = next(n for n, run in enumerate(runs) if sum(m.kind == "block" for m in run) == long)
    channels = tuple(run[0].width("GroupNorm_1.weight") for run in runs[: bottom + 1])
    kinds = [module.kind for module in joints[0]]
    joined = "joint" in kinds
    pairs = [after for here, after in pairwise(modules) if here.kind == "norm"]
    gathered = len(pairs) > 1 and pairs[0].width("weight") == start.width("weight", 1)
    plain = kinds == ["resampling"] and not any("Conv2d_0.weight" in m.inside for m in modules)
    return NCSNppConfig(
        channels=channels,
        attention=tuple(len(run) > 1 and run[1].kind == "attention" for run in runs[: bottom + 1]),
        width=start.width("weight"),
        blocks=blocks,
        picture_channels=start.width("weight", 1),
        input_pyramid="skip" if joined else "residual" if len(kinds) > 1 else "none",
        output_pyramid="skip" if gathered else "residual" if len(pairs) > 1 else "none",
        concatenates=joined and runs[1][0].width("GroupNorm_0.weight") == 2 * channels[0],
        fourier=fourier,
        residual_resampling=kinds[0] == "resampling block",
        # Only DDPM++ and DDPM do without the filter, which has no weights.
        filtered=fourier or len(kinds) > 1 or any("Conv2d_0.weight" in m.inside for m in modules),
        rescales=not plain,
        divides_by_sigma=fourier,
        unit_range=fourier,
        narrow_groups=not plain,
    )


def _split(modules: list[Module]) -> tuple[list[list[Module]], list[list[Module]]]:
    """Runs of blocks and attention, and the modules between them."""
    runs: list[list[Module]] = []
    joints: list[list[Module]] = []
    for is_run, group in groupby(modules, lambda module: module.kind in ("block", "attention")):
        (runs if is_run else joints).append(list(group))
    return runs, joints


def _order(config: NCSNppConfig) -> Iterator[tuple[str, str]]:
    """Kind and name of every module with weights, in the order of the list."""
    if config.fourier:
        yield "fourier", "fourier"
    yield "linear", "time_embedding.linear_1"
    yield "linear", "time_embedding.linear_2"
    yield "convolution", "conv_in"
    resampling = "resampling block" if config.residual_resampling else "resampling"
    levels = len(config.channels)
    for level in range(levels):
        here = f"down_blocks.{level}"
        for block in range(config.blocks):
            yield "block", f"{here}.resnets.{block}"
            if config.attention[level]:
                yield "attention", f"{here}.attentions.{block}"
        if level < levels - 1:
            yield resampling, f"{here}.resample"
            if config.input_pyramid != "none":
                kind = "joint" if config.input_pyramid == "skip" else "resampling"
                yield kind, f"{here}.pyramid"
    yield "block", "mid_block.resnets.0"
    yield "attention", "mid_block.attentions.0"
    yield "block", "mid_block.resnets.1"
    for place, level in enumerate(reversed(range(levels))):
        here = f"up_blocks.{place}"
        for block in range(config.blocks + 1):
            yield "block", f"{here}.resnets.{block}"
        if config.attention[level]:
            yield "attention", f"{here}.attentions.0"
        if config.output_pyramid == "skip" or (config.output_pyramid == "residual" and place == 0):
            yield "norm", f"{here}.pyramid_norm"
            yield "convolution", f"{here}.pyramid"
        elif config.output_pyramid == "residual":
            yield "resampling", f"{here}.pyramid"
        if level > 0:
            yield resampling, f"{here}.resample"
    if config.output_pyramid != "skip":
        yield "norm", "conv_norm_out"
        yield "convolution", "conv_out"


_INSIDE = {
    "block": {
        "GroupNorm_0": "norm1",
        "Conv_0": "conv1",
        "Dense_0": "time_emb_proj",
        "GroupNorm_1": "norm2",
        "Conv_1": "conv2",
        "Conv_2": "conv_shortcut",
        "NIN_0": "conv_shortcut",
    },
    "attention": {
        "GroupNorm_0": "group_norm",
        "NIN_0": "to_q",
        "NIN_1": "to_k",
        "NIN_2": "to_v",
        "NIN_3": "to_out.0",
    },
    "resampling": {"Conv_0": "conv", "Conv2d_0": "conv"},
}
_INSIDE["resampling block"] = _INSIDE["block"]


def _rename(
    path: Path, modules: list[Module], config: NCSNppConfig
) -> Iterator[tuple[str, Tensor]]:
    order = list(_order(config))
    if [module.kind for module in modules] != [kind for kind, _ in order]:
        raise ModelError("{0} is no NCSN++, DDPM++ or DDPM that is known here.", path.name)
    for module, (kind, name) in zip(modules, order, strict=True):
        for old, value in module.inside.items():
            *outer, last = old.split(".")
            inner = [_INSIDE.get(kind, {}).get(part, part) for part in outer]
            if kind == "fourier":
                yield name, value
            elif kind == "joint":
                yield f"{name}.{last}", value
            elif outer and outer[0].startswith("NIN"):  # (inputs, outputs): a product from the left
                is_linear = kind == "attention"
                matrix = value.t() if last == "W" else value
                matrix = matrix if is_linear or last == "b" else matrix[:, :, None, None]
                yield f"{name}.{inner[0]}.{'weight' if last == 'W' else 'bias'}", matrix
            else:
                yield ".".join([name, *inner, last]), value
