import pytest
import torch
from torch import nn

from sdedit_desktop.training.optimizers import Optimizer


@pytest.fixture
def network():
    torch.manual_seed(0)
    parts = {"conv_in": nn.Conv2d(3, 8, 3), "middle": nn.Conv2d(8, 16, 3), "last": nn.Linear(16, 4)}
    return nn.ModuleDict(parts).to(memory_format=torch.channels_last)


def give_gradients(network, seed=1):
    stream = torch.Generator().manual_seed(seed)
    for parameter in network.parameters():
        values = torch.randn(parameter.shape, generator=stream)
        parameter.grad = torch.empty_like(parameter).copy_(values)


def step(optimizer, rate=1e-3):
    for part in optimizer.parts(rate):
        part()


def copied(network):
    return {name: p.detach().clone() for name, p in network.named_parameters()}


def test_a_kernel_steps_equally_far_in_all_directions(network):
    before = copied(network)
    give_gradients(network)
    step(Optimizer(network, weight_decay=0.0))
    change = (network["middle"].weight - before["middle.weight"]).flatten(1)
    spread = torch.linalg.svdvals(change)
    assert spread[-1] > 0.5 * spread[0]  # random gradients have 0.4
    gradient = network["middle"].weight.grad.flatten(1)
    assert torch.sum(change * gradient) < 0  # and downhill


def test_every_weight_steps_about_as_far_as_with_adam(network):
    before = copied(network)
    give_gradients(network)
    step(Optimizer(network, weight_decay=0.0))
    for name, parameter in network.named_parameters():
        rms = (parameter - before[name]).square().mean().sqrt()
        assert 0.4e-3 < rms < 1.1e-3, name


def test_shares_change_nothing(network):
    before = copied(network)
    results = []
    for shares in (1, 3):
        network.load_state_dict(before)
        optimizer = Optimizer(network, weight_decay=0.01, shares=shares)
        for seed in (1, 2):
            give_gradients(network, seed)
            step(optimizer)
        results.append(copied(network))
    assert all(torch.equal(results[0][name], results[1][name]) for name in before)


def test_it_goes_on_from_what_it_remembered(network):
    first = Optimizer(network, weight_decay=0.01)
    give_gradients(network)
    step(first)
    kept, weights = first.tensors(), copied(network)
    second = Optimizer(network, weight_decay=0.01)
    second.restore({name: value.clone() for name, value in kept.items()})
    results = []
    for optimizer in (first, second):
        network.load_state_dict(weights)
        give_gradients(network, seed=2)
        step(optimizer)
        results.append(copied(network))
    assert all(torch.equal(results[0][name], results[1][name]) for name in weights)


def test_what_another_optimizer_remembered_is_left_out(network):
    optimizer = Optimizer(network, weight_decay=0.0)
    optimizer.restore({"2.exp_avg": torch.zeros(16, 8, 3, 3), "1.momentum_buffer": torch.zeros(8)})
    assert optimizer.tensors() == {}
