"""Names that the program gives to layers: English in files, translated when shown."""

import re

from sdedit_desktop.texts import Text

BACKGROUND, PHOTO, STROKES = Text("Background"), Text("Photo"), Text("Strokes")
PASTED, DROPPED = Text("Pasted"), Text("Dropped")
_OWN = (BACKGROUND, PHOTO, STROKES, PASTED, DROPPED)


def of_candidate(seed: int) -> Text:
    """What the layer of an accepted candidate is called."""
    return Text("Candidate {0}", seed)


def recognised(name: str) -> str:
    """A name from a file: one that the program gave is a text again, others are the user's."""
    if seed := re.fullmatch(r"Candidate (\d{1,20})", name):
        return of_candidate(int(seed[1]))
    return next((own for own in _OWN if own == name), name)
