"""Recognises unsupported checkpoints, and says what would work instead."""

from collections.abc import Callable
from pathlib import Path

from sdedit_desktop.diffusion.checkpoints.card import unwrap
from sdedit_desktop.diffusion.checkpoints.container import Tree, tensors
from sdedit_desktop.errors import ModelError
from sdedit_desktop.texts import Text


class _Names:
    """The keys of a file, and the width of its text conditioning."""

    def __init__(self, tree: Tree) -> None:
        whole = unwrap(tree)
        self.all = list(whole) + ([str(key) for key in tree] if isinstance(tree, dict) else [])
        text = (value for name, value in whole.items() if "attn2.to_k.weight" in name)
        self.context = next((value.shape[-1] for value in text), 0)

    def has(self, *parts: str) -> bool:
        """Whether a key contains any of these."""
        return any(part in name for name in self.all for part in parts)


_KINDS: tuple[tuple[Text, Callable[[_Names], bool]], ...] = (
    (
        Text("a LoRA, an addition to a model of Stable Diffusion"),
        lambda names: names.has("lora_", "_lora.", ".lora.", "hada_w1", "lokr_"),
    ),
    (
        Text("a ControlNet"),
        lambda names: names.has("control_model.", "controlnet_", "input_hint"),
    ),
    (Text("a T2I adapter"), lambda names: names.has("adapter.body.", "body.0.block")),
    (Text("an IP adapter"), lambda names: names.has("ip_adapter", "image_proj.")),
    (
        Text("an embedding, a word for a model of Stable Diffusion"),
        lambda names: (
            names.has("string_to_param", "emb_params") or set(names.all) == {"clip_g", "clip_l"}
        ),
    ),
    (
        Text("Flux, a text-to-image model"),
        lambda names: names.has("double_blocks.", "single_transformer_blocks."),
    ),
    (
        Text("Stable Diffusion 3, a text-to-image model"),
        lambda names: names.has("joint_blocks."),
    ),
    (
        Text("the refiner of Stable Diffusion XL"),
        lambda names: names.has("conditioner.embedders.0.model.") or names.context == 1280,
    ),
    (
        Text("the network of Stable Diffusion XL without its other parts"),
        lambda names: names.has("conditioner.embedders") or names.context == 2048,
    ),
    (
        Text("the network of Stable Diffusion 2 without its other parts"),
        lambda names: names.context == 1024,
    ),
    (
        Text("the network of Stable Diffusion 1 without its other parts"),
        lambda names: names.context == 768,
    ),
    (
        Text("a text-to-image model"),
        lambda names: bool(names.context) or names.has("transformer_blocks."),
    ),
    (
        Text("a latent diffusion model, which needs its decoder"),
        lambda names: names.has("first_stage_model."),
    ),
    (
        Text("TAESD, a decoder of latents"),
        lambda names: names.has("decoder.layers.") or _is_taesd(names.all),
    ),
    (
        Text("a decoder of latents (VAE)"),
        lambda names: names.has("decoder.up.", "decoder.up_blocks."),
    ),
    (
        Text("the training state of an EDM model"),
        lambda names: {"net", "optimizer_state"} <= set(names.all),
    ),
    (
        Text("an EDM network"),
        lambda names: names.has("model.enc.", "model.dec.", "model.out_conv."),
    ),
    (
        Text("a diffusers network without its config.json: copy the whole folder"),
        lambda names: names.has("down_blocks.0."),
    ),
    (Text("the state of an optimiser"), lambda names: names.has("param_groups")),
)
"""Kinds of files and how they are recognised; the first match counts."""


def refusal(path: Path, tree: Tree) -> ModelError:
    """The error for a checkpoint that no format recognises."""
    names = _Names(tree)
    for what, applies in _KINDS:
        if applies(names):
            return ModelError(
                "{0} is {1}. This program runs Stable Diffusion 1, 2 and XL, DDPM, NCSN++, "
                "guided-diffusion and the like, as .safetensors, .ckpt, .pth, .pt or a diffusers "
                "folder.",
                path.name,
                what,
            )
    if next(tensors(tree), None) is None:
        return ModelError(
            "{0} holds no weights. This program runs Stable Diffusion 1, 2 and XL, DDPM, NCSN++, "
            "guided-diffusion and the like, as .safetensors, .ckpt, .pth, .pt or a diffusers "
            "folder.",
            path.name,
        )
    return ModelError(
        "{0} holds weights of a kind that is not known here. This program runs Stable Diffusion "
        "1, 2 and XL, DDPM, NCSN++, guided-diffusion and the like, as .safetensors, .ckpt, .pth, "
        ".pt or a diffusers folder.",
        path.name,
    )


def _is_taesd(names: list[str]) -> bool:
    return bool(names) and all(name.split(".")[0].isdigit() for name in names)
