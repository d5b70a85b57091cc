import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop import settings as module
from sdedit_desktop.editing.request import DEVICES
from sdedit_desktop.settings import (
    CHOICES,
    FORMATS,
    RECENT_FILES,
    Settings,
    SettingsFile,
    is_sound,
    load,
    migrate,
    save,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
KNOWN = [name for name in Settings.__dataclass_fields__ if name not in ("unknown", "complaints")]


def _as_read(value):
    return tuple(value) if isinstance(value, list) else value


@pytest.fixture
def path(tmp_path):
    return tmp_path / "config" / "settings.json"


def written(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_everything_is_default(path):
    assert load(path) == Settings()


def test_saved_settings_are_loaded_again(path):
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
    other = "device" if name != "device" else "model"
    written(path, json.dumps({name: value, other: "cpu"}))
    loaded = load(path)
    assert getattr(loaded, other) == "cpu"
    assert is_sound(name, getattr(loaded, name))
    assert bool(loaded.complaints) is (is_sound(name, _as_read(value)) is False)
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


LONG = "x" * 300
WRONG = {
    "window_geometry": ["no base64!", "ä", "QUJ", "A" * 200_000, 7],
    "window_state": ["=", "A" * 3],
    "thumbnail_size": [1e30, 10**30, 0, -1, True, None, "132"],
    "history_bytes": [1e30, 10**30, 0, -5, 10**400],
    "mask_opacity": [101, -1, 45.5],
    "strokes_grow": [10**9],
    "model_folders": [[LONG], ["/a/" + LONG + "/b"], ["a\0b"], ["/a"] * 101, "/a", [7], {"a": 1}],
    "recent_files": [["/" + "a/" * 4000], [None]],
    "model": [LONG, "a\0"],
    "mask_color": ["red", "#12345", "#1234567", ""],
    "swatches": [["#000000", "blue"], ["#000000"] * 1001],
    "pressure_curve": ["nan,1", "", "0,0 1,1 " * 40, "0;0"],
    "shortcuts": [["save"], ["save=" + "x" * 300]],
    "language": ["xx"],
    "rulers": [1, "yes"],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, many in WRONG.items() for v in many])
def test_a_value_that_cannot_be_used_falls_back_with_a_sentence(path, name, value):
    text = json.dumps({name: value, "theme": "dark"})
    loaded = load(written(path, text))
    assert loaded == Settings(theme="dark", unknown={"version": 1})
    assert [sentence for sentence in loaded.complaints if name in sentence]
    assert path.with_name("settings.json.bad").read_text("utf-8") == text
    assert path.read_text("utf-8") == text


def test_every_setting_has_bounds():
    """Given the usual settings, when each is looked at, none is let through unseen."""
    usual = Settings()
    for name in KNOWN:
        assert is_sound(name, getattr(usual, name)), name


def test_two_windows_keep_each_others_changed_settings(path):
    """Given two windows of one start, when each changes something, both changes stay."""
    one, other = SettingsFile(path), SettingsFile(path)
    first, second = one.load(), other.load()
    one.save(replace(first, theme="dark", swatches=(*first.swatches, "#111111")))
    other.save(
        replace(second, language="de", swatches=("#222222", *second.swatches[1:])).with_recent_file(
            Path("/b.png")
        )
    )
    one.save(
        replace(first, theme="dark", swatches=(*first.swatches, "#111111")).with_recent_file(
            Path("/a.png")
        )
    )
    kept = load(path)
    assert (kept.theme, kept.language) == ("dark", "de")
    assert kept.recent_files == ("/a.png", "/b.png")
    assert kept.swatches.count("#111111") == kept.swatches.count("#222222") == 1
    assert first.swatches[0] not in kept.swatches  # the other window had replaced it
    assert len(kept.swatches) == len(first.swatches) + 1


def test_a_setting_removed_by_one_window_stays_removed(path):
    save(Settings(recent_files=("/a", "/b")), path)
    one, other = SettingsFile(path), SettingsFile(path)
    first, second = one.load(), other.load()
    one.save(replace(first, recent_files=("/b",)))
    other.save(second.with_recent_file(Path("/c")))
    assert load(path).recent_files == ("/c", "/b")


WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from sdedit_desktop.settings import SettingsFile
file = SettingsFile(Path(sys.argv[1]))
chosen = file.load()
for number in range(8):
    chosen = replace(chosen, model_folders=(*chosen.model_folders, f"/{sys.argv[2]}{number}"))
    file.save(chosen)
"""


def test_processes_that_save_at_once_lose_nothing(path):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, path, name]) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert set(load(path).model_folders) == {f"/{name}{n}" for name in "abc" for n in range(8)}


def test_every_text_has_a_form():
    """Else the first value that a user keeps would stop the next start."""
    formless = [
        name
        for name, field in module._KNOWN.items()
        if type(field.default) in (str, tuple) and name not in {*CHOICES, *FORMATS}
    ]
    assert formless == []


def test_prompts_are_kept(tmp_path):
    path = tmp_path / "settings.json"
    save(Settings(prompts=("a fir, two firs", "snow")), path)
    assert load(path).prompts == ("a fir, two firs", "snow")
