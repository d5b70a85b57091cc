"""Which modifier keys are held while the pointer works."""

from typing import NamedTuple


class Held(NamedTuple):
    """The modifier keys that are down."""

    shift: bool = False
    alt: bool = False
    ctrl: bool = False

    def still(self, later: "Held") -> "Held":
        """Those of them that have been down ever since."""
        return Held(*(a and b for a, b in zip(self, later, strict=True)))

    def without(self, others: "Held") -> "Held":
        """Those that are not among others."""
        return Held(*(a and not b for a, b in zip(self, others, strict=True)))
