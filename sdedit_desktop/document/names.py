"""Names of layers: English in files, translated when shown."""

import re
from collections.abc import Iterable
from itertools import count

from sdedit_desktop.texts import Text

BACKGROUND, PHOTO, STROKES = Text("Background"), Text("Photo"), Text("Strokes")
PASTED, DROPPED = Text("Pasted"), Text("Dropped")
_OWN = (BACKGROUND, PHOTO, STROKES, PASTED, DROPPED)


def of_candidate(seed: int) -> Text:
    """The name of the layer of an accepted candidate."""
    return Text("Candidate {0}", seed)


def next_strokes(taken: Iterable[str]) -> Text:
    """The name of another paint layer, unique in the document."""
    known = {str(name) for name in taken}
    others = (Text("Strokes {0}", number) for number in count(2))
    return STROKES if STROKES not in known else next(n for n in others if n not in known)


def recognised(name: str) -> str:
    """A layer name from a file: the program's own names become translatable texts."""
    if seed := re.fullmatch(r"Candidate (\d{1,20})", name):
        return of_candidate(int(seed[1]))
    if number := re.fullmatch(r"Strokes (\d{1,6})", name):
        return Text("Strokes {0}", int(number[1]))
    return next((own for own in _OWN if own == name), name)
