import json

import pytest

from sdedit_desktop.editing import presets
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.errors import FileFormatError

PARAMS = EditParams("nature", t0=0.77, calls=9, seeds=(40, 41), precision="bf16", device="cpu")
BUNDLED = ["Sketch to photo", "Quick look", "Retouch", "Composite", "Reference 2022", "Few steps"]


def written(folder, name, content):
    folder.mkdir(exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def test_bundled_presets_load_and_use_t0_within_the_papers_range(tmp_path):
    found, errors = presets.store(own=tmp_path).read()
    assert [preset.name for preset in found] == BUNDLED
    assert errors == []
    for preset in found:
        made = preset.applied(PARAMS)
        made.check()
        assert 0.3 <= made.t0 <= 0.6
        assert preset.description
        assert not preset.is_own


def test_a_preset_leaves_the_model_the_device_and_the_first_seed(tmp_path):
    (sketch, *_) = presets.store(own=tmp_path).read()[0]
    made = sketch.applied(PARAMS)
    assert (made.model, made.device, made.precision) == ("nature", "cpu", "bf16")
    assert (made.t0, made.seeds) == (0.5, (40, 41, 42, 43))
    assert sketch.is_in(made)
    assert not sketch.is_in(PARAMS)


@pytest.mark.parametrize("name", ["Mine", "Für Wälder / 2", "../../etc", "…", "con"])
def test_a_saved_preset_is_listed_and_can_be_deleted(tmp_path, name):
    folder = tmp_path / "not there yet"
    path = presets.save(presets.of(name, PARAMS), presets.store(own=folder))
    assert path.parent == folder
    *_, mine = presets.store(own=folder).read()[0]
    assert (mine.name, mine.is_own, mine.path) == (name, True, path)
    assert mine.applied(EditParams("nature", device="cpu", seeds=(40,))) == PARAMS
    presets.store(own=folder).delete(mine)
    assert [preset.name for preset in presets.store(own=folder).read()[0]] == BUNDLED


def test_saving_under_the_same_name_replaces(tmp_path):
    for t0 in (0.3, 0.4):
        presets.save(presets.of("Mine", EditParams("x", t0=t0)), presets.store(own=tmp_path))
    (mine,) = presets.store(bundled=tmp_path / "none", own=tmp_path).read()[0]
    assert mine.values["t0"] == 0.4


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "it is damaged."),
        ("[1, 2]", "it is damaged."),
        ("[" * 100_000, "it is damaged."),
        ({"t0": 0.5}, "it has no name."),
        ({"name": " "}, "it has no name."),
        ({"name": 3}, "it has no name."),
        ({"name": "x", "t0": 7}, "t0 must be above 0 and at most 1, not 7."),
        ({"name": "x", "t0": "high"}, "t0 cannot be 'high'."),
        ({"name": "x", "t0": 10**40}, f"t0 cannot be {10**40}."),
        ({"name": "x", "t0": 10**400}, f"t0 cannot be {10**400}."),
        ({"name": "x", "calls": True}, "calls cannot be True."),
        ({"name": "x", "candidates": 10**9}, "candidates cannot be 1000000000."),
        ({"name": "x", "solver": "magic"}, "There is no solver 'magic'."),
    ],
)
def test_a_broken_file_gets_one_sentence_and_the_others_are_there(tmp_path, content, reason):
    written(tmp_path, "broken.json", content)
    written(tmp_path, "good.json", {"name": "Good", "t0": 1, "from a later version": []})
    found, (error,) = presets.store(own=tmp_path).read()
    assert [preset.name for preset in found] == [*BUNDLED, "Good"]
    assert str(error).startswith("The preset broken.json was left out: " + reason)


def test_saving_a_preset_to_an_unwritable_folder_is_reported(tmp_path):
    occupied = written(tmp_path, "file", "")
    with pytest.raises(FileFormatError, match="The preset cannot be saved: "):
        presets.save(presets.of("Mine", PARAMS), presets.store(own=occupied))
