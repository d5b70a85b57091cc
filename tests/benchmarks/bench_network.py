"""One call of the published 113.7 M network: this program's against diffusers' best eager one.

Not a test: ``python tests/benchmarks/bench_network.py [--calls 5] [--size 256] [--device cpu]``.
Both networks have the same random weights; their calls in all types take turns, so that whatever
else the machine does meets all alike.
"""

import argparse
import copy
import ctypes
import functools
import os
import statistics
import sys
import time

import torch
from diffusers import UNet2DModel

from sdedit_desktop.diffusion.checkpoints.diffusers import unet_json
from sdedit_desktop.diffusion.denoiser import evaluate, layout_of
from sdedit_desktop.diffusion.networks.unet import UNet, UNetConfig

PUBLISHED = UNetConfig(
    channels=(128, 128, 256, 256, 512, 512), attention=(False,) * 4 + (True, False)
)


say = functools.partial(print, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=5)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtypes", nargs="+", default=["bfloat16", "float32"])
    parser.add_argument("--keep-memory", action="store_true", help="as the program does")
    parser.add_argument("--threads", type=int, help="1 makes processor time tell most")
    options = parser.parse_args()
    if options.keep_memory and sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.mallopt(-4, 0)  # no mmap
        libc.mallopt(-1, 1 << 30)  # no trimming
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    theirs = UNet2DModel.from_config(unet_json(PUBLISHED, options.size)).eval()
    ours = UNet(PUBLISHED).eval()
    ours.load_state_dict(theirs.state_dict())
    x = torch.randn(1, 3, options.size, options.size, device=options.device)
    labels = torch.tensor(500.0)
    contenders = {}
    for name in options.dtypes:
        dtype = getattr(torch, name)
        own = copy.deepcopy(ours).to(options.device, dtype)
        own.to(memory_format=layout_of(dtype))
        contenders[name, "ours"] = lambda own=own, dtype=dtype: evaluate(own, x, labels, dtype)
        contenders |= {
            (name, setting): call for setting, call in settings_of(theirs, x, labels, dtype).items()
        }
    with torch.inference_mode():
        exact = ours(x.cpu(), labels.expand(1))
        seconds, results = measured(contenders, options.calls)
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    say(f"torch {torch.__version__}, {options.device}, {torch.get_num_threads()} threads{load}")
    say("medians of processor time, which counts all threads; by the clock; 1 is ours")
    for (name, contender), taken in seconds.items():
        error = ((results[name, contender] - exact).norm() / exact.norm()).item()
        ratios = statistics.median(
            other / mine for (other, _), (mine, _) in zip(taken, seconds[name, "ours"], strict=True)
        )
        processor, clock = (statistics.median(each) for each in zip(*taken, strict=True))
        say(
            f"{name:10}{contender:15}{processor:9.3f} s{clock:9.3f} s   {ratios:5.2f} of ours in "
            f"{name}, relative error {error:.1e}"
        )
    eager = seconds.get(("float32", "plain"))
    if eager and "bfloat16" in options.dtypes:
        half = seconds["bfloat16", "ours"]
        each = [theirs / mine for (theirs, _), (mine, _) in zip(eager, half, strict=True)]
        say(
            f"diffusers in float32, contiguous, against ours in bfloat16: "
            f"{statistics.median(each):.2f} ({min(each):.2f} to {max(each):.2f})"
        )


def measured(contenders, calls):
    """Processor seconds and seconds of each call, and the last results; calls take turns."""
    seconds, results = {contender: [] for contender in contenders}, {}
    for turn in range(calls + 1):
        for contender, call in contenders.items():
            before = time.process_time(), time.perf_counter()
            results[contender] = call().float().cpu()
            taken = time.process_time() - before[0], time.perf_counter() - before[1]
            if turn:  # the first warms up
                seconds[contender].append(taken)
    return seconds, results


def settings_of(network, x, labels, dtype):
    """The eager settings of diffusers that are worth trying, each with weights of its own."""
    settings = {}
    layouts = {"plain": torch.contiguous_format, "channels last": torch.channels_last}
    for name, layout in layouts.items():
        own = copy.deepcopy(network).to(x.device, dtype).to(memory_format=layout)

        def call(own=own, layout=layout):
            return own(x.to(dtype, memory_format=layout), labels).sample

        settings[name] = call
    return settings


if __name__ == "__main__":
    main()
