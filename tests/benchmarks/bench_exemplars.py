"""What edits cost with exemplars as the model.

Not a test: ``python tests/benchmarks/bench_exemplars.py [--threads 2] [--repeats 3] [--large]``.
Photographs are made up here (noise of several grains), so that the figures need no data. Medians
of wall clock time, and processor time of the last run, which other work disturbs less.
"""

import argparse
import functools
import statistics
import time

import torch
from torch.nn import functional

from sdedit_desktop.diffusion.exemplars import (
    Atlases,
    Exemplar,
    ExemplarDenoiser,
    Preparation,
    edit_in_levels,
    level_sizes,
)
from sdedit_desktop.diffusion.exemplars.levels import DEFAULT_CALLS, DEFAULT_T0, noise_levels
from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.diffusion.schedule import sigma_of_t0

say = functools.partial(print, flush=True)


def photograph(height, width):
    generator = torch.Generator().manual_seed(0)
    picture = torch.zeros(1, 3, height, width)
    for grain, share in ((200, 0.35), (60, 0.25), (16, 0.15), (4, 0.1), (1, 0.05)):
        size = height // grain + 2, width // grain + 2
        octave = torch.randn(1, 3, *size, generator=generator)
        picture += share * functional.interpolate(octave, (height, width), mode="bilinear")
    return picture.clamp_(-1, 1)


def scene(height, width, masked):
    """A photograph with flat paint in a square in its middle, and the mask."""
    photo, mask = photograph(height, width), torch.zeros(1, 1, height, width)
    side = masked // 2
    rows = slice(height // 2 - side, height // 2 + side)
    columns = slice(width // 2 - side, width // 2 + side)
    mask[..., rows, columns] = 1
    guide = photo.clone()
    guide[..., rows, columns] = torch.tensor([0.2, 0.1, -0.2])[:, None, None]
    return photo, guide, mask


def measure(name, job, repeats):
    """One line: medians of the times to each call's end."""
    firsts, wholes = [], []
    for _ in range(repeats):
        before, processor = time.perf_counter(), time.process_time()
        first = None
        for _ in job():
            first = first or time.perf_counter() - before
        wholes.append(time.perf_counter() - before)
        firsts.append(first)
        processor = time.process_time() - processor
    say(
        f"{name:46}{statistics.median(firsts):10.2f}{statistics.median(wholes):10.2f}"
        f"{processor:12.2f}"
    )


def calls(guide, mask, atlases):
    """The calls alone, at one size."""
    denoise = ExemplarDenoiser(atlases, mask > 0, guide)
    noise = SeededNoise([1])
    for sigma in noise_levels(sigma_of_t0(DEFAULT_T0), DEFAULT_CALLS)[:-1]:
        denoise(guide + sigma.float() * noise.like(guide), sigma)
        yield


def edit(prepared):
    sizes = level_sizes(prepared.shape, prepared.atlases)
    return edit_in_levels(prepared, sizes, t0=DEFAULT_T0, noise=SeededNoise([1]))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--large", action="store_true", help="24 megapixels as well")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)
    say(f"torch {torch.__version__}, {options.threads} threads")
    say(f"{'':46}{'first s':>10}{'all s':>10}{'processor s':>12}")
    photo, guide, mask = scene(384, 577, 272)
    fresh = [Exemplar(photo[0], mask[0, 0] == 0)]
    kept = Atlases(fresh)
    measure(
        f"{DEFAULT_CALLS} calls, 384 x 577 px, a third free",
        lambda: calls(guide, mask, kept),
        options.repeats,
    )
    photo, guide, mask = scene(512, 512, 200)
    fresh = [Exemplar(photo[0], mask[0, 0] == 0)]
    measure(
        "a candidate, 256 then 512 px, the first",
        lambda: edit(Preparation.of(guide, mask, Atlases(fresh))),
        options.repeats,
    )
    prepared = Preparation.of(guide, mask, Atlases(fresh))
    measure(
        "a candidate, 256 then 512 px, further ones",
        lambda: edit(prepared),
        options.repeats,
    )
    if options.large:
        photo, guide, mask = scene(1500, 1500, 1000)  # the region of a 1000 px mask
        fresh = [Exemplar(photo[0], mask[0, 0] == 0)]
        measure(
            "a candidate, 1000 px mask, full detail",
            lambda: edit(Preparation.of(guide, mask, Atlases(fresh))),
            1,
        )


if __name__ == "__main__":
    main()
