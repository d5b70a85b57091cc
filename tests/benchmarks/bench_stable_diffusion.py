"""One call of Stable Diffusion 1.5's U-Net: this program's against diffusers' eager one.

Not a test: ``python tests/benchmarks/bench_stable_diffusion.py [--calls 3] [--size 64]``. Both
share the same random weights; their calls take turns, so that whatever else the machine does meets
both alike.
"""

import argparse
import functools
import resource
import statistics
import time

import torch
from diffusers import UNet2DConditionModel

from sdedit_desktop.diffusion.denoiser import layout_of
from sdedit_desktop.diffusion.networks.conditional import ConditionalUNet, ConditionalUNetConfig

SD15 = ConditionalUNetConfig(
    channels=(320, 640, 1280, 1280), depth=(1, 1, 1, 0), heads=(8, 8, 8, 8), context=768
)
say = functools.partial(print, flush=True)


def both(dtype):
    """Our network and theirs, in this type; the weights exist once."""
    torch.manual_seed(0)
    with torch.device("meta"):
        ours, theirs = ConditionalUNet(SD15), UNet2DConditionModel(cross_attention_dim=768)
    layout = layout_of(dtype)
    weights = {
        name: torch.randn(value.shape).mul_(0.02).to(dtype)
        for name, value in ours.state_dict().items()
    }
    for name, value in weights.items():
        if value.dim() == 4:
            weights[name] = value.to(memory_format=layout)
    ours.load_state_dict(weights, assign=True)
    theirs.load_state_dict(weights, assign=True)
    return ours.eval(), theirs.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=3)
    parser.add_argument("--size", type=int, default=64, help="of the latents")
    parser.add_argument("--dtypes", nargs="+", default=["bfloat16", "float32"])
    options = parser.parse_args()
    say(f"torch {torch.__version__}, {torch.get_num_threads()} threads; processor seconds")
    say(f"{'type':10}{'ours s':>9}{'theirs s':>10}{'ratio':>7}{'rel. difference':>17}")
    for name in options.dtypes:
        dtype = getattr(torch, name)
        ours, theirs = both(dtype)
        x = torch.randn(1, 4, options.size, options.size).to(dtype, memory_format=layout_of(dtype))
        labels, context = torch.tensor([500.0]), torch.randn(1, 77, 768).to(dtype)
        calls = {
            "ours": lambda: ours(x, labels, context),  # noqa: B023 - called before they change
            "theirs": lambda: theirs(x, labels, context).sample,  # noqa: B023
        }
        seconds = {contender: [] for contender in calls}
        results = {}
        with torch.inference_mode():
            for turn in range(options.calls + 1):
                for contender, call in calls.items():
                    before = time.process_time()
                    results[contender] = call().float()
                    if turn:  # the first warms up
                        seconds[contender].append(time.process_time() - before)
        mine, other = (statistics.median(seconds[contender]) for contender in calls)
        difference = (results["ours"] - results["theirs"]).norm() / results["theirs"].norm()
        say(f"{name:10}{mine:9.2f}{other:10.2f}{other / mine:7.2f}{difference.item():17.1e}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    say(f"peak memory {peak:.1f} GB")


if __name__ == "__main__":
    main()
