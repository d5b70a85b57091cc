"""One call of the published 113.7 M network: this program's against diffusers' best eager one.

Not a test: ``python tests/benchmarks/bench_network.py [--calls 5] [--size 256] [--device cpu]``.
Both networks have the same random weights; their calls take turns, so that whatever else the
machine does meets both alike.
"""

import argparse
import copy
import ctypes
import functools
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
    options = parser.parse_args()
    if options.keep_memory and sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.mallopt(-4, 0)  # no mmap
        libc.mallopt(-1, 1 << 30)  # no trimming
    torch.manual_seed(0)
    theirs = UNet2DModel.from_config(unet_json(PUBLISHED, options.size)).eval()
    ours = UNet(PUBLISHED).eval()
    ours.load_state_dict(theirs.state_dict())
    x = torch.randn(1, 3, options.size, options.size, device=options.device)
    labels = torch.tensor(500.0)
    say(f"torch {torch.__version__}, {options.device}, {torch.get_num_threads()} threads")
    say(f"{'type':10}{'ours s':>9}{'theirs s':>10}{'ratio':>7}{'rel. difference':>17}")
    with torch.inference_mode():
        exact = ours(x.cpu(), labels.expand(1))
        for name in options.dtypes:
            dtype = getattr(torch, name)
            own = copy.deepcopy(ours).to(options.device, dtype)
            own.to(memory_format=layout_of(dtype))
            contenders = {
                "ours": lambda own=own, dtype=dtype: evaluate(own, x, labels, dtype),
                **settings_of(theirs, x, labels, dtype),
            }
            seconds = {contender: [] for contender in contenders}
            results = {}
            for turn in range(options.calls + 1):
                for contender, call in contenders.items():
                    before = time.perf_counter()
                    results[contender] = call().float().cpu()
                    if turn:  # the first warms up
                        seconds[contender].append(time.perf_counter() - before)
            medians = {contender: statistics.median(times) for contender, times in seconds.items()}
            mine = medians.pop("ours")
            best = min(medians, key=medians.get)
            difference = ((results["ours"] - exact).norm() / exact.norm()).item()
            say(
                f"{name:10}{mine:9.3f}{medians[best]:10.3f}{medians[best] / mine:7.2f}"
                f"{difference:17.1e}   (theirs: {best})"
            )


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
