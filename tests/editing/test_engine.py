"""The engine on a tiny network with random weights, written and read back as a real model."""

import gc
import os
import shutil
import sys
import weakref
from dataclasses import replace
from pathlib import Path
from unittest.mock import ANY

import numpy as np
import pytest
import torch
from edits import masked_request, run

from sdedit_desktop.diffusion import devices
from sdedit_desktop.diffusion.checkpoints.diffusers import save_unet
from sdedit_desktop.diffusion.denoiser import VPDenoiser
from sdedit_desktop.diffusion.devices import is_built_for, physical_cores
from sdedit_desktop.diffusion.networks.unet import UNet, UNetConfig
from sdedit_desktop.diffusion.recipes import RECIPES
from sdedit_desktop.diffusion.schedule import DiscreteVP
from sdedit_desktop.editing import engine as engine_module
from sdedit_desktop.editing import models
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.request import (
    SOLVERS,
    Cancelled,
    CancelToken,
    Candidate,
    EditParams,
    ModelFacts,
    Note,
    Preview,
    Progress,
)
from sdedit_desktop.editing.sampling.memory import NETWORK, PHOTOGRAPHS, MemoryPlanner, Need
from sdedit_desktop.errors import ModelError, OutOfMemory, ParameterError
from sdedit_desktop.geometry import Rect

RECT = Rect(5, 7, 53, 47)


@pytest.fixture
def model(tiny_model):
    return tiny_model


@pytest.fixture
def engine():
    return TorchEngine(device="cpu", leave_a_core=True)


def request(model, dtype=np.uint8, **changes):
    changes = {"calls": 3, "seeds": (1, 2), "precision": "fp32"} | changes
    return masked_request(EditParams(model, **changes), RECT, dtype)


def candidates(messages):
    return [message for message in messages if isinstance(message, Candidate)]


def test_the_solvers_offered_are_solvers_that_exist():
    assert set(SOLVERS) <= set(RECIPES)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("solver", SOLVERS)
def test_outside_the_mask_nothing_changes_and_inside_it_does(engine, model, solver, dtype):
    special = {
        "reference": {"t0": 0.01},
        "paper": {"calls": 20},
        "euler_maruyama": {"calls": 6},
        "ddpm_large": {"calls": 6},
    }.get(solver, {})
    wanted = request(model, dtype, solver=solver, **special)
    first, second = candidates(run(engine, wanted))
    outside = wanted.mask == 0
    assert first.image.dtype == dtype
    assert np.array_equal(first.image[outside], wanted.guide[outside])
    assert not first.alpha[outside].any()
    assert not np.array_equal(first.image, wanted.guide)
    assert not np.array_equal(first.image, second.image)
    assert (first.rect, first.seed, second.seed) == (RECT, 1, 2)


def test_a_seed_is_a_picture_alone_or_in_a_batch(engine, model, monkeypatch):
    one_by_one = candidates(run(engine, request(model, seeds=(1, 2, 3))))
    again = candidates(run(engine, request(model, seeds=(1, 2, 3))))
    (alone,) = candidates(run(engine, request(model, seeds=(2,))))
    monkeypatch.setattr(engine_module, "_CPU_BATCH", 3)
    together = candidates(run(engine, request(model, seeds=(1, 2, 3))))
    for a, b in zip(one_by_one, again, strict=True):
        assert np.array_equal(a.image, b.image)
    assert np.array_equal(one_by_one[1].image, alone.image)
    for a, b in zip(one_by_one, together, strict=True):
        assert np.abs(a.image.astype(int) - b.image).max() <= 1


def test_every_call_is_counted_and_the_first_is_shown(engine, model):
    messages = run(engine, request(model, calls=4, repeats=2))
    progress = [m for m in messages if isinstance(m, Progress)]
    assert [p.done for p in progress] == [*range(9), *range(8, 17)]
    assert {p.total for p in progress} == {16}
    assert progress[-1].remaining_ms == 0
    first = next(i for i, m in enumerate(messages) if isinstance(m, Preview))
    assert messages[first - 1] == Progress(1, 16)
    assert messages[first].image.shape == (29, 35, 3)


