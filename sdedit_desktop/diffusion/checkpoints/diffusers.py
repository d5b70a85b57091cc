"""Folders as diffusers writes them, our own format too: ``config.json`` and safetensors.

Either everything lies flat in one folder, or in ``unet/`` and ``scheduler/`` below it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import save_file
from torch import Tensor

from sdedit_desktop.diffusion.checkpoints.card import Blueprint, Card
from sdedit_desktop.diffusion.checkpoints.container import MALFORMED, read_tree
from sdedit_desktop.diffusion.checkpoints.schedulers import schedule_of, scheduler_json
from sdedit_desktop.diffusion.networks.ncsnpp import NCSNppConfig
from sdedit_desktop.diffusion.networks.unet import UNet, UNetConfig
from sdedit_desktop.diffusion.schedule import DiscreteVP
from sdedit_desktop.errors import ModelError
from sdedit_desktop.files import read_regular
from sdedit_desktop.texts import Text

WEIGHTS = "diffusion_pytorch_model.safetensors"
WEIGHTS_OF_OLD = "diffusion_pytorch_model.bin"
_WIDEST_PATCH = 16
_LONGEST_DESCRIPTION_BYTES = 16 << 20


def save_unet(
    folder: Path,
    network: UNet,
    *,
    sample_size: int,
    prediction: str,
    schedule: DiscreteVP | None = None,
    dtype: torch.dtype = torch.float16,
) -> None:
    """Writes ``unet/`` and ``scheduler/`` into ``folder``.

    Args:
        folder: Made if missing; files in it are replaced.
        network: What to save.
        sample_size: The picture size it was made for, in pixels.
        prediction: What it predicts: "epsilon", "v_prediction" or "sample".
        schedule: Its levels of noise; DDPM's own by default.
        dtype: Type of the stored weights.

    Raises:
        ModelError: ``UNet2DModel`` has no words for such a network.
    """
    words = unet_json(network.config, sample_size)
    plan = scheduler_json(prediction, schedule, learned_variance=network.config.learns_variance)
    unet, scheduler = folder / "unet", folder / "scheduler"
    for part in (unet, scheduler):
        part.mkdir(parents=True, exist_ok=True)
    save_file(stored(network, dtype), unet / WEIGHTS, metadata={"format": "pt"})
    _write_json(unet / "config.json", words)
    _write_json(scheduler / "scheduler_config.json", plan)
    _write_json(
        folder / "model_index.json",
        {
            "_class_name": "DDPMPipeline",
            "scheduler": ["diffusers", "DDPMScheduler"],
            "unet": ["diffusers", "UNet2DModel"],
        },
    )


def unet_json(config: UNetConfig, sample_size: int) -> dict[str, Any]:
    """``config`` in the words of ``UNet2DModel``.

    It has none for ``patch``: there the network is one for pictures that are as many times
    smaller and have the squares' pixels as channels (``pixel_unshuffle``); a word of ours says so.

    Raises:
        ModelError: It has no words for such a network.
    """
    depth = config.patch**2
    patch = {"patch_size": config.patch} if config.patch > 1 else {}
    plain = ("ResnetDownsampleBlock2D", "ResnetUpsampleBlock2D")
    if not config.residual_resampling:
        plain = ("DownBlock2D", "UpBlock2D")
    down = ["AttnDownBlock2D" if wanted else plain[0] for wanted in config.attention]
    up = ["AttnUpBlock2D" if wanted else plain[1] for wanted in reversed(config.attention)]
    resampling = "resnet" if config.residual_resampling else "conv"
    return {
        "_class_name": "UNet2DModel",
        "act_fn": "silu",
        "add_attention": config.middle_attention,
        "attention_head_dim": _head_channels(config),
        "attn_norm_num_groups": config.groups if config.scale_shift else None,
        "block_out_channels": list(config.channels),
        "center_input_sample": False,
        "down_block_types": down,
        "downsample_padding": 0 if config.asymmetric_padding else 1,
        "downsample_type": resampling,
        "dropout": 0.0,
        "flip_sin_to_cos": config.cosine_first,
        "freq_shift": config.frequency_shift,
        "in_channels": config.in_channels * depth,
        "layers_per_block": config.blocks,
        "mid_block_scale_factor": 1,
        "norm_eps": config.eps,
        "norm_num_groups": config.groups,
        "out_channels": config.out_channels * depth,
        "resnet_time_scale_shift": "scale_shift" if config.scale_shift else "default",
        "sample_size": sample_size // config.patch,
        "time_embedding_type": "positional",
        "up_block_types": up,
        "upsample_type": resampling,
        **patch,
    }


def unet_config(words: Mapping[str, Any]) -> UNetConfig:
    """The network described by a ``UNet2DModel``'s ``config.json``."""
    down = words["down_block_types"]
    channels = tuple(words["block_out_channels"])
    resampling = words.get("downsample_type", "conv")
    plain = "ResnetDownsampleBlock2D" if resampling == "resnet" else "DownBlock2D"
    if set(down) - {plain, "AttnDownBlock2D"}:
        raise ModelError("This U-Net has blocks that are not known here: {0}.", ", ".join(down))
    patch = _patch(words)
    return UNetConfig(
        channels=channels,
        attention=tuple(block.startswith("Attn") for block in down),
        blocks=words.get("layers_per_block", 2),
        in_channels=words.get("in_channels", 3) // patch**2,
        out_channels=words.get("out_channels", 3) // patch**2,
        head_channels=words.get("attention_head_dim", 8),
        groups=words.get("norm_num_groups", 32),
        eps=words.get("norm_eps", 1e-5),
        cosine_first=words.get("flip_sin_to_cos", True),
        frequency_shift=words.get("freq_shift", 0),
        asymmetric_padding=words.get("downsample_padding", 1) == 0,
        scale_shift=words.get("resnet_time_scale_shift", "default") == "scale_shift",
        residual_resampling=resampling == "resnet",
        middle_attention=words.get("add_attention", True),
        patch=patch,
    )


