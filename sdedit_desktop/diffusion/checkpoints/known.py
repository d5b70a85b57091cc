"""Published checkpoints, recognised by the checksum of the file."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sdedit_desktop.diffusion.checkpoints.card import Card
from sdedit_desktop.errors import ModelError

PUBLISHED: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "82ed3067fd1002f5cf4c339fb80c4669": ("DDPM, CIFAR-10", False),
        "1fa350b952534ae442b1d5235cce5cd3": ("DDPM, CIFAR-10", True),
        "f70280ac0e08b8e696f42cb8e948ff1c": ("DDPM, LSUN bedroom", False),
        "1921fa46b66a3665e450e42f36c2720f": ("DDPM, LSUN bedroom", True),
        "bbee0e7c3d7abfb6e2539eaf2fb9987b": ("DDPM, LSUN cat", False),
        "646f23f4821f2459b8bafc57fd824558": ("DDPM, LSUN cat", True),
        "eb619b8a5ab95ef80f94ce8a5488dae3": ("DDPM, LSUN church", False),
        "fdc68a23938c2397caba4a260bc2445f": ("DDPM, LSUN church", True),
    }
)
"""MD5 of the file to the model's name, and whether its weights are averaged."""


def identify(card: Card) -> Card:
    """The card with the published name, if the file is a published one. Reads the whole file.

    Raises:
        ModelError: The file cannot be read.
    """
    if not card.path.is_file():
        return card
    try:
        with card.path.open("rb") as file:
            digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
    except OSError as error:
        raise ModelError("{0} cannot be read: {1}.", card.path.name, error.strerror) from error
    if digest.hexdigest() not in PUBLISHED:
        return card
    name, ema = PUBLISHED[digest.hexdigest()]
    return replace(card, name=name + (", averaged" if ema else ""), ema=ema)
