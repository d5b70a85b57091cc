"""Reads photographs from a folder and cuts random crops out of them."""

import csv
import io
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F  # noqa: N812 - torch's own idiom

from sdedit_desktop.bounded_cache import BoundedCache
from sdedit_desktop.document.files import codec
from sdedit_desktop.document.files.photo import EXTENSIONS
from sdedit_desktop.document.files.vips import libvips
from sdedit_desktop.errors import FileFormatError, ParameterError
from sdedit_desktop.files import open_regular

if TYPE_CHECKING:
    import pyvips

logger = logging.getLogger(__name__)

Pixels = NDArray[np.uint8]
"""(H, W, 3), sRGB."""

KEPT_SIDE = 768
"""Photographs are kept in memory with a short side of at most this many pixels."""
_ANY_SIDE = 10_000_000
HELD_OUT_EVERY = 20
"""One photograph in this many is never trained on, unless a list says which ones are not."""


@dataclass(frozen=True)
class Split:
    """Photographs to train on, and photographs kept apart to judge the model by."""

    train: tuple[Path, ...]
    held_out: tuple[Path, ...]


def find_photographs(
    folder: Path, listing: Path | None = None, *, without: Path | None = None
) -> Split:
    """Finds the photographs in a folder and its subfolders; hidden files are ignored.

    Args:
        folder: Where to look.
        listing: A CSV file with a column ``file`` (paths inside the folder) and, if wanted, a
            column ``split``: rows with "train" are trained on, all others are held out. If there
            are no others, or no list, one photograph in ``HELD_OUT_EVERY`` is held out.
        without: A folder to leave out, such as that of the training's own pictures.

    Raises:
        FileFormatError: The folder has no photographs, or the list is not what it should be.
    """
    if not folder.is_dir():
        raise FileFormatError("There is no folder {0}.", folder)
    if listing is not None:
        return _read_listing(folder, listing)
    found = sorted(path for path in folder.rglob("*") if _is_photograph(path, folder, without))
    if not found:
        raise FileFormatError("There are no photographs in {0}.", folder)
    return _apart(found)


def _is_photograph(path: Path, folder: Path, without: Path | None) -> bool:
    return (
        path.suffix.lower() in EXTENSIONS
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and not (without is not None and path.is_relative_to(without))
    )


def _apart(paths: Sequence[Path]) -> Split:
    held_out = tuple(paths[HELD_OUT_EVERY - 1 :: HELD_OUT_EVERY]) or tuple(paths[-1:])
    train = tuple(path for path in paths if path not in set(held_out)) or held_out
    return Split(train, held_out)


def _read_listing(folder: Path, listing: Path) -> Split:
    try:
        with listing.open(encoding="utf-8", newline="") as file:
            rows = [
                (folder / row["file"], row.get("split", "train")) for row in csv.DictReader(file)
            ]
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise FileFormatError(
            "{0} is not a readable CSV list with a column 'file'.", listing
        ) from error
    train = tuple(path for path, split in rows if split == "train")
    held_out = tuple(path for path, split in rows if split != "train")
    missing = [path for path in train + held_out if not path.is_file()]
    if missing:
        raise FileFormatError("{0} names {1}, which does not exist.", listing, missing[0])
    if not train:
        raise FileFormatError("{0} names no photograph to train on.", listing)
    return Split(train, held_out) if held_out else _apart(train)


def shares_of_folders(
    paths: Sequence[Path], folder: Path, shares: Mapping[str, float]
) -> NDArray[np.float64]:
    """Probabilities of photographs that give subfolders their shares of crops.

    Args:
        paths: Photographs inside ``folder``.
        folder: The folder whose direct subfolders ``shares`` names.
        shares: Subfolder to share of all crops; empty if all photographs are drawn alike.

    Returns:
        (len(paths),), summing to 1. Photographs in a folder without a share are never drawn.
    """
    if not shares:
        return np.full(len(paths), 1 / len(paths))
    homes = [path.relative_to(folder).parts[0] for path in paths]
    unknown = sorted(set(shares) - set(homes))
    if unknown:
        raise ParameterError(
            "There is no folder with photographs named {0} in {1}.", unknown[0], folder
        )
    weights = np.array([shares.get(home, 0.0) / homes.count(home) for home in homes])
    chances: NDArray[np.float64] = weights / weights.sum()
    return chances