def test_the_published_program_makes_a_call_for_every_step_of_the_training(engine, model):
    messages = run(engine, request(model, solver="reference", t0=0.01))
    progress = [m for m in messages if isinstance(m, Progress)]
    assert {p.total for p in progress} == {20}
    assert progress[-1] == Progress(20, 20, 0, ANY)


def test_resampling_makes_more_calls_and_another_picture(engine, model):
    once, twice = (run(engine, request(model, seeds=(1,), resamplings=n)) for n in (1, 2))
    totals = [{m.total for m in each if isinstance(m, Progress)} for each in (once, twice)]
    assert totals == [{3}, {6}]  # from the first estimate on
    images = [candidates(each)[0].image for each in (once, twice)]
    assert not np.array_equal(*images)


def test_keeping_colours_brings_results_closer_to_the_strokes(engine, model):
    wanted = request(model, seeds=(1,), t0=0.3)
    rows, columns = slice(10, 30), slice(10, 40)
    painted = wanted.guide[rows, columns].mean((0, 1))
    drifts = []
    for colours in (0.0, 0.5, 1.0):
        wanted = replace(wanted, params=replace(wanted.params, colours_kept=colours))
        (made,) = candidates(run(engine, wanted))
        drifts.append(np.abs(made.image[rows, columns].mean((0, 1)) - painted).mean())
    assert drifts[0] > drifts[1] > drifts[2]


def test_cancelling_stops_before_the_next_network_call(engine, model):
    cancel = CancelToken()
    messages = engine.run(request(model, calls=50), cancel)
    while next(messages) != Progress(3, 100, ANY, ANY):
        pass
    cancel.cancel()
    rest = []
    with pytest.raises(Cancelled):
        rest.extend(messages)
    assert not any(isinstance(message, Progress) for message in rest)


def test_stopping_yields_the_present_estimate_as_candidate(engine, model):
    wanted, cancel, heard = request(model, calls=8, seeds=(1,)), CancelToken(), []
    messages = engine.run(wanted, cancel)
    while next(messages) != Progress(4, 8, ANY, ANY):
        pass
    cancel.cancel()
    with pytest.raises(Cancelled):
        heard.extend(messages)
    (kept,) = candidates(heard)
    assert kept.reached == 0.5
    assert kept.seed == 1
    outside = wanted.mask == 0
    assert np.array_equal(kept.image[outside], wanted.guide[outside])
    assert (kept.alpha[outside] == 0).all()
    (whole,) = candidates(run(engine, wanted))
    assert whole.reached == 1
    assert not np.array_equal(kept.image, whole.image)


def test_facts_tell_the_models_own_time(engine, model):
    messages = run(engine, request(model, seeds=(1,)))
    (facts,) = [m for m in messages if isinstance(m, ModelFacts)]
    assert facts == engine.inspect(model)
    assert (facts.card["family"], facts.trouble) == ("DDPM", "")
    sigma, own_time = facts.at(0.5)
    assert sigma == pytest.approx(3.42, abs=0.01)
    assert own_time == pytest.approx(0.5, abs=0.005)
    assert engine.inspect("nowhere").trouble.startswith("There is no model 'nowhere'")


def test_finishing_this_one_begins_no_other(engine, model):
    cancel = CancelToken()
    messages = engine.run(request(model, seeds=(1, 2, 3)), cancel)
    while next(messages) != Progress(1, 9):
        pass
    cancel.finish_this_one()
    assert [c.seed for c in candidates(messages)] == [1]


def test_skipping_drops_this_one_and_goes_on(engine, model):
    cancel = CancelToken()
    messages = engine.run(request(model, seeds=(1, 2, 3)), cancel)
    while next(messages) != Progress(1, 9):
        pass
    cancel.skip()
    rest = list(messages)
    assert [c.seed for c in candidates(rest)] == [2, 3]
    assert [m for m in rest if isinstance(m, Progress)][-1] == Progress(7, 7, 0, ANY)


