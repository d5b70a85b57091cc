"""Turns snapshots into records: what has changed since the last one, each tile once."""

from __future__ import annotations

import hashlib
import json
import os
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sdedit_desktop.document.files.journal.record_log import NO_KEY, RecordLog
from sdedit_desktop.document.files.journal.snapshot import Rasters, Snapshot, properties
from sdedit_desktop.document.tiles import Key, Pixels
from sdedit_desktop.files import stamp_of

TILE, BLOB, STATE, BASE, THUMBNAIL = b"T", b"B", b"S", b"F", b"P"
"""Kinds of records: a packed tile, bytes, a change of state, the file it began from, a picture."""

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
    """

    path: Path | None = None
    stamp: tuple[int, int] = (0, 0)
    layers: tuple[int, ...] = ()
    rasters: Rasters = field(default_factory=dict)


class AbandonedError(Exception):
    """What is being written is not wanted any more."""


class Writer:
    """One journal file and what is in it; used by one thread at a time.

    Attributes:
        needs_copy: Whether some of the base file is still to be copied.
        is_abandoned: Set on any thread, it makes a ``write`` under way end in ``AbandonedError``.
    """

    def __init__(self, stem: Path, base: Base) -> None:
        """Makes the file; raises ``OSError``."""
        self.path = stem.with_suffix(".journal")
        self.copy_path = stem.with_suffix(".base")
        self._base = base
        self._log = RecordLog(self.path)
        self._records: dict[bytes, tuple[bytes, int, int]] = {}
        self._written: dict[str, Mapping[Key, Pixels]] = dict(base.rasters)
        self._keys: dict[str, dict[Key, bytes | None]] = {}
        self._attachments: dict[str, bytes] = {}
        self._thumbnail_due = 0.0
        self._copied_to = 0
        self._digest = hashlib.sha256()
        self.needs_copy = base.path is not None
        self.is_abandoned = False
        if base.path is not None:
            self._append_base()

    def write(self, snapshot: Snapshot) -> None:
        """Appends what is new; raises ``OSError`` if there is no room."""
        state = self._state(snapshot)
        changed = self._changed_tiles(snapshot.rasters)
        self._append_state(state, changed)
        self._remember(snapshot.rasters, changed)
        if snapshot.attachments is not None:  # pictures to be encoded: strokes do not wait for them
            self._attachments = {
                name: self._blob(data) for name, data in snapshot.attachments().items()
            }
            self._append_state(state, {})
        if time.monotonic() >= self._thumbnail_due:
            self._log.append(THUMBNAIL, NO_KEY, snapshot.thumbnail())
            self._thumbnail_due = time.monotonic() + THUMBNAIL_SECONDS
        if self._log.size_bytes > 2 * self._live_bytes() + _SLACK_BYTES:
            self._compact(state, snapshot)

    def sync(self) -> None:
        """Forces what was written to the disk."""
        self._log.sync()

    def copy_some(self) -> None:
        """Copies a part of the base file beside the journal, which then needs it no more.

        A base that has changed is let go, and everything is written with the next snapshot.
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

    def _state(self, snapshot: Snapshot) -> dict[str, Any]:
        work = snapshot.work
        return {
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "title": work.title,
            "source": None if work.source is None else str(work.source),
            "steps": work.steps,
            "candidates": work.candidates,
            "is_saved": work.is_saved,
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

    def _append_state(
        self, state: dict[str, Any], changed: Mapping[str, Mapping[Key, bytes | None]]
    ) -> None:
        state["attachments"] = {name: key.hex() for name, key in self._attachments.items()}
        whole = json.dumps(state | {"tiles": _listed(changed)}).encode()
        self._log.append(STATE, NO_KEY, zlib.compress(whole, 1))

    def _changed_tiles(self, rasters: Rasters) -> dict[str, dict[Key, bytes | None]]:
        """The keys of new tiles by raster; ``None`` where there is none any more."""
        known: dict[int, bytes] = {}
        changed: dict[str, dict[Key, bytes | None]] = {}
        for name, tiles in rasters.items():
            old = self._written.get(name, {})
            if old is tiles:
                continue
            new: dict[Key, bytes | None] = {key: None for key in old if key not in tiles}
            for key, tile in tiles.items():
                if old.get(key) is not tile:
                    if id(tile) not in known:
                        known[id(tile)] = self._tile(tile)
                    new[key] = known[id(tile)]
            if new:
                changed[name] = new
        return changed

    def _remember(
        self, rasters: Rasters, changed: Mapping[str, Mapping[Key, bytes | None]]
    ) -> None:
        self._written.update(rasters)
        for name, tiles in changed.items():
            self._keys.setdefault(name, {}).update(tiles)

    def _tile(self, tile: Pixels) -> bytes:
        if self.is_abandoned:
            raise AbandonedError
        head = bytes([tile.itemsize, tile.shape[2]])
        plain = tile.tobytes()
        key = _hash(head + plain)
        if key not in self._records:
            self._put(TILE, key, head + zlib.compress(plain, _level_for(plain)))
        return key

    def _blob(self, data: bytes) -> bytes:
        key = _hash(data)
        if key not in self._records:
            self._put(BLOB, key, data)
        return key

    def _put(self, kind: bytes, key: bytes, payload: bytes) -> None:
        record = self._log.append(kind, key, payload)
        self._records[key] = kind, record.offset, len(payload)

    def _append_base(self, sha256: str = "") -> None:
        base = self._base
        about = {
            "path": str(base.path),
            "stamp": base.stamp,
            "layers": base.layers,
            "sha256": sha256,
        }
        self._log.append(BASE, NO_KEY, json.dumps(about).encode())

    def _let_base_go(self) -> None:
        self.needs_copy = False
        self._base = Base()
        self._written = {}
        self.copy_path.unlink(missing_ok=True)

    def _live_keys(self) -> set[bytes]:
        tiles = {key for keys in self._keys.values() for key in keys.values() if key}
        return tiles | set(self._attachments.values())

    def _live_bytes(self) -> int:
        return sum(self._records[key][2] for key in self._live_keys())

    def _compact(self, state: dict[str, Any], snapshot: Snapshot) -> None:
        """Writes what is still needed into a new file, which takes the place of the old."""
        names = snapshot.rasters.keys()
        self._keys = {name: keys for name, keys in self._keys.items() if name in names}
        self._written = dict(snapshot.rasters)
        blobs = {bytes.fromhex(key) for key in state["metadata"].values()}
        blobs |= {bytes.fromhex(state["icc"])} if state["icc"] else set()
        old, old_records = self._log, self._records
        path = self.path.with_suffix(".new")
        self._log, self._records = RecordLog(path), {}
        try:
            if self._base.path is not None:
                done = "" if self.needs_copy else self._digest.hexdigest()
                self._append_base(done)
            for key in self._live_keys() | blobs:
                kind, offset, length = old_records[key]
                self._put(kind, key, old.payload(offset, length))
            self._append_state(state, self._keys)
            self._log.append(THUMBNAIL, NO_KEY, snapshot.thumbnail())
            self._log.sync()
            path.replace(self.path)
        except OSError:
            self._log.close()
            path.unlink(missing_ok=True)
            self._log, self._records = old, old_records
            raise
        old.close()


def _level_for(plain: bytes) -> int:
    """How hard to compress a tile: photographs of 16 bits hardly get smaller, and take long."""
    part = plain[len(plain) // 2 :][:_SAMPLE_BYTES]
    return 1 if len(zlib.compress(part, 1)) < 0.8 * len(part) else 0


def _listed(changed: Mapping[str, Mapping[Key, bytes | None]]) -> dict[str, dict[str, str | None]]:
    return {
        name: {
            f"{column},{row}": key.hex() if key else None for (column, row), key in tiles.items()
        }
        for name, tiles in changed.items()
    }


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=len(NO_KEY)).digest()
