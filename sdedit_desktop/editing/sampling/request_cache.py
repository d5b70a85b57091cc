"""Caches preparations for the regions of a job, shared by its candidates."""

from collections.abc import Callable
from typing import Generic, TypeVar

from sdedit_desktop.editing.request import EditRequest

MOST_KEPT = 4
"""Number of kept preparations: each may take a hundred megabytes."""

Value = TypeVar("Value")


class RequestCache(Generic[Value]):
    """One value for each of the last few regions; those of other jobs are dropped."""

    def __init__(self) -> None:
        self._kept: list[tuple[EditRequest, Value]] = []

    def of(self, request: EditRequest, make: Callable[[EditRequest], Value]) -> Value:
        """The value for a request, made if it is not there."""
        for known, value in self._kept:
            if known is request:
                return value
        siblings = [
            each
            for each in self._kept
            if each[0].whole is not None and each[0].whole is request.whole
        ]
        self._kept = siblings[1 - MOST_KEPT :] if len(siblings) >= MOST_KEPT else siblings
        value = make(request)
        self._kept.append((request, value))
        return value
