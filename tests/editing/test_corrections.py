"""What users know better than a model's file."""

import json

import pytest

from sdedit_desktop import files, paths
from sdedit_desktop.editing import corrections, models
from sdedit_desktop.errors import FileFormatError


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"weights")
    return path


def test_corrections_lie_beside_the_model_and_join_those_that_are_there(model):
    beside = model.with_name("model.safetensors.json")
    beside.write_text(json.dumps({"name": "Anime", "prediction": "epsilon"}))
    before = models.stamp(model), models.fingerprint(model)
    assert corrections.correct(model, prediction="v_prediction", zero_snr=True) == beside
    found = json.loads(beside.read_text())
    assert found == {"name": "Anime", "prediction": "v_prediction", "zero_snr": True}
    assert models.stamp(model) != before[0]  # it is opened anew
    assert models.fingerprint(model) != before[1]  # and makes other pictures
    corrections.correct(model, prediction=None, zero_snr=None)
    assert json.loads(beside.read_text()) == {"name": "Anime"}


@pytest.fixture
def only_the_users_folder(monkeypatch, model):
    """Nothing can be written beside the model."""
    real = files.atomic_write

    def refuse(path, **options):
        if path.parent == model.parent:
            raise PermissionError(13, "Permission denied")
        return real(path, **options)

    monkeypatch.setattr(files, "atomic_write", refuse)


def test_corrections_of_models_in_folders_that_cannot_be_written_are_the_users_own(
    model, only_the_users_folder
):
    beside, own = paths.corrections(model)
    beside.write_text(json.dumps({"prediction": "epsilon", "size": 768}))
    assert corrections.correct(model, prediction="v_prediction") == own
    assert json.loads(own.read_text()) == {"prediction": "v_prediction", "size": 768}
    assert models.fingerprint(model) == models.fingerprint(model)
    before = models.fingerprint(model)
    own.write_text(json.dumps({"prediction": "epsilon"}))
    assert models.stamp(model)
    assert models.fingerprint(model) != before


def test_where_nothing_can_be_written_it_is_said(model, only_the_users_folder, monkeypatch):
    _, own = paths.corrections(model)
    own.parent.parent.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(
        files, "atomic_write", lambda path, **_: (_ for _ in ()).throw(OSError(28, "No space"))
    )
    with pytest.raises(FileFormatError, match="cannot be written: No space"):
        corrections.correct(model, zero_snr=True)
