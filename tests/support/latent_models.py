"""Tiny Stable Diffusion models, as the folders that diffusers writes."""

import json
import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file

from sdedit_desktop.diffusion.checkpoints import ldm_keys

RECORDED = Path(__file__).parents[1] / "parity" / "data" / "stable_diffusion"
NAMES = ("sd1_tiny", "sd1_inpaint_tiny", "sd2_v_tiny", "sdxl_tiny")


def single_file(name):
    """The single file of a tiny model."""
    return RECORDED / f"{name}.safetensors"


def write_folder(name, target, *, wrapped=False):
    """Writes a tiny model as a folder: its values are those of the single file.

    Descriptions, vocabulary, and names and shapes of all weights are as diffusers wrote them;
    transformers before 5.6 wrapped the first text encoder in ``text_model.``, as asked for here.
    """
    shutil.copytree(RECORDED / name, target, dirs_exist_ok=True)
    signature = json.loads((RECORDED / f"signature_{name}.json").read_text())
    parts = _parts(load_file(single_file(name)))
    for file, shapes in signature.items():
        weights = parts[file.partition("/")[0]]
        stored = {}
        for full, shape in shapes.items():
            value = weights[full.removeprefix("text_model.")].contiguous()
            assert list(value.shape) == shape, full
            bare = wrapped and file == "text_encoder/model.safetensors"
            stored[f"text_model.{full}" if bare else full] = value
        (target / file).parent.mkdir(exist_ok=True)
        save_file(stored, target / file, metadata={"format": "pt"})
    return target


def _parts(whole):
    parts = {
        "unet": ldm_keys.unet(ldm_keys.part(whole, "model.diffusion_model.")),
        "vae": ldm_keys.autoencoder(ldm_keys.part(whole, "first_stage_model.")),
    }
    for prefix, renamed, part in (
        ("cond_stage_model.transformer.", ldm_keys.clip, "text_encoder"),
        ("cond_stage_model.model.", ldm_keys.open_clip, "text_encoder"),
        ("conditioner.embedders.0.transformer.", ldm_keys.clip, "text_encoder"),
        ("conditioner.embedders.1.model.", ldm_keys.open_clip, "text_encoder_2"),
    ):
        if found := ldm_keys.part(whole, prefix):
            parts[part] = renamed(found)
    return parts
