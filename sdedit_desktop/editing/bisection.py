"""The paper's advice on t0, kept: begin in the middle and ask "more faithful or more realistic?".

Meng et al. 2022, section 3.4: the realism and the faithfulness of a result change with t0 in
opposite ways, so that halving the range that is left finds a good value in a few steps.
"""

from dataclasses import dataclass

LEAST_T0, MOST_T0 = 0.05, 1.0


@dataclass(frozen=True)
class Bisection:
    """The range in which the right t0 is still looked for, and the value that was tried last."""

    t0: float
    low: float = LEAST_T0
    high: float = MOST_T0

    def more_faithful(self) -> "Bisection":
        """The last value was too high: tries the middle of what is below it."""
        return Bisection(round((self.low + self.t0) / 2, 3), self.low, self.t0)

    def more_realistic(self) -> "Bisection":
        """The last value was too low: tries the middle of what is above it."""
        return Bisection(round((self.t0 + self.high) / 2, 3), self.t0, self.high)

    def at(self, t0: float) -> "Bisection":
        """Goes on from ``t0``; if it was chosen by hand, the whole range is open again."""
        return self if t0 == self.t0 else Bisection(t0)
