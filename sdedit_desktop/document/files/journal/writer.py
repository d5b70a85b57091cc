"""Writes snapshots as records: what has changed since the last one, each tile once."""

from __future__ import annotations

import hashlib
import json
import os
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sdedit_desktop.document.files.journal.contents import (
    BASE,
    BLOB,
    STATE,
    THUMBNAIL,
    TILE,
    Contents,
    Name,
    Names,
    listed,
)
from sdedit_desktop.document.files.journal.record_log import NO_KEY, RecordLog
from sdedit_desktop.document.files.journal.snapshot import Rasters, Snapshot, properties
from sdedit_desktop.document.tiles import Key, Pixels
from sdedit_desktop.files import stamp_of
from sdedit_desktop.texts import to_json

THUMBNAIL_SECONDS = 5.0
_SLACK_BYTES = 8 << 20
_COPY_BYTES = 8 << 20
_SAMPLE_BYTES = 4096


@dataclass(frozen=True, eq=False)
class Base:
    """The file that a document was when the journal began, and what was in it.

    Attributes:
        path: The file; ``None`` if there is none, and then everything is written.
        stamp: Its size and time of change when it was read or written.
        layers: Ids of the layers, in its order.
        rasters: Tiles that need not be written because the file has them.
        start: The document as it was then, which is the beginning of its history.
    """

    path: Path | None = None
    stamp: tuple[int, int] = (0, 0)
    layers: tuple[int, ...] = ()
    rasters: Rasters = field(default_factory=dict)
    start: Snapshot | None = None


class AbandonedError(Exception):
    """The snapshot being written is no longer needed."""


@dataclass(frozen=True, eq=False)
class Resumed:
    """A journal that was left behind and is continued.

    Attributes:
        stem: Its file, without the suffix.
        contents: What is in it.
        size_bytes: How much of the file is whole.
        rasters: The tiles of the document that was made from it.
        base: The file that it began from, if that is still to be copied.
        delete: Removes it when nothing is left to recover.
    """

    stem: Path
    contents: Contents
    size_bytes: int
    rasters: Rasters
    base: Base
    delete: Callable[[], None]


