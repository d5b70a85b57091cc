import pytest

from sdedit_desktop import paths
from sdedit_desktop.diffusion.checkpoints import inspect
from sdedit_desktop.editing import models
from sdedit_desktop.errors import ModelError


@pytest.fixture(autouse=True)
def nothing_else(tmp_path, monkeypatch):
    """Only this folder has models."""
    monkeypatch.setattr(paths, "resources", lambda: tmp_path / "none")
    monkeypatch.setattr(paths, "user_models", lambda: tmp_path / "none")


def test_a_folder_lists_files_and_folders_of_models_and_nothing_else(tmp_path):
    for name in ("a.ckpt", "B.SAFETENSORS", "b.vae.safetensors", "notes.txt"):
        (tmp_path / name).write_bytes(b"<html>")
    for name, file in (("c", "config.json"), ("d", "model_index.json"), ("e", "exemplars.json")):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text("{}")
    (tmp_path / "pictures").mkdir()
    found = models.found([tmp_path, tmp_path / "missing"])
    assert sorted(found) == ["B", "a", "c", "d", "e"]
    assert found["a"] == tmp_path / "a.ckpt"


def test_a_broken_file_is_listed_and_inspecting_it_says_why(tmp_path):
    (tmp_path / "a.ckpt").write_bytes(b"<html>")
    with pytest.raises(ModelError, match="web page"):
        inspect(models.locate("a", [tmp_path]))
