"""What is told of an action: its id, text, shortcuts, icon and what it is good for."""

from typing import NamedTuple


class ActionSpec(NamedTuple):
    """One action, in English; texts are translated when it is made."""

    name: str
    text: str
    shortcuts: str = ""
    icon: str = ""
    tip: str = ""
    group: str = ""
    checkable: bool = False
    here_only: bool = False


def marked(text: str) -> str:
    """Marks a text for translation; imported as ``_``."""
    return text