def test_the_description_tells_a_changed_model_from_the_same(engine, model, tmp_path):
    run(engine, request(model, calls=1, seeds=(1,)))
    described = engine.description()
    copied = shutil.copytree(model, tmp_path / "copy")
    assert models.fingerprint(copied) == described["model_sha256"]
    weights = next(copied.rglob("*.safetensors"))
    weights.write_bytes(weights.read_bytes() + b" ")
    assert models.fingerprint(copied) != described["model_sha256"]


def test_too_few_steps_for_the_paper_are_one_sentence(engine, model):
    with pytest.raises(ParameterError, match="needs at least 6 steps"):
        run(engine, request(model, solver="paper", calls=5))
    assert candidates(run(engine, request(model, solver="paper", calls=6)))


@pytest.mark.parametrize("solver", ["euler_maruyama", "ddpm_large"])
def test_too_few_steps_for_solvers_that_add_noise_are_one_sentence(engine, model, solver):
    with pytest.raises(ParameterError, match="needs at least 6 steps"):
        run(engine, request(model, solver=solver, calls=5))


def test_an_unknown_model_names_those_that_are_known(engine):
    with pytest.raises(ModelError, match="There is no model 'nowhere'"):
        run(engine, request("nowhere"))


class Forgetful:
    """Stands in front of the denoiser and runs out of memory above a batch size."""

    def __init__(self, fits, error=torch.OutOfMemoryError, words="not enough memory"):
        self.fits, self.error, self.words, self.batches = fits, error, words, []

    def __call__(self, z, _sigma):
        self.batches.append(len(z))
        if len(z) > self.fits:
            raise self.error(self.words)
        return torch.zeros_like(z)


def put_before(monkeypatch, denoise):
    monkeypatch.setattr("sdedit_desktop.diffusion.checkpoints.Model.denoiser", lambda *_: denoise)


def test_out_of_memory_halves_the_batch(engine, model, monkeypatch):
    denoise = Forgetful(fits=1)
    put_before(monkeypatch, denoise)
    monkeypatch.setattr(engine_module, "_CPU_BATCH", 4)
    messages = run(engine, request(model, calls=1, seeds=(1, 2, 3, 4)))
    assert denoise.batches == [4, 2, 1, 1, 1, 1]
    assert [c.seed for c in candidates(messages)] == [1, 2, 3, 4]
    assert len([m for m in messages if isinstance(m, Note)]) == 2


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (torch.OutOfMemoryError, "CUDA out of memory."),
        (MemoryError, ""),
        (RuntimeError, "DefaultCPUAllocator: not enough memory: you tried to allocate 1 bytes."),
        (RuntimeError, "DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes"),
    ],
)
def test_out_of_memory_for_good_is_one_sentence_and_the_engine_lives_on(
    engine, model, monkeypatch, error, words
):
    with monkeypatch.context() as patch:
        put_before(patch, Forgetful(fits=0, error=error, words=words))
        with pytest.raises(OutOfMemory, match="Mask a smaller part"):
            run(engine, request(model))
    assert len(candidates(run(engine, request(model)))) == 2


def test_values_that_are_no_numbers_are_tried_again_in_fp32(engine, model, monkeypatch):
    seen = []

    def denoise(z, _sigma):
        seen.append(engine._loaded[0][1])
        return z if seen[-1] == "fp32" else z * float("nan")

    put_before(monkeypatch, denoise)
    messages = run(engine, request(model, precision="bf16"))
    assert set(seen) == {"bf16", "fp32"}
    assert len(candidates(messages)) == 2
    assert Note("bf16 was not precise enough; using fp32.") in messages


