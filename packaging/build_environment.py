"""Makes the environment that packages are built from: pinned, cached, and apart from ``.venv``.

Needs nothing but Python and its standard library. ``packaging/package.lock`` pins everything but
torch, by hash. On Linux the registry's torch brings the libraries of CUDA along, so the CPU edition
takes the newest CPU build that pip's own configuration finds within the bounds of pyproject.toml.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "package.lock"
PROGRAM_LOCK = ROOT / "packaging" / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
BUILD = ROOT / "build" / "package"
EDITIONS = ("cpu", "cuda")
NEEDED_BYTES = {"cpu": 3 * 10**9, "cuda": 14 * 10**9}
CUDA_PACKAGES = r"torch|triton|nvidia-[\w-]+|cuda-[\w-]+"


class CannotBuildError(Exception):
    """Something outside is in the way; ``str(error)`` says what, and what to do."""


class BrokenPackageError(Exception):
    """What was built is not what was promised; ``str(error)`` says in what."""


def say(text: str) -> None:
    """Tells on stderr what happens now."""
    print(f"package: {text}", file=sys.stderr, flush=True)


def make(edition: str) -> Path:
    """Makes the environment of an edition unless it is there; returns its Python.

    Environments of that edition that were made from another lock or Python are removed.

    Raises:
        CannotBuildError: The disk, the registry or the choice of torch is in the way.
    """
    if edition == "cuda" and sys.platform == "darwin":
        raise CannotBuildError("there is no CUDA on macOS; build the edition cpu.")
    folder = BUILD / f"environment-{edition}-{_digest(edition)[:12]}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = folder / "complete"
    for older in BUILD.glob(f"environment-{edition}-*"):
        if older != folder:
            say(f"removing the build environment {older.name}: what it was made from has changed")
            shutil.rmtree(older)
    if stamp.is_file():
        return python
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES[edition]:
        raise CannotBuildError(
            f"building needs about {NEEDED_BYTES[edition] / 1e9:.0f} GB, but only "
            f"{free / 1e9:.1f} GB are free on the disk of {ROOT}."
        )
    say(f"making the build environment {folder.name}")
    shutil.rmtree(folder, ignore_errors=True)
    if subprocess.call([sys.executable, "-m", "venv", str(folder)]):
        raise CannotBuildError("Python could not make an environment; its lines above say why.")
    _install(python, "--require-hashes", "--no-deps", "-r", str(LOCK))
    _install_torch(python, edition)
    stamp.touch()
    return python


def _digest(edition: str) -> str:
    """Names what the environment is made from."""
    made_from = f"{torch_bounds()} {sys.version}".encode() + LOCK.read_bytes()
    if edition == "cuda":
        made_from += PROGRAM_LOCK.read_bytes()
    return hashlib.sha256(made_from).hexdigest()


def _install_torch(python: Path, edition: str) -> None:
    if sys.platform == "linux" and edition == "cpu":
        version = newest_cpu_build(_offered(python), *torch_bounds())
        if version is None:
            raise CannotBuildError(
                "pip finds no CPU build of torch for this Python (a version that ends in +cpu, "
                "within the bounds of pyproject.toml); tell pip where one is, or build the "
                "edition cuda."
            )
        say(f"torch {version} is the newest CPU build that pip finds")
        _install(python, "--no-deps", f"torch=={version}")
        return
    wanted = CUDA_PACKAGES if sys.platform == "linux" else "torch"
    entries = re.findall(rf"^(?:{wanted})==(?:.*\\\n)*.*\n", PROGRAM_LOCK.read_text("utf-8"), re.M)
    requirements = python.parent / "torch.txt"
    requirements.write_text("".join(entries), "utf-8")
    _install(python, "--require-hashes", "--no-deps", "-r", str(requirements))
    if sys.platform == "win32" and edition == "cuda":
        raise CannotBuildError("the registry's torch for Windows is a CPU build.")


def _install(python: Path, *arguments: str) -> None:
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    if subprocess.call([*pip, "--progress-bar=off", *arguments], stdout=sys.stderr):
        raise CannotBuildError(
            "pip could not install what packages are built from; its lines above say why (the "
            "usual reasons: no network, a full disk)."
        )


def _offered(python: Path) -> list[str]:
    """Versions of torch that pip finds, newest first; none without a registry."""
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "index", "versions", "torch"]
    listed = subprocess.run(pip, capture_output=True, text=True)
    found = re.search(r"^Available versions: (.*)$", listed.stdout, re.M)
    return found[1].split(", ") if found else []


def torch_bounds() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The lowest version of torch that pyproject.toml allows, and the first it does not."""
    text = PROJECT.read_text("utf-8")
    found = re.search(r'"torch>=([\d.]+),<([\d.]+)"', text)
    assert found, "pyproject.toml bounds torch on both sides"
    lowest, first_too_new = (tuple(map(int, bound.split("."))) for bound in found.groups())
    return lowest, first_too_new


def newest_cpu_build(
    offered: list[str], lowest: tuple[int, ...], first_too_new: tuple[int, ...]
) -> str | None:
    """The newest of these versions that is a CPU build within bounds."""
    builds = {}
    for version in offered:
        if match := re.fullmatch(r"(\d+(?:\.\d+)*)\+cpu", version):
            number = tuple(map(int, match[1].split(".")))
            if lowest <= number < first_too_new:
                builds[number] = version
    return builds[max(builds)] if builds else None
