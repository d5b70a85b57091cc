"""Training in several processes: the same losses as in one."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from sdedit_desktop.errors import ParameterError
from sdedit_desktop.training import run as run_module
from sdedit_desktop.training import trainer
from sdedit_desktop.training.config import TrainingConfig
from sdedit_desktop.training.events import Progress
from sdedit_desktop.training.processes import Processes, local_device
from sdedit_desktop.training.recipe import Recipe

TRAIN = """
import contextlib, itertools, sys
from pathlib import Path
import torch
torch.set_num_threads(1)
from sdedit_desktop.diffusion import devices
from sdedit_desktop.training import trainer
trainer.computes_in_bfloat16 = lambda _device: False  # what is compared are sums in float32
from sdedit_desktop.training.config import TrainingConfig
from sdedit_desktop.training.events import Progress
from sdedit_desktop.training.recipe import Recipe
from sdedit_desktop.training.run import run
folder, output, steps, resume = sys.argv[1:]
wanted = TrainingConfig(
    photographs=Path(folder), output=Path(output), recipe=Recipe(size=16, batch=4, warmup=5),
    channels=(32, 32), sample_size=16, resume=resume == "yes",
)
made = []
def enough():
    return len(made) >= int(steps)
with contextlib.closing(run(wanted, enough)) as events:
    for event in events:
        if isinstance(event, Progress):
            made.append(event)
"""


def train(folder, output, steps, processes, resume=False):
    launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    script = output.parent / "train.py"
    script.write_text(TRAIN)
    words = [str(script), str(folder), str(output), str(steps), "yes" if resume else "no"]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, *(launcher if processes > 1 else ()), *words],
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def losses(output):
    with (output / "training" / "loss.csv").open() as file:
        return np.array([float(row["loss"]) for row in csv.DictReader(file)])


@pytest.mark.timeout(1200)  # five interpreters import torch
@pytest.mark.skipif(sys.platform != "linux", reason="gloo is tried on Linux")
def test_losses_are_the_same_from_one_process_or_two_also_when_resumed(folder, tmp_path):
    train(folder, tmp_path / "one", 6, processes=1)
    train(folder, tmp_path / "two", 3, processes=2)
    train(folder, tmp_path / "two", 3, processes=1, resume=True)
    alone, together = losses(tmp_path / "one"), losses(tmp_path / "two")
    assert len(alone) == len(together) == 6
    assert np.abs(alone - together).max() < 1e-5


def test_the_shares_of_all_processes_are_the_batch():
    batch = torch.arange(7)
    shares = [Processes(rank, 3).share(batch) for rank in range(3)]
    assert sorted(torch.cat(shares).tolist()) == batch.tolist()
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_more_processes_than_crops_are_one_sentence(folder, tmp_path):
    config = TrainingConfig(photographs=folder, output=tmp_path / "out", recipe=Recipe(batch=2))
    with pytest.raises(ParameterError, match="3 processes cannot share 2 crops"):
        next(run_module._run(config, lambda: False, Processes(0, 3)))


def test_each_process_has_a_card_of_its_own(monkeypatch):
    assert local_device("cuda") == "cuda"
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert local_device("cuda") == "cuda:1"
    assert local_device("cpu") == "cpu"


def test_crops_that_do_not_fit_at_once_are_worked_on_one_after_another(
    folder, tmp_path, monkeypatch
):
    def made(output):
        config = TrainingConfig(
            photographs=folder,
            output=tmp_path / output,
            recipe=Recipe(size=16, batch=4, warmup=5),
            channels=(32, 32),
            sample_size=16,
        )
        progress = (e for e in run_module.run(config) if isinstance(e, Progress))
        return [next(progress).loss for _ in range(3)]

    monkeypatch.setattr(trainer, "computes_in_bfloat16", lambda _device: False)
    plain, real, sizes = made("plain"), trainer.loss, []

    def short_of_memory(network, clean, *others):
        sizes.append(len(clean))
        if len(clean) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return real(network, clean, *others)

    monkeypatch.setattr(trainer, "loss", short_of_memory)
    assert made("short") == pytest.approx(plain, abs=1e-5)
    assert sizes[:3] == [4, 2, 2]  # both halves were on their way
    assert set(sizes[3:]) == {1}  # and no more is tried again
