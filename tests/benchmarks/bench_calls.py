"""How few calls are enough: solvers and numbers of calls against many small steps of DDPM.

Not a test: ``python tests/benchmarks/bench_calls.py MODEL FOLDER --list CSV -o OUT``. Edits the
same scenes of held-out photographs, strokes inside masks or, with ``--whole``, everywhere, with
each solver and number of calls, and prints one row each: distances of the results, relative to
those of the reference where that says more. All are made twice, with other seeds, and averaged:
how far the two of the reference are apart is chance. Pictures are kept in OUT, so that the same
command continues; scenes come one after another, so that it may be stopped at any time. One
thread.
"""

import argparse
import functools
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from sdedit_desktop.cli.evaluate import _exemplar_editor
from sdedit_desktop.diffusion import devices
from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.editing import banks, models
from sdedit_desktop.training.evaluation.cache import Store, digest
from sdedit_desktop.training.evaluation.config import EvaluationConfig
from sdedit_desktop.training.evaluation.dataset import random_mask
from sdedit_desktop.training.evaluation.editors import NetworkEditor
from sdedit_desktop.training.evaluation.inception import find_inception
from sdedit_desktop.training.evaluation.kid import polynomial_kernel, squared_mmd
from sdedit_desktop.training.evaluation.measures import Measured, deepest, measured
from sdedit_desktop.training.evaluation.run import held_out_scenes
from sdedit_desktop.training.recipe import to_pixels

say = functools.partial(print, flush=True)
SOLVERS = ("ddpm", "ddim", "heun", "dpmpp_2m", "dpmpp_2m_sde", "sa_solver")
CALLS = (5, 8, 12, 20, 50)
SEEDS = (0, 1000)
BLOCKS = 400


class Way(NamedTuple):
    """A row of the table."""

    solver: str
    calls: int


class Remembering:
    """A feature network that looks at each photograph once."""

    def __init__(self, network):
        self.name, self._maps = network.name, network.maps
        self._last = {}

    def maps(self, pixels):
        key = digest(pixels)
        found = self._last.pop(key, None) or self._maps(pixels)
        self._last = dict([*self._last.items(), (key, found)][-4:])
        return found