@pytest.mark.parametrize(("made_for_it", "used"), [(True, "bf16"), (False, "fp32")])
def test_automatic_precision_is_shown_and_recorded(model, monkeypatch, made_for_it, used):
    monkeypatch.setattr(devices, "computes_in_bfloat16", lambda _device: made_for_it)
    engine = TorchEngine(device="cpu")
    assert "precision" not in engine.inspect(model).card
    messages = run(engine, request(model, precision="auto"))
    (facts,) = [m for m in messages if isinstance(m, ModelFacts)]
    assert facts.card["precision"] == used
    first, second = candidates(messages)
    assert (first.params.precision, second.params.precision) == (used, used)
    # Made again with the precision that was used, it is the same.
    (again,) = candidates(run(engine, request(model, precision=used, seeds=(2,))))
    assert np.array_equal(again.image, second.image)


def test_published_programs_are_compared_with_in_full_precision(engine, model, monkeypatch):
    monkeypatch.setattr(devices, "computes_in_bfloat16", lambda _device: True)
    wanted = request(model, solver="reference", t0=0.01, precision="auto")
    assert {made.params.precision for made in candidates(run(engine, wanted))} == {"fp32"}


def test_automatic_precision_is_tried_once(engine, model, monkeypatch):
    opened, real = [], engine_module.open_sampler

    def watched(path, device, dtype, check):
        opened.append(dtype)
        return real(path, device, dtype, check)

    monkeypatch.setattr(engine_module, "open_sampler", watched)
    for precision in ("auto", "auto", "fp32", "auto"):
        run(engine, request(model, precision=precision, calls=1, seeds=(1,)))
    assert opened[0] is None
    assert None not in opened[1:]


def test_a_shortage_while_half_precision_is_tried_costs_no_job(model, monkeypatch):
    """Given too little memory to try it, one job uses fp32, says so, and the next tries again."""
    monkeypatch.setattr(devices, "computes_in_bfloat16", lambda _device: True)
    engine, opened, real = TorchEngine(device="cpu"), [], engine_module.open_sampler

    def short(path, device, dtype, check):
        opened.append(dtype)
        if opened == [None]:
            torch.empty(1 << 60, dtype=torch.uint8)
        return real(path, device, dtype, check)

    monkeypatch.setattr(engine_module, "open_sampler", short)
    said = Note("Not enough memory to try half precision; this job uses fp32.")
    for used, is_said in (("fp32", True), ("bf16", False)):
        messages = run(engine, request(model, precision="auto"))
        assert [made.params.precision for made in candidates(messages)] == [used] * 2
        assert (said in messages) == is_said
    assert opened == [None, torch.float32, None]


def test_half_precision_is_not_mentioned_when_the_model_does_not_fit_at_all(model, monkeypatch):
    """Given a shortage in fp32 too, the job ends in one sentence, and the next begins without."""
    monkeypatch.setattr(devices, "computes_in_bfloat16", lambda _device: True)
    engine, opened, real = TorchEngine(device="cpu"), [], engine_module.open_sampler

    def short(path, device, dtype, *others):
        opened.append(dtype)
        if len(opened) <= 2:
            torch.empty(1 << 60, dtype=torch.uint8)
        return real(path, device, dtype, *others)

    monkeypatch.setattr(engine_module, "open_sampler", short)
    with pytest.raises(OutOfMemory, match="Not enough memory for this model"):
        run(engine, request(model, precision="auto"))
    messages = run(engine, request(model, precision="auto"))
    assert opened == [None, torch.float32, None]
    assert [message for message in messages if isinstance(message, Note)] == []


def test_other_errors_while_a_model_is_opened_are_not_taken_for_a_shortage(model, monkeypatch):
    def fail(*_):
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(engine_module, "open_sampler", fail)
    with pytest.raises(RuntimeError, match="shapes do not match"):
        run(TorchEngine(device="cpu"), request(model, precision="auto"))


