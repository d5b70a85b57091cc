"""Installs a package into a root that has nothing else, and uses it there as people do.

    sudo python3 packaging/test_package.py PACKAGE [--work FOLDER] [--only lint|root|window]

PACKAGE is the Debian package or the portable archive. Needs mmdebstrap, lintian, Xvfb, openbox,
xdotool, ImageMagick, and root. A fresh Debian root is filled with the package and what it depends
on, and nothing it recommends. There, without a network, with /usr read-only, a second user whose
home has a space and umlauts runs selfcheck, edit and train; then paints inside the mask, generates,
accepts, saves and reopens in the window: the saved files are compared pixel by pixel. Last, the
package is removed. Screenshots go to FOLDER; what went wrong is one sentence, with exit status 1.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import saved_pictures

NAME = "sdedit-desktop"
HOME = "/home/Jörg Müller"
DISPLAY = ":77"
SUITE = "bookworm"
TIMEOUT_S = 900
QUIET_S = 4
PARTS = ("lint", "root", "window")
DOCUMENT = "Bild eins.ora"
# On the screen, in the welcome picture: something dark, and points inside the mask. What is saved
# tells if they no longer are.
FIR = ("549", "498")
STROKE = (("250", "510"), ("252", "540"), ("248", "570"), ("252", "600"), ("250", "630"))
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


# --- the two kinds of packages -----------------------------------------------------------------


class Debian:
    """The Debian package, which apt installs.

    Attributes:
        folder: Where the program is in the root.
        hooks: What mmdebstrap runs to bring the package, or what it needs, into the root.
    """

    def __init__(self, file: Path) -> None:
        self.folder = f"/usr/lib/{NAME}"
        self.hooks = (
            f"copy-in '{file.resolve()}' /var/tmp",
            f'chroot "$1" apt-get install -qy /var/tmp/{file.name}',
        )

    def install(self, root: Path) -> None:
        """Does nothing: apt has done it."""

    def remove(self, root: Path) -> None:
        """Purges it."""
        run(["chroot", root, "apt-get", "purge", "-qy", NAME])


class Archive:
    """The portable archive: unpacked in the home, and entered in the menus as its README says.

    What is unpacked belongs to the administrator: the second user cannot write there.
    """

    def __init__(self, file: Path) -> None:
        self._file, stem = file, file.name.removesuffix(".tar.xz")
        self.folder = f"{HOME}/{stem}"
        readme = run(["tar", "-xJOf", file, f"{stem}/README.txt"])
        needed = re.search(r"^The system brings .*: (.*)\.$", readme, re.MULTILINE)
        if needed is None:
            raise FailedError("README.txt of the archive does not tell what the system brings")
        self.hooks = (f'chroot "$1" apt-get satisfy -qy "{needed[1]}"',)

    def install(self, root: Path) -> None:
        """Unpacks it, copies its share folder, and links the program into a folder of PATH."""
        home = root / HOME[1:]
        run(["tar", "-xJf", self._file, "-C", home])
        (home / ".local" / "bin").mkdir(parents=True)
        (home / ".local" / "bin" / NAME).symlink_to(f"{self.folder}/{NAME}")
        shutil.copytree(root / self.folder[1:] / "share", home / ".local" / "share")
        run(["chroot", root, "chown", "-hR", "second:", f"{HOME}/.local"])

    def remove(self, root: Path) -> None:
        """Removes the folder, after a look at whether anything was written into it."""
        folder = root / self.folder[1:]
        listed = run(["tar", "-tJf", self._file]).split("\n")
        inside_now = {f"{folder.name}/{path.relative_to(folder)}" for path in folder.rglob("*")}
        if added := inside_now - {name.rstrip("/") for name in listed}:
            raise FailedError(f"the program wrote into its own folder: {sorted(added)}")
        shutil.rmtree(folder)


# --- the root ----------------------------------------------------------------------------------


def make_root(package: Debian | Archive, root: Path) -> None:
    """Makes a Debian root with the package, what it depends on, and a second user."""
    say(f"making a root of Debian {SUITE} with the package and its dependencies alone")
    adding = f"chroot \"$1\" useradd --create-home --home-dir '{HOME}' --shell /bin/sh second"
    run([
        "mmdebstrap", "--quiet", "--variant=apt", "--mode=root",
        "--aptopt=APT::Install-Recommends false",
        *(f"--customize-hook={hook}" for hook in (*package.hooks, adding)),
        SUITE, root,
    ])  # fmt: skip
    package.install(root)
    script = "command -v python3 || true"
    if found := run(["chroot", root, "sh", "-c", script]).strip():
        raise FailedError(f"the root has a Python of its own, {found}, and so proves nothing")


def inside(root: Path, *words: str) -> list[str]:
    """How a command is started in the root by the second user, without a network."""
    path = f"{HOME}/.local/bin:/usr/bin:/bin"
    kept = ["env", "-i", f"HOME={HOME}", f"PATH={path}", "LANG=C.UTF-8", f"DISPLAY={DISPLAY}"]
    there = ["sh", "-c", 'cd "$HOME" && exec "$@"', "sh", *words]
    SOCKETS.mkdir(exist_ok=True)
    os.environ["SOCKETS"] = str(SOCKETS)
    return ["unshare", "--mount", "--net", "sh", "-c", ENTER, str(root), *kept, *there]


def use_without_window(root: Path, folder: str) -> None:
    """Runs selfcheck, edit and train in the root."""
    report = run(inside(root, NAME, "selfcheck", "--timeout", "300"))
    say(f"selfcheck without a network:\n{report}")
    if not re.search(r"^candidates +1$", report, re.MULTILINE):
        raise FailedError("selfcheck made no candidate")
    words = ("--sample", "stream", "--steps", "2", "-n", "1", "--seed", "1")
    run(inside(root, NAME, "edit", *words, "-o", "Meine Bilder/aus"))
    photographs = f"{folder}/_internal/sdedit_desktop/_resources/models/nature-photos"
    small = ("--minutes", "0.05", "--size", "32", "--batch", "2", "--channels", "32,32")
    run(inside(root, NAME, "train", photographs, "-o", "Mein Modell", *small))
    home = root / HOME[1:]
    made = sorted(path.name for path in (home / "Meine Bilder" / "aus").iterdir())
    if len(made) != 3 or not (home / "Mein Modell" / "model_index.json").is_file():
        raise FailedError(f"edit or train made nothing: {made}")
    say(f"edit made {', '.join(made)}; train made a model")


def remove(package: Debian | Archive, root: Path) -> None:
    """Removes the package, and looks for what is left of it outside the user's own folders."""
    package.remove(root)
    left = [
        path
        for folder in ("usr", "etc", "var/lib", "opt")
        for path in (root / folder).rglob(f"*{NAME}*")
    ]
    if left:
        raise FailedError(f"removing it leaves {left}")
    say("removed without a trace")


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

    def save(self, name: str) -> Path:
        """Saves the document, the first time under a name; returns a copy with its extension."""
        file = self.root / HOME[1:] / DOCUMENT
        before = file.stat().st_mtime_ns if file.is_file() else 0
        self.press("ctrl+s")
        if not before:
            xdotool("type", "--delay", "30", f"{HOME}/{DOCUMENT}")
            self.press("Return")
        wait(lambda: file.is_file() and file.stat().st_mtime_ns > before, "the saved file")
        return Path(shutil.copy(file, self.work / f"{name}.ora"))

    def close(self) -> None:
        """Asks the window to close, and waits until the program has ended."""
        xdotool("key", "ctrl+q")
        if self.process.wait(TIMEOUT_S):
            raise FailedError(f"the window ended with {self.process.returncode}")


