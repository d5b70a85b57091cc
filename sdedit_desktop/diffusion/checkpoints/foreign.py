"""Names the checkpoints that are something else, and says what would work instead."""

from pathlib import Path

from sdedit_desktop.diffusion.checkpoints.card import unwrap
from sdedit_desktop.diffusion.checkpoints.container import Tree, tensors

_INSTEAD = (
    "This program runs models of pixels: DDPM, NCSN++, guided-diffusion and the like, as .ckpt, "
    ".pth, .pt, .safetensors or a diffusers folder."
)


def explain(path: Path, tree: Tree) -> str:
    """A sentence on what a checkpoint is that no format has recognised."""
    names = list(unwrap(tree)) + ([str(key) for key in tree] if isinstance(tree, dict) else [])

    def has(*parts: str) -> bool:
        return any(all(part in name for part in parts) for name in names)

    def width(part: str) -> int:
        return next((v.shape[-1] for n, v in unwrap(tree).items() if part in n), 0)

    context = width("attn2.to_k.weight")
    for what, applies in (
        ("a LoRA, an addition to a text-to-image model", has("lora_") or has(".alpha", "lora")),
        ("Flux, a text-to-image model", has("double_blocks.") or has("single_transformer_blocks.")),
        ("Stable Diffusion 3, a text-to-image model", has("joint_blocks.")),
        (
            "Stable Diffusion XL, a text-to-image model",
            has("conditioner.embedders") or context == 2048,
        ),
        ("Stable Diffusion 2, a text-to-image model", context == 1024),
        ("Stable Diffusion 1, a text-to-image model", context == 768),
        ("a text-to-image model", bool(context) or has("transformer_blocks.")),
        ("a latent diffusion model, which needs its decoder", has("first_stage_model.")),
        ("TAESD, a decoder of latents", has("decoder.layers.") or _is_taesd(names)),
        ("a decoder of latents (VAE)", has("decoder.up.") or has("decoder.up_blocks.")),
        ("the training state of an EDM model", "net" in names and "optimizer_state" in names),
        ("an EDM network", has("model.enc.") or has("model.dec.") or has("model.out_conv.")),
        (
            "a diffusers network without its config.json: copy the whole folder",
            has("down_blocks.0."),
        ),
        ("the state of an optimiser", has("param_groups")),
    ):
        if applies:
            return f"{path.name} is {what}. {_INSTEAD}"
    if next(tensors(tree), None) is None:
        return f"{path.name} holds no weights. {_INSTEAD}"
    return f"{path.name} holds weights of a kind that is not known here. {_INSTEAD}"


def _is_taesd(names: list[str]) -> bool:
    return bool(names) and all(name.split(".")[0].isdigit() for name in names)