def test_the_model_before_is_freed_before_another_is_opened(model, monkeypatch):
    """Two networks at a time would take twice the memory."""
    engine, alive, real = TorchEngine(device="cpu"), [], engine_module.open_sampler

    def watched(*what):
        gc.collect()
        alive.append([one() for one in kept if one() is not None])
        found = real(*what)
        kept.append(weakref.ref(found))
        return found

    kept = []
    monkeypatch.setattr(engine_module, "open_sampler", watched)
    for precision in ("fp32", "bf16"):
        run(engine, request(model, precision=precision))
    assert alive == [[], []]


def test_a_model_that_does_not_fit_on_the_card_runs_on_the_cpu(engine, model, monkeypatch):
    real = engine_module.open_sampler

    def full(path, device, dtype, check):
        if device.type != "cpu":
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return real(path, device, dtype, check)

    monkeypatch.setattr(engine_module, "open_sampler", full)
    engine.device = torch.device("meta")
    monkeypatch.setattr(engine, "_move_to", lambda _wanted: None)
    messages = run(engine, request(model))
    assert len(candidates(messages)) == 2
    assert Note("Not enough graphics memory for this model; using the CPU.") in messages


def test_a_model_that_fits_nowhere_is_one_sentence(engine, model, monkeypatch):
    def full(*_):
        raise MemoryError

    monkeypatch.setattr(engine_module, "open_sampler", full)
    with pytest.raises(OutOfMemory, match="Not enough memory for this model"):
        run(engine, request(model))


def test_the_batch_that_fitted_is_remembered(engine, model, monkeypatch):
    denoise = Forgetful(fits=1)
    put_before(monkeypatch, denoise)
    monkeypatch.setattr(engine_module, "_CPU_BATCH", 4)
    run(engine, request(model, calls=1, seeds=(1, 2, 3, 4)))
    denoise.batches.clear()
    messages = run(engine, request(model, calls=1, seeds=(1, 2, 3)))
    assert denoise.batches == [1, 1, 1]
    assert not any(isinstance(message, Note) for message in messages)


def test_a_model_that_gives_no_numbers_is_refused(engine, model, monkeypatch):
    put_before(monkeypatch, lambda z, _sigma: z * float("nan"))
    with pytest.raises(ModelError, match="its file is damaged"):
        run(engine, request(model))


@pytest.mark.parametrize(
    ("capability", "architectures", "runs"),
    [
        ((9, 0), ["sm_80", "sm_90"], True),
        ((8, 6), ["sm_80"], True),
        ((12, 0), ["sm_80", "sm_90"], False),
        ((12, 0), ["sm_90", "compute_90"], True),
        ((12, 0), ["sm_120"], True),
        ((7, 5), ["sm_80", "sm_90a"], False),
    ],
)
def test_graphics_cards_unknown_to_this_build_of_torch_are_refused(capability, architectures, runs):
    assert is_built_for(*capability, architectures) is runs


def test_a_device_that_is_not_there_is_replaced_with_a_sentence(model):
    if torch.cuda.is_available():
        pytest.skip("there is one")
    messages = run(TorchEngine(device="cuda"), request(model))
    assert Note("There is no cuda device here; using the CPU.") in messages


def test_a_request_chooses_its_device_and_the_next_one_does_not_inherit_it(engine, model):
    if torch.cuda.is_available():
        pytest.skip("there is one")
    sentence = Note("There is no cuda device here; using the CPU.")
    assert sentence in run(engine, request(model, device="cuda"))
    assert sentence not in run(engine, request(model))


def test_a_reduced_scale_makes_the_model_see_less(engine, model):
    (full,), (half,) = (
        {m.image.shape for m in run(engine, request(model, scale=scale)) if isinstance(m, Preview)}
        for scale in (1.0, 0.5)
    )
    assert (full, half) == ((29, 35, 3), (15, 18, 3))


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells in files")
@pytest.mark.parametrize(("listed_siblings", "cores"), [("0,4 1,5 0,4 1,5", 2), (None, 4)])
def test_threads_of_one_core_count_once(tmp_path, monkeypatch, listed_siblings, cores):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1, 4, 5})
    for cpu, siblings in zip(
        (0, 1, 4, 5), listed_siblings.split() if listed_siblings else (), strict=False
    ):
        folder = tmp_path / f"cpu{cpu}" / "topology"
        folder.mkdir(parents=True)
        (folder / "thread_siblings_list").write_text(siblings)
    assert physical_cores(tmp_path) == cores


