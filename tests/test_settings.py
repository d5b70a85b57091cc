import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop import settings as module
from sdedit_desktop.editing.request import DEVICES
from sdedit_desktop.settings import CHOICES, RECENT_FILES, Settings, load, migrate, save

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
KNOWN = [name for name in Settings.__dataclass_fields__ if name != "unknown"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "config" / "settings.json"


def written(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_everything_is_default(path):
    assert load(path) == Settings()


def test_what_is_saved_is_loaded(path):
    chosen = Settings(
        language="de",
        theme="dark",
        device="cpu",
        model="nature",
        model_folders=("/models", "C:\\models"),
        history_bytes=1 << 20,
        recent_files=("/a/ü.png", "/b/\udcff.png"),  # the second: a name that is no text
        window_geometry="AdnQ",
        window_state="AAAA",
        provenance=False,
        log_level="DEBUG",
    )
    save(chosen, path)
    assert replace(load(path), unknown={}) == chosen


@given(st.dictionaries(st.text(), JSON), st.integers(1, 9))
def test_keys_from_a_later_version_survive(tmp_path_factory, unknown, version):
    path = tmp_path_factory.mktemp("config") / "settings.json"
    later = {key: value for key, value in unknown.items() if key not in KNOWN}
    later["version"] = version
    written(path, json.dumps(later | {"theme": "dark"}))
    save(replace(load(path), theme="light"), path)
    kept = json.loads(path.read_text("utf-8"))
    assert kept["theme"] == "light"
    assert later.items() <= kept.items()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"a"', "\0", "[" * 100_000])
def test_a_damaged_file_is_kept_aside(path, text):
    written(path, text)
    assert load(path) == Settings()
    assert not path.exists()
    assert path.with_name("settings.json.bad").read_text("utf-8") == text


def test_a_file_that_is_no_text_is_kept_aside(path):
    written(path, "").write_bytes(b"\xff\xfe\x00")
    assert load(path) == Settings()
    assert path.with_name("settings.json.bad").read_bytes() == b"\xff\xfe\x00"


def test_a_folder_in_the_place_of_the_file_means_defaults(path):
    path.mkdir(parents=True)
    assert load(path) == Settings()


@given(st.sampled_from(KNOWN), JSON)
def test_one_wrong_value_spoils_nothing_else(tmp_path_factory, name, value):
    path = tmp_path_factory.mktemp("config") / "settings.json"
    other = "window_state" if name != "window_state" else "model"
    written(path, json.dumps({name: value, other: "x"}))
    loaded = load(path)
    assert getattr(loaded, other) == "x"
    assert type(getattr(loaded, name)) is type(getattr(Settings(), name))
    if name in CHOICES:
        assert getattr(loaded, name) in CHOICES[name]


@pytest.mark.parametrize("name", CHOICES)
def test_a_choice_that_is_none_means_the_default(path, name):
    written(path, json.dumps({name: "purple", "model": "nature"}))
    loaded = load(path)
    assert getattr(loaded, name) == getattr(Settings(), name)
    assert loaded.model == "nature"
    for choice in CHOICES[name]:
        assert getattr(load(written(path, json.dumps({name: choice}))), name) == choice


def test_a_request_takes_every_device_that_can_be_chosen():
    assert CHOICES["device"] == tuple(DEVICES)


def test_a_save_that_fails_leaves_the_old_file(path, monkeypatch):
    save(Settings(language="de"), path)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        save(Settings(language="fr"), path)
    monkeypatch.undo()
    assert load(path).language == "de"
    assert list(path.parent.iterdir()) == [path]


def test_migrations_run_from_the_files_version_on():
    steps = [lambda v: v | {"a": 1}, lambda v: v | {"b": v["a"] + 1}]
    assert migrate({"version": 1}, steps) == {"version": 3, "a": 1, "b": 2}
    assert migrate({}, steps) == {"version": 3, "a": 1, "b": 2}
    assert migrate({"version": 2, "a": 5}, steps) == {"version": 3, "a": 5, "b": 6}
    assert migrate({"version": 3}, steps) == {"version": 3}
    assert migrate({"version": 9}, steps) == {"version": 9}
    assert migrate({"version": "two", "a": 0}, steps) == {"version": 3, "a": 1, "b": 2}


def test_each_migration_has_a_test_of_its_own():
    assert len(module.MIGRATIONS) == len([n for n in globals() if n.startswith("test_to_version")])


def test_recent_files_are_few_and_the_latest_comes_first():
    chosen = Settings()
    for number in [*range(20), 15]:
        chosen = chosen.with_recent_file(Path(f"{number}.png"))
    assert chosen.recent_files[:3] == ("15.png", "19.png", "18.png")
    assert len(chosen.recent_files) == RECENT_FILES
    assert len(set(chosen.recent_files)) == RECENT_FILES
