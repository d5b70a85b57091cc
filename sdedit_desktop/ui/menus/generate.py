"""What the Generate menu does: making candidates, stopping, finding the right t0."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from sdedit_desktop.editing.jobs import Job, JobState
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.session import Session
from sdedit_desktop.editing.variations import Bisection
from sdedit_desktop.errors import AppError
from sdedit_desktop.ui.candidates.strip_view import CandidatesStrip
from sdedit_desktop.ui.translation import localized

STRIP_T0 = (0.3, 0.4, 0.5, 0.6, 0.7)
"""From faithful to realistic, around the range that is usually right."""


class GenerateActions(QObject):
    """Leads from strokes to candidates."""

    failed = Signal(object)

    def __init__(self, session: Session, strip: CandidatesStrip) -> None:
        super().__init__()
        self._session = session
        self._strip = strip
        self._bisection = Bisection(session.params.t0)
        session.jobs.changed.connect(self._follow)

    def by_id(self) -> Mapping[str, Callable[[], object]]:
        """What each action does."""
        return {
            "generate": self.generate,
            "stop": self.stop,
            "finish_this_one": self.finish_this_one,
            "skip": self.skip,
            "t0_strip": lambda: self._explore(1),
            "t0_sheet": lambda: self._explore(len(self._session.params.seeds)),
            "more_faithful": lambda: self._bisect(faithful=True),
            "more_realistic": lambda: self._bisect(faithful=False),
        }

    def possible(self) -> Mapping[str, bool]:
        """Which of the actions make sense now."""
        is_running = self._session.jobs.running is not None
        return {
            "stop": is_running or self._strip.chosen_slot() is not None,
            "finish_this_one": is_running,
            "skip": is_running,
            "more_faithful": bool(self._session.slots),
            "more_realistic": bool(self._session.slots),
        }

    def generate(self) -> None:
        """Makes candidates, with new seeds unless the seed is kept."""
        if not self._session.keeps_seed:
            self._session.draw_seeds()
        self._submit([self._session.params])

    def stop(self) -> None:
        """Stops all jobs; when none runs, goes back to the picture without a candidate."""
        if self._session.jobs.running is not None:
            self._session.jobs.cancel_all()
        else:
            self._strip.choose(-1)

    def may_stop(self, window: QWidget) -> bool:
        """Asks whether work that is under way may be given up; True if none is."""
        if self._session.jobs.running is None:
            return True
        answer = QMessageBox.question(
            window,
            self.tr("Work is under way"),
            self.tr("Candidates are still being made. Stop and close?"),
        )
        return answer == QMessageBox.StandardButton.Yes

    def finish_this_one(self) -> None:
        """Lets the running job finish the candidate at hand, and no other."""
        if job := self._session.jobs.running:
            job.cancel.finish_this_one()

    def skip(self) -> None:
        """Lets the running job go on with the next candidate."""
        if job := self._session.jobs.running:
            job.cancel.skip()

    def _explore(self, seeds: int) -> None:
        """Makes candidates of some seeds at several values of t0, to choose one of them by eye."""
        if not self._session.keeps_seed:
            self._session.draw_seeds()
        chosen = self._session.params
        variants = [replace(chosen, t0=t0, seeds=chosen.seeds[:seeds]) for t0 in STRIP_T0]
        self._submit(variants, explores_t0=True)

    def _submit(
        self, variants: Sequence[EditParams], *, explores_t0: bool = False
    ) -> Sequence[Job]:
        """Queues an edit for each set of parameters; none if they make no sense."""
        first, was_idle = len(self._session.slots), self._session.jobs.running is None
        try:
            jobs = self._session.generate_all(variants, explores_t0=explores_t0)
        except AppError as error:
            self._session.noticed.emit(localized(error))
            return ()
        if was_idle:
            self._strip.choose(first)
        self._strip.scroll_to_newest()
        return jobs

    def _bisect(self, *, faithful: bool) -> None:
        """Again with the same seeds, at a t0 half way to where the user points."""
        now = self._bisection.at(self._session.params.t0)
        self._bisection = now.more_faithful() if faithful else now.more_realistic()
        self._session.change_params(replace(self._session.params, t0=self._bisection.t0))
        self._submit([self._session.params])

    def _follow(self, job: Job) -> None:
        """What is no bug is told where the jobs are."""
        if job.state is JobState.FAILED and not isinstance(job.error, AppError):
            self.failed.emit(job.error)