def test_the_engine_leaves_a_core_to_the_window():
    TorchEngine(device="cpu", leave_a_core=True)
    left = torch.get_num_threads()
    TorchEngine(device="cpu")
    assert torch.get_num_threads() in {left, left + 1}


class Shrinking:
    """Runs out of memory for pictures above a size."""

    def __init__(self, side):
        self.side, self.seen = side, []

    def __call__(self, z, _sigma):
        self.seen.append(max(z.shape[2:]))
        if self.seen[-1] > self.side:
            raise MemoryError
        return torch.zeros_like(z)


def test_out_of_memory_on_the_cpu_makes_the_picture_smaller_and_says_so(engine, model, monkeypatch):
    denoise = Shrinking(16)
    put_before(monkeypatch, denoise)
    messages = run(engine, request(model, calls=1, seeds=(1,)))
    assert denoise.seen[0] > 16
    assert denoise.seen[-1] <= 16
    assert len(candidates(messages)) == 1
    assert any("50%" in note.text for note in messages if isinstance(note, Note))


def test_out_of_memory_frees_tensors_before_the_retry(engine, model, monkeypatch):
    """Given a network that ran out of memory, when it is tried again, its frame is gone."""
    frames = []

    class Held:
        pass

    def denoise(z, _sigma):
        if max(z.shape[2:]) > 16:
            activations = Held()
            frames.append(weakref.ref(activations))
            raise MemoryError
        assert frames[0]() is None
        return torch.zeros_like(z)

    put_before(monkeypatch, denoise)
    assert len(candidates(run(engine, request(model, calls=1, seeds=(1,))))) == 1


def test_the_device_whose_memory_ran_out_is_tried_again_with_the_next_job(engine, model):
    engine._has_moved, engine.device = True, torch.device("meta")
    assert len(candidates(run(engine, request(model, calls=1)))) == 2
    assert engine.device == torch.device("cpu")
    assert not engine._has_moved


@pytest.mark.parametrize(
    "spoil",
    [
        lambda z: z[..., :1],
        lambda z: z[:1, :, :1, :1],
        lambda z: torch.cat([z, z], dim=1),
        lambda z: z[:, :1],
    ],
)
def test_an_output_of_another_shape_is_one_sentence(spoil):
    """Arithmetic would stretch it silently."""
    denoise = VPDenoiser(lambda x, _label: spoil(x), DiscreteVP.linear())
    with pytest.raises(ModelError, match="another shape"):
        denoise(torch.zeros(2, 3, 8, 8), torch.tensor(1.0, dtype=torch.float64))


def test_one_infinite_value_is_noticed(engine, model, monkeypatch):
    def denoise(z, _sigma):
        spoiled = z.clone()
        spoiled[0, 0, 0, 0] = float("inf")
        return spoiled

    put_before(monkeypatch, denoise)
    with pytest.raises(ModelError, match="its file is damaged"):
        run(engine, request(model))


def test_a_job_that_does_not_fit_is_planned_smaller(model, monkeypatch):
    """Given room for two candidates at once as expected, no more are tried, and it is said."""
    engine = TorchEngine(device="cpu")
    monkeypatch.setattr(engine_module, "_CPU_BATCH", 4)
    batches, needed = [], MemoryPlanner().needed_bytes
    predict = VPDenoiser.predict
    monkeypatch.setattr(
        VPDenoiser, "predict", lambda self, z, s: batches.append(len(z)) or predict(self, z, s)
    )
    asked = request(model, seeds=(1, 2, 3, 4))
    sampler, asked = engine._open(asked, CancelToken())
    (need,) = sampler.needs(asked, 2)
    monkeypatch.setattr(devices, "free_bytes", lambda d: round(1.2 * needed(need, d)))
    messages = run(engine, asked)
    assert [m.seed for m in messages if isinstance(m, Candidate)] == [1, 2, 3, 4]
    assert set(batches) == {2}
    said = [m.text for m in messages if isinstance(m, Note)]
    assert said == ["Not enough memory for 4 candidates at once; trying 2."]


