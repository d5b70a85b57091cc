"""Installs the Debian package into a root that has nothing else, and uses it there as people do.

    sudo python3 packaging/test_package.py PACKAGE.deb [--work FOLDER] [--only lint|root|window]

Needs mmdebstrap, lintian, Xvfb, openbox, xdotool and ImageMagick's import, and root. A fresh Debian
root is filled with the package and what it depends on, and nothing it recommends. There, without a
network, with /usr read-only, a second user whose home has a space and umlauts runs selfcheck, edit
and train; then paints, generates, accepts, saves and reopens in the window. Last, the package is
purged. Screenshots go to FOLDER; what went wrong is one sentence, with exit status 1.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

NAME = "sdedit-desktop"
HOME = "/home/Jörg Müller"
DISPLAY = ":77"
SUITE = "bookworm"
TIMEOUT_S = 900
QUIET_S = 4
PARTS = ("lint", "root", "window")
SOCKETS = Path("/tmp", ".X11-unix")  # where X11 has them everywhere
# Enters a namespace without a network, makes /usr read-only, and becomes the user in the root.
ENTER = """\
mount --bind "$0" "$0" && mount --bind "$0/usr" "$0/usr" && mount -o remount,bind,ro "$0/usr" &&
mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && mkdir -p "$0/tmp/.X11-unix" &&
mount --bind "$SOCKETS" "$0/tmp/.X11-unix" && exec chroot --userspec=second "$0" "$@"
"""


class FailedError(Exception):
    """The package does not do what it should; ``str(error)`` says what."""


def say(text: str) -> None:
    """Tells what was found."""
    print(f"test_package: {text}", flush=True)


def run(command: Sequence[str | Path], **options: object) -> str:
    """What a command says.

    Raises:
        FailedError: It fails.
    """
    done = subprocess.run([*map(str, command)], capture_output=True, encoding="utf-8",
                          timeout=TIMEOUT_S, **options)  # type: ignore[call-overload]  # fmt: skip
    if done.returncode:
        raise FailedError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return str(done.stdout)


# --- the root ----------------------------------------------------------------------------------


def make_root(package: Path, root: Path) -> None:
    """Makes a Debian root with the package, what it depends on, and a second user."""
    say(f"making a root of Debian {SUITE} with the package and its dependencies alone")
    adding = f"useradd --create-home --home-dir '{HOME}' --shell /bin/sh second"
    run([
        "mmdebstrap", "--quiet", "--variant=apt", "--mode=root",
        "--aptopt=APT::Install-Recommends false",
        f"--customize-hook=copy-in '{package.resolve()}' /var/tmp",
        f"--customize-hook=chroot \"$1\" apt-get install -qy /var/tmp/{package.name}",
        f"--customize-hook=chroot \"$1\" {adding}",
        SUITE, root,
    ])  # fmt: skip
    script = "command -v python3 || true"
    if found := run(["chroot", root, "sh", "-c", script]).strip():
        raise FailedError(f"the root has a Python of its own, {found}, and so proves nothing")


def inside(root: Path, *words: str) -> list[str]:
    """How a command is started in the root by the second user, without a network."""
    kept = ["env", "-i", f"HOME={HOME}", "PATH=/usr/bin:/bin", "LANG=C.UTF-8", f"DISPLAY={DISPLAY}"]
    there = ["sh", "-c", 'cd "$HOME" && exec "$@"', "sh", *words]
    SOCKETS.mkdir(exist_ok=True)
    os.environ["SOCKETS"] = str(SOCKETS)
    return ["unshare", "--mount", "--net", "sh", "-c", ENTER, str(root), *kept, *there]


def use_without_window(root: Path) -> None:
    """Runs selfcheck, edit and train in the root."""
    report = run(inside(root, NAME, "selfcheck", "--timeout", "300"))
    say(f"selfcheck without a network:\n{report}")
    if not re.search(r"^candidates +1$", report, re.MULTILINE):
        raise FailedError("selfcheck made no candidate")
    words = ("--sample", "stream", "--steps", "2", "-n", "1", "--seed", "1")
    run(inside(root, NAME, "edit", *words, "-o", "Meine Bilder/aus"))
    photographs = f"/usr/lib/{NAME}/_internal/sdedit_desktop/_resources/models/nature-photos"
    small = ("--minutes", "0.05", "--size", "32", "--batch", "2", "--channels", "32,32")
    run(inside(root, NAME, "train", photographs, "-o", "Mein Modell", *small))
    home = root / HOME[1:]
    made = sorted(path.name for path in (home / "Meine Bilder" / "aus").iterdir())
    if len(made) != 3 or not (home / "Mein Modell" / "model_index.json").is_file():
        raise FailedError(f"edit or train made nothing: {made}")
    say(f"edit made {', '.join(made)}; train made a model")


def purge(root: Path) -> None:
    """Removes the package, and looks for what is left of it."""
    run(["chroot", root, "apt-get", "purge", "-qy", NAME])
    left = [
        path
        for folder in ("usr", "etc", "var/lib", "opt")
        for path in (root / folder).rglob(f"*{NAME}*")
    ]
    if left:
        raise FailedError(f"purging leaves {left}")
    say("purged without a trace")


# --- the window --------------------------------------------------------------------------------


@contextmanager
def screen() -> Iterator[None]:
    """A screen with a window manager that this process owns."""
    environment = os.environ | {"DISPLAY": DISPLAY}
    server = subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
                              stderr=subprocess.DEVNULL)  # fmt: skip
    manager = None
    try:
        wait(lambda: (SOCKETS / f"X{DISPLAY[1:]}").exists(), "the screen")
        manager = subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL)
        yield
    finally:
        for process in (manager, server):
            if process is not None:
                process.terminate()
                process.wait()


def wait(ready: Callable[[], object], what: str, step_s: float = 0.05) -> None:
    """Waits until something is there.

    Raises:
        FailedError: It does not come.
    """
    end = time.monotonic() + TIMEOUT_S
    while not ready():
        if time.monotonic() > end:
            raise FailedError(f"{what} does not come")
        time.sleep(step_s)


def xdotool(*words: str) -> str:
    """What xdotool says on the screen; nothing if it finds nothing."""
    environment = os.environ | {"DISPLAY": DISPLAY}
    done = subprocess.run(["xdotool", *words], capture_output=True, text=True, env=environment)
    return done.stdout.strip()


class Window:
    """The program's window in the root, with its pictures."""

    def __init__(self, root: Path, work: Path, *files: str) -> None:
        self.root, self.work = root, work
        began = time.monotonic()
        self.process = subprocess.Popen(inside(root, NAME, *files))
        wait(lambda: self.titles(), "the window")
        say(f"window after {time.monotonic() - began:.2f} s: {self.titles()[-1]}")
        self.rest()

    def titles(self) -> list[str]:
        """Titles of the visible windows of the program."""
        found = xdotool("search", "--onlyvisible", "--name", "SDEdit Desktop").split()
        return [title for each in found if (title := xdotool("getwindowname", each))]

    def rest(self) -> None:
        """Waits until the program computes nothing any more."""
        before, since = -1, time.monotonic()

        def is_quiet() -> bool:
            nonlocal before, since
            used = self._used_ticks()
            if used - before > 10:  # a blinking cursor takes fewer
                before, since = used, time.monotonic()
            return time.monotonic() - since > QUIET_S

        wait(is_quiet, "the end of the work", 0.5)

    def _used_ticks(self) -> int:
        used = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                text = stat.read_text("utf-8")
            except OSError:  # it has ended
                continue
            if f"({NAME[:15]})" in text:
                fields = text.rpartition(")")[2].split()
                used += int(fields[11]) + int(fields[12])
        return used

    def press(self, *keys: str) -> None:
        """Presses keys one after another, and waits for what they cause."""
        for key in keys:
            xdotool("key", "--delay", "80", key)
        self.rest()

    def picture(self, name: str) -> None:
        """Keeps what the screen shows."""
        run(["import", "-window", "root", self.work / f"{name}.png"],
            env=os.environ | {"DISPLAY": DISPLAY})  # fmt: skip

    def close(self) -> None:
        """Asks the window to close, and waits until the program has ended."""
        xdotool("key", "ctrl+q")
        if self.process.wait(TIMEOUT_S):
            raise FailedError(f"the window ended with {self.process.returncode}")


