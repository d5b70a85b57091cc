"""Names that the program gives to layers: English in files, translated when shown."""

import re
from collections.abc import Iterable
from itertools import count

from sdedit_desktop.texts import Text

BACKGROUND, PHOTO, STROKES = Text("Background"), Text("Photo"), Text("Strokes")
PASTED, DROPPED = Text("Pasted"), Text("Dropped")
_OWN = (BACKGROUND, PHOTO, STROKES, PASTED, DROPPED)


def of_candidate(seed: int) -> Text:
    """What the layer of an accepted candidate is called."""
    return Text("Candidate {0}", seed)


def next_strokes(taken: Iterable[str]) -> Text:
    """What another layer to paint on is called, so that no two have the same name."""
    known = {str(name) for name in taken}
    others = (Text("Strokes {0}", number) for number in count(2))
    return STROKES if STROKES not in known else next(n for n in others if n not in known)


def recognised(name: str) -> str:
    """A name from a file: one that the program gave is a text again, others are the user's."""
    if seed := re.fullmatch(r"Candidate (\d{1,20})", name):
        return of_candidate(int(seed[1]))
    if number := re.fullmatch(r"Strokes (\d{1,6})", name):
        return Text("Strokes {0}", int(number[1]))
    return next((own for own in _OWN if own == name), name)
