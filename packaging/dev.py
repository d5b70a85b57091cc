"""Makes the environment of SDEdit Desktop, then starts the program or checks its code.

Needs nothing but Python and its standard library. The environment is the folder ``.venv`` at the
top of the repository; it holds exactly what ``packaging/requirements.lock`` pins, by hash. A stamp
written last tells the next start that nothing is left to do.
"""

import argparse
import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# Everything above, and these lines, must be readable to the oldest Python that anyone may have.
OLDEST, NEWEST = (3, 11), (3, 14)
if not OLDEST <= sys.version_info[:2] <= NEWEST:
    found = ".".join(map(str, sys.version_info[:3]))
    sys.stderr.write(
        f"dev.py: SDEdit Desktop needs Python 3.11 to 3.14, but {sys.executable} is {found}.\n"
    )
    sys.exit(2)

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from sdedit_desktop.system_libraries import (  # noqa: E402 - needs nothing but the standard library
    QT_LIBRARIES,
    WINDOW_LIBRARIES,
    missing_packages,
)

LOCK = ROOT / "packaging" / "requirements.lock"
PACKAGE_LOCK = ROOT / "packaging" / "package.lock"
PROJECT = ROOT / "pyproject.toml"
VENV = ROOT / ".venv"
STAMP = VENV / "installed.txt"
WINDOWS = os.name == "nt"
LINUX = sys.platform == "linux"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
EXE = ".exe" if WINDOWS else ""
PYTHON = BIN / f"python{EXE}"

# On Linux torch brings the libraries of CUDA along.
INSTALLED_BYTES = (7 if LINUX else 3) * 10**9

# Each check is one or more programs of the environment. pytest comes after these.
CHECKS = {
    "ruff": (["ruff", "check"], ["ruff", "format", "--check"]),
    # The second time as on Windows, whose Python lacks some calls.
    "mypy": (["mypy"], ["mypy", "--platform=win32", "--cache-dir=.mypy_cache/win32"]),
    "import-linter": (["lint-imports", "--no-logo"],),
}

# What packages are built and checked with, and where Debian has it.
TOOLS = {
    "appstreamcli": "appstream",
    "desktop-file-validate": "desktop-file-utils",
    "makensis": "nsis",
    "objdump": "binutils",
    "update-mime-database": "shared-mime-info",
}

LOCK_HEAD = """\
# Everything that SDEdit Desktop needs {}, for every system and Python it
# supports. Do not edit: change pyproject.toml, then run  python3 packaging/dev.py lock
"""


class CannotGoOnError(Exception):
    """Something outside this program is in the way; ``str(error)`` says what, and what to do."""


def say(text: str) -> None:
    """Tells on stderr what happens now, so that stdout stays the program's own."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


# --- the environment ---------------------------------------------------------------------------


def stamp() -> str:
    """What the finished environment was made from; another text means: install again."""
    made_from = [LOCK.read_bytes(), PROJECT.read_bytes()]
    digest = hashlib.sha256(b"\0".join(made_from)).hexdigest()
    return "{} python {}.{} {}\n".format(digest, *sys.version_info[:2], VENV)


def is_installed() -> bool:
    """Whether the environment is complete and up to date. Costs a few milliseconds."""
    return PYTHON.exists() and STAMP.is_file() and STAMP.read_text("utf-8") == stamp()


def install() -> None:
    """Brings ``.venv`` to what the lock says, from whatever is there now.

    Raises:
        CannotGoOnError: The disk, the network or a system library is in the way.
    """
    require_disk()
    make_venv()
    STAMP.unlink(missing_ok=True)
    say("installing what packaging/requirements.lock pins (the first time: about 3 GB to fetch)")
    with contextlib.suppress(CannotGoOnError):  # a mirror may lack uv: pip alone will do
        pip("install", "--require-hashes", "--no-deps", "-r", write_uv_requirement())
    target = ["--python", str(PYTHON)]
    if uv("sync", "--require-hashes", "--build-constraints", str(LOCK), *target, str(LOCK)):
        say("uv could not do it; trying again with pip")
        pip("install", "--require-hashes", "--no-deps", "-r", str(LOCK))
    editable = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    if uv("install", "--offline", *target, *editable):
        pip("install", "--no-index", *editable)
    require_qt()
    STAMP.write_text(stamp(), "utf-8")


def require_disk() -> None:
    """Refuses to begin an installation that the disk has no room for."""
    present = sum(p.lstat().st_size for p in VENV.rglob("*")) if VENV.is_dir() else 0
    needed = max(INSTALLED_BYTES - present, 10**9)
    free = shutil.disk_usage(ROOT).free
    if free < needed:
        raise CannotGoOnError(
            f"the installation needs about {needed / 1e9:.0f} GB, but only {free / 1e9:.1f} GB are "
            f"free on the disk of {ROOT}; make room and start again."
        )


def make_venv() -> None:
    """Creates ``.venv`` unless a usable one, made here by this Python, is there already."""
    if is_usable():
        return
    if VENV.is_symlink():
        raise CannotGoOnError(
            f"{VENV} is a link, and making the environment anew would empty what it leads to; "
            "remove the link, or make the environment there by hand."
        )
    if not has_venv_module():
        raise CannotGoOnError(
            "this Python has no module venv; on Debian and Ubuntu install it with: "
            "sudo apt install python3-venv"
        )
    say(f"making {VENV}")
    maker = getattr(sys, "_base_executable", None) or sys.executable
    if subprocess.call([maker, "-m", "venv", "--clear", str(VENV)]):
        raise CannotGoOnError(f"{maker} could not make {VENV}; the lines above say why.")


def has_venv_module() -> bool:
    """Whether this Python can make environments; Debian sells that separately."""
    return all(importlib.util.find_spec(module) for module in ("venv", "ensurepip"))


def is_usable() -> bool:
    """Whether ``.venv`` was made for this very path and Python, and came as far as having pip."""
    try:
        made = (VENV / "pyvenv.cfg").read_text("utf-8")
    except OSError:
        return False
    version = r"^version = {}\.{}\.".format(*sys.version_info[:2])
    if str(VENV) not in made or not re.search(version, made, re.MULTILINE):
        return False
    probe = [str(PYTHON), "-m", "pip", "--version"]
    return PYTHON.exists() and subprocess.run(probe, capture_output=True).returncode == 0


def write_uv_requirement() -> str:
    """Writes the lock's entry for uv, with its hashes, to a file of its own; returns its name."""
    entry = re.search(r"^uv==(?:.*\\\n)*.*", LOCK.read_text("utf-8"), re.MULTILINE)
    assert entry, "the lock pins uv"
    file = VENV / "uv.txt"
    file.write_text(entry[0] + "\n", "utf-8")
    return str(file)


