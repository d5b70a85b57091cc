"""Counts that decide how long things take, and do not depend on a clock."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from latent_models import write_folder

from sdedit_desktop.diffusion.checkpoints.latent import TextReader
from sdedit_desktop.diffusion.networks.autoencoder import Autoencoder
from sdedit_desktop.diffusion.networks.conditional import ConditionalUNet
from sdedit_desktop.diffusion.networks.unet import UNet
from sdedit_desktop.editing import engine as engine_module
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.request import CancelToken, Candidate, EditParams, EditRequest
from sdedit_desktop.geometry import Rect

MOST_MODULES = 650
"""Imported before the window is up: 559 when this was written, on Linux with Python 3.11."""


@pytest.fixture
def counted(monkeypatch):
    """How often the costly parts are run."""
    counts = Counter()

    def watch(kind, name):
        real = getattr(kind, name)

        def counting(self, *arguments, **options):
            counts[f"{kind.__name__}.{name}"] += 1
            return real(self, *arguments, **options)

        monkeypatch.setattr(kind, name, counting)

    for kind, name in (
        (UNet, "forward"),
        (ConditionalUNet, "forward"),
        (Autoencoder, "encode"),
        (Autoencoder, "decode"),
        (TextReader, "encoder"),
    ):
        watch(kind, name)
    return counts


def made(model, **changes):
    guide = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    mask = np.zeros((64, 64), np.uint8)
    mask[16:48, 16:48] = 255
    params = EditParams(model, seeds=(1, 2, 3), precision="fp32", detail="off", **changes)
    request = EditRequest(params, guide, mask, Rect(0, 0, 64, 64))
    messages = TorchEngine(device="cpu").run(request, CancelToken())
    return [message for message in messages if isinstance(message, Candidate)]


@pytest.mark.parametrize(
    ("solver", "calls"),
    [("dpmpp_2m_sde", 5), ("dpmpp_2m", 5), ("sa_solver", 5), ("ddim", 5), ("ddpm", 5), ("heun", 5)],
)
def test_a_job_makes_as_many_network_calls_as_it_says(tiny_model, counted, solver, calls):
    assert len(made(tiny_model, solver=solver, calls=calls)) == 3
    assert counted == {"UNet.forward": 3 * calls}


@pytest.mark.parametrize("guidance", [1.0, 5.0])
def test_words_and_guide_are_prepared_once_a_job(tmp_path, counted, guidance):
    model = str(write_folder("sd1_tiny", tmp_path))
    assert len(made(model, calls=4, guidance=guidance, prompt="a tree")) == 3
    assert counted == {
        "ConditionalUNet.forward": 3 * 4,  # with words and without in one call
        "Autoencoder.encode": 1,
        "Autoencoder.decode": 1 + 3,  # what it loses by itself, and each candidate
        "TextReader.encoder": 1,
    }


def test_a_card_makes_candidates_together(tiny_model, counted, monkeypatch):
    monkeypatch.setattr(engine_module, "_CPU_BATCH", 8)
    assert len(made(tiny_model, calls=4)) == 3
    assert counted == {"UNet.forward": 4}


def test_the_window_is_up_before_torch_and_with_few_modules():
    code = "import sys, sdedit_desktop.app; print(len(sys.modules), 'torch' in sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    count, has_torch = done.stdout.split()
    assert has_torch == "False"
    assert int(count) <= MOST_MODULES
