import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file

from sdedit_desktop.diffusion.checkpoints import open_model
from sdedit_desktop.diffusion.checkpoints.diffusers import save_unet
from sdedit_desktop.diffusion.networks.unet import UNet, UNetConfig
from sdedit_desktop.diffusion.schedule import DiscreteVP
from sdedit_desktop.errors import ModelError
from sdedit_desktop.training.parametrisation import LOUDEST, Parametrisation
from sdedit_desktop.training.photographs import Photographs, find_photographs
from sdedit_desktop.training.recipe import DATA_STD, SCHEDULE, Recipe, loss
from sdedit_desktop.training.state import TrainingState
from sdedit_desktop.training.trainer import train

DATA = Path(__file__).parents[1] / "parity" / "data"
TARGETS = ("epsilon", "v_prediction", "sample")
SCHEDULES = {
    "linear": DiscreteVP.linear(),
    "scaled linear": DiscreteVP.scaled_linear(),
    "cosine": DiscreteVP.cosine(),
    "few steps": DiscreteVP.linear(4e-4, 8e-2, 250),
    "none of these": DiscreteVP(torch.linspace(0.01, 0.2, 50, dtype=torch.float64) ** 1.5),
}
SNR_LIMIT = 25.0
TIMES = torch.tensor([5, 200, 450, 700])
RECIPE = Recipe(size=16, batch=2, warmup=2)


@pytest.fixture(params=SCHEDULES)
def schedule(request):
    return SCHEDULES[request.param]


def pictures():
    return torch.randn(2, 4, 3, 8, 8, generator=torch.manual_seed(3)).unbind()


@pytest.mark.parametrize("target", TARGETS)
def test_the_loss_is_the_weighted_error_of_the_clean_picture(target, schedule):
    """What the engine makes of the answer, against the photograph: the engine is the oracle."""
    clean, noise = pictures()
    terms = Parametrisation(target, schedule)

    def network(x, labels):
        return torch.tanh(2 * x) + 0.1 * labels[:, None, None, None] / len(schedule.betas)

    steps = terms.steps(SCHEDULE.sigmas[TIMES])
    expected = []
    for index, step in enumerate(steps):
        sigma = schedule.sigmas[step]
        assert sigma < LOUDEST
        z = clean[index : index + 1] + sigma.float() * noise[index : index + 1]
        found = replace(terms.denoiser(network), clip=False)(z, sigma)
        weight = min(sigma.item() ** -2, SNR_LIMIT) + DATA_STD**-2
        error = (found - clean[index])[0]
        fours = error.reshape(3, 2, 4, 2, 4).mean((2, 4))
        squares = error.square().mean() + 2 * fours.square().mean()
        expected.append(weight * squares.item() / 3)
    value = loss(network, clean, TIMES, noise, SNR_LIMIT, terms).item()
    assert value == pytest.approx(sum(expected) / len(expected), rel=1e-4)


@pytest.mark.parametrize("target", TARGETS)
def test_noise_is_that_of_the_schedule_and_as_near_as_it_has_it(target, schedule):
    terms = Parametrisation(target, schedule)
    steps = terms.steps(SCHEDULE.sigmas)
    assert (steps.diff() >= 0).all()
    wanted = SCHEDULE.sigmas.clamp(schedule.sigma_min, schedule.sigma_max).log()
    gaps = (schedule.sigmas.log()[:, None] - wanted).abs()
    assert torch.allclose(gaps.gather(0, steps[None])[0], gaps.min(0).values)


def test_our_own_steps_are_the_times():
    every = torch.arange(1000)
    assert torch.equal(Parametrisation("epsilon", SCHEDULE).steps(SCHEDULE.sigmas), every)


def test_loud_noise_does_not_decide_alone():
    clean, noise = pictures()
    terms = Parametrisation("epsilon", SCHEDULE)
    sigma = torch.tensor([1.0, 10.0, LOUDEST, 100.0]).view(4, 1, 1, 1)
    leverage = terms.goal(clean, noise, sigma).leverage.flatten()
    assert leverage.tolist() == pytest.approx([1, 10, LOUDEST, LOUDEST])


def test_a_parametrisation_survives_being_written(schedule):
    terms = Parametrisation("sample", schedule, learned_variance=True)
    again = Parametrisation.from_json(terms.as_json())
    assert (again.target, again.learned_variance) == ("sample", True)
    torch.testing.assert_close(again.schedule.betas, schedule.betas, rtol=1e-9, atol=0)


