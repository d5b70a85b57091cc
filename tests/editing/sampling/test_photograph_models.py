"""Photographs as models, with the real engine: exemplars, exactness and notes."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
import torch
from edits import run

from sdedit_desktop.diffusion import devices
from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files.photo import Photo, as_document, export
from sdedit_desktop.editing import banks, models, photograph_memory, presets, source_photo
from sdedit_desktop.editing.document_requests import request_of
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.request import (
    Cancelled,
    CancelToken,
    Candidate,
    EditParams,
    EditRequest,
    Note,
    Preview,
    Progress,
)
from sdedit_desktop.editing.sampling import samplers
from sdedit_desktop.editing.sampling.facts import facts_of
from sdedit_desktop.editing.session import Session
from sdedit_desktop.errors import ParameterError
from sdedit_desktop.geometry import Rect

WIDTH, HEIGHT = 96, 80
MASK = slice(24, 56), slice(32, 64)
RED = (255, 0, 0)


def texture(seed=0, dtype=np.uint8, width=WIDTH, height=HEIGHT):
    """Something green and rough that has no red in it: (height, width, 3)."""
    rng = np.random.default_rng(seed)
    rough = rng.integers(60, 200, (height, width)).astype(np.uint32)
    picture = np.stack([rough // 8, rough, rough // 4], 2)
    return (picture * (np.iinfo(dtype).max // 255)).astype(dtype)


def request(photo, *, hidden=None, painted=None, mask=MASK, **changes):
    """An edit of a photograph; ``hidden`` and ``painted`` are colours under mask and strokes."""
    height, width, _ = photo.shape
    may_change = np.zeros((height, width), np.uint8)
    may_change[mask] = 255
    photo, valid = photo.copy(), may_change == 0
    if hidden is not None:
        photo[~valid] = np.array(hidden) * (np.iinfo(photo.dtype).max // 255)
    guide = photo.copy()
    if painted is not None:
        guide[mask] = np.array(painted) * (np.iinfo(photo.dtype).max // 255)
    rect = Rect(0, 0, width, height)
    params = EditParams(
        models.THIS_PHOTO, **presets.defaults(models.THIS_PHOTO) | {"calls": 4} | changes
    )

    def read(part):
        rows, columns = slice(part.top, part.bottom), slice(part.left, part.right)
        return photo[rows, columns], valid[rows, columns]

    def parts(_rect):
        return source_photo.parts(read, rect, rect)

    return EditRequest(replace(params, seeds=params.seeds[:1]), guide, may_change, rect, parts)


@pytest.fixture(scope="module")
def engine():
    return TorchEngine(device="cpu", leave_a_core=True)


def candidate(engine, wanted):
    (made,) = [message for message in run(engine, wanted) if isinstance(message, Candidate)]
    return made


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_outside_the_mask_nothing_changes_and_inside_the_photo_is_seen(engine, dtype):
    wanted = request(texture(dtype=dtype), painted=(20, 130, 40))
    made = candidate(engine, wanted)
    outside = wanted.mask == 0
    assert made.image.dtype == dtype
    assert np.array_equal(made.image[outside], wanted.guide[outside])
    assert not made.alpha[outside].any()
    deep = np.s_[MASK[0].start + 2 : MASK[0].stop - 2, MASK[1].start + 2 : MASK[1].stop - 2]
    assert (made.alpha[deep] == 255).all()  # the fade is narrow
    rough = made.image[MASK][..., 1].std() / texture(dtype=dtype)[MASK][..., 1].std()
    assert 0.5 < rough < 1.5  # a plain stroke became as rough as the photo


def test_a_colour_that_is_only_under_the_mask_never_shows(engine):
    """The photo is red there, and nothing else is: with 40 shades of red as a trap."""
    wanted = request(texture(), hidden=RED, painted=(20, 130, 40))
    made = candidate(engine, wanted)
    assert made.image[MASK][..., 0].max() < 100
    clean = candidate(engine, request(texture(), hidden=(0, 0, 255), painted=(20, 130, 40)))
    assert np.array_equal(made.image[MASK], clean.image[MASK])
    assert made.origin.model_sha256 == clean.origin.model_sha256


def document_of(photo):
    return as_document(Photo(photo, 8 * photo.dtype.itemsize))


def paint(layer, rect, color, alpha=255):
    values = np.array([*color, 255]) * alpha // 255
    edit = layer.tiles.edit()
    pixels = np.broadcast_to(values.astype(layer.tiles.dtype), (rect.height, rect.width, 4))
    edit.write(rect, pixels)
    edit.commit()


@pytest.mark.parametrize("factor", [1, 3])
def test_painted_and_masked_pixels_are_no_exemplars(factor, monkeypatch):
    monkeypatch.setattr(source_photo, "WHOLE_PIXELS", -(-WIDTH * HEIGHT // factor**2))
    monkeypatch.setattr(source_photo, "NEAR_PIXELS", 0)
    document = document_of(texture())
    stroke, masked = Rect(4, 40, 20, 60), Rect(50, 10, 70, 30)
    paint(document.layers[-1], stroke, RED, alpha=3)  # hardly to be seen, but painted
    edit = document.mask.edit()
    edit.write(masked, np.full((masked.height, masked.width, 1), 1, np.uint8))
    edit.commit()
    near, whole = source_photo.of_document(document, part := Rect(0, 0, 48, 80))(part)
    assert near.rect == Rect(0, 0, 48, 80)
    assert whole.valid.shape == (HEIGHT // factor, WIDTH // factor)
    for part in (near, whole):
        step = part.rect.width / part.valid.shape[1]
        for row in range(part.valid.shape[0]):
            for column in range(part.valid.shape[1]):
                here = Rect(
                    int(column * step),
                    int(row * step),
                    int((column + 1) * step),
                    int((row + 1) * step),
                ).translated(part.rect.left, part.rect.top)
                touched = bool(here & stroke) or bool(here & masked)
                assert part.valid[row, column] == (not touched)
        assert not part.pixels[~part.valid].any()
    if factor == 1:
        assert np.array_equal(whole.pixels[whole.valid], texture()[whole.valid])


def test_a_hidden_layer_and_an_empty_mask_take_nothing_away():
    document = document_of(texture())
    paint(document.layers[-1], document.rect, RED)
    document.layers[-1].visible = False
    (whole,) = source_photo.of_document(document, document.rect)(document.rect)
    assert whole.valid.all()


def test_a_copy_for_the_engine_does_not_see_later_strokes():
    document = document_of(texture())
    parts = source_photo.of_document(document, document.rect)
    paint(document.layers[-1], document.rect, RED)
    assert parts(document.rect)[0].valid.all()


def test_transparent_pixels_of_a_photo_are_not_used():
    photo = np.dstack([texture(), np.full((HEIGHT, WIDTH), 255, np.uint8)])
    photo[:, :10, 3] = 254
    (whole,) = source_photo.of_document(document_of(photo), part := Rect(0, 0, WIDTH, HEIGHT))(part)
    assert not whole.valid[:, :10].any()
    assert whole.valid[:, 10:].all()


def test_a_seed_is_a_picture_alone_or_in_a_batch_and_again(engine, monkeypatch):
    wanted = request(texture(), painted=(20, 130, 40))
    three = replace(wanted, params=replace(wanted.params, seeds=(1, 2, 3)))
    alone = candidate(engine, replace(wanted, params=replace(wanted.params, seeds=(2,))))
    one_by_one = [m for m in run(engine, three) if isinstance(m, Candidate)]
    monkeypatch.setattr("sdedit_desktop.editing.engine._CPU_BATCH", 3)
    fresh = TorchEngine(device="cpu", leave_a_core=True)
    together = [m for m in run(fresh, three) if isinstance(m, Candidate)]
    for a, b in zip(one_by_one, together, strict=True):
        assert np.array_equal(a.image, b.image)
    assert np.array_equal(one_by_one[1].image, alone.image)
    assert not np.array_equal(one_by_one[0].image, alone.image)


def large(side=600):
    return request(
        texture(width=side, height=side),
        painted=(20, 130, 40),
        mask=(slice(200, 420), slice(220, 400)),
        calls=2,
    )


@pytest.mark.parametrize(("detail", "sizes"), [("off", [256]), ("512", [256, 512])])
def test_detail_is_worked_out_level_by_level(engine, detail, sizes):
    wanted = large()
    wanted = replace(wanted, params=replace(wanted.params, detail=detail))
    messages = run(engine, wanted)
    previews = [m.image.shape[0] for m in messages if isinstance(m, Preview)]
    assert previews[0] == sizes[0]
    assert list(dict.fromkeys(previews)) == sizes
    progress = [m for m in messages if isinstance(m, Progress)]
    assert [p.done for p in progress] == list(range(progress[-1].total + 1))
    assert progress[-1].remaining_ms == 0
    made = next(m for m in messages if isinstance(m, Candidate))
    outside = wanted.mask == 0
    assert np.array_equal(made.image[outside], wanted.guide[outside])


def test_full_detail_is_the_same_candidate(engine):
    """Seen small, it is much more like it was than like another candidate."""
    photo = texture(width=100, height=100).repeat(6, 0).repeat(6, 1)
    wanted = request(photo, painted=(20, 130, 40), mask=(slice(200, 420), slice(220, 400)))

    def made(detail, seed):
        params = replace(wanted.params, detail=detail, seeds=(seed,), calls=8)
        inside = candidate(engine, replace(wanted, params=params)).image[208:416, 224:400]
        return inside.reshape(26, 8, 22, 8, 3).mean((1, 3))

    before, after, other = made("off", 1), made("full", 1), made("full", 2)
    assert np.abs(after - before).mean() < 0.6 * np.abs(after - other).mean()


def test_more_detail_is_sharper(engine):
    def sharpness(detail):
        wanted = large()
        made = candidate(engine, replace(wanted, params=replace(wanted.params, detail=detail)))
        inside = made.image[240:380, 260:360, 1].astype(float)
        return np.abs(np.diff(inside, axis=1)).mean()

    coarse, fine = sharpness("off"), sharpness("full")
    photo = np.abs(np.diff(texture(width=600, height=600)[..., 1].astype(float), axis=1)).mean()
    assert fine > 2 * coarse
    assert fine > 0.7 * photo


def test_cancelling_stops_before_the_next_call(engine):
    cancel = CancelToken()
    messages = engine.run(large(), cancel)
    while not (isinstance(message := next(messages), Progress) and message.done == 3):
        pass
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(messages)


@pytest.mark.parametrize(
    "photo",
    [np.full((HEIGHT, WIDTH, 3), 90, np.uint8), np.full((HEIGHT, WIDTH, 3), 90, np.uint16)],
)
def test_a_photo_of_one_colour_stays_one(engine, photo):
    made = candidate(engine, request(photo))
    assert np.abs(made.image.astype(int) - 90).max() <= np.iinfo(photo.dtype).max // 128


def test_a_mask_of_one_pixel_changes_one_pixel(engine):
    wanted = request(texture(), mask=(slice(40, 41), slice(50, 51)), painted=(20, 130, 40))
    made = candidate(engine, wanted)
    changed = (made.image != wanted.guide).any(2)
    assert changed.sum() <= 1
    assert not changed[wanted.mask == 0].any()


def test_without_a_patch_a_sentence_says_that_other_photographs_are_used(engine):
    wanted = request(texture(), mask=(slice(0, HEIGHT), slice(0, WIDTH)), painted=(20, 130, 40))
    messages = run(engine, wanted)
    (note,) = [m for m in messages if isinstance(m, Note)]
    assert note.text.startswith("There is no part of a photo")
    made = next(m for m in messages if isinstance(m, Candidate))
    banked = replace(wanted, params=replace(wanted.params, model=models.BUNDLED_PHOTOS))
    assert np.array_equal(made.image, candidate(engine, banked).image)


def test_a_note_says_what_a_blank_canvas_can_give(engine):
    session = Session(Document(64, 48), EditParams(models.THIS_PHOTO, calls=2, seeds=(1,)))
    messages = run(engine, request_of(session.document, session.params))
    (note,) = [m for m in messages if isinstance(m, Note)]
    assert note.text == "Without a photo expect a painting, not a photograph."


@pytest.mark.parametrize(("painted", "offered"), [((20, 130, 40), 0), ((40, 60, 250), 1)])
def test_other_photographs_are_offered_when_the_photo_lacks_painted_colours(
    engine, painted, offered
):
    notes = [m for m in run(engine, request(texture(), painted=painted)) if isinstance(m, Note)]
    assert [note.offered_model for note in notes] == [models.BUNDLED_PHOTOS] * offered


@pytest.mark.parametrize("solver", ["paper", "reference"])
def test_published_programs_are_for_networks(engine, solver):
    with pytest.raises(ParameterError, match="is for networks"):
        run(engine, request(texture(), solver=solver))


def test_a_network_gets_the_detail_of_the_photo(engine, tiny_model):
    """The network sees 32 px: what it makes is soft, and then as rough as the photo."""
    wanted = request(texture(width=200, height=200), mask=(slice(60, 140), slice(60, 140)))
    network = replace(wanted.params, model=tiny_model, solver="ddim", calls=2, t0=0.2)

    def made(detail):
        return candidate(engine, replace(wanted, params=replace(network, detail=detail)))

    soft, sharp = made("off"), made("full")
    outside = wanted.mask == 0
    assert np.array_equal(sharp.image[outside], wanted.guide[outside])
    inside = slice(70, 130), slice(70, 130)
    small, large = (
        np.abs(np.diff(each.image[inside][..., 1].astype(float), axis=1)).mean()
        for each in (soft, sharp)
    )
    assert large > 1.5 * small
    published = replace(network, solver="reference", t0=0.01)
    as_published = run(engine, replace(wanted, params=replace(published, detail="full")))
    assert [m for m in as_published if isinstance(m, Progress)][-1].total == 10


def test_the_session_gives_an_engine_the_photo(engine):
    document = document_of(texture())
    edit = document.mask.edit()
    edit.write(Rect(32, 24, 64, 56), np.full((32, 32, 1), 255, np.uint8))
    edit.commit()
    params = EditParams(models.THIS_PHOTO, seeds=(1,), calls=3)
    made = candidate(engine, request_of(document, params))
    assert np.array_equal(made.image[made.alpha == 0], texture()[made.alpha == 0])
    assert not any(isinstance(m, Note) for m in run(engine, request_of(document, params)))


def test_usual_values_are_those_of_the_denoiser():
    from sdedit_desktop.diffusion.exemplars import levels

    found = levels.DEFAULT_T0, levels.DEFAULT_CALLS, levels.DEFAULT_SOLVER
    assert tuple(presets.defaults(models.THIS_PHOTO).values()) == found


def test_a_bank_of_pictures_is_a_model(engine, tmp_path):
    files = []
    for number, color in enumerate([(200, 30, 30), (30, 30, 220), (30, 200, 30)]):
        noise = np.random.default_rng(number).integers(-20, 20, (64, 64, 1))
        export(
            np.clip(np.array(color) + noise, 0, 255).astype(np.uint8), tmp_path / f"{number}.png"
        )
        files.append(tmp_path / f"{number}.png")
    banks.write(files, tmp_path / "bank", "Three colours")
    bank = banks.load(tmp_path / "bank")
    blue = np.full((40, 40, 3), (30, 30, 220), np.uint8)
    (best,) = banks.most_similar(bank, blue, np.full((40, 40), 255, np.uint8), 1)
    assert best.name == "02.jpg"
    facts = facts_of("bank", tmp_path / "bank")
    assert (facts.card["name"], facts.card["pictures"], facts.trouble) == ("Three colours", 3, "")
    wanted = request(texture(), painted=(30, 30, 220))
    made = candidate(
        engine, replace(wanted, params=replace(wanted.params, model=str(tmp_path / "bank")))
    )
    assert made.image[MASK][..., 2].mean() > 150
    first = models.fingerprint(tmp_path / "bank")
    export(np.zeros((64, 64, 3), np.uint8), tmp_path / "bank" / "02.jpg")
    assert models.fingerprint(tmp_path / "bank") != first


LARGE = slice(200, 400), slice(250, 450)


@pytest.mark.parametrize(
    ("fits", "said"),
    [
        ("512", "Not enough memory for so much detail; adding it up to 512 px."),
        ("off", "Not enough memory to add detail; going on without it."),
    ],
)
def test_detail_that_does_not_fit_into_memory_is_not_planned(monkeypatch, fits, said):
    """Given memory for less detail, no more is tried, it is said, and the parameters tell it."""
    engine = TorchEngine(device="cpu")
    wanted = request(texture(width=700, height=600), mask=LARGE, detail="full", calls=1)
    fitting = replace(wanted, params=replace(wanted.params, detail=fits))
    sampler, _ = engine._open(fitting, CancelToken())
    (need,) = sampler.needs(fitting, 1)
    monkeypatch.setattr(devices, "free_bytes", lambda _device: round(1.15 * need.call_bytes))
    messages = run(engine, wanted)
    notes = [message.text for message in messages if isinstance(message, Note)]
    assert notes[0 if fits == "512" else 1] == said
    (made,) = [message for message in messages if isinstance(message, Candidate)]
    assert made.params.detail == fits
    assert made.image.shape == wanted.guide.shape


def test_a_smaller_picture_is_planned_when_no_detail_is_left_out(monkeypatch):
    """Given memory for nothing, the last resort is tried: what is needed is only expected."""
    engine = TorchEngine(device="cpu")
    monkeypatch.setattr(devices, "free_bytes", lambda _device: 1000)
    messages = run(engine, request(texture(width=700, height=600), mask=LARGE, calls=1))
    (made,) = [message for message in messages if isinstance(message, Candidate)]
    assert (made.params.detail, made.params.scale) == ("off", 0.25)


@pytest.mark.parametrize("kind", [MemoryError, torch.OutOfMemoryError])
def test_a_shortage_while_photographs_are_made_ready_costs_no_job(monkeypatch, kind):
    """Given a shortage in reading the photograph, a smaller picture is made of fewer pixels."""
    engine, read = TorchEngine(device="cpu"), []
    prepare = samplers.MaterialCache.material

    def short(self, request, photo, *others, **options):
        read.append(sum(part.valid.size for part in photo))
        if len(read) == 1:
            raise kind("there is none left")
        return prepare(self, request, photo, *others, **options)

    monkeypatch.setattr(samplers.MaterialCache, "material", short)
    messages = run(engine, request(texture(width=700, height=600), mask=LARGE, calls=1))
    (made,) = [message for message in messages if isinstance(message, Candidate)]
    assert made.params.scale == 0.5
    assert read[1] < read[0] / 3


def test_what_was_made_of_photographs_is_freed_after_a_shortage(monkeypatch):
    engine, atlases = TorchEngine(device="cpu"), []
    edit = samplers.exemplars.edit_in_levels

    def short(prepared, *others, **options):
        gc.collect()
        atlases.append(weakref.ref(prepared.atlases))
        if len(atlases) == 1:
            raise MemoryError
        assert atlases[0]() is None
        return edit(prepared, *others, **options)

    monkeypatch.setattr(samplers.exemplars, "edit_in_levels", short)
    wanted = request(texture(width=700, height=600), mask=LARGE, calls=1, detail="full")
    assert any(isinstance(message, Candidate) for message in run(engine, wanted))
    assert len(atlases) == 2


def test_what_photographs_take_grows_with_them_and_with_what_is_made_of_them():
    small, large = request(texture()), request(texture(width=700, height=600), mask=LARGE)
    engine, found = TorchEngine(device="cpu"), []
    for wanted in (small, large, replace(large, params=replace(large.params, detail="full"))):
        sampler, _ = engine._open(wanted, CancelToken())
        found += sampler.needs(wanted, 1)
        several = sampler.needs(wanted, 4)
        assert several[0].call_bytes > found[-1].call_bytes
    assert found == sorted(found, key=lambda need: need.call_bytes)


def test_the_window_expects_about_what_the_engine_does():
    photo = texture(width=700, height=600)
    wanted = request(photo, mask=(slice(None), slice(None)), detail="full")
    wanted.mask[:200] = 0
    sampler, _ = TorchEngine(device="cpu")._open(wanted, CancelToken())
    (need,) = sampler.needs(request(photo, mask=LARGE, detail="full"), 1)
    expected = photograph_memory.expected_bytes(wanted.params, wanted.rect, wanted.rect)
    assert need.call_bytes < expected < 1.5 * need.call_bytes
    network = replace(wanted.params, model="nobody's")
    assert photograph_memory.expected_bytes(network, wanted.rect, wanted.rect) is None
