import pytest
import torch
from torch import nn

from sdedit_desktop.training.normalization import QuickGroupNorm, use_fast_group_norm


@pytest.mark.parametrize(("channels", "groups"), [(4, 4), (12, 4), (8, 1)])
def test_the_gradients_are_those_of_torch(channels, groups):
    theirs = nn.GroupNorm(groups, channels, eps=1e-3).double()
    nn.init.normal_(theirs.weight)
    nn.init.normal_(theirs.bias)
    ours = QuickGroupNorm(groups, channels, eps=1e-3).double()
    ours.load_state_dict(theirs.state_dict())
    x = (3 * torch.randn(2, channels, 5, 6) + 1).double()
    upstream = torch.randn(2, channels, 5, 6).double()
    results = []
    for layer in (theirs, ours):
        leaf = x.clone().to(memory_format=torch.channels_last).requires_grad_()
        answer = layer(leaf)
        gradients = torch.autograd.grad(answer, [leaf, layer.weight, layer.bias], upstream)
        results.append([answer, *gradients])
    for expected, found in zip(*results, strict=True):
        assert torch.allclose(found, expected, atol=1e-5)


def test_in_bfloat16_it_is_as_near_to_the_truth_as_rounding_allows():
    x = torch.randn(2, 8, 16, 16, dtype=torch.bfloat16, requires_grad=True)
    upstream = torch.randn_like(x)
    layer = QuickGroupNorm(4, 8)
    truth = nn.GroupNorm(4, 8)
    (found,) = torch.autograd.grad(layer(x), [x], upstream)
    leaf = x.detach().float().requires_grad_()
    (expected,) = torch.autograd.grad(truth(leaf), [leaf], upstream.float())
    assert found.dtype == torch.bfloat16
    assert (found.float() - expected).abs().max() < 0.03


def test_other_devices_use_their_own_kernel_which_autocast_knows():
    x = torch.randn(2, 8, 4, 4, device="meta", requires_grad=True)
    answer = QuickGroupNorm(4, 8, device="meta")(x)
    assert type(answer.grad_fn).__name__ == "NativeGroupNormBackward0"


def test_use_fast_group_norm_changes_every_normalisation_and_no_weight():
    network = nn.Sequential(nn.GroupNorm(2, 4), nn.Sequential(nn.GroupNorm(1, 4), nn.SiLU()))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    use_fast_group_norm(network)
    assert [type(m) for m in network.modules()].count(QuickGroupNorm) == 2
    after = network.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