def uv(command: str, *arguments: str) -> int:
    """Runs ``uv pip`` with its progress on the terminal; returns its exit status."""
    try:
        return subprocess.call(
            [str(BIN / f"uv{EXE}"), "pip", command, *arguments], env=os.environ | pip_registry()
        )
    except OSError:  # no uv for this system
        return 1


def pip_registry() -> dict[str, str]:
    """The registry and certificates that pip is set to use here, in uv's words."""
    listed = subprocess.run([str(PYTHON), "-m", "pip", "config", "list"], capture_output=True)
    words = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
    found = {}
    for line in listed.stdout.decode(errors="replace").splitlines():
        name, _, value = line.partition("=")
        word = words.get(name.rpartition(".")[2])
        if word and word not in os.environ:
            found[word] = value.strip("'\"")
    return found


def pip(*arguments: str) -> None:
    """Runs pip, passing its lines on as they come.

    Raises:
        CannotGoOnError: pip failed; the message tells the usual reasons apart.
    """
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--retries=2", *arguments]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        sys.stderr.write(line)
    if process.wait():
        raise CannotGoOnError(reason_of_failure("".join(lines)))


def reason_of_failure(output: str) -> str:
    """The sentence for what pip printed before it failed."""
    if "No space left" in output or shutil.disk_usage(ROOT).free < 10**8:
        return "the disk is full; make room and start again: what is installed already is kept."
    if re.search(r"from versions: none|Max retries|timed out|[Cc]onnection|resolution", output):
        return (
            "the package registry could not be reached; check the network (or the index-url in "
            "pip's configuration) and start again: what is installed already is kept."
        )
    if "DO NOT MATCH THE HASHES" in output:
        return (
            "a package is not the one that packaging/requirements.lock pins; nothing was started."
        )
    return "pip could not install the packages; its lines above say why."


# --- Qt's system libraries ---------------------------------------------------------------------


def require_qt() -> None:
    """Opens Qt once in the new environment.

    Raises:
        CannotGoOnError: A library of the system is missing; the message names the packages.
    """
    opened = subprocess.run(
        [str(PYTHON), "-c", "from PySide6 import QtGui, QtWidgets"], capture_output=True, text=True
    )
    if opened.returncode:
        last_line = (opened.stderr.strip().splitlines() or ["no message"])[-1]
        packages = missing_packages({**QT_LIBRARIES, **WINDOW_LIBRARIES})
        advice = f" On Debian and Ubuntu: sudo apt install {' '.join(packages)}"
        raise CannotGoOnError(
            f"Qt does not start: {last_line.rpartition('Error: ')[2]}.{advice if packages else ''}"
        )
    packages = missing_packages(WINDOW_LIBRARIES)
    if packages:
        say(f"to open the window under X11, also: sudo apt install {' '.join(packages)}")


# --- the commands ------------------------------------------------------------------------------