def use_window(root: Path, work: Path) -> None:
    """Paints inside the mask, generates, accepts, saves and reopens in the window."""
    with screen():
        window = Window(root, work)
        window.picture("1-welcome")
        welcome = window.save("1-welcome")
        window.press("i")
        xdotool("mousemove", *FIR, "click", "1")
        window.press("b")
        xdotool("mousemove", *STROKE[0], "mousedown", "1")
        for point in STROKE[1:]:
            xdotool("mousemove", *point, "sleep", "0.05")
        xdotool("mouseup", "1")
        window.rest()
        window.picture("2-painted")
        painted = window.save("2-painted")
        window.press("ctrl+Return")
        window.picture("3-generated")
        window.press("Return")
        window.picture("4-accepted")
        accepted = window.save("4-accepted")
        window.picture("5-saved")
        require_change(welcome, painted, accepted)
        window.close()
        window = Window(root, work, f"{HOME}/{DOCUMENT}")
        if not any(Path(DOCUMENT).stem in title for title in window.titles()):
            raise FailedError(f"the file is not open: {window.titles()}")
        window.picture("6-reopened")
        window.close()
    written = {path.relative_to(root / HOME[1:]).parts[0] for path in (root / HOME[1:]).iterdir()}
    say(f"in the home: {', '.join(sorted(written))}")


def require_change(opened: Path, painted: Path, accepted: Path) -> None:
    """Requires that the candidate changed what was painted, and nothing outside the mask."""
    found = saved_pictures.changes(opened, painted, accepted)
    say(f"changed pixels in the saved files: {found}")
    if not found.stroke or found.stroke_outside:
        raise FailedError("the stroke was not painted inside the mask: STROKE must be moved")
    if found.candidate_outside or found.candidate_in_stroke < found.stroke / 2:
        raise FailedError("the candidate changes what it should not, or not what was painted")
    layers = saved_pictures.layers(accepted)
    say(f"saved {accepted.stat().st_size / 1e6:.1f} MB with {layers} layers")
    if layers < 4:
        raise FailedError(f"the candidate is no layer: {layers} layers were saved")


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
    is_debian = options.package.suffix == ".deb"
    try:
        package = (Debian if is_debian else Archive)(options.package)
        if "lint" in parts and is_debian:
            lint(options.package)
        if "root" in parts:
            shutil.rmtree(root, ignore_errors=True)
            make_root(package, root)
            use_without_window(root, package.folder)
        if "window" in parts:
            use_window(root, options.work)
        if not options.only:
            remove(package, root)
    except (FailedError, subprocess.TimeoutExpired) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
