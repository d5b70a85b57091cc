"""Compares documents that the window saved, by ImageMagick: what changed, and where."""

import json
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Changes:
    """How many pixels of the flattened picture changed, in any channel and however little.

    Attributes:
        stroke: By painting.
        stroke_outside: Of these, outside the mask.
        candidate: By accepting a candidate.
        candidate_outside: Of these, outside the mask.
        candidate_in_stroke: Of these, where was painted.
    """

    stroke: int
    stroke_outside: int
    candidate: int
    candidate_outside: int
    candidate_in_stroke: int


def changes(opened: Path, painted: Path, accepted: Path) -> Changes:
    """Compares three states of a document: as opened, with a stroke, and with a candidate."""
    outside = _outside_mask(accepted)
    stroke, candidate = _different(opened, painted), _different(painted, accepted)
    return Changes(
        _count(stroke),
        _count(_both(stroke, outside)),
        _count(candidate),
        _count(_both(candidate, outside)),
        _count(_both(candidate, stroke)),
    )


def layers(document: Path) -> int:
    """The number of layers of a document."""
    with zipfile.ZipFile(document) as archive:
        return archive.read("stack.xml").decode("utf-8").count("<layer ")


def _entry(document: Path, entry: str) -> Path:
    """A picture of a document, as a file beside it."""
    picture = document.with_suffix(f".{Path(entry).name}")
    with zipfile.ZipFile(document) as archive:
        picture.write_bytes(archive.read(entry))
    return picture


def _different(one: Path, other: Path) -> Path:
    """White where the flattened pictures of two documents differ."""
    pictures = [_entry(document, "mergedimage.png") for document in (one, other)]
    differing = other.with_suffix(".different.png")
    _run(["convert", *pictures, "-alpha", "off", "-compose", "difference", "-composite",
         "-separate", "-evaluate-sequence", "max", "-threshold", "0", differing])  # fmt: skip
    return differing


def _outside_mask(document: Path) -> Path:
    """White where the mask of a document is black: there, nothing may change."""
    size = _run(["identify", "-format", "%wx%h", _entry(document, "mergedimage.png")])
    with zipfile.ZipFile(document) as archive:
        left, top = json.loads(archive.read("sdedit/document.json"))["mask_at"]
    outside = document.with_suffix(".outside.png")
    _run(["convert", "-size", size, "xc:black", _entry(document, "sdedit/mask.png"), "-geometry",
         f"+{left}+{top}", "-composite", "-threshold", "0", "-negate", outside])  # fmt: skip
    return outside


def _both(one: Path, other: Path) -> Path:
    """Where both are white."""
    both = one.with_suffix(f".and.{other.name}")
    _run(["convert", one, other, "-compose", "multiply", "-composite", both])
    return both


def _count(picture: Path) -> int:
    """The number of white pixels of a black and white picture."""
    return round(float(_run(["convert", picture, "-format", "%[fx:mean*w*h]", "info:"])))


def _run(command: Sequence[str | Path]) -> str:
    return subprocess.run(
        [*map(str, command)], stdout=subprocess.PIPE, encoding="utf-8", check=True
    ).stdout
