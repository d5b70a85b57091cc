"""Sentences for the user, made where the user's language is not known."""

from typing import Self


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