class Writer:
    """One journal file and what is in it; used by one thread at a time.

    Attributes:
        needs_copy: Whether some of the base file is still to be copied.
        is_abandoned: Set on any thread, it makes a ``write`` under way end in ``AbandonedError``.
    """

    def __init__(self, stem: Path, origin: Base | Resumed) -> None:
        """Makes the file, or goes on with one; raises ``OSError``."""
        self._resumed = resumed = origin if isinstance(origin, Resumed) else None
        base = origin.base if isinstance(origin, Resumed) else origin
        self.path = stem.with_suffix(".journal")
        self.copy_path = stem.with_suffix(".base")
        self._base = base
        self._contents = resumed.contents if resumed else Contents()
        self._log = RecordLog(self.path, resumed.size_bytes if resumed else 0)
        self._written = dict(resumed.rasters if resumed else base.rasters)
        self._attachments: dict[str, str] = self._contents.about.get("attachments", {})
        self._thumbnail_due = 0.0
        self._copied_to = 0
        self._digest = hashlib.sha256()
        self._check_at = _SLACK_BYTES
        self.needs_copy = base.path is not None
        self.is_abandoned = False
        try:
            if resumed is not None:
                self._append_state(self._contents.about, {})
            elif base.path is not None:
                self._append_base()
        except OSError:
            self._log.close()
            raise

    def write(self, snapshot: Snapshot) -> None:
        """Appends what is new; raises ``OSError`` without space."""
        start = self._base.start
        if start is not None and not self._contents.steps:
            self._append_state(self._about(start), self._changed_tiles(start.rasters))
            self._written = dict(start.rasters)
        about = self._about(snapshot)
        is_known = self._contents.knows(about["state"])
        changed = {} if is_known else self._changed_tiles(snapshot.rasters)
        self._append_state(about, changed)
        self._written = dict(snapshot.rasters)
        if snapshot.attachments is not None:  # pictures to be encoded: strokes do not wait for them
            self._attachments = {
                name: self._blob(data).hex() for name, data in snapshot.attachments().items()
            }
            self._append_state(about, {})
        if time.monotonic() >= self._thumbnail_due:
            self._log.append(THUMBNAIL, NO_KEY, snapshot.thumbnail())
            self._thumbnail_due = time.monotonic() + THUMBNAIL_SECONDS
        if self._log.size_bytes > self._check_at:
            limit = 2 * self._live_bytes() + _SLACK_BYTES
            if self._log.size_bytes > limit:
                self._compact(snapshot)
            self._check_at = limit

    def sync(self) -> None:
        """Forces what was written to the disk."""
        self._log.sync()

    def copy_some(self) -> None:
        """Copies a part of the base file beside the journal, which then no longer needs it.

        If the base has changed, everything is written with the next snapshot instead.
        """
        source = self._base.path
        assert source is not None
        try:
            if stamp_of(source) != self._base.stamp:
                raise OSError("it has changed")
            with source.open("rb") as file:
                file.seek(self._copied_to)
                data = file.read(_COPY_BYTES)
        except OSError:
            self._let_base_go()
            return
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
        flags |= 0 if self._copied_to else os.O_TRUNC
        with os.fdopen(os.open(self.copy_path, flags, 0o600), "wb") as copy:
            copy.seek(self._copied_to)
            copy.write(data)
        self._digest.update(data)
        self._copied_to += len(data)
        if not data:
            self.needs_copy = False
            self._append_base(self._digest.hexdigest())

    def close(self, *, remove: bool) -> None:
        """Closes the file, and removes it if nothing is left to recover."""
        self._log.close()
        if remove:
            self.path.unlink(missing_ok=True)
            self.copy_path.unlink(missing_ok=True)
        if remove and self._resumed is not None:
            self._resumed.delete()

    def _about(self, snapshot: Snapshot) -> dict[str, Any]:
        work, step = snapshot.work, snapshot.step
        return {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "title": work.title,
            "source": None if work.source is None else str(work.source),
            "steps": work.steps,
            "candidates": work.candidates,
            "is_saved": work.is_saved,
            "first": snapshot.states[0],
            "state": snapshot.states[1],
            "after": step and step.previous,
            "label": step and to_json(step.label),
            "active": step and step.active,
            "active_layer": snapshot.active,
            "size": [snapshot.rect.width, snapshot.rect.height],
            "depth": snapshot.depth,
            "icc": None if snapshot.icc is None else self._blob(snapshot.icc).hex(),
            "metadata": {name: self._blob(data).hex() for name, data in snapshot.metadata.items()},
            "placement": list(snapshot.placement),
            "layers": [
                properties(layer, has_mask=f"{layer.id}m" in snapshot.rasters)
                for layer in snapshot.layers
            ],
        }

    def _append_state(self, about: dict[str, Any], changed: Names) -> None:
        whole = about | {"attachments": self._attachments, "tiles": listed(changed)}
        data = zlib.compress(json.dumps(whole).encode(), 1)
        self._contents.apply(self._log.append(STATE, NO_KEY, data))

    def _changed_tiles(self, rasters: Rasters) -> dict[str, dict[Key, Name]]:
        """The names of new tiles by raster; ``None`` where there is none any more."""
        known: dict[int, bytes] = {}
        changed: dict[str, dict[Key, Name]] = {
            name: dict.fromkeys(tiles)
            for name, tiles in self._written.items()
            if name not in rasters
        }
        for name, tiles in rasters.items():
            old = self._written.get(name, {})
            if old is tiles:
                continue
            new: dict[Key, Name] = {key: None for key in old if key not in tiles}
            for key, tile in tiles.items():
                if old.get(key) is not tile:
                    if id(tile) not in known:
                        known[id(tile)] = self._tile(tile)
                    new[key] = known[id(tile)]
            if new:
                changed[name] = new
        return changed

    def _tile(self, tile: Pixels) -> bytes:
        if self.is_abandoned:
            raise AbandonedError
        head = bytes([tile.itemsize, tile.shape[2]])
        plain = tile.tobytes()
        key = _hash(head + plain)
        if key not in self._contents.places:
            self._put(TILE, key, head + zlib.compress(plain, _level_for(plain)))
        return key

    def _blob(self, data: bytes) -> bytes:
        key = _hash(data)
        if key not in self._contents.places:
            self._put(BLOB, key, data)
        return key

    def _put(self, kind: bytes, key: bytes, payload: bytes) -> None:
        self._contents.apply(self._log.append(kind, key, payload))

    def _append_base(self, sha256: str = "") -> None:
        base = self._base
        about = {
            "path": str(base.path),
            "stamp": base.stamp,
            "layers": base.layers,
            "sha256": sha256,
        }
        self._put(BASE, NO_KEY, json.dumps(about).encode())

    def _let_base_go(self) -> None:
        """Writes all tiles of a base file that has changed."""
        self._contents.replace(
            {
                raster: {key: self._tile(tile) for key, tile in tiles.items()}
                for raster, tiles in self._base.rasters.items()
            }
        )
        self._compact()
        self._base, self.needs_copy = Base(), False
        self.copy_path.unlink(missing_ok=True)

    def _live_names(self) -> set[bytes]:
        about = self._contents.about
        blobs = [*self._attachments.values(), *about["metadata"].values()]
        blobs += [about["icc"]] if about["icc"] else []
        return {*self._contents.names(), *map(bytes.fromhex, blobs)}

    def _live_bytes(self) -> int:
        return sum(self._contents.places[name][2] for name in self._live_names())

    def _compact(self, snapshot: Snapshot | None = None) -> None:
        """Replaces the file by a new one with the records that are still needed."""
        old_log, old, names = self._log, self._contents, self._live_names()
        path = self.path.with_suffix(".new")
        self._log, self._contents = RecordLog(path), Contents()
        try:
            if old.base:
                self._put(BASE, NO_KEY, json.dumps(old.base).encode())
            for name in names:
                kind, offset, length = old.places[name]
                self._put(kind, name, old_log.payload(offset, length))
            for about, changed in old.history():
                self._append_state(about, changed)
            if snapshot is not None:
                self._log.append(THUMBNAIL, NO_KEY, snapshot.thumbnail())
            self._log.sync()
            path.replace(self.path)
        except OSError:
            self._log.close()
            path.unlink(missing_ok=True)
            self._log, self._contents = old_log, old
            raise
        old_log.close()


def _level_for(plain: bytes) -> int:
    """Compression level of a tile: 16-bit photographs compress slowly and hardly at all."""
    part = plain[len(plain) // 2 :][:_SAMPLE_BYTES]
    return 1 if len(zlib.compress(part, 1)) < 0.8 * len(part) else 0


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=len(NO_KEY)).digest()
