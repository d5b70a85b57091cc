"""The command that a stranger types first, on a machine of which nothing is known."""

import ast
import importlib.util
import os
import runpy
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from sdedit_desktop import system_libraries

REPOSITORY = Path(__file__).parents[2]
SOURCE = REPOSITORY / "packaging" / "dev.py"
Usage = namedtuple("Usage", "total used free")
START_WITH_A_ROOMY_DISK = """
import runpy, shutil, sys, types
shutil.disk_usage = lambda _: types.SimpleNamespace(free=10**11)
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def repository(tmp_path):
    """A repository with the command, the lock and nothing else; its folder has a space."""
    root = tmp_path / "a repository"
    (root / "packaging").mkdir(parents=True)
    (root / "sdedit_desktop").mkdir()
    for name in (
        "packaging/dev.py",
        "packaging/requirements.lock",
        "pyproject.toml",
        "sdedit_desktop/__init__.py",
        "sdedit_desktop/system_libraries.py",
    ):
        shutil.copy(REPOSITORY / name, root / name)
    return root


@pytest.fixture
def dev(repository, monkeypatch):
    """The command's module, at work in that repository, with its programs replaced by a record."""
    spec = importlib.util.spec_from_file_location("dev_under_test", repository / "packaging/dev.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "path", sys.path.copy())  # it adds that repository
    spec.loader.exec_module(module)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: Usage(10**11, 0, 10**11))
    return module


@pytest.fixture
def installed(dev):
    dev.BIN.mkdir(parents=True)
    dev.PYTHON.touch()
    dev.STAMP.write_text(dev.stamp(), "utf-8")
    return dev


@pytest.fixture
def installing(dev, monkeypatch):
    """Installation whose every program works; the record holds what was started."""
    record = []
    monkeypatch.setattr(dev, "make_venv", lambda: dev.BIN.mkdir(parents=True, exist_ok=True))
    monkeypatch.setattr(dev, "require_qt", lambda: record.append("qt"))
    monkeypatch.setattr(dev, "uv", lambda command, *_: record.append(f"uv {command}") or 0)
    monkeypatch.setattr(dev, "pip", lambda *arguments: record.append(f"pip {arguments[-1]}"))
    return record


# --- which Python ------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(3, 6, 9), (3, 10, 13), (3, 15, 0)])
def test_another_python_is_refused_in_one_sentence(version, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit) as refused:
        runpy.run_path(str(SOURCE), run_name="__main__")
    assert refused.value.code == 2
    said = capsys.readouterr().err
    assert "needs Python 3.11 to 3.14" in said
    assert ".".join(map(str, version)) in said
    assert said.count("\n") == 1


def test_old_pythons_can_read_the_file():
    ast.parse(SOURCE.read_text("utf-8"), feature_version=(3, 6))


