"""One call of every recorded network, against the project that it came from."""

import pytest
import torch

CALLS = [
    ("sdedit/tiny_celeba_hq.ckpt", {}, "sdedit/forward.npz", "t", "eps"),
    ("diffusers/ddpm_tiny_safetensors", {}, "diffusers/ddpm_tiny.forward.npz", "t", "eps"),
    ("diffusers/ddpm_tiny_bin", {}, "diffusers/ddpm_tiny.forward.npz", "t", "eps"),
    (
        "diffusers/ncsnpp_tiny_safetensors",
        {},
        "diffusers/ncsnpp_tiny.forward.npz",
        "sigma",
        "score",
    ),
    (
        "score_sde/ve_celebahq_tiny_checkpoint_48.pth",
        {},
        "score_sde/ve_celebahq_tiny.forward.npz",
        "sigma",
        "score_ema",
    ),
    (
        "guided_diffusion/fixedsigma_plain.pt",
        {"heads": 4, "new_attention_order": True},
        "guided_diffusion/fixedsigma_plain.forward.npz",
        "t",
        "out",
    ),
    (
        "guided_diffusion/learnsigma_updown.pt",
        {"head_channels": 16},
        "guided_diffusion/learnsigma_updown.forward.npz",
        "t",
        "out",
    ),
]


@pytest.mark.parametrize(("checkpoint", "corrections", "run", "label", "output"), CALLS)
def test_networks_answer_as_recorded(
    recording, opened, checkpoint, corrections, run, label, output
):
    recorded, model = recording(run), opened(checkpoint, **corrections)
    with torch.inference_mode():
        found = model.network(recorded.x, recorded.arrays[label].float())
    wanted = recorded.arrays[output]
    assert (found - wanted).abs().max() < 1e-5 * wanted.abs().max()


def test_the_average_is_used_not_the_last_state_of_training(recording, opened):
    recorded = recording("score_sde/ve_celebahq_tiny.forward.npz")
    model = opened("score_sde/ve_celebahq_tiny_checkpoint_48.pth")
    assert model.card.ema is True
    with torch.inference_mode():
        found = model.network(recorded.x, recorded.sigma)
    assert (found - recorded.score_raw).abs().max() > 1


def test_the_schedule_of_sdedit_is_the_recorded_one(recording, opened):
    recorded = recording("sdedit/schedule.npz")
    schedule = opened("sdedit/tiny_celeba_hq.ckpt").schedule
    signal = 1 / (1 + schedule.sigmas**2)
    torch.testing.assert_close(schedule.betas.float(), recorded.betas)
    torch.testing.assert_close(signal.float(), recorded.alphas_cumprod_f32, rtol=1e-6, atol=0)
