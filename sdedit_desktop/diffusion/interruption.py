"""Interruption of what takes long: a function of the caller is polled in between."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeAlias

from torch import nn

Check: TypeAlias = Callable[[], None]
"""Raises an exception of the caller's choice to end the work."""


def never() -> None:
    """Ends nothing."""


@contextmanager
def between_layers(network: nn.Module, check: Check) -> Iterator[None]:
    """Polls ``check`` before each layer of a network, whose calls may take seconds."""
    with ExitStack() as hooks:
        for layer in network.modules():
            hooks.callback(layer.register_forward_pre_hook(lambda *_: check()).remove)
        yield
