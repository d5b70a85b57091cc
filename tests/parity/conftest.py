"""Recorded runs of other projects' own code on tiny checkpoints: see ``data/README.md``."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from sdedit_desktop.diffusion.checkpoints import open_model

DATA = Path(__file__).parent / "data"


@dataclass
class Recording:
    """One ``.npz``: its arrays as tensors, its description, and its draws as noise."""

    arrays: dict
    meta: dict

    def __getattr__(self, name):
        return self.arrays[name]

    @property
    def guide(self):
        """Their picture in [0, 1], in our [-1, 1], as a batch."""
        image = self.arrays["img01"]
        return (image if image.dim() == 4 else image[None]) * 2 - 1

    @property
    def tape(self):
        if "noise_i8" in self.arrays:
            return Tape(self.noise_i8.float() / 2)
        generator = torch.Generator().manual_seed(self.meta["seed"])
        draws = [torch.randn(1, 3, 32, 32, generator=generator) for _ in range(self.meta["draws"])]
        return Tape(torch.stack(draws).mul(2).round().clamp(-15, 15) / 2)


class Tape:
    """Recorded draws, played back in order."""

    def __init__(self, draws):
        self.draws = draws
        self.played = 0

    def like(self, z):
        self.played += 1
        return self.draws[self.played - 1].to(z)


@pytest.fixture
def recording():
    def load(path):
        with np.load(DATA / path) as file:
            arrays = {name: file[name] for name in file.files}
        words = {
            name: str(arrays.pop(name)) for name in list(arrays) if arrays[name].dtype.kind == "U"
        }
        meta = json.loads(words["meta"]) if "meta" in words else {}
        return Recording({n: torch.from_numpy(a) for n, a in arrays.items()}, meta)

    return load


@pytest.fixture
def opened(tmp_path):
    """Opens a recorded checkpoint, with the corrections that a user would put beside it."""

    def load(path, **corrections):
        source = DATA / path
        if corrections:
            copy = tmp_path / source.name
            copy.write_bytes(source.read_bytes())
            (tmp_path / f"{source.name}.json").write_text(json.dumps(corrections))
            source = copy
        return open_model(source)

    return load


@pytest.fixture
def solved():
    """Runs a solver from a start, without guide or mask; scaled back as variance preserving."""

    def run(solver, denoise, start, sigmas, noise):
        scale = (1 + sigmas[0] ** 2).sqrt()
        descent = solver(start * scale, sigmas, noise)
        ask = next(descent)
        with torch.inference_mode():
            while True:
                try:
                    ask = descent.send((ask.z, ask.sigma, denoise(ask.z, ask.sigma), None))
                except StopIteration as end:
                    return end.value

    return run
