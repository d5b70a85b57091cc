"""Files from strangers: no code runs, nothing crashes, and no size is believed."""

import io
import json
import os
import pickle  # noqa: TID251 - to attack with
import random
import struct
import sys
import zipfile
from pathlib import Path

import pytest
import torch

from sdedit_desktop.diffusion.checkpoints import inspect, open_model
from sdedit_desktop.errors import ModelError

DATA = Path(__file__).parents[1] / "parity" / "data"
SDEDIT = DATA / "sdedit" / "tiny_celeba_hq.ckpt"
FOLDER = DATA / "diffusers" / "ddpm_tiny_safetensors"


class Attack:
    """Makes a file when unpickled."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return os.mkdir, (str(self.trace),)


def weights():
    return torch.load(SDEDIT, weights_only=True)  # noqa: TID251


def small_weights():
    return {"conv_in.weight": torch.zeros(4, 3, 3, 3), "temb.dense.0.weight": torch.zeros(4, 4)}


POSITIONS = {
    "a bare object": lambda attack: attack,
    "beside weights": lambda attack: small_weights() | {"attack": attack},
    "first in a list": lambda attack: [attack, small_weights()],
    "in the average": lambda attack: {"model": small_weights(), "ema": {"shadow_params": [attack]}},
    "in the optimiser": lambda attack: [small_weights(), {"state": attack}, 1, 2, small_weights()],
    "as a key": lambda attack: {(attack,): 1},
}


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("container", ["zip", "legacy", "pickle", "protocol 4", "folder"])
def test_no_pickle_is_ever_executed(tmp_path, position, container):
    trace = tmp_path / "trace"
    tree, path = POSITIONS[position](Attack(trace)), tmp_path / "model.ckpt"
    if container == "pickle":
        path.write_bytes(pickle.dumps(tree, protocol=2))
    elif container == "folder":
        (tmp_path / "config.json").write_bytes((FOLDER / "unet" / "config.json").read_bytes())
        plan = FOLDER / "scheduler" / "scheduler_config.json"
        (tmp_path / "scheduler_config.json").write_bytes(plan.read_bytes())
        torch.save(tree, tmp_path / "diffusion_pytorch_model.bin")
        path = tmp_path
    else:
        protocol = 4 if container == "protocol 4" else 2
        zipped = container != "legacy"
        torch.save(tree, path, _use_new_zipfile_serialization=zipped, pickle_protocol=protocol)
    with pytest.raises(ModelError, match="would run code when opened"):
        open_model(path)
    assert not trace.exists()
    # The attack is a real one.
    pickle.loads(pickle.dumps(Attack(trace)))  # noqa: S301
    assert trace.exists()


@pytest.mark.parametrize(
    "name", ["builtins.bytearray", "torch.FloatTensor", "torch._utils._rebuild_sparse_tensor"]
)
def test_names_that_torch_allows_but_no_model_needs_are_refused(tmp_path, name):
    """``bytearray(10**12)`` runs no code, but eats all memory."""
    path = tmp_path / "model.pt"
    module, _, attribute = name.rpartition(".")
    named = f"c{module}\n{attribute}\n".encode()
    call = b"\x80\x02" + named + b"J" + struct.pack("<i", 10**9) + b"\x85R."
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/data.pkl", call)
        archive.writestr("model/version", "3\n")
    with pytest.raises(ModelError, match="would run code"):
        open_model(path)


@pytest.mark.parametrize(
    ("called", "key", "words"),
    [
        ("torch_utils.persistence _reconstruct_persistent_obj", "ema", "EDM pickle"),
        ("pytorch_lightning.callbacks ModelCheckpoint", "first_stage_model.w", "latent diffusion"),
        ("numpy.core.multiarray scalar", "step", "would run code"),
    ],
)
@pytest.mark.parametrize("protocol", [2, 4])
def test_refusals_name_the_kind_of_file(tmp_path, called, key, words, protocol):
    def text(value):
        return b"X" + struct.pack("<I", len(value)) + value.encode()

    module, name = called.split()
    named = (
        f"c{module}\n{name}\n".encode() if protocol == 2 else text(module) + text(name) + b"\x93"
    )
    path = tmp_path / "model.pkl"
    path.write_bytes(bytes([0x80, protocol]) + b"}" + text(key) + named + b"s.")
    with pytest.raises(ModelError, match=words):
        open_model(path)


def test_an_archive_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path):
    path = tmp_path / "model.pt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model/data.pkl", bytes(100_000_000))
    with pytest.raises(ModelError, match="not one of weights"):
        open_model(path)


def test_a_legacy_file_cannot_ask_for_more_than_it_holds(tmp_path):
    path = tmp_path / "model.ckpt"
    torch.save({"w": torch.zeros(1000)}, path, _use_new_zipfile_serialization=False)
    honest = path.read_bytes()
    count = b"M" + struct.pack("<H", 1000)
    assert honest.count(count) >= 2
    path.write_bytes(honest.replace(count, b"J" + struct.pack("<i", 2**31 - 1), 1))
    with pytest.raises(ModelError):
        open_model(path)


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
def test_few_values_cannot_pose_as_many(tmp_path, zipped):
    path = tmp_path / "model.ckpt"
    posing = {name: torch.zeros(1).expand(value.shape) for name, value in weights().items()}
    torch.save(posing, path, _use_new_zipfile_serialization=zipped)
    with pytest.raises(ModelError, match="more weights than it holds"):
        open_model(path)


def test_values_cannot_be_counted_twice(tmp_path):
    path, whole = tmp_path / "model.ckpt", weights()
    common = torch.zeros(max(value.numel() for value in whole.values()))
    shared = {name: common[: v.numel()].view(v.shape) for name, v in whole.items()}
    torch.save(shared, path)
    with pytest.raises(ModelError, match="more weights than it holds"):
        open_model(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [("layers_per_block", 10**9), ("block_out_channels", [10**9, 8]), ("norm_num_groups", 7)],
)
def test_descriptions_of_monstrous_networks_are_refused(tmp_path, name, value):
    words = json.loads(SOURCES["config"]()) | {name: value}
    with pytest.raises(ModelError, match="cannot be built"):
        open_model(place(tmp_path, "config", json.dumps(words).encode()))


# Mutations


def legacy_copy():
    file = io.BytesIO()
    small = {n: v for n, v in weights().items() if v.numel() < 5000}
    torch.save(small, file, _use_new_zipfile_serialization=False)
    return file.getvalue()


SOURCES = {
    "ckpt": SDEDIT.read_bytes,
    "pth": (DATA / "score_sde" / "ve_celebahq_tiny_checkpoint_48.pth").read_bytes,
    "pt": (DATA / "guided_diffusion" / "fixedsigma_plain.pt").read_bytes,
    "bin": (DATA / "diffusers/ddpm_tiny_bin/unet/diffusion_pytorch_model.bin").read_bytes,
    "safetensors": (FOLDER / "unet" / "diffusion_pytorch_model.safetensors").read_bytes,
    "config": (FOLDER / "unet" / "config.json").read_bytes,
    "scheduler": (FOLDER / "scheduler" / "scheduler_config.json").read_bytes,
    "legacy": legacy_copy,
}


def mutate(honest, dice):
    """Flips bytes, truncates, swaps shapes or inflates sizes: where a file describes itself."""
    kind = dice.choice(["flip", "truncate", "number", "swap", "splice"])
    data = bytearray(honest)
    # Descriptions lie at the beginning (pickle, JSON) and at the end (directory of the archive).
    described = min(len(data), 40_000)
    at = (
        dice.randrange(described)
        if dice.random() < 0.8
        else len(data) - 1 - dice.randrange(min(len(data), 8_000))
    )
    if kind == "flip":
        for _ in range(dice.randint(1, 8)):
            data[(at + dice.randrange(64)) % len(data)] ^= 1 << dice.randrange(8)
    elif kind == "truncate":
        del data[at:]
    elif kind == "number":
        data[at : at + 4] = struct.pack("<i", dice.choice([2**31 - 1, -1, 0, 2**24, -(2**31)]))
    elif kind == "swap":
        other = dice.randrange(described)
        data[at : at + 4], data[other : other + 4] = data[other : other + 4], data[at : at + 4]
    else:
        digits = dice.choice([b"999999999999", b"-1", b"null", b"1e400", b"\xff\xfe", b"[]"])
        data[at : at + dice.randint(0, 3)] = digits
    return bytes(data)


def place(folder, source, data):
    """Puts a mutated part where its model would have it; gives the path to open."""
    if source in ("bin", "safetensors", "config", "scheduler"):
        names = {
            "config": "config.json",
            "scheduler": "scheduler_config.json",
            "bin": "diffusion_pytorch_model.bin",
            "safetensors": "diffusion_pytorch_model.safetensors",
        }
        for part in ("config", "scheduler", "bin" if source == "bin" else "safetensors"):
            whole = data if part == source else SOURCES[part]()
            (folder / names[part]).write_bytes(whole)
        return folder
    path = folder / f"model.{source}"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("source", SOURCES)
def test_mutated_files_give_a_sentence_or_a_model(tmp_path, source):
    """250 of each of eight kinds; nothing but ``ModelError`` comes out."""
    honest, dice, sentences = SOURCES[source](), random.Random(source), []
    before = peak_bytes()
    for _ in range(250):
        path = place(tmp_path, source, mutate(honest, dice))
        try:
            open_model(path)
        except ModelError as error:
            sentences.append(str(error))
    assert len(sentences) > 20
    assert all(sentence and "\n" not in sentence for sentence in sentences)
    assert peak_bytes() - before < 200_000_000 + len(honest)


def peak_bytes():
    """The most memory that this process has ever held; 0 where the system does not report it."""
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("name", ["model.safetensors", "model.ckpt"])
def test_a_named_pipe_is_no_model_and_is_not_waited_for(name, tmp_path):
    os.mkfifo(tmp_path / name)
    with pytest.raises(ModelError, match="not a file that holds data"):
        open_model(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("part", ["config.json", "diffusion_pytorch_model.safetensors"])
def test_a_named_pipe_in_a_folder_is_not_waited_for(part, tmp_path):
    unet = tmp_path / "unet"
    unet.mkdir()
    for name in ("config.json", "diffusion_pytorch_model.safetensors"):
        if name == part:
            os.mkfifo(unet / name)
        else:
            (unet / name).write_bytes((FOLDER / "unet" / name).read_bytes())
    with pytest.raises(ModelError, match="not a file that holds data"):
        open_model(tmp_path)


def copied_folder(target, **words):
    """A model's folder with other words in the description of its network."""
    for part in ("unet", "scheduler"):
        (target / part).mkdir()
        for file in (FOLDER / part).iterdir():
            (target / part / file.name).write_bytes(file.read_bytes())
    config = target / "unet" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | words))
    return target