def test_nothing_but_the_standard_library_is_needed():
    files = ["packaging/dev.py", "sdedit_desktop/__init__.py", "sdedit_desktop/system_libraries.py"]
    imported = set()
    for file in files:
        for node in ast.walk(ast.parse((REPOSITORY / file).read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported.add(node.module)
            elif isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
    imported.remove("sdedit_desktop.system_libraries")  # it is one of the files
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


# --- the start ---------------------------------------------------------------------------------


def test_the_second_start_installs_nothing_and_passes_every_argument_on(installed, monkeypatch):
    started = []
    for forbidden in ("call", "run", "Popen"):
        monkeypatch.setattr(installed.subprocess, forbidden, None)
    monkeypatch.setattr(installed, "run_program", lambda arguments: started.append(arguments) or 7)
    assert installed.main(["run", "edit", "--help", "-n", "4", "--", "-x"]) == 7
    assert started == [["edit", "--help", "-n", "4", "--", "-x"]]


@pytest.mark.parametrize("file", ["packaging/requirements.lock", "pyproject.toml"])
def test_a_changed_file_means_installing_again(installed, repository, file):
    assert installed.is_installed()
    with (repository / file).open("a") as opened:
        opened.write("#\n")
    assert not installed.is_installed()


def test_an_interrupted_installation_is_not_taken_for_a_whole_one(installing, dev, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    dev.install()
    dev.PYTHON.touch()
    assert dev.is_installed()
    monkeypatch.setattr(dev, "uv", interrupted)
    before = dev.LOCK.read_text("utf-8")
    dev.LOCK.write_text(before + "#\n", "utf-8")
    assert dev.main(["run"]) == 130
    dev.LOCK.write_text(before, "utf-8")
    assert not dev.is_installed()


def test_installing_gets_uv_then_the_locked_packages_then_checks_qt(installing, dev):
    dev.install()
    uv_entry = f"pip {dev.VENV / 'uv.txt'}"
    assert installing == [uv_entry, "uv sync", "uv install", "qt"]


def test_pip_does_it_where_uv_fails(installing, dev, monkeypatch):
    monkeypatch.setattr(dev, "uv", lambda *_: 2)
    dev.install()
    assert installing[1:] == [f"pip {dev.LOCK}", f"pip {dev.ROOT}", "qt"]


def test_uv_is_taken_from_the_lock_with_its_hashes(dev):
    dev.VENV.mkdir()
    entry = Path(dev.write_uv_requirement()).read_text("utf-8").splitlines()
    assert entry[0].startswith("uv==")
    assert all(line.endswith("\\") for line in entry[:-1])
    assert not entry[-1].endswith("\\")
    assert len(entry) > 10
    assert all("--hash=sha256:" in line for line in entry[1:])


def test_an_environment_of_another_place_or_python_is_made_anew(dev, monkeypatch):
    monkeypatch.setattr(dev.subprocess, "run", lambda *_, **__: namedtuple("R", "returncode")(0))
    dev.BIN.mkdir(parents=True)
    dev.PYTHON.touch()
    version = "{}.{}".format(*sys.version_info[:2])
    here = f"version = {version}.1\ncommand = python -m venv {dev.VENV}\n"
    usable = {
        here: True,
        here.replace("a repository", "elsewhere"): False,
        here.replace(version, "3.10"): False,
        "": False,
    }
    for text, expected in usable.items():
        (dev.VENV / "pyvenv.cfg").write_text(text, "utf-8")
        assert dev.is_usable() is expected
    (dev.VENV / "pyvenv.cfg").write_text(here, "utf-8")
    dev.PYTHON.unlink()
    assert not dev.is_usable()


# --- what can be in the way --------------------------------------------------------------------


def refusal(dev, capsys):
    """The sentence with which the program is refused."""
    assert dev.main(["run"]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said.splitlines()[-1]


def test_a_full_disk_is_noticed_before_anything_is_made(dev, monkeypatch, capsys):
    monkeypatch.setattr(dev.shutil, "disk_usage", lambda _: Usage(10**10, 0, 5 * 10**8))
    assert "GB, but only 0.5 GB are free" in refusal(dev, capsys)
    assert not dev.VENV.exists()


def test_debians_package_for_environments_is_named(dev, monkeypatch, capsys):
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None)
    assert "sudo apt install python3-venv" in refusal(dev, capsys)


def test_no_network_is_one_sentence_after_a_real_attempt(repository):
    environment = os.environ | {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_CONFIG_FILE": os.devnull,
        "UV_HTTP_RETRIES": "0",
        "UV_NO_CACHE": "1",
    }
    attempt = subprocess.run(
        [sys.executable, "-c", START_WITH_A_ROOMY_DISK, repository / "packaging/dev.py", "run"],
        capture_output=True,
        text=True,
        cwd=repository.parent,
        env={key: value for key, value in environment.items() if key != "PIP_FIND_LINKS"},
    )
    assert attempt.returncode == 2
    assert "registry could not be reached" in attempt.stderr.splitlines()[-1]
    assert attempt.stdout == ""


@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        ("ERROR: No matching distribution (from versions: none)", "check the network"),
        ("Read timed out.", "check the network"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that"),
        ("error: command 'gcc' failed", "lines above say why"),
    ],
)
def test_each_failure_of_pip_has_its_own_sentence(dev, printed, sentence):
    assert sentence in dev.reason_of_failure(printed)


def test_missing_system_libraries_are_named_with_their_packages(dev, monkeypatch):
    failed = namedtuple("R", "returncode stderr")(1, "ImportError: libEGL.so.1: cannot open")
    monkeypatch.setattr(dev.subprocess, "run", lambda *_, **__: failed)
    monkeypatch.setattr(sys, "platform", "linux")
    lacking = {"libEGL.so.1", "libGL.so.1"}
    monkeypatch.setattr(system_libraries, "_can_open", lambda name: name not in lacking)
    with pytest.raises(dev.CannotGoOnError) as refused:
        dev.require_qt()
    assert "libEGL.so.1: cannot open" in str(refused.value)
    assert str(refused.value).endswith("sudo apt install libegl1 libgl1")


def test_a_library_that_does_not_exist_cannot_be_opened(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert system_libraries.missing_packages({"libofnoname.so.7": "libofnoname7"}) == [
        "libofnoname7"
    ]


def test_an_environment_that_is_a_link_is_left_alone(dev, capsys, tmp_path):
    """Making it anew would empty whatever the link leads to."""
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "kept.txt").write_text("kept")
    dev.VENV.parent.mkdir(exist_ok=True)
    dev.VENV.symlink_to(precious, target_is_directory=True)
    assert "is a link" in refusal(dev, capsys)
    assert (precious / "kept.txt").read_text() == "kept"


def test_the_disk_that_cannot_be_written_is_no_traceback(dev, monkeypatch, capsys):
    def read_only():
        raise PermissionError(13, "Permission denied", str(dev.VENV))

    monkeypatch.setattr(dev, "make_venv", read_only)
    assert refusal(dev, capsys) == f"dev.py: {dev.VENV}: Permission denied"


# --- the checks --------------------------------------------------------------------------------


@pytest.mark.parametrize("failing", ["ruff", "mypy", "lint-imports", "pytest", None])
def test_all_four_checks_run_whatever_fails(installed, monkeypatch, capsys, failing):
    commands = []

    def call(*command):
        commands.append([Path(command[0]).stem, *command[1:]])
        return int(failing in {Path(command[0]).stem, command[-1]})

    monkeypatch.setattr(installed, "call", call)
    assert installed.main(["test"]) == int(failing is not None)
    assert commands == [
        ["ruff", "check"],
        ["ruff", "format", "--check"],
        ["mypy"],
        ["mypy", "--platform=win32", "--cache-dir=.mypy_cache/win32"],
        ["lint-imports", "--no-logo"],
        ["python", "-P", "-m", "pytest"],
    ]
    expected = {"lint-imports": "import-linter"}.get(failing, failing)
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == (f"dev.py: failed: {expected}" if failing else "dev.py: pytest")


def test_arguments_go_to_pytest_alone(installed, monkeypatch):
    commands = []
    monkeypatch.setattr(installed, "call", lambda *command: commands.append(command) or 0)
    assert installed.main(["test", "tests/ui", "-k", "brush", "-x"]) == 0
    assert [command[-4:] for command in commands].count(("tests/ui", "-k", "brush", "-x")) == 1
    assert commands[-1][-4:] == ("tests/ui", "-k", "brush", "-x")


@pytest.fixture
def run_ci(tmp_path):
    """Runs the CI script with commands that exit with these codes; returns the finished process."""

    def run_ci(test=0, package=0):
        python = f'echo "$PWD $@"; case $2 in test) exit {test};; package) exit {package};; esac'
        scripts = {"python3": python, "id": "echo 1000", "timeout": 'shift 2; exec "$@"'}
        for name, text in scripts.items():
            (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
            (tmp_path / name).chmod(0o755)
        path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
        command = ["bash", REPOSITORY / ".ci" / "run"]
        return subprocess.run(
            command, capture_output=True, text=True, env=os.environ | {"PATH": path}, cwd=tmp_path
        )

    return run_ci


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_the_servers_script_runs_the_checks_and_builds_a_package(run_ci):
    done = run_ci()
    assert done.stdout.splitlines() == [
        f"{REPOSITORY} packaging/dev.py test",
        f"{REPOSITORY} packaging/dev.py package",
    ]
    assert done.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
@pytest.mark.parametrize(
    ("test", "package", "expected"),
    [(1, 0, 1), (1, 2, 1), (0, 1, 1), (0, 2, 0), (0, 124, 0), (0, 137, 0), (2, 0, 2)],
)
def test_ci_fails_only_if_tests_or_a_built_package_fail(run_ci, test, package, expected):
    """A machine that lacks what packages are built with says so, and its checks count."""
    done = run_ci(test, package)
    assert done.returncode == expected
    assert ("this is no failure" in done.stdout) == (package in (2, 124, 137))


def test_the_tools_for_packages_that_are_lacking_are_named(dev, monkeypatch, capsys):
    monkeypatch.setattr(dev.shutil, "which", lambda tool: None if tool == "makensis" else "here")
    monkeypatch.setattr(dev, "missing_packages", lambda _: [])
    assert dev.main(["missing", "package"]) == 0
    assert capsys.readouterr().out == "nsis\n"
