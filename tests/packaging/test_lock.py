"""The lock pins what pyproject.toml asks for, by hash, and says nothing of where it comes from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "packaging" / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ASKED = [
    *map(Requirement, PROJECT["project"]["dependencies"]),
    *map(Requirement, PROJECT["dependency-groups"]["dev"]),
    *map(Requirement, PROJECT["build-system"]["requires"]),
]
ENTRIES = re.findall(r"^\w(?:.*\\\n)*.*", LOCK, re.MULTILINE)


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_what_is_asked_for_is_pinned_within_its_bounds(asked):
    pinned = [
        match[2]
        for entry in ENTRIES
        if (match := re.match(r"([\w.-]+)==(\S+)", entry))
        and canonicalize_name(match[1]) == canonicalize_name(asked.name)
    ]
    assert pinned
    assert all(asked.specifier.contains(version) for version in pinned)


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_the_next_incompatible_version_stays_out(asked):
    assert any(bound.operator == "<" for bound in asked.specifier)


def test_every_entry_is_one_version_with_hashes():
    assert len(ENTRIES) > 50
    for entry in ENTRIES:
        assert re.match(r"[\w.-]+==[\w.]+( ; [^\\]+)? \\\n    --hash=sha256:[0-9a-f]{64}", entry)


def test_the_lock_names_no_address():
    assert "://" not in LOCK
    assert not re.search(r"\b[\w-]+\.(org|com|co|net|io|dev)\b", LOCK)
