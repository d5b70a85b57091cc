import pytest
import torch
from torch import nn

from sdedit_desktop.training.optimizers import Optimizer, orthogonalized


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


@pytest.mark.parametrize("shape", [(24, 24), (16, 200), (200, 16)])
def test_orthogonalising_keeps_singular_vectors_and_makes_singular_values_one(shape):
    torch.manual_seed(0)
    short = min(shape)
    u, _ = torch.linalg.qr(torch.randn(shape[0], short))
    v, _ = torch.linalg.qr(torch.randn(shape[1], short))
    lengths = torch.logspace(-2, 2, short)
    seen = u.T @ orthogonalized(u * lengths @ v.T) @ v
    usual = lengths > 2e-3 * lengths.norm()
    assert seen.diagonal()[usual].min() > 0.6
    assert seen.diagonal().max() < 1.25
    assert (seen - seen.diagonal().diag()).abs().max() < 1e-3


def test_a_matrix_of_zeros_stays_zero():
    assert torch.equal(orthogonalized(torch.zeros(4, 9)), torch.zeros(4, 9))


@pytest.mark.parametrize("shape", [(16, 72), (72, 16)])
def test_muon_steps_like_that_of_torch(shape):
    torch.manual_seed(0)
    network = nn.ParameterDict({"middle": torch.ones(shape), "bias": torch.ones(3)})
    ours, theirs = network["middle"], nn.Parameter(torch.ones(shape))
    optimizer = Optimizer(network, weight_decay=0.1)
    known = torch.optim.Muon([theirs], 3e-3, 0.1, adjust_lr_fn="match_rms_adamw")
    for _ in range(3):
        ours.grad = theirs.grad = torch.randn(shape)
        step(optimizer)
        known.step()
    assert (ours - theirs).norm() < 0.02 * (theirs - 1).norm()  # theirs is in bfloat16


def test_every_weight_steps_about_as_far_as_with_adam(network):
    before = copied(network)
    give_gradients(network)
    step(Optimizer(network, weight_decay=0.0))
    for name, parameter in network.named_parameters():
        rms = (parameter - before[name]).square().mean().sqrt()
        assert 0.4e-3 < rms < 1.1e-3, name


def test_a_restored_optimizer_takes_the_same_step(network):
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


def test_the_state_of_another_optimizer_is_left_out(network):
    optimizer = Optimizer(network, weight_decay=0.0)
    optimizer.restore({"2.exp_avg": torch.zeros(16, 8, 3, 3), "1.momentum_buffer": torch.zeros(8)})
    assert optimizer.tensors() == {}
