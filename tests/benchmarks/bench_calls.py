"""How few calls are enough: solvers and numbers of calls against many small steps of DDPM.

Not a test: ``python tests/benchmarks/bench_calls.py MODEL FOLDER --list CSV -o OUT``. Edits the
same masked scenes of held-out photographs with each solver and number of calls, and prints one row
each: distances of the results, relative to those of the reference where that says more. The
reference is made twice, with other seeds: how far these two are apart is chance. Pictures are kept
in OUT, so that the same command continues; scenes come one after another, so that it may be
stopped at any time. One thread.
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
from sdedit_desktop.training.evaluation.kid import kid
from sdedit_desktop.training.evaluation.measures import Measured, deepest, measured
from sdedit_desktop.training.evaluation.run import held_out_scenes
from sdedit_desktop.training.recipe import to_pixels

say = functools.partial(print, flush=True)
SOLVERS = ("ddpm", "ddim", "heun", "dpmpp_2m", "dpmpp_2m_sde", "sa_solver")
CALLS = (5, 8, 12, 20, 50)


class Way(NamedTuple):
    """A row of the table."""

    solver: str
    calls: int
    first_seed: int = 0


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
            path, options.photographs, options.output, options.output, listing=options.listing
        )
        if banks.is_bank(path):
            self.editor = _exemplar_editor(path, "cpu")
        else:
            in_bf16 = devices.computes_in_bfloat16(device) and not options.fp32
            dtype = torch.bfloat16 if in_bf16 else torch.float32
            self.editor = NetworkEditor(open_model(path, device, dtype))
        self.t0 = options.t0 or self.editor.masked_t0s[0]
        self.guides, self.references = held_out_scenes(config)
        self.network, self.store = Remembering(find_inception(device)), Store(options.output)

    @functools.lru_cache(maxsize=4)  # noqa: B019 - there is one bench
    def scene(self, index):
        return self.guides.scene(index, index)

    def numbers(self, way, index):
        """Processor seconds, features of the mask's surroundings, and all measurements."""
        key = digest(self.editor.key, self.t0, *way, *self.scene(index))
        return self.store.get(key, lambda: self._numbers(way, index))

    def _numbers(self, way, index):
        begin, scene = time.thread_time(), self.scene(index)
        seed = way.first_seed + index
        for state in self.editor.edit(scene, self.t0, way.calls, seed, way.solver):
            z = state.z
        seconds = time.thread_time() - begin
        pixels = to_pixels(z)[0]
        inside = self.features(pixels, index)
        found = measured(scene, pixels, self.network)._replace(features=inside)
        return np.array([seconds, *found.as_array()], np.float32)

    def features(self, pixels, index):
        """Of the mask's surroundings only: the rest is the photograph, whatever was made."""
        rows, columns = np.nonzero(random_mask(len(pixels), index))
        part = pixels[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        return deepest(self.network.maps(part[None]))

    def reference(self, index):
        pixels = self.references.pixels(index)
        return self.store.get(
            digest("inside", pixels, self.network.name), lambda: self.features(pixels, index)
        )


def table(rows, photographs, reference):
    """Prints one row for each way, of the scenes that all have."""
    common = range(min(map(len, rows.values())))

    def summary(found):
        made = [Measured.of(found[index][1:]) for index in common]
        means = Measured(*np.mean([each[:-1] for each in made], axis=0), np.empty(0))
        distance = kid(np.stack([each.features for each in made]), photographs)
        return np.median([found[index][0] for index in common]), means, distance

    _, known, _ = summary(rows[reference])
    say(f"{len(common)} scenes; KID in thousandths; distances relative to the first row's")
    say("| solver, calls | KID | L2 guide | L2 photo | features | detail | seam | s |")
    say("|---|---|---|---|---|---|---|---|")
    for way, found in rows.items():
        seconds, means, distance = summary(found)
        name = f"{way.solver} {way.calls}" + (", other seeds" if way.first_seed else "")
        say(
            f"| {name} | {1e3 * distance.mean:.0f} ± {1e3 * distance.spread:.0f} | "
            f"{means.guide / known.guide:.3f} | {means.photograph / known.photograph:.3f} | "
            f"{means.perceptual / known.perceptual:.3f} | {means.detail:.2f} | {means.seam:.2f} | "
            f"{seconds:.2f} |"
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
    parser.add_argument("--fp32", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    devices.keep_freed_memory()
    bench, end = Bench(options), time.monotonic() + 60 * options.minutes
    first = Way("ddpm", options.reference)
    ways = [first, first._replace(first_seed=1000)]
    ways += [Way(solver, calls) for solver in options.solvers for calls in options.calls]
    rows = {way: [] for way in ways}
    for index in range(options.scenes):
        for way in ways:
            if time.monotonic() < end:
                rows[way].append(bench.numbers(way, index))
    photographs = np.stack([bench.reference(index) for index in range(2 * options.scenes)])
    table(rows, photographs, first)


if __name__ == "__main__":
    main()
