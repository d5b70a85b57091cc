"""What a frozen folder needs of a Debian system: computed from its machine code, not guessed."""

import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from build_environment import CannotBuildError
from frozen import owners

RENAMED = {"libglib2.0-0": "libglib2.0-0t64", "libssl3": "libssl3t64"}
"""Debian 12 and Ubuntu 22.04 have the first name, later ones the second."""
OF_THE_DRIVER = {"libcuda.so.1"}
"""Libraries that come with a graphics card's driver; without one, the edition cuda uses the CPU."""
_FLOORS = {"libc6": r"GLIBC_([\d.]+)$", "libstdc++6": r"GLIBCXX_([\d.]+)$"}
"""Packages whose symbols have versions, so that an older one does not do."""


def depends(folder: Path) -> list[str]:
    """The dependencies of a folder, as Debian writes them.

    Raises:
        CannotBuildError: A library that is needed here belongs to no Debian package.
    """
    needed, symbols = _read(_machine_code(folder))
    own = {path.name for path in folder.rglob("*")}
    places = _places()
    packages = set()
    for name in sorted(needed - own - OF_THE_DRIVER):
        package = owners.debian_package(places[name]) if name in places else None
        if package is None:
            raise CannotBuildError(f"no Debian package of this system holds {name}.")
        packages.add(package)
    return [_written(package, symbols) for package in sorted(packages)]


def floor(symbols: Iterable[str], pattern: str) -> str:
    """The highest version among symbols' versions that match, such as 2.35; "" for none."""
    found = {match[1] for symbol in symbols if (match := re.match(pattern, symbol))}
    return max(found, key=lambda version: [int(part) for part in version.split(".")], default="")


def _written(package: str, symbols: Iterable[str]) -> str:
    bound = ""
    if package in _FLOORS and (lowest := floor(symbols, _FLOORS[package])):
        bound = f" (>= {lowest if package == 'libc6' else _package_version(package, lowest)})"
    later = RENAMED.get(package)
    return f"{later} | {package}" if later else package + bound


def _package_version(package: str, symbol_version: str) -> str:
    """The first version of Debian's libstdc++6 with symbols of that version, from its own list."""
    for listing in sorted(Path("/var/lib/dpkg/info").glob(f"{package}*.symbols")):
        pattern = rf"^ \(?.*GLIBCXX_{re.escape(symbol_version)}@\S+ (\d+)"
        if found := re.search(pattern, listing.read_text("utf-8"), re.MULTILINE):
            return found[1]
    raise CannotBuildError(f"this system's {package} does not list GLIBCXX_{symbol_version}.")


def _machine_code(folder: Path) -> list[Path]:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    found.append(path)
    return found


def _read(files: Iterable[Path]) -> tuple[set[str], set[str]]:
    """Names of libraries that files are linked with, and versions of symbols that they use."""
    command = ["objdump", "--private-headers", *map(str, files)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    needed = set(re.findall(r"^\s+NEEDED\s+(\S+)", printed, re.MULTILINE))
    versions = set(re.findall(r"^\s+0x[0-9a-f]+ 0x[0-9a-f]+ \d+ (\S+)", printed, re.MULTILINE))
    return needed, versions


def _places() -> Mapping[str, Path]:
    """Where the dynamic linker of this system finds libraries."""
    printed = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True).stdout
    lines = re.findall(r"^\s+(\S+) \(libc6,x86-64.*\) => (\S+)", printed, re.MULTILINE)
    return {name: Path(place) for name, place in reversed(lines)}
