"""A cache of pictures and features on disk, keyed by a digest of everything they depend on.

Files appear whole, but are not synced: damaged ones are made again.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sdedit_desktop.training.photographs import Pixels

Values = NDArray[np.float32]


def digest(*parts: object) -> str:
    """A cache key of arrays, texts, numbers and other values with a stable ``repr``."""
    hashed = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            hashed.update(f"{part.shape} {part.dtype} ".encode())
            hashed.update(np.ascontiguousarray(part).tobytes())
        else:
            hashed.update(f"{part!r} ".encode())
    return hashed.hexdigest()[:32]


class Store:
    """A folder of pictures and arrays. Several threads may use it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def find_picture(self, key: str) -> Pixels | None:
        """The cached picture, (H, W, 3), or None."""
        try:
            with Image.open(self._folder / f"{key}.png") as picture:
                return np.asarray(picture.convert("RGB"))
        except (OSError, SyntaxError):
            return None

    def picture(self, key: str, make: Callable[[], Pixels]) -> Pixels:
        """The cached picture; made and cached if it is missing."""
        found = self.find_picture(key)
        if found is not None:
            return found
        pixels = make()
        with self._new(f"{key}.png") as file:
            Image.fromarray(pixels).save(file, "PNG", compress_level=1)
        return pixels

    def find_values(self, key: str) -> Values | None:
        """The cached array, or None."""
        try:
            values: Values = np.load(self._folder / f"{key}.npy", allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None
        return values

    def values(self, key: str, make: Callable[[], Values]) -> Values:
        """The cached array; made and cached if it is missing."""
        found = self.find_values(key)
        if found is not None:
            return found
        values = make()
        with self._new(f"{key}.npy") as file:
            np.save(file, values, allow_pickle=False)
        return values

    @contextmanager
    def _new(self, name: str) -> Iterator[IO[bytes]]:
        """A file that is renamed to ``name`` when it is complete."""
        path = self._folder / f".{name}.{threading.get_ident()}"
        try:
            with path.open("wb") as file:
                yield file
            path.replace(self._folder / name)
        finally:
            path.unlink(missing_ok=True)
