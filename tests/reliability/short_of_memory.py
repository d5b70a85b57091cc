"""Runs a job with less memory than it needs, and one with enough: what was said, line by line."""

import resource
import sys
from pathlib import Path

import numpy as np
import torch

from sdedit_desktop.diffusion import devices
from sdedit_desktop.diffusion.checkpoints.diffusers import save_unet
from sdedit_desktop.diffusion.networks.unet import UNet, UNetConfig
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.request import CancelToken, Candidate, EditParams, EditRequest, Note
from sdedit_desktop.geometry import Rect

SIDE = 1024
ROOM_BYTES = 300 << 20
"""The network takes 620 MiB at full size, 60 in parts of a quarter; the picture itself 150."""


def say(text):
    sys.stdout.write(f"{text}\n")


def main(folder, *, is_planned):
    if not is_planned:  # the shortage is real
        devices.free_bytes = lambda _device: None
    torch.manual_seed(0)
    network = UNet(UNetConfig((16, 16), (False, False), blocks=1, groups=4, middle_attention=False))
    save_unet(folder, network, sample_size=SIDE, prediction="epsilon", dtype=torch.float32)
    engine, shortages = TorchEngine(device="cpu"), []
    is_shortage = devices.is_out_of_memory
    devices.is_out_of_memory = lambda error: is_shortage(error) and not shortages.append(error.args)
    torch.set_num_threads(1)

    def run(side):
        guide = np.full((side, side, 3), 128, np.uint8)
        mask = np.full((side, side), 255, np.uint8)
        params = EditParams(str(folder), calls=1, seeds=(1,), solver="ddim")
        request = EditRequest(params, guide, mask, Rect(0, 0, side, side))
        messages = list(engine.run(request, CancelToken()))
        notes = [message.text for message in messages if isinstance(message, Note)]
        count = sum(isinstance(message, Candidate) for message in messages)
        return count, notes

    run(64)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + ROOM_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    count, notes = run(SIDE)
    for note in notes:
        say(note)
    say(f"shortages {len(shortages)}")
    say(f"candidates {count}")
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    count, notes = run(64)
    say(f"candidates {count}{'' if notes else ' without a note'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), is_planned=sys.argv[2] == "planned")