def missing_on_debian(packaging: bool) -> list[str]:
    """Debian packages that the program and its checks need, or what packages need besides."""
    if packaging:
        tools = [package for tool, package in TOOLS.items() if not shutil.which(tool)]
        return tools + missing_packages(WINDOW_LIBRARIES)
    programs = [] if has_venv_module() else ["python3-venv"]
    if shutil.which("exiftool") is None:  # the oracle of tests of metadata
        programs.append("libimage-exiftool-perl")
    return programs + missing_packages(QT_LIBRARIES)


def run_program(arguments: list[str]) -> int:
    """Replaces this process by the program where the system can, else waits for it."""
    # -P: a file named like a library in the current folder is not imported in its place.
    command = [str(PYTHON), "-P", "-m", "sdedit_desktop", *arguments]
    if not WINDOWS:
        os.execv(PYTHON, command)
    return subprocess.call(command)


def run_checks(pytest_arguments: list[str]) -> int:
    """Runs all four checks, whatever the earlier ones say; returns 1 if any failed."""
    failed = []
    for check, commands in CHECKS.items():
        say(check)
        codes = [call(str(BIN / f"{tool}{EXE}"), *options) for tool, *options in commands]
        if any(codes):
            failed.append(check)
    say("pytest")
    if call(str(PYTHON), "-P", "-m", "pytest", *pytest_arguments):
        failed.append("pytest")
    if failed:
        say(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def call(*command: str) -> int:
    """Runs a command at the top of the repository; returns its exit status."""
    return subprocess.call(command, cwd=ROOT)


def write_locks() -> int:
    """Resolves pyproject.toml anew, within its bounds, into the two locks of ``packaging``."""
    sources = ["--group", f"{PROJECT}:dev", "--extra", "evaluation", "--extra", "formats"]
    sources += ["--upgrade", str(PROJECT)]
    code = write_lock(LOCK, "to run and to be tested", sources)
    if code:
        return code
    import tomllib

    # Which torch goes into a package is found when it is built, and decides what it needs.
    project = tomllib.loads(PROJECT.read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["package"]]
    without_torch = [line for line in asked if not line.startswith("torch")]
    oldest = ".".join(map(str, OLDEST))
    sources = ["--upgrade", "--python-version", oldest, "--constraint", str(LOCK), "-"]
    return write_lock(PACKAGE_LOCK, "to be packaged", sources, "\n".join(without_torch))


def write_lock(lock: Path, purpose: str, sources: list[str], given: str = "") -> int:
    """Resolves requirements into a lock; returns uv's exit status."""
    options = "--universal --generate-hashes --no-header --no-annotate --no-emit-index-url"
    compiled = subprocess.run(
        [str(BIN / f"uv{EXE}"), "pip", "compile", "--quiet", *options.split(), *sources],
        input=given,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
        env=os.environ | pip_registry(),
    )
    if compiled.returncode == 0:
        lock.write_text(LOCK_HEAD.format(purpose) + compiled.stdout, "utf-8", newline="\n")
    return compiled.returncode


def parse_command_line(arguments: list[str]) -> argparse.Namespace:
    """Reads ``COMMAND REST...``; the rest belongs to the program or to pytest, dashes included."""
    parser = argparse.ArgumentParser(
        prog="dev.py",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__,
        epilog="""commands:
  run [ARGS...]          start SDEdit Desktop; ARGS are its own (try: run --help)
  test [PYTEST ARGS...]  run ruff, mypy, import-linter and pytest, in this order, all of them even
                         when one fails; PYTEST ARGS narrow pytest only (paths: from the top of
                         the repository). Exit status 1 if any failed.
  package [ARGS...]      build a package for this system (try: package --help)
  lock                   renew packaging/*.lock from pyproject.toml
  missing [package]      list the Debian packages that this, or package, needs and the system lacks

Both commands may be given from any folder. The first start installs (about 7 GB on Linux); when
something outside is in the way, one sentence says what, and the exit status is 2.""",
    )
    parser.add_argument("command", choices=["run", "test", "package", "lock", "missing"])
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Does one command; returns the exit status."""
    chosen = parse_command_line(arguments)
    if chosen.command == "missing":
        print(*missing_on_debian(chosen.rest == ["package"]), sep="\n")
        return 0
    if chosen.command == "package":  # it makes an environment of its own
        return call(sys.executable, str(ROOT / "packaging" / "package.py"), *chosen.rest)
    try:
        if not is_installed() and chosen.command != "lock":
            install()
        if chosen.command == "run":
            return run_program(chosen.rest)
        return write_locks() if chosen.command == "lock" else run_checks(chosen.rest)
    except CannotGoOnError as error:
        say(str(error))
        return 2
    except OSError as error:
        say(f"{error.filename or ROOT}: {error.strerror or error}")
        return 2
    except KeyboardInterrupt:
        say("interrupted; the next start goes on from here")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
