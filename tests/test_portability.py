"""What breaks on Windows and macOS, and can be seen on any system."""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop import files, settings
from sdedit_desktop.document.brush.brush import Brush
from sdedit_desktop.editing import banks
from sdedit_desktop.editing.operations.brush_presets import BrushLibrary
from sdedit_desktop.editing.preset_store import _file_stem
from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.ui.training import process

ROOT = Path(__file__).parent.parent
LISTED = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
TRACKED = sorted(set(LISTED.stdout.split("\0")) - {""})
LONGEST_PATH = 200
"""Characters: Windows takes 260, of which a user's folder of programs takes up to 60."""
FORBIDDEN = ["CON", "con.json", "Aux", "COM1.png", "lpt9", "NUL .txt", "a:b", "what?", "a/b",
             "a\\b", "end.", "end ", "", "tab\t", "x" * 256, "COM²"]  # fmt: skip
ALLOWED = ["console", "com10", "Jörg Müller", "a.b.c", ".hidden", "COM", "nul-1", "x" * 255, "森"]


# --- names -------------------------------------------------------------------------------------


@pytest.mark.skipif(not TRACKED, reason="no git here")
def test_paths_of_the_repository_exist_on_every_system():
    assert len(TRACKED) > 500
    parts = {part for name in TRACKED for part in name.split("/")}
    assert [part for part in parts if not files.is_portable_name(part)] == []
    assert [name for name in TRACKED if len(name) > LONGEST_PATH] == []
    folded = Counter(name.casefold() for name in TRACKED)
    assert [name for name, count in folded.items() if count > 1] == []


@pytest.mark.parametrize("name", FORBIDDEN)
def test_names_that_windows_forbids_are_known(name):
    assert not files.is_portable_name(name)


@pytest.mark.parametrize("name", ALLOWED)
def test_names_that_all_systems_take_are_not_refused(name):
    assert files.is_portable_name(name)


@given(st.text(max_size=40))
def test_a_preset_of_any_name_has_a_portable_file(name):
    assert files.is_portable_name(f"my-{_file_stem(name)}.json")


@pytest.mark.parametrize("name", ["CON", "aux", "prn.", "Öl: dick/dünn", "???"])
def test_a_brush_of_any_name_has_a_portable_file(tmp_path, name):
    saved = BrushLibrary(tmp_path).save(name, Brush())
    assert saved.path.is_file()
    assert files.is_portable_name(saved.path.name)


@pytest.mark.parametrize("name", ["CON", "a:b", "what?", "forest.", "../forest"])
def test_a_model_whose_name_is_not_portable_is_refused(name):
    with pytest.raises(FileFormatError, match="cannot be the name of a model"):
        banks.add([], name)


# --- paths -------------------------------------------------------------------------------------


def test_paths_are_never_taken_apart_as_text():
    """``pathlib`` knows drives and servers such as ``\\\\server\\pictures``."""
    by_hand = re.compile(
        r"os\.sep\b|os\.path\.(join|split)|[\"']file://|str\([\w.]+\)\.split\([\"']/"
    )
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "sdedit_desktop").rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if by_hand.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "path",
    [
        r"\\server\pictures\hill.jpg",
        r"C:\Users\Jörg Müller\hill.jpg",
        "\\\\?\\C:\\" + "folder\\" * 60 + "hill.jpg",
    ],
)
def test_paths_of_windows_are_kept_in_the_settings(path, tmp_path):
    kept = settings.SettingsFile(tmp_path / "settings.json")
    kept.save(settings.Settings(recent_files=(path,)))
    assert settings.load(tmp_path / "settings.json").recent_files == (path,)


# --- modules; dev.py has mypy look for calls that Windows lacks ---------------------------------


LACKING = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
NOT_ON_WINDOWS = {"sys.platform != 'win32'", "sys.platform == 'linux'", "os.name == 'posix'"}


def imported_on_windows(node):
    """The modules that code imports on Windows."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.name for alias in node.names)
        yield getattr(node, "module", None)
    guarded = isinstance(node, ast.If) and ast.unparse(node.test) in NOT_ON_WINDOWS
    for child in node.orelse if guarded else ast.iter_child_nodes(node):
        yield from imported_on_windows(child)


def test_the_check_finds_imports_that_run_on_windows():
    code = "if sys.platform != 'win32':\n    import pwd\nelse:\n    import grp\nimport tty"
    assert set(imported_on_windows(ast.parse(code))) & LACKING == {"grp", "tty"}


def test_modules_that_windows_lacks_are_not_imported_there():
    found = {
        path.relative_to(ROOT).as_posix(): lacking
        for path in (ROOT / "sdedit_desktop").rglob("*.py")
        if (lacking := LACKING & set(imported_on_windows(ast.parse(path.read_text("utf-8")))))
    }
    assert found == {}


# --- the frozen program ------------------------------------------------------------------------


def test_a_child_of_the_frozen_program_does_not_start_it_again():
    entry = ast.parse((ROOT / "packaging" / "frozen" / "entry.py").read_text("utf-8"))
    start = entry.body[-1]
    assert isinstance(start, ast.If), "nothing happens when a child imports it"
    assert ast.unparse(start.body[0]) == "multiprocessing.freeze_support()"


@pytest.mark.parametrize(
    ("words", "program"),
    [(["train", "photos"], "sdedit-desktop.exe"), (["a.ora"], "SDEdit Desktop.exe")],
)
def test_windows_shows_no_console(monkeypatch, words, program):
    """The window's program has none; a training needs one that can be listened to, hidden by Qt."""
    window = PureWindowsPath(r"C:\Programs\SDEdit Desktop\SDEdit Desktop.exe")
    monkeypatch.setattr(process, "Path", PureWindowsPath)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", str(window))
    assert process.command(words) == (str(window.with_name(program)), words)


def test_elsewhere_the_frozen_program_starts_itself(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert process.command(["train", "x"]) == (sys.executable, ["train", "x"])
