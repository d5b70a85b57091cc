"""Prompts, weights of words, and classifier-free guidance."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from sdedit_desktop.diffusion.networks.conditional import added_vector
from sdedit_desktop.diffusion.tokens import Tokenizer

TextNetwork = Callable[[Tensor, Tensor, Tensor, Tensor | None], Tensor]
"""See ``networks.conditional.ConditionalUNet.forward``."""


class Lora(NamedTuple):
    """A LoRA and its strength; 1 is all of it."""

    path: Path
    strength: float


@dataclass(frozen=True)
class Prompt:
    """A prompt for a text-conditioned model.

    Attributes:
        wanted: The positive prompt.
        unwanted: The negative prompt.
        guidance: Scale of classifier-free guidance; 1 is none, and ignores ``unwanted``.
        loras: LoRAs to apply.
    """

    wanted: str = ""
    unwanted: str = ""
    guidance: float = 7.0
    loras: tuple[Lora, ...] = ()


class Piece(NamedTuple):
    """A part of a prompt with one weight."""

    text: str
    weight: float


_LORA = re.compile(r"<lora:([^:<>]+)(?::\s*(-?[0-9.]+)\s*)?>")


def without_loras(text: str) -> tuple[str, tuple[tuple[str, float], ...]]:
    """Takes the LoRAs out of a prompt, written as in A1111: ``<lora:name:0.8>``.

    Returns:
        The words that are left, and names and strengths; 1 where none is given.
    """
    found = tuple((name.strip(), _strength(wanted)) for name, wanted in _LORA.findall(text))
    return _LORA.sub("", text).strip(), found


def _strength(written: str) -> float:
    try:
        strength = float(written or 1)
    except ValueError:  # such as 1.2.3
        return 1.0
    return max(-_HEAVIEST, min(strength, _HEAVIEST))


_SIGNS = re.compile(r"\\[()\\]|[()]|:\s*([0-9.]+)\s*\)|[^\\():]+|.", re.DOTALL)
_LOUDER = 1.1
"""The factor of a pair of parentheses without a number."""
_HEAVIEST = 10.0


def pieces(text: str) -> list[Piece]:
    r"""Splits a prompt at its weights, written as A1111 and ComfyUI write them.

    ``(word:1.2)`` weighs 1.2, ``(word)`` 1.1 and ``((word))`` 1.21; ``\(`` and ``\)`` are plain
    parentheses. What is opened and never closed weighs to the end.
    """
    found: list[list[Piece]] = [[]]
    for sign in _SIGNS.finditer(text):
        if sign[0] == "(":
            found.append([])
        elif len(found) > 1 and (sign[0] == ")" or sign[1]):
            inner = found.pop()
            found[-1] += [Piece(t, w * _number(sign[1])) for t, w in inner]
        elif len(sign[0]) == 2 and sign[0].startswith("\\"):
            found[-1].append(Piece(sign[0][1], 1.0))
        else:
            found[-1].append(Piece(sign[0], 1.0))
    while len(found) > 1:
        inner = found.pop()
        found[-1] += [Piece(t, w * _LOUDER) for t, w in inner]
    return list(_joined(found[0]))


def _number(written: str | None) -> float:
    try:
        weight = _LOUDER if written is None else float(written)
    except ValueError:  # such as 1.2.3
        return 1.0
    return min(weight, _HEAVIEST) if math.isfinite(weight) else 1.0


def _joined(found: list[Piece]) -> Iterator[Piece]:
    """Neighbours of the same weight as one piece, so that no word is cut in two."""
    while found:
        weight = found[0].weight
        count = next((i for i, piece in enumerate(found) if piece.weight != weight), len(found))
        yield Piece("".join(piece.text for piece in found[:count]), weight)
        found = found[count:]


class TokenRow(NamedTuple):
    """A text as input of a text encoder.

    Attributes:
        ids: (length,) int64, with both marks and padding.
        weights: (length,) float32; 1 for marks and padding.
        cut: The truncated rest, as text.
    """

    ids: Tensor
    weights: Tensor
    cut: str


def token_row(tokenizer: Tokenizer, text: str, *, padding: int, length: int = 77) -> TokenRow:
    """Encodes a prompt with weights; tokens beyond ``length - 2`` are truncated."""
    ids: list[int] = []
    weights: list[float] = []
    for piece in pieces(text):
        found = tokenizer.encode(piece.text)
        ids += found
        weights += [piece.weight] * len(found)
    room = length - 2
    cut = tokenizer.decode(ids[room : room + _SHOWN]) if len(ids) > room else ""
    ids, weights = ids[:room], weights[:room]
    rest = room - len(ids)
    return TokenRow(
        torch.tensor([tokenizer.start, *ids, tokenizer.end, *[padding] * rest]),
        torch.tensor([1.0, *weights, 1.0, *[1.0] * rest]),
        cut,
    )


_SHOWN = 12
"""Largest number of truncated tokens that are shown."""


@dataclass(frozen=True, eq=False)
class Conditioning:
    """Inputs of a network besides its noisy latents.

    Attributes:
        context: (1 or 2, length, width): the positive embedding, or the negative one before it.
        pooled: (1 or 2, width), for networks that use it.
        guidance: See ``Prompt``.
        cut: The truncated rest of the prompt; empty if all fits.
        seen: (1, 5, H, W): mask and masked latents, for inpainting networks.
    """

    context: Tensor
    pooled: Tensor | None
    guidance: float
    cut: str = ""
    seen: Tensor | None = None


@dataclass(frozen=True, eq=False)
class GuidedNetwork:
    """A network with its conditioning: from noisy latents and labels to its prediction.

    Classifier-free guidance (Ho and Salimans 2021) extrapolates from the negative prediction
    through the positive one.

    Attributes:
        network: A text-conditioned network.
        conditioning: Its conditioning.
        factor: Pixels per latent along one side.
        size_waves: Waves for each number of SDXL's size conditioning; see ``added_vector``.
    """

    network: TextNetwork
    conditioning: Conditioning
    factor: int = 8
    size_waves: int = 256

    def __call__(self, x: Tensor, labels: Tensor) -> Tensor:
        """``x``: (N, 4, H, W); ``labels``: (N,)."""
        given, count = self.conditioning, len(x)
        rows, columns = x.shape[2] * self.factor, x.shape[3] * self.factor
        if given.seen is not None:
            x = torch.cat([x, given.seen.to(x).expand(count, -1, -1, -1)], dim=1)
        ways = len(given.context)
        added = None
        if given.pooled is not None:
            sizes = torch.tensor([[rows, columns, 0, 0, rows, columns]]).to(given.pooled)
            added = added_vector(given.pooled, sizes.expand(ways, -1), self.size_waves)
            added = added.repeat_interleave(count, 0)
        context = given.context.repeat_interleave(count, 0)
        found = self.network(x.repeat(ways, 1, 1, 1), labels.repeat(ways), context, added)
        if ways == 1:
            return found
        unwanted, wanted = found.chunk(2)
        return unwanted + given.guidance * (wanted - unwanted)
