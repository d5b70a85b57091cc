import pytest
import torch

from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.training.recipe import Recipe
from sdedit_desktop.training.run import network_config
from sdedit_desktop.training.state import TrainingState, fresh_network


@pytest.fixture
def state():
    network = fresh_network(network_config((32, 64)), seed=1)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter += 0.02 * torch.randn(parameter.shape, generator=torch.manual_seed(2))
    return TrainingState(network, Recipe(), torch.device("cpu"))


def test_a_fresh_network_looks_at_nothing_and_depends_on_its_seed():
    first, same, other = (fresh_network(network_config((32, 32)), seed) for seed in (1, 1, 2))
    answer = first(torch.randn(1, 3, 16, 16), torch.tensor([5]))
    assert torch.equal(answer, first.conv_out.bias.view(1, 3, 1, 1).expand_as(answer))
    assert torch.equal(first.conv_in.weight, same.conv_in.weight)
    assert not torch.equal(first.conv_in.weight, other.conv_in.weight)


def test_the_model_gives_the_same_numbers_here_and_in_diffusers(state, tmp_path):
    diffusers = pytest.importorskip("diffusers")
    state.export(tmp_path, sample_size=32, dtype=torch.float32)
    theirs = diffusers.UNet2DModel.from_pretrained(tmp_path, subfolder="unet")
    scheduler = diffusers.DDPMScheduler.from_pretrained(tmp_path, subfolder="scheduler")
    ours = open_model(tmp_path).network
    x, labels = torch.randn(2, 3, 32, 32), torch.tensor([3, 700])
    with torch.inference_mode():
        expected = state.average(x, labels)
        assert torch.allclose(ours(x, labels), expected, atol=1e-6)
        assert torch.allclose(theirs(x, labels).sample, expected, atol=1e-5)
    assert scheduler.config.prediction_type == "v_prediction"


def test_the_average_follows_the_weights(state):
    with torch.no_grad():
        for parameter in state.network.parameters():
            parameter.fill_(1.0)
        for parameter in state.average.parameters():
            parameter.fill_(0.0)
    state.follow(decay=0.75)
    assert all(torch.allclose(p, torch.tensor(0.25)) for p in state.average.parameters())
