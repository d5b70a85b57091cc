"""Whom each file of the frozen folder comes from: a Python package, Python, or the system."""

import importlib.metadata
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import Distribution
from pathlib import Path

from build_environment import ROOT, BrokenPackageError, CannotBuildError

BOOTLOADER = "pyinstaller"
"""Its small program starts ours, and is part of it."""
PARTS_FILE = ROOT / "packaging" / "licences" / "parts.json"


@dataclass
class Owner:
    """One project whose files are in the folder.

    Attributes:
        name: As its publisher spells it.
        version: Of what was collected.
        licence: A SPDX expression, or what the publisher calls it.
        texts: Its licence files.
        libraries: Places of its shared libraries in the folder.
        distribution: Of what is a Python package.
        parts: Names and licences of what its libraries contain, by parts.json or its own SBOM.
    """

    name: str
    version: str
    licence: str
    texts: list[Path]
    libraries: list[str] = field(default_factory=list)
    distribution: Distribution | None = None
    parts: Mapping[str, str] = field(default_factory=dict)


def find(collected: Path) -> list[Owner]:
    """The owners of all that PyInstaller collected, by name.

    Args:
        collected: A JSON list of pairs: place in the folder or name of a module, and source.

    Raises:
        BrokenPackageError: A Python package comes without a licence.
        CannotBuildError: A library of the system belongs to nothing known.
    """
    by_file = {
        os.path.realpath(str(file.locate())): distribution
        for distribution in importlib.metadata.distributions()
        for file in distribution.files or ()
    }
    owners: dict[str, Owner] = {}
    _of_distribution(importlib.metadata.distribution(BOOTLOADER), owners)
    _python(owners)
    for place, source in json.loads(collected.read_text("utf-8")):
        real = os.path.realpath(source)
        if not Path(real).is_file() or Path(real).is_relative_to(ROOT / "resources"):
            continue
        if distribution := by_file.get(real):
            owner = _of_distribution(distribution, owners)
        elif real.startswith(os.path.realpath(sys.base_prefix)):
            owner = _python(owners)
        elif Path(real).is_relative_to(ROOT):
            continue
        else:
            owner = _of_system(Path(source), owners)
        if is_library(source):  # of a module in the archive, the place is its name
            owner.libraries.append(place)
    return sorted(owners.values(), key=lambda owner: owner.name.lower())


def is_library(file: str) -> bool:
    """Whether a file is machine code that programs are linked with, or that they load."""
    name = Path(file).name
    return name.endswith((".so", ".dll", ".pyd", ".dylib")) or ".so." in name


def _of_distribution(distribution: Distribution, owners: dict[str, Owner]) -> Owner:
    name = distribution.metadata["Name"]
    if name not in owners:
        known = json.loads(PARTS_FILE.read_text("utf-8")).get(name, {})
        words = ("licen", "copying", "notice", "author")
        texts = [
            Path(str(file.locate()))
            for file in distribution.files or ()
            if ".dist-info/" in file.as_posix() and any(w in file.name.lower() for w in words)
        ]
        texts += [PARTS_FILE.parent / text for text in known.get("texts", ())]
        if not texts:
            raise BrokenPackageError(
                f"{name} comes without a licence; add it to packaging/licences/parts.json."
            )
        owners[name] = Owner(
            name,
            distribution.version,
            known.get("licence") or _licence_of(distribution),
            sorted(texts),
            distribution=distribution,
            parts=known.get("parts") or _listed_parts(distribution),
        )
    return owners[name]


def _listed_parts(distribution: Distribution) -> dict[str, str]:
    """What a wheel's own bills of materials (PEP 770) say that it contains, with licences.

    Left out are the wheel's own modules, and what it calls optional: that may not be there.
    """
    parts = {}
    for file in distribution.files or ():
        if ".dist-info/sboms/" not in file.as_posix():
            continue
        for part in json.loads(file.read_text("utf-8")).get("components", ()):
            own = f"pkg:pypi/{distribution.metadata['Name']}@".lower()
            licences = [
                each.get("expression") or each["license"].get("id") or each["license"]["name"]
                for each in part.get("licenses", ())
            ]
            needed = part.get("scope", "required") == "required"
            if licences and needed and not part.get("purl", "").lower().startswith(own):
                name = f"{part['name']} {part.get('version', '')}".strip()
                parts[name] = " AND ".join(licences)
    return parts


def _licence_of(distribution: Distribution) -> str:
    metadata = distribution.metadata.json
    if "license_expression" in metadata:
        return str(metadata["license_expression"])
    named = [
        text.rpartition(" :: ")[2]
        for text in metadata.get("classifier", ())
        if text.startswith("License :: OSI Approved ::")
    ]
    return " AND ".join(named) or str(metadata.get("license", "unknown")).splitlines()[0]


def _python(owners: dict[str, Owner]) -> Owner:
    if "Python" not in owners:
        stdlib = Path(sysconfig.get_path("stdlib"))
        candidates = (stdlib / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt")
        texts = [path for path in candidates if path.is_file()][:1]
        owners["Python"] = Owner("Python", sys.version.split()[0], "PSF-2.0", texts)
    return owners["Python"]


def _of_system(source: Path, owners: dict[str, Owner]) -> Owner:
    """The Debian package of a library of the builder's system."""
    package = debian_package(source)
    if package is None:
        raise CannotBuildError(f"no Debian package holds {source}, so that its licence is unknown.")
    if package not in owners:
        shown = ["dpkg-query", "--show", "--showformat=${Version}", package]
        version = subprocess.run(shown, capture_output=True, text=True).stdout
        text = Path("/usr/share/doc") / package / "copyright"
        owners[package] = Owner(package, version, "see its text", [text])
    return owners[package]


def debian_package(path: Path) -> str | None:
    """The Debian package that a file of this system belongs to."""
    for spelled in dict.fromkeys((path, path.resolve(), *_merged(path.resolve()))):
        try:
            found = subprocess.run(["dpkg", "-S", str(spelled)], capture_output=True, text=True)
        except FileNotFoundError:
            return None
        if found.returncode == 0:
            return found.stdout.partition(":")[0].partition(",")[0]
    return None


def _merged(path: Path) -> tuple[Path, ...]:
    """Where dpkg has it: /lib is a link to /usr/lib, but packages may still say /lib."""
    return (
        (Path("/", *path.parts[2:]),)
        if path.parts[1] == "usr"
        else (Path("/usr", *path.parts[1:]),)
    )
