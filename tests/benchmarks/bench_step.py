"""What a step costs besides the network: noise, solver, mask, colours kept, progress, previews.

Not a test: ``python tests/benchmarks/bench_step.py [--calls 8]``. A network of the published one's
size (113.7 M, random weights) at 256 px, as jobs run it: a masked picture of 400 px whose region
is reduced, a preview each 150 ms at most. Processor time of the job between the end of its first
network call and that of its last, and how much of it was spent in the network.
"""

import argparse
import functools
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from bench_network import PUBLISHED

from sdedit_desktop.diffusion.checkpoints.diffusers import save_unet
from sdedit_desktop.diffusion.networks.unet import UNet
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.request import SOLVERS, CancelToken, EditParams, EditRequest, Preview
from sdedit_desktop.geometry import Rect

say = functools.partial(print, flush=True)


def request(folder, solver, calls):
    guide = np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)
    mask = np.zeros((400, 400), np.uint8)
    mask[100:300, 100:300] = 255
    params = EditParams(folder, seeds=(0,), calls=calls, solver=solver, detail="off")
    return EditRequest(params, guide, mask, Rect(0, 0, 400, 400))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=8)
    parser.add_argument("--solvers", nargs="+", default=["dpmpp_2m_sde", "sa_solver"])
    options = parser.parse_args()
    spent = []
    forward = UNet.forward

    def timed(self, *arguments):
        begin = time.process_time()
        found = forward(self, *arguments)
        spent.append((begin, time.process_time()))
        return found

    UNet.forward = timed
    torch.manual_seed(0)
    engine = TorchEngine(device="cpu")
    with tempfile.TemporaryDirectory() as folder:
        network = UNet(PUBLISHED)
        save_unet(Path(folder), network, sample_size=256, prediction="epsilon", dtype=torch.float32)
        del network
        for solver in options.solvers:
            assert solver in SOLVERS
            spent.clear()
            shown = sum(
                isinstance(message, Preview)
                for message in engine.run(request(folder, solver, options.calls), CancelToken())
            )
            calls = spent[-options.calls :]
            whole = calls[-1][1] - calls[0][1]
            network = sum(end - begin for begin, end in calls[1:])
            say(
                f"{solver}: {network / (options.calls - 1):.2f} s a call, "
                f"{1e3 * (whole - network) / (options.calls - 1):.1f} ms besides, "
                f"{1 - network / whole:.2%} of a step; {shown} previews"
            )


if __name__ == "__main__":
    main()
