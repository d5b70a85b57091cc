"""The engine opens a model ahead of the job that needs it."""

import gc
import shutil
import weakref
from pathlib import Path

import pytest
import torch
from edits import masked_request, run
from latent_models import write_folder
from torch import nn

from sdedit_desktop.diffusion import devices
from sdedit_desktop.diffusion.checkpoints import model as weights
from sdedit_desktop.diffusion.networks.unet import UNet
from sdedit_desktop.editing import engine as module
from sdedit_desktop.editing import models
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.request import Cancelled, CancelToken, Candidate, EditParams
from sdedit_desktop.editing.sampling.facts import facts_of
from sdedit_desktop.errors import ModelError
from sdedit_desktop.geometry import Rect


def never():
    return False


@pytest.fixture
def engine(monkeypatch):
    """An engine that tries half precision."""
    monkeypatch.setattr(devices, "computes_in_bfloat16", lambda _device: True)
    return TorchEngine(device="cpu")


@pytest.fixture
def opened(monkeypatch):
    """Which models are opened."""
    opened, real = [], module.open_sampler

    def watched(path, *rest):
        opened.append(path.name)
        return real(path, *rest)

    monkeypatch.setattr(module, "open_sampler", watched)
    return opened


@pytest.fixture
def latent(tmp_path):
    return str(write_folder("sd1_tiny", tmp_path / "latent"))


def params(model, **changes):
    return EditParams(model, calls=2, seeds=(1,), detail="off", **changes)


def made(engine, wanted):
    messages = run(engine, masked_request(wanted, Rect(0, 0, 48, 40)))
    return [message for message in messages if isinstance(message, Candidate)]


class Watched:
    """Counts how often it is asked, and says yes from some time on."""

    def __init__(self, most=10**9):
        self.most, self.asked = most, 0

    def __call__(self):
        self.asked += 1
        return self.asked > self.most


@pytest.mark.parametrize(
    "changes", [{}, {"precision": "fp32"}, {"solver": "reference", "t0": 0.01}]
)
def test_a_job_finds_its_model_open(engine, tiny_model, opened, changes):
    for _ in range(2):
        engine.prepare(params(tiny_model, **changes), never)
    assert len(made(engine, params(tiny_model, **changes))) == 1
    assert len(opened) == 1


def test_photographs_too(engine, opened):
    engine.prepare(params(models.BUNDLED_PHOTOS), never)
    made(engine, params(models.BUNDLED_PHOTOS))
    assert opened == [models.BUNDLED_PHOTOS]


def test_results_are_those_of_a_model_that_was_not_prepared(engine, tiny_model):
    (unprepared,) = made(TorchEngine(device="cpu"), params(tiny_model))
    engine.prepare(params(tiny_model), never)
    (prepared,) = made(engine, params(tiny_model))
    assert prepared.params.precision == "bf16"
    assert (prepared.image == unprepared.image).all()


def test_it_ends_at_any_time_and_leaves_nothing(engine, tiny_model, latent):
    for model, moments in ((tiny_model, 12), (latent, 4)):
        engine.prepare(params(model), whole := Watched())
        assert whole.asked > 100
        for most in range(0, whole.asked, whole.asked // moments):
            engine = TorchEngine(device="cpu")
            with pytest.raises(Cancelled):
                engine.prepare(params(model), asked := Watched(most))
            assert asked.asked == most + 1  # no layer and no array after that
            assert engine._loaded is None


def test_nothing_is_read_or_computed_between_two_questions_but_one_thing(
    engine, tiny_model, monkeypatch
):
    """Arrays and layers, of which none holds another that takes time of its own."""
    asked, seen = Watched(), []

    def watch(kind, name):
        real = getattr(kind, name)

        def watched(*arguments, **options):
            seen.append(asked.asked)
            return real(*arguments, **options)

        monkeypatch.setattr(kind, name, watched)

    for kind, name in ((weights, "_settle"), (nn.Conv2d, "forward"), (nn.Linear, "forward")):
        watch(kind, name)
    engine.prepare(params(tiny_model), asked)
    assert len(seen) == len(set(seen)) > 100


def test_stopping_a_job_does_not_wait_for_the_model(engine, tiny_model, monkeypatch):
    cancel, calls, real = CancelToken(), [], UNet.forward

    def stopped(self, *arguments):
        calls.append(1)
        cancel.cancel()
        return real(self, *arguments)

    monkeypatch.setattr(UNet, "forward", stopped)
    with pytest.raises(Cancelled):
        list(engine.run(masked_request(params(tiny_model), Rect(0, 0, 48, 40)), cancel))
    assert calls == [1]
    assert engine._loaded is None


def test_no_two_models_are_held(engine, tiny_model, monkeypatch):
    """Neither the one before and the next, nor one in two precisions."""
    held, alive, real = [], [], weights.fill

    def fill(network, *rest):
        gc.collect()
        alive.append(sum(each() is not None for each in held))
        real(network, *rest)
        if isinstance(network, UNet):
            held.append(weakref.ref(network))

    monkeypatch.setattr(weights, "fill", fill)
    for precision in ("auto", "fp32"):
        engine.prepare(params(tiny_model, precision=precision), never)
    engine.prepare(params(models.THIS_PHOTO), never)
    gc.collect()
    assert alive == [0, 0, 0]
    assert [each() for each in held] == [None] * 3


def test_a_model_that_does_not_fit_leaves_the_one_before(
    engine, tiny_model, tmp_path, opened, monkeypatch
):
    other = Path(shutil.copytree(tiny_model, tmp_path / "other"))
    need = facts_of(str(other), other).memory_bytes("auto")
    for free, fits in ((need - 1, False), (None, True), (need + 1, True)):
        monkeypatch.setattr(devices, "free_bytes", lambda _device: None)
        engine.prepare(params(tiny_model), never)
        opened.clear()
        monkeypatch.setattr(devices, "free_bytes", lambda _device, free=free: free)
        engine.prepare(params(str(other)), never)
        assert opened == ["other"] * fits


def test_what_is_wrong_is_said_by_the_job(engine, tmp_path):
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"nonsense")
    for attempt in (
        lambda: engine.prepare(params(str(broken)), never),
        lambda: made(engine, params(str(broken))),
    ):
        with pytest.raises(ModelError):
            attempt()


def test_a_shortage_is_left_to_the_job(engine, tiny_model, monkeypatch):
    real = module.open_sampler

    def short(*_):
        torch.empty(1 << 60, dtype=torch.uint8)

    monkeypatch.setattr(module, "open_sampler", short)
    engine.prepare(params(tiny_model), never)
    monkeypatch.setattr(module, "open_sampler", real)
    assert len(made(engine, params(tiny_model))) == 1
