"""Builds the frozen folder of an edition: the program, its libraries, their licences and the SBOM.

Runs in the build environment. The folder is kept until anything that it is made from changes.
"""

import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from artwork import icons
from build_environment import BUILD, LOCK, ROOT, BrokenPackageError, CannotBuildError, say
from frozen import licences, sbom, trim

from sdedit_desktop import __version__
from sdedit_desktop.system_libraries import WINDOW_LIBRARIES, missing_packages

NAME = "sdedit-desktop"
HERE = Path(__file__).parent
MB = 10**6
BUILT_BY = ("app.spec", "entry.py", "trim.py")
LARGEST_INSTALLED_BYTES = {"cpu": 620 * MB}
LARGEST_COMPRESSED_BYTES = {"cpu": 180 * MB}


@dataclass(frozen=True)
class Frozen:
    """A frozen folder and what it was built from.

    Attributes:
        folder: The program stands in it; everything else is below ``inside``.
        edition: ``cpu`` or ``cuda``.
        epoch: When the source was committed, in seconds since 1970: the time of every file.
        work: Where the other results of the build are.
    """

    folder: Path
    edition: str
    epoch: int
    work: Path

    @property
    def inside(self) -> Path:
        """Where everything but the program itself is."""
        return self.folder / "_internal"

    @property
    def collected(self) -> Path:
        """A JSON list of what PyInstaller collected: place or name of a module, and source."""
        return self.work / "collected.json"

    @property
    def program(self) -> Path:
        """The program of the command line."""
        return self.folder / (f"{NAME}.exe" if sys.platform == "win32" else NAME)


def freeze(edition: str) -> Frozen:
    """Builds the folder of an edition; PyInstaller runs only if what it reads has changed.

    Raises:
        CannotBuildError: A library of the system that goes along is missing.
        BrokenPackageError: PyInstaller fails, or a file belongs to nobody.
    """
    epoch, commit = source_date()
    work = BUILD / f"{NAME}-{edition}"
    frozen = Frozen(work / "dist" / NAME, edition, epoch, work)
    stamp, digest = work / "complete", _digest(edition)
    if stamp.is_file() and stamp.read_text("utf-8") == digest:
        say(f"{frozen.folder} is frozen already")
    else:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        _run_pyinstaller(frozen)
        stamp.write_text(digest, "utf-8")
    _write_build(frozen, commit)
    licences.write(frozen.folder / "THIRD_PARTY_LICENSES", frozen.collected)
    sbom.write(frozen.folder / f"{NAME}.cdx.json", frozen.collected, frozen.inside, epoch)
    settle(frozen.folder, epoch)
    return frozen


def source_date() -> tuple[int, str]:
    """When the source was committed, unless ``SOURCE_DATE_EPOCH`` tells, and the commit's name."""
    git = subprocess.run(
        ["git", "log", "-1", "--format=%ct %h"], cwd=ROOT, capture_output=True, text=True
    )
    seconds, _, commit = git.stdout.strip().partition(" ")
    return int(os.environ.get("SOURCE_DATE_EPOCH") or seconds or 0), commit


def _digest(edition: str) -> str:
    """Names everything that PyInstaller reads."""
    torch = importlib.metadata.version("torch")
    digest = hashlib.sha256(f"{edition} {torch} {sys.version}".encode())
    folders = [ROOT / "sdedit_desktop", ROOT / "resources", HERE / "hooks"]
    files = [path for folder in folders for path in sorted(folder.rglob("*"))]
    for path in (LOCK, *(HERE / name for name in BUILT_BY), *files):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _write_build(frozen: Frozen, commit: str) -> None:
    """Writes what the program tells of its own making."""
    day = time.strftime("%Y-%m-%d", time.gmtime(frozen.epoch))
    built = {
        "edition": frozen.edition,
        "build": f"{day} {commit}".strip(),
        "torch": importlib.metadata.version("torch"),
    }
    file = frozen.inside / "sdedit_desktop" / "_resources" / "build.json"
    file.write_text(json.dumps(built, indent=2) + "\n", "utf-8")


def _write_resources(work: Path) -> None:
    """Writes the icon, and the version resource of Windows."""
    if sys.platform == "win32":
        from windows import version_resource

        icons.write(work / "icon.ico")
        (work / "version.txt").write_text(version_resource.text(__version__), "utf-8")
    else:
        icons.write(work / "icon.icns")


def _run_pyinstaller(frozen: Frozen) -> None:
    if packages := missing_packages(WINDOW_LIBRARIES):
        raise CannotBuildError(
            "libraries that go into the package are missing; on Debian and Ubuntu, install them "
            f"with: apt install {' '.join(packages)}"
        )
    if sys.platform != "linux":
        _write_resources(frozen.work)
    say("freezing; this takes some minutes")
    environment = os.environ | {
        "SDEDIT_EDITION": frozen.edition,
        "SDEDIT_WORK": str(frozen.work),
        "SOURCE_DATE_EPOCH": str(frozen.epoch),
        "PYTHONHASHSEED": "1",
    }
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    command += ["--distpath", str(frozen.work / "dist"), "--workpath", str(frozen.work / "work")]
    log = frozen.work / "pyinstaller.log"
    with log.open("w", encoding="utf-8") as lines:
        code = subprocess.call(
            [*command, str(HERE / "app.spec")], stdout=lines, stderr=lines, env=environment
        )
    if code:
        raise BrokenPackageError(
            f"PyInstaller failed; the end of {log}:\n{log.read_text('utf-8')[-2000:]}"
        )
    shutil.rmtree(frozen.work / "work")
    if sys.platform == "linux":
        trim.strip(frozen.inside)
        trim.forget_builder(frozen.inside)


def settle(folder: Path, epoch: int) -> None:
    """Gives every file the modes of an installed program and the time of the source."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or _is_program(path) else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=path.is_symlink() is False)


def _is_program(path: Path) -> bool:
    if path.name not in (NAME, "torch_shm_manager"):
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"  # completions for a shell have the program's name too


def installed_bytes(folder: Path) -> int:
    """What the files of a folder take, not counting the blocks of one file system."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def require_limit(what: str, found_bytes: int, limits: dict[str, int], edition: str) -> None:
    """Refuses a package that has grown beyond what was promised.

    Raises:
        BrokenPackageError: It has.
    """
    most = limits.get(edition)
    if most is not None and found_bytes > most:
        raise BrokenPackageError(
            f"{what} takes {found_bytes / MB:.0f} MB, but {most / MB:.0f} MB are the most."
        )