def use_window(root: Path, work: Path) -> None:
    """Paints, generates, accepts, saves and reopens in the window."""
    saved = root / HOME[1:] / "Bild eins.ora"
    with screen():
        window = Window(root, work)
        window.picture("1-welcome")
        window.press("b")
        xdotool("mousemove", "560", "420", "mousedown", "1")
        for x, y in ((600, 440), (640, 430), (680, 400), (720, 420)):
            xdotool("mousemove", str(x), str(y), "sleep", "0.05")
        xdotool("mouseup", "1")
        window.rest()
        window.picture("2-painted")
        window.press("ctrl+Return")
        window.picture("3-generated")
        window.press("Return")
        window.picture("4-accepted")
        window.press("ctrl+s")
        xdotool("type", "--delay", "30", f"{HOME}/Bild eins.ora")
        window.press("Return")
        window.picture("5-saved")
        if not saved.is_file():
            raise FailedError("nothing was saved")
        with zipfile.ZipFile(saved) as archive:
            layers = archive.read("stack.xml").decode("utf-8").count("<layer ")
            say(f"saved {saved.stat().st_size / 1e6:.1f} MB with {layers} layers")
        if layers < 4:
            raise FailedError(f"the candidate is no layer: {layers} layers were saved")
        window.close()
        window = Window(root, work, f"{HOME}/Bild eins.ora")
        if not any("Bild eins" in title for title in window.titles()):
            raise FailedError(f"the file is not open: {window.titles()}")
        window.picture("6-reopened")
        window.close()
    written = {path.relative_to(root / HOME[1:]).parts[0] for path in (root / HOME[1:]).iterdir()}
    say(f"in the home: {', '.join(sorted(written))}")


# --- the command -------------------------------------------------------------------------------


def lint(package: Path) -> None:
    """Has lintian look; every override in ``packaging/linux/lintian-overrides`` has its reason."""
    # With --show-overrides, what is overridden would fail as well.
    found = run(["lintian", "--allow-root", "--fail-on", "error,warning", package])
    rest = [line for line in found.splitlines() if line[:2] != "N:"]
    say(f"lintian: no errors or warnings without a reason; {len(rest)} other lines {rest}")


def main(arguments: Sequence[str]) -> int:
    """Runs the parts that the command line names; 1 and a sentence where one fails."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("package", type=Path)
    parser.add_argument("--work", type=Path, default=Path("build/package/tested"))
    parser.add_argument("--only", choices=PARTS, action="append")
    options = parser.parse_args(arguments)
    root, parts = options.work.resolve() / "root", options.only or PARTS
    options.work.mkdir(parents=True, exist_ok=True)
    try:
        if "lint" in parts:
            lint(options.package)
        if "root" in parts:
            shutil.rmtree(root, ignore_errors=True)
            make_root(options.package, root)
            use_without_window(root)
        if "window" in parts:
            use_window(root, options.work)
        if not options.only:
            purge(root)
    except (FailedError, subprocess.TimeoutExpired) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
