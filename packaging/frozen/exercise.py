"""Tries the frozen program: its torch computes right, and all of it works without the source."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from build_environment import ROOT, BrokenPackageError, say
from frozen.freeze import Frozen

TIMEOUT_S = 300
_HIDE = 'mount -t tmpfs none "$0" && cd "$1" && shift && exec "$@"'


def run(frozen: Frozen) -> None:
    """Compares recorded forward passes, then runs selfcheck, edit and train.

    Raises:
        BrokenPackageError: Something does not work; the message holds what the program said.
    """
    forward_passes(frozen)
    with _elsewhere(frozen) as (program, home):
        _selfcheck(program, home)
        _edit(program, home)
        _train(program, home)


def forward_passes(frozen: Frozen) -> None:
    """Has the networks of other projects answer as recorded, by the packaged torch.

    Python's part of torch is in the program's archive; the libraries, stripped, are in the folder.
    So the build environment's torch is put together with them.
    """
    import torch

    original = Path(torch.__file__).parent
    with tempfile.TemporaryDirectory() as overlay:
        package = Path(overlay, "torch")
        package.mkdir()
        for path in original.iterdir():
            if path.name.startswith("_C."):
                shutil.copy2(path, package)  # it looks for its libraries beside itself
            elif path.name != "lib":
                (package / path.name).symlink_to(path)
        packaged = frozen.inside / "torch" / "lib"
        (package / "lib").symlink_to(packaged if frozen.edition == "cpu" else original / "lib")
        tests = ROOT / "tests" / "parity"
        command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(tests),
                   "--confcutdir", str(tests), "--import-mode=importlib", "-p", "no:cacheprovider",
                   str(tests / "test_forward.py")]  # fmt: skip
        folders = os.pathsep.join((overlay, str(ROOT)))
        said = run_command(command, os.environ | {"PYTHONPATH": folders}, Path(overlay))
    say(f"parity forwards by torch {torch.__version__} as packaged: {said.splitlines()[-1]}")


@contextmanager
def _elsewhere(frozen: Frozen) -> Iterator[tuple[list[str], Path]]:
    """The program in another folder, with a home of its own and, where possible, no source tree.

    Yields:
        How it is started, and the home, whose name has a space and an umlaut.
    """
    with tempfile.TemporaryDirectory(prefix="sdedit-desktop-") as scratch:
        home = Path(scratch, "Jörg Müller")
        home.mkdir()
        folder = Path(scratch, "program")
        shutil.copytree(frozen.folder, folder, copy_function=_link, symlinks=True)
        command = [str(folder / frozen.program.name)]
        isolated = ["unshare", "--mount", "--net", "sh", "-c", _HIDE, str(ROOT), str(home)]
        if _works([*isolated, "true"]):
            say("trying the program without a network and without the source tree")
            command = isolated + command
        yield command, home


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _works(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def _selfcheck(program: Sequence[str], home: Path) -> None:
    said = _started(program, home, "selfcheck", "--json", "--timeout", str(TIMEOUT_S))
    report = json.loads(said)
    if report["candidates"] != "1" or report["torch"] != report.get("built_with", report["torch"]):
        raise BrokenPackageError(f"selfcheck of the frozen program says: {said}")
    say(f"selfcheck: torch {report['torch']} on {report['device']}, one candidate")


def _edit(program: Sequence[str], home: Path) -> None:
    out = home / "Meine Bilder"
    words = ("edit", "--sample", "meadow", "--steps", "2", "-n", "1", "--seed", "1")
    _started(program, home, *words, "-o", str(out))
    made = sorted(path.name for path in out.iterdir())
    if len(made) != 3:
        raise BrokenPackageError(f"edit of the frozen program made {made}")
    say(f"edit: {', '.join(made)}")


def _train(program: Sequence[str], home: Path) -> None:
    photographs, model = ROOT / "resources" / "models" / "nature-photos", home / "Mein Modell"
    copies = home / "Fotos"
    copies.mkdir()
    for picture in sorted(photographs.glob("*.webp"))[:4]:
        shutil.copy(picture, copies)
    _started(program, home, "train", str(copies), "-o", str(model), "--minutes", "0.05",
             "--size", "32", "--batch", "2", "--channels", "32,32")  # fmt: skip
    if not (model / "model_index.json").is_file():
        raise BrokenPackageError("train of the frozen program made no model")
    words = ("edit", "--sample", "meadow", "--steps", "2", "-n", "1", "--model", str(model))
    _started(program, home, *words, "-o", str(home / "out"))
    say("train: a model, and a candidate by it")


def _started(program: Sequence[str], home: Path, *words: str) -> str:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP") if name in os.environ}
    where = {"HOME": str(home), "USERPROFILE": str(home), "APPDATA": str(home / "AppData"),
             "LOCALAPPDATA": str(home / "AppData"), "LANG": "C.UTF-8"}  # fmt: skip
    return run_command([*program, *words], kept | where, home)


def run_command(command: Sequence[str], environment: dict[str, str], folder: Path) -> str:
    """What a command says on stdout.

    Raises:
        BrokenPackageError: It fails or takes too long.
    """
    try:
        done = subprocess.run(command, env=environment, cwd=folder, capture_output=True,
                              encoding="utf-8", timeout=TIMEOUT_S)  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise BrokenPackageError(f"{command[-6:]} took more than {TIMEOUT_S} s") from error
    if done.returncode:
        raise BrokenPackageError(
            f"{command[-6:]} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        )
    return done.stdout
