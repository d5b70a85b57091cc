"""The interface of an engine, as the window and the command line use it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from sdedit_desktop.editing.request import (
    CancelToken,
    EditParams,
    EditRequest,
    Message,
    ModelFacts,
)


class Engine(Protocol):
    """Runs requests, one at a time, on whatever thread calls it."""

    def run(self, request: EditRequest, cancel: CancelToken) -> Iterator[Message]:
        """Yields progress and candidates; raises ``Cancelled``, ``AppError`` or a bug."""
        ...

    def inspect(self, model: str) -> ModelFacts:
        """Looks at a model without running it; one that cannot be used has a ``trouble``."""
        ...

    def prepare(self, params: EditParams, given_up: Callable[[], bool]) -> None:
        """Opens the model of a job that may come; ends soon after ``given_up`` returns true.

        Raises ``Cancelled`` or ``AppError``; the job will say what is wrong.
        """
        ...

    def description(self) -> Mapping[str, str]:
        """Device, versions and the model last used, for records and reports."""
        ...
