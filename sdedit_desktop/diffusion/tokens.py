"""CLIP's byte pair encoding (Radford et al. 2021): from words to token ids."""

import gzip
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from sdedit_desktop import paths
from sdedit_desktop.errors import ModelError

START, END = "<|startoftext|>", "<|endoftext|>"
_FIXED = re.compile(r"<\|startoftext\|>|<\|endoftext\|>|'(?:s|t|re|ve|m|ll|d)", re.IGNORECASE)
_BUNDLED_MERGES = 49152 - 256 - 2
"""Number of merges: CLIP's 49,408 tokens without the bytes (twice) and two marks."""


class Tokenizer:
    """Splits a text into the tokens of a vocabulary.

    Attributes:
        ids: Every token's id. The order is that of all such vocabularies: bytes, bytes that end a
            word, merged pairs, the two marks.
    """

    def __init__(self, merges: Sequence[tuple[str, str]]) -> None:
        """Makes the vocabulary of these merges, the most frequent pair first."""
        self._letters = _letters_of_bytes()
        letters = list(self._letters.values())
        ends = [letter + _END_OF_WORD for letter in letters]
        vocabulary = [*letters, *ends, *("".join(pair) for pair in merges), START, END]
        self.ids = {token: index for index, token in enumerate(vocabulary)}
        self._tokens = vocabulary
        self._ranks = {pair: rank for rank, pair in enumerate(merges)}
        self._ids_of_word = cache(self._encode_word)

    @property
    def start(self) -> int:
        """Id of the mark before every text."""
        return self.ids[START]

    @property
    def end(self) -> int:
        """Id of the mark behind every text."""
        return self.ids[END]

    def encode(self, text: str) -> list[int]:
        """The ids of a text, without marks and padding; upper case counts as lower case."""
        text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip().lower()
        found: list[int] = []
        for word in _words(text):
            found += [self.ids[word]] if word in (START, END) else self._ids_of_word(word)
        return found

    def decode(self, ids: Sequence[int]) -> str:
        """The text that ids stand for, about as it was written."""
        bytes_of = {letter: byte for byte, letter in self._letters.items()}
        raw = bytearray()
        for token in (self._tokens[index] for index in ids):
            stem = token.removesuffix(_END_OF_WORD)
            raw += bytes(bytes_of[letter] for letter in stem)
            raw += b" " if stem != token else b""
        return raw.decode("utf-8", "replace").strip()

    def _encode_word(self, word: str) -> tuple[int, ...]:
        parts = [self._letters[byte] for byte in word.encode()]
        parts[-1] += _END_OF_WORD
        while len(parts) > 1:
            best = min(pairwise(parts), key=lambda pair: self._ranks.get(pair, len(self._ranks)))
            if best not in self._ranks:
                break
            parts = list(_merged(parts, best))
        return tuple(self.ids[part] for part in parts)


_END_OF_WORD = "</w>"


def bundled() -> Tokenizer:
    """CLIP's own vocabulary, that of all Stable Diffusion models, which comes with the program."""
    file = paths.resources() / "vocabulary" / "bpe_simple_vocab_16e6.txt.gz"
    return Tokenizer(_pairs(gzip.decompress(file.read_bytes()).decode(), _BUNDLED_MERGES))


def of_folder(folder: Path) -> Tokenizer:
    """A model folder's own vocabulary; the bundled one if it has none.

    Args:
        folder: ``tokenizer`` as transformers writes it: ``merges.txt`` or ``tokenizer.json``.

    Raises:
        ModelError: It is damaged.
    """
    merges, whole = folder / "merges.txt", folder / "tokenizer.json"
    try:
        if merges.is_file():
            return Tokenizer(_pairs(merges.read_text("utf-8")))
        if whole.is_file():
            described = json.loads(whole.read_text("utf-8"))["model"]["merges"]
            lines = (pair if isinstance(pair, str) else " ".join(pair) for pair in described)
            return Tokenizer(_pairs("\n" + "\n".join(lines)))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ModelError("The vocabulary in {0} is damaged.", folder.parent.name) from error
    return bundled()


@cache
def _letters_of_bytes() -> dict[int, str]:
    """A letter that can be printed for every byte: those that are some first, then the others."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {b: chr(256 + i) for i, b in enumerate(others)}


def _pairs(text: str, most: int | None = None) -> list[tuple[str, str]]:
    """One merge a line; the first line is a heading."""
    lines = [line for line in text.split("\n")[1:] if line.strip()][:most]
    pairs = []
    for line in lines:
        first, second = line.split()
        pairs.append((first, second))
    return pairs


def _words(text: str) -> Iterator[str]:
    """Runs of letters, single digits, runs of other signs, and the endings of short forms."""
    here = 0
    while here < len(text):
        if fixed := _FIXED.match(text, here):
            yield fixed[0]
            here = fixed.end()
            continue
        kind, end = _kind(text[here]), here + 1
        while kind in ("letter", "sign") and end < len(text) and _kind(text[end]) == kind:
            end += 1
        if kind != "space":
            yield text[here:end]
        here = end


def _kind(letter: str) -> str:
    if letter.isspace():
        return "space"
    return {"L": "letter", "N": "number"}.get(unicodedata.category(letter)[0], "sign")


def _merged(parts: Sequence[str], pair: tuple[str, str]) -> Iterator[str]:
    """The parts with every such pair made one."""
    here = 0
    while here < len(parts):
        if tuple(parts[here : here + 2]) == pair:
            yield "".join(pair)
            here += 2
        else:
            yield parts[here]
            here += 1