class Bench:
    """Makes and measures pictures, each once."""

    def __init__(self, options):
        path, device = models.locate(options.model), torch.device("cpu")
        config = EvaluationConfig(
            path,
            options.photographs,
            options.output,
            options.output,
            listing=options.listing,
            size=options.size,
        )
        if banks.is_bank(path):
            self.editor = _exemplar_editor(path, "cpu")
        else:
            in_bf16 = devices.computes_in_bfloat16(device) and not options.fp32
            dtype = torch.bfloat16 if in_bf16 else torch.float32
            self.editor = NetworkEditor(open_model(path, device, dtype))
        self.whole = options.whole
        self.t0 = options.t0 or (0.5 if self.whole else self.editor.masked_t0s[0])
        self.guides, self.references = held_out_scenes(config)
        self.network, self.store = Remembering(find_inception(device)), Store(options.output)

    @functools.lru_cache(maxsize=4)  # noqa: B019 - there is one bench
    def scene(self, index):
        return self.guides.scene(index, None if self.whole else index)

    def numbers(self, way, index):
        """Of each seed: processor seconds, and all measurements; (seeds, numbers)."""
        return np.stack([self._of_seed(way, index, seed) for seed in SEEDS])

    def _of_seed(self, way, index, seed):
        key = digest(self.editor.key, self.t0, *way, seed, *self.scene(index))
        return self.store.get(key, lambda: self._numbers(way, index, seed + index))

    def _numbers(self, way, index, seed):
        begin, scene = time.thread_time(), self.scene(index)
        for state in self.editor.edit(scene, self.t0, way.calls, seed, way.solver):
            z = state.z
        seconds = time.thread_time() - begin
        pixels = to_pixels(z)[0]
        inside = self.features(pixels, index)
        found = measured(scene, pixels, self.network)._replace(features=inside)
        return np.array([seconds, *found.as_array()], np.float32)

    def features(self, pixels, index):
        """Of the mask's surroundings only: the rest is the photograph, whatever was made."""
        if self.whole:
            return deepest(self.network.maps(pixels[None]))
        rows, columns = np.nonzero(random_mask(len(pixels), index))
        part = pixels[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        return deepest(self.network.maps(part[None]))

    def reference(self, index):
        pixels = self.references.pixels(index)
        return self.store.get(
            digest("whole" if self.whole else "inside", pixels, self.network.name),
            lambda: self.features(pixels, index),
        )


class Kernels:
    """Kernels of one seed's pictures and the photographs, for KID on any part of both."""

    def __init__(self, pictures, photographs):
        x, y = pictures.astype(np.float64), photographs.astype(np.float64)
        self.all = [polynomial_kernel(*pair) for pair in ((x, x), (y, y), (x, y))]

    def distance(self, some=slice(None), others=slice(None)):
        """Squared MMD of some pictures and some photographs."""
        rows = ((some, some), (others, others), (some, others))
        return squared_mmd(*(each[a][:, b] for each, (a, b) in zip(self.all, rows, strict=True)))


def halves(pictures, photographs):
    """The same random halves of both for all rows, so that their differences are paired."""
    draw = np.random.default_rng(0)
    for _ in range(BLOCKS):
        yield (
            draw.choice(pictures, pictures // 2, replace=False),
            draw.choice(photographs, photographs // 2, replace=False),
        )


def table(rows, photographs, reference):
    """Prints one row for each way, of the scenes that all have.

    The error of a KID relative to the reference's is the spread of the ratio over halves of the
    scenes: the delete-half jackknife.
    """
    common = range(min(map(len, rows.values())))
    kernels, means, seconds = {}, {}, {}
    for way, found in rows.items():
        made = [[Measured.of(one[1:]) for one in found[index]] for index in common]
        means[way] = Measured(*np.mean([e[:-1] for each in made for e in each], axis=0), None)
        features = ([each[seed].features for each in made] for seed in range(len(SEEDS)))
        kernels[way] = [Kernels(np.stack(each), photographs) for each in features]
        seconds[way] = np.median([found[index][:, 0] for index in common])

    def distance(way, *parts):
        return np.mean([each.distance(*parts) for each in kernels[way]])

    parts = list(halves(len(common), len(photographs)))
    known, of_known = distance(reference), np.array([distance(reference, *p) for p in parts])
    apart = [each.distance() for each in kernels[reference]]
    say(f"{len(common)} scenes with {len(SEEDS)} seeds, {len(photographs)} photographs")
    say("KID of the reference's seeds: " + ", ".join(f"{each:.4f}" for each in apart))
    say("| solver, calls | KID | relative | L2 guide | L2 photo | features | detail | seam | s |")
    say("|---|---|---|---|---|---|---|---|---|")
    for way, mean in means.items():
        found, all_parts = distance(way), np.array([distance(way, *p) for p in parts])
        first = means[reference]
        say(
            f"| {way.solver} {way.calls} | {found:.4f} | {found / known:.3f} ± "
            f"{np.std(all_parts / of_known, ddof=1):.3f} | {mean.guide / first.guide:.3f} | "
            f"{mean.photograph / first.photograph:.3f} | "
            f"{mean.perceptual / first.perceptual:.3f} | {mean.detail:.2f} | {mean.seam:.2f} | "
            f"{seconds[way]:.2f} |"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("photographs", type=Path)
    parser.add_argument("--list", type=Path, dest="listing")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--scenes", type=int, default=24)
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("--solvers", nargs="+", default=SOLVERS)
    parser.add_argument("--calls", nargs="+", type=int, default=CALLS)
    parser.add_argument("--reference", type=int, default=500, help="calls of ddpm")
    parser.add_argument("--t0", type=float)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--whole", action="store_true", help="strokes everywhere, no mask")
    parser.add_argument("--photographs-compared", type=int, default=0, help="else two a scene")
    parser.add_argument("--fp32", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    devices.keep_freed_memory()
    bench, end = Bench(options), time.monotonic() + 60 * options.minutes
    first = Way("ddpm", options.reference)
    ways = [first]
    ways += [Way(solver, calls) for solver in options.solvers for calls in options.calls]
    rows = {way: [] for way in ways}
    for index in range(options.scenes):
        for way in ways:
            if time.monotonic() < end:
                rows[way].append(bench.numbers(way, index))
    compared = options.photographs_compared or 2 * options.scenes
    photographs = np.stack([bench.reference(index) for index in range(compared)])
    table(rows, photographs, first)


if __name__ == "__main__":
    main()
