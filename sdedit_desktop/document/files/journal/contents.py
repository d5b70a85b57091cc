"""The contents of a journal, shared by its writer and its reader."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sdedit_desktop.document.files.journal.record_log import Record
from sdedit_desktop.document.tiles import Key
from sdedit_desktop.texts import Plain, Text, to_json

TILE, BLOB, STATE, BASE, THUMBNAIL = b"T", b"B", b"S", b"F", b"P"
"""Kinds of records: a packed tile, bytes, a change of state, the file it began from, a picture."""

UNCHANGED = b"="
"""Stands for a tile, or none, as the base file has it."""

Name: TypeAlias = bytes | None
"""A reference to a tile: the hash of its content, ``UNCHANGED``, or ``None`` for no tile."""
Names: TypeAlias = Mapping[str, Mapping[Key, Name]]
"""By raster and place."""
_ABOUT_ALL = ("size", "placement", "layers")


@dataclass(eq=False)
class Step:
    """One state in the history, and the tiles by which it differs from the one before.

    Attributes:
        state: Its number in the document's history.
        structure: What the document was besides its pixels.
        label: What the step is called, as in a record.
        active: What was active before and after it.
        back: The tiles before it, of those that it changed.
        forth: The tiles after it.
    """

    state: int
    structure: dict[str, Any]
    label: Plain | None = None
    active: Any = None
    back: dict[str, dict[Key, Name]] = field(default_factory=dict)
    forth: dict[str, dict[Key, Name]] = field(default_factory=dict)


class Contents:
    """All records that were applied, in order.

    A record of a new state adds a step; one of a known state goes there; one of the present state
    changes tiles that are not yet part of a step, as those of an unfinished stroke.

    Attributes:
        about: The last record of a state, without its tiles.
        tiles: The names of all tiles that differ from the base file's.
        steps: The history; nothing leads to the first one.
        here: The index of the present step.
        loose: Earlier names of tiles that have changed since, outside of a step.
        base: The file the document was opened from.
        thumbnail: A PNG of the document.
        places: Kind, offset and length of payloads by name.
    """

    def __init__(self) -> None:
        self.about: dict[str, Any] = {}
        self.tiles: dict[str, dict[Key, Name]] = {}
        self.steps: list[Step] = []
        self.here = 0
        self.loose: dict[str, dict[Key, Name]] = {}
        self.base: dict[str, Any] = {}
        self.thumbnail = b""
        self.places: dict[bytes, tuple[bytes, int, int]] = {}

    def apply(self, record: Record) -> None:
        """Applies a record; raises ``ValueError``, ``LookupError`` or ``zlib.error`` if invalid."""
        if record.kind in (TILE, BLOB):
            self.places[record.key] = record.kind, record.offset, len(record.payload)
        elif record.kind == STATE:
            about = json.loads(zlib.decompress(record.payload))
            self.enter(about, names_from(about.pop("tiles")))
        elif record.kind == BASE:
            self.base = json.loads(record.payload)
        elif record.kind == THUMBNAIL:
            self.thumbnail = record.payload

    def knows(self, state: int) -> bool:
        """Whether a state is another one of the history, whose tiles need not be written again."""
        return any(step.state == state for step in self.steps) and state != self.state

    @property
    def state(self) -> int | None:
        """The present one."""
        return self.steps[self.here].state if self.steps else None

    def enter(self, about: dict[str, Any], changed: Names) -> None:
        """Goes to a state.

        Args:
            about: ``state``, the ``first`` state that can be gone back to, for a new one the one
                ``after`` which it comes, its ``label`` and what was ``active``, and the rest.
            changed: Tiles that differ from the last record's.
        """
        self.about = about
        structure = {key: about[key] for key in _ABOUT_ALL}
        if not self.steps:
            _put(self.tiles, changed)
            self.steps = [Step(about["state"], structure)]
        elif self.knows(about["state"]):
            self._go_to(about["state"])
            self._change(changed)
        else:
            self._change(changed)
            if about["state"] != self.state:
                self._add_step(about, structure)
        self._forget_before(about["first"])

    def names(self) -> Iterator[bytes]:
        """All tiles that any state needs, some of them several times."""
        for part in self._parts():
            for names in part.values():
                yield from (name for name in names.values() if name and name != UNCHANGED)

    def replace(self, wanted: Mapping[str, Mapping[Key, bytes]]) -> None:
        """Names the tiles of the base file, which is needed no more."""
        for raster, names in wanted.items():
            self.tiles[raster] = {**names, **self.tiles.get(raster, {})}
        for part in self._parts():
            for raster, tiles in part.items():
                base = wanted.get(raster, {})
                for key, name in tiles.items():
                    if name == UNCHANGED:
                        tiles[key] = base.get(key)
        self.base = {}

    def history(self) -> Iterator[tuple[dict[str, Any], Names]]:
        """The shortest records of states that lead to the same contents."""
        start = {raster: dict(tiles) for raster, tiles in self.tiles.items()}
        for back in [self.loose, *(s.back for s in reversed(self.steps[1 : self.here + 1]))]:
            _put(start, back)
        first = self.steps[0].state
        for number, step in enumerate(self.steps):
            about = self.about | step.structure | {"state": step.state, "first": first}
            about |= {"label": step.label, "active": step.active}
            about["after"] = self.steps[number - 1].state if number else None
            yield about, step.forth if number else start
        if self.here < len(self.steps) - 1:
            yield self.about, {}
        now = {
            raster: {key: self.tiles[raster].get(key, UNCHANGED) for key in names}
            for raster, names in self.loose.items()
        }
        yield self.about, now

    def settle(self, label: Text) -> None:
        """Turns loose tiles, as of an unfinished stroke, into a step."""
        if any(self.loose.values()):
            state = 1 + max(step.state for step in self.steps)
            active = [self.about["active_layer"]] * 2
            about = {"state": state, "after": self.state, "label": to_json(label), "active": active}
            self.enter(self.about | about, {})

    def _parts(self) -> Iterator[dict[str, dict[Key, Name]]]:
        yield from (self.tiles, self.loose)
        for step in self.steps:
            yield from (step.back, step.forth)

    def _change(self, names: Names) -> None:
        """Puts tiles, and remembers what they were."""
        for raster, tiles in names.items():
            old, loose = self.tiles.get(raster, {}), self.loose.setdefault(raster, {})
            for key in tiles:
                loose.setdefault(key, old.get(key, UNCHANGED))
        _put(self.tiles, names)

    def _go_to(self, state: int) -> None:
        _put(self.tiles, self.loose)
        self.loose = {}
        goal = [step.state for step in self.steps].index(state)
        while self.here > goal:
            _put(self.tiles, self.steps[self.here].back)
            self.here -= 1
        while self.here < goal:
            self.here += 1
            _put(self.tiles, self.steps[self.here].forth)

    def _add_step(self, about: Mapping[str, Any], structure: dict[str, Any]) -> None:
        back, after = self.loose, about["after"]
        if after in [step.state for step in self.steps[: self.here]]:
            # It takes the place of steps that it was merged with.
            while self.state != after:
                _put(back, self.steps[self.here].back)
                self.here -= 1
        del self.steps[self.here + 1 :]
        forth = {
            raster: {key: self.tiles[raster].get(key, UNCHANGED) for key in names}
            for raster, names in back.items()
        }
        last = self.steps[self.here].structure
        step = Step(
            about["state"],
            last if structure == last else structure,
            about["label"],
            about["active"],
            back,
            forth,
        )
        self.steps.append(step)
        self.here, self.loose = self.here + 1, {}

    def _forget_before(self, first: int) -> None:
        states = [step.state for step in self.steps[: self.here + 1]]
        if first in states:
            count = states.index(first)
            del self.steps[:count]
            self.here -= count
            self.steps[0].back, self.steps[0].forth = {}, {}


def _put(into: dict[str, dict[Key, Name]], names: Names) -> None:
    for raster, tiles in names.items():
        into.setdefault(raster, {}).update(tiles)


def names_from(listed: Mapping[str, Mapping[str, str | None]]) -> dict[str, dict[Key, Name]]:
    """Reads the tiles of a record; raises ``ValueError``."""
    return {raster: dict(map(_read, tiles.items())) for raster, tiles in listed.items()}


def listed(names: Names) -> dict[str, dict[str, str | None]]:
    """The tiles of a record as JSON values."""
    return {
        raster: {f"{column},{row}": _written(name) for (column, row), name in tiles.items()}
        for raster, tiles in names.items()
    }


def _read(item: tuple[str, str | None]) -> tuple[Key, Name]:
    column, row = map(int, item[0].split(","))
    if item[1] is None or item[1] == UNCHANGED.decode():
        return (column, row), None if item[1] is None else UNCHANGED
    return (column, row), bytes.fromhex(item[1])


def _written(name: Name) -> str | None:
    if name is None:
        return None
    return UNCHANGED.decode() if name == UNCHANGED else name.hex()
