"""Sorts candidates by age, by faithfulness, or by similarity."""

from enum import Enum

import numpy as np
from numpy.typing import NDArray

from sdedit_desktop.editing.candidates import measures
from sdedit_desktop.editing.candidates.image_store import small_pixels
from sdedit_desktop.editing.candidates.slot import Slot
from sdedit_desktop.editing.candidates.strip import Strip
from sdedit_desktop.events import Event


class Order(Enum):
    """Sort orders of candidates; the values are written to the settings."""

    AGE = "age"
    FAITHFULNESS = "faithfulness"
    CLOSENESS = "closeness"


class Ordering:
    """Sorts the slots of a strip; measurements are made once, in the background.

    ``changed`` is emitted when the order may have changed.
    """

    def __init__(self, strip: Strip) -> None:
        self.by = Order.AGE
        self.changed = Event[()]()
        self._strip = strip
        self._first = -1
        self._signatures: dict[int, NDArray[np.float32]] = {}
        self._chain: tuple[tuple[int, ...], int, list[int]] = (), 0, []
        self._asked: set[int] = set()
        strip.reset.connect(self._forget_the_gone)
        strip.changed.connect(lambda index: self._measure([strip.slots[index]]))

    def choose(self, by: Order, first: int = -1) -> None:
        """Sets the sort order.

        Args:
            by: What to sort by.
            first: Id of the slot that similarity starts from.
        """
        self.by, self._first = by, first
        self._measure(self._strip.slots)
        self.changed.emit()

    def indices(self) -> list[int]:
        """The indices of ``strip.slots`` as they are to be shown; what still forms comes last."""
        slots = self._strip.slots
        everything = range(len(slots))
        if self.by is Order.AGE:
            return list(everything)
        known = [index for index in everything if self._is_measured(slots[index])]
        rest = [index for index in everything if index not in set(known)]
        return (self._faithful if self.by is Order.FAITHFULNESS else self._close)(known) + rest

    def _faithful(self, indices: list[int]) -> list[int]:
        found = [(self._strip.slots[index].made, index) for index in indices]
        return [index for _, index in sorted((m.faithfulness or 0.0, p) for m, p in found if m)]

    def _close(self, indices: list[int]) -> list[int]:
        ids = tuple(self._strip.slots[index].id for index in indices)
        first = ids.index(self._first) if self._first in ids else 0
        if self._chain[:2] != (ids, first):
            order = measures.chain([self._signatures[slot_id] for slot_id in ids], first)
            self._chain = ids, first, order
        return [indices[at] for at in self._chain[2]]

    def _is_measured(self, slot: Slot) -> bool:
        if slot.made is None:
            return False
        if self.by is Order.FAITHFULNESS:
            return slot.made.faithfulness is not None
        return slot.id in self._signatures

    def _measure(self, slots: list[Slot]) -> None:
        """Measures missing values in the background; slots removed meanwhile are ignored."""
        if self.by is Order.AGE:
            return
        missing = [
            s for s in slots if s.made and s.made.stored.is_packed and s.id not in self._asked
        ]
        if not missing:
            return
        self._asked |= {slot.id for slot in missing}
        found: dict[int, NDArray[np.float32]] = {}

        def work() -> None:
            for slot in missing:
                if slot.made is not None:
                    slot.made.measure()
                    small = small_pixels(slot.made.stored.thumbnail)
                    if small is not None:
                        found[slot.id] = measures.signature(small)

        def then() -> None:
            self._signatures |= found
            self._forget_the_gone()

        self._strip.background(work, then)

    def _forget_the_gone(self) -> None:
        ids = {slot.id for slot in self._strip.slots}
        self._asked &= ids
        self._signatures = {i: s for i, s in self._signatures.items() if i in ids}
        self.changed.emit()
