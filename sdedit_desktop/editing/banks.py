"""Models made of photographs: a folder with pictures, and ``exemplars.json``, which lists them.

Nothing is trained. Patches of the edited photograph are always used; a model with an empty list
uses that photograph alone.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sdedit_desktop import paths
from sdedit_desktop.document.files import colors
from sdedit_desktop.document.files.photo import EXTENSIONS, Photo, export, open_photo
from sdedit_desktop.errors import AppError, FileFormatError, ModelError
from sdedit_desktop.files import is_portable_name
from sdedit_desktop.texts import Text

INDEX = "exemplars.json"
VERSION = 1
MOST_PICTURES = 50
MOST_SIDE = 2048
"""Longest side of pictures in a bank; larger ones are reduced when it is made."""

USED_PICTURES = 3
"""Number of pictures used for one edit: those most similar to what was painted."""

_KEY = "sdedit-desktop-exemplars"
_GRID = (9, 12)
"""Rows and columns of the colour grid by which pictures are compared."""

_LAYOUT_SHARE = 0.3
"""Weight of the positions of colours against their presence."""

Colours = NDArray[np.float32]
"""(rows, columns, 3) in [0, 1]."""


@dataclass(frozen=True)
class Bank:
    """A model made of photographs.

    Attributes:
        path: Its folder.
        name: For people.
        pictures: Files; empty if only the edited photograph is used.
    """

    path: Path
    name: str
    pictures: tuple[Path, ...]


def is_bank(path: Path) -> bool:
    """Whether a folder has the file of a bank."""
    return (path / INDEX).is_file()


def load(path: Path) -> Bank:
    """Reads the list of pictures, and checks that they exist.

    Raises:
        ModelError: With a sentence that says what is wrong.
    """
    try:
        text: Any = json.loads((path / INDEX).read_text("utf-8"))
        version, name, names = text[_KEY], text["name"], text["pictures"]
        sound = isinstance(name, str) and isinstance(names, list)
        if not sound or not all(isinstance(each, str) for each in names):
            raise TypeError
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(
            "{0} cannot be used: its list of pictures {1} is damaged.", path.name, INDEX
        ) from error
    if version != VERSION:
        raise ModelError("{0} was made by a later version of this program.", path.name)
    if len(names) > MOST_PICTURES:
        raise ModelError(
            "{0} lists {1} pictures; at most {2} can be used.", path.name, len(names), MOST_PICTURES
        )
    for each in names:
        if Path(each).name != each:
            raise ModelError("{0} lists {1!r}, which is not in its own folder.", path.name, each)
        if not (path / each).is_file():
            raise ModelError("{0} is incomplete: the picture {1} is missing.", path.name, each)
    return Bank(path, name, tuple(path / each for each in names))


def card(bank: Bank) -> Mapping[str, object]:
    """The facts about a model made of photographs."""
    own = Text("Takes textures from this photo, outside the mask and the strokes.")
    others = Text(
        "Takes textures from the {0} most like what was painted, and from the photo itself.",
        USED_PICTURES,
    )
    return {
        "name": bank.name,
        "family": "photographs",
        "pictures": len(bank.pictures),
        "path": str(bank.path),
        "notes": [others if bank.pictures else own],
    }


def pictures_in(folder: Path) -> tuple[Path, ...]:
    """The pictures directly in a folder, sorted by name.

    Raises:
        FileFormatError: There are none.
    """
    try:
        found = sorted(p for p in folder.iterdir() if p.suffix.lower() in EXTENSIONS)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileFormatError("{0} cannot be read: {1}.", folder, reason) from error
    if not found:
        raise FileFormatError("There is no picture in {0}.", folder)
    return tuple(found)


def add(pictures: Sequence[Path], name: str) -> Path:
    """Makes a model of the user's own of some pictures; returns its folder.

    Raises:
        FileFormatError: There is one of that name already, a picture cannot be read, or nothing can
            be written.
    """
    target = paths.user_models() / name
    if name.startswith(".") or not is_portable_name(name):
        raise FileFormatError("{0!r} cannot be the name of a model.", name)
    if target.exists():
        raise FileFormatError("There is a model named {0} in {1} already.", name, target.parent)
    write(pictures, target, name)
    return target


def write(pictures: Sequence[Path], folder: Path, name: str) -> None:
    """Copies pictures into a folder that is not there yet, reduced, with their list.

    Raises:
        FileFormatError: There are none or too many, one cannot be read, or nothing can be written.
    """
    if not 1 <= len(pictures) <= MOST_PICTURES:
        raise FileFormatError(
            "A model can be made of 1 to {0} pictures, not of {1}.", MOST_PICTURES, len(pictures)
        )
    draft = folder.with_name(f".{folder.name}.part")
    try:
        draft.mkdir(parents=True)
        names = []
        for number, picture in enumerate(pictures, 1):
            names.append(f"{number:02}.jpg")
            pixels = _reduced(_eight_bits(open_photo(picture)))
            export(pixels, draft / names[-1], quality=95)
        listing = {_KEY: VERSION, "name": name, "pictures": names}
        (draft / INDEX).write_text(json.dumps(listing, indent=2) + "\n", "utf-8")
        draft.replace(folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileFormatError("{0} cannot be written: {1}.", folder, reason) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def pixels_of(picture: Path) -> NDArray[np.uint8]:
    """A picture of a bank, (height, width, 3), at most ``MOST_SIDE`` on its longer side.

    Raises:
        ModelError: It cannot be read.
    """
    try:
        return _reduced(_eight_bits(open_photo(picture)))
    except AppError as error:
        raise ModelError("{0} cannot be used: {1}", picture.parent.name, error.text) from error


def most_similar(
    bank: Bank, guide: NDArray[np.uint8], mask: NDArray[np.uint8], count: int = USED_PICTURES
) -> tuple[Path, ...]:
    """The pictures of a bank that are most similar to what was painted, the best first.

    A picture scores by how close its nearest colour is to each painted colour, and by whether it
    has them in the same places.

    Args:
        bank: Where to choose from.
        guide: The painted picture, (height, width, 3).
        mask: Where it may change, (height, width); other places are ignored.
        count: Largest number of pictures.
    """
    rows, columns = _GRID
    painted = _colours(guide)
    weights = np.asarray(Image.fromarray(mask).resize((columns, rows), Image.Resampling.BOX))
    weights = weights.astype(np.float32) + 1e-3
    weights /= weights.sum()

    def distance(picture: Path) -> float:
        here = _colours_of(picture, picture.stat().st_mtime_ns)
        apart = np.linalg.norm(painted[:, :, None, None] - here, axis=-1)
        palette = apart.min((2, 3))
        layout = np.linalg.norm(painted - here, axis=-1)
        found = weights * ((1 - _LAYOUT_SHARE) * palette + _LAYOUT_SHARE * layout)
        return float(found.sum())

    return tuple(sorted(bank.pictures, key=distance)[:count])


def missing_share(
    guide: NDArray[np.uint8], mask: NDArray[np.uint8], palette: NDArray[np.uint8]
) -> float:
    """The share of painted pixels whose colours a photograph does not have, in [0, 1].

    Args:
        guide: The painted picture, (height, width, 3).
        mask: Where it may change, (height, width).
        palette: Colours of the photograph, (count, 3).
    """
    if not len(palette):
        return 1.0
    rows, columns = 36, 48
    small = np.asarray(
        Image.fromarray(guide).resize((columns, rows), Image.Resampling.NEAREST), np.float32
    )
    inside = np.asarray(Image.fromarray(mask).resize((columns, rows), Image.Resampling.NEAREST)) > 0
    if not inside.any():
        return 0.0
    painted = small[inside]
    some = palette[:: max(1, len(palette) // PALETTE)].astype(np.float32)
    # Squared distances: whole numbers below 2 ** 24, so without rounding.
    apart = painted @ (-2 * some.T)
    apart += (some**2).sum(1)
    nearest = apart.min(1) + (painted**2).sum(1)
    return float((nearest > _FAR**2).mean())


PALETTE = 4000
"""A palette is reduced to about this many colours."""

_FAR = 25.0
"""Colours further apart than this, of 255 per channel, count as different."""


@lru_cache(512)
def _colours_of(picture: Path, _changed_ns: int) -> Colours:
    try:
        with Image.open(picture) as opened:
            opened.draft("RGB", (256, 256))
            return _colours(np.asarray(opened.convert("RGB")))
    except OSError as error:
        raise ModelError(
            "{0} cannot be used: {1}", picture.parent.name, Text("{0} is damaged.", picture.name)
        ) from error


def _colours(pixels: NDArray[np.uint8]) -> Colours:
    rows, columns = _GRID
    small = Image.fromarray(pixels).resize((columns, rows), Image.Resampling.BOX)
    colours: Colours = np.asarray(small, np.float32) / np.float32(255)
    return colours


def _eight_bits(photo: Photo) -> NDArray[np.uint8]:
    """The photo as 8-bit sRGB; transparent pixels are composited on white."""
    pixels: NDArray[Any] = colors.converted(photo.pixels, photo.icc, None)
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    if pixels.shape[2] == 4:
        alpha = pixels[..., 3:].astype(np.uint16)
        pixels = ((pixels[..., :3] * alpha + 255 * (255 - alpha)) // 255).astype(np.uint8)
    return np.ascontiguousarray(pixels)


def _reduced(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if max(pixels.shape[:2]) <= MOST_SIDE:
        return pixels
    image = Image.fromarray(pixels)
    image.thumbnail((MOST_SIDE, MOST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return np.asarray(image)
