"""The Generate menu."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from sdedit_desktop.editing.jobs import Job, JobState
from sdedit_desktop.editing.request import EditParams
from sdedit_desktop.editing.session import Session, new_seeds
from sdedit_desktop.editing.variations import Bisection
from sdedit_desktop.errors import AppError
from sdedit_desktop.settings import KeepSettings, Settings
from sdedit_desktop.ui.actions import Action, Entries
from sdedit_desktop.ui.candidates.strip_view import CandidatesStrip
from sdedit_desktop.ui.canvas.live_preview import LiveMode
from sdedit_desktop.ui.translation import localized
from sdedit_desktop.ui.translation import marked as _

STRIP_T0 = (0.3, 0.4, 0.5, 0.6, 0.7)
"""Strengths of a t0 strip, around the range that is usually right."""


class GenerateActions(QObject):
    """Starts and stops jobs, explores t0, and keeps the choice of device and live mode."""

    failed = Signal(object)

    def __init__(
        self, session: Session, strip: CandidatesStrip, live: LiveMode, keep: KeepSettings
    ) -> None:
        super().__init__(strip)
        self.live = live
        self._session = session
        self._strip = strip
        self._keep = keep
        self._device, self._precision = session.params.device, session.params.precision
        self._bisection = Bisection(session.params.t0)
        session.jobs.changed.connect(self._follow)
        session.params_changed.connect(self._keep_device)

    def is_running(self) -> bool:
        """Whether a job is running."""
        return self._session.jobs.running is not None

    def has_candidates(self) -> bool:
        """Whether there are candidates, finished or not."""
        return bool(self._session.slots)

    def use(self, settings: Settings) -> None:
        """Applies device, live mode and recent prompts of the settings."""
        self._session.keeps_words = settings.keeps_words
        self._session.prompts = self._session.prompts or list(settings.prompts)
        if settings.live != self.live.is_on:
            self.live.switch(settings.live)
        if settings.device != self._device:
            self._device = settings.device
            self._session.change_params(replace(self._session.params, device=settings.device))
        if settings.precision != self._precision:
            self._precision = settings.precision
            params = replace(self._session.params, precision=settings.precision)
            self._session.change_params(params)

    def generate(self) -> None:
        """Generates candidates, with new seeds unless the seed is locked."""
        if not self._session.keeps_seed:
            self._session.draw_seeds()
        self._submit([self._session.params])

    def has_made(self) -> bool:
        """Whether there is an earlier job to repeat."""
        return bool(self._session.jobs.ended)

    def repeat(self) -> None:
        """Repeats the last job on the current picture, with new seeds."""
        last = self._session.jobs.ended[-1].request.params
        seeds = last.seeds if self._session.keeps_seed else new_seeds(len(last.seeds))
        self._submit([replace(last, seeds=seeds)])

    def stop(self) -> None:
        """Stops all jobs; estimates reached so far stay as candidates."""
        self._session.jobs.cancel_all()

    def may_stop(self, window: QWidget) -> bool:
        """Asks whether running jobs may be cancelled; True if there are none."""
        if self._session.jobs.running is None:
            return True
        answer = QMessageBox.question(
            window,
            self.tr("Work is under way"),
            self.tr("Candidates are still being made. Stop and close?"),
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No,
            QMessageBox.StandardButton.No,
        )
        return answer == QMessageBox.StandardButton.Yes

    def finish_this_one(self) -> None:
        """Lets the running job finish its current candidate, then ends it."""
        if job := self._session.jobs.running:
            job.cancel.finish_this_one()

    def skip(self) -> None:
        """Skips the current candidate of the running job."""
        if job := self._session.jobs.running:
            job.cancel.skip()

    def toggle_live(self) -> None:
        """Turns live mode on or off, and saves that."""
        self.live.switch(not self.live.is_on)
        self._keep(live=self.live.is_on)

    def explore_t0(self) -> None:
        """Makes candidates of one seed at several values of t0."""
        self._explore(1)

    def explore_t0_and_seeds(self) -> None:
        """Makes candidates of all seeds at several values of t0."""
        self._explore(len(self._session.params.seeds))

    def _explore(self, seeds: int) -> None:
        """Makes candidates of some seeds at several values of t0, to choose one by eye."""
        if not self._session.keeps_seed:
            self._session.draw_seeds()
        chosen = self._session.params
        variants = [replace(chosen, t0=t0, seeds=chosen.seeds[:seeds]) for t0 in STRIP_T0]
        self._submit(variants, explores_t0=True)

    def _submit(
        self, variants: Sequence[EditParams], *, explores_t0: bool = False
    ) -> Sequence[Job]:
        """Queues a request for each set of parameters; none if one is invalid."""
        first, was_idle = len(self._session.slots), self._session.jobs.running is None
        try:
            jobs = self._session.generate_all(variants, explores_t0=explores_t0)
        except AppError as error:
            self._session.noticed.emit(localized(error))
            return ()
        if self._session.keeps_words and self._session.params.prompt:
            self._keep(prompts=tuple(self._session.prompts))
        if was_idle:
            self._strip.choose(first)
            self._strip.scroll_to(first)
        return jobs

    def bisect(self, *, faithful: bool) -> None:
        """Generates again with the same seeds, at a t0 nearer to faithful or to realistic."""
        now = self._bisection.at(self._session.params.t0)
        self._bisection = now.more_faithful() if faithful else now.more_realistic()
        self._session.change_params(replace(self._session.params, t0=self._bisection.t0))
        self._submit([self._session.params])

    def _keep_device(self) -> None:
        device = self._session.params.device
        if device != self._device:
            self._device = device
            self._keep(device=device)

    def _follow(self, job: Job) -> None:
        """Shows bugs in a dialog; other failures are shown in the queue."""
        if job.state is JobState.FAILED and not isinstance(job.error, AppError):
            self.failed.emit(job.error)


MENU: Entries[GenerateActions] = (
    Action(
        "generate",
        _("Generate"),
        _("Turn the strokes into a photograph, several times"),
        GenerateActions.generate,
        keys="Ctrl+Return Ctrl+Enter",
        icon="generate",
    ),
    Action(
        "repeat",
        _("Repeat the last job"),
        _("Generate from the picture as it is now, with the parameters of the last job"),
        GenerateActions.repeat,
        keys="F5",
        enabled=GenerateActions.has_made,
    ),
    Action(
        "stop",
        _("Stop"),
        _("Stop generating; what was reached stays"),
        GenerateActions.stop,
        keys="Esc",
        icon="stop",
        enabled=GenerateActions.is_running,
    ),
    Action(
        "finish_this_one",
        _("Finish this one"),
        _("Finish the candidate that is being made, then stop"),
        GenerateActions.finish_this_one,
        keys="Shift+Esc",
        enabled=GenerateActions.is_running,
    ),
    Action(
        "skip",
        _("Skip this one"),
        _("Drop the candidate that is being made and go on with the next"),
        GenerateActions.skip,
        keys="Ctrl+.",
        enabled=GenerateActions.is_running,
    ),
    "|",
    Action(
        "more_faithful",
        _("More faithful"),
        _("Again with the same seeds, closer to the strokes"),
        lambda generation: generation.bisect(faithful=True),
        keys="Ctrl+Left",
        icon="faithful",
        enabled=GenerateActions.has_candidates,
    ),
    Action(
        "more_realistic",
        _("More realistic"),
        _("Again with the same seeds, closer to a photograph"),
        lambda generation: generation.bisect(faithful=False),
        keys="Ctrl+Right",
        icon="realistic",
        enabled=GenerateActions.has_candidates,
    ),
    Action(
        "t0_strip",
        _("t0 strip"),
        _("The same seed from faithful to realistic, at five values of t0"),
        GenerateActions.explore_t0,
        keys="Ctrl+T",
    ),
    Action(
        "t0_sheet",
        _("t0 x seed sheet"),
        _("A row for each of as many seeds as candidates are set, at five values of t0"),
        GenerateActions.explore_t0_and_seeds,
        keys="Ctrl+Shift+T",
    ),
    "|",
    Action(
        "live",
        _("Live"),
        _("A quick preview of the result in the picture whenever the brush rests"),
        GenerateActions.toggle_live,
        keys="Ctrl+Shift+L",
        icon="live",
        checked=lambda generation: generation.live.is_on,
    ),
    "|",
    "open_model",
    "about_model",
    "show_models",
    "train",
)
