"""A cache of pictures and measurements on disk, keyed by a digest of everything they depend on."""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


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
    """A folder of arrays. Several threads may use it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def get(self, key: str, make: Callable[[], Array]) -> Array:
        """The cached array; made and cached if it is missing or damaged.

        Files appear whole, but are not synced.
        """
        path = self._folder / f"{key}.npy"
        try:
            found: Array = np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            found = make()
            new = path.with_suffix(f".{threading.get_ident()}")
            try:
                with new.open("wb") as file:
                    np.save(file, found, allow_pickle=False)
                new.replace(path)
            finally:
                new.unlink(missing_ok=True)
        return found
