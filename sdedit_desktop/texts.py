"""Sentences for the user, made where the user's language is not known."""

from typing import Self, TypeAlias

Plain: TypeAlias = "str | int | float | list[Plain]"
"""A text as JSON holds it."""


class Text(str):
    """A sentence in English that still knows its template, so that the window can translate it.

    Attributes:
        sentence: With {0} and so on where ``values`` go: it is the key of its translations, so
            it is never put together from parts.
        values: What the sentence speaks of: names, numbers, other texts.
    """

    sentence: str
    values: tuple[object, ...]

    def __new__(cls, sentence: str, *values: object) -> Self:
        """The template with its values in it."""
        text = super().__new__(cls, sentence.format(*values) if values else sentence)
        text.sentence, text.values = sentence, values
        return text


def to_json(text: object) -> Plain:
    """A text as plain JSON values that ``from_json`` reads; what it speaks of, as far as it can."""
    if not isinstance(text, Text):
        return str(text)
    values = (v if isinstance(v, int | float) else to_json(v) for v in text.values)
    return [text.sentence, *values]


def from_json(plain: Plain) -> Text:
    """Reads what ``to_json`` made; raises ``ValueError`` or ``LookupError`` if it is not that."""
    if not isinstance(plain, list):
        return Text(str(plain))
    values = (v if isinstance(v, int | float) else from_json(v) for v in plain[1:])
    return Text(str(plain[0]), *values)
