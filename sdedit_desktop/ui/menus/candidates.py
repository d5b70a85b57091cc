"""The Candidates menu: accept, star, discard, and make more."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from sdedit_desktop.editing import variations
from sdedit_desktop.editing.candidates.slot import Slot
from sdedit_desktop.editing.session import Session
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.candidates.comparison import Comparison
from sdedit_desktop.ui.candidates.strip_view import CandidatesStrip
from sdedit_desktop.ui.translation import format_number, missing_model
from sdedit_desktop.ui.translation import marked as _


class CandidateActions(QObject):
    """Applies to all selected candidates, or to the current one where only one makes sense."""

    def __init__(self, session: Session, strip: CandidatesStrip, comparison: Comparison) -> None:
        super().__init__(strip)
        self.comparison = comparison
        self._session = session
        self._strip = strip
        strip.doubleClicked.connect(lambda _index: self.accept())

    def has_chosen(self) -> bool:
        """Whether a candidate is selected, finished or not."""
        return bool(self._strip.chosen_indices())

    def has_finished(self) -> bool:
        """Whether a selected candidate is finished."""
        return any(slot.is_finished for slot in self._strip.chosen_slots())

    def has_guide(self) -> bool:
        """Whether the strokes of the current candidate are known."""
        slot = self._strip.chosen_slot()
        return slot is not None and slot.made is not None and slot.made.guide is not None

    def accept(self) -> None:
        """Adds the selected candidates to the picture as layers, in one undo step."""
        finished = [slot for slot in self._strip.chosen_slots() if slot.is_finished]
        opened = [self._session.strip.open(slot) for slot in finished]
        candidates = [candidate for candidate in opened if candidate is not None]
        if not candidates:
            return
        self._session.accept(*candidates)
        self._strip.choose()
        if len(candidates) == 1:
            message = self.tr("Accepted as a layer of its own. Undo takes it back.")
            if finished[0].job.context.explores_t0:  # it belongs to a series over t0
                t0 = candidates[0].params.t0
                self._session.change_params(replace(self._session.params, t0=t0))
                message += self.tr(" t0 stays at {0}.").format(format_number(t0, 2))
        else:
            message = self.tr(
                "Accepted as {0} layers. Erase on the mask of an upper one to mix them."
            ).format(len(candidates))
        self._session.noticed.emit(message)

    def discard(self) -> None:
        """Removes the selected candidates, unfinished ones too, and selects the next one."""
        indices = self._strip.chosen_indices()
        if indices:
            self._strip.choose()
            self._session.strip.discard(indices)
            self._strip.choose(min(indices[0], len(self._session.slots) - 1))

    def star(self) -> None:
        """Stars the selected candidates; removes the stars if all have one."""
        indices = [i for i in self._strip.chosen_indices() if self._session.slots[i].is_finished]
        starred = not all(self._session.slots[index].starred for index in indices)
        self._session.strip.star(indices, starred)

    def reuse(self) -> None:
        """Sets all parameters to those of the current candidate, and keeps its seed."""
        slot = self._strip.chosen_slot()
        if slot is not None and (gone := variations.reuse(self._session, slot)):
            self._session.noticed.emit(missing_model(gone, self._session.params.model))

    def again(self) -> None:
        """Makes more from the same strokes and parameters, with new seeds."""
        self._make(variations.again)

    def more_like(self) -> None:
        """Makes variations that keep the composition of the current candidate."""
        self._make(variations.more_like)

    def has_stopped(self) -> bool:
        """Whether the current candidate was stopped and can be finished."""
        slot = self._strip.chosen_slot()
        return slot is not None and slot.was_stopped and self.has_guide()

    def finish(self) -> None:
        """Makes the stopped candidate again, to the end."""
        self._make(variations.finish)

    def has_less_detail(self) -> bool:
        """Whether the candidate chosen last can be worked out further."""
        slot = self._strip.chosen_slot()
        return (
            slot is not None
            and slot.made is not None
            and self.has_guide()
            and variations.has_less_detail(slot.made)
        )

    def full_detail(self) -> None:
        """The chosen one up to the resolution of the picture."""
        self._make(variations.full_detail)

    def make_again(self) -> None:
        """Makes the current candidate again, to check that it is reproducible."""
        self._make(variations.make_again)

    def _make(self, ask: Callable[[Session, Slot], None]) -> None:
        slot = self._strip.chosen_slot()
        if slot is not None:
            was_idle, first = self._session.jobs.running is None, len(self._session.slots)
            ask(self._session, slot)
            if was_idle:
                self._strip.scroll_to(first)


MENU: Entries[CandidateActions] = (
    Action(
        "accept",
        _("Accept candidate"),
        _("Put the chosen candidate into the picture as a layer"),
        CandidateActions.accept,
        keys="Return Enter",
        icon="accept",
        enabled=CandidateActions.has_finished,
    ),
    Action(
        "star",
        _("Star"),
        _("Keep the chosen candidate; or take its star away"),
        CandidateActions.star,
        keys="*",
        icon="star",
        enabled=CandidateActions.has_finished,
    ),
    Action(
        "discard",
        _("Discard candidate"),
        _("Remove the chosen candidate from the strip"),
        CandidateActions.discard,
        keys="Del",
        icon="discard",
        enabled=CandidateActions.has_chosen,
        local="candidates",
    ),
    "|",
    Action(
        "compare_slider",
        _("Before and after"),
        _("A line across the picture, to be moved: left of it is before, right of it is after"),
        lambda candidates: candidates.comparison.toggle_line(),
        keys="C",
        icon="compare",
        checked=lambda candidates: candidates.comparison.has_line,
    ),
    Action(
        "side_by_side",
        _("Side by side"),
        _("Two chosen candidates in two views that move together"),
        lambda candidates: candidates.comparison.toggle_pair(),
        keys="Shift+C",
        icon="side_by_side",
        enabled=lambda candidates: candidates.comparison.can_show_pair,
        checked=lambda candidates: candidates.comparison.has_pair,
    ),
    "|",
    Action(
        "more_like",
        _("More like this"),
        _("Others that keep this composition: the candidate itself is noised and denoised again"),
        CandidateActions.more_like,
        keys="Ctrl+L",
        icon="more_like",
        enabled=CandidateActions.has_guide,
    ),
    Action(
        "again",
        _("Again"),
        _("More from the same strokes and parameters, with new seeds"),
        CandidateActions.again,
        keys="Ctrl+Shift+Return Ctrl+Shift+Enter",
        icon="dice",
        enabled=CandidateActions.has_guide,
    ),
    Action(
        "finish_stopped",
        _("Finish stopped candidate"),
        _("Make the chosen candidate again, to its end"),
        CandidateActions.finish,
        icon="generate",
        enabled=CandidateActions.has_stopped,
    ),
    Action(
        "full_detail",
        _("Finish at full detail"),
        _("The same candidate worked out up to the picture's own resolution"),
        CandidateActions.full_detail,
        enabled=CandidateActions.has_less_detail,
    ),
    Action(
        "make_again",
        _("Make it again"),
        _("The same candidate once more; says whether it is the same to the last bit"),
        CandidateActions.make_again,
        enabled=CandidateActions.has_guide,
    ),
    Action(
        "reuse",
        _("Use its parameters"),
        _("Set everything as it was for the chosen candidate, seed included"),
        CandidateActions.reuse,
        icon="again",
        enabled=CandidateActions.has_chosen,
    ),
)