def test_measured_memory_corrects_the_prediction(monkeypatch):
    """What was measured counts for the same; its ratio to what was expected, for its kind."""
    planner, cpu = MemoryPlanner(), torch.device("cpu")
    need = Need(NETWORK, Path("a"), (32, 32), 500, 100)
    monkeypatch.setattr("sdedit_desktop.editing.sampling.memory._TELLING_BYTES", 1)
    monkeypatch.setattr(devices, "watch_peak", lambda _device: 1000)
    monkeypatch.setattr(devices, "peak_bytes", lambda _device: 1000 + 500 + 3 * 100)
    smaller = Need(PHOTOGRAPHS, Path("b"), (8, 8), 0, 200)
    with planner.measuring([smaller, need], cpu):
        pass
    assert planner.needed_bytes(need, cpu) == 500 + 3 * 100
    other = need._replace(size=(64, 64), call_bytes=400)
    assert planner.needed_bytes(other, cpu) == 500 + 3 * 400
    assert planner.needed_bytes(smaller, cpu) == 200  # of another kind
    for free, short in ((500, need), (2000, None), (None, None)):
        monkeypatch.setattr(devices, "free_bytes", lambda _device, free=free: free)
        assert planner.short([smaller, need], cpu) is short
    assert planner.short([], cpu) is None


def test_a_tile_is_part_of_how_a_candidate_was_made(engine, tmp_path):
    """Given a network of 128 px in tiles of 64, the result is there and makes itself again."""
    torch.manual_seed(0)
    network = UNet(UNetConfig((8, 16), (False, False), blocks=1, groups=4))
    save_unet(tmp_path, network, sample_size=128, prediction="epsilon", dtype=torch.float32)
    asked = request(str(tmp_path))
    guide = np.random.default_rng(0).integers(0, 256, (128, 128, 3)).astype(np.uint8)
    mask = np.full((128, 128), 255, np.uint8)
    asked = replace(asked, guide=guide, mask=mask, rect=Rect(0, 0, 128, 128))
    whole, tiled, again = (
        candidates(run(engine, replace(asked, params=replace(asked.params, tile=tile))))[0]
        for tile in (0, 64, 64)
    )
    assert tiled.params.tile == 64
    assert not np.array_equal(whole.image, tiled.image)
    assert np.array_equal(again.image, tiled.image)


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_memory_is_given_back_when_a_job_ends(tiny_model, monkeypatch, is_cancelled):
    given_back, cancel = [], CancelToken()
    engine = TorchEngine(device="cpu")
    monkeypatch.setattr(devices, "free_cached", given_back.append)
    wanted = masked_request(EditParams(str(tiny_model), calls=2, seeds=(1, 2)), RECT)
    messages = engine.run(wanted, cancel)
    next(message for message in messages if isinstance(message, Candidate))
    given_back.clear()  # measuring what calls need gives back, too
    if is_cancelled:
        cancel.cancel()
        with pytest.raises(Cancelled):
            list(messages)
    else:
        list(messages)
    assert given_back[-1:] == [engine.device]


def test_the_expected_memory_is_corrected_by_what_was_measured(model):
    """Given calls that took three times what was expected, networks and photographs are told so."""
    engine = TorchEngine(device="cpu")
    before = engine.inspect(model).memory_bytes("fp32")
    engine._memory._ratios["cpu", NETWORK] = [3.0]
    engine._memory._ratios["cpu", PHOTOGRAPHS] = [1.25]
    assert engine.inspect(model).memory_bytes("fp32") > before
    assert engine.inspect(models.THIS_PHOTO).memory_ratio == 1.25
