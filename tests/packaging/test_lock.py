"""The locks pin what pyproject.toml asks for, by hash, and say nothing of where it comes from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK, PACKAGE_LOCK = (
    (ROOT / "packaging" / name).read_text("utf-8") for name in ("requirements.lock", "package.lock")
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUNTIME = [*map(Requirement, PROJECT["project"]["dependencies"])]
DEVELOPING = [
    *RUNTIME,
    *map(Requirement, PROJECT["dependency-groups"]["dev"]),
    *map(Requirement, PROJECT["build-system"]["requires"]),
]
PACKAGING = [*map(Requirement, PROJECT["dependency-groups"]["package"])]
PACKAGED = [asked for asked in RUNTIME if not asked.name.startswith("torch")] + PACKAGING


def entries(lock):
    """Each entry's name, version and whole text."""
    for entry in re.findall(r"^\w(?:.*\\\n)*.*", lock, re.MULTILINE):
        name, version = re.match(r"([\w.-]+)==(\S+)", entry).groups()
        yield canonicalize_name(name), version, entry


def versions(lock, wanted):
    return {version for name, version, _ in entries(lock) if name == canonicalize_name(wanted)}


def test_the_lock_pins_every_requirement_within_its_bounds():
    asked = [(LOCK, each) for each in DEVELOPING] + [(PACKAGE_LOCK, each) for each in PACKAGED]
    missing = [str(each) for lock, each in asked if not versions(lock, each.name)]
    assert not missing
    outside = [
        f"{each}: {version}"
        for lock, each in asked
        for version in versions(lock, each.name)
        if not each.specifier.contains(version)
    ]
    assert not outside


def test_the_next_incompatible_version_stays_out():
    bounded = [any(bound.operator == "<" for bound in each.specifier) for each in DEVELOPING]
    assert [str(each) for each, has in zip(DEVELOPING, bounded, strict=True) if not has] == []


def test_packages_use_the_versions_that_are_tested():
    shared = {name for name, *_ in entries(LOCK)} & {name for name, *_ in entries(PACKAGE_LOCK)}
    assert len(shared) > 20
    assert all(versions(LOCK, name) == versions(PACKAGE_LOCK, name) for name in shared)


def test_a_package_leaves_the_choice_of_torch_to_its_build():
    assert not {"torch", "torchvision", "triton"} & {name for name, *_ in entries(PACKAGE_LOCK)}


@pytest.mark.parametrize("lock", [LOCK, PACKAGE_LOCK], ids=["program", "package"])
def test_every_entry_is_one_version_with_hashes(lock):
    assert len(list(entries(lock))) > 40
    for _, _, entry in entries(lock):
        assert re.match(r"[\w.-]+==[\w.]+( ; [^\\]+)? \\\n    --hash=sha256:[0-9a-f]{64}", entry)


@pytest.mark.parametrize("lock", [LOCK, PACKAGE_LOCK], ids=["program", "package"])
def test_the_lock_names_no_address(lock):
    assert "://" not in lock
    assert not re.search(r"\b[\w-]+\.(org|com|co|net|io|dev)\b", lock)