@pytest.mark.parametrize("size", [1e12, -5, 10**12, [10**9, 1], True, float("nan"), "x", [[]]])
def test_a_size_that_no_picture_has_is_refused(size, tmp_path):
    with pytest.raises(ModelError, match=r"claims to make pictures|description"):
        open_model(copied_folder(tmp_path, sample_size=size))


def test_levels_are_counted_before_anything_is_computed_from_them(tmp_path):
    many = {
        "block_out_channels": [32] * 100_000,
        "down_block_types": ["DownBlock2D"] * 100_000,
        "up_block_types": ["UpBlock2D"] * 100_000,
    }
    with pytest.raises(ModelError, match="100000 levels are too many"):
        inspect(copied_folder(tmp_path, **many))


@pytest.mark.parametrize("name", ["beta_start", "beta_end", "num_train_timesteps"])
@pytest.mark.parametrize("number", [10**400, -(10**400), 1e308, "x", None, []])
def test_a_schedule_of_absurd_numbers_is_refused_or_read(name, number, tmp_path):
    """Whole numbers of a description may be beyond all floats."""
    plan = copied_folder(tmp_path) / "scheduler" / "scheduler_config.json"
    plan.write_text(json.dumps(json.loads(plan.read_text()) | {name: number}))
    with pytest.raises(ModelError):
        open_model(tmp_path)
