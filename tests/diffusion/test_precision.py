"""Half precision where the device is made for it and the model bears it."""

from pathlib import Path

import pytest
import torch
from latent_models import NAMES, write_folder

from sdedit_desktop.diffusion import devices, precision
from sdedit_desktop.diffusion.checkpoints import open_model

CPU, CARD = torch.device("cpu"), torch.device("cuda", 0)


@pytest.fixture
def made_for_it(monkeypatch):
    monkeypatch.setattr(devices, "computes_in_bfloat16", lambda _device: True)


def opener(path, opened):
    def open_in(dtype):
        opened.append(dtype)
        return open_model(path, CPU, dtype)

    return open_in


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"avx512_bf16": True}, True),
        ({"amx_bf16": True}, True),
        ({"avx2": True}, False),
        ({}, False),
    ],
)
def test_processors_with_bfloat16_instructions_are_recognised(monkeypatch, found, expected):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found)
    assert devices.computes_in_bfloat16(CPU) is expected


@pytest.mark.parametrize(
    ("capability", "expected"), [((7, 5), False), ((8, 0), True), ((9, 0), True)]
)
def test_graphics_cards_with_bfloat16_are_recognised(monkeypatch, capability, expected):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _device: capability)
    assert devices.computes_in_bfloat16(CARD) is expected


def test_fp32_is_fp32_on_a_card():
    torch.backends.cudnn.allow_tf32 = True
    devices.forbid_tf32()
    assert not torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32


def test_a_model_that_bears_it_is_opened_in_half_precision(tiny_model, made_for_it):
    opened = []
    model = precision.open_automatic(opener(Path(tiny_model), opened), CPU)
    assert model.dtype == torch.bfloat16
    assert opened == [torch.float32, torch.bfloat16]


def test_a_device_that_is_not_made_for_it_keeps_full_precision(tiny_model, monkeypatch):
    monkeypatch.setattr(devices, "computes_in_bfloat16", lambda _device: False)
    opened = []
    assert precision.open_automatic(opener(Path(tiny_model), opened), CPU).dtype == torch.float32
    assert opened == [torch.float32]


@pytest.mark.parametrize("spoil", [1.021, float("nan"), float("inf")])
def test_a_model_that_errs_by_more_keeps_full_precision(
    tiny_model, made_for_it, monkeypatch, spoil
):
    real = precision.predicted_noise

    def predicted(model, check):
        found = real(model, check)
        return found * spoil if model.dtype == torch.bfloat16 else found

    monkeypatch.setattr(precision, "predicted_noise", predicted)
    assert precision.open_automatic(opener(Path(tiny_model), []), CPU).dtype == torch.float32


@pytest.mark.parametrize("name", NAMES)
def test_networks_that_take_words_are_tried_without_any(name, tmp_path):
    model = open_model(write_folder(name, tmp_path), CPU, torch.float32)
    found = precision.predicted_noise(model)
    assert found.isfinite().all()
    assert found.shape == (2, *model.trial()[0][1:])
    assert torch.equal(found, precision.predicted_noise(model))


def test_the_error_is_relative():
    assert precision.relative_error(torch.tensor([3.0, 4.4]), torch.tensor([3.0, 4.0])) == (
        pytest.approx(0.08)
    )
