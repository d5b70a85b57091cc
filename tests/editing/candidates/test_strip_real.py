"""Candidates of the real engine, kept in a file and made again."""

import shutil
import zipfile

import numpy as np
import pytest
from candidates_made import keep

from sdedit_desktop.document.document import Document
from sdedit_desktop.document.files import ora_writer
from sdedit_desktop.document.files.photo import Photo, as_document
from sdedit_desktop.editing import models, variations
from sdedit_desktop.editing.engine import TorchEngine
from sdedit_desktop.editing.jobs import JobState
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.session import Session
from sdedit_desktop.geometry import Rect


@pytest.fixture
def model(tiny_model, tmp_path):
    return shutil.copytree(tiny_model, tmp_path / "model")


def opened(document, model):
    """A session whose jobs are done at once, and what it says."""
    session, said = Session(document, EditParams(str(model), calls=2, seeds=(1, 2))), []
    engine = TorchEngine(device="cpu")

    def run(job):
        for message in engine.run(job.request, job.cancel):
            session.jobs.receive(job.id, message)
        session.jobs.settle(job.id, JobState.FINISHED)

    session.jobs.started.connect(run)
    session.noticed.connect(said.append)
    return session, said


def reopened(session, path, model):
    keep(session)
    ora_writer.save(session.document, path)
    return opened(ora_writer.load(path), model)


def test_a_kept_candidate_is_made_again_bit_for_bit(model, tmp_path):
    """Given a document with two candidates, saved and opened, when one is made again."""
    session, _ = opened(Document(32, 32), model)
    session.generate()
    origin = session.slots[1].made.origin
    assert origin.model_sha256 == models.fingerprint(model)
    assert origin.device == "CPU"
    assert origin.made
    assert origin.program
    again, said = reopened(session, tmp_path / "a.ora", model)
    variations.make_again(again, again.slots[1])
    assert said == ["Made again: it is the same to the last bit."]
    assert np.array_equal(again.slots[2].candidate.image, session.slots[1].candidate.image)


def test_a_document_does_not_say_where_a_model_was_and_it_is_found_again(model, tmp_path):
    """Given two models of one name in folders of their own, the one with the hash is taken."""
    session, _ = opened(Document(32, 32), model)
    session.generate()
    other = tmp_path / "other" / model.name
    shutil.copytree(model, other)
    weights = next(other.rglob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-400] + bytes(400))
    models.remember(other)
    keep(session)
    path = ora_writer.save(session.document, tmp_path / "a.ora").path
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            assert str(model.parent).encode() not in archive.read(name)
    again, said = opened(ora_writer.load(path), model)
    assert again.slots[1].made.params.model == model.name
    variations.make_again(again, again.slots[1])
    assert said == ["Made again: it is the same to the last bit."]


def test_a_model_file_that_has_changed_since_is_reported(model, tmp_path):
    """Also if the model is loaded: what is on the disk is what counts."""
    session, said = opened(Document(32, 32), model)
    session.generate()
    weights = next(model.rglob("*.safetensors"))
    data = bytearray(weights.read_bytes())
    data[-400:] = bytes(400)
    weights.write_bytes(bytes(data))
    variations.make_again(session, session.slots[0])
    assert said == ["The model or the photo has changed since: this is what the present one makes."]
    first, _, again = session.slots
    assert first.made.origin.model_sha256 != again.made.origin.model_sha256
    assert not np.array_equal(first.candidate.image, again.candidate.image)


def test_results_of_more_like_this_can_be_made_again(model, tmp_path):
    session, _ = opened(Document(32, 32), model)
    session.generate()
    variations.more_like(session, session.slots[0])
    again, said = reopened(session, tmp_path / "a.ora", model)
    variations.make_again(again, again.slots[-1])
    assert said == ["Made again: it is the same to the last bit."]


@pytest.mark.parametrize("accepts", [False, True])
def test_what_was_below_the_strokes_is_kept(model, tmp_path, accepts):
    """Given strokes up to the mask's edge, of which nothing is on the photo any more later."""
    document = as_document(Photo(np.full((64, 64, 3), 90, np.uint8), 8))
    for tiles, value in ((document.mask, 255), (document.layers[-1].tiles, (255, 0, 0, 255))):
        edit = tiles.edit()
        edit.fill(Rect(16, 16, 48, 48), value)
        edit.commit()
    session, _ = opened(document, model)
    session.generate()
    if accepts:
        session.accept(session.slots[1].candidate)
    again, said = reopened(session, tmp_path / "a.ora", model)
    variations.make_again(again, again.slots[1])
    assert said == ["Made again: it is the same to the last bit."]
