"""Names the checkpoints that are something else, and says what would work instead."""

from pathlib import Path

from sdedit_desktop.diffusion.checkpoints.card import unwrap
from sdedit_desktop.diffusion.checkpoints.container import Tree, tensors
from sdedit_desktop.errors import ModelError
from sdedit_desktop.texts import Text


def refusal(path: Path, tree: Tree) -> ModelError:
    """Says what a checkpoint is that no format has recognised."""
    names = list(unwrap(tree)) + ([str(key) for key in tree] if isinstance(tree, dict) else [])

    def has(*parts: str) -> bool:
        return any(all(part in name for part in parts) for name in names)

    def width(part: str) -> int:
        return next((v.shape[-1] for n, v in unwrap(tree).items() if part in n), 0)

    context = width("attn2.to_k.weight")
    for what, applies in (
        (
            Text("a LoRA, an addition to a model of Stable Diffusion"),
            has("lora_")
            or has(".alpha", "lora")
            or has(".lora.")
            or has("hada_w1")
            or has("lokr_"),
        ),
        (Text("a ControlNet"), has("control_model.") or has("controlnet_") or has("input_hint")),
        (Text("a T2I adapter"), has("adapter.body.") or has("body.0.block")),
        (Text("an IP adapter"), has("ip_adapter") or has("image_proj.")),
        (
            Text("an embedding, a word for a model of Stable Diffusion"),
            has("string_to_param") or has("emb_params") or set(names) == {"clip_g", "clip_l"},
        ),
        (
            Text("Flux, a text-to-image model"),
            has("double_blocks.") or has("single_transformer_blocks."),
        ),
        (Text("Stable Diffusion 3, a text-to-image model"), has("joint_blocks.")),
        (
            Text("the refiner of Stable Diffusion XL"),
            has("conditioner.embedders.0.model.") or context == 1280,
        ),
        (
            Text("the network of Stable Diffusion XL without its other parts"),
            has("conditioner.embedders") or context == 2048,
        ),
        (Text("the network of Stable Diffusion 2 without its other parts"), context == 1024),
        (Text("the network of Stable Diffusion 1 without its other parts"), context == 768),
        (Text("a text-to-image model"), bool(context) or has("transformer_blocks.")),
        (Text("a latent diffusion model, which needs its decoder"), has("first_stage_model.")),
        (Text("TAESD, a decoder of latents"), has("decoder.layers.") or _is_taesd(names)),
        (Text("a decoder of latents (VAE)"), has("decoder.up.") or has("decoder.up_blocks.")),
        (Text("the training state of an EDM model"), "net" in names and "optimizer_state" in names),
        (Text("an EDM network"), has("model.enc.") or has("model.dec.") or has("model.out_conv.")),
        (
            Text("a diffusers network without its config.json: copy the whole folder"),
            has("down_blocks.0."),
        ),
        (Text("the state of an optimiser"), has("param_groups")),
    ):
        if applies:
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