def _patch(words: Mapping[str, Any]) -> int:
    patch = int(words.get("patch_size", 1))
    if not 1 <= patch <= _WIDEST_PATCH:
        raise ModelError("This U-Net claims to take squares of {0} pixels as one.", patch)
    return patch


def stored(network: UNet, dtype: torch.dtype) -> dict[str, Tensor]:
    """The weights of a network in storage format."""
    return {
        name: value.detach().to("cpu", dtype).contiguous()
        for name, value in network.state_dict().items()
    }


def folder_of(path: Path) -> Path | None:
    """The model folder that contains a file of weights, if it has descriptions."""
    folder = path.parent
    if path.name not in (WEIGHTS, WEIGHTS_OF_OLD) or not (folder / "config.json").is_file():
        return None
    return folder.parent if folder.name == "unet" else folder


def _unet_of(folder: Path) -> Path:
    return folder / "unet" if (folder / "unet").is_dir() else folder


def kind_of(folder: Path) -> str:
    """The class of a folder's network, as diffusers names it.

    Raises:
        ModelError: It has no description, or it is only a part of a model or unsupported.
    """
    if not (_unet_of(folder) / "config.json").is_file():
        _refuse_without_network(folder)
    words = read_json(_unet_of(folder) / "config.json")
    kind = str(words.get("_class_name") or (*words.get("architectures", ()), "UNet2DModel")[0])
    if kind in _PARTS:
        raise _part(folder, _PARTS[kind])
    if kind not in ("UNet2DModel", "UNet2DConditionModel"):
        raise ModelError("{0} is of the kind {1}, which is not supported.", folder.name, kind)
    return kind


_AUTOENCODER, _TEXT_ENCODER = Text("the autoencoder"), Text("the text encoder")
_PARTS: Final = {
    "AutoencoderKL": _AUTOENCODER,
    "AutoencoderTiny": _AUTOENCODER,
    "CLIPTextModel": _TEXT_ENCODER,
    "CLIPTextModelWithProjection": _TEXT_ENCODER,
}
_PARTS_BY_FILE: Final = {
    "scheduler_config.json": Text("the scheduler"),
    "tokenizer_config.json": Text("the tokenizer"),
}
_PIPELINES_WITH_UNET = ("StableDiffusion", "LatentConsistency", "DDPM", "DDIM", "ScoreSdeVe")


def _refuse_without_network(folder: Path) -> None:
    for name, part in _PARTS_BY_FILE.items():
        if (folder / name).is_file():
            raise _part(folder, part)
    if (folder / "model_index.json").is_file():
        pipeline = str(read_json(folder / "model_index.json").get("_class_name", ""))
        if pipeline.startswith(_PIPELINES_WITH_UNET):
            raise ModelError("{0} has no {1}: copy the whole folder.", folder.name, "unet")
        raise ModelError("{0} is of the kind {1}, which is not supported.", folder.name, pipeline)


def _part(folder: Path, part: Text) -> ModelError:
    return ModelError(
        "{0} is only a part of a model, {1}: choose the folder that it lies in.", folder.name, part
    )


def blueprint(folder: Path) -> Blueprint:
    """Reads a folder's descriptions, not its weights.

    Raises:
        ModelError: It is no folder of a model of pixels, or of one that is not known here.
    """
    unet = _unet_of(folder)
    scheduler = folder / "scheduler" if (folder / "scheduler").is_dir() else folder
    words = read_json(unet / "config.json")
    tree = read_tree(_weights_file(unet))[0]
    return described(folder, words, read_json(scheduler / "scheduler_config.json"), tree)


