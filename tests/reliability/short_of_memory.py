"""Runs jobs with less memory than they need, and one with enough: what was said, line by line.

Each job runs in a process of its own, copied from one that has imported torch.
"""

import os
import resource
import sys
from pathlib import Path

import numpy as np
import torch

from sdedit_desktop.diffusion import devices
from sdedit_desktop.diffusion.checkpoints.diffusers import save_unet
from sdedit_desktop.diffusion.networks.unet import UNet, UNetConfig
from sdedit_desktop.editing import models, source_photo
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.request import CancelToken, Candidate, EditParams, EditRequest, Note
from sdedit_desktop.geometry import Rect

SIDE = 1024
ROOM_BYTES = {"network": 300 << 20, "photographs": 350 << 20}
"""The network takes 620 MiB at full size, 60 in parts of a quarter; the picture itself 150. The
photograph takes about 380 MiB with all detail, 320 without."""


def say(text):
    sys.stdout.write(f"{text}\n")


def request(model, side):
    guide = np.full((side, side, 3), 128, np.uint8)
    mask = np.full((side, side), 255, np.uint8)
    params = EditParams(str(model), calls=1, seeds=(1,), solver="ddim")
    return EditRequest(params, guide, mask, Rect(0, 0, side, side))


def request_of_photograph(side):
    """An edit in the middle of a photograph of 1.5 times as many pixels as it has detail for."""
    rng = np.random.default_rng(0)
    height, width = side, side * 3 // 2
    whole = np.kron(rng.integers(0, 256, (height // 4, width // 4, 3)), np.ones((4, 4, 1)))
    pixels, mask = whole.astype(np.uint8), np.zeros((height, width), np.uint8)
    third = slice(height // 3, height // 2), slice(width // 3, width // 2)
    mask[third] = 255
    rect = Rect(*(round(side * share) for share in (0.4, 0.25, 0.85, 0.7)))
    part = (slice(rect.top, rect.bottom), slice(rect.left, rect.right))

    def read(wanted):
        seen = slice(wanted.top, wanted.bottom), slice(wanted.left, wanted.right)
        return pixels[seen], mask[seen] == 0

    params = EditParams(models.THIS_PHOTO, calls=4, seeds=(1,), solver="ddpm", detail="full")
    bounds = Rect(0, 0, width, height)
    return EditRequest(
        params, pixels[part], mask[part], rect, lambda _: source_photo.parts(read, bounds, rect)
    )


def answers(engine, request):
    messages = list(engine.run(request, CancelToken()))
    notes = [message.text for message in messages if isinstance(message, Note)]
    return sum(isinstance(message, Candidate) for message in messages), notes


def main(folder, kind, *, is_planned):
    """Says what a job said under a limit, how often memory ran out, and how a small one went."""
    if not is_planned:  # the shortage is real
        devices.free_bytes = lambda _device: None
    engine, shortages = TorchEngine(device="cpu"), []
    is_shortage = devices.is_out_of_memory
    devices.is_out_of_memory = lambda error: is_shortage(error) and not shortages.append(error.args)
    torch.set_num_threads(1)
    large = request(folder, SIDE) if kind == "network" else request_of_photograph(SIDE)
    small = request(folder, 64) if kind == "network" else request_of_photograph(128)
    answers(engine, small)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + ROOM_BYTES[kind]
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    count, notes = answers(engine, large)
    for note in notes:
        say(note)
    say(f"shortages {len(shortages)}")
    say(f"candidates {count}")
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    count, notes = answers(engine, small)
    say(f"candidates {count}{'' if notes else ' without a note'}")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    torch.manual_seed(0)
    network = UNet(UNetConfig((16, 16), (False, False), blocks=1, groups=4, middle_attention=False))
    save_unet(folder, network, sample_size=SIDE, prediction="epsilon", dtype=torch.float32)
    for job in sys.argv[2:]:
        kind, how = job.split()
        sys.stdout.write(f"\n{job}\n")
        sys.stdout.flush()
        child = os.fork()
        if not child:
            main(folder, kind, is_planned=how == "planned")
            sys.stdout.flush()
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            sys.exit(1)
