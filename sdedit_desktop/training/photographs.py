"""Photographs from a folder, and the many small scenes that can be cut out of each."""

import csv
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from sdedit_desktop.errors import FileFormatError, ParameterError

Pixels = NDArray[np.uint8]
"""(H, W, 3), sRGB."""

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"})
KEPT_SIDE = 768
"""Photographs are kept in memory with a short side of at most this many pixels."""
HELD_OUT_EVERY = 20
"""One photograph in this many is never trained on, unless a list says which ones are not."""


@dataclass(frozen=True)
class Split:
    """Photographs to train on, and photographs kept apart to judge the model by."""

    train: tuple[Path, ...]
    held_out: tuple[Path, ...]


def find_photographs(folder: Path, listing: Path | None = None) -> Split:
    """Finds the photographs in a folder and the folders below it.

    Args:
        folder: Where to look.
        listing: A CSV file with a column ``file`` (paths inside the folder) and, if wanted, a
            column ``split``: rows that say "train" are trained on, all others are held out. Where
            none are, and without a list, one photograph in ``HELD_OUT_EVERY`` is.

    Raises:
        FileFormatError: The folder has no photographs, or the list is not what it should be.
    """
    if not folder.is_dir():
        raise FileFormatError(f"There is no folder {folder}.")
    if listing is not None:
        return _read_listing(folder, listing)
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    if not found:
        raise FileFormatError(f"There are no photographs in {folder}.")
    return _apart(found)


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
            f"{listing} is not a readable CSV list with a column 'file'."
        ) from error
    train = tuple(path for path, split in rows if split == "train")
    held_out = tuple(path for path, split in rows if split != "train")
    missing = [path for path in train + held_out if not path.is_file()]
    if missing:
        raise FileFormatError(f"{listing} names {missing[0]}, which does not exist.")
    if not train:
        raise FileFormatError(f"{listing} names no photograph to train on.")
    return Split(train, held_out) if held_out else _apart(train)


def shares_of_folders(
    paths: Sequence[Path], folder: Path, shares: Mapping[str, float]
) -> NDArray[np.float64]:
    """How often each photograph is to be drawn, so that subfolders get their shares of crops.

    Args:
        paths: Photographs inside ``folder``.
        folder: The folder whose direct subfolders ``shares`` names.
        shares: Subfolder to share of all crops; empty if all photographs count alike.

    Returns:
        (len(paths),), summing to 1. Photographs in a folder without a share are never drawn.
    """
    if not shares:
        return np.full(len(paths), 1 / len(paths))
    homes = [path.relative_to(folder).parts[0] for path in paths]
    unknown = sorted(set(shares) - set(homes))
    if unknown:
        raise ParameterError(f"There is no folder with photographs named {unknown[0]} in {folder}.")
    weights = np.array([shares.get(home, 0.0) / homes.count(home) for home in homes])
    chances: NDArray[np.float64] = weights / weights.sum()
    return chances


class Photographs:
    """Decoded photographs, as many as fit into a bounded memory; the rest is read again."""

    def __init__(
        self,
        paths: Sequence[Path],
        shares: NDArray[np.float64] | None = None,
        memory_bytes: int = 2 << 30,
    ) -> None:
        self.paths = tuple(paths)
        self._shares = shares
        self._memory_bytes = memory_bytes
        self.decoded: OrderedDict[int, Image.Image] = OrderedDict()
        self._used_bytes = 0

    def crops(self, count: int, size: int, rng: np.random.Generator) -> Pixels:
        """Cuts out random scenes, from close up to the whole photograph.

        Args:
            count: How many.
            size: Their height and width, in pixels.
            rng: Decides everything: the same state gives the same crops.

        Returns:
            (count, size, size, 3).
        """
        chosen = rng.choice(len(self.paths), size=count, p=self._shares)
        return np.stack([random_crop(self.photograph(int(index)), size, rng) for index in chosen])

    def photograph(self, index: int) -> Image.Image:
        """The photograph at ``index`` of ``paths``, reduced to ``KEPT_SIDE``."""
        if index in self.decoded:
            self.decoded.move_to_end(index)
            return self.decoded[index]
        picture = read_photograph(self.paths[index])
        self.decoded[index] = picture
        self._used_bytes += _size_bytes(picture)
        while self._used_bytes > self._memory_bytes and len(self.decoded) > 1:
            self._used_bytes -= _size_bytes(self.decoded.popitem(last=False)[1])
        return picture


def read_photograph(path: Path, short_side: int = KEPT_SIDE) -> Image.Image:
    """Reads a photograph as RGB, reduced if its short side is longer than asked for.

    Raises:
        FileFormatError: The file is no picture, or damaged.
    """
    try:
        with Image.open(path) as file:
            file.draft("RGB", (short_side, short_side))
            picture = file.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise FileFormatError(f"{path} is not a picture that can be read.") from error
    scale = short_side / min(picture.size)
    if scale < 1:
        width, height = picture.size
        picture = picture.resize(
            (round(width * scale), round(height * scale)), Image.Resampling.BOX
        )
    return picture


def random_crop(picture: Image.Image, size: int, rng: np.random.Generator) -> Pixels:
    """A scene to train on: see ``random_scene``.

    Returns:
        (size, size, 3); flipped in half of all cases, colours slightly changed.
    """
    pixels = random_scene(picture, size, rng)
    if rng.random() < 0.5:
        pixels = pixels[:, ::-1]
    return jitter(pixels, rng)


def random_scene(picture: Image.Image, size: int, rng: np.random.Generator) -> Pixels:
    """One square scene, anything from 1:1 to the whole short side.

    Its extent is spread over orders of magnitude, with wide views twice as likely in the middle:
    close-ups are often nothing but blur or plain sky.

    Returns:
        (size, size, 3).
    """
    longest = min(picture.size)
    side = float(longest)
    if longest > size:
        side = float(size * (longest / size) ** rng.random() ** 0.5)
    left = rng.random() * (picture.width - side)
    top = rng.random() * (picture.height - side)
    scene = picture.resize(
        (size, size),
        Image.Resampling.LANCZOS,
        box=(left, top, left + side, top + side),
        reducing_gap=2.0,
    )
    return np.asarray(scene)


def jitter(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    """Changes exposure, contrast and white balance as little as two cameras would differ."""
    exposure, contrast = rng.normal(1, 0.05, 2)
    balance = rng.normal(1, 0.015, 3)
    values = (pixels.astype(np.float32) - 127.5) * contrast + 127.5
    changed: Pixels = (values * (exposure * balance)).round().clip(0, 255).astype(np.uint8)
    return changed


def _size_bytes(picture: Image.Image) -> int:
    return 4 * picture.width * picture.height  # Pillow keeps RGB in four bytes