def described(
    path: Path, words: Mapping[str, Any], plan: Mapping[str, Any], tree: Mapping[str, Tensor]
) -> Blueprint:
    """A ``UNet2DModel`` from its two descriptions and its weights.

    Raises:
        ModelError: A description is damaged or of a network that is not known here.
    """
    try:
        is_score = words.get("time_embedding_type", "positional") == "fourier"
        config = ncsnpp_config(words) if is_score else unet_config(words)
        schedule = schedule_of(plan)
        size = words.get("sample_size") or 0
        height = size if isinstance(size, int) else size[0]
        if type(height) is not int:
            raise ModelError("{0} claims to make pictures of {1} pixels.", path.name, height)
        card = Card(
            name=path.name,
            family="NCSN++" if is_score else "DDPM",
            format=Text("diffusers folder") if path.is_dir() else Text("single file"),
            size=height * _patch(words),
            multiple=config.multiple,
            parameters=sum(value.numel() for value in tree.values()),
            prediction="score" if is_score else str(plan.get("prediction_type", "epsilon")),
            ema=None,
            sigma_min=schedule.sigma_min,
            sigma_max=schedule.sigma_max,
            learned_variance=not is_score and words.get("out_channels", 3) == 6,
            path=path,
        )
    except MALFORMED as error:
        raise ModelError("The description of {0} is damaged: {1}.", path.name, error) from error
    if isinstance(config, NCSNppConfig):
        return Blueprint(card, schedule, config, lambda: _rename_score(tree))
    return Blueprint(card, schedule, config, lambda: _rename(tree))


def ncsnpp_config(words: Mapping[str, Any]) -> NCSNppConfig:
    """The NCSN++ described by a ``UNet2DModel``'s ``config.json``."""
    down = words["down_block_types"]
    if set(down) - {"SkipDownBlock2D", "AttnSkipDownBlock2D"}:
        raise ModelError("This NCSN++ has blocks that are not known here: {0}.", ", ".join(down))
    channels = tuple(words["block_out_channels"])
    return NCSNppConfig(
        channels=channels,
        attention=tuple(block.startswith("Attn") for block in down),
        width=channels[0],
        blocks=words.get("layers_per_block", 2),
        picture_channels=words.get("in_channels", 3),
        rescales=words.get("mid_block_scale_factor", 1) != 1,
        unit_range=words.get("center_input_sample", False),
        attention_groups=32,
    )


def read_json(path: Path) -> Mapping[str, Any]:
    """Reads a description.

    Raises:
        ModelError: There is none, or it is damaged.
    """
    try:
        words = json.loads(read_regular(path, _LONGEST_DESCRIPTION_BYTES).decode("utf-8"))
    except FileNotFoundError as error:
        raise ModelError(
            "{0} has no {1}: copy the whole folder.", path.parent.name, path.name
        ) from error
    except OSError as error:
        raise ModelError("{0} cannot be read: {1}.", path, error.strerror) from error
    except (ValueError, RecursionError) as error:
        raise ModelError("{0} in {1} is damaged.", path.name, path.parent.name) from error
    if not isinstance(words, dict):
        raise ModelError("{0} in {1} describes nothing.", path.name, path.parent.name)
    return words


def _weights_file(folder: Path) -> Path:
    for name in (WEIGHTS, WEIGHTS_OF_OLD):
        if (folder / name).exists():
            return folder / name
    raise ModelError("{0} has no {1}: copy the whole folder.", folder.name, WEIGHTS)


_ATTENTION = {"query": "to_q", "key": "to_k", "value": "to_v", "proj_attn": "to_out.0"}
"""The first spelling of the weights of self-attention, and today's."""


def _rename(tree: Mapping[str, Tensor]) -> dict[str, Tensor]:
    renamed = {}
    for name, value in tree.items():
        stem, _, kind = name.rpartition(".")
        head, _, last = stem.rpartition(".")
        old = ".attentions." in name and last in _ATTENTION
        renamed[f"{head}.{_ATTENTION[last]}.{kind}" if old else name] = value
    return renamed


def _head_channels(config: UNetConfig) -> int | None:
    """Channels per attention head; None for a single head."""
    if config.time_width not in (None, config.channels[0]):
        raise ModelError("A time embedding of its own width cannot be written for other programs.")
    if config.head_channels is not None or config.heads == 1:
        return config.head_channels
    pairs = zip(config.channels, config.attention, strict=True)
    attending = {width for width, wanted in pairs if wanted}
    attending |= {config.channels[-1]} if config.middle_attention else set()
    if len(attending) > 1:
        raise ModelError("Attention heads of several widths cannot be written for other programs.")
    return max(attending, default=config.heads) // config.heads


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _rename_score(tree: Mapping[str, Tensor]) -> dict[str, Tensor]:
    levels = 1 + max(int(n.split(".")[1]) for n in tree if n.startswith("up_blocks."))
    last = f"up_blocks.{levels - 1}"
    renamed = {}
    for name, value in _rename(tree).items():
        for old, new in (
            ("time_proj.weight", "fourier"),
            (".resnet_down.", ".resample."),
            (".resnet_up.", ".resample."),
            (".skip_conv.", ".pyramid."),
            (".skip_norm.", ".pyramid_norm."),
            ("conv_norm_out.", f"{last}.pyramid_norm."),
            ("conv_out.", f"{last}.pyramid."),
        ):
            name = name.replace(old, new)
        renamed[name] = value
    return renamed
