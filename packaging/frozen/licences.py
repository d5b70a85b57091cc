"""Writes THIRD_PARTY_LICENSES: who owns what is in the folder, and all their texts, each once."""

from collections.abc import Iterable
from pathlib import Path

from frozen import owners
from frozen.owners import Owner

_HEAD = """\
SDEdit Desktop is under the Apache License 2.0. This package contains the work of others, listed
here with their licences. The texts follow, each once, as their publishers ship them.

The libraries of Qt and libvips, which are under the LGPL, are separate files in the folder
_internal, and may be replaced by other builds of the same version.
"""


def write(path: Path, collected: Path) -> None:
    """Writes the file for all that PyInstaller collected.

    Raises:
        BrokenPackageError: A library belongs to nobody.
    """
    found = owners.find(collected)
    path.write_text("".join(sections(found)), "utf-8", newline="\n")


def sections(found: Iterable[Owner]) -> Iterable[str]:
    """The parts of the file, from top to bottom."""
    found = list(found)
    yield _HEAD + "\n"
    for owner in found:
        yield f"{owner.name} {owner.version}: {owner.licence}\n"
        for part, licence in owner.parts.items():
            yield f"    contains {part}: {licence}\n"
        for library in sorted(owner.libraries):
            yield f"    {library}\n"
    first_in: dict[str, str] = {}
    for owner in found:
        for text in owner.texts:
            content = text.read_text("utf-8", "replace").strip()
            title = f"{owner.name}: {_name_of(text)}"
            yield f"\n{'=' * 98}\n{title}\n{'=' * 98}\n\n"
            if content in first_in:
                yield f"The text is the same as that of {first_in[content]}.\n"
            else:
                first_in[content] = title
                yield content + "\n"


def _name_of(text: Path) -> str:
    """The file's name, or its path inside a package's folder of licences."""
    parts = text.parts
    return "/".join(parts[parts.index("licenses") + 1 :]) if "licenses" in parts else text.name
