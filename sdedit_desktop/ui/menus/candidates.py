"""What can be done with candidates that are there: accept, keep, reject, make more of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject

from sdedit_desktop.editing import variations
from sdedit_desktop.editing.candidates.slot import Slot
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.candidates.strip_view import CandidatesStrip
from sdedit_desktop.ui.translation import format_number


class CandidateActions(QObject):
    """Works on all chosen candidates; what can only be done with one, on the one chosen last."""

    def __init__(self, session: Session, strip: CandidatesStrip) -> None:
        super().__init__()
        self._session = session
        self._strip = strip
        strip.doubleClicked.connect(lambda _index: self.accept())

    def by_id(self) -> Mapping[str, Callable[[], object]]:
        """What each action does."""
        return {
            "accept": self.accept,
            "discard": self.discard,
            "star": self.star,
            "reuse": self.reuse,
            "again": self.again,
            "more_like": self.more_like,
            "make_again": self.make_again,
        }

    def possible(self) -> Mapping[str, bool]:
        """Which of the actions make sense now."""
        slots = self._strip.chosen_slots()
        slot = self._strip.chosen_slot()
        has_guide = slot is not None and slot.made is not None and slot.made.guide is not None
        finished = any(slot.is_finished for slot in slots)
        return {
            "accept": finished,
            "discard": bool(slots),
            "star": finished,
            "reuse": slot is not None,
            **dict.fromkeys(("again", "more_like", "make_again"), has_guide),
        }

    def accept(self) -> None:
        """Puts the chosen candidates into the picture, one undo step for all of them."""
        finished = [slot for slot in self._strip.chosen_slots() if slot.is_finished]
        opened = [self._session.strip.open(slot) for slot in finished]
        candidates = [candidate for candidate in opened if candidate is not None]
        if not candidates:
            return
        self._session.accept(*candidates)
        self._strip.choose()
        if len(candidates) == 1:
            said = self.tr("Accepted as a layer of its own. Undo takes it back.")
            if finished[0].job.context.explores_t0:  # it was made to be asked for the right t0
                t0 = candidates[0].params.t0
                self._session.change_params(replace(self._session.params, t0=t0))
                said += self.tr(" t0 stays at {0}.").format(format_number(t0, 2))
        else:
            said = self.tr(
                "Accepted as {0} layers. Erase on the mask of an upper one to mix them."
            ).format(len(candidates))
        self._session.noticed.emit(said)

    def discard(self) -> None:
        """Removes the chosen candidates, also those that still form, and chooses the next one."""
        places = self._strip.chosen_places()
        if places:
            self._strip.choose()
            self._session.strip.discard(places)
            self._strip.choose(min(places[0], len(self._session.slots) - 1))

    def star(self) -> None:
        """Marks the chosen candidates as ones to keep; takes the marks away if all have one."""
        places = [p for p in self._strip.chosen_places() if self._session.slots[p].is_finished]
        starred = not all(self._session.slots[place].starred for place in places)
        self._session.strip.star(places, starred)

    def reuse(self) -> None:
        """Sets all parameters as they were for the chosen candidate, and keeps its seed."""
        slot = self._strip.chosen_slot()
        if slot is not None:
            self._session.keeps_seed = True
            device = self._session.params.device  # where it was made may not be here
            made_with = replace(slot.job.request.params, seeds=(slot.seed,), device=device)
            self._session.change_params(made_with)

    def again(self) -> None:
        """Others from the same strokes and parameters, with new seeds."""
        self._make(variations.again)

    def more_like(self) -> None:
        """Others that keep the chosen one's composition."""
        self._make(variations.more_like)

    def make_again(self) -> None:
        """The chosen one once more, to see whether it is still the same."""
        self._make(variations.make_again)

    def _make(self, ask: Callable[[Session, Slot], None]) -> None:
        slot = self._strip.chosen_slot()
        if slot is not None:
            ask(self._session, slot)
            self._strip.scroll_to_newest()
