"""A cache of bounded size that drops what was not used for longest."""

from collections.abc import Callable, Hashable, Iterator, MutableMapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedCache(MutableMapping[Key, Value]):
    """A mapping whose least recently used entries go once it is too large.

    Reading or setting an entry is a use. The latest entry stays even if it is too large alone.

    Attributes:
        size: Sum of the sizes of all entries.
    """

    def __init__(
        self,
        budget: float,
        size_of: Callable[[Value], float] = lambda _value: 1,
        dropped: Callable[[Key], object] = lambda _key: None,
    ) -> None:
        """Begins empty.

        Args:
            budget: Largest sum of sizes.
            size_of: Size of a value; it must not change while the value is in the cache.
            dropped: Called with the key of an entry that has just been dropped to make room.
        """
        self.size = 0.0
        self._budget, self._size_of, self._dropped = budget, size_of, dropped
        self._entries: dict[Key, Value] = {}  # the least recently used first

    def __getitem__(self, key: Key) -> Value:
        value = self._entries[key] = self._entries.pop(key)
        return value

    def __setitem__(self, key: Key, value: Value) -> None:
        self.pop(key, None)
        self._entries[key] = value
        self.size += self._size_of(value)
        while self.size > self._budget and len(self._entries) > 1:
            oldest = next(iter(self._entries))
            del self[oldest]
            self._dropped(oldest)

    def __delitem__(self, key: Key) -> None:
        self.size -= self._size_of(self._entries.pop(key))

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[Key]:
        return iter(list(self._entries))  # a look at the values is a use, which reorders

    def __len__(self) -> int:
        return len(self._entries)
