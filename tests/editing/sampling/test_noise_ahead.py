"""Noise that is drawn ahead is the same noise."""

import threading

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop.diffusion.noise import SeededNoise
from sdedit_desktop.editing.sampling.noise_ahead import NoiseAhead

SHAPES = [(2, 3, 8, 8), (2, 3, 16, 8), (2, 4, 8, 8)]


@given(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=12))
def test_noise_drawn_ahead_is_the_same_for_any_sequence_of_requests(shapes):
    plain, ahead = SeededNoise((5, 9)), NoiseAhead((5, 9), pin=lambda noise: noise)
    for shape in shapes:
        z = torch.empty(shape)
        assert torch.equal(ahead.like(z), plain.like(z))


def test_the_next_noise_is_drawn_on_another_thread_in_advance():
    drawn = []
    both = threading.Event()

    def pin(noise):
        drawn.append(threading.current_thread().name)
        if len(drawn) == 2:
            both.set()
        return noise

    ahead = NoiseAhead((1,), pin)
    ahead.like(torch.empty(1, 3, 8, 8))
    assert both.wait(60)
    assert all(name.startswith("noise") for name in drawn)


def test_copies_do_not_wait(monkeypatch):
    """What a card would be asked for, asked for of a tensor without a card."""
    asked, real = [], torch.Tensor.to

    def watched(self, *arguments, **options):
        asked.append(options)
        return real(self, *arguments, **options)

    ahead = NoiseAhead((1,), pin=lambda noise: noise)
    monkeypatch.setattr(torch.Tensor, "to", watched)
    noise = ahead.like(torch.empty(1, 3, 8, 8, dtype=torch.float64))
    assert {"non_blocking": True} in asked
    assert noise.dtype == torch.float64


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a card")
def test_noise_on_a_card_equals_noise_on_the_processor():
    z = torch.empty(1, 3, 8, 8, device="cuda")
    assert torch.equal(NoiseAhead((1,)).like(z).cpu(), SeededNoise((1,)).like(z.cpu()))