class Photographs:
    """Photographs, decoded when needed and kept within a memory budget.

    Attributes:
        paths: Their files.
        decoded: Pixels of those in memory, by index in ``paths``.
        unreadable: Indices in ``paths`` of files that could not be read.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        shares: NDArray[np.float64] | None = None,
        memory_bytes: int = 2 << 30,
    ) -> None:
        self.paths = tuple(paths)
        self._shares = np.full(len(paths), 1 / len(paths)) if shares is None else shares
        self.decoded = BoundedCache[int, Pixels](memory_bytes, lambda pixels: pixels.nbytes)
        self.unreadable: set[int] = set()

    def crops(self, count: int, size: int, rng: np.random.Generator) -> Pixels:
        """Cuts out random crops, from 1:1 to the whole short side.

        Where a file cannot be read, another photograph is drawn.

        Args:
            count: How many.
            size: Their height and width, in pixels.
            rng: The same state gives the same crops.

        Returns:
            (count, size, size, 3).

        Raises:
            FileFormatError: None of the photographs can be read.
        """
        chosen = rng.choice(len(self.paths), size=count, p=self._shares)
        return np.stack([random_crop(self._drawn(int(index), rng), size, rng) for index in chosen])

    def pixels(self, index: int) -> Pixels:
        """The photograph at ``index`` of ``paths``, reduced to ``KEPT_SIDE``.

        Raises:
            FileFormatError: The file is no picture, or damaged.
        """
        if index not in self.decoded:
            self.decoded[index] = read_photograph(self.paths[index])
        return self.decoded[index]

    def readable(self, index: int) -> bool:
        """Whether the file at ``index`` of ``paths`` can be read; tried once."""
        if index not in self.unreadable:
            try:
                self.pixels(index)
            except FileFormatError as error:
                logger.warning("%s It is left out.", error)
                self.unreadable.add(index)
        return index not in self.unreadable

    def _drawn(self, index: int, rng: np.random.Generator) -> Pixels:
        """The photograph at ``index``, or another one.

        Which one depends on the stream and on the files only, not on what was read before: so a
        training that is resumed makes the same crops.
        """
        while not self.readable(index):
            if all(place in self.unreadable for place in np.flatnonzero(self._shares)):
                raise FileFormatError("None of the photographs can be read.")
            index = int(rng.choice(len(self.paths), p=self._shares))
        return self.pixels(index)


def read_photograph(path: Path, short_side: int = KEPT_SIDE) -> Pixels:
    """Reads a photograph as upright sRGB, reduced to a short side.

    Accepts any depth and colour space. Large photographs are reduced while they are read, which
    bounds the memory. Transparent pictures are composed over white.

    Returns:
        (H, W, 3).

    Raises:
        FileFormatError: The file is no picture, damaged or incomplete.
    """
    vips = libvips()
    try:
        with open_regular(path) as file:  # not by its name, which need not be UTF-8
            header = vips.Image.new_from_source(_source(file), "")
            if header.width * header.height > codec.MAX_PIXELS:
                raise FileFormatError("{0} is too large.", path)
            wide = header.width >= header.height
            if header.get_typeof("orientation") and header.get("orientation") > 4:
                wide = not wide
            picture = vips.Image.thumbnail_source(
                _source(file),
                _ANY_SIDE if wide else short_side,
                height=short_side if wide else _ANY_SIDE,
                size="down",
                option_string="[fail_on=truncated]",
            )
        if picture.get_typeof("icc-profile-data"):
            picture = picture.icc_transform("srgb", embedded=True)
        picture = picture.colourspace("srgb").cast("uchar")
        if picture.hasalpha():
            picture = picture.flatten(background=255)
        pixels: Pixels = picture.numpy()
        return pixels
    except (vips.Error, OSError) as error:
        raise FileFormatError("{0} is not a picture that can be read.", path) from error


def _source(file: io.FileIO) -> "pyvips.Source":
    """A source that reads the file from its beginning."""
    file.seek(0)
    return libvips().Source.new_from_descriptor(file.fileno())


def random_crop(picture: Pixels, size: int, rng: np.random.Generator) -> Pixels:
    """Makes a training crop: see ``random_scene``.

    Returns:
        (size, size, 3); flipped in half of all cases, colours slightly changed.
    """
    pixels = random_scene(picture, size, rng)
    if rng.random() < 0.5:
        pixels = pixels[:, ::-1]
    return jitter(pixels, rng)


def random_scene(picture: Pixels, size: int, rng: np.random.Generator) -> Pixels:
    """Cuts out a random square, from 1:1 to the whole short side.

    Its side is drawn in logarithms, with wide views preferred: close-ups often show nothing but
    blur or plain sky.

    Returns:
        (size, size, 3).
    """
    height, width = picture.shape[:2]
    longest = min(height, width)
    side = longest
    if longest > size:
        side = round(size * (longest / size) ** rng.random() ** 0.5)
    left = int(rng.random() * (width - side + 1))
    top = int(rng.random() * (height - side + 1))
    return resized(picture[top : top + side, left : left + side], size)


def resized(scene: Pixels, size: int) -> Pixels:
    """Resizes a square, bicubic and antialiased.

    Equal to the last bit to torchvision's result, which packages do without
    (``tests/training/test_photographs.py``).

    Args:
        scene: (side, side, 3).
        size: Height and width of the result, in pixels.

    Returns:
        (size, size, 3).
    """
    planes = torch.from_numpy(np.ascontiguousarray(scene)).permute(2, 0, 1)[None]
    made = F.interpolate(planes, (size, size), mode="bicubic", antialias=True)
    pixels: Pixels = np.ascontiguousarray(made[0].permute(1, 2, 0).numpy())
    return pixels


def jitter(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Varies exposure, contrast and white balance by about the difference of two cameras."""
    exposure, contrast = rng.normal(1, 0.05, 2)
    balance = rng.normal(1, 0.015, 3)
    values = (pixels.astype(np.float32) - 127.5) * contrast + 127.5
    changed: Pixels = (values * (exposure * balance)).round().clip(0, 255).astype(np.uint8)
    return changed