def foreign(folder, target, schedule, outputs=3):
    torch.manual_seed(1)
    network = UNet(UNetConfig((8, 16), (False, True), blocks=1, groups=4, out_channels=outputs))
    options = {"sample_size": 32, "prediction": target, "schedule": schedule}
    save_unet(folder, network, dtype=torch.float32, **options)
    return folder


def trained(path, folder, output, steps=2):
    terms, network = Parametrisation.of(open_model(path))
    state = TrainingState(network.requires_grad_(True), RECIPE, torch.device("cpu"), terms)
    running = train(state, Photographs(find_photographs(folder).train), RECIPE)
    for _ in range(steps):
        assert math.isfinite(next(running))
    running.close()
    state.export(output, sample_size=32, dtype=torch.float32)
    state.save(output)
    return state


@pytest.mark.parametrize("target", TARGETS)
def test_a_fine_tuned_model_keeps_its_terms_and_others_read_them(
    folder, tmp_path, target, schedule
):
    from diffusers import DDPMScheduler

    start = foreign(tmp_path / "start", target, schedule)
    trained(start, folder, tmp_path / "out")
    before, after = open_model(start), open_model(tmp_path / "out")
    assert after.card.prediction == target
    torch.testing.assert_close(after.schedule.betas, before.schedule.betas, rtol=1e-9, atol=0)
    theirs = DDPMScheduler.from_pretrained(tmp_path / "out", subfolder="scheduler")
    assert theirs.config.prediction_type == target
    signal = 1 / (1 + schedule.sigmas**2)
    torch.testing.assert_close(theirs.alphas_cumprod.double(), signal, rtol=1e-3, atol=1e-7)
    resumed = TrainingState.load(tmp_path / "out", RECIPE, torch.device("cpu"))
    assert resumed.terms.target == target
    assert not torch.equal(after.network.conv_in.weight, before.network.conv_in.weight), (
        "nothing was learned"
    )


def test_of_a_learned_variance_only_the_mean_is_trained(folder, tmp_path):
    start = foreign(tmp_path / "start", "epsilon", DiscreteVP.linear(), outputs=6)
    state = trained(start, folder, tmp_path / "out", steps=3)
    before = load_file(start / "unet" / "diffusion_pytorch_model.safetensors")
    for network in (state.network, state.average, open_model(tmp_path / "out").network):
        for part in ("weight", "bias"):
            now = getattr(network.conv_out, part).detach()
            assert torch.equal(now[3:], before[f"conv_out.{part}"][3:])
            assert not torch.equal(now[:3], before[f"conv_out.{part}"][:3])
    assert open_model(tmp_path / "out").card.learned_variance


def test_a_guided_diffusion_file_becomes_a_folder_that_diffusers_opens(folder, tmp_path):
    from diffusers import UNet2DModel

    path = next(DATA.rglob("learnsigma_updown.pt"))
    terms, network = Parametrisation.of(open_model(path))
    assert terms.learned_variance
    TrainingState(network, RECIPE, torch.device("cpu"), terms).export(
        tmp_path, sample_size=32, dtype=torch.float32
    )
    x, labels = torch.randn(2, 3, 32, 32), torch.tensor([3, 700])
    with torch.inference_mode():
        wanted = open_model(path).network(x, labels)
        theirs = UNet2DModel.from_pretrained(tmp_path, subfolder="unet")(x, labels).sample
        ours = open_model(tmp_path).network(x, labels)
    torch.testing.assert_close(ours, wanted, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(theirs, wanted, atol=1e-5, rtol=1e-4)


def test_models_that_cannot_be_trained_are_refused_with_the_reason(tmp_path):
    other = next(DATA.rglob("ve_celebahq_tiny_checkpoint_48.pth"))
    with pytest.raises(ModelError, match="cannot be trained on: it is of the family NCSN"):
        Parametrisation.of(open_model(other))
    model = open_model(foreign(tmp_path, "epsilon", DiscreteVP.linear()))
    odd = SimpleNamespace(
        network=UNet(UNetConfig((8, 16), (True, True), blocks=1, groups=4, heads=2)),
        schedule=model.schedule,
        card=model.card,
    )
    with pytest.raises(ModelError, match="several widths"):
        Parametrisation.of(odd)
